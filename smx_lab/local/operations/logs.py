"""The actions of CloudWatch Logs that read the logs of jobs and endpoints."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from smx_lab.local.context import PARTITION, Answer, Context, Request
from smx_lab.local.errors import ServiceError
from smx_lab.local.logs import streams as log_streams
from smx_lab.local.logs.streams import Event, LogStream, Position
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records.paging import make_token, read_token

# Source of the three: CloudWatch Logs API Reference, DescribeLogStreams and GetLogEvents.
STREAMS_A_PAGE = 50
MAX_EVENTS = 10_000
MAX_EVENT_BYTES = 1024 * 1024

_TOKEN = re.compile(r"([fb])/(\d+)-(\d+)")


@operation("DescribeLogStreams", service="logs")
def describe_log_streams(_: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of the streams of a group, by name or by their last event."""
    group = group_of(request)
    by_time = request.get("orderBy") == "LastEventTime"
    prefix = request.get("logStreamNamePrefix", "")
    if by_time and prefix:
        raise invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
    streams = [item for item in require_streams(context, group) if item.name.startswith(prefix)]
    if by_time:
        streams.sort(key=lambda item: item.path.stat().st_mtime_ns)
    if request.get("descending"):
        streams.reverse()
    kind = f"{group} {prefix} {by_time} {request.get('descending')}"
    start = read_token(request["nextToken"], kind, 1)[0] if "nextToken" in request else 0
    end = start + request.get("limit", STREAMS_A_PAGE)
    return {
        "logStreams": [_describe(context, group, item) for item in streams[start:end]],
        "nextToken": make_token(kind, end) if end < len(streams) else None,
    }


@operation("GetLogEvents", service="logs")
def get_log_events(_: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return part of a stream: its end, its start, or the events after or before a token."""
    group, name = group_of(request), request["logStreamName"]
    stream = next((item for item in require_streams(context, group) if item.name == name), None)
    if stream is None:
        raise not_found("The specified log stream does not exist.")
    events = list(log_streams.read_events(stream))
    shown, position = _part(events, request)
    first = shown[0].position if shown else position
    last = shown[-1].position if shown else position
    within = [event for event in shown if is_within(event, request)]
    return {
        "events": [
            {
                "timestamp": event.line.time_ms,
                "message": event.line.text,
                "ingestionTime": event.line.time_ms,
            }
            for event in within
        ],
        "nextForwardToken": f"f/{last[0]}-{last[1]}",
        "nextBackwardToken": f"b/{first[0]}-{first[1]}",
    }


def _part(events: list[Event], request: Request) -> tuple[list[Event], Position]:
    """Return the requested events, and the position to keep if there are none."""
    limit = request.get("limit", MAX_EVENTS)
    token = request.get("nextToken")
    if token is None:
        forward = bool(request.get("startFromHead"))
        position = (0, 0)
        start, end = 0, len(events)
    else:
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise invalid("The specified nextToken is invalid.")
        forward, position = match[1] == "f", (int(match[2]), int(match[3]))
        start = log_streams.index_after(events, position) if forward else 0
        end = len(events) if forward else log_streams.index_before(events, position)
    if forward:
        return _within_bytes(events[start : min(end, start + limit)]), position
    chosen = events[max(start, end - limit) : end]
    return _within_bytes(chosen[::-1])[::-1], position


def _within_bytes(events: list[Event]) -> list[Event]:
    """Return as many of the first events as one answer may hold, but at least one."""
    size = 0
    for number, event in enumerate(events):
        size += len(event.line.text)
        if size > MAX_EVENT_BYTES and number:
            return events[:number]
    return events


def is_within(event: Event, request: Request) -> bool:
    """Return whether an event is within the requested time."""
    time_ms = event.line.time_ms
    until = request.get("endTime")
    return bool(time_ms >= request.get("startTime", 0) and (until is None or time_ms < until))


def _describe(context: Context, group: str, stream: LogStream) -> dict[str, Any]:
    arn = (
        f"arn:{PARTITION}:logs:{context.region}:{context.account}:"
        f"log-group:{group}:log-stream:{stream.name}"
    )
    last_ms = stream.path.stat().st_mtime_ns // 1_000_000
    return {
        "logStreamName": stream.name,
        "arn": arn,
        "creationTime": stream.created_ms,
        "firstEventTimestamp": stream.created_ms,
        "lastEventTimestamp": last_ms,
        "lastIngestionTime": last_ms,
        "storedBytes": stream.size,
    }


def group_of(request: Request) -> str:
    """Return the name of the requested group. Raises ServiceError if there is none."""
    name = request.get("logGroupName")
    identifier = request.get("logGroupIdentifier", "")
    if not name and not identifier:
        raise invalid("One of logGroupName and logGroupIdentifier must be given.")
    return str(name or identifier.partition(":log-group:")[2] or identifier)


def require_streams(context: Context, group: str) -> list[LogStream]:
    """Return the streams of a group. Raises ServiceError if it does not exist."""
    streams = log_streams.streams_of(context.data_dir, group)
    if streams is None:
        raise not_found("The specified log group does not exist.")
    return streams


def invalid(message: str) -> ServiceError:
    """Return the error for members that cannot be combined."""
    return ServiceError("InvalidParameterException", message)


def not_found(message: str) -> ServiceError:
    """Return the error for a group or stream that does not exist."""
    return ServiceError("ResourceNotFoundException", message)
