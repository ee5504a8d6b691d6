"""One trial component taken apart for the columns of a table."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

import msgspec

from smx_lab.core.names import training_job_name
from smx_lab.core.search_record import SearchedComponent

Shape = tuple[tuple[str, ...], ...]
"""The names of the columns in which a component has values, for each kind of the store."""


def flatten(component: SearchedComponent) -> tuple[Shape, tuple[Any, ...]]:
    """Return the names of a component's columns by kind, and its values in the stores' order."""
    metrics = {metric.metric_name: metric for metric in component.metrics}
    inputs, outputs = component.input_artifacts, component.output_artifacts
    duration = None
    if component.start_time and component.end_time:
        # A running component has no duration yet: a view of one version must not change.
        elapsed = component.end_time - component.start_time
        duration = max(0.0, elapsed.total_seconds() * 1000)
    shape = (
        tuple(metrics),
        tuple(component.parameters),
        tuple(inputs),
        tuple(outputs),
        tuple(component.tags),
    )
    return shape, (
        component.trial_component_name,
        component.status,
        component.type,
        component.display_name,
        _epoch_ms(component.creation_time),
        _epoch_ms(component.last_modified_time),
        component.created_by,
        duration,
        *metrics.values(),
        *component.parameters.values(),
        *[artifact.value for artifact in inputs.values()],
        *[artifact.value for artifact in outputs.values()],
        *component.tags.values(),
    )


def job_of(component: SearchedComponent) -> str | None:
    """Return the name of the training job that a component comes from; None if from none."""
    if component.type != "Training job" or not component.source_arn:
        return None
    return training_job_name(component.trial_component_name, component.source_arn)


def _epoch_ms(instant: datetime) -> float:
    return float(round(instant.timestamp() * 1000))


def fingerprint_of(component: SearchedComponent) -> int:
    """Return a number that differs, for all that can be told, when anything of the component does.

    It is the same in every process, since tables are kept on disk.
    """
    try:
        data = msgspec.msgpack.encode(component)
    except UnicodeEncodeError:  # a lone surrogate, from a JSON escape, has no UTF-8
        data = repr(component).encode("utf-8", "surrogatepass")
    # Nobody makes these collide on purpose, and they take a fraction of what a hash takes.
    return (zlib.crc32(data) << 32 | zlib.adler32(data)) - 2**63
