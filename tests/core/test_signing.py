"""Signatures, held to botocore's own."""

from datetime import datetime, timezone

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from smx_lab.core.signing import Signer


@pytest.mark.parametrize(
    ("method", "path", "body"), [("POST", "/", b'{"Resource": "Trial"}'), ("GET", "/a/b", b"")]
)
def test_a_signature_is_botocore_s(method, path, body):
    headers = {"x-amz-target": "SageMaker.Search", "host": "127.0.0.1:4000"}
    signer = Signer("AKIDLOCAL", "a-secret-key", "eu-central-1", "sagemaker")
    found = signer.sign(method, path, headers, body, datetime.now(timezone.utc))
    request = AWSRequest(method, f"http://127.0.0.1:4000{path}", dict(headers), body)
    theirs = auth.SigV4Auth(Credentials("AKIDLOCAL", "a-secret-key"), "sagemaker", "eu-central-1")
    request.context["timestamp"] = found["x-amz-date"]
    canonical = theirs.canonical_request(_with_date(request, found["x-amz-date"]))
    expected = theirs.signature(theirs.string_to_sign(request, canonical), request)
    assert found["authorization"].endswith(f"Signature={expected}")
    assert found["authorization"].startswith(
        f"AWS4-HMAC-SHA256 Credential={theirs.scope(request)}, SignedHeaders="
        f"{theirs.signed_headers(theirs.headers_to_sign(request))}, "
    )


def _with_date(request, stamp):
    request.headers["X-Amz-Date"] = stamp
    return request
