"""InvokeEndpointWithResponseStream: a model's answer by and by, through boto3's own decoder."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer
from botocore.exceptions import ClientError, EventStreamError

from smx_lab.core.connection import LocalService
from smx_lab.local.protocol import event_stream
from tests.support.local.training import create_model, make_archive, serve
from tests.support.local.wire import address, signed_headers

STREAMER = """
import os, time

def model_fn(model_dir):
    return os.environ["GATE"]

def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.01)
    os.unlink(path)

def transform_fn(gate, body, content_type, accept):
    if content_type == "text/refused":
        raise ValueError("not this one")
    return parts(gate, body, content_type), "text/event-stream"

def parts(gate, body, content_type):
    if content_type == "text/early":
        raise ValueError("before the first word")
    for word in body.decode().split():
        yield word + " "
        if content_type == "text/gated":
            wait_for(gate)
        if content_type == "text/breaks":
            raise ValueError("in the middle")
        if content_type == "text/hangs":
            time.sleep(600)
        if content_type == "text/endless":
            while True:
                yield b"x" * 100_000

"""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gate") / "open"


@pytest.fixture(scope="module", autouse=True)
def streamer(sagemaker: Any, gate: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("streamer")
    data = make_archive(folder / "model.tar.gz", {"code/inference.py": STREAMER})
    create_model(sagemaker, "streamer", data, GATE=str(gate))
    create_model(sagemaker, "hurried", data, GATE=str(gate), SAGEMAKER_MODEL_SERVER_TIMEOUT="2")
    for name in ("streamer", "hurried"):
        assert serve(sagemaker, name)["EndpointStatus"] == "InService"


def ask(
    runtime: Any, kind: str, body: bytes = b"one two three", name: str = "streamer", **members: Any
) -> Any:
    return runtime.invoke_endpoint_with_response_stream(
        EndpointName=name, Body=body, ContentType=kind, **members
    )


def words(answer: Any) -> list[str]:
    return [event["PayloadPart"]["Bytes"].decode() for event in answer["Body"]]


def test_every_part_is_an_event(runtime: Any):
    answer = ask(runtime, "text/plain", CustomAttributes="trace=1")
    assert words(answer) == ["one ", "two ", "three "]
    assert answer["ContentType"] == "text/event-stream"
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    assert answer["CustomAttributes"] == "trace=1"


def test_a_part_comes_while_the_next_is_not_made_yet(runtime: Any, gate: Path):
    events = iter(ask(runtime, "text/gated")["Body"])
    for word in (b"one ", b"two ", b"three "):
        assert next(events)["PayloadPart"]["Bytes"] == word
        # The model waits for this with the next one, and so do we for that.
        gate.touch()
    assert list(events) == []


def test_the_same_model_answers_as_a_whole(runtime: Any):
    answer = runtime.invoke_endpoint(
        EndpointName="streamer", Body=b"one two", ContentType="text/plain"
    )
    assert answer["Body"].read() == b"one two "


def test_an_answer_of_one_piece_is_a_stream_of_it(runtime: Any):
    assert words(ask(runtime, "text/plain", b"alone")) == ["alone "]
    assert words(ask(runtime, "text/plain", b" ")) == []


@pytest.mark.parametrize(
    ("kind", "text"), [("text/refused", "not this one"), ("text/early", "before the first word")]
)
def test_what_fails_before_the_first_part_is_a_model_error(runtime: Any, kind: str, text: str):
    with pytest.raises(ClientError, match=text) as caught:
        ask(runtime, kind)
    assert caught.value.response["Error"]["Code"] == "ModelError"
    assert caught.value.response["OriginalStatusCode"] == 500


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("text/breaks", "streamer", "The model failed in the middle"),
        ("text/hangs", "hurried", "Your invocation timed out"),
    ],
)
def test_what_fails_on_the_way_ends_the_stream_with_its_reason(
    runtime: Any, kind: str, name: str, text: str
):
    body = ask(runtime, kind, name=name)["Body"]
    events = iter(body)
    assert next(events)["PayloadPart"]["Bytes"] == b"one "
    with pytest.raises(EventStreamError, match=text) as caught:
        next(events)
    body.close()
    assert caught.value.response["Error"]["Code"] == "ModelStreamError"


def test_a_client_that_goes_away_does_not_keep_the_model(local_service: LocalService, runtime: Any):
    path, body = "/endpoints/streamer/invocations-response-stream", b"one"
    headers = signed_headers(local_service, body, {"Content-Type": "text/endless"}, path=path)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    host, _, port = address(local_service).partition(":")
    lines += [f"Host: {host}:{port}", "Content-Length: 3", "", ""]
    request = "\r\n".join([f"POST {path} HTTP/1.1", *lines])
    assert words(ask(runtime, "text/plain", b"before")) == ["before "]
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(request.encode() + body)
        answer = b""
        while part := connection.recv(4096):
            answer += part
            if b"PayloadPart" in answer:
                break
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert words(ask(runtime, "text/plain", b"after")) == ["after "]


def test_an_endpoint_that_is_not_there_is_named(runtime: Any):
    with pytest.raises(ClientError, match="Endpoint nowhere of account 000000000000 not found"):
        runtime.invoke_endpoint_with_response_stream(EndpointName="nowhere", Body=b"1")


def test_frames_are_those_of_botocore():
    buffer = EventStreamBuffer()
    buffer.add_data(event_stream.event("PayloadPart", bytes(range(256))))
    buffer.add_data(event_stream.failure("ModelStreamError", Message="ä"))
    part, failure = buffer
    assert part.payload == bytes(range(256))
    assert part.headers[":event-type"] == "PayloadPart"
    assert failure.headers[":exception-type"] == "ModelStreamError"
    assert json.loads(failure.payload) == {"Message": "ä"}
