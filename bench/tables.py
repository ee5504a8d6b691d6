"""Measure each step of the table engine on 100 000 rows of 60 columns.

    python bench/tables.py [--rows N] [--json]

Times are medians in milliseconds of processor time, which a busy machine changes less. Memory is
the growth of the process in MB.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from smx_lab.core.entities import Artifact, MetricSummary, TrialComponent, TrialParent
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn

PAGE = 100
METRICS, NUMBERS, TEXTS = 22, 20, 6
"""With nine summary columns, an input, an output artifact and a tag: 60 columns."""

MORNING = datetime(2024, 5, 17, 8, tzinfo=timezone.utc)
ACCOUNT = "arn:aws:sagemaker:us-east-1:123456789012"


def components(rows: int, seed: int = 1) -> Iterator[list[TrialComponent]]:
    """Yield pages of the trial components of training jobs, newest first, each in its own trial."""
    number = random.Random(seed)
    for first in range(0, rows, PAGE):
        yield [component(at, rows, number) for at in range(first, min(first + PAGE, rows))]


def component(at: int, rows: int, number: random.Random) -> TrialComponent:
    """Return one trial component."""
    began = MORNING + timedelta(seconds=rows - at)
    job = f"cnn-training-job-{at}"
    name = f"{job}-aws-training-job"
    return TrialComponent(
        trial_component_name=name,
        trial_component_arn=f"{ACCOUNT}:experiment-trial-component/{name}",
        display_name="Training",
        type="Training job",
        source_arn=f"{ACCOUNT}:training-job/{job}",
        status="Completed",
        creation_time=began,
        last_modified_time=began,
        start_time=began,
        end_time=began + timedelta(seconds=100 * number.random()),
        created_by="ada",
        parameters={
            **{f"number-{n}": number.random() for n in range(NUMBERS)},
            **{f"text-{n}": number.choice(['"sgd"', '"adam"']) for n in range(TEXTS)},
        },
        input_artifacts={"training": Artifact(value="s3://bucket/mnist")},
        output_artifacts={"SageMaker.ModelArtifact": Artifact(value=f"s3://bucket/{job}.tar.gz")},
        metrics=tuple(metric(f"metric-{n}", number) for n in range(METRICS)),
        parents=(TrialParent(trial_name=f"trial-{at}", experiment_name="mnist"),),
        tags={"team": "vision"},
    )


def metric(name: str, number: random.Random) -> MetricSummary:
    """Return the summary of ten points of a metric."""
    points = [number.random() for _ in range(3)]
    return MetricSummary(
        metric_name=name,
        last=points[-1],
        max=max(points),
        min=min(points),
        avg=statistics.fmean(points),
        std_dev=abs(points[0] - points[1]) / 2,
        count=10,
    )


def measured(action: Callable[[int], Any], times: int = 7) -> float:
    """Return the median ms of an action. It gets the number of its calls so far."""
    spent = []
    for turn in range(times):
        start = time.process_time()
        action(turn)
        spent.append((time.process_time() - start) * 1000)
    return round(statistics.median(spent), 1)


def run(rows: int) -> dict[str, float]:
    """Measure everything once."""
    process = psutil.Process()
    before = process.memory_info().rss
    table = Table(Origin(experiments=("mnist",)))
    fold = 0.0
    for page in components(rows):
        start = time.process_time()
        table.upsert(page)
        fold += time.process_time() - start
    shown = tuple(ViewColumn(column=column.id) for column in table.columns())
    queries = Queries(table)

    def window(offset: int = 0, **view: Any) -> Any:
        return queries.window(View(columns=shown, **view), offset, PAGE)

    def by(column: str, **options: Any) -> Any:
        return (SortKey(column=column, **options),)

    def above(turn: int) -> Any:
        return (Filter(column="metric:metric-3", operator="gt", values=(0.5 + turn / 100,)),)

    figures = {
        "columns": len(shown),
        "fold, µs a component": round(fold / rows * 1e6, 1),
        "first window, all columns": measured(lambda _: window(), times=1),
        "sort by a metric + window": measured(
            lambda turn: window(sort=by(f"metric:metric-{turn}", descending=True))
        ),
        "another statistic of the sorted metric + window": measured(
            lambda turn: window(
                sort=by("metric:metric-9", statistic=("Max", "Min", "Avg", "StdDev")[turn])
            ),
            times=4,
        ),
        "filter by a metric + window": measured(lambda turn: window(filters=above(turn))),
        "sort + filter + window": measured(
            lambda turn: window(
                sort=by(f"parameter:number-{turn}"), filters=above(turn), types=("Training job",)
            )
        ),
        "next window of the same view": measured(lambda turn: window(offset=PAGE * turn)),
        "sort by 100 000 distinct texts, first time": measured(
            lambda _: window(sort=by("summary:Trial")), times=1
        ),
        "the same, the other way round": measured(
            lambda _: window(sort=by("summary:Trial", descending=True)), times=1
        ),
        "contains, 100 000 distinct texts + window": measured(
            lambda turn: window(
                filters=(Filter(column="summary:Trial", operator="contains", values=(f"{turn}7",)),)
            )
        ),
        "group by a text + window": measured(
            lambda turn: window(group_by=(f"parameter:text-{turn}",)), times=4
        ),
        "group by a number of each row, sort by a mean + window": measured(
            lambda turn: window(
                group_by=(f"parameter:number-{turn}",),
                sort=by(f"metric:metric-{turn}", descending=True),
            ),
            times=3,
        ),
        "the same group, unfolded": measured(
            lambda turn: window(
                group_by=("parameter:text-0",), expanded=('group:["sgd"]',), offset=PAGE * turn
            )
        ),
        "columns that differ": measured(lambda _: queries.differing_columns(View()), times=3),
        "extents of all metrics + window": measured(
            lambda turn: window(extents=True, sort=by(f"metric:metric-{turn}"))
        ),
        "encode a window as JSON": measured(lambda _: msgspec.json.encode(window().rows)),
    }
    (change,) = next(components(1, seed=2))
    table.upsert([change])
    figures["after a change: sort + window"] = measured(
        lambda _: window(sort=by("metric:metric-1")), times=1
    )
    figures["memory, MB"] = round((process.memory_info().rss - before) / 1e6)
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="for other programs")
    options = parser.parse_args()
    figures = run(options.rows)
    if options.json:
        print(json.dumps(figures))
        return
    print(f"Table engine, {options.rows} rows")
    for name, value in figures.items():
        print(f"  {name:<50} {value:>10}")


if __name__ == "__main__":
    main()
