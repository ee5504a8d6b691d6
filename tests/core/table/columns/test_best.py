"""Values at the best step: against a plain reference, and in views of a table."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smx_lab.core.entities import MetricSummary
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.core.table.columns.best import Series, value_at_best
from smx_lab.core.views.view import BestStep, Filter, SortKey, View, ViewColumn
from tests.support.table_components import accuracy, component, training

VALUES = st.one_of(
    st.sampled_from([0.0, 1.0, 1.0, 2.0, math.nan, math.inf, -math.inf]), st.floats(width=32)
)
SERIES = st.dictionaries(st.integers(0, 12), VALUES, max_size=12)

LOSS_AT_BEST = BestStep(metric="metric:test:accuracy", goal="Max")


def loss(last):
    return MetricSummary(metric_name="test:loss", last=last)


def reference(metric, other, goal):
    """Walk through the steps in their order and remember the first best one."""
    best = None
    for step in sorted(other):
        value = other[step]
        if math.isnan(value):
            continue
        if best is None or (value > other[best] if goal == "Max" else value < other[best]):
            best = step
    return metric.get(best) if best is not None else None


@given(SERIES, SERIES, st.sampled_from(["Max", "Min"]), st.randoms())
def test_the_value_is_that_of_the_first_best_step(metric, other, goal, random):
    def series(points):
        steps = list(points)
        random.shuffle(steps)  # nothing says that SageMaker answers in order
        return Series(steps, [points[step] for step in steps])

    found = value_at_best(series(metric), series(other), goal)
    expected = reference(metric, other, goal)
    assert repr(found) == repr(expected)  # NaN does not equal itself


@pytest.fixture
def table():
    table = Table(Origin(experiments=("mnist",)))
    table.upsert(
        [
            component("preprocessing"),
            *(
                training(f"job-{n}", minutes=n, metrics=(accuracy(0.9), loss(0.3)))
                for n in (1, 2, 3)
            ),
        ]
    )
    return table


def settle(table, values):
    """Put in values as if they had been read; by the name of the job."""
    column = table.best.column("test:loss", LOSS_AT_BEST, table.capacity)
    slots = {table.names.text(slot): slot for slot in range(4)}
    found = {slots[f"{name}-aws-training-job"]: value for name, value in values.items()}
    column.settle(list(found), list(found.values()))
    table.touch()


VIEW = View(columns=(ViewColumn(column="metric:test:loss", at=LOSS_AT_BEST),))


def cells(table, view=VIEW):
    window = Queries(table).window(view, 0, 10)
    return [row.cells[0] for row in window.rows], window.pending


def test_what_has_not_been_read_is_pending_and_what_cannot_be_there_is_not(table):
    assert cells(table) == ([None] * 4, [(0, 0), (1, 0), (2, 0)])
    settle(table, {"job-1": 0.5, "job-2": None})
    assert cells(table) == ([None, None, 0.5, None], [(0, 0)])


def test_a_changed_component_keeps_its_value_until_it_is_read_again(table):
    settle(table, {"job-1": 0.5, "job-2": 0.25, "job-3": 0.75})
    metrics = (accuracy(0.95), loss(0.2))
    table.upsert([training("job-3", minutes=3, metrics=metrics)])
    column = table.best.column("test:loss", LOSS_AT_BEST, table.capacity)
    assert cells(table) == ([0.75, 0.25, 0.5, None], [])
    assert np.count_nonzero(column.due & ~column.known) < np.count_nonzero(column.due)


def test_a_new_component_in_an_old_place_does_not_inherit_its_value(table):
    settle(table, {"job-1": 0.5, "job-2": 0.25, "job-3": 0.75})
    table.remove(["job-3-aws-training-job"])
    metrics = (accuracy(0.95), loss(0.2))
    table.upsert([training("job-4", minutes=4, metrics=metrics)])
    assert cells(table) == ([None, 0.25, 0.5, None], [(0, 0)])


def test_a_view_sorts_and_filters_by_such_values(table):
    settle(table, {"job-1": 0.5, "job-2": 0.25, "job-3": 0.75})
    by = SortKey(column="metric:test:loss", at=LOSS_AT_BEST)
    found, _ = cells(table, View(columns=VIEW.columns, sort=(by,)))
    assert found == [0.25, 0.5, 0.75, None]
    above = Filter(column="metric:test:loss", at=LOSS_AT_BEST, operator="gt", values=(0.3,))
    found, _ = cells(table, View(columns=VIEW.columns, sort=(by,), filters=(above,)))
    assert found == [0.5, 0.75]
    # The same metric by its statistic is another order.
    plain = SortKey(column="metric:test:loss")
    found, _ = cells(table, View(columns=VIEW.columns, sort=(plain,)))
    assert found == [0.75, 0.25, 0.5, None]


def test_a_step_of_a_metric_that_no_row_has_shows_nothing(table):
    at = BestStep(metric="metric:f1", goal="Max")
    assert cells(table, View(columns=(ViewColumn(column="metric:test:loss", at=at),))) == (
        [None] * 4,
        [],
    )


@pytest.mark.parametrize(
    ("column", "metric_id"),
    [("parameter:epochs", "metric:test:accuracy"), ("metric:test:loss", "summary:Status")],
)
def test_only_metrics_have_steps(table, column, metric_id):
    at = BestStep(metric=metric_id, goal="Min")
    with pytest.raises(InvalidRequest, match="is no metric"):
        cells(table, View(columns=(ViewColumn(column=column, at=at),)))


def test_a_group_is_known_once_all_of_its_rows_are(table):
    grouped = View(columns=VIEW.columns, group_by=("summary:Type",))
    settle(table, {"job-1": 0.5, "job-2": 0.25})
    assert cells(table, grouped) == ([0.375, None], [(0, 0)])
    settle(table, {"job-3": 0.75})
    assert cells(table, grouped) == ([0.5, None], [])
