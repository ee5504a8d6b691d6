"""HTTP itself, byte by byte: what clients may send, and what is refused."""

from __future__ import annotations

import asyncio
import socket

import pytest

from smx_lab.core.connection import LocalService
from smx_lab.local.http.head import Headers
from smx_lab.local.http.server import HttpResponse, HttpServer, Limits
from tests.support.local.wire import address, signed_headers

TARGET = {"X-Amz-Target": "SageMaker.ListExperiments"}


def connect(service: LocalService) -> socket.socket:
    host, port = address(service).split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def head(service: LocalService, body: bytes, extra: str) -> bytes:
    fields = {"Host": address(service), **signed_headers(service, body, TARGET)}
    fields.pop("Content-Length", None)
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST / HTTP/1.1\r\n{lines}{extra}\r\n".encode()


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """Read one answer with a Content-Length, and nothing beyond it."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(1)
        assert part, f"the connection was closed after {received!r}"
        received += part
    status = int(received.split()[1])
    length = next(
        int(line.split(b":")[1])
        for line in received.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return status, body


def test_a_body_may_come_in_chunks(local_service: LocalService):
    body = b'{"MaxResults": 5}'
    with connect(local_service) as connection:
        connection.sendall(head(local_service, body, "Transfer-Encoding: chunked\r\n"))
        for part in (body[:3], body[3:]):
            connection.sendall(f"{len(part):X}\r\n".encode() + part + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        assert read_answer(connection)[0] == 200


def test_a_request_may_arrive_byte_by_byte(local_service: LocalService):
    with connect(local_service) as connection:
        for byte in head(local_service, b"{}", "Content-Length: 2\r\n") + b"{}":
            connection.sendall(bytes([byte]))
        assert read_answer(connection)[0] == 200


def test_requests_sent_ahead_are_answered_in_order(local_service: LocalService):
    good = head(local_service, b"{}", "Content-Length: 2\r\n") + b"{}"
    bad = good.replace(b"ListExperiments", b"ListExperimentz")
    with connect(local_service) as connection:
        connection.sendall(good + bad + good)
        assert [read_answer(connection)[0] for _ in range(3)] == [200, 400, 200]


def test_a_client_that_asks_first_is_told_to_continue(local_service: LocalService):
    extra = "Content-Length: 2\r\nExpect: 100-continue\r\n"
    with connect(local_service) as connection:
        connection.sendall(head(local_service, b"{}", extra))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert read_answer(connection)[0] == 200


def test_a_client_that_wants_to_close_gets_its_way(local_service: LocalService):
    with connect(local_service) as connection:
        extra = "Content-Length: 2\r\nConnection: close\r\n"
        connection.sendall(head(local_service, b"{}", extra) + b"{}")
        assert read_answer(connection)[0] == 200
        assert connection.recv(1) == b""


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"POST http://127.0.0.1/ HTTP/1.1\r\n\r\n",
        b"POST / HTTP/2.0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        b"POST / HTTP/1.1\r\nX: " + b"a" * 70_000,
    ],
    ids=lambda value: value[:60].decode(),
)
def test_what_is_not_http_as_we_speak_it_is_refused_and_closed(local_service, request_):
    with connect(local_service) as connection:
        connection.sendall(request_)
        assert read_answer(connection)[0] == 400
        assert connection.recv(1) == b""


def test_a_header_of_an_answer_cannot_start_another():
    response = HttpResponse(200, b"", {"X-Custom": "a\r\nSet-Cookie: b"})
    assert b"X-Custom: a  Set-Cookie: b\r\n" in response.encode(keep_alive=True)


def test_header_names_are_compared_without_case():
    headers = Headers({"X-Amz-Date": "1"})
    headers.add("x-amz-date", "2")
    assert (headers["X-AMZ-DATE"], "x-amz-Date" in headers) == ("1,2", True)


def test_a_client_too_slow_to_send_is_dropped_and_a_busy_one_is_not():
    limits = Limits(receive_s=0.05, sweep_s=0.01)

    async def talk() -> tuple[bytes, bytes]:
        loop = asyncio.get_running_loop()
        listener = socket.create_server(("127.0.0.1", 0))

        def answer_late(request, respond):
            loop.call_later(0.3, respond, HttpResponse(200, b"late"))

        server = HttpServer(answer_late, lambda _: 1000, limits)
        await server.start(listener)
        address = listener.getsockname()
        slow = await asyncio.open_connection(*address)
        busy = await asyncio.open_connection(*address)
        slow[1].write(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab")
        busy[1].write(b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        answers = await slow[0].read(), await busy[0].read()
        server.stop()
        for _, writer in (slow, busy):
            writer.close()
            await writer.wait_closed()
        return answers

    slow, busy = asyncio.run(talk())
    assert slow == b""
    assert busy.endswith(b"late")


def test_a_client_that_reads_no_answers_is_given_no_more_of_them_and_dropped():
    limits = Limits(unread_s=0.2, sweep_s=0.01)
    handled = []

    async def talk() -> None:
        listener = socket.create_server(("127.0.0.1", 0))

        def answer(request, respond):
            handled.append(request)
            respond(HttpResponse(200, b"x" * 100_000))

        server = HttpServer(answer, lambda _: 1000, limits)
        await server.start(listener)
        _reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"POST / HTTP/1.1\r\n\r\n" * 2000)
        while not server.connections:
            await asyncio.sleep(0)
        while server.connections:
            await asyncio.sleep(0.01)
        server.stop()
        writer.transport.abort()

    asyncio.run(talk())
    # What fits into buffers on the way was answered, and no more.
    assert 0 < len(handled) < 500


def test_a_client_that_reads_late_gets_all_answers():
    async def talk() -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        server = HttpServer(
            lambda _, respond: respond(HttpResponse(200, b"x" * 100_000)), lambda _: 1000
        )
        await server.start(listener)
        reader, writer = await asyncio.open_connection(*listener.getsockname(), limit=2**16)
        last = b"POST / HTTP/1.1\r\nConnection: close\r\n\r\n"
        writer.write(b"POST / HTTP/1.1\r\n\r\n" * 299 + last)
        received = await reader.read()
        server.stop()
        writer.close()
        await writer.wait_closed()
        return received.count(b"HTTP/1.1 200 OK")

    assert asyncio.run(talk()) == 300


def test_of_too_many_connections_the_longest_idle_is_closed():
    limits = Limits(max_connections=2)

    async def talk() -> tuple[bytes, bytes]:
        listener = socket.create_server(("127.0.0.1", 0))
        server = HttpServer(
            lambda _, respond: respond(HttpResponse(200, b"ok")), lambda _: 1000, limits
        )
        await server.start(listener)
        clients = []
        for _ in range(3):
            clients.append(await asyncio.open_connection(*listener.getsockname()))
            while len(server.connections) < min(len(clients), 2):
                await asyncio.sleep(0)
        oldest = await clients[0][0].read()
        clients[1][1].write(b"POST / HTTP/1.1\r\nConnection: close\r\n\r\n")
        answer = await clients[1][0].read()
        server.stop()
        for _, writer in clients:
            writer.close()
        return oldest, answer

    oldest, answer = asyncio.run(talk())
    assert (oldest, answer[-2:]) == (b"", b"ok")


def test_an_answer_under_way_is_waited_for_at_the_end():
    async def talk() -> bytes:
        loop = asyncio.get_running_loop()
        listener = socket.create_server(("127.0.0.1", 0))
        begun = asyncio.Event()

        def answer_late(request, respond):
            begun.set()
            loop.call_later(0.1, respond, HttpResponse(200, b"done"))

        server = HttpServer(answer_late, lambda _: 1000)
        await server.start(listener)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"POST / HTTP/1.1\r\n\r\n")
        await begun.wait()
        server.stop()
        await server.finish(30)
        server.close()
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    answer = asyncio.run(talk())
    assert b"Connection: close" in answer
    assert answer.endswith(b"done")


def test_an_answer_in_parts_waits_for_its_reader_and_drops_one_that_does_not_read():
    limits = Limits(unread_s=0.2)
    made, closed = [], []

    async def parts():
        try:
            for number in range(300):
                made.append(number)
                yield b"x" * 100_000
        finally:
            closed.append(len(made))

    async def talk(reads: bool) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        server = HttpServer(
            lambda _, respond: respond(HttpResponse(200, parts=parts())), lambda _: 1000, limits
        )
        await server.start(listener)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"POST / HTTP/1.1\r\nConnection: close\r\n\r\n")
        received = len(await reader.readuntil(b"\r\n\r\n"))
        while not closed:
            received += len(await reader.read(65_536)) if reads else 0
            await asyncio.sleep(0)
        received += len(await reader.read()) if reads else 0
        server.stop()
        writer.transport.abort()
        return received

    assert asyncio.run(talk(reads=True)) > 30_000_000
    assert (len(made), closed) == (300, [300])
    made.clear()
    closed.clear()
    asyncio.run(talk(reads=False))
    # What fits into buffers on the way was made, and no more.
    assert closed == [len(made)]
    assert len(made) < 200
