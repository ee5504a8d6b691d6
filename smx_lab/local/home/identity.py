"""The identity of a local service: the key pair it accepts, its account, region and last ports.

Created once for a data directory and kept, so that variables exported in a shell or a notebook stay
valid across restarts.
"""

from __future__ import annotations

import secrets
import string
from pathlib import Path

import msgspec

from smx_lab.local.errors import StartError
from smx_lab.local.home.data_dir import identity_file, write_private

ACCOUNT = "000000000000"
"""No AWS account has this number, so no local resource can be mistaken for a real one."""

REGION = "us-east-1"
"""A real region, since SDKs look up image addresses by it."""


class Identity(msgspec.Struct, kw_only=True):
    """The content of identity.json. Holds the secret key: never log it."""

    access_key_id: str
    secret_access_key: str
    account: str = ACCOUNT
    region: str = REGION
    port: int | None = None
    s3_port: int | None = None


def load_identity(data_dir: Path) -> Identity:
    """Return the identity of a data directory; the first call creates it.

    Raises
    ------
    StartError
        If the file is there and cannot be read.
    """
    file = identity_file(data_dir)
    try:
        return msgspec.json.decode(file.read_bytes(), type=Identity)
    except FileNotFoundError:
        letters = string.ascii_uppercase + string.digits
        identity = Identity(
            access_key_id="SMXLOCAL" + "".join(secrets.choice(letters) for _ in range(12)),
            secret_access_key=secrets.token_urlsafe(30),
        )
        save_identity(data_dir, identity)
        return identity
    except (OSError, msgspec.MsgspecError) as error:
        raise StartError(
            f"{file} cannot be read ({error}). Move it away to have new keys made."
        ) from error


def save_identity(data_dir: Path, identity: Identity) -> None:
    """Write identity.json, for its owner alone."""
    write_private(identity_file(data_dir), msgspec.json.encode(identity))
