"""Checks AWS Signature Version 4: whether a known key pair has signed exactly this request.

The calculation is that of ``botocore.auth.SigV4Auth`` without its objects, in a tenth of the time;
the tests hold the two to the same result. Every user of the machine can reach loopback, so unsigned
requests are refused.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from posixpath import normpath
from urllib.parse import quote

from smx_lab.core.signing import (
    ALGORITHM,
    canonical_request,
    compute_signature,
    credential_scope,
)
from smx_lab.local.errors import ServiceError
from smx_lab.local.home.job_credentials import JobCredentials

MAX_SKEW = timedelta(minutes=15)
"""How far a client's clock may be off. Source: SageMaker API Reference, common errors."""

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM}\s+Credential=(?P<key>[^/,\s]+)/(?P<date>\d{{8}})/(?P<region>[^/,\s]+)"
    r"/(?P<service>[^/,\s]+)/aws4_request\s*,\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+)\s*,\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_SIGNED = ("host", "x-amz-date", "x-amz-security-token", "x-amz-target")
"""Headers that set time, action or input: they must be signed if they are present."""

_DATE = "%Y%m%dT%H%M%SZ"
_STAMP = re.compile(r"\d{8}T\d{6}Z")


class SignatureChecker:
    """Accepts requests signed with the service's key pair or a running job's, and no others."""

    def __init__(
        self,
        access_key_id: str,
        secret_access_key: str,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        jobs: JobCredentials | None = None,
    ) -> None:
        self._access_key_id = access_key_id
        self._secret = secret_access_key
        self._now = now
        self._jobs = jobs

    def check(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes,
        service: str,
    ) -> None:
        """Return if the request was signed with our keys for ``service``, else raise.

        Parameters
        ----------
        target : str
            Path and query exactly as received, not decoded.
        headers : Mapping
            Case-insensitive.

        Raises
        ------
        ServiceError
            With the code AWS gives: MissingAuthenticationTokenException, IncompleteSignature-
            Exception, UnrecognizedClientException, ExpiredTokenException or
            InvalidSignatureException.
        """
        authorization = headers.get("Authorization")
        if authorization is None:
            raise ServiceError(
                "MissingAuthenticationTokenException", "Missing Authentication Token"
            )
        parts = _AUTHORIZATION.fullmatch(authorization.strip())
        stamp = headers.get("X-Amz-Date", "")
        if parts is None or not _STAMP.fullmatch(stamp):
            raise _incomplete("Authorization or X-Amz-Date header is malformed.")
        signed = parts["headers"].split(";")
        unsigned = [name for name in _SIGNED if name not in signed and name in headers]
        if unsigned:
            raise _incomplete(f"These headers must be signed: {', '.join(unsigned)}.")
        secret = self._secret_of(parts["key"], headers)
        self._check_time(stamp, parts["date"])
        if parts["service"] != service:
            raise _invalid(f"Credential should be scoped to correct service: '{service}'. ")
        digest = hashlib.sha256(body).hexdigest()
        if headers.get("X-Amz-Content-Sha256", digest) != digest:
            raise _invalid("The body is not the one that was signed.")
        request = _canonical_request(method, target, headers, signed, digest)
        scope = credential_scope(parts["date"], parts["region"], service)
        expected = compute_signature(secret, stamp, scope, request)
        if not hmac.compare_digest(expected, parts["signature"]):
            raise _invalid(
                "The request signature we calculated does not match the signature you provided. "
                "Check your AWS Secret Access Key and signing method. "
                "Consult the service documentation for details."
            )

    def _secret_of(self, access_key_id: str, headers: Mapping[str, str]) -> str:
        """Return the secret key that belongs to an access key, or raise."""
        if access_key_id == self._access_key_id:
            return self._secret
        if self._jobs is None or access_key_id != self._jobs.access_key_id:
            raise ServiceError(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            )
        if not self._jobs.is_good(headers.get("X-Amz-Security-Token", "")):
            raise ServiceError(
                "ExpiredTokenException", "The security token included in the request is expired"
            )
        return self._jobs.secret_access_key

    def _check_time(self, stamp: str, scope_date: str) -> None:
        if not stamp.startswith(scope_date):
            raise _invalid("Date in Credential scope does not match YYYYMMDD from X-Amz-Date.")
        sent = _instant(stamp)
        now = self._now()
        if sent < now - MAX_SKEW:
            bound = f"{now - MAX_SKEW:{_DATE}} ({now:{_DATE}} - 15 min.)"
            raise _invalid(f"Signature expired: {stamp} is now earlier than {bound}")
        if sent > now + MAX_SKEW:
            bound = f"{now + MAX_SKEW:{_DATE}} ({now:{_DATE}} + 15 min.)"
            raise _invalid(f"Signature not yet current: {stamp} is still later than {bound}")


@lru_cache(maxsize=16)
def _instant(stamp: str) -> datetime:
    """Return the instant of X-Amz-Date; cached, since requests of one second share it."""
    try:
        return datetime.strptime(stamp, _DATE).replace(tzinfo=timezone.utc)
    except ValueError:
        raise _incomplete("X-Amz-Date is not a date.") from None


def _canonical_request(
    method: str, target: str, headers: Mapping[str, str], signed: list[str], digest: str
) -> str:
    """Return the text whose hash is signed; ``digest`` is the body's SHA-256 in hexadecimal."""
    path, _, query = target.partition("?")
    lines = [(name, " ".join(headers.get(name, "").split())) for name in sorted(signed)]
    return canonical_request(method, _canonical_path(path), _sort_query(query), lines, digest)


def _sort_query(query: str) -> str:
    pairs = sorted(pair.partition("=")[::2] for pair in query.split("&")) if query else []
    return "&".join(f"{key}={value}" for key, value in pairs)


@lru_cache(maxsize=256)
def _canonical_path(path: str) -> str:
    return quote(_normal_path(path), safe="/~")


def _normal_path(path: str) -> str:
    """Remove dot segments and repeated slashes, as every service except S3 does."""
    if path in ("", "/"):
        return "/"
    normal = normpath("/" + path.lstrip("/"))
    return normal + "/" if path.endswith("/") and normal != "/" else normal


def _incomplete(message: str) -> ServiceError:
    return ServiceError("IncompleteSignatureException", message)


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidSignatureException", message)
