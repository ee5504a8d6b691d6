"""What we add to a boto3 client, by its own events: the account's throttle, and a quicker parser.

Signing, retries and errors stay botocore's.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import msgspec

from smx_lab.core import wire_json
from smx_lab.core.errors import Throttled
from smx_lab.gateway.credentials.accounts import account_of_key
from smx_lab.gateway.errors import KIND_BY_CODE
from smx_lab.gateway.throttle import URGENT, AccountThrottle, AccountThrottles

_KEY_ID = re.compile(r"Credential=([^/,\s]+)/")

_READING = re.compile(r"\.(Search|List|Describe|Get)")

_NULL = re.compile(rb":\s*null")

UNREADABLE = "smx-lab:unreadable"
"""In a reply: the answer was no JSON object, which botocore reads as an answer without members."""

COMPONENTS = "smx-lab:components"
"""In a reply within ``plain_answers``: the ``Components``, if all of it could be read that way."""

_priority: ContextVar[int] = ContextVar("priority", default=URGENT)
_is_plain: ContextVar[bool] = ContextVar("is_plain", default=False)


@contextmanager
def priority(level: int) -> Iterator[None]:
    """Give the calls inside the block this priority: ``URGENT`` or ``BULK``."""
    before = _priority.set(level)
    try:
        yield
    finally:
        _priority.reset(before)


@contextmanager
def plain_answers() -> Iterator[None]:
    """Read a Search for trial components without botocore's parser inside the block.

    That parser visits every member of every record, which takes twenty times as long. A reply has
    ``COMPONENTS``. If the answer has an unusual form, it has ``Results`` as in the JSON, with times
    in epoch seconds. If that might differ from what botocore's parser returns, botocore parses it.
    """
    before = _is_plain.set(True)
    try:
        yield
    finally:
        _is_plain.reset(before)


class Throttling:
    """Sends the calls of a client as the throttle of their account allows."""

    def __init__(self, throttles: AccountThrottles) -> None:
        self.last: AccountThrottle | None = None
        """The throttle of the last call that changed nothing."""
        self._throttles = throttles
        self._entered = threading.local()

    def register(self, client: Any) -> None:
        """Limit every request of the client, also those that botocore repeats."""
        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register(f"before-send.{service}", self._before_send)
        client.meta.events.register(f"response-received.{service}", self._received)

    def ended(self) -> None:
        """Leave the throttle, if botocore failed before it told us of a response."""
        self._received(None)

    def _before_send(self, request: Any, **_: Any) -> None:
        host, account = urlsplit(request.url).netloc, _account(request)
        if _is_reading(request):
            throttle = self.last = self._throttles.of(host, account)
        else:
            # AWS allows fewer changes than reads, and a long clean up must not hold up reads.
            throttle = self._throttles.of(host, f"{account} changes")
        self._entered.call = (throttle, throttle.enter(_priority.get()))

    def _received(self, parsed_response: dict[str, Any] | None, **_: Any) -> None:
        call = getattr(self._entered, "call", None)
        if call is None:
            return
        self._entered.call = None
        throttle, sent = call
        code = (parsed_response or {}).get("Error", {}).get("Code", "")
        throttle.leave(sent, KIND_BY_CODE.get(code) is Throttled)


def register_parser(client: Any) -> None:
    """Mark ``UNREADABLE`` answers of this client, and let ``plain_answers`` have an effect."""
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-parse.{service}", _before_parse)


def _before_parse(
    operation_model: Any,
    response_dict: dict[str, Any],
    customized_response_dict: dict[str, Any],
    **_: Any,
) -> None:
    body = response_dict["body"]
    if response_dict["status_code"] != 200 or not isinstance(body, bytes) or not body:
        return
    answer = None
    if _is_plain.get() and operation_model.name == "Search":
        answer = _read(body)
    # botocore would not treat an error raised here as one of the call, so the caller raises it.
    if answer is None and not _is_json(body):
        answer = {UNREADABLE: True}
    if answer is not None:
        customized_response_dict.update(answer)
        response_dict["body"] = b""


def _read(body: bytes) -> dict[str, Any] | None:
    """Return the members of a reply; None to leave it to botocore."""
    if (found := wire_json.components(body)) is not None:
        return {COMPONENTS: found}
    if _NULL.search(body):  # botocore drops members that are null; SageMaker leaves them out
        return None
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        return None


def _is_json(body: bytes) -> bool:
    """Whether an answer is complete: a connection may break in the middle of it."""
    try:
        msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        return _is_loose_json(body)
    return True


def _is_loose_json(body: bytes) -> bool:
    """Whether botocore can read it: its parser also accepts a bare NaN."""
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _is_reading(request: Any) -> bool:
    """Whether a call changes nothing, by the name of its operation."""
    return bool(_READING.search(_text(request.headers.get("X-Amz-Target", ""))))


def _account(request: Any) -> str:
    found = _KEY_ID.search(_text(request.headers.get("Authorization", "")))
    return account_of_key(found[1]) if found else ""


def _text(header: str | bytes) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else header
