"""A store with many trial components, written past the service, which would take minutes."""

from __future__ import annotations

import hashlib
import json
import math
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from smx_lab.local import schema

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".dev" / "bench"
NUMBERS, TEXTS, METRICS, POINTS = 10, 2, 10, 3
EXPERIMENTS, TRIALS_OF_ONE = 10, 10
MORNING_MS = 1_700_000_000_000
BY = json.dumps({"IamIdentity": {"Arn": "arn:aws:sts::000000000000:assumed-role/role/ada"}})


def seeded(data_dir: Path, rows: int) -> Path:
    """Put a store with so many components into a new data directory, and return it."""
    text = Path(schema.__file__).with_name("schema.sql").read_bytes() + Path(__file__).read_bytes()
    cached = CACHE / f"store-{rows}-{hashlib.sha256(text).hexdigest()[:12]}.db"
    if not cached.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        draft = cached.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        _fill(draft, rows)
        draft.replace(cached)
    data_dir.mkdir(mode=0o700, parents=True)
    shutil.copyfile(cached, data_dir / "store.db")
    return data_dir


def _fill(path: Path, rows: int) -> None:
    cx = schema.open_for_writing(path)
    cx.execute("PRAGMA journal_mode = OFF")
    cx.execute("BEGIN")
    trials = EXPERIMENTS * TRIALS_OF_ONE
    _insert(cx, "experiment", (_experiment(n) for n in range(EXPERIMENTS)))
    _insert(cx, "trial", (_trial(n) for n in range(trials)))
    number = random.Random(1)
    for first in range(0, rows, 1000):
        batch = [Component(at, number) for at in range(first, min(first + 1000, rows))]
        _insert(cx, "trial_component", (c.row() for c in batch))
        _insert(cx, "trial_component_parameter", (row for c in batch for row in c.parameters()))
        _insert(cx, "metric", (row for c in batch for row in c.metrics()))
        _insert(cx, "metric_point", (row for c in batch for row in c.points()))
        _insert(
            cx,
            "trial_component_association",
            (
                {"trial_id": 1 + c.at % trials, "trial_component_id": c.id, "creation_time": c.time}
                for c in batch
            ),
        )
    cx.execute("COMMIT")
    cx.execute("ANALYZE")
    cx.close()


class Component:
    """One trial component, as rows."""

    def __init__(self, at: int, number: random.Random) -> None:
        self.at, self.id, self.time = at, at + 1, MORNING_MS + 1000 * at
        self._numbers = [round(number.random(), 6) for _ in range(NUMBERS)]
        self._texts = [number.choice(["sgd", "adam", "lbfgs"]) for _ in range(TEXTS)]
        self._values = [[number.random() for _ in range(POINTS)] for _ in range(METRICS)]

    def row(self) -> dict[str, Any]:
        """The component itself."""
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
        """The same parameters for searching."""
        columns = ("trial_component_id", "key", "string_value", "number_value")
        for n, number in enumerate(self._numbers):
            yield dict(zip(columns, (self.id, f"number-{n}", None, number), strict=True))
        for n, text in enumerate(self._texts):
            yield dict(zip(columns, (self.id, f"text-{n}", text, None), strict=True))

    def metrics(self) -> Iterator[dict[str, Any]]:
        """The summaries of metrics."""
        for n, values in enumerate(self._values):
            mean = math.fsum(values) / len(values)
            m2 = math.fsum((value - mean) ** 2 for value in values)
            yield {
                "id": self.at * METRICS + n + 1,
                "trial_component_id": self.id,
                "name": f"metric-{n}",
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

    def points(self) -> Iterator[dict[str, Any]]:
        """The points of metrics."""
        for n, values in enumerate(self._values):
            for step, value in enumerate(values):
                yield {
                    "metric_id": self.at * METRICS + n + 1,
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
