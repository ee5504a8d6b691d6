"""Files of views, held to the same cases as the front end (`filecases.spec.ts`)."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.views.file import arranged, parse_view_file
from smx_lab.core.views.view import Column

FILE = json.loads(Path(__file__).with_name("view_file_cases.json").read_text(encoding="utf-8"))


def column(text):
    id_, _, cell_type = text.rpartition(" ")
    kind, _, name = id_.partition(":")
    return Column(id=id_, kind=kind, name=name, label=name, type=cell_type)


COLUMNS = [column(text) for text in FILE["columns"]]


def step(at):
    return None if at is None else [at.metric, at.goal]


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_a_saved_view_means_what_it_means_on_the_screen(case):
    view, missing, _ = arranged(case["saved"], COLUMNS)
    query = case["query"]
    assert [[c.column, c.statistic, step(c.at)] for c in view.columns] == case["columns"]
    assert [[k.column, k.statistic, step(k.at), k.descending] for k in view.sort] == query.get(
        "sort", []
    )
    assert (view.types and list(view.types)) == query.get("types")
    assert [[f.column, f.operator, f.statistic, list(f.values)] for f in view.filters] == query.get(
        "filters", []
    )
    assert list(view.group_by) == query.get("group_by", [])
    assert missing == case["missing"]


def filtered(*values):
    days = {"column": "summary:Created on", "operator": "days", "values": list(values)}
    (found,) = arranged({"filters": [days]}, COLUMNS).view.filters
    return found.operator, found.values


def test_days_are_whole_days_of_the_time_zone_here(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        # Five hours after midnight in UTC; in the night to the 11th of March a clock goes forward.
        assert filtered("2024-03-09", "2024-03-10") == ("between", (1709960400000, 1710129599999))
        assert filtered("2024-03-09", "") == ("ge", (1709960400000,))
        assert filtered("", "2024-03-08") == ("le", (1709960399999,))
    finally:
        monkeypatch.undo()
        time.tzset()


def text_of(**members):
    content = {"connection": "aws", "origin": {"experiments": ["mnist"]}, "version": 1, "view": {}}
    return json.dumps({**content, **members}).encode()


def test_a_file_says_where_its_table_is():
    found = parse_view_file("best.smxview", text_of(view={"order": ["summary:Trial"]}))
    assert found == ("aws", ["mnist"], [], False, {"order": ["summary:Trial"]})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<<<<<<< ours\n{}", "best.smxview is no valid JSON, so it cannot be opened as a view."),
        (b"\xff", "best.smxview is no valid JSON, so it cannot be opened as a view."),
        (b"[" * 100_000, "best.smxview is no valid JSON, so it cannot be opened as a view."),
        (b"[]", "best.smxview does not say which table it is a view of."),
        (text_of(origin={}), "best.smxview does not say which table it is a view of."),
        (text_of(connection=None), "best.smxview does not say which table it is a view of."),
        (
            text_of(version=99),
            "best.smxview has version 99, which this release of smx-lab does not know.",
        ),
        (
            text_of(version=True),
            "best.smxview has version true, which this release of smx-lab does not know.",
        ),
    ],
)
def test_a_file_that_holds_no_view_is_answered_with_a_sentence(data, sentence):
    with pytest.raises(InvalidRequest) as caught:
        parse_view_file("best.smxview", data)
    assert str(caught.value) == sentence


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(FILE["columns"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["column", "operator", "values", "on", "except", "groupBy", "summary"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
members = ["groups", "order", "pinned", "added", "statistics", "bestSteps", "sort", "types"]


@given(st.dictionaries(st.sampled_from([*members, "filters", "comparing"]), json_values))
def test_whatever_a_view_holds_something_is_shown(saved):
    assert arranged(saved, COLUMNS).view.default_statistic == "Last"
