"""What the list and describe operations return of the records that Search finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.support.sagemaker_records import ARN, MORNING, Record

PAGE = 100
SUMMARY = (
    "TrialComponentName",
    "TrialComponentArn",
    "DisplayName",
    "Status",
    "StartTime",
    "EndTime",
    "CreationTime",
    "CreatedBy",
    "LastModifiedTime",
)
"""The members of a record that ListTrialComponents returns."""


def answer(records: Sequence[Record], request: dict[str, Any]) -> dict[str, Any] | None:
    """Return the reply of any operation but Search; None if what it names does not exist."""
    operation = request["Operation"]
    if operation == "ListExperiments":
        names = sorted({experiment for r in records for _, experiment in r.parents})
        return _page("ExperimentSummaries", [_named("Experiment", n) for n in names], request)
    if operation == "ListTrials":
        wanted = request.get("ExperimentName")
        names = sorted({t for r in records for t, e in r.parents if wanted in (None, e)})
        return _page("TrialSummaries", [_named("Trial", name) for name in names], request)
    if operation == "ListTrialComponents":
        trial = request.get("TrialName")
        found = [r for r in records if trial is None or trial in [t for t, _ in r.parents]]
        return _page("TrialComponentSummaries", [_summary(r) for r in found], request)
    if operation == "DescribeTrial":
        name = request["TrialName"]
        of = next((e for r in records for t, e in r.parents if t == name), None)
        return {**_named("Trial", name), "ExperimentName": of} if of else None
    if operation == "DescribeTrialComponent":
        record = next((r for r in records if r.name == request["TrialComponentName"]), None)
        left_out = ("Parents", "Tags")
        return record and {k: v for k, v in record.record().items() if k not in left_out}
    assert operation == "ListTags", operation
    name = request["ResourceArn"].rpartition("/")[2]
    record = next((r for r in records if r.name == name), None)
    return record and {"Tags": record.record()["Tags"]}


def _page(member: str, found: list[Any], request: dict[str, Any]) -> dict[str, Any]:
    first = int(request.get("NextToken", 0))
    end = first + min(PAGE, request.get("MaxResults", 10))
    more = {"NextToken": str(end)} if end < len(found) else {}
    return {member: found[first:end], **more}


def _named(kind: str, name: str) -> dict[str, Any]:
    arn = f"{ARN}:experiment/{name}"
    return {f"{kind}Name": name, f"{kind}Arn": arn, "CreationTime": MORNING}


def _summary(record: Record) -> dict[str, Any]:
    whole = record.record()
    source = {"TrialComponentSource": whole["Source"]}
    return {**{member: whole[member] for member in SUMMARY}, **source}
