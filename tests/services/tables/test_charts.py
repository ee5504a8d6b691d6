"""What charts draw, from a real local service."""

import itertools

import pytest
from msgspec import structs

from smx_lab.contract.bodies import OpenTableRequest, PointsRequest, SeriesRequest
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn
from smx_lab.services.tables.charts import lines

numbers = itertools.count(1)

LOSS, RATE = "metric:test:loss", "parameter:lr"
NOW_S = 1_750_000_000

VIEW = View(
    columns=(ViewColumn(column=LOSS, statistic="Min"), ViewColumn(column=RATE)),
    sort=(SortKey(column=LOSS, statistic="Last", descending=True),),
)


@pytest.fixture
def tables(services):
    return services.tables


@pytest.fixture
def put(sagemaker):
    """Log points, a list of steps and values, one a minute."""
    metrics = sagemaker.client("sagemaker-metrics")

    def log(name, metric, points):
        data = [
            {"MetricName": metric, "Timestamp": NOW_S + 60 * at, "Value": value}
            | ({} if step is None else {"Step": step})
            for at, (step, value) in enumerate(points)
        ]
        for first in range(0, len(data), 10):
            answer = metrics.batch_put_metrics(
                TrialComponentName=name, MetricData=data[first : first + 10]
            )
            assert not answer.get("Errors")

    return log


@pytest.fixture
def experiment(sagemaker, put):
    """Two trainings, and one component that is in both trials."""
    name = f"drawn-{next(numbers)}"
    sagemaker.call("create_experiment", ExperimentName=name)
    for trial in ("t1", "t2"):
        sagemaker.call("create_trial", TrialName=f"{name}-{trial}", ExperimentName=name)
    for component, trials, rate in (
        ("a", ["t1"], 0.1),
        ("b", ["t2"], 0.2),
        ("pre", ["t1", "t2"], None),
    ):
        full = {"TrialComponentName": f"{name}-{component}"}
        parameters = {} if rate is None else {"lr": {"NumberValue": rate}}
        sagemaker.call("create_trial_component", **full, Parameters=parameters)
        for trial in trials:
            sagemaker.call("associate_trial_component", **full, TrialName=f"{name}-{trial}")
    put(f"{name}-a", "test:loss", [(0, 1.0), (1, 0.25), (2, 0.5)])
    put(f"{name}-b", "test:loss", [(0, 2.0), (1, 1.5)])
    return name


@pytest.fixture
def state(tables, experiment):
    return tables.read_table("local", OpenTableRequest(experiments=[experiment]))


def drawn(tables, state, view=VIEW, **asked):
    return tables.list_points("local", state.table_id, PointsRequest(view=view, **asked))


def series(tables, state, names, **asked):
    request = SeriesRequest(metric=LOSS, trial_components=names, **asked)
    return tables.list_series("local", state.table_id, request)


def line(tables, state, name, **asked):
    (found,) = series(tables, state, [name], **asked).series
    return found.x, found.y


def test_a_chart_gets_the_columns_of_all_rows_in_the_order_of_the_table(tables, state, experiment):
    found = drawn(tables, state)
    assert found.total == 4
    assert found.ids[:2] == [f"{experiment}-t2/{experiment}-b", f"{experiment}-t1/{experiment}-a"]
    assert found.names[:2] == [f"{experiment}-b", f"{experiment}-a"]
    assert found.columns == [[1.5, 0.25, None, None], [0.2, 0.1, None, None]]


def test_only_rows_that_are_meant_and_that_pass_are_drawn(tables, state, experiment):
    ids = [f"{experiment}-t1/{experiment}-{name}" for name in ("a", "pre", "gone")]
    assert drawn(tables, state, rows=ids).ids == ids[:2]
    only_b = Filter(column=RATE, operator="gt", values=(0.15,))
    filtered = View(columns=VIEW.columns, filters=(only_b,))
    assert drawn(tables, state, filtered, rows=ids).ids == []
    assert drawn(tables, state, filtered).columns == [[1.5], [0.2]]


def test_more_rows_than_a_chart_draws_are_counted(tables, state):
    found = drawn(tables, state, limit=1)
    assert (found.columns[0], found.total) == ([1.5], 4)


def test_groups_and_baseline_of_the_table_do_not_change_the_points(tables, state, experiment):
    grouped = View(columns=VIEW.columns, group_by=(RATE,), baseline="group:x")
    assert sorted(drawn(tables, state, grouped).ids) == sorted(drawn(tables, state).ids)


def test_a_line_runs_over_steps_epochs_or_time(tables, state, experiment):
    a = f"{experiment}-a"
    assert line(tables, state, a, axis="step") == ([0, 1, 2], [1.0, 0.25, 0.5])
    assert line(tables, state, a, axis="epoch") == ([1, 2, 3], [1.0, 0.25, 0.5])
    times, values = line(tables, state, a, axis="time")
    assert values == [1.0, 0.25, 0.5]
    assert [time - times[0] for time in times] == [0, 60_000, 120_000]
    assert NOW_S * 1000 - 60_000 < times[0] <= NOW_S * 1000


def test_epochs_that_were_logged_are_taken(tables, experiment, put):
    a = f"{experiment}-a"
    put(a, "epoch", [(0, 10.0), (2, 11.0)])
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    assert line(tables, state, a, axis="epoch") == ([10, 11], [1.0, 0.5])
    # b logged none: its values are counted.
    assert line(tables, state, f"{experiment}-b", axis="epoch") == ([1, 2], [2.0, 1.5])


def test_what_was_logged_without_steps_has_a_line_over_time_and_epochs(tables, experiment, put):
    pre = f"{experiment}-pre"
    put(pre, "test:loss", [(None, 3.0), (None, 2.0)])
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    assert line(tables, state, pre, axis="time")[1] == [3.0, 2.0]
    assert line(tables, state, pre, axis="epoch") == ([1, 2], [3.0, 2.0])


def test_only_lines_that_have_grown_are_answered_again(tables, state, experiment, put):
    names = [f"{experiment}-a", f"{experiment}-b"]
    first = series(tables, state, names)
    known = {each.trial_component_name: each.state for each in first.series}
    assert series(tables, state, names, known=known).series == []
    put(names[0], "test:loss", [(3, 0.125)])
    tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    (grown,) = series(tables, state, names, known=known).series
    assert (grown.trial_component_name, grown.y[-1], grown.logged) == (names[0], 0.125, 4)


def test_a_long_series_keeps_its_extremes(tables, experiment, put):
    pre = f"{experiment}-pre"
    values = [float(at % 7) for at in range(300)]
    values[123], values[201] = 99.0, -99.0
    put(pre, "test:loss", list(enumerate(values)))
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    (found,) = series(tables, state, [pre], most_points=20).series
    assert found.logged == 300
    assert len(found.x) <= 20
    assert {(123, 99.0), (201, -99.0), (0, 0.0), (299, values[-1])} <= set(
        zip(found.x, found.y, strict=True)
    )


def test_reading_that_takes_long_is_answered_in_parts(tables, state, experiment):
    sync = tables.open_tables.find("local", state.table_id)
    names = [f"{experiment}-a", f"{experiment}-b"]
    request = SeriesRequest(metric=LOSS, trial_components=names)
    first = lines(sync, request, read_for_s=0.0, at_once=1)
    assert (len(first.series), first.left) == (1, 1)
    known = {each.trial_component_name: each.state for each in first.series}
    rest = lines(sync, structs.replace(request, known=known), read_for_s=0.0, at_once=1)
    assert (len(rest.series), rest.left) == (1, 0)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"metric": "parameter:lr"}, "metric"),
        ({"metric": "metric:"}, "metric"),
        ({"trial_components": ["a"] * 501}, "trial_components"),
        ({"most_points": 9}, "most_points"),
        ({"most_points": 10_001}, "most_points"),
    ],
)
def test_impossible_lines_are_refused(tables, state, asked, field):
    request = SeriesRequest(**{"metric": LOSS, "trial_components": [], **asked})
    with pytest.raises(InvalidRequest) as caught:
        tables.list_series("local", state.table_id, request)
    assert caught.value.details["field"] == field


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"rows": ["t/c"] * 1001}, "rows"), ({"limit": 0}, "limit"), ({"limit": 5001}, "limit")],
)
def test_impossible_points_are_refused(tables, state, asked, field):
    with pytest.raises(InvalidRequest) as caught:
        drawn(tables, state, **asked)
    assert caught.value.details["field"] == field
