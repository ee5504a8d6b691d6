"""HTTP with a model server: what is sent, and the ways in which a response can come or fail."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from smx_lab.local.hosting.model_client import ModelClient, ModelStream
from smx_lab.local.hosting.model_http import (
    MAX_HEAD_BYTES,
    ModelResponse,
    ResponseReader,
    TimedOutError,
    UnreachableError,
    invocation,
    ping,
    post,
)
from tests.support.local.unix_server import served

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none \r\n3;x=1\r\ntwo\r\n0\r\n\r\n"
)
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 3\r\n\r\n1,2"


def read(
    data: bytes, step: int = 1, limit: int | None = None
) -> tuple[ResponseReader, list[bytes]]:
    """Feed a response to a reader in pieces of so many bytes."""
    reader, parts = ResponseReader(limit), []
    for start in range(0, len(data), step):
        parts += reader.feed(data[start : start + step])
    return reader, parts


def invoke(address: str, timeout_s: float = 30) -> ModelResponse:
    """Invoke a model from an event loop."""
    return asyncio.run(ModelClient().invoke(address, b"7", {"Accept": "text/csv"}, timeout_s))


def blocking(address: str, timeout_s: float = 30) -> ModelResponse:
    return post(address, b"7", {"Accept": "text/csv"}, timeout_s)


WAYS = pytest.mark.parametrize("call", [invoke, blocking])
Call = Callable[..., ModelResponse]


def test_a_small_invocation_is_one_piece_and_a_large_one_is_several():
    assert list(invocation({"Accept": "*/*", "X-A": "a\r\nEvil: ü€"}, b"7")) == [
        b"POST /invocations HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nX-A: a  Evil: \xfc?\r\n"
        b"Content-Length: 1\r\nConnection: close\r\n\r\n7"
    ]
    body = bytes(range(256)) * 600
    pieces = list(invocation({}, body))
    assert [len(piece) for piece in pieces[1:]] == [65_536, len(body) - 2 * 65_536]
    assert b"".join(pieces).endswith(b"Content-Length: 153600\r\nConnection: close\r\n\r\n" + body)


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_chunk_is_one_part_however_it_arrives(step: int):
    reader, parts = read(CHUNKED, step)
    assert parts == [b"one ", b"two"]
    assert (reader.status, reader.is_complete) == (200, True)


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_body_of_a_known_length_ends_there(step: int):
    reader, parts = read(WHOLE, step)
    assert b"".join(parts) == b"1,2"
    assert reader.headers["content-TYPE"] == "text/csv"
    assert reader.is_complete


def test_a_response_without_a_body_is_complete_with_its_head():
    reader, parts = read(b"HTTP/1.1 404 Not Found\r\n\r\n")
    assert (reader.status, parts, reader.is_complete) == (404, [], True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", "it answered b'SSH-2.0-OpenSSH'"),
        (b"x" * (MAX_HEAD_BYTES + 1), "too long"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1f\r\n\r\n", "size of its answer is '1f'"),
        (CHUNKED.replace(b"3;x=1", b"three"), "size of its answer is 'three'"),
    ],
)
def test_what_is_no_response_is_refused(data: bytes, reason: str):
    with pytest.raises(UnreachableError, match=reason):
        read(data, 1000)


@pytest.mark.parametrize("data", [CHUNKED, CHUNKED.replace(b"3;x=1", b"ffffffffffff"), WHOLE])
def test_a_response_over_the_limit_is_refused_as_soon_as_it_is_announced(data: bytes):
    with pytest.raises(UnreachableError, match="larger than 2 bytes"):
        read(data, 1000, limit=2)


@pytest.mark.parametrize(("data", "words"), [(b"", "closed the connection"), (WHOLE[:-1], "short")])
def test_a_connection_that_ends_too_early_is_an_error(data: bytes, words: str):
    reader = ResponseReader()
    if data:
        reader.feed(data)
    with pytest.raises(UnreachableError, match=words):
        reader.feed(b"")


@WAYS
def test_the_whole_response_comes_back(call: Call, tmp_path: Path):
    def respond(connection: socket.socket) -> None:
        connection.sendall(WHOLE)

    with served(tmp_path / "s", respond) as address:
        response = call(address)
    assert (response.status, response.headers["Content-Type"], response.body) == (
        200,
        "text/csv",
        b"1,2",
    )


@WAYS
def test_a_server_that_hangs_times_out(call: Call, tmp_path: Path):
    done = threading.Event()

    def respond(connection: socket.socket) -> None:
        connection.sendall(CHUNKED[:60])
        done.wait()

    with served(tmp_path / "s", respond) as address:
        with pytest.raises(TimedOutError):
            call(address, 0.05)
        done.set()


@WAYS
def test_a_server_that_breaks_off_or_is_not_there_cannot_be_reached(call: Call, tmp_path: Path):
    def respond(connection: socket.socket) -> None:
        connection.sendall(CHUNKED[:60])

    with (
        served(tmp_path / "s", respond) as address,
        pytest.raises(UnreachableError, match="short"),
    ):
        call(address)
    with pytest.raises(UnreachableError, match="Connection refused"):
        call(address)
    with pytest.raises(UnreachableError, match="No such file"):
        call(str(tmp_path / "nowhere"))


def test_only_as_many_invocations_as_allowed_run_and_the_time_for_a_turn_is_limited(
    tmp_path: Path,
):
    done = threading.Event()

    def respond(connection: socket.socket) -> None:
        done.wait()
        connection.sendall(WHOLE)

    async def ask(address: str) -> None:
        client = ModelClient(max_invocations=1)
        first = asyncio.create_task(client.invoke(address, b"", {}, 30))
        await asyncio.sleep(0)
        with pytest.raises(TimedOutError):
            await client.invoke(address, b"", {}, 0.05)
        done.set()
        assert (await first).status == 200
        assert (await client.invoke(address, b"", {}, 30)).status == 200

    with served(tmp_path / "s", respond) as address:
        asyncio.run(ask(address))


def test_parts_of_a_stream_come_before_it_ends(tmp_path: Path):
    go_on = threading.Event()

    def respond(connection: socket.socket) -> None:
        connection.sendall(CHUNKED[:60])
        go_on.wait()
        connection.sendall(CHUNKED[60:])

    async def ask(address: str) -> list[bytes]:
        stream = await ModelStream.open(address, b"", {}, 30)
        parts = []
        async for part in stream.parts():
            parts.append(part)
            go_on.set()
        return parts

    with served(tmp_path / "s", respond) as address:
        assert asyncio.run(ask(address)) == [b"one ", b"two"]


def test_a_ping_is_answered_by_200_alone(tmp_path: Path):
    answers = iter([b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 503 Service Unavailable\r\n\r\n", b""])
    with served(tmp_path / "s", lambda connection: connection.sendall(next(answers))) as address:
        assert [ping(address) for _ in range(3)] == [True, False, False]
    assert not ping(address)
