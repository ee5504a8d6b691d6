"""Rows of a table as they are sent: facts of the trial component and its pair, and the cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from smx_lab.core.entities import ComponentType, PrimaryStatus
from smx_lab.core.rows import Row
from smx_lab.core.table.query.fields import Field
from smx_lab.core.table.store import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smx_lab.core.table.query.fields import Indices

MODEL_ARTIFACT = "SageMaker.ModelArtifact"
"""The output artifact under which SageMaker puts a training job's model (recorded jobs)."""


def table_rows(table: Table, rows: Indices, fields: Sequence[Field | None]) -> list[Row]:
    """Return some rows with the cells of ``fields``; blank cells where there is no field."""
    slots = table.pairs.slots[rows]
    names = _component_names(table, rows)
    trials = table.pairs.trials.at(table.pairs.trial_codes[rows])
    cells = [field.cells(rows) if field else [None] * len(rows) for field in fields]
    by_row = zip(*cells, strict=True) if cells else iter([()] * len(rows))
    facts = zip(
        names,
        trials,
        table.pairs.experiments.at(table.pairs.experiment_codes[rows]),
        [table.members.arn(slot) for slot in slots.tolist()],
        _texts(table, "Trial component", slots),
        _texts(table, "Type", slots),
        _texts(table, "Status", slots),
        [table.members.job(slot) for slot in slots.tolist()],
        _models(table, slots),
        by_row,
        strict=True,
    )
    return [
        Row(
            id=f"{trial or ''}/{name}",
            experiment_name=experiment,
            trial_name=trial,
            trial_component_name=name or "",
            trial_component_arn=arn,
            display_name=display_name or name or "",
            type=cast(ComponentType, type_),
            status=cast("PrimaryStatus | None", status),
            training_job_name=job,
            model_data=model if job else None,
            cells=values,
        )
        for name, trial, experiment, arn, display_name, type_, status, job, model, values in facts
    ]


def _component_names(table: Table, rows: Indices) -> list[str | None]:
    """Return the real names of some rows' trial components."""
    names = table.names
    return names.categories.at(names.codes_at(table.pairs.slots[rows]))


def row_ids(table: Table, rows: Indices) -> list[str]:
    """Return the ids of some rows, ``trial/trial component``."""
    trials = table.pairs.trials.at(table.pairs.trial_codes[rows])
    names = _component_names(table, rows)
    return [f"{trial or ''}/{name}" for trial, name in zip(trials, names, strict=True)]


def _texts(table: Table, summary: str, slots: NDArray[np.int32]) -> list[str | None]:
    store = table.summary[summary]
    return store.categories.at(store.codes_at(slots))  # type: ignore[union-attr]


def _models(table: Table, slots: NDArray[np.int32]) -> list[str | None]:
    store = table.by_kind["output_artifact"].get(MODEL_ARTIFACT)
    if store is None:
        return [None] * len(slots)
    return store.categories.at(store.codes_at(slots))  # type: ignore[attr-defined, no-any-return]
