"""AWS Signature Version 4, for requests to the local service that do not use botocore."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

_ALGORITHM = "AWS4-HMAC-SHA256"


class Signer(NamedTuple):
    """The keys and the service of the requests to sign."""

    access_key_id: str
    secret_access_key: str
    region: str
    service: str

    def sign(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> dict[str, str]:
        """Return the headers with the signature. Source: "Signature Version 4", AWS IAM.

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
        scope = f"{stamp[:8]}/{self.region}/{self.service}/aws4_request"
        signed = dict(sorted({**headers, "x-amz-date": stamp}.items()))
        names = ";".join(signed)
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        digest = hashlib.sha256(body).hexdigest()
        request = f"{method}\n{path}\n\n{lines}\n{names}\n{digest}"
        text = f"{_ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.digest(_key(self.secret_access_key, scope), text.encode(), "sha256").hex()
        signed["authorization"] = (
            f"{_ALGORITHM} Credential={self.access_key_id}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
        return signed


@lru_cache(maxsize=4)
def _key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
