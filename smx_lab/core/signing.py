"""AWS Signature Version 4: its text and its key, and a signer for calls made without botocore.

Source: "Signature Version 4", AWS IAM User Guide.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

ALGORITHM = "AWS4-HMAC-SHA256"


class Signer(NamedTuple):
    """A key pair, and the region and service that its requests are signed for."""

    access_key_id: str
    secret_access_key: str
    region: str
    service: str

    def sign(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> dict[str, str]:
        """Return the headers and those that sign them.

        Parameters
        ----------
        path : str
            Not encoded, and without a query.
        headers : mapping
            With names in lower case; ``host`` must be among them.
        now : datetime
            In UTC.
        """
        stamp = now.strftime("%Y%m%dT%H%M%SZ")
        scope = credential_scope(stamp[:8], self.region, self.service)
        signed = dict(sorted({**headers, "x-amz-date": stamp}.items()))
        names = ";".join(signed)
        digest = hashlib.sha256(body).hexdigest()
        request = canonical_request(method, path, "", tuple(signed.items()), digest)
        signature = compute_signature(self.secret_access_key, stamp, scope, request)
        signed["authorization"] = (
            f"{ALGORITHM} Credential={self.access_key_id}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
        return signed


def credential_scope(date: str, region: str, service: str) -> str:
    """Return what a signature is good for; ``date`` is YYYYMMDD."""
    return f"{date}/{region}/{service}/aws4_request"


def canonical_request(
    method: str, path: str, query: str, headers: Sequence[tuple[str, str]], digest: str
) -> str:
    """Return the text whose hash is signed.

    Parameters
    ----------
    path, query : str
        In canonical form: quoted and normalized, and sorted.
    headers : sequence of (name, value)
        The signed ones, sorted by their names, which are in lower case.
    digest : str
        The body's SHA-256 in hexadecimal.
    """
    lines = [f"{name}:{value}" for name, value in headers]
    names = ";".join(name for name, _ in headers)
    return "\n".join((method, path, query, *lines, "", names, digest))


def compute_signature(secret: str, stamp: str, scope: str, request: str) -> str:
    """Return the signature of a canonical request, in hexadecimal; ``stamp`` is X-Amz-Date."""
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}"
    return hmac.digest(_signing_key(secret, scope), text.encode(), "sha256").hex()


@lru_cache(maxsize=64)
def _signing_key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
