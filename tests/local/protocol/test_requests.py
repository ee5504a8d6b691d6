"""The protocol's edges: what is broken, too large, unknown or misdirected gets one clear error."""

from __future__ import annotations

import http.client
import json
import socket

import pytest

from smx_lab.core.connection import LocalService
from tests.support.local.wire import address, call, send, signed_headers


def lives(service: LocalService) -> bool:
    return call(service, "ListExperiments", {}).status == 200


def test_broken_json_is_a_serialization_exception(local_service: LocalService):
    for body in (b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5000):
        reply = call(local_service, "CreateExperiment", body)
        assert (reply.status, reply.json["__type"]) == (400, "SerializationException"), body[:20]
    assert lives(local_service)


@pytest.mark.parametrize(
    ("depth", "code"), [(30, "ValidationException"), (400, "SerializationException")]
)
def test_a_deep_search_expression_is_refused(local_service: LocalService, depth, code):
    expression: dict = {}
    for _ in range(depth):
        expression = {"SubExpressions": [expression]}
    reply = call(
        local_service, "Search", {"Resource": "Experiment", "SearchExpression": expression}
    )
    assert (reply.status, reply.json["__type"]) == (400, code)
    assert "nested too deeply" in reply.json["message"]
    assert lives(local_service)


def test_a_wrong_type_is_a_serialization_exception(local_service: LocalService):
    reply = call(local_service, "CreateExperiment", {"ExperimentName": 7})
    assert reply.json == {
        "__type": "SerializationException",
        "message": "Expected a string, found a number.",
    }


def test_a_missing_required_member_is_named(local_service: LocalService):
    reply = call(local_service, "CreateExperiment", {})
    assert (reply.status, reply.json) == (
        400,
        {
            "__type": "ValidationException",
            "message": "1 validation error detected: Value null at 'experimentName' failed to "
            "satisfy constraint: Member must not be null",
        },
    )


def test_an_illegal_name_is_refused_with_its_pattern(local_service: LocalService):
    for name in ("has space", "under_score", "trailing-", "-leading", "dot.ted", ""):
        reply = call(local_service, "CreateExperiment", {"ExperimentName": name})
        assert reply.json["__type"] == "ValidationException", name
        assert f"Value '{name}' at 'experimentName' failed to satisfy" in reply.json["message"]
    long = call(local_service, "CreateExperiment", {"ExperimentName": "a" * 121})
    assert "Member must have length less than or equal to 120" in long.json["message"]


def test_an_unknown_operation_is_named(local_service: LocalService):
    not_offered = call(local_service, "CreateCluster", {})
    assert (not_offered.status, not_offered.json) == (
        400,
        {
            "__type": "UnknownOperationException",
            "message": "CreateCluster is not offered by the local SageMaker service.",
        },
    )
    nonsense = call(local_service, "MakeCoffee", {})
    assert nonsense.json["message"] == "MakeCoffee is not an operation of sagemaker."


def test_an_unknown_path_is_one_clear_error(local_service: LocalService):
    headers = signed_headers(local_service, b"", {}, method="GET", path="/wp-admin")
    reply = send(local_service, b"", headers, method="GET", path="/wp-admin")
    assert reply.status == 400
    assert reply.headers["x-amzn-ErrorType"] == "UnknownOperationException"
    assert "GET /wp-admin" in reply.json["message"]


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("POST", "/endpoints/mnist/async-invocations", "InvokeEndpointAsync"),
        ("GET", "/FeatureGroup/customers", "GetRecord"),
        ("GET", "/human-loops", "ListHumanLoops"),
    ],
)
def test_an_action_by_path_that_is_not_offered_is_named(local_service, method, path, action):
    headers = signed_headers(local_service, b"", {}, method=method, path=path)
    reply = send(local_service, b"", headers, method=method, path=path)
    assert reply.headers["x-amzn-ErrorType"] == "UnknownOperationException"
    assert reply.json["message"] == f"{action} is not offered by the local SageMaker service."


def test_unknown_members_and_nulls_are_ignored(local_service: LocalService):
    reply = call(
        local_service,
        "CreateExperiment",
        {"ExperimentName": "future-client", "Sparkles": {"On": True}, "Description": None},
    )
    assert reply.status == 200


def test_a_body_of_50_mb_is_answered_and_the_service_lives(local_service: LocalService):
    body = b'{"ExperimentName":"' + b"a" * 50 * 2**20 + b'"}'
    reply = call(local_service, "CreateExperiment", body)
    assert (reply.status, reply.json["__type"]) == (413, "RequestEntityTooLargeException")
    path = "/endpoints/mnist/invocations"
    headers = signed_headers(local_service, body, {}, path=path)
    invocation = send(local_service, body, headers, path=path)
    assert invocation.status == 413
    assert "6291456 bytes" in invocation.json["message"]
    assert lives(local_service)


def test_an_endless_body_is_cut_off_and_the_service_lives(local_service: LocalService):
    host, port = address(local_service).split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        head = f"POST / HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 999999999999\r\n\r\n"
        connection.sendall(head.encode())
        assert b"400" in connection.recv(100)
    assert lives(local_service)


def test_headers_without_end_are_cut_off_and_the_service_lives(local_service: LocalService):
    host, port = address(local_service).split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        try:
            for _ in range(100):
                connection.sendall(b"X-Padding: " + b"a" * 10_000 + b"\r\n")
            answer = connection.recv(100)
        except ConnectionError:
            answer = b""
        assert not answer.startswith(b"HTTP/1.1 200")
    assert lives(local_service)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", ""])
def test_a_foreign_host_header_is_refused(local_service: LocalService, host):
    port = address(local_service).split(":")[1]
    connection = http.client.HTTPConnection(address(local_service))
    connection.putrequest("POST", "/", skip_host=True)
    if host:
        connection.putheader("Host", host.format(port=port))
    connection.putheader("X-Amz-Target", "SageMaker.ListExperiments")
    connection.putheader("Content-Length", "2")
    connection.endheaders(b"{}")
    response = connection.getresponse()
    assert response.status in (400, 403)
    assert response.status == 400 or json.loads(response.read())["__type"] == (
        "AccessDeniedException"
    )
    connection.close()


def test_localhost_is_as_good_a_name_as_the_address(local_service: LocalService):
    port = address(local_service).split(":")[1]
    service = type(local_service)(
        **{
            **{f: getattr(local_service, f) for f in local_service.__struct_fields__},
            "sagemaker_url": f"http://localhost:{port}",
        }
    )
    assert lives(service)


def test_every_answer_carries_a_request_id(local_service: LocalService):
    good, bad = (call(local_service, name, {}) for name in ("ListExperiments", "CreateExperiment"))
    ids = {reply.headers["x-amzn-requestid"] for reply in (good, bad)}
    assert len(ids) == 2
    assert all(len(request_id) == 36 for request_id in ids)


def test_an_empty_body_is_an_empty_request(local_service: LocalService):
    assert call(local_service, "ListExperiments", b"").status == 200


def test_a_connection_serves_many_requests(local_service: LocalService):
    connection = http.client.HTTPConnection(address(local_service))
    headers = {"X-Amz-Target": "SageMaker.ListExperiments"}
    for _ in range(3):
        connection.request("POST", "/", b"{}", signed_headers(local_service, b"{}", headers))
        response = connection.getresponse()
        response.read()
        assert response.status == 200
    connection.close()


def test_a_client_that_leaves_early_harms_nobody(local_service: LocalService):
    host, port = address(local_service).split(":")
    for _ in range(5):
        connection = socket.create_connection((host, int(port)))
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        connection.close()
    assert lives(local_service)


def test_only_loopback_is_listened_on(local_service: LocalService):
    import psutil

    listening = [
        c.laddr.ip
        for c in psutil.Process(local_service.pid).net_connections()
        if c.status == psutil.CONN_LISTEN
    ]
    assert listening == ["127.0.0.1"]
