"""Write a store with many trial components directly, since the service would take minutes."""

from __future__ import annotations

import hashlib
import json
import math
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from smx_lab.local.records import metric_search
from smx_lab.local.store import schema

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".dev" / "bench"
TRIALS_OF_ONE = 10
MORNING_MS = 1_700_000_000_000
BY = json.dumps({"IamIdentity": {"Arn": "arn:aws:sts::000000000000:assumed-role/role/ada"}})


class Shape(NamedTuple):
    """The parts of each component. ``names``, if not 0, is the number of all metrics together."""

    numbers: int = 10
    texts: int = 2
    metrics: int = 10
    points: int = 3
    experiments: int = 10
    names: int = 0


SEARCHED = Shape()
SIXTY = Shape(numbers=21, texts=6, metrics=22, points=0, experiments=1)
"""With nine summary columns, an input and an output artifact: 60 columns."""
TWO_HUNDRED = Shape(numbers=81, texts=23, metrics=85, points=0, experiments=1)
"""200 columns, in the same proportions as the 60."""
WIDE = Shape(numbers=21, texts=6, metrics=40, points=0, experiments=1, names=11_962)
"""12 000 columns. Each row has values in 67 of them and in its summary."""


def seeded(data_dir: Path, rows: int, shape: Shape = SEARCHED) -> Path:
    """Put a store with ``rows`` components into a new data directory, and return it."""
    text = Path(schema.__file__).with_name("schema.sql").read_bytes() + Path(__file__).read_bytes()
    digest = hashlib.sha256(text + repr(shape).encode()).hexdigest()[:12]
    cached = CACHE / f"store-{rows}-{digest}.db"
    if not cached.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        draft = cached.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        _fill(draft, rows, shape)
        draft.replace(cached)
    data_dir.mkdir(mode=0o700, parents=True)
    shutil.copyfile(cached, data_dir / "store.db")
    return data_dir


def _fill(path: Path, rows: int, shape: Shape) -> None:
    cx = schema.open_for_writing(path)
    cx.execute("PRAGMA journal_mode = OFF")
    cx.execute("BEGIN")
    trials = shape.experiments * TRIALS_OF_ONE
    _insert(cx, "experiment", (_experiment(n) for n in range(shape.experiments)))
    _insert(cx, "trial", (_trial(n) for n in range(trials)))
    number = random.Random(1)
    for first in range(0, rows, 1000):
        batch = [Component(at, number, shape) for at in range(first, min(first + 1000, rows))]
        _insert(cx, "trial_component", (c.row() for c in batch))
        _insert(cx, "trial_component_parameter", (row for c in batch for row in c.parameters()))
        _insert(cx, "metric", (row for c in batch for row in c.metrics()))
        if shape.points:
            _insert(cx, "metric_point", (row for c in batch for row in c.points()))
        _insert(
            cx,
            "trial_component_association",
            (
                {"trial_id": 1 + c.at % trials, "trial_component_id": c.id, "creation_time": c.time}
                for c in batch
            ),
        )
    cx.execute("INSERT INTO metric_search_lag SELECT id FROM trial_component")
    metric_search.refresh(cx)
    cx.execute("COMMIT")
    cx.execute("ANALYZE")
    cx.close()


class Component:
    """One trial component, as rows."""

    def __init__(self, at: int, number: random.Random, shape: Shape) -> None:
        self.at, self.id, self.time = at, at + 1, MORNING_MS + 1000 * at
        self._shape = shape
        self._numbers = [round(number.random(), 6) for _ in range(shape.numbers)]
        self._texts = [number.choice(["sgd", "adam", "lbfgs"]) for _ in range(shape.texts)]
        points = range(shape.points or 3)
        self._values = [[number.random() for _ in points] for _ in range(shape.metrics)]

    def row(self) -> dict[str, Any]:
        """Return the row of the component."""
        parameters: dict[str, Any] = {
            f"number-{n}": {"NumberValue": value} for n, value in enumerate(self._numbers)
        }
        parameters |= {f"text-{n}": {"StringValue": value} for n, value in enumerate(self._texts)}
        artifact = {"Value": f"s3://bucket/models/{self.at}/model.tar.gz"}
        return {
            "id": self.id,
            "name": f"cnn-training-job-{self.at}",
            "display_name": "Training",
            "primary_status": "Completed",
            "start_time": self.time,
            "end_time": self.time + 60_000,
            "parameters": json.dumps(parameters, separators=(",", ":")),
            "input_artifacts": json.dumps({"training": {"Value": "s3://bucket/mnist"}}),
            "output_artifacts": json.dumps({"SageMaker.ModelArtifact": artifact}),
            **_times(self.time),
        }

    def parameters(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of parameters for searches."""
        columns = ("trial_component_id", "key", "string_value", "number_value")
        for n, number in enumerate(self._numbers):
            yield dict(zip(columns, (self.id, f"number-{n}", None, number), strict=True))
        for n, text in enumerate(self._texts):
            yield dict(zip(columns, (self.id, f"text-{n}", text, None), strict=True))

    def metrics(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of metric summaries."""
        for n, values in enumerate(self._values):
            mean = math.fsum(values) / len(values)
            m2 = math.fsum((value - mean) ** 2 for value in values)
            yield {
                "id": self.at * self._shape.metrics + n + 1,
                "trial_component_id": self.id,
                "name": self._metric_name(n),
                "last": values[-1],
                "max": max(values),
                "min": min(values),
                "avg": mean,
                "std_dev": math.sqrt(m2 / (len(values) - 1)),
                "count": len(values),
                "total": sum(values),
                "total_error": 0.0,
                "m2": m2,
                "last_time": self.time,
            }

    def _metric_name(self, n: int) -> str:
        if not self._shape.names:
            return f"metric-{n}"
        return f"metric-{(self.at * self._shape.metrics + n) % self._shape.names:05}"

    def points(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of metric points."""
        for n, values in enumerate(self._values):
            for step, value in enumerate(values):
                yield {
                    "metric_id": self.at * self._shape.metrics + n + 1,
                    "number": step + 1,
                    "time": self.time + step,
                    "step": step,
                    "value": value,
                }


def _experiment(at: int) -> dict[str, Any]:
    name = f"experiment-{at}"
    return {"id": at + 1, "name": name, "display_name": name, **_times(MORNING_MS)}


def _trial(at: int) -> dict[str, Any]:
    name = f"trial-{at}"
    row = {"id": at + 1, "name": name, "display_name": name, **_times(MORNING_MS)}
    return {**row, "experiment_id": 1 + at // TRIALS_OF_ONE}


def _times(time: int) -> dict[str, Any]:
    return {
        "creation_time": time,
        "last_modified_time": time,
        "created_by": BY,
        "last_modified_by": BY,
    }


def _insert(cx: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    sql = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({', '.join(f':{c}' for c in first)})"
    cx.execute(sql, first)
    cx.executemany(sql, rows)
