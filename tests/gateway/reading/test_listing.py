"""Tables where Search is denied or says too little: the same rows, one by one."""

import json

import pytest

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.errors import AccessDenied
from smx_lab.services.tables.sync import one_by_one

# The fixtures are those of the tables that are searched for.
from tests.services.tables.conftest import clock
from tests.services.tables.sync.test_sync import (
    AWS,
    ORIGIN,
    failure,
    open_tables,
    rows,
    settled,
    truth,
    upstream,
)

__all__ = ["clock", "open_tables", "upstream"]

DESCRIBE = "DescribeTrialComponent"


def described(sagemaker):
    """The names that were described since it was forgotten."""
    return [
        call.request["TrialComponentName"]
        for call in sagemaker.calls
        if call.request["Operation"] == DESCRIBE and call.answer == "ok"
    ]


def components(tables, state):
    """Everything that the table holds of each trial component, as a fingerprint."""
    members = tables.open_tables.find(AWS, state.table_id).table.members
    return {name: members.fingerprint(members.find(name)) for name in members.all_names()}


@pytest.mark.parametrize(
    "origin",
    [
        ORIGIN,
        OpenTableRequest(trials=["trial-3-0", "trial-3-1", "trial-5-0"]),
        OpenTableRequest(experiments=["experiment-1"], trials=["trial-0-0"]),
        OpenTableRequest(unassigned=True),
        OpenTableRequest(experiments=["experiment-1"], unassigned=True),
    ],
    ids=["experiment", "trials", "both", "unassigned", "experiment and unassigned"],
)
def test_it_is_the_same_table_as_by_search(upstream, open_tables, origin):
    sagemaker = upstream(components=60, experiments=2)
    sagemaker.store.records[3].relink([("trial-3-0", "experiment-1"), ("trial-3-1", "mnist")])
    for number in (7, 8):
        sagemaker.store.records[number].relink([])
    by_search = open_tables(sagemaker, folder="by-search")
    expected = by_search.read_table(AWS, origin)
    sagemaker.forbidden = {"Search"}
    one_by_one = open_tables(sagemaker, folder="one-by-one")
    state = one_by_one.read_table(AWS, origin)
    assert state.total > 0
    assert rows(one_by_one, state) == rows(by_search, expected)
    assert state.columns == expected.columns
    if origin == ORIGIN:
        # But for the parents outside of the origin, which no row shows, all is the same.
        assert components(one_by_one, state) == components(by_search, expected)
    assert expected.search_error is None
    assert state.search_error.details["action"] == "sagemaker:Search"


def test_a_change_is_described_and_nothing_else(upstream, open_tables, clock):
    sagemaker = upstream(components=30)
    sagemaker.store.records[4].change(sagemaker.store.records[4].modified, status="InProgress")
    sagemaker.forbidden = {"Search"}
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    assert len(described(sagemaker)) == 30
    sagemaker.touch([11])
    sagemaker.store.records[12].relink([("trial-12-9", "experiment-0")])
    sagemaker.remove([20])
    sagemaker.forget()
    state = settled(tables, clock, state, 300)
    assert sorted(described(sagemaker)) == [
        f"job-{number}-aws-training-job" for number in (11, 12, 4)
    ]
    assert rows(tables, state) == truth(sagemaker)
    assert "Search" not in [call.request["Operation"] for call in sagemaker.calls]


def test_search_is_used_again_once_it_is_allowed(upstream, open_tables, clock):
    sagemaker = upstream(components=150)
    sagemaker.forbidden = {"Search"}
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    sagemaker.forbidden = set()
    sagemaker.remove([100])
    sagemaker.touch([3])
    sagemaker.forget()
    state = settled(tables, clock, state, one_by_one.SEARCH_AGAIN_S + 1)
    assert {call.request["Operation"] for call in sagemaker.calls} == {"Search"}
    assert (state.search_error, state.error) == (None, None)
    assert rows(tables, state) == truth(sagemaker)


def test_who_may_neither_search_nor_list_is_told_of_search(upstream, open_tables):
    sagemaker = upstream(components=3)
    sagemaker.forbidden = {"Search", "ListTrials"}
    error = failure(open_tables(sagemaker))
    assert isinstance(error, AccessDenied)
    assert error.details["action"] == "sagemaker:Search"


def test_tags_that_may_not_be_listed_leave_the_rest(upstream, open_tables):
    sagemaker = upstream(components=8)
    sagemaker.forbidden = {"Search", "ListTags"}
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    assert rows(tables, state) == truth(sagemaker)
    assert "tag" not in [column.kind for column in state.columns]


@pytest.mark.parametrize("fault", ["500", "half", "ResourceLimitExceeded"])
def test_a_fault_at_any_call_is_said_or_mended(upstream, open_tables, fault):
    sagemaker = upstream(components=4)
    sagemaker.forbidden = {"Search"}
    for call in range(15):
        tables = open_tables(sagemaker, folder=f"tables-{call}")
        sagemaker.forget()
        sagemaker.faults = lambda number, wrong=call: fault if number == wrong else None
        error = failure(tables)
        if error is not None:
            assert fault != "500"  # that is tried again at once
            tables.read_table(AWS, ORIGIN)
        state = tables.open_table(AWS, ORIGIN)
        assert (state.complete, state.error) == (True, None)
        assert rows(tables, state) == truth(sagemaker)


def test_it_says_how_far_it_is_and_can_be_stopped(upstream, open_tables):
    # Read for longer than listing.FOLD_EVERY_S, so that some rows come before the others.
    sagemaker = upstream(components=300, latency_s=0.05)
    sagemaker.forbidden = {"Search"}
    tables = open_tables(sagemaker)
    state = tables.open_table(AWS, ORIGIN)
    tables.open_tables.find(AWS, state.table_id).wait_for_rows(None)
    sagemaker.options.latency_s = 3  # nothing more comes until the reading is stopped
    state = tables.describe_table(AWS, state.table_id)
    assert (state.expected, state.complete) == (300, False)
    state = tables.stop_table(AWS, state.table_id)
    assert (state.stopped, state.complete) == (True, False)
    assert 0 < state.total < 300
    sagemaker.options.latency_s = 0
    sagemaker.forget()
    state = tables.open_table(AWS, ORIGIN)
    tables.open_tables.find(AWS, state.table_id).wait()
    assert rows(tables, tables.describe_table(AWS, state.table_id)) == truth(sagemaker)
    assert len(described(sagemaker)) < 300


def test_a_search_that_names_no_trials_is_of_no_use(upstream, open_tables, monkeypatch):
    sagemaker = upstream(components=5)
    for record in sagemaker.store.records:
        whole = {key: value for key, value in record.record().items() if key != "Parents"}
        monkeypatch.setattr(record, "_encoded", encoded(whole))
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    assert rows(tables, state) == truth(sagemaker)
    assert "in which trials" in state.search_error.message


def encoded(record):
    return json.dumps({"TrialComponent": record}).encode()
