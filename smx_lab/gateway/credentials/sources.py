"""Where boto3 looks for AWS credentials on this machine, and whether the files have changed.

Returns names of variables and files, never their contents.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from smx_lab.core.connection import Connection

Stamp = tuple[tuple[str, int, int], ...]


def configuration_files() -> tuple[Path, Path]:
    """Return AWS's shared credentials file and configuration file, whether they exist or not."""
    return (
        _file("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
        _file("AWS_CONFIG_FILE", "~/.aws/config"),
    )


def configuration_stamp() -> Stamp:
    """Return what changes when one of the two files is written to.

    botocore reads them once for a session, so a session is as old as its stamp.
    """
    stamp = []
    for file in configuration_files():
        try:
            found = file.stat()
        except OSError:
            continue
        stamp.append((str(file), found.st_mtime_ns, found.st_size))
    return tuple(stamp)


def profile_name(connection: Connection) -> str:
    """Return the profile that boto3 uses for a connection."""
    environment = os.environ.get("AWS_DEFAULT_PROFILE") or os.environ.get("AWS_PROFILE")
    return connection.profile or environment or "default"


def profile_option(profile: str) -> str:
    """Return what names a profile to the AWS CLI, for a shell; nothing for ``""``."""
    return f" --profile {shlex.quote(profile)}" if profile else ""


def looked_for(connection: Connection) -> list[str]:
    """Return where boto3 looks for the credentials of a connection, in its order, line by line."""
    lines = []
    if connection.profile is None:
        # If a profile is named, boto3 does not look into the environment.
        lines.append(f"AWS_ACCESS_KEY_ID in the environment: {_variable('AWS_ACCESS_KEY_ID')}")
    lines += [
        f"Profile {profile_name(connection)} in {file}: "
        + ("no credentials that can be used" if file.is_file() else "there is no such file")
        for file in configuration_files()
    ]
    lines += [
        f"Web identity, AWS_WEB_IDENTITY_TOKEN_FILE: {_variable('AWS_WEB_IDENTITY_TOKEN_FILE')}",
        f"Role of the container: {_container()}",
        f"Role of the instance: {_instance()}",
    ]
    return lines


def _file(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or default).expanduser()


def _variable(name: str) -> str:
    return "set" if os.environ.get(name) else "not set"


def _container() -> str:
    names = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    found = [name for name in names if os.environ.get(name)]
    return f"{found[0]} is set" if found else "this is no container with a role"


def _instance() -> str:
    if os.environ.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
        return "switched off by AWS_EC2_METADATA_DISABLED"
    return "the metadata address gave none"
