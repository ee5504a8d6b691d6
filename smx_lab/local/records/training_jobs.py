"""The rows of training jobs and their trial components, and training jobs in answers.

The process of a job writes events (`training_process`). Each is applied once, in one transaction
with the offset after it.
"""

from __future__ import annotations

import sqlite3
import struct
from typing import Any

import msgspec

from smx_lab.local.context import Context, Request
from smx_lab.local.files.locations import join
from smx_lab.local.records import entities
from smx_lab.local.records.experiment_config import join_run, put_run_metrics, update_run
from smx_lab.local.records.job_components import component_request, component_update
from smx_lab.local.records.jobs import ENDED, MAX_REASON_CHARS, has_component
from smx_lab.local.records.metrics import MetricPoint, put_metrics
from smx_lab.local.records.tags import without_tags
from smx_lab.local.records.trial_components import Source, insert_trial_component, merge_update
from smx_lab.local.supervision.supervisor_client import Event

TABLE = "training_job"
RESOURCE_TYPE = "training-job"
SOURCE_TYPE = "SageMakerTrainingJob"
# Source: botocore's model, MetricName and FinalMetricDataList.
MAX_METRIC_NAME_CHARS = 255
MAX_FINAL_METRICS = 40
# Source: SageMaker API Reference, StoppingCondition.
DEFAULT_MAX_RUNTIME_S = 86_400


def find_job(cx: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    """Return the row of a training job."""
    return entities.find_row(cx, TABLE, name)


def max_runtime_s(request: Request) -> int:
    """Return the time limit of a job in seconds."""
    limit: int = request.get("StoppingCondition", {}).get(
        "MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_S
    )
    return limit


def model_location(request: Request) -> str:
    """Return S3ModelArtifacts of a job that completes, in the form the request uses."""
    return output_location(request, "model.tar.gz")


def output_location(request: Request, name: str) -> str:
    """Return where a file of the job's output goes, in the form the request uses."""
    path = request["OutputDataConfig"]["S3OutputPath"]
    return join(path, request["TrainingJobName"], "output", name)


def insert_job(cx: sqlite3.Connection, context: Context, request: Request) -> str:
    """Insert a job that is Starting and its trial component; return the component's name."""
    name, now = request["TrainingJobName"], context.now_ms()
    component = f"{name}-aws-training-job"
    cx.execute(
        """
        INSERT INTO training_job (
            name, request, status, secondary_status, transitions, trial_component_name,
            creation_time, last_modified_time, created_by
        ) VALUES (
            :name, :request, 'InProgress', 'Starting', :transitions, :component,
            :now, :now, :created_by
        )
        """,
        {
            "name": name,
            "request": _json(without_tags(request)),
            "transitions": _json(_add_transition([], "Starting", "Starting the training job", now)),
            "component": component,
            "now": now,
            "created_by": context.user_context,
        },
    )
    source = Source(SOURCE_TYPE, context.arn(RESOURCE_TYPE, name))
    created = component_request(component, request)
    insert_trial_component(cx, context, created, source=source)
    join_run(cx, context, request, source, created)
    return component


def apply_events(
    cx: sqlite3.Connection, context: Context, name: str, events: list[Event], offset: int
) -> None:
    """Apply events to the job and its trial component; ``offset`` is the one after them."""
    row = find_job(cx, name)
    if row is None or row["events_offset"] >= offset:
        return
    job = _Job(context, row)
    for event in events:
        if event["kind"] == "status":
            job.move(event["secondary"], event["message"], _ms(event))
        elif event["kind"] == "metrics":
            job.take_points(cx, event["points"])
        elif event["kind"] == "end":
            job.end(event)
    job.save(cx, offset)


def apply_status(
    cx: sqlite3.Connection, context: Context, name: str, secondary: str, message: str
) -> None:
    """Set the secondary status of a job that has no process yet."""
    row = find_job(cx, name)
    if row is not None:
        job = _Job(context, row)
        job.move(secondary, message, context.now_ms())
        job.save(cx)


def mark_stopping(cx: sqlite3.Connection, context: Context, row: sqlite3.Row) -> None:
    """Set a job to Stopping."""
    job = _Job(context, row)
    job.status = "Stopping"
    job.record("Stopping", "Stopping the training job", context.now_ms())
    job.save(cx)


def settle(cx: sqlite3.Connection, context: Context, name: str, failure_reason: str | None) -> None:
    """End a job whose process did not report its end: Stopped if it was to stop, else Failed."""
    row = find_job(cx, name)
    if row is None or row["status"] in ENDED:
        return
    job = _Job(context, row)
    stopped = row["status"] == "Stopping" or failure_reason is None
    status = "Stopped" if stopped else "Failed"
    job.end(
        {
            "time": context.now_ms() / 1000,
            "status": status,
            "secondary": status,
            "message": "Training job stopped" if stopped else "Training job failed",
            "failure_reason": None if stopped else failure_reason,
            "model": False,
        }
    )
    job.save(cx)


def training_record(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return the members that DescribeTrainingJob and Search share for a job."""
    request = msgspec.json.decode(row["request"])
    algorithm = request.get("AlgorithmSpecification", {})
    # True if a metric definition is sent. Source: botocore's model, AlgorithmSpecification.
    algorithm.setdefault(
        "EnableSageMakerMetricsTimeSeries", bool(algorithm.get("MetricDefinitions"))
    )
    times = _times(row)
    return {
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        **request,
        "AlgorithmSpecification": algorithm,
        # Recorded answers have an empty key, and the sagemaker SDK reads it.
        "OutputDataConfig": {"KmsKeyId": "", **request["OutputDataConfig"]},
        "StoppingCondition": {
            **request.get("StoppingCondition", {}),
            "MaxRuntimeInSeconds": max_runtime_s(request),
        },
        "TrainingJobName": row["name"],
        "TrainingJobArn": context.arn(RESOURCE_TYPE, row["name"]),
        # The member is required, so a job without a model has an empty one.
        "ModelArtifacts": {"S3ModelArtifacts": row["model_artifacts"] or ""},
        "TrainingJobStatus": row["status"],
        "SecondaryStatus": row["secondary_status"],
        "SecondaryStatusTransitions": msgspec.json.decode(row["transitions"]),
        "FailureReason": row["failure_reason"],
        "FinalMetricDataList": _final_metrics(msgspec.json.decode(row["final_metrics"])) or None,
        "CreationTime": row["creation_time"],
        "LastModifiedTime": row["last_modified_time"],
        **times,
    }


class _Job:
    """The present state of a job, to be changed and saved."""

    def __init__(self, context: Context, row: sqlite3.Row) -> None:
        self._context = context
        self._request = msgspec.json.decode(row["request"])
        self._name, self._component = row["name"], row["trial_component_name"]
        self._arn = context.arn(RESOURCE_TYPE, row["name"])
        self.status: str = row["status"]
        self._secondary = row["secondary_status"]
        self._transitions = msgspec.json.decode(row["transitions"])
        self._failure_reason = row["failure_reason"]
        self._model_artifacts = row["model_artifacts"]
        self._final_metrics = msgspec.json.decode(row["final_metrics"])
        self._start, self._end = row["training_start_time"], row["training_end_time"]
        self._changed = False

    def move(self, secondary: str, message: str, now: int) -> None:
        """Apply a step of the job's process; a stopping job shows only the upload."""
        if self.status == "InProgress" or secondary == "Uploading":
            self.record(secondary, message, now)
            if secondary != "Starting" and self._start is None:
                self._start = now

    def record(self, secondary: str, message: str, now: int) -> None:
        """Set a secondary status and add its transition."""
        self._secondary, self._changed = secondary, True
        self._transitions = _add_transition(self._transitions, secondary, message, now)

    def end(self, event: Event) -> None:
        """Apply the end of the job."""
        now = _ms(event)
        self.status, self._failure_reason = event["status"], event["failure_reason"]
        self.record(event["secondary"], event["message"], now)
        self._transitions[-1]["EndTime"] = now
        self._end = now
        if event["model"]:
            self._model_artifacts = model_location(self._request)

    def take_points(self, cx: sqlite3.Connection, points: list[list[Any]]) -> None:
        """Add metric values to the trial component, and the last ones to the job."""
        named = [
            MetricPoint(name, round(time * 1000), value, step)
            for name, value, time, step in points
            if len(name) <= MAX_METRIC_NAME_CHARS
        ]
        for point in named:
            self._final_metrics[point.name] = [point.value, point.time]
        if has_component(cx, self._component, self._arn):
            put_metrics(cx, self._context, self._component, named, source_arn=self._arn)
        put_run_metrics(cx, self._context, self._request, named, self._arn)

    def save(self, cx: sqlite3.Connection, offset: int | None = None) -> None:
        """Write the row, and the trial component if its status changed."""
        cx.execute(
            """
            UPDATE training_job
            SET status = :status,
                secondary_status = :secondary,
                transitions = :transitions,
                failure_reason = :failure_reason,
                model_artifacts = :model_artifacts,
                final_metrics = :final_metrics,
                training_start_time = :start,
                training_end_time = :end,
                events_offset = coalesce(:offset, events_offset),
                last_modified_time = :now
            WHERE name = :name
            """,
            {
                "name": self._name,
                "status": self.status,
                "secondary": self._secondary,
                "transitions": _json(self._transitions),
                "failure_reason": (self._failure_reason or "")[:MAX_REASON_CHARS] or None,
                "model_artifacts": self._model_artifacts,
                "final_metrics": _json(self._final_metrics),
                "start": self._start,
                "end": self._end,
                "offset": offset,
                "now": self._context.now_ms(),
            },
        )
        if self._changed:
            self._save_components(cx)

    def _save_components(self, cx: sqlite3.Connection) -> None:
        update = component_update(
            self._component,
            status=self.status,
            secondary=self._secondary,
            failure_reason=self._failure_reason,
            # A job that ended before it began has both times at its end.
            start=self._end if self._start is None else self._start,
            end=self._end,
            model_artifacts=self._model_artifacts,
        )
        if has_component(cx, self._component, self._arn):
            merge_update(cx, self._context, update, by_service=True)
        update_run(cx, self._context, self._request, update)


def _add_transition(
    transitions: list[dict[str, Any]], status: str, message: str, now: int
) -> list[dict[str, Any]]:
    """Return the transitions with one more, or with a new message of the last one."""
    if transitions and transitions[-1]["Status"] == status:
        return [*transitions[:-1], {**transitions[-1], "StatusMessage": message}]
    earlier = [*transitions[:-1], {**transitions[-1], "EndTime": now}] if transitions else []
    return [*earlier, {"Status": status, "StartTime": now, "StatusMessage": message}]


def _final_metrics(values: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Return FinalMetricDataList: single precision and whole seconds, as in recorded jobs."""
    return [
        {"MetricName": name, "Value": _single(value), "Timestamp": time // 1000 * 1000}
        for name, (value, time) in list(values.items())[:MAX_FINAL_METRICS]
    ]


def _single(value: float) -> float | None:
    try:
        rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:  # finite, but not in single precision
        return None
    return rounded


def _times(row: sqlite3.Row) -> dict[str, Any]:
    start, end = row["training_start_time"], row["training_end_time"]
    seconds = None if start is None or end is None else (end - start) // 1000
    return {
        "TrainingStartTime": start,
        "TrainingEndTime": end,
        "TrainingTimeInSeconds": seconds,
        "BillableTimeInSeconds": seconds,
    }


def _ms(event: Event) -> int:
    return int(event["time"] * 1000)


def _json(value: Any) -> str:
    return entities.to_json(value) or "null"
