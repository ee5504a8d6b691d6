"""The tests' SageMaker: it pages, throttles and fails as a test wants, over real HTTP.

It has Search for trial components, and those list and describe operations that tables call. It
records every call. It runs in a thread of a test, or as a process of its own for the bench::

    python -m tests.support.sagemaker_server '{"components": 10000, "rate": 10}'
"""

from __future__ import annotations

import base64
import json
import random
import socket
import sys
import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support import sagemaker_lists as lists
from tests.support.sagemaker_records import MORNING, Record

PAGE = 100
FULL = "application/x-amz-json-1.1"
EXPIRED = "The security token included in the request is expired"


@dataclass
class Call:
    """One call: its time, its request, and how it was answered."""

    time: float
    request: dict[str, Any]
    answer: str = "ok"
    """``ok``, ``throttled``, ``failed``, ``reset``, ``stalled`` or ``denied``."""
    found: int = 0


@dataclass
class Options:
    """How it behaves. ``rate`` is a limit in calls a second, with a burst of ``burst``."""

    components: int = 0
    experiments: int = 1
    latency_s: float = 0.0
    rate: float | None = None
    burst: float = 10.0
    window: int = 10_000
    """After so many records the pages of one query end, as if there were no more."""
    spread_s: float = 60.0
    """The time between two creations."""
    failing: float = 0.0
    """How many of the calls fail at random: by 500, 503, a reset or a stall."""
    stall_s: float = 0.2
    tells_hits: bool = True


class Bucket:
    """A token bucket, as AWS describes its own throttling."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst, self._level = rate, burst, burst
        self._filled = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._level = min(self._burst, self._level + (now - self._filled) * self._rate)
        self._filled = now
        if self._level < 1:
            return False
        self._level -= 1
        return True


@dataclass
class Store:
    """The components, newest last, and what Search finds among them."""

    records: list[Record] = field(default_factory=list)
    version: int = 0
    _known: dict[str, list[Record]] = field(default_factory=dict)

    def changed(self) -> None:
        self.version += 1
        self._known.clear()

    def find(self, request: dict[str, Any]) -> list[Record]:
        """All records of a query, in its order; kept, so that the next page is cheap."""
        asked = json.dumps(
            [request.get(key) for key in ("SearchExpression", "SortBy", "SortOrder")]
        )
        found = self._known.get(asked)
        if found is None:
            expression = request.get("SearchExpression") or {}
            found = [record for record in self._created(expression) if matches(record, expression)]
            key = request.get("SortBy", "LastModifiedTime")
            found.sort(key=lambda record: (getattr(record, ATTRIBUTES[key]), record.name))
            if request.get("SortOrder", "Descending") == "Descending":
                found.reverse()
            if len(self._known) > 200:
                self._known.clear()
            self._known[asked] = found
        return found

    def _created(self, expression: dict[str, Any]) -> list[Record]:
        """Return the records within an expression's times of creation, by bisection: otherwise many
        windows would be slower here than at AWS."""
        first, last = 0, len(self.records)
        for given in expression.get("Filters", ()):
            if given["Name"] != "CreationTime":
                continue
            instant = time_of(given["Value"])
            if given["Operator"].startswith("Greater"):
                first = max(first, bisect_left(self.records, instant, key=_created_at))
            else:
                last = min(last, bisect_right(self.records, instant, key=_created_at))
        return self.records[first:last]


def _created_at(record: Record) -> float:
    return record.created


ATTRIBUTES = {"CreationTime": "created", "LastModifiedTime": "modified"}
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThan": lambda a, b: a > b,
    "GreaterThanOrEqualTo": lambda a, b: a >= b,
    "LessThan": lambda a, b: a < b,
    "LessThanOrEqualTo": lambda a, b: a <= b,
}


def matches(record: Record, expression: dict[str, Any]) -> bool:
    """Return whether a record meets a search expression."""
    parts = [meets(record, given) for given in expression.get("Filters", ())]
    parts += [matches(record, inner) for inner in expression.get("SubExpressions", ())]
    return any(parts) if expression.get("Operator") == "Or" else all(parts)


def meets(record: Record, given: dict[str, Any]) -> bool:
    """Return whether a record meets one condition."""
    name, operator, value = given["Name"], given["Operator"], given.get("Value", "")
    if name in ATTRIBUTES:
        instant = time_of(value)
        return COMPARE[operator](getattr(record, ATTRIBUTES[name]), instant)
    if name == "Status.PrimaryStatus":
        return record.status in (value.split(",") if operator == "In" else [value])
    at = {"Parents.TrialName": 0, "Parents.ExperimentName": 1}[name]
    if operator == "NotExists":
        return not record.parents
    return any(parent[at] == value for parent in record.parents)


def time_of(text: str) -> float:
    """Return the epoch seconds of a time in the form that Search takes."""
    from datetime import datetime, timezone

    found = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")
    return found.replace(tzinfo=timezone.utc).timestamp()


class Upstream:
    """The server: ``url``, the ``calls`` so far, and what a test may change while it runs."""

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self.store = Store()
        self.calls: list[Call] = []
        self.faults: Callable[[int], str | None] = self._random_fault
        """What goes wrong with the n-th call; None for nothing."""
        self.denied: dict[str, str] = {}
        """An error code, and its message, that every call is answered with."""
        self.refused_keys: set[str] = set()
        """Access keys whose credentials have expired."""
        self.forbidden: set[str] = set()
        """Operations that nobody is allowed."""
        self.lock = threading.Lock()
        self._random = random.Random(7)
        self._bucket = Bucket(self.options.rate, self.options.burst) if self.options.rate else None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.add(self.options.components)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, count: int, **members: Any) -> list[Record]:
        """Create so many components, each later than the last."""
        with self.lock:
            first = len(self.store.records)
            made = [
                Record(
                    number,
                    created=round(MORNING + number * self.options.spread_s + 0.123, 3),
                    experiment=f"experiment-{number % self.options.experiments}",
                    **members,
                )
                for number in range(first, first + count)
            ]
            self.store.records += made
            self.store.changed()
            return made

    def touch(self, numbers: list[int]) -> None:
        """Change some components, later than anything else has changed."""
        with self.lock:
            latest = max(record.modified for record in self.store.records)
            for count, number in enumerate(numbers, 1):
                self.store.records[number].change(latest + count)
            self.store.changed()

    def remove(self, numbers: list[int]) -> None:
        """Delete some components."""
        gone = set(numbers)
        with self.lock:
            kept = [r for n, r in enumerate(self.store.records) if n not in gone]
            self.store.records = kept
            self.store.changed()

    def forget(self) -> None:
        """Count calls from here."""
        with self.lock:
            self.calls.clear()

    def count(self, answer: str | None = None) -> int:
        """Return the number of calls, or of those with one kind of answer."""
        with self.lock:
            return sum(answer in (None, call.answer) for call in self.calls)

    def _random_fault(self, _: int) -> str | None:
        if self._random.random() >= self.options.failing:
            return None
        return self._random.choice(["500", "503", "reset", "stall"])

    def take(self, request: dict[str, Any]) -> tuple[Call, str | None]:
        """Record a call; return it, and its fault."""
        with self.lock:
            call = Call(time.monotonic(), request)
            self.calls.append(call)
            if self._bucket and not self._bucket.take():
                call.answer = "throttled"
                return call, "throttled"
            return call, self.faults(len(self.calls) - 1)

    def page(self, call: Call) -> bytes | None:
        """Return one page of what a call asks for; None if what it names does not exist."""
        request = call.request
        if request["Operation"] != "Search":
            with self.lock:
                listed = lists.answer(self.store.records, request)
            return None if listed is None else json.dumps(listed).encode()
        with self.lock:
            found = self.store.find(request)
            first = 0
            if token := request.get("NextToken"):
                first = json.loads(base64.b64decode(token))
            shown = found[first : first + min(PAGE, request.get("MaxResults", PAGE))]
            call.found = len(shown)
            parts = [b'{"Results":[', b",".join(record.encoded() for record in shown), b"]"]
        end = first + len(shown)
        if end < min(len(found), self.options.window):
            token = base64.b64encode(json.dumps(end).encode()).decode()
            parts.append(f',"NextToken":"{token}"'.encode())
        if self.options.tells_hits:
            parts.append(
                b',"TotalHits":{"Value":%d,"Relation":"EqualTo"}' % min(len(found), 10_000)
            )
        return b"".join([*parts, b"}"])


def _handler(upstream: Upstream) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            request = json.loads(body or b"{}")
            target = self.headers.get("X-Amz-Target", "")
            if not target:
                self._send(200, _control(upstream, self.path, request))
                return
            call, fault = upstream.take({"Operation": target.partition(".")[2], **request})
            latency = upstream.options.latency_s
            if fault == "throttled":
                time.sleep(latency / 4)
                self._refuse(400, "ThrottlingException", "Rate exceeded")
                return
            time.sleep(latency)
            if any(key in self.headers["Authorization"] for key in upstream.refused_keys):
                call.answer = "denied"
                self._refuse(400, "ExpiredTokenException", EXPIRED)
            elif call.request["Operation"] in upstream.forbidden:
                call.answer = "denied"
                self._refuse(400, "AccessDeniedException", _denial(call.request["Operation"]))
            elif upstream.denied:
                call.answer = "denied"
                ((code, message),) = upstream.denied.items()
                self._refuse(400, code, message)
            elif fault in ("500", "503"):
                call.answer = "failed"
                self._refuse(int(fault), "InternalFailure", "An internal failure occurred.")
            elif fault == "reset":
                call.answer = "reset"
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            elif fault == "half":
                call.answer = "reset"
                page = upstream.page(call) or b""
                self.close_connection = True
                self._send(200, page[: len(page) // 2], len(page))
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                if fault == "stall":
                    call.answer = "stalled"
                    time.sleep(upstream.options.stall_s)
                elif fault is not None:
                    call.answer = "denied"
                    self._refuse(400, fault, f"{fault}, as the test wants it")
                    return
                answer = upstream.page(call)
                if answer is None:
                    self._refuse(400, "ResourceNotFound", "It does not exist.")
                else:
                    self._send(200, answer)

        def _refuse(self, status: int, code: str, message: str) -> None:
            self._send(status, json.dumps({"__type": code, "message": message}).encode())

        def _send(self, status: int, body: bytes, length: int | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", FULL)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.send_header("x-amzn-requestid", "00000000-0000-4000-8000-000000000000")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


def _denial(operation: str) -> str:
    action = f"sagemaker:{operation}"
    return (
        f"User: arn:aws:sts::1:assumed-role/role/ada is not authorized to perform: {action} on "
        f"resource: * because no identity-based policy allows the {action} action"
    )


def _control(upstream: Upstream, path: str, request: dict[str, Any]) -> bytes:
    """Do what a bench asks of an upstream in another process."""
    if path == "/forget":
        upstream.forget()
    elif path == "/touch":
        upstream.touch(request["numbers"])
    elif path == "/calls":
        with upstream.lock:
            return json.dumps([[call.time, call.answer] for call in upstream.calls]).encode()
    return b"{}"


def main() -> None:
    """Run one, say where it is, and end with standard input."""
    upstream = Upstream(Options(**json.loads(sys.argv[1])))
    print(upstream.url, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
