"""Groups, extents, differences and the baseline against a reference that is slow and plain."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from smx_lab.core.entities import MetricSummary
from smx_lab.core.table import Queries
from smx_lab.core.table.columns.text import number_text, order_key
from smx_lab.core.views.view import SortKey, View, ViewColumn
from tests.core.table.query.test_against_reference import (
    METRICS,
    PARAMETERS,
    Reference,
    table_after,
)
from tests.support.table_components import component, parents

# Sums of squares of numbers beyond these overflow, here as there.
numbers = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 0.1, 0.5, 1.0, 97.5, math.nan, math.inf, -math.inf]),
    st.floats(-1e6, 1e6),
)
values = st.one_of(
    st.sampled_from(['"sgd"', "sgd", "", '""', "10", "9", "0.5", "NaN", "é", "日本", "a-2"]),
    st.sampled_from([10.0, 0.5, 0.0, -0.0, math.nan, math.inf]),
)
components = st.builds(
    lambda name, minutes, trials, metrics, parameters, type, tags: component(
        name,
        minutes,
        parents=parents(*trials),
        metrics=tuple(MetricSummary(metric_name=n, last=v, max=v) for n, v in metrics.items()),
        parameters=parameters,
        type=type,
        tags=tags,
    ),
    st.sampled_from([f"c{n}" for n in range(9)]),
    st.integers(0, 4),
    st.lists(st.sampled_from(["t1", "t2", "t10"]), unique=True, max_size=2),
    st.dictionaries(st.sampled_from(METRICS), numbers),
    st.dictionaries(st.sampled_from(PARAMETERS), values),
    st.sampled_from(["Training job", "Undefined"]),
    st.dictionaries(st.sampled_from(["team", "λ:x/y"]), st.sampled_from(["vision", "Ä", ""])),
)
pages = st.lists(components, max_size=14).map(lambda found: [found])
keys = st.lists(
    st.sampled_from([f"parameter:{n}" for n in PARAMETERS] + ["tag:team", "tag:λ:x/y", "tag:no"]),
    min_size=1,
    max_size=2,
    unique=True,
)
metric_columns = st.sampled_from([f"metric:{name}" for name in METRICS])


class Plain(Reference):
    """Rows as dictionaries, tags among them; a cell is what ``Reference`` says it is."""

    def cell(self, row, column, statistic=None):
        if column.startswith("tag:"):
            return self.components[row[0]].tags.get(column[4:]) or None
        return super().cell(row, column, statistic)

    def number(self, row, column):
        cell = self.cell(row, column, "Last")
        return float(cell) if isinstance(cell, str) else cell

    def grouped(self, rows, columns):
        """The rows of each group, by its values."""
        found = {}
        for row in rows:
            key = tuple(normal(self.cell(row, column)) for column in columns)
            found.setdefault(key, []).append(row)
        return found


def normal(cell):
    """Minus zero and zero make one group; so do a number and the text that shows the same."""
    return cell if cell is None or isinstance(cell, str) else number_text(cell + 0.0)


def value_key(value):
    """Texts as they are ordered, numbers among them; no value last."""
    return (value is None, value is not None and order_key(value))


def mean_and_deviation(numbers):
    """Of the numbers that there are: their mean, and the sample standard deviation or None."""
    given_numbers = [number for number in numbers if number is not None]
    if not given_numbers:
        return None, None
    total = math.fsum(given_numbers) if all(map(math.isfinite, given_numbers)) else None
    mean = total / len(given_numbers) if total is not None else sum(given_numbers) / len(numbers)
    if len(given_numbers) < 2 or total is None:
        return mean, None
    squares = math.fsum((number - mean) ** 2 for number in given_numbers)
    return mean, math.sqrt(squares / (len(given_numbers) - 1))


def close(found, expected, scale=1e6):
    """Equal up to the rounding of a sum."""
    if found is None or expected is None:
        return found is expected
    if isinstance(found, str) or not math.isfinite(expected):
        return str(found) == number_text(expected)
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=scale * 1e-12)


def groups_of(table, group_by, columns=(), **others):
    view = View(
        columns=tuple(ViewColumn(column=column) for column in columns),
        group_by=tuple(group_by),
        **others,
    )
    return Queries(table).window(view, 0, 1000)


@settings(max_examples=150, deadline=None)
@given(pages, keys, metric_columns)
def test_groups_have_the_mean_deviation_and_count_of_the_reference(pages, group_by, metric):
    reference, table = Plain(pages), table_after(pages)
    expected = reference.grouped(reference.rows, group_by)
    window = groups_of(table, group_by, [metric, "summary:Type", "summary:Created on"])
    found = {tuple(map(normal, row.group.values)): row for row in window.rows}
    assert len(found) == len(window.rows) == window.groups == window.total
    assert list(found) == sorted(expected, key=lambda key: [value_key(value) for value in key])
    assert window.passed == len(reference.rows)
    for key, rows in expected.items():
        group = found[key].group
        numbers = [reference.number(row, metric) for row in rows]
        mean, deviation = mean_and_deviation(numbers)
        assert group.row_count == len(rows)
        assert close(found[key].cells[0], mean), (found[key].cells[0], mean, numbers)
        assert close(group.summaries[0].std_dev, deviation), numbers
        assert group.summaries[0].n == sum(number is not None for number in numbers)
        kinds = {reference.cell(row, "summary:Type") for row in rows}
        assert found[key].cells[1] == (kinds.pop() if len(kinds) == 1 else None)
        assert group.summaries[1].distinct == len(
            {reference.cell(row, "summary:Type") for row in rows}
        )
        assert found[key].cells[2] == max(reference.cell(row, "summary:Created on") for row in rows)


@settings(max_examples=100, deadline=None)
@given(pages, keys, metric_columns, st.booleans())
def test_groups_are_in_the_order_of_their_means_and_blanks_are_last(
    pages, group_by, metric, descending
):
    reference, table = Plain(pages), table_after(pages)
    sort = (SortKey(column=metric, descending=descending),)
    window = groups_of(table, group_by, [metric], sort=sort)
    means = [row.cells[0] for row in window.rows]
    numbers = [float(mean) for mean in means if mean is not None]
    ordered = [number for number in numbers if number == number]
    assert means[len(numbers) :] == [None] * (len(means) - len(numbers))
    assert ordered == sorted(ordered, reverse=descending)
    assert numbers[: len(ordered)] == ordered
    by_value = [tuple(map(normal, row.group.values)) for row in window.rows if not row.cells[0]]
    if all(row.cells[0] is None for row in window.rows):
        assert by_value == sorted(by_value, key=lambda key: [value_key(value) for value in key])
    assert window.groups == len(reference.grouped(reference.rows, group_by))


@settings(max_examples=100, deadline=None)
@given(pages, keys, st.sets(st.integers(0, 8)), st.integers(0, 20), st.integers(1, 6), st.data())
def test_unfolded_groups_show_their_rows_in_the_order_of_the_view_in_any_window(
    pages, group_by, unfolded, offset, limit, data
):
    reference, table = Plain(pages), table_after(pages)
    sort = (SortKey(column="parameter:lr", descending=True),)
    folded = groups_of(table, group_by, ["parameter:lr"], sort=sort).rows
    expanded = tuple(row.id for at, row in enumerate(folded) if at in unfolded)
    ids = [None, *(row.id for row in Queries(table).window(View(), 0, 1000).rows)]
    baseline = data.draw(st.sampled_from([*ids, *(row.id for row in folded)]))
    view = View(group_by=tuple(group_by), sort=sort, expanded=expanded, baseline=baseline)
    lines = Queries(table).window(view, 0, 1000)
    assert Queries(table).window(view, offset, limit).rows == lines.rows[offset : offset + limit]
    assert lines.total == len(lines.rows)
    assert (lines.baseline and lines.baseline.id) == baseline
    if baseline:
        assert lines.rows[0].id == baseline
    in_order = [row.id for row in Queries(table).window(View(sort=sort), 0, 1000).rows]
    members = reference.grouped(reference.rows, group_by)
    expected = []
    for row in sorted(folded, key=lambda row: row.id != baseline):
        expected.append((row.id, 1))
        assert row.group.row_count == len(members[tuple(map(normal, row.group.values))])
        if row.id in expanded:
            inside = {
                f"{trial or ''}/{name}"
                for name, trial in members[tuple(map(normal, row.group.values))]
            }
            expected += [(id_, 2) for id_ in in_order if id_ in inside and id_ != baseline]
    if baseline in in_order:
        expected.insert(0, (baseline, 1))
    assert [(row.id, row.level) for row in lines.rows] == expected


@settings(max_examples=100, deadline=None)
@given(pages, keys, st.integers(0, 6), st.data())
def test_many_groups_are_answered_as_few_are(pages, group_by, offset, data):
    table = table_after(pages)
    sort = (SortKey(column=f"metric:{METRICS[0]}"),)
    columns = tuple(ViewColumn(column=column.id) for column in table.columns())
    view = View(columns=columns, group_by=tuple(group_by), sort=sort)
    ids = [row.id for row in Queries(table).window(view, 0, 1000).rows]
    chosen = st.sampled_from([*ids, 'group:["never"]', "group:[", "group:[null]"])
    expanded = tuple(data.draw(st.lists(chosen, max_size=2)))
    view = structs.replace(view, expanded=expanded, baseline=data.draw(chosen))
    few = Queries(table).window(view, offset, 5)
    many = Queries(table, many_groups=0).window(view, offset, 5)
    assert repr(many.rows) == repr(few.rows)
    assert (many.total, many.groups, repr(many.baseline)) == (
        few.total,
        few.groups,
        repr(few.baseline),
    )


@settings(max_examples=100, deadline=None)
@given(pages, metric_columns)
def test_extents_are_those_of_the_finite_numbers(pages, metric):
    reference, table = Plain(pages), table_after(pages)
    view = View(columns=(ViewColumn(column=metric),), extents=True)
    (found,) = Queries(table).window(view, 0, 0).extents
    numbers = [reference.number(row, metric) for row in reference.rows]
    finite = [number for number in numbers if number is not None and math.isfinite(number)]
    assert (found and (found.lowest, found.highest)) == (
        (min(finite), max(finite)) if finite else None
    )


@settings(max_examples=150, deadline=None)
@given(pages)
def test_the_columns_that_differ_are_those_of_the_reference(pages):
    reference, table = Plain(pages), table_after(pages)
    columns, version = Queries(table).differing_columns(View())
    assert version == table.version

    def differs(column):
        if column == "summary:Trial component":
            return len({name for name, _ in reference.rows}) > 1
        cells = [normal(reference.cell(row, column, "Last")) for row in reference.rows]
        if len({cell for cell in cells if cell is not None}) > 1:
            return True
        kinds = [reference.cell(row, "summary:Type") for row in reference.rows]
        return any(
            len({cell is None for cell, of in zip(cells, kinds, strict=True) if of == kind}) > 1
            for kind in kinds
        )

    known = ("summary:Trial", "summary:Type", "summary:Created on", "summary:Trial component")
    asked = [
        column.id for column in table.columns() if column.kind != "summary" or column.id in known
    ]
    assert [column for column in columns if column in asked] == list(filter(differs, asked))
