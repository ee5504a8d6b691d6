"""The tests' AWS: it allows or refuses a call by its access key, with AWS's messages.

``AKIDGOOD`` has an empty account, ``AKIDDENIED`` may do nothing, ``AKIDEXPIRED`` has expired, and
``AKIDUNKNOWN`` is unknown. A key that names actions, such as ``AKIDNO-Search-ListModels``, may do
all but those.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

ARN = "arn:aws:sts::111122223333:assumed-role/analyst/ada"
EXPIRED = "The security token included in the request is expired"
UNKNOWN = "The security token included in the request is invalid."
LISTS = {
    "Search": "Results",
    "ListExperiments": "ExperimentSummaries",
    "ListTrials": "TrialSummaries",
    "ListTrialComponents": "TrialComponentSummaries",
    "ListTrainingJobs": "TrainingJobSummaries",
    "ListModels": "Models",
    "ListEndpointConfigs": "EndpointConfigs",
    "ListEndpoints": "Endpoints",
    "ListTags": "Tags",
}


class Upstream:
    """Listens on 127.0.0.1 at ``url``; ``calls`` are (access key, action), oldest first."""

    def __init__(self):
        self.calls = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                status, kind, text = upstream.answer(self.headers, self.path, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_arguments):
                """Say nothing."""

        return Handler

    def answer(self, headers, path, body):
        """Return (HTTP status, content type, text)."""
        signed = re.search(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/", headers["Authorization"])
        key, service = signed[1], signed[2]
        query = re.search(r"Action=(\w+)", body) if service in ("sts", "iam") else None
        action = query[1] if query else headers.get("X-Amz-Target", path).rpartition(".")[2]
        action = action.strip("/")
        self.calls.append((key, action))
        failed = _failure(key, service, action)
        if service in ("sts", "iam"):
            return _query(action, failed, _simulated(key, body))
        if failed:
            code, message = failed
            kind = "application/x-amz-json-1.1"
            return 400, kind, json.dumps({"__type": code, "message": message})
        return _json(action)


def _failure(key, service, action):
    if key.startswith("AKIDEXPIRED"):
        return ("ExpiredToken" if service == "sts" else "ExpiredTokenException", EXPIRED)
    if key.startswith("AKIDUNKNOWN"):
        known = "InvalidClientTokenId" if service == "sts" else "UnrecognizedClientException"
        return (known, UNKNOWN)
    missing = key.split("-")[1:] if key.startswith("AKIDNO-") else ()
    if action in missing or (key.startswith("AKIDDENIED") and service != "sts"):
        name = {"iam": "iam", "logs": "logs"}.get(service, "sagemaker")
        why = f"because no identity-based policy allows the {name}:{action} action"
        denied = "AccessDenied" if service == "iam" else "AccessDeniedException"
        text = f"User: {ARN} is not authorized to perform: {name}:{action} on resource: * {why}"
        return (denied, text)
    return None


def _simulated(key, body):
    missing = key.split("-")[1:] if key.startswith("AKIDNO-") else ()
    actions = [unquote(found) for found in re.findall(r"ActionNames\.member\.\d+=([^&]+)", body)]
    decisions = {
        action: "implicitDeny" if action.partition(":")[2] in missing else "allowed"
        for action in actions
    }
    return "".join(
        f"<member><EvalActionName>{action}</EvalActionName>"
        f"<EvalDecision>{decision}</EvalDecision></member>"
        for action, decision in decisions.items()
    )


def _query(action, failed, simulated):
    if failed:
        error = f"<Error><Type>Sender</Type><Code>{failed[0]}</Code><Message>{failed[1]}</Message>"
        text = f"<ErrorResponse>{error}</Error><RequestId>r-1</RequestId></ErrorResponse>"
        return 403, "text/xml", text
    if action == "GetCallerIdentity":
        account = "<UserId>A:ada</UserId><Account>111122223333</Account>"
        result = f"<Arn>{ARN}</Arn>{account}"
    else:
        result = f"<EvaluationResults>{simulated}</EvaluationResults>"
    text = f"<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"
    return 200, "text/xml", text


def credentials_file(**profiles):
    """Return the text of a shared credentials file: an access key for each profile."""
    return "\n".join(
        f"[{profile}]\naws_access_key_id = {key}\naws_secret_access_key = a-secret-of-{profile}\n"
        for profile, key in profiles.items()
    )


def _json(action):
    kind = "application/x-amz-json-1.1"
    if action in LISTS:
        return 200, kind, json.dumps({LISTS[action]: []})
    if action == "BatchGetMetrics":
        return 200, "application/json", json.dumps({"MetricQueryResults": []})
    if action.startswith("Describe"):
        error = {"__type": "ValidationException", "message": "Could not find what was asked for."}
        return 400, kind, json.dumps(error)
    return 200, kind, "{}"
