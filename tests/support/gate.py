"""A gate before a local service: it lets calls through, counts them, and refuses or holds some."""

import json
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.judging_aws import ARN


def denied(action):
    """The code and the text with which AWS refuses an action."""
    text = f"User: {ARN} is not authorized to perform: sagemaker:{action} on resource: *"
    return "AccessDeniedException", text


class Gate:
    """Listens at ``url``; ``calls`` are the actions that were asked for, oldest first.

    ``rule(action, members)`` may do what it likes before a call is let through: it answers None,
    or the code and the text of an error in place of it.
    """

    def __init__(self, service):
        self.calls = []
        self.rule = lambda _action, _members: None
        self.answers = {}
        """What is answered to an action, whatever is asked."""
        self._service = service
        self._credentials = Credentials(service.access_key_id, service.secret_access_key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reset(self):
        """Let everything through again, and forget what came."""
        self.calls.clear()
        self.answers.clear()
        self.rule = lambda _action, _members: None

    def deny(self, *actions):
        """Refuse some actions for want of a permission, and let through all others."""
        self.rule = lambda action, _members: denied(action) if action in actions else None

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                action = self.headers.get("X-Amz-Target", self.path).rpartition(".")[2]
                gate.calls.append(action)
                refusal = gate.rule(action, json.loads(body or b"{}"))
                if refusal:
                    code, message = refusal
                    status = 400
                    text = json.dumps({"__type": code, "message": message}).encode()
                elif action in gate.answers:
                    status, text = 200, json.dumps(gate.answers[action]).encode()
                else:
                    status, text = gate._forward(self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_arguments):
                """Say nothing."""

        return Handler

    def _forward(self, path, headers, body):
        # Signed anew: the Host is another one behind the gate.
        request = AWSRequest(
            "POST",
            f"{self._service.sagemaker_url}{path}",
            {name: headers[name] for name in ("X-Amz-Target", "Content-Type")},
            body,
        )
        SigV4Auth(self._credentials, "sagemaker", self._service.region).add_auth(request)
        address = urlsplit(self._service.sagemaker_url)
        connection = HTTPConnection(address.hostname, address.port)
        connection.request("POST", path, body, dict(request.headers))
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text
