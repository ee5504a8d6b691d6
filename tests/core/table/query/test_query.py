import threading

import msgspec
import pytest

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn
from tests.support.table_cells import all_cells
from tests.support.table_components import MORNING, accuracy, component, parents, training

ACCURACY = "metric:test:accuracy"


def table_of(*components):
    table = Table(Origin(experiments=("mnist",), unassigned=True))
    table.upsert(components)
    return table


@pytest.fixture
def digits():
    """The tutorial's table: a shared preprocessing step, and jobs with and without the metric."""
    trials = [f"trial-{n}" for n in (2, 5, 10)]
    return table_of(
        component("preprocessing", parents=parents(*trials)),
        *(
            training(
                f"job-{n}",
                minutes=n,
                parents=parents(f"trial-{n}"),
                parameters={"hidden_channels": float(n), "optimizer": optimizer},
                metrics=(accuracy(last, max=best, count=2),),
                created_by=user,
            )
            for n, last, best, optimizer, user in (
                (2, 0.91, 0.97, '"sgd"', "ada"),
                (5, 0.95, 0.95, '"adam"', None),
                (10, 0.93, 0.96, '"sgd"', "grace"),
            )
        ),
    )


def ids(table, offset=0, limit=1000, **view):
    return [row.id for row in Queries(table).window(View(**view), offset, limit).rows]


def names(table, **view):
    rows = Queries(table).window(View(**view), 0, 1000).rows
    return [row.trial_component_name.removesuffix("-aws-training-job") for row in rows]


def where(table, column, operator, *values, **others):
    return names(
        table, filters=(Filter(column=column, operator=operator, values=values, **others),)
    )


def by(column, **options):
    return (SortKey(column=column, **options),)


def test_without_a_sort_the_newest_component_comes_first(digits):
    assert names(digits) == ["job-10", "job-5", "job-2", *["preprocessing"] * 3]


def test_a_sort_puts_rows_without_the_metric_last_in_either_direction(digits):
    blank = ["preprocessing"] * 3
    assert names(digits, sort=by(ACCURACY)) == ["job-2", "job-10", "job-5", *blank]
    assert names(digits, sort=by(ACCURACY, descending=True)) == ["job-5", "job-10", "job-2", *blank]


def test_the_aggregation_decides_about_the_order(digits):
    by_maximum = by(ACCURACY, statistic="Max", descending=True)
    assert names(digits, sort=by_maximum)[:3] == ["job-2", "job-10", "job-5"]


def test_a_sort_follows_the_aggregation_that_its_column_shows(digits):
    shown = (ViewColumn(column=ACCURACY, statistic="Max"),)
    order = by(ACCURACY, descending=True)
    assert names(digits, sort=order, columns=shown)[0] == "job-2"
    assert names(digits, sort=order, default_statistic="Max")[0] == "job-2"
    assert names(digits, sort=order)[0] == "job-5"


def test_a_second_key_orders_what_the_first_leaves_equal(digits):
    sort = (
        SortKey(column="parameter:optimizer", descending=True),
        SortKey(column="parameter:hidden_channels"),
    )
    assert names(digits, sort=sort)[:3] == ["job-2", "job-10", "job-5"]


def test_trials_are_ordered_as_a_person_would(digits):
    jobs = (Filter(column=ACCURACY, operator="exists"),)
    found = names(digits, sort=by("summary:Trial"), filters=jobs)
    assert found == ["job-2", "job-5", "job-10"]


def test_a_logged_nan_stands_between_the_numbers_and_the_blanks():
    table = table_of(
        component("blank"),
        component("nan", metrics=(accuracy(float("nan")),)),
        component("number", metrics=(accuracy(-1.0),)),
        component("infinite", metrics=(accuracy(float("inf")),)),
    )
    assert names(table, sort=by(ACCURACY)) == ["number", "infinite", "nan", "blank"]
    down = by(ACCURACY, descending=True)
    assert names(table, sort=down) == ["infinite", "number", "nan", "blank"]
    assert set(where(table, ACCURACY, "exists")) == {"nan", "number", "infinite"}
    assert where(table, ACCURACY, "empty") == ["blank"]
    assert where(table, ACCURACY, "is", "NaN") == ["nan"]


@pytest.mark.parametrize(
    ("operator", "values", "found"),
    [
        ("is", (0.95,), ["job-5"]),
        ("is", ("0.95",), ["job-5"]),
        ("is", ("none",), []),
        ("is_not", (0.95,), ["job-10", "job-2", *["preprocessing"] * 3]),
        ("gt", (0.91,), ["job-10", "job-5"]),
        ("ge", ("0.91",), ["job-10", "job-5", "job-2"]),
        ("lt", (0.93,), ["job-2"]),
        ("le", (0.93,), ["job-10", "job-2"]),
        ("between", (0.92, 0.94), ["job-10"]),
        ("contains", ("0.9",), ["job-10", "job-5", "job-2"]),
        ("in", (0.91, 0.93), ["job-10", "job-2"]),
        ("in", (0.91, ""), ["job-2", *["preprocessing"] * 3]),
        ("exists", (), ["job-10", "job-5", "job-2"]),
        ("empty", (), ["preprocessing"] * 3),
    ],
)
def test_a_metric_is_filtered_by(digits, operator, values, found):
    assert where(digits, ACCURACY, operator, *values) == found


def test_a_metric_is_filtered_on_the_aggregation(digits):
    assert where(digits, ACCURACY, "gt", 0.955, statistic="Max") == ["job-10", "job-2"]


@pytest.mark.parametrize(
    ("operator", "values", "found"),
    [
        ("is", ("sgd",), ["job-10", "job-2"]),
        ("is", ('"sgd"',), ["job-10", "job-2"]),
        ("is", ("SGD",), []),
        ("is_not", ("sgd",), ["job-5", *["preprocessing"] * 3]),
        ("contains", ("ADA",), ["job-5"]),
        ("in", ("adam", "rmsprop"), ["job-5"]),
        ("gt", ("adam",), ["job-10", "job-2"]),
        ("between", ("a", "b"), ["job-5"]),
        ("empty", (), ["preprocessing"] * 3),
    ],
)
def test_a_text_parameter_is_filtered_by(digits, operator, values, found):
    assert where(digits, "parameter:optimizer", operator, *values) == found


def test_a_component_is_found_by_its_display_name_and_by_its_real_name(digits):
    assert len(where(digits, "summary:Trial component", "contains", "train")) == 3
    assert where(digits, "summary:Trial component", "contains", "JOB-5") == ["job-5"]


def test_a_time_is_compared_in_milliseconds_or_as_text(digits):
    noon = "2024-05-17T08:05:00Z"
    assert where(digits, "summary:Created on", "ge", noon) == ["job-10", "job-5"]
    in_ms = MORNING.timestamp() * 1000 + 5 * 60_000
    assert where(digits, "summary:Created on", "ge", in_ms) == ["job-10", "job-5"]


def test_a_column_that_no_row_has_is_without_values(digits):
    assert where(digits, "parameter:gone", "exists") == []
    assert len(where(digits, "parameter:gone", "empty")) == 6
    assert len(where(digits, "tag:gone", "is_not", "x")) == 6
    assert where(digits, "tag:gone", "is", "x") == []
    gone = (ViewColumn(column="metric:gone"),)
    window = Queries(digits).window(View(columns=gone, sort=by("metric:gone")), 0, 9)
    assert [row.cells for row in window.rows] == [(None,)] * 6
    assert window.decimals == [None]


def test_every_filter_must_hold(digits):
    filters = (
        Filter(column="parameter:optimizer", operator="is", values=("sgd",)),
        Filter(column=ACCURACY, operator="gt", values=(0.92,)),
    )
    assert names(digits, filters=filters) == ["job-10"]


def test_the_type_filter_counts_what_it_alone_hides(digits):
    sgd_or_blank = Filter(column="parameter:optimizer", operator="in", values=("sgd", ""))
    view = View(types=("Training job",), filters=(sgd_or_blank,))
    window = Queries(digits).window(view, 0, 1)
    assert (window.total, window.hidden_by_type, len(window.rows)) == (2, 3, 1)
    assert Queries(digits).window(View(types=()), 0, 1).hidden_by_type == 6


def test_a_window_is_cut_from_the_order(digits):
    everything = ids(digits)
    assert ids(digits, offset=2, limit=3) == everything[2:5]
    assert ids(digits, offset=100) == []


def test_columns_of_cells_hold_the_whole_view(digits):
    view = View(
        columns=(ViewColumn(column="summary:Trial"), ViewColumn(column=ACCURACY, statistic="Max")),
        sort=by(ACCURACY),
        filters=(Filter(column=ACCURACY, operator="exists"),),
    )
    cells = all_cells(Queries(digits), view)
    assert cells.columns == [["trial-5", "trial-10", "trial-2"], [0.95, 0.96, 0.97]]
    assert cells.names == [f"job-{n}-aws-training-job" for n in (5, 10, 2)]


def test_an_answer_belongs_to_the_version_it_names(digits):
    queries = Queries(digits)
    view = View(sort=by(ACCURACY, descending=True))
    before = queries.window(view, 0, 1)
    digits.upsert([training("job-20", metrics=(accuracy(0.99),))])
    after = queries.window(view, 0, 1)
    assert after.version > before.version
    assert after.rows[0].training_job_name == "job-20"


def test_a_window_can_be_sent_as_json(digits):
    columns = tuple(ViewColumn(column=column.id) for column in digits.columns())
    window = Queries(digits).window(View(columns=columns), 0, 10)
    decoded = msgspec.json.decode(msgspec.json.encode(window.rows))
    assert [tuple(row["cells"]) for row in decoded] == [row.cells for row in window.rows]
    assert [len(row.cells) for row in window.rows] == [len(columns)] * 6


def test_decimals_are_those_of_the_aggregation_shown(digits):
    columns = (
        ViewColumn(column=ACCURACY),
        ViewColumn(column=ACCURACY, statistic="Count"),
        ViewColumn(column="parameter:optimizer"),
        ViewColumn(column="summary:Duration"),
    )
    assert Queries(digits).window(View(columns=columns), 0, 1).decimals == [2, 0, None, None]


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        ({"columns": (ViewColumn(column="accuracy"),)}, "“accuracy” is no column"),
        ({"sort": by("metrics:loss")}, "“metrics:loss” is no column"),
        ({"filters": (Filter(column="tag:a", operator="exists"),) * 21}, "at most 20 filters"),
        ({"filters": (Filter(column=ACCURACY, operator="gt", values=("x",)),)}, "with a number"),
        ({"filters": (Filter(column=ACCURACY, operator="gt"),)}, "takes one value, not 0"),
        (
            {"filters": (Filter(column=ACCURACY, operator="between", values=(1.0,)),)},
            "takes two values, not 1",
        ),
    ],
)
def test_an_impossible_view_is_refused_with_a_sentence(digits, view, sentence):
    with pytest.raises(InvalidRequest, match=sentence):
        ids(digits, **view)


def test_a_window_read_while_components_change_is_of_one_version():
    table = table_of(*(component(f"c{n}", metrics=(accuracy(0.0),)) for n in range(50)))
    view = View(columns=(ViewColumn(column=ACCURACY),), sort=by(ACCURACY))
    done = threading.Event()

    def change():
        for turn in range(1, 60):
            table.upsert(component(f"c{n}", metrics=(accuracy(float(turn)),)) for n in range(50))
        done.set()

    writer = threading.Thread(target=change)
    writer.start()
    queries, versions = Queries(table), []
    while not done.is_set():
        window = queries.window(view, 0, 100)
        assert len({row.cells for row in window.rows}) == 1
        versions.append(window.version)
    writer.join()
    assert versions == sorted(versions)
