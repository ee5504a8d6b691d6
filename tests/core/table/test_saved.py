"""A table that was saved answers as the one it was saved from, and goes on as it would have."""

import msgspec
import pytest
from hypothesis import given, settings

from smx_lab.core.table import Queries, Table
from smx_lab.core.table.saved import restore, save
from smx_lab.core.views.view import View, ViewColumn
from tests.core.table.query.test_against_reference import steps, table_after, take
from tests.support.table_components import training


def again(table):
    """A new table, from the bytes of one."""
    copy = Table(table.origin, table.version)
    restore(copy, save(table))
    return copy


def everything(table):
    """Every column and every cell, and how numbers are shown."""
    shown = tuple(
        ViewColumn(column=column.id, statistic=statistic)
        for column in table.columns()
        for statistic in ("Last", "Max", "Count")
    )
    window = Queries(table).window(View(columns=shown), 0, 1000)
    return repr((table.columns(), window.rows, window.decimals, sorted(table.component_names())))


@settings(max_examples=60, deadline=None)
@given(steps, steps)
def test_it_is_the_same_table_before_and_after_further_changes(first, then):
    table = table_after(first)
    copy = again(table)
    assert everything(copy) == everything(table)
    for step in then:
        changed = [take(each, step) for each in (table, copy)]
        assert changed[0] == changed[1]
    assert everything(copy) == everything(table)


def test_the_version_grows():
    table = table_after([[training("a")]])
    assert again(table).version > table.version


def test_what_has_not_changed_is_known_to_be_the_same():
    copy = again(table_after([[training("a"), training("b")]]))
    assert not copy.upsert([training("a")])
    assert copy.upsert([training("b", display_name="Other")])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_half_a_table_is_refused(share):
    table = table_after([[training("a"), training("b")]])
    data = save(table)
    with pytest.raises(ValueError, match=r"."):
        restore(Table(table.origin), data[: int(share * len(data))])


def test_a_table_of_the_format_before_is_refused_though_it_held_other_things():
    older = msgspec.msgpack.encode({"format": 1, "slots": 0, "names": {"a": 0}, "free": []})
    with pytest.raises(ValueError, match="format 1"):
        restore(Table(table_after([[training("a")]]).origin), older)
