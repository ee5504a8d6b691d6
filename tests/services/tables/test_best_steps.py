"""Values at the best step, read from a real local service."""

import itertools
import time

import pytest

from smx_lab.contract.bodies import ExportRequest, OpenTableRequest, RowsRequest
from smx_lab.core.errors import ServiceUnavailable
from smx_lab.core.views.view import BestStep, SortKey, View, ViewColumn

PATIENCE_S = 60.0

numbers = itertools.count(1)

LOSS, ACCURACY = "metric:test:loss", "metric:test:accuracy"
AT_BEST = BestStep(metric=ACCURACY, goal="Max")
VIEW = View(
    columns=(
        ViewColumn(column="summary:Trial component"),
        ViewColumn(column=LOSS, at=AT_BEST),
        ViewColumn(column=ACCURACY, at=AT_BEST),
    ),
    sort=(SortKey(column=LOSS, at=AT_BEST),),
)


@pytest.fixture
def tables(services):
    return services.tables


@pytest.fixture
def metrics(sagemaker):
    return sagemaker.client("sagemaker-metrics")


@pytest.fixture
def experiment(sagemaker):
    """An experiment of its own for each test."""
    name = f"best-{next(numbers)}"
    sagemaker.call("create_experiment", ExperimentName=name)
    sagemaker.call("create_trial", TrialName=f"{name}-t1", ExperimentName=name)
    return name


def poll(tables, state, until):
    """Poll as a browser does until the table is as wanted."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = tables.describe_table("local", state.table_id)
        if until(found):
            return found
        time.sleep(0.02)
    pytest.fail(f"the table stayed at {found}")


def put(metrics, name, metric, points, stepless=False):
    """Log points, a dict of step to value."""
    now = int(time.time())
    data = [
        {"MetricName": metric, "Timestamp": now, "Value": value}
        | ({} if stepless else {"Step": step})
        for step, value in points.items()
    ]
    assert not metrics.batch_put_metrics(TrialComponentName=name, MetricData=data).get("Errors")


def cells(tables, state):
    request = RowsRequest(view=VIEW)
    window = tables.list_rows("local", state.table_id, request)
    return [row.cells[1:] for row in window.rows], window.pending


def known(tables, state):
    """The cells once nothing is pending any more, polled as a browser does."""
    cells(tables, state)
    poll(tables, state, lambda _: not cells(tables, state)[1])
    return cells(tables, state)[0]


@pytest.fixture
def logged(tables, sagemaker, metrics, experiment):
    """Two trainings whose best epoch is not the last, one without steps, one preprocessing."""
    for name in ("a", "b", "c", "pre"):
        component = {"TrialComponentName": f"{experiment}-{name}"}
        sagemaker.call("create_trial_component", **component)
        sagemaker.call("associate_trial_component", TrialName=f"{experiment}-t1", **component)
    put(metrics, f"{experiment}-a", "test:accuracy", {0: 0.5, 1: 0.9, 2: 0.9, 3: 0.7})
    put(metrics, f"{experiment}-a", "test:loss", {0: 1.0, 1: 0.25, 2: 0.2, 3: 0.1})
    put(metrics, f"{experiment}-b", "test:accuracy", {5: 0.8, 6: 0.6})
    put(metrics, f"{experiment}-b", "test:loss", {6: 0.3})
    put(metrics, f"{experiment}-c", "test:loss", {0: 0.3})
    return tables.read_table("local", OpenTableRequest(experiments=[experiment]))


def test_all_numbers_of_a_row_are_of_one_epoch(tables, logged):
    assert logged.series is None
    # b logged no loss at its best epoch, c no accuracy, and pre neither.
    assert known(tables, logged)[0] == (0.25, 0.9)
    assert sorted(map(str, known(tables, logged)[1:])) == sorted(
        map(str, [(None, 0.8), (None, None), (None, None)])
    )
    state = tables.describe_table("local", logged.table_id)
    assert (state.series.error, state.series.done) == (None, state.series.total)


def test_a_job_that_goes_on_logging_is_read_again(
    tables,
    metrics,
    experiment,
    logged,
):
    assert known(tables, logged)[0] == (0.25, 0.9)
    put(metrics, f"{experiment}-a", "test:accuracy", {4: 0.95})
    put(metrics, f"{experiment}-a", "test:loss", {4: 0.05})
    poll(tables, logged, lambda _: cells(tables, logged)[0][0] == (0.05, 0.95))


def test_what_is_exported_is_known_as_a_whole(tables, logged):
    found = tables.snapshot("local", logged.table_id, VIEW)
    assert found.columns[1].cells(0, len(found)) == [0.25, None, None, None]
    file = tables.export("local", logged.table_id, ExportRequest(view=VIEW, format="csv"))
    lines = b"".join(file.pieces).decode().splitlines()
    assert lines[0].split(",")[1] == "test:loss (At the maximum of test:accuracy)"
    assert lines[1].split(",")[1] == "0.25"


def test_whether_a_metric_has_steps_is_told_without_reading_all(tables, logged):
    def check(metric):
        return tables.check_series("local", logged.table_id, metric).logged

    assert check(LOSS)
    assert not check("metric:test:f1")
    assert not check("parameter:epochs")


def test_series_that_cannot_be_read_are_an_error_and_the_rows_stay(
    tables,
    logged,
    monkeypatch,
):
    def refuse(*_args):
        raise ServiceUnavailable("SageMaker does not answer.")

    monkeypatch.setattr("smx_lab.services.tables.series.read_series", refuse)
    cells(tables, logged)
    state = poll(tables, logged, lambda found: found.series and found.series.error)
    assert state.series.error.message == "SageMaker does not answer."
    assert state.error is None
    assert cells(tables, logged)[1]
    with pytest.raises(ServiceUnavailable):
        tables.snapshot("local", logged.table_id, VIEW)
