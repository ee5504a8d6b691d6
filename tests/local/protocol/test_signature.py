"""Signatures: what botocore signs is accepted, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from tornado.httputil import HTTPHeaders

from smx_lab.core.connection import LocalService
from smx_lab.local.errors import ServiceError
from smx_lab.local.protocol.signature import SignatureChecker
from tests.support.local.clients import make_client
from tests.support.local.wire import call, send, signed_headers

KEY, SECRET = "SMXLOCALEXAMPLE", "not-a-real-secret"
SEGMENT = st.text("abcXYZ019-._~%+ é", min_size=1, max_size=8)


def sign(method: str, target: str, headers: dict[str, str], body: bytes, secret: str = SECRET):
    request = AWSRequest(method, f"http://127.0.0.1:8080{target}", data=body, headers=headers)
    SigV4Auth(Credentials(KEY, secret), "sagemaker", "eu-west-1").add_auth(request)
    return HTTPHeaders({"Host": "127.0.0.1:8080", **dict(request.headers)})


@given(
    method=st.sampled_from(["POST", "PUT", "GET"]),
    path=st.lists(SEGMENT, max_size=4),
    query=st.lists(st.tuples(SEGMENT, SEGMENT), max_size=3),
    header=st.text("abc  ,;=", max_size=10),
    body=st.binary(max_size=50),
)
def test_whatever_botocore_signs_is_accepted(method, path, query, header, body):
    from urllib.parse import quote

    target = "/" + "/".join(quote(part) for part in path)
    if query:
        target += "?" + "&".join(f"{quote(k)}={quote(v)}" for k, v in query)
    headers = sign(method, target, {"X-Amz-Target": "SageMaker.X", "X-Other": f"a{header}"}, body)
    SignatureChecker(KEY, SECRET).check(method, target, headers, body, "sagemaker")


def refused(headers, *, method="POST", target="/", body=b"{}", service="sagemaker", now=None):
    checker = SignatureChecker(KEY, SECRET, now) if now else SignatureChecker(KEY, SECRET)
    with pytest.raises(ServiceError) as caught:
        checker.check(method, target, headers, body, service)
    return caught.value


def test_a_request_is_refused_when_any_signed_part_was_changed():
    headers = sign("POST", "/", {"X-Amz-Target": "SageMaker.A"}, b"{}")
    for changed in (
        {"method": "PUT"},
        {"target": "/other"},
        {"target": "/?a=b"},
        {"body": b'{"a":1}'},
    ):
        assert refused(headers, **changed).code == "InvalidSignatureException", changed
    headers["X-Amz-Target"] = "SageMaker.B"
    assert refused(headers).code == "InvalidSignatureException"


def test_the_action_must_be_among_the_signed_headers():
    headers = sign("POST", "/", {}, b"{}")
    headers["X-Amz-Target"] = "SageMaker.DeleteExperiment"
    error = refused(headers)
    assert error.code == "IncompleteSignatureException"
    assert "x-amz-target" in error.message


def test_a_signature_for_another_service_is_refused():
    headers = sign("POST", "/", {}, b"{}")
    assert refused(headers, service="sts").code == "InvalidSignatureException"


@pytest.mark.parametrize(
    ("minutes", "words"), [(16, "Signature expired"), (-16, "Signature not yet current")]
)
def test_a_clock_more_than_a_quarter_of_an_hour_off_is_refused(minutes, words):
    headers = sign("POST", "/", {}, b"{}")
    now = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    error = refused(headers, now=lambda: now)
    assert error.code == "InvalidSignatureException"
    assert error.message.startswith(words)


def test_an_old_request_with_a_fresh_date_beside_the_scope_is_refused():
    headers = sign("POST", "/", {}, b"{}")
    tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
    headers["X-Amz-Date"] = f"{tomorrow:%Y%m%dT%H%M%SZ}"
    assert "Date in Credential scope" in refused(headers).message


def test_a_body_hash_that_is_not_the_bodys_is_refused():
    headers = sign("POST", "/", {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}, b"{}")
    assert refused(headers).code == "InvalidSignatureException"


@pytest.mark.parametrize(
    "authorization",
    ["Bearer abc", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b, Signature=zz", ""],
)
def test_a_malformed_authorization_is_incomplete(authorization):
    headers = sign("POST", "/", {}, b"{}")
    headers["Authorization"] = authorization
    assert refused(headers).code == "IncompleteSignatureException"


def test_the_service_answers_a_wrong_secret_with_invalid_signature(local_service: LocalService):
    reply = call(local_service, "ListExperiments", {}, secret_access_key="wrong")
    assert (reply.status, reply.json["__type"]) == (400, "InvalidSignatureException")
    assert reply.json["message"].startswith("The request signature we calculated does not match")


def test_the_service_answers_an_unknown_key_with_unrecognized_client(local_service: LocalService):
    reply = call(local_service, "ListExperiments", {}, access_key_id="AKIAUNKNOWN")
    assert (reply.status, reply.json["__type"]) == (400, "UnrecognizedClientException")


def test_an_unsigned_call_is_refused_on_every_protocol(local_service: LocalService):
    json_reply = send(local_service, b"{}", {"X-Amz-Target": "SageMaker.ListExperiments"})
    assert json_reply.status == 400
    assert json_reply.json["__type"] == "MissingAuthenticationTokenException"
    rest = send(local_service, b"{}", {}, method="PUT", path="/BatchPutMetrics")
    assert rest.status == 403
    assert rest.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    query = send(local_service, b"Action=GetCallerIdentity&Version=2011-06-15", form)
    assert query.status == 403
    assert b"<Code>MissingAuthenticationToken</Code>" in query.body


def test_boto3_reads_the_code_of_a_refused_sts_call(local_service: LocalService):
    sts = make_client("sts", local_service, aws_secret_access_key="wrong")
    with pytest.raises(sts.exceptions.ClientError) as caught:
        sts.get_caller_identity()
    assert caught.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


def test_the_caller_is_the_one_local_user(local_service: LocalService):
    answer = make_client("sts", local_service).get_caller_identity()
    assert answer["Account"] == local_service.account
    role = "AmazonSageMaker-ExecutionRole-local"
    assert answer["Arn"].startswith(f"arn:aws:sts::{local_service.account}:assumed-role/{role}/")


def test_a_stale_session_token_does_not_get_in_the_way(local_service: LocalService):
    client = make_client("sagemaker", local_service, aws_session_token="left-over")
    assert client.list_experiments()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_region_of_the_clients_own_is_accepted(local_service: LocalService):
    client = make_client("sagemaker", local_service, region_name="ap-south-1")
    assert client.list_experiments()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_secrets_never_reach_the_log(local_service: LocalService):
    from pathlib import Path

    body = b"{}"
    headers = {"X-Amz-Target": "SageMaker.ListExperiments"}
    send(local_service, body, signed_headers(local_service, body, headers))
    text = (Path(local_service.data_dir) / "service.log").read_text()
    assert local_service.secret_access_key not in text
