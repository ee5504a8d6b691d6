"""Exports are read back by others, pandas first: they hold the same table, exactly."""

import io
import json
import math
from datetime import timedelta

import mistune
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smx_lab.core.entities import MetricSummary
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.export import formats
from smx_lab.core.export.delimited import cell_text
from smx_lab.core.export.formats import FORMATS
from smx_lab.core.export.headers import headers
from smx_lab.core.export.markup import latex_text
from smx_lab.core.export.writers import write
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.core.table.columns.text import number_text
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn
from tests.support.table_cells import all_cells
from tests.support.table_components import accuracy, component, parents, training

HOSTILE = '=HYPERLINK("http://x.test","click")'

texts = st.one_of(
    st.sampled_from(
        [
            "sgd",
            "007",
            "NaN",
            "NA",
            "null",
            HOSTILE,
            "-5",
            "-x",
            "@me",
            "a,b;c",
            'say "hi"',
            "日本",
            "two\nlines",
            "tab\there",
            "<b>",
            "a|b",
            "*x*",
            "C:\\dir",
            "--",
            "$1_0%",
            " padded ",
        ]
    ),
    st.text(max_size=8),
)
numbers = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 0.1, 1e-300, 1e300, math.nan, math.inf, -math.inf, 2.0**60]),
    st.floats(),
    st.integers(-(10**6), 10**6).map(float),
)
metrics = st.dictionaries(
    st.sampled_from(["test:accuracy", "λ", HOSTILE]),
    st.fixed_dictionaries({"last": st.none() | numbers, "max": st.none() | numbers}),
).map(lambda found: tuple(MetricSummary(metric_name=name, **m) for name, m in found.items()))
components = st.builds(
    lambda name, minutes, trials, **members: training(
        name, minutes, parents=parents(*trials), **members
    ),
    st.sampled_from([f"c{n}" for n in range(6)]),
    st.floats(0, 10**6),
    st.lists(st.sampled_from(["t1", "t2"]), unique=True, max_size=2),
    metrics=metrics,
    parameters=st.dictionaries(
        st.sampled_from(["lr", "test:accuracy", "a|b\n#", "summary"]), texts | numbers
    ),
    tags=st.dictionaries(st.sampled_from(["lr", "team"]), texts),
)


def table_of(found):
    table = Table(Origin(experiments=("mnist",), unassigned=True))
    table.upsert(found)
    return table


def whole_view(table, **members):
    shown = [ViewColumn(column=column.id) for column in table.columns()]
    shown += [ViewColumn(column=column.column, statistic="Max") for column in shown
              if column.column.startswith("metric:")]  # fmt: skip
    return View(columns=tuple(shown), **members)


def export(table, view, format_, ids=None):
    snapshot = Queries(table).snapshot(view, ids)
    return b"".join(write(snapshot, view, table.columns(), format_))


def expected(table, view):
    """The columns of a view as the grid is given them, by their headers, and their types."""
    cells = all_cells(Queries(table), view)
    by_id = {column.id: column.type for column in table.columns()}
    types = [by_id[shown.column] for shown in view.columns]
    return list(zip(types, cells.columns, strict=True))


def as_shown(cell_type, value):
    """A value that pandas read, as the grid's cell."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if cell_type == "time":
        return int(pd.Timestamp(value).value // 10**6)
    if cell_type == "duration":
        seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
        return round(seconds * 1000, 6)
    if cell_type == "text":
        return value
    number = float(value)
    return number if math.isfinite(number) else number_text(number)


def same(cells, others):
    return [repr(a) if isinstance(a, float) else a for a in cells] == [
        repr(b) if isinstance(b, float) else b for b in others
    ]


def plain(cell_type, cells):
    if cell_type == "number":
        return [float(cell) if isinstance(cell, int) else cell for cell in cells]
    if cell_type == "duration":
        return [None if cell is None else round(cell, 6) for cell in cells]
    return list(cells)


def assert_equal(table, view, frame, change=lambda text: text):
    wanted = expected(table, view)
    assert len(frame.columns) == len(wanted)
    for at, (cell_type, cells) in enumerate(wanted):
        read = [as_shown(cell_type, value) for value in frame.iloc[:, at].tolist()]
        if cell_type == "text":
            cells = [None if cell is None else change(cell) for cell in cells]
        assert same(read, plain(cell_type, cells)), (frame.columns[at], read, cells)


@settings(max_examples=25, deadline=None)
@given(st.lists(components, max_size=6))
def test_csv_and_tsv_are_the_table_again(found):
    table = table_of(found)
    view = whole_view(table, sort=(SortKey(column="parameter:lr", descending=True),))

    def apart(text):
        # What looks like a formula has an apostrophe in front; all else is as it was.
        return cell_text(text).removeprefix('"').removesuffix('"').replace('""', '"')

    for format_, separator in (("csv", ","), ("tsv", "\t")):
        frame = pd.read_csv(
            io.BytesIO(export(table, view, format_)),
            sep=separator,
            dtype=str,
            keep_default_na=False,
            na_values=[""],
            lineterminator="\n",
        )
        frame = frame.astype(object).where(frame.notna(), None)
        assert_equal(table, view, frame, apart)


@settings(max_examples=25, deadline=None)
@given(st.lists(components, max_size=6))
def test_json_is_the_table_again(found):
    table = table_of(found)
    view = whole_view(table)
    data = json.loads(export(table, view, "json"))
    names = headers(view, table.columns(), units=True)
    assert all(list(record) == names for record in data)
    frame = pd.DataFrame(data, columns=names, dtype=object)
    assert_equal(table, view, frame)


@settings(max_examples=25, deadline=None)
@given(st.lists(components, max_size=6))
def test_parquet_is_the_table_again_with_types(found):
    pq = pytest.importorskip("pyarrow.parquet")
    table = table_of(found)
    view = whole_view(table)
    read = pq.read_table(io.BytesIO(export(table, view, "parquet")))
    assert read.column_names == headers(view, table.columns())
    frame = pd.DataFrame(
        {name: pd.Series(read.column(name).to_pylist(), dtype=object) for name in read.column_names}
    )
    assert_equal(table, view, frame)
    types = {str(field.type) for field in read.schema}
    assert types <= {"string", "double", "int64", "timestamp[ms, tz=UTC]", "duration[us]"}


@settings(max_examples=25, deadline=None)
@given(st.lists(components, max_size=6))
def test_markdown_renders_to_the_texts_of_the_table(found):
    table = table_of(found)
    view = whole_view(table)
    document = export(table, view, "markdown").decode()
    rendered = mistune.create_markdown(renderer="ast", plugins=["table", "strikethrough", "url"])(
        document
    )
    head, *bodies = rendered[0]["children"]
    rows = [row["children"] for body in bodies for row in body["children"]]
    assert [text_of(cell) for cell in head["children"]] == [
        spaced(name) for name in headers(view, table.columns(), units=True)
    ]
    for at, (cell_type, cells) in enumerate(expected(table, view)):
        if cell_type == "text":
            assert [text_of(row[at]) for row in rows] == [spaced(cell or "") for cell in cells]
        else:
            read = [as_shown(cell_type, text_of(row[at]) or None) for row in rows]
            assert same(read, plain(cell_type, cells))


def text_of(token):
    """All text below a token of rendered Markdown; markup other than text is no part of it."""
    assert token["type"] in ("table_cell", "text", "link", "softbreak"), token
    if "raw" in token:
        return token["raw"]
    return "".join(text_of(child) for child in token.get("children", ()))


def spaced(text):
    """As Markdown shows white space: none at the ends of a cell, no line breaks."""
    for mark in "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029":
        text = text.replace(mark, "\n")
    return " ".join(part for part in text.split("\n") if part).strip()


def test_latex_escapes_what_tex_gives_a_meaning():
    assert latex_text(r"50%_of $x^2 & {a}#~\b") == (
        r"50\%\_of \$x\textasciicircum{}2 \& \{a\}\#\textasciitilde{}\textbackslash{}b"
    )
    assert latex_text("a--b\nc<d>|'\"`") == (
        r"a-{}-b c\textless{}d\textgreater{}\textbar{}"
        r"\textquotesingle{}\textquotedbl{}\textasciigrave{}"
    )


def test_a_latex_table_has_a_line_for_each_row():
    table = table_of([component("a", metrics=(accuracy(0.5),), parameters={"lr": "[x]"})])
    view = View(
        columns=(ViewColumn(column="parameter:lr"), ViewColumn(column="metric:test:accuracy"))
    )
    assert export(table, view, "latex").decode().splitlines() == [
        r"% Needs \usepackage[T1]{fontenc} and \usepackage{booktabs,textcomp}",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"lr & test:accuracy (Last value) \\",
        r"\midrule",
        r"{}[x] & 0.5 \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_what_a_spreadsheet_would_run_stays_text(text):
    assert cell_text(text).lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["-5", "+0.5", "-1e-5", "sgd", "a=b"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert cell_text(text) == text


def test_a_column_of_numbers_is_written_to_the_last_digit_and_without_a_needless_point():
    table = table_of(
        [
            component("a", 1, parameters={"lr": 0.1 + 0.2, "epochs": 2.0}),
            component("b", 0, parameters={"lr": 1e-05, "epochs": 10.0}),
        ]
    )
    view = View(columns=(ViewColumn(column="parameter:lr"), ViewColumn(column="parameter:epochs")))
    assert export(table, view, "csv") == b"lr,epochs\n0.30000000000000004,2\n1e-05,10\n"


def test_columns_and_rows_are_those_of_the_view_in_its_order():
    found = [
        component(f"c{n}", n, metrics=(accuracy(n / 10, max=n / 5),), parameters={"lr": f"{n}"})
        for n in range(4)
    ]
    table = table_of(found)
    view = View(
        columns=(
            ViewColumn(column="metric:test:accuracy", statistic="Max"),
            ViewColumn(column="summary:Trial component"),
        ),
        sort=(SortKey(column="metric:test:accuracy", statistic="Max", descending=True),),
        filters=(Filter(column="parameter:lr", operator="lt", values=(3.0,)),),
    )
    assert export(table, view, "csv").decode().splitlines() == [
        "test:accuracy (Maximum),Trial component",
        "0.4,c2",
        "0.2,c1",
        "0.0,c0",
    ]
    chosen = export(table, view, "csv", ids={"trial-1/c0", "trial-1/c3"}).decode().splitlines()
    assert chosen[1:] == ["0.6,c3", "0.0,c0"]


def test_headers_of_the_same_name_are_told_apart():
    table = table_of(
        [component("a", parameters={"lr": 1.0}, tags={"lr": "x"}, metrics=(accuracy(0.5),))]
    )
    view = View(
        columns=tuple(
            ViewColumn(column=column, statistic=statistic)
            for column, statistic in (
                ("parameter:lr", None),
                ("tag:lr", None),
                ("metric:test:accuracy", "Max"),
                ("metric:test:accuracy", "Max"),
                ("summary:Duration", None),
                ("parameter:gone", None),
            )
        )
    )
    assert headers(view, table.columns(), units=True) == [
        "lr (parameter)",
        "lr (tag)",
        "test:accuracy (Maximum) (metric)",
        "test:accuracy (Maximum) (metric) 2",
        "Duration (s)",
        "gone",
    ]


def sweep():
    """Two optimizers, two seeds each, and one run without an optimizer."""
    runs = [("sgd", 1, 0.5), ("sgd", 2, 0.75), ("adam", 1, 0.25), ("adam", 2, 0.25), ("", 3, 1.0)]
    return table_of(
        [
            component(
                f"{optimizer}-{seed}",
                seed,
                parameters={"optimizer": optimizer, "seed": float(seed)} if optimizer else {},
                metrics=(accuracy(value),),
            )
            for optimizer, seed, value in runs
        ]
    )


GROUPED = View(
    columns=tuple(
        ViewColumn(column=column)
        for column in ("summary:Group", "metric:test:accuracy", "parameter:optimizer")
    ),
    sort=(SortKey(column="metric:test:accuracy", descending=True),),
    group_by=("parameter:optimizer",),
)


def test_a_grouped_table_is_written_with_a_row_for_each_group():
    assert export(sweep(), GROUPED, "csv").decode().splitlines() == [
        "Group,Rows,"
        '"test:accuracy (Last value), mean","test:accuracy (Last value), standard deviation",'
        "optimizer",
        "–,1,1.0,,",
        "sgd,2,0.625,0.1767766952966369,sgd",
        "adam,2,0.25,0.0,adam",
    ]


def test_some_groups_or_some_of_their_rows_are_written_alone():
    chosen = export(sweep(), GROUPED, "csv", ids=['group:["adam"]']).decode().splitlines()
    assert [line.split(",")[0] for line in chosen] == ["Group", "adam"]
    rows = export(sweep(), GROUPED, "csv", ids=["trial-1/sgd-1"]).decode().splitlines()
    assert rows == ["Group,test:accuracy (Last value),optimizer", "sgd,0.5,sgd"]


def test_groups_are_named_in_a_view_that_does_not_show_the_group():
    view = View(columns=(ViewColumn(column="parameter:seed"),), group_by=("parameter:optimizer",))
    assert export(sweep(), view, "tsv").decode().splitlines() == [
        'Group\tRows\t"seed, mean"\t"seed, standard deviation"',
        "adam\t2\t1.5\t0.7071067811865476",
        "sgd\t2\t1.5\t0.7071067811865476",
        "–\t1\t\t",
    ]


def test_a_change_after_the_snapshot_does_not_reach_the_file():
    table = table_of([component("a", parameters={"optimizer": "sgd"})])
    view = View(columns=(ViewColumn(column="parameter:optimizer"),))
    pieces = write(Queries(table).snapshot(view), view, table.columns(), "csv")
    assert next(pieces) == b"optimizer\n"
    table.upsert([component("a", parameters={"optimizer": "adam"}), component("b")])
    assert b"".join(pieces) == b"sgd\n"


@pytest.mark.parametrize("format_", FORMATS)
def test_a_table_without_rows_or_columns_can_be_exported(format_):
    for table in (table_of([]), table_of([component("a")])):
        for view in (View(), View(columns=(ViewColumn(column="summary:Trial"),))):
            assert isinstance(export(table, view, format_), bytes)


def test_without_pyarrow_parquet_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    table = table_of([])
    with pytest.raises(InvalidRequest, match=r"pip install 'smx-lab\[parquet\]'"):
        export(table, View(), "parquet")
