"""Searches the local service for trial components by plain HTTP, without boto3.

To import boto3 with its model of SageMaker takes longer than to read a thousand trial components,
and a script that reads a table does not need it. Whenever the search does not go as usual, boto3
makes it again: after errors, if the service has moved, or if only botocore's parser can read the
answer. So the results are always those of boto3.
"""

from __future__ import annotations

import http.client
import weakref
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from smx_lab.core import wire_json
from smx_lab.core.connection import LocalService
from smx_lab.core.errors import ServiceUnavailable
from smx_lab.core.signing import Signer
from smx_lab.core.wire_json import Components
from smx_lab.gateway.boto import LOCAL_CONFIG
from smx_lab.gateway.errors import LOCAL_IS_SILENT

_TARGET = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "SageMaker.Search"}

_Idle = deque[http.client.HTTPConnection]


class Found(NamedTuple):
    """The trial components of one answer, and its header ``Date``."""

    components: Components
    date: str | None


class LocalSearch:
    """Searches one local service, over connections that stay open. Safe from any thread."""

    def __init__(self, local: LocalService) -> None:
        """Prepare; nothing is connected to before the first search."""
        self._host = urlsplit(local.sagemaker_url).netloc
        self._signer = Signer(
            local.access_key_id, local.secret_access_key, local.region, "sagemaker"
        )
        self._idle: _Idle = deque()
        weakref.finalize(self, _close, self._idle)

    def ask(self, members: Mapping[str, Any]) -> Found | None:
        """Call Search, and return what it found; None if boto3 has to make the call.

        Raises
        ------
        ServiceUnavailable
            If the service takes the request and does not answer for long: boto3 would wait again.
        """
        body = msgspec.json.encode(members)
        headers = {**_TARGET, "host": self._host}
        signed = self._signer.sign("POST", "/", headers, body, datetime.now(timezone.utc))
        try:
            answer = self._send(body, signed)
        except TimeoutError as error:
            raise ServiceUnavailable(LOCAL_IS_SILENT) from error
        except (OSError, http.client.HTTPException):
            return None
        if answer is None:
            return None
        data, date = answer
        components = wire_json.components(data)
        return None if components is None else Found(components, date)

    def _send(self, body: bytes, headers: Mapping[str, str]) -> tuple[bytes, str | None] | None:
        """Return body and date of a good answer; None for any other."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            try:
                return self._send_on(connection, body, headers)
            except (ConnectionError, http.client.HTTPException):
                continue  # the server has closed it since, which is no failure
        timeout: float = LOCAL_CONFIG["connect_timeout"]
        return self._send_on(http.client.HTTPConnection(self._host, timeout=timeout), body, headers)

    def _send_on(
        self, connection: http.client.HTTPConnection, body: bytes, headers: Mapping[str, str]
    ) -> tuple[bytes, str | None] | None:
        is_kept = False
        try:
            if connection.sock is None:
                connection.connect()
            connection.sock.settimeout(LOCAL_CONFIG["read_timeout"])
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            data = answer.read()
            is_kept = not answer.will_close
        finally:
            if is_kept:
                self._idle.append(connection)
            else:
                connection.close()
        return (data, answer.headers["Date"]) if answer.status == 200 else None


def _close(idle: _Idle) -> None:
    while idle:
        idle.pop().close()
