"""Tables in step with a real local service."""

import itertools
import time

import boto3
import numpy as np
import pytest

from smx_lab.contract.bodies import OpenTableRequest, RowsRequest, ValuesRequest
from smx_lab.core.errors import InvalidRequest, NotFound, ServiceUnavailable
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn
from smx_lab.gateway.connections import ConnectionOptions, Connections
from smx_lab.services.tables.memory import mapped_bytes
from smx_lab.services.tables.registry import MAX_RESIDENT_BYTES, UNUSED_AFTER_S
from smx_lab.services.tables.tables import Tables, Unchanged

PATIENCE_S = 30.0

numbers = itertools.count(1)


@pytest.fixture
def tables(local_service, clock):
    tables = Tables(Connections(ConnectionOptions(), lambda: local_service), clock)
    yield tables
    tables.close()


@pytest.fixture(scope="module")
def sagemaker(local_service):
    return client(local_service, "sagemaker", local_service.sagemaker_url)


def client(service, name, url):
    return boto3.client(
        name,
        endpoint_url=url,
        region_name=service.region,
        aws_access_key_id=service.access_key_id,
        aws_secret_access_key=service.secret_access_key,
    )


@pytest.fixture
def experiment(sagemaker, request):
    """An empty experiment of its own for each test."""
    name = f"exp-{next(numbers)}"
    sagemaker.create_experiment(ExperimentName=name)
    return name


def log(sagemaker, name, *trials, experiment=None, **members):
    """Create a trial component in some trials, which are made if need be."""
    sagemaker.create_trial_component(TrialComponentName=name, **members)
    for trial in trials:
        if experiment:
            existing = sagemaker.list_trials(ExperimentName=experiment, MaxResults=100)
            if trial not in [t["TrialName"] for t in existing["TrialSummaries"]]:
                sagemaker.create_trial(TrialName=trial, ExperimentName=experiment)
        sagemaker.associate_trial_component(TrialComponentName=name, TrialName=trial)


def row_ids(tables, state, **view):
    window = tables.list_rows("local", state.table_id, RowsRequest(view=View(**view), limit=1000))
    return [row.id for row in window.rows]


def poll(tables, clock, state, until):
    """Poll as a browser does until the table is as wanted."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        clock.now += 1
        found = tables.describe_table("local", state.table_id)
        if until(found):
            return found
    pytest.fail(f"the table stayed at {found}")


def test_a_table_holds_the_pairs_of_its_experiment(tables, sagemaker, experiment):
    log(
        sagemaker,
        f"{experiment}-pre",
        f"{experiment}-t1",
        f"{experiment}-t2",
        experiment=experiment,
    )
    log(
        sagemaker,
        f"{experiment}-train",
        f"{experiment}-t1",
        Parameters={"epochs": {"NumberValue": 2}, "optimizer": {"StringValue": '"sgd"'}},
    )
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    assert (state.total, state.complete, state.error) == (3, True, None)
    assert set(row_ids(tables, state)) == {
        f"{experiment}-t1/{experiment}-pre",
        f"{experiment}-t2/{experiment}-pre",
        f"{experiment}-t1/{experiment}-train",
    }
    assert {"parameter:epochs", "parameter:optimizer"} <= {column.id for column in state.columns}


def test_a_table_of_trials_holds_only_pairs_with_these(tables, sagemaker, experiment):
    trials = [f"{experiment}-t{n}" for n in range(1, 4)]
    log(sagemaker, f"{experiment}-pre", *trials, experiment=experiment)
    state = tables.read_table("local", OpenTableRequest(trials=trials[:2]))
    assert set(row_ids(tables, state)) == {f"{trial}/{experiment}-pre" for trial in trials[:2]}


def test_the_unassigned_components_are_a_table_too(tables, sagemaker, experiment):
    log(sagemaker, f"{experiment}-alone")
    log(sagemaker, f"{experiment}-linked", f"{experiment}-t1", experiment=experiment)
    state = tables.read_table("local", OpenTableRequest(unassigned=True))
    found = row_ids(tables, state)
    assert f"/{experiment}-alone" in found
    assert not [row for row in found if row.endswith("-linked")]


def test_the_same_origin_is_the_same_table(tables, experiment):
    first = tables.open_table("local", OpenTableRequest(experiments=[experiment, "other"]))
    again = tables.open_table("local", OpenTableRequest(experiments=["other", experiment]))
    assert first.table_id == again.table_id
    assert first.table_id != tables.open_table("local", OpenTableRequest(trials=["other"])).table_id


def test_a_new_component_appears_when_the_table_is_polled(tables, clock, sagemaker, experiment):
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    assert state.total == 0
    log(sagemaker, f"{experiment}-a", f"{experiment}-t1", experiment=experiment)
    found = poll(tables, clock, state, lambda state: state.total == 1)
    assert found.version > state.version


def test_a_deleted_component_and_a_cut_link_leave_the_table(tables, clock, sagemaker, experiment):
    t1, t2 = f"{experiment}-t1", f"{experiment}-t2"
    log(sagemaker, f"{experiment}-a", t1, t2, experiment=experiment)
    log(sagemaker, f"{experiment}-b", t1)
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    assert state.total == 3
    for name in ("a", "b"):
        sagemaker.disassociate_trial_component(
            TrialComponentName=f"{experiment}-{name}", TrialName=t1
        )
    sagemaker.delete_trial_component(TrialComponentName=f"{experiment}-b")
    poll(tables, clock, state, lambda state: state.total == 1)
    assert row_ids(tables, state) == [f"{t2}/{experiment}-a"]


def test_metrics_of_a_running_component_are_followed(
    tables, clock, sagemaker, local_service, experiment
):
    log(
        sagemaker,
        f"{experiment}-a",
        f"{experiment}-t1",
        experiment=experiment,
        Status={"PrimaryStatus": "InProgress"},
    )
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    metrics = client(local_service, "sagemaker-metrics", local_service.metrics_url)
    for step, value in enumerate([0.5, 0.75]):
        metrics.batch_put_metrics(
            TrialComponentName=f"{experiment}-a",
            MetricData=[
                {
                    "MetricName": "test:accuracy",
                    "Timestamp": int(time.time()),
                    "Step": step,
                    "Value": value,
                }
            ],
        )
    shown = View(
        columns=tuple(
            ViewColumn(column="metric:test:accuracy", statistic=statistic)
            for statistic in ("Last", "Max", "Min", "Avg", "Count")
        )
    )

    def cells(state):
        window = tables.list_rows("local", state.table_id, RowsRequest(view=shown))
        return [row.cells for row in window.rows]

    poll(tables, clock, state, lambda state: cells(state) == [(0.75, 0.75, 0.5, 0.625, 2)])


def test_nothing_new_is_told_in_one_word(tables, clock, experiment):
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    clock.now += 60
    answer = tables.describe_table("local", state.table_id, state.version)
    assert isinstance(answer, Unchanged)
    assert answer.updated_time >= state.updated_time


def test_a_table_of_many_pages_is_read_whole_and_then_by_what_changed(
    tables, clock, sagemaker, experiment
):
    trial = f"{experiment}-t1"
    for number in range(201):
        log(
            sagemaker,
            f"{experiment}-{number}",
            trial,
            experiment=experiment if not number else None,
        )
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    assert state.total == 201
    sagemaker.update_trial_component(
        TrialComponentName=f"{experiment}-7", Parameters={"late": {"NumberValue": 1}}
    )
    found = poll(
        tables,
        clock,
        state,
        lambda state: "parameter:late" in [column.id for column in state.columns],
    )
    assert found.total == 201
    window = tables.list_rows(
        "local", state.table_id, RowsRequest(view=View(sort=(SortKey(column="parameter:late"),)))
    )
    assert window.rows[0].trial_component_name == f"{experiment}-7"
    sagemaker.disassociate_trial_component(TrialComponentName=f"{experiment}-8", TrialName=trial)
    poll(tables, clock, state, lambda state: state.total == 200)


def test_an_origin_of_more_trials_than_one_search_takes_is_read_whole(
    tables, sagemaker, experiment
):
    trials = [f"{experiment}-t{number}" for number in range(25)]
    for trial in trials:
        sagemaker.create_trial(TrialName=trial, ExperimentName=experiment)
    log(sagemaker, f"{experiment}-pre", *trials)
    state = tables.read_table("local", OpenTableRequest(trials=trials))
    assert state.total == 25


def test_the_rows_stay_when_the_service_cannot_be_reached(
    start_service, sagemaker, clock, tmp_path
):
    service = start_service()
    reachable = [True]

    def ensure_running():
        if not reachable[0]:
            raise ServiceUnavailable("The local service is not running.")
        return service

    tables = Tables(Connections(ConnectionOptions(), ensure_running), clock)
    own = client(service, "sagemaker", service.sagemaker_url)
    own.create_experiment(ExperimentName="mnist")
    log(own, "pre", "t1", experiment="mnist")
    state = tables.read_table("local", OpenTableRequest(experiments=["mnist"]))
    from smx_lab.local.home import launch

    launch.stop(tmp_path / "service-0")
    reachable[0] = False
    failed = poll(tables, clock, state, lambda state: state.error is not None)
    assert failed.error.code == "service_unavailable"
    assert (failed.total, failed.updated_time) == (1, state.updated_time)
    assert failed.version > state.version
    assert row_ids(tables, state) == ["t1/pre"]
    reachable[0] = True
    service = start_service(tmp_path / "service-0")
    again = tables.open_table("local", OpenTableRequest(experiments=["mnist"]))
    recovered = poll(tables, clock, again, lambda state: state.error is None)
    assert recovered.updated_time > state.updated_time
    tables.close()


def test_a_table_that_nobody_uses_leaves_memory_and_comes_back_when_asked(
    tables, clock, sagemaker, experiment
):
    log(sagemaker, f"{experiment}-a", f"{experiment}-t1", experiment=experiment)
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    clock.now += UNUSED_AFTER_S + 1
    tables.open_tables.drop_unused()
    found = poll(tables, clock, state, lambda state: state.complete)
    assert (found.total, found.table_id) == (1, state.table_id)
    assert found.version > state.version


@pytest.mark.skipif(not mapped_bytes(), reason="the system does not tell what is in memory")
def test_what_was_looked_at_leaves_memory_at_once_when_it_is_much(tables, sagemaker, experiment):
    log(sagemaker, f"{experiment}-a", f"{experiment}-t1", experiment=experiment)
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    sync = tables.open_tables.find("local", state.table_id)
    tables.open_tables._sweeper.cancel()  # which would do the same after a while
    little, much = sync._files.move([np.ones(100_000), np.ones(2 * MAX_RESIDENT_BYTES // 8)])
    sync.rest()
    before = mapped_bytes()
    little.sum()
    row_ids(tables, state)
    assert mapped_bytes() - before > 0.9 * little.nbytes
    much.sum()
    assert mapped_bytes() - before > 1.5 * MAX_RESIDENT_BYTES
    row_ids(tables, state)
    assert mapped_bytes() - before < 0.5 * MAX_RESIDENT_BYTES
    assert (little[-1], much[-1]) == (1, 1)


@pytest.mark.parametrize(
    "origin",
    [
        {},
        {"experiments": [""]},
        {"trials": ["x" * 121]},
        {"trials": [f"t{n}" for n in range(501)]},
    ],
)
def test_an_impossible_origin_is_refused(tables, origin):
    with pytest.raises(InvalidRequest):
        tables.open_table("local", OpenTableRequest(**origin))


@pytest.mark.parametrize(("offset", "limit"), [(-1, 1), (0, 0), (0, 1001)])
def test_an_impossible_window_is_refused(tables, experiment, offset, limit):
    state = tables.open_table("local", OpenTableRequest(experiments=[experiment]))
    with pytest.raises(InvalidRequest):
        tables.list_rows(
            "local", state.table_id, RowsRequest(view=View(), offset=offset, limit=limit)
        )


def test_an_unknown_table_or_connection_is_not_found(tables, experiment):
    with pytest.raises(NotFound):
        tables.describe_table("local", "unknown")
    with pytest.raises(NotFound):
        tables.open_table("nowhere", OpenTableRequest(experiments=[experiment]))
    state = tables.open_table("local", OpenTableRequest(experiments=[experiment]))
    with pytest.raises(NotFound):
        tables.describe_table("aws", state.table_id)


def test_values_of_a_column_and_who_created_a_row(tables, sagemaker, experiment):
    for number, optimizer in enumerate(["sgd", "adam", "sgd"]):
        parameters = {"optimizer": {"StringValue": f'"{optimizer}"'}}
        log(sagemaker, f"{experiment}-{number}", f"{experiment}-t", experiment=experiment,
            Parameters=parameters)  # fmt: skip
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    found = tables.list_values("local", state.table_id, ValuesRequest(column="parameter:optimizer"))
    assert [(v.value, v.count) for v in found.values] == [("adam", 1), ("sgd", 2)]
    created_by = "summary:Created by"
    mine = row_ids(tables, state, filters=(Filter(column=created_by, operator="mine"),))
    others = row_ids(tables, state, filters=(Filter(column=created_by, operator="not_mine"),))
    assert (len(mine), len(others)) == (3, 0)


def test_a_limit_of_values_that_makes_no_sense_is_refused(tables, experiment):
    state = tables.read_table("local", OpenTableRequest(experiments=[experiment]))
    with pytest.raises(InvalidRequest, match="limit must be from 1 to 1000"):
        tables.list_values(
            "local", state.table_id, ValuesRequest(column="summary:Type", limit=1001)
        )
