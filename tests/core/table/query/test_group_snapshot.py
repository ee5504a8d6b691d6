"""Grouped views by example: what a group shows, and in which order."""

import pytest

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn
from tests.support.table_components import accuracy, component, parents, training

ACCURACY = "metric:test:accuracy"
SEEDS = [("sgd", 1, 0.90), ("sgd", 2, 0.94), ("adam", 1, 0.97), ("adam", 2, None), ("sgd", 3, 0.95)]


@pytest.fixture
def seeds():
    """Two optimizers, trained with several seeds each, beside a preprocessing step."""
    table = Table(Origin(experiments=("mnist",)))
    table.upsert(
        [
            component("preprocessing"),
            *(
                training(
                    f"{optimizer}-{seed}",
                    minutes=seed,
                    parents=parents(f"trial-{optimizer}-{seed}"),
                    parameters={"optimizer": f'"{optimizer}"', "seed": float(seed)},
                    metrics=(accuracy(last),) if last is not None else (),
                )
                for optimizer, seed, last in SEEDS
            ),
        ]
    )
    return table


def window(table, *columns, **view):
    shown = tuple(ViewColumn(column=column) for column in columns)
    view = View(columns=shown, **{"group_by": ("parameter:optimizer",), **view})
    return Queries(table).window(view, 0, 100)


def test_a_group_shows_the_mean_of_its_numbers_and_what_its_texts_have_in_common(seeds):
    adam, sgd, none = window(seeds, ACCURACY, "summary:Type", "summary:Trial").rows
    assert [row.group.values for row in (adam, sgd, none)] == [("adam",), ("sgd",), (None,)]
    assert sgd.cells == (pytest.approx(0.93), "Training job", None)
    assert sgd.group.summaries[0].std_dev == pytest.approx(0.0264575131)
    assert [summary.n for summary in sgd.group.summaries] == [3, 3, 3]
    assert sgd.group.summaries[2].distinct == 3
    assert (adam.cells[0], adam.group.summaries[0].n) == (0.97, 1)
    assert adam.group.summaries[0].std_dev is None
    assert none.cells == (None, "Undefined", "trial-1")
    assert (sgd.status, sgd.type, none.status) == ("Completed", "Training job", None)


def test_groups_are_sorted_by_their_means_and_unfold_to_rows_in_the_same_order(seeds):
    sort = (SortKey(column=ACCURACY, descending=True),)
    found = window(seeds, "summary:Group", ACCURACY, sort=sort, expanded=('group:["sgd"]',))
    assert [(row.level, *row.cells) for row in found.rows] == [
        (1, "adam", 0.97),
        (1, "sgd", pytest.approx(0.93)),
        (2, "sgd", 0.95),
        (2, "sgd", 0.94),
        (2, "sgd", 0.90),
        (1, "–", None),
    ]
    assert (found.total, found.passed, found.groups) == (6, 6, 3)
    assert found.rows[1].group.is_expanded


def test_groups_can_be_sorted_by_their_own_values_the_other_way_round(seeds):
    falling = (SortKey(column="summary:Group", descending=True),)
    assert [row.display_name for row in window(seeds, sort=falling).rows] == ["–", "sgd", "adam"]


def test_a_column_of_means_shows_as_many_decimals_as_they_need(seeds):
    assert window(seeds, "parameter:seed", group_by=()).decimals == [0]
    assert window(seeds, "parameter:seed").decimals == [1]


def test_rows_are_grouped_by_several_columns_at_once(seeds):
    found = window(seeds, group_by=("tag:no", "parameter:optimizer", "parameter:seed"))
    assert [row.display_name for row in found.rows] == [
        "– · adam · 1",
        "– · adam · 2",
        "– · sgd · 1",
        "– · sgd · 2",
        "– · sgd · 3",
        "– · – · –",
    ]


def test_filters_hold_before_rows_are_grouped(seeds):
    above = (Filter(column=ACCURACY, operator="gt", values=(0.93,)),)
    found = window(seeds, ACCURACY, filters=above)
    assert [(row.cells[0], row.group.row_count) for row in found.rows] == [
        (0.97, 1),
        (pytest.approx(0.945), 2),
    ]


def test_the_baseline_comes_first_also_when_the_filters_keep_it_out(seeds):
    baseline = "trial-1/preprocessing"
    view = {"baseline": baseline, "types": ("Training job",), "group_by": ()}
    found = window(seeds, "summary:Type", **view)
    assert found.rows[0].id == found.baseline.id == baseline
    assert found.baseline.cells == ("Undefined",)
    assert (found.total, found.passed) == (6, 5)
    assert window(seeds, baseline="trial-1/gone").baseline is None


def test_extents_of_a_grouped_view_are_those_of_the_means(seeds):
    (rows,) = window(seeds, ACCURACY, group_by=(), extents=True).extents
    (means,) = window(seeds, ACCURACY, extents=True).extents
    assert (rows.lowest, rows.highest) == (0.90, 0.97)
    assert (means.lowest, means.highest) == (pytest.approx(0.93), 0.97)


def test_rows_can_be_asked_for_by_id(seeds):
    view = View(columns=(ViewColumn(column=ACCURACY),), types=())
    ids = ["trial-sgd-3/sgd-3-aws-training-job", "/gone", "trial-1/preprocessing"]
    rows = Queries(seeds).rows_of(view, ids).rows
    assert [(row.trial_name, row.cells) for row in rows] == [
        ("trial-sgd-3", (0.95,)),
        ("trial-1", (None,)),
    ]


def test_all_cells_of_a_grouped_view_tell_the_group_of_each_row(seeds):
    view = View(columns=(ViewColumn(column="summary:Group"),), group_by=("parameter:optimizer",))
    rows = [row.id for row in Queries(seeds).window(View(), 0, 100).rows]
    snapshot = Queries(seeds).snapshot(view, rows)
    (groups,) = snapshot.columns
    assert sorted(groups.cells(0, len(snapshot))) == ["adam", "adam", "sgd", "sgd", "sgd", "–"]


def test_a_blank_differs_only_from_values_of_the_same_type(seeds):
    columns, _ = Queries(seeds).differing_columns(View())
    assert "parameter:optimizer" in columns
    training_jobs = View(filters=(Filter(column="parameter:optimizer", operator="exists"),))
    assert "parameter:optimizer" in Queries(seeds).differing_columns(training_jobs)[0]
    sgd = View(filters=(Filter(column="parameter:optimizer", operator="is_not", values=("adam",)),))
    assert "parameter:optimizer" not in Queries(seeds).differing_columns(sgd)[0]
    assert ACCURACY in Queries(seeds).differing_columns(sgd)[0]


@pytest.mark.parametrize(
    ("group_by", "sentence"),
    [
        ((ACCURACY,), "not grouped by a metric"),
        (tuple(f"parameter:{n}" for n in range(9)), "at most 8 columns"),
        (("optimizer",), "is no column"),
    ],
)
def test_what_rows_cannot_be_grouped_by_is_said(seeds, group_by, sentence):
    with pytest.raises(InvalidRequest, match=sentence):
        window(seeds, group_by=group_by)


def test_no_rows_make_no_groups(seeds):
    found = window(seeds, ACCURACY, types=(), extents=True, sort=(SortKey(column=ACCURACY),))
    assert (found.rows, found.total, found.groups, found.extents) == ([], 0, 0, [None])
