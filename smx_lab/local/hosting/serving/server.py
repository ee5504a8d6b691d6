"""HTTP on a Unix socket: ``GET /ping`` and ``POST /invocations`` for one loaded model."""

from __future__ import annotations

import itertools
import os
import signal
import socketserver
import sys
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar

from smx_lab.local.hosting.serving.codecs import UnsupportedTypeError
from smx_lab.local.hosting.serving.contract import ContractError, Model

CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
# The largest body that InvokeEndpoint takes, in bytes. Source: SageMaker API Reference.
MAX_BODY_BYTES = 6_291_456


class _Handler(BaseHTTPRequestHandler):
    """One connection. Only the service connects."""

    protocol_version = "HTTP/1.1"
    model: ClassVar[Model]
    # A container's worker handles one request at a time, and models rely on it.
    turn: ClassVar[threading.Lock] = threading.Lock()

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/ping" else 404, b"", "text/plain")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if self.path != "/invocations" or not length.isdigit() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            self._answer(404 if self.path != "/invocations" else 413, b"", "text/plain")
            return
        body = self.rfile.read(int(length))
        try:
            with self.turn:
                reply = self.model.transform(
                    body,
                    self.headers.get("Content-Type", "application/json"),
                    self.headers.get("Accept", "*/*"),
                )
                if not isinstance(reply.body, bytes):
                    self._answer_in_parts(reply.body, reply.content_type)
                    return
        except UnsupportedTypeError as error:
            self._answer(415, str(error).encode(), "text/plain")
        except Exception as error:  # noqa: BLE001 - the model's own code; the caller gets it all
            traceback.print_exc()
            text = f"{error}\n{traceback.format_exc()}"
            self._answer(500, text.encode(), "text/plain")
        else:
            self._answer(200, reply.body, reply.content_type)

    def _answer(self, status: int, body: bytes, content_type: str) -> None:
        self._head(status, content_type, {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def _answer_in_parts(self, parts: Iterator[bytes], content_type: str) -> None:
        """Send each part as soon as it is there; raise what fails before the first part."""
        first = next(parts, b"")
        self._head(200, content_type, {"Transfer-Encoding": "chunked"})
        try:
            for part in itertools.chain([first], parts):
                if part:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
        except Exception:  # noqa: BLE001 - the model's own code, or nobody reads: the answer breaks off
            traceback.print_exc()
            self.close_connection = True

    def _head(self, status: int, content_type: str, length: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in length.items():
            self.send_header(name, value)
        if CUSTOM_ATTRIBUTES in self.headers:
            self.send_header(CUSTOM_ATTRIBUTES, self.headers[CUSTOM_ATTRIBUTES])
        self.end_headers()

    def address_string(self) -> str:
        """A Unix socket has no address worth a line in the log."""
        return "-"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Log invocations; a ping every second would drown them."""
        if self.path != "/ping":
            super().log_request(code, size)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


def main(arguments: list[str]) -> None:
    """Load the model, then listen on the socket named; exit with 1 if it cannot be loaded.

    The folders come by ``SM_MODEL_DIR`` and ``SMX_CODE_DIR``. Why a model could not be loaded is
    written to ``SMX_FAILURE_FILE`` in one line, and to the log in full.
    """
    address = arguments[0]
    code_dir = os.environ.pop("SMX_CODE_DIR", "")
    failure_file = Path(os.environ.pop("SMX_FAILURE_FILE"))
    try:
        _Handler.model = Model(
            Path(os.environ["SM_MODEL_DIR"]), Path(code_dir) if code_dir else None, os.environ
        )
    # SystemExit too: a training script may end itself while it is imported.
    except BaseException as error:  # noqa: BLE001 - the model's own code; told, then we end
        traceback.print_exc()
        plain = isinstance(error, ContractError)
        text = str(error) if plain else f"{type(error).__name__}: {error}"
        failure_file.write_text(text, encoding="utf-8", errors="replace")
        sys.exit(1)
    # The socket's folder is private; the socket itself is made so as well.
    os.umask(0o177)
    with _Server(address, _Handler) as server:
        os.umask(0o077)
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        sys.stdout.write("The model is loaded.\n")
        sys.stdout.flush()
        server.serve_forever()
