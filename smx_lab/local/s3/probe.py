"""Asks an S3 server on loopback whether it serves the holder of some keys."""

from __future__ import annotations

import hashlib
import http.client
import socket
from datetime import datetime, timezone

from smx_lab.core.signing import Signer
from smx_lab.local.home.identity import Identity

LOOPBACK = "127.0.0.1"
# How long a response may take, in seconds. Our choice.
RESPONSE_PATIENCE_S = 2.0


def free_port() -> int:
    """Return a port on loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def signed_status(
    port: int, identity: Identity, patience_s: float = RESPONSE_PATIENCE_S
) -> int | None:
    """Return the status of the list of buckets, asked for with keys; None without a response."""
    signer = Signer(identity.access_key_id, identity.secret_access_key, identity.region, "s3")
    headers = {
        "host": f"{LOOPBACK}:{port}",
        "x-amz-content-sha256": hashlib.sha256(b"").hexdigest(),
    }
    signed = signer.sign("GET", "/", headers, b"", datetime.now(timezone.utc))
    return status(port, signed, patience_s)


def status(
    port: int, headers: dict[str, str], patience_s: float = RESPONSE_PATIENCE_S
) -> int | None:
    """Return the status of ``GET /``, the list of buckets; None without a response."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=patience_s)
    try:
        connection.request("GET", "/", headers=headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
