"""The distinct values of a column, and the filters that a dialog makes of them."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.core.views.view import Filter, View
from tests.support.table_components import accuracy, component, parents, training

OPTIMIZERS = ('"sgd"', "sgd", '"adam"', "SGD", "10", "9", "", None)


def table_of(*components):
    table = Table(Origin(experiments=("mnist",), unassigned=True))
    table.upsert(components)
    return table


@pytest.fixture
def digits():
    """Four jobs of three people, one of them nobody's, and a preprocessing step of two trials."""
    return table_of(
        component("preprocessing", parents=parents("trial-1", "trial-2"), created_by="ada"),
        *(
            training(
                f"job-{n}",
                parents=parents(f"trial-{n}"),
                parameters={"optimizer": optimizer, "channels": float(n)},
                metrics=(accuracy(last, max=best),),
                created_by=user,
            )
            for n, optimizer, last, best, user in (
                (1, '"sgd"', 0.5, 0.9, "ada"),
                (2, "sgd", 0.5, 0.8, "grace"),
                (3, '"adam"', float("nan"), 0.9, None),
                (4, '"adam"', 0.75, float("inf"), "ada"),
            )
        ),
    )


def values(table, column, *filters, **asked):
    return Queries(table).distinct(View(filters=filters), column, **asked)


def rows(table, *filters, names=()):
    window = Queries(table, lambda: names).window(View(filters=filters), 0, 1000)
    return sorted(row.id for row in window.rows)


def test_values_come_in_the_columns_order_with_the_number_of_their_rows(digits):
    assert values(digits, "parameter:optimizer") == ([("adam", 2), ("sgd", 2)], 2, 2)
    assert values(digits, "summary:Type") == ([("Training job", 4), ("Undefined", 2)], 2, 0)
    assert values(digits, "parameter:channels") == (
        [(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 1)],
        4,
        2,
    )


def test_a_metrics_values_are_those_of_the_statistic_asked_for(digits):
    last = values(digits, "metric:test:accuracy", statistic="Last")
    assert last == ([(0.5, 2), (0.75, 1), ("NaN", 1)], 3, 2)
    best = values(digits, "metric:test:accuracy", statistic="Max")
    assert best == ([(0.8, 1), (0.9, 2), ("Infinity", 1)], 3, 2)


def test_filters_of_other_columns_count_and_those_of_the_column_itself_do_not(digits):
    sgd = Filter(column="parameter:optimizer", operator="is", values=("sgd",))
    best = Filter(column="metric:test:accuracy", operator="ge", statistic="Max", values=(0.9,))
    assert values(digits, "parameter:optimizer", sgd).values == [("adam", 2), ("sgd", 2)]
    assert values(digits, "parameter:optimizer", sgd, best).values == [("adam", 2), ("sgd", 1)]
    assert values(digits, "summary:Trial", sgd).values == [("trial-1", 1), ("trial-2", 1)]


def test_of_too_many_values_the_most_frequent_are_given(digits):
    assert values(digits, "summary:Trial", limit=2) == ([("trial-1", 2), ("trial-2", 2)], 4, 0)
    assert values(digits, "summary:Trial", limit=1, contains="RIAL-3") == ([("trial-3", 1)], 1, 0)


def test_a_column_that_no_row_has_holds_nothing(digits):
    assert values(digits, "tag:owner") == ([], 0, 6)
    with pytest.raises(InvalidRequest, match="is no column"):
        values(digits, "owner")


def test_mine_and_not_mine_are_told_apart_by_who_asks(digits):
    mine = Filter(column="summary:Created by", operator="mine")
    others = Filter(column="summary:Created by", operator="not_mine")
    ada = rows(digits, mine, names=("ada",))
    assert ada == [
        "trial-1/job-1-aws-training-job",
        "trial-1/preprocessing",
        "trial-2/preprocessing",
        "trial-4/job-4-aws-training-job",
    ]
    # Who is not known is somebody else.
    assert sorted([*ada, *rows(digits, others, names=("ada",))]) == rows(digits)
    assert rows(digits, mine, names=("grace",)) == ["trial-2/job-2-aws-training-job"]


def test_who_asks_is_found_out_only_if_a_filter_needs_it(digits):
    def unreachable():
        raise AssertionError("nobody asked")

    assert len(Queries(digits, unreachable).window(View(), 0, 10).rows) == 6


def test_mine_is_for_creators_alone(digits):
    with pytest.raises(InvalidRequest, match="is for the column Created by"):
        rows(digits, Filter(column="summary:Trial", operator="mine"))
    with pytest.raises(InvalidRequest, match="takes no value, not 1"):
        rows(digits, Filter(column="summary:Created by", operator="mine", values=("ada",)))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(OPTIMIZERS), max_size=12), st.sampled_from(["", "S", "1"]), st.data()
)
def test_choosing_values_keeps_as_many_rows_as_were_counted(optimizers, contains, data):
    table = table_of(
        *(
            component(f"c{n}", parameters={} if text is None else {"optimizer": text})
            for n, text in enumerate(optimizers)
        )
    )
    shown = ["sgd" if text == '"sgd"' else "adam" if text == '"adam"' else text or None
             for text in optimizers]  # fmt: skip
    found = values(table, "parameter:optimizer", contains=contains)
    given_texts = [text for text in shown if text is not None]
    is_number_column = all(text.isdigit() for text in given_texts)
    expected = Counter(
        float(text) if is_number_column else text
        for text in given_texts
        if contains.casefold() in text.casefold()
    )
    assert dict(found.values) == expected
    assert found.empty == shown.count(None)
    chosen = data.draw(st.sets(st.sampled_from(list(expected)))) if expected else set()
    others = data.draw(st.booleans())
    wanted = (*chosen, *([""] if others else []))
    condition = Filter(column="parameter:optimizer", operator="in", values=wanted)
    kept = sum(expected[value] for value in chosen) + (found.empty if others else 0)
    assert len(rows(table, condition)) == kept


def test_a_filter_survives_its_way_over_the_wire(digits):
    sent = b'{"column": "summary:Created by", "operator": "mine"}'
    assert rows(digits, msgspec.json.decode(sent, type=Filter), names=("grace",)) == [
        "trial-2/job-2-aws-training-job"
    ]
