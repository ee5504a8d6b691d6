"""DescribeLogGroups, and FilterLogEvents over all streams of a group."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from smx_lab.local.context import PARTITION, Answer, Context, Request
from smx_lab.local.logs import streams as log_streams
from smx_lab.local.logs.pattern import PatternError, parse_pattern
from smx_lab.local.logs.streams import Event, LogStream
from smx_lab.local.operations.logs import (
    MAX_EVENTS,
    group_of,
    invalid,
    is_within,
    not_found,
    require_streams,
)
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records.paging import make_token, read_token

_Place = tuple[int, str, int]
"""The position of an event among those of all streams: its time, its stream, its number."""

# Source: CloudWatch Logs API Reference, DescribeLogGroups.
GROUPS_A_PAGE = 50


@operation("DescribeLogGroups", service="logs")
def describe_log_groups(_: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of the groups: those of jobs, and one for each endpoint."""
    prefix, part = request.get("logGroupNamePrefix", ""), request.get("logGroupNamePattern", "")
    if prefix and part:
        raise invalid("Only one of logGroupNamePrefix and logGroupNamePattern can be given.")
    names = [
        name
        for name in log_streams.groups(context.data_dir)
        if name.startswith(prefix) and part in name
    ]
    kind = f"groups {prefix} {part}"
    start = read_token(request["nextToken"], kind, 1)[0] if "nextToken" in request else 0
    end = start + request.get("limit", GROUPS_A_PAGE)
    return {
        "logGroups": [_describe(context, name) for name in names[start:end]],
        "nextToken": make_token(kind, end) if end < len(names) else None,
    }


@operation("FilterLogEvents", service="logs")
def filter_log_events(_: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return one page of matching lines of all streams or some, oldest first."""
    group = group_of(request)
    streams = _select_streams(require_streams(context, group), request)
    try:
        pattern = parse_pattern(request.get("filterPattern", ""))
    except PatternError as error:
        raise invalid(f"{error} are not offered by the local SageMaker service.") from None
    kind = f"{group} {pattern} {[stream.name for stream in streams]}"
    place: _Place = (request.get("startTime", 0), "", -1)
    if "nextToken" in request:
        time_ms, name, number = read_token(request["nextToken"], kind, 3)
        place = max(place, (time_ms, name, number))
    limit = request.get("limit", MAX_EVENTS)
    found: list[tuple[_Place, Event]] = []
    for stream in streams:
        fits = _events_between(
            place, found[limit][0] if len(found) > limit else None, stream, request
        )
        matching = (one for one in fits if pattern.matches(one[1].line.text))
        found = sorted([*found, *islice(matching, limit + 1)], key=itemgetter(0))[: limit + 1]
    page = found[:limit]
    return {
        "events": [_event(place[1], event) for place, event in page],
        "searchedLogStreams": [],
        "nextToken": make_token(kind, *page[-1][0]) if len(found) > limit else None,
    }


def _events_between(
    after: _Place, before: _Place | None, stream: LogStream, request: Request
) -> Iterator[tuple[_Place, Event]]:
    """Yield the events of a stream between two places and within the requested time.

    The stream is read up to the first event after them.
    """
    for event in log_streams.read_events(stream, since_ms=after[0]):
        place = (event.line.time_ms, stream.name, event.position[1])
        if (before is not None and place >= before) or not is_within(event, request):
            return
        if place > after:
            yield place, event


def _select_streams(streams: list[LogStream], request: Request) -> list[LogStream]:
    names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix", "")
    if names and prefix:
        raise invalid("Only one of logStreamNames and logStreamNamePrefix can be given.")
    if names and not set(names) <= {stream.name for stream in streams}:
        raise not_found("The specified log stream does not exist.")
    return [
        stream
        for stream in streams
        if stream.name.startswith(prefix) and (not names or stream.name in names)
    ]


def _event(stream: str, event: Event) -> dict[str, Any]:
    return {
        "logStreamName": stream,
        "timestamp": event.line.time_ms,
        "message": event.line.text,
        "ingestionTime": event.line.time_ms,
        "eventId": f"{stream}/{event.position[0]}-{event.position[1]}",
    }


def _describe(context: Context, name: str) -> dict[str, Any]:
    arn = f"arn:{PARTITION}:logs:{context.region}:{context.account}:log-group:{name}"
    streams = log_streams.streams_of(context.data_dir, name) or []
    return {
        "logGroupName": name,
        "creationTime": min((stream.created_ms for stream in streams), default=0),
        "metricFilterCount": 0,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": sum(stream.size for stream in streams),
        "logGroupClass": "STANDARD",
    }
