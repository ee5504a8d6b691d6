"""What a search sees of metrics follows them, whoever has changed them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smx_lab.local.context import Context
from smx_lab.local.operations.search import get_search_suggestions, search
from smx_lab.local.operations.trial_components import (
    create_trial_component,
    delete_trial_component,
)
from smx_lab.local.records import metric_search
from smx_lab.local.records.metrics import MetricPoint, put_metrics
from smx_lab.local.store import schema
from smx_lab.local.store.store import Store

BY_LOSS = {
    "Resource": "ExperimentTrialComponent",
    "SearchExpression": {
        "Filters": [{"Name": "metrics.LOSS.Last", "Operator": "GreaterThan", "Value": "0.5"}]
    },
    "SortBy": "Metrics.loss.Max",
}
LOOK = "SELECT name, trial_component_id, last FROM metric_search ORDER BY name, trial_component_id"
WAITING = "SELECT count(*) FROM metric_search_lag"


class World:
    """A store with the few operations that are needed here."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "store.db")
        self.context = Context(self.store, "us-east-1", "000000000000", folder)

    def write(self, function: Any, *arguments: Any) -> Any:
        return self.store.write(lambda cx: function(cx, self.context, *arguments)).result()

    def create(self, name: str) -> None:
        self.write(create_trial_component, {"TrialComponentName": name})

    def put(self, name: str, value: float, metric: str = "loss") -> None:
        self.write(put_metrics, name, [MetricPoint(metric, 1, value)])

    def found(self, request: dict[str, Any]) -> list[str]:
        metric_search.before_search(self.context, request)
        answer = self.store.read(lambda cx: search(cx, self.context, request))
        return [item["TrialComponent"]["TrialComponentName"] for item in answer["Results"]]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.read(lambda cx: cx.execute(sql).fetchall())]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


def test_a_value_is_found_by_the_search_that_follows_it(world: World) -> None:
    for name, value in (("low", 0.25), ("high", 0.75), ("higher", 1.0)):
        world.create(name)
        world.put(name, value)
    assert world.found(BY_LOSS) == ["higher", "high"]
    world.put("low", 2.0)
    assert world.found(BY_LOSS) == ["low", "higher", "high"]
    world.put("higher", 0.0)
    assert world.found(BY_LOSS) == ["low", "high"]


def test_a_search_that_does_not_look_at_metrics_brings_nothing_up_to_date(world: World) -> None:
    world.create("mnist")
    world.put("mnist", 1.0)
    assert world.found({"Resource": "ExperimentTrialComponent"}) == ["mnist"]
    assert world.rows(WAITING) == [(1,)]


def test_names_are_suggested_of_metrics_put_a_moment_ago(world: World) -> None:
    world.create("mnist")
    world.put("mnist", 1.0, "test:accuracy")
    request = {
        "Resource": "ExperimentTrialComponent",
        "SuggestionQuery": {"PropertyNameQuery": {"PropertyNameHint": "metrics.test"}},
    }
    metric_search.before_suggestions(world.context, request)
    answer = world.store.read(lambda cx: get_search_suggestions(cx, world.context, request))
    names = [item["PropertyName"] for item in answer["PropertyNameSuggestions"]]
    assert "metrics.test:accuracy.Max" in names


def test_metrics_go_with_their_trial_component_looked_at_or_not(world: World) -> None:
    for name in ("seen", "unseen", "kept"):
        world.create(name)
        world.put(name, 1.0)
        if name == "seen":
            assert world.found(BY_LOSS) == ["seen"]
    for name in ("seen", "unseen"):
        world.write(delete_trial_component, {"TrialComponentName": name})
    assert world.found(BY_LOSS) == ["kept"]
    assert world.rows(LOOK) == [("loss", 3, 1.0)]


def test_spellings_of_one_name_are_kept_apart(world: World) -> None:
    world.create("mnist")
    world.put("mnist", 1.0, "loss")
    world.put("mnist", 2.0, "Loss")
    assert world.found(BY_LOSS) == ["mnist"]
    assert sorted(world.rows(LOOK)) == [("Loss", 1, 2.0), ("loss", 1, 1.0)]


def test_no_more_than_a_bound_waits_for_a_search(world: World) -> None:
    numbers = range(metric_search.MAX_LAG)
    for number in numbers:
        assert world.rows(WAITING) == [(number,)]
        world.create(f"mnist-{number}")
        world.put(f"mnist-{number}", float(number))
    assert world.rows(WAITING) == [(0,)]
    assert world.rows(LOOK) == [("loss", number + 1, float(number)) for number in numbers]


def test_a_store_of_version_1_comes_to_the_same_tables_and_keeps_its_metrics(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    cx = sqlite3.connect(old, isolation_level=None)
    cx.executescript(Path(__file__).with_name("schema_1.sql").read_text("utf-8"))
    cx.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    cx.execute("PRAGMA user_version = 1")
    cx.execute(
        "INSERT INTO trial_component (id, name, display_name, creation_time, last_modified_time,\n"
        "created_by, last_modified_by) VALUES (7, 'mnist', 'mnist', 1, 1, '{}', '{}')"
    )
    cx.execute(
        "INSERT INTO metric (trial_component_id, name, last, max, min, avg, std_dev, count,\n"
        "total, total_error, m2, last_time)\n"
        "VALUES (7, 'loss', 0.5, 0.5, 0.5, 0.5, 0, 1, 0.5, 0, 0, 1)"
    )
    cx.close()
    schema.open_for_writing(new).close()
    schema.open_for_writing(old).close()
    migrated, made = sqlite3.connect(old), sqlite3.connect(new)
    tables = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
    assert _plain(migrated.execute(tables)) == _plain(made.execute(tables))
    assert migrated.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
    assert migrated.execute(LOOK).fetchall() == [("loss", 7, 0.5)]
    migrated.close()
    made.close()


def _plain(rows: Any) -> list[tuple[str, str, str]]:
    return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows]
