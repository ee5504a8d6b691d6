"""Search over a seeded store, asked as a client asks: signed, over HTTP, answers read whole."""

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
    """The components of an experiment, oldest first: what opening a table asks."""
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
    """A part of the name, newest first."""
    found = {"Name": "TrialComponentName", "Operator": "Contains", "Value": f"job-{turn % 9 + 1}7"}
    return {"SearchExpression": {"Filters": [found]}, "SortBy": "CreationTime"}


def unassigned(_: int) -> dict[str, Any]:
    """What is in no trial: nothing, which takes a look at everything."""
    found = {"Name": "Parents.TrialName", "Operator": "NotExists"}
    return {"SearchExpression": {"Filters": [found]}}


def changed(_: int) -> dict[str, Any]:
    """What was modified since a while: what a refresh asks."""
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
    """Median milliseconds of first pages, of next ones and of these after a write, if there are
    any; and how many records match."""

    first: float
    following: float | None
    after_write: float | None
    total: int


class Searcher:
    """One connection that is kept open."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._credentials = Credentials(peer.key, peer.secret)
        self._connection = http.client.HTTPConnection(peer.url.removeprefix("http://"), timeout=600)

    def ask(self, request: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """Return milliseconds from the first byte out to the last one in, and the answer."""
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
        """Search so many times, each time turn the page, write ten metrics, and turn it again."""
        # What is written is in no experiment and in no page.
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
