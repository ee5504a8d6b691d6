"""Searches of a seeded store by signed HTTP requests, as a client sends them."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from typing import Any, NamedTuple

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from bench._clients import WORK
from bench._peers import Peer

PAGE = 100


def by_metric(turn: int) -> dict[str, Any]:
    """Filter by a text, a number and a metric; sort by another metric."""
    return {
        "SearchExpression": {
            "Filters": [
                {"Name": "Parameters.text-0", "Operator": "Equals", "Value": "adam"},
                {
                    "Name": "Parameters.number-1",
                    "Operator": "GreaterThan",
                    "Value": f"0.{3 + turn % 5}",
                },
                {"Name": "Metrics.metric-2.Last", "Operator": "LessThan", "Value": "0.9"},
            ]
        },
        "SortBy": f"Metrics.metric-{3 + turn % 3}.Max",
    }


def of_experiment(turn: int) -> dict[str, Any]:
    """The components of an experiment, oldest first, as when a table is opened."""
    found = {
        "Name": "Parents.ExperimentName",
        "Operator": "Equals",
        "Value": f"experiment-{turn % 10}",
    }
    return {
        "SearchExpression": {"Filters": [found]},
        "SortBy": "CreationTime",
        "SortOrder": "Ascending",
    }


def one_metric(turn: int) -> dict[str, Any]:
    """Filter by one metric, sorted by it."""
    name = f"Metrics.metric-{turn % 10}.Last"
    found = {"Name": name, "Operator": "GreaterThan", "Value": "0.5"}
    return {"SearchExpression": {"Filters": [found]}, "SortBy": name}


def all_by_metric(turn: int) -> dict[str, Any]:
    """Everything, sorted by a metric."""
    return {"SortBy": f"Metrics.metric-{turn % 10}.Avg"}


def experiment_by_metric(turn: int) -> dict[str, Any]:
    """The components of an experiment, best first."""
    asked = of_experiment(turn)
    return {
        "SearchExpression": asked["SearchExpression"],
        "SortBy": f"Metrics.metric-{turn % 10}.Max",
    }


def by_parameter(turn: int) -> dict[str, Any]:
    """Filter by a parameter, sorted by another one."""
    found = {"Name": "Parameters.number-1", "Operator": "LessThan", "Value": "0.1"}
    return {"SearchExpression": {"Filters": [found]}, "SortBy": f"Parameters.number-{2 + turn % 5}"}


def by_name(turn: int) -> dict[str, Any]:
    """Filter by a part of the name, newest first."""
    found = {"Name": "TrialComponentName", "Operator": "Contains", "Value": f"job-{turn % 9 + 1}7"}
    return {"SearchExpression": {"Filters": [found]}, "SortBy": "CreationTime"}


def unassigned(_: int) -> dict[str, Any]:
    """Filter by having no trial. Nothing matches, but every component is examined."""
    found = {"Name": "Parents.TrialName", "Operator": "NotExists"}
    return {"SearchExpression": {"Filters": [found]}}


def changed(_: int) -> dict[str, Any]:
    """Filter by the time of the last change, as when a table is refreshed."""
    found = {
        "Name": "LastModifiedTime",
        "Operator": "GreaterThan",
        "Value": "2030-01-01T00:00:00",
    }
    return {"SearchExpression": {"Filters": [found]}}


QUERIES = (
    by_metric,
    one_metric,
    all_by_metric,
    by_parameter,
    of_experiment,
    experiment_by_metric,
    by_name,
    unassigned,
    changed,
)


class Taken(NamedTuple):
    """Median ms of first pages, of next pages, and of next pages after a write; and the matches."""

    first: float
    following: float | None
    after_write: float | None
    total: int


class Searcher:
    """One HTTP connection that stays open."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._credentials = Credentials(peer.key, peer.secret)
        self._connection = http.client.HTTPConnection(peer.url.removeprefix("http://"), timeout=600)

    def ask(self, request: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """Return the ms from the first byte sent to the last byte received, and the response."""
        body = json.dumps({"Resource": "ExperimentTrialComponent", "MaxResults": PAGE, **request})
        signed = AWSRequest(
            "POST",
            self._peer.url + "/",
            data=body.encode(),
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "SageMaker.Search",
            },
        )
        SigV4Auth(self._credentials, "sagemaker", "us-east-1").add_auth(signed)
        start = time.perf_counter()
        self._connection.request("POST", "/", body.encode(), dict(signed.headers))
        answer = self._connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - start) * 1000
        if answer.status != 200:
            raise RuntimeError(content)
        return took, json.loads(content)

    def measure(self, query: Any, times: int) -> Taken:
        """Repeat a search: first page, next page, a write of ten metrics, next page again."""
        # The writes change a component that is in no experiment and on no page.
        writing = WORK["points"](self._peer, f"written-{query.__name__.replace('_', '-')}")
        first, second, third, total = [], [], [], 0
        for turn in range(times):
            request = query(turn)
            took, answer = self.ask(request)
            first.append(took)
            total = answer["TotalHits"]["Value"]
            if not answer.get("NextToken"):
                continue
            following = {**request, "NextToken": answer["NextToken"]}
            second.append(self.ask(following)[0])
            next(writing)
            third.append(self.ask(following)[0])
        return Taken(statistics.median(first), _median(second), _median(third), total)


def _median(taken: list[float]) -> float | None:
    return statistics.median(taken) if taken else None
