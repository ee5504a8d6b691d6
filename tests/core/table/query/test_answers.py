"""The same view of the same version of a table is worked out once; all else is worked out anew."""

import pytest

from smx_lab.core.table import Queries
from smx_lab.core.table.query import question
from smx_lab.core.table.query.selections import MAX_KEPT, Selections
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn
from tests.core.table.query.test_query import table_of
from tests.support.table_cells import all_cells
from tests.support.table_components import accuracy, component

BY_ACCURACY = (SortKey(column="metric:test:accuracy", statistic="Last"),)
ABOVE = (Filter(column="metric:test:accuracy", statistic="Last", operator="gt", values=(0.2,)),)


@pytest.fixture
def table():
    return table_of(*(component(f"c{n}", n, metrics=(accuracy(n / 10),)) for n in range(5)))


@pytest.fixture
def queries(table):
    return Queries(table)


@pytest.fixture
def worked_out(monkeypatch):
    """The views that were worked out, and the keys of the groups that were made."""
    found = []
    work_out, groups = Selections._work_out, question.Groups

    def noting(self, view):
        found.append(view)
        return work_out(self, view)

    def grouping(table, keys, rows, many):
        found.append(keys)
        return groups(table, keys, rows, many)

    monkeypatch.setattr(Selections, "_work_out", noting)
    monkeypatch.setattr(question, "Groups", grouping)
    return found


def names(window):
    return [row.trial_component_name for row in window.rows]


def test_a_window_that_is_asked_for_again_is_not_worked_out_again(queries, worked_out):
    view = View(sort=BY_ACCURACY)
    first = queries.window(view, 0, 3)
    assert worked_out == [view]
    assert queries.window(view, 0, 3) == first
    assert (names(first), len(worked_out)) == (["c0", "c1", "c2"], 1)


def test_all_that_is_asked_of_a_view_shares_one_answer(queries, worked_out):
    view = View(sort=BY_ACCURACY)
    shown = View(sort=BY_ACCURACY, columns=(ViewColumn(column="summary:Trial"),))
    assert names(queries.window(view, 0, 2)) == ["c0", "c1"]
    assert names(queries.window(shown, 3, 2)) == ["c3", "c4"]
    assert all_cells(queries, shown).names == ["c0", "c1", "c2", "c3", "c4"]
    assert len(queries.snapshot(shown)) == 5
    assert worked_out == [view]


def test_another_view_is_worked_out_and_the_first_is_still_known(queries, worked_out):
    ascending = View(sort=BY_ACCURACY)
    descending = View(
        sort=(SortKey(column="metric:test:accuracy", statistic="Last", descending=True),)
    )
    for view in (ascending, descending, ascending, descending):
        queries.window(view, 0, 5)
    assert worked_out == [ascending, descending]
    assert names(queries.window(descending, 0, 1)) == ["c4"]


def test_another_filter_finds_the_order_of_all_rows(queries, worked_out):
    queries.window(View(sort=BY_ACCURACY), 0, 5)
    filtered = queries.window(View(sort=BY_ACCURACY, filters=ABOVE), 0, 5)
    assert names(filtered) == ["c3", "c4"]
    assert [view.filters for view in worked_out] == [(), ABOVE]


@pytest.mark.parametrize("change", ["value", "row gone"])
def test_a_new_version_is_worked_out_anew(table, queries, worked_out, change):
    view = View(sort=BY_ACCURACY)
    before = queries.window(view, 0, 5)
    if change == "value":
        table.upsert([component("c0", metrics=(accuracy(0.9),))])
    else:
        table.remove(["c0"])
    after = queries.window(view, 0, 5)
    expected = ["c1", "c2", "c3", "c4", *(["c0"] if change == "value" else [])]
    assert (names(after), len(worked_out)) == (expected, 2)
    assert after.version > before.version


def test_what_changes_nothing_leaves_the_answer(table, queries, worked_out):
    view = View(sort=BY_ACCURACY)
    queries.window(view, 0, 5)
    table.upsert([component("c0", 0, metrics=(accuracy(0.0),))])
    queries.window(view, 0, 5)
    assert worked_out == [view]


def test_groups_are_made_once_for_a_version(table, queries, worked_out):
    key = ("summary:Status",)
    view = View(sort=BY_ACCURACY, group_by=key)
    for _ in range(2):
        queries.window(view, 0, 5)
    assert worked_out.count(key) == 1
    table.upsert([component("c7", metrics=(accuracy(0.7),))])
    queries.window(view, 0, 5)
    assert worked_out.count(key) == 2


def test_the_answers_kept_are_those_of_late(queries, worked_out):
    views = [
        View(sort=(SortKey(column="metric:test:accuracy", statistic=statistic, descending=down),))
        for statistic in ("Last", "Max", "Min", "Avg", "StdDev")
        for down in (False, True)
    ][: MAX_KEPT + 1]
    for view in views:
        queries.window(view, 0, 5)
    queries.window(views[-1], 0, 5)
    assert len(worked_out) == len(views)
    queries.window(views[0], 0, 5)
    assert worked_out[len(views) :] == [views[0]]
