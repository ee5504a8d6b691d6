"""A view put to a table: each part is worked out when it is asked for, and once."""

import pytest

from smx_lab.core.table.query.group_labels import GroupLabels
from smx_lab.core.table.query.question import Question
from smx_lab.core.table.query.selections import Selections
from smx_lab.core.views.view import GROUP_COLUMN, View, ViewColumn
from tests.core.table.query.test_query import table_of
from tests.support.table_components import component

TRIAL = ViewColumn(column="summary:Trial component")


@pytest.fixture
def table():
    return table_of(*(component(f"c{n}", n, parameters={"seed": float(n % 2)}) for n in range(4)))


@pytest.fixture
def ask(table):
    selections = Selections(table)
    return lambda **view: Question(table, View(**view), selections)


def test_a_view_without_groups_shows_its_rows_with_the_baseline_on_top(ask, table):
    question = ask(columns=(TRIAL,), baseline="trial-1/c1")
    groups, rows = question.display_rows.at(0, 10)
    names = question.fields[0].cells(rows)
    assert (question.groups, question.display_rows.total) == (None, 4)
    assert groups.tolist() == [-1, -1, -1, -1]
    assert [names[0], sorted(names)] == ["c1", ["c0", "c1", "c2", "c3"]]
    assert question.slots(rows).tolist() == [table.members.find(name) for name in names]


def test_a_grouped_view_shows_each_group_and_the_rows_of_those_that_are_expanded(ask):
    question = ask(group_by=("parameter:seed",), expanded=('group:["1"]',))
    groups, rows = question.display_rows.at(0, 10)
    assert (len(question.groups), question.display_rows.total) == (2, 4)
    assert groups.tolist() == [0, 1, -1, -1]
    assert (rows >= 0).tolist() == [False, False, True, True]


def test_the_group_column_has_labels_only_where_there_are_groups(ask):
    column = ViewColumn(column=GROUP_COLUMN)
    (labels,) = ask(columns=(column,), group_by=("parameter:seed",)).fields
    assert isinstance(labels, GroupLabels)
    assert ask(columns=(column,)).fields == [None]


def test_parts_are_the_same_when_asked_for_again_and_groups_are_shared(ask):
    first, second = (ask(columns=(TRIAL,), group_by=("parameter:seed",)) for _ in range(2))
    assert first.fields is first.fields
    assert first.display_rows is first.display_rows
    assert first.selection is second.selection
    assert first.groups is second.groups
