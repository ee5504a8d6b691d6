"""The engine against a reference that works row by row and is slow and plain."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from smx_lab.core.entities import MetricSummary
from smx_lab.core.table import Origin, Queries, Table
from smx_lab.core.table.columns.text import number_text, order_key, parse_number, unquote
from smx_lab.core.views.view import Filter, SortKey, View, ViewColumn
from tests.support.table_components import component, parents

METRICS = ("test:accuracy", "a.b/c:d", "λ")
PARAMETERS = ("lr", "model.name", "s3://x:y")
STATISTICS = {"Last": "last", "Max": "max", "Min": "min", "Avg": "avg", "StdDev": "std_dev"}

numbers = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 0.5, 1.0, 97.5, 1e-9, 1e300, math.nan, math.inf, -math.inf]),
    st.floats(allow_nan=True),
)
texts = st.one_of(
    st.sampled_from(['"sgd"', "sgd", "", '""', "10", "9", "0.5", "007", "NaN", "é", "日本", "a-2"]),
    st.text(max_size=6),
)
metrics = st.dictionaries(
    st.sampled_from(METRICS),
    st.fixed_dictionaries(dict.fromkeys(STATISTICS.values(), numbers)),
).map(lambda found: tuple(MetricSummary(metric_name=name, **m) for name, m in found.items()))
parameters = st.dictionaries(
    st.sampled_from(PARAMETERS), st.one_of(texts, st.floats(allow_nan=True))
)
trials = st.lists(st.sampled_from(["t1", "t2", "t10", "T3"]), unique=True, max_size=3)
types = st.sampled_from(["Training job", "Transform job", "Undefined"])

components = st.builds(
    lambda name, minutes, trials, **members: component(
        name, minutes, parents=parents(*trials), **members
    ),
    st.sampled_from([f"c{n}" for n in range(8)]),
    st.integers(0, 4),
    trials,
    metrics=metrics,
    parameters=parameters,
    type=types,
)
columns = st.one_of(
    st.builds(
        lambda name, statistic: (f"metric:{name}", statistic),
        st.sampled_from((*METRICS, "gone")),
        st.sampled_from(list(STATISTICS)),
    ),
    st.sampled_from([(f"parameter:{name}", None) for name in PARAMETERS]),
    st.sampled_from(
        [("summary:Trial", None), ("summary:Type", None), ("summary:Created on", None)]
    ),
)
sorts = st.lists(st.tuples(columns, st.booleans()), max_size=3)
SETTLE = "settle"
"""The step after which a table takes less memory, and holds what it held."""

steps = st.lists(
    st.one_of(
        st.lists(components, max_size=5),
        st.sets(st.sampled_from(["c0", "c3", "c5"]), min_size=1),
        st.just(SETTLE),
    ),
    max_size=6,
)


class Reference:
    """Rows as dictionaries."""

    def __init__(self, steps):
        self.components = {}
        self.rows = []
        for step in steps:
            if isinstance(step, set):
                self._keep({name: c for name, c in self.components.items() if name not in step})
            elif step != SETTLE:
                for name, found in {c.trial_component_name: c for c in step}.items():
                    self._keep({**self.components, name: found})

    def _keep(self, components):
        self.components = components
        wanted = [
            (name, trial)
            for name, found in components.items()
            for trial in ([p.trial_name for p in found.parents] or [None])
        ]
        self.rows = [row for row in self.rows if row in wanted]
        self.rows += [row for row in wanted if row not in self.rows]

    def is_number_column(self, name):
        values = [c.parameters.get(name) for c in self.components.values()]
        shown = [unquote(v) if isinstance(v, str) else v for v in values]
        return all(parse_number(v) is not None for v in shown if isinstance(v, str) and v)

    def cell(self, row, column, statistic):
        """The cell as a table answers it."""
        found, (kind, _, name) = self.components[row[0]], column.partition(":")
        if kind == "metric":
            metric = {m.metric_name: m for m in found.metrics}.get(name)
            value = getattr(metric, STATISTICS[statistic]) if metric else None
        elif kind == "parameter":
            value = found.parameters.get(name)
            if isinstance(value, str):
                value = unquote(value) or None
            if value is not None and self.is_number_column(name):
                value = parse_number(value) if isinstance(value, str) else value
            elif isinstance(value, float):
                value = number_text(value)
        elif name == "Created on":
            return int(found.creation_time.timestamp() * 1000)
        else:
            return row[1] if name == "Trial" else found.type
        return (
            number_text(value) if isinstance(value, float) and not math.isfinite(value) else value
        )

    def in_order(self, rows, sort):
        rows = sorted(rows, key=lambda row: -self.components[row[0]].creation_time.timestamp())
        for (column, statistic), descending in reversed(sort):
            numeric = not column.startswith("parameter:") or self.is_number_column(
                column.partition(":")[2]
            )

            def key(row, column=column, statistic=statistic, numeric=numeric):
                cell = self.cell(row, column, statistic)
                if isinstance(cell, str):
                    return float(cell) if numeric and "summary" not in column else order_key(cell)
                return cell

            def missing(row, key=key):
                value = key(row)
                return 2 if value is None else int(value != value)

            given = [row for row in rows if not missing(row)]
            given.sort(key=key, reverse=False)
            if descending:
                given = stable_reverse(given, key)
            rest = sorted((row for row in rows if missing(row)), key=missing)
            rows = given + rest
        return rows


def stable_reverse(rows, key):
    """The rows in falling order of their keys, equal ones as they were."""
    return sorted(rows, key=key, reverse=True)


def table_after(steps):
    table = Table(Origin(experiments=("mnist",), unassigned=True))
    for step in steps:
        take(table, step)
    return table


def take(table, step):
    """Make a step with a table; answer whether it has changed."""
    if step == SETTLE:
        return table.settle()
    return table.remove(step) if isinstance(step, set) else table.upsert(step)


@settings(max_examples=300, deadline=None)
@given(steps, sorts, columns)
def test_order_and_cells_are_those_of_the_reference(steps, sort, shown):
    reference, table = Reference(steps), table_after(steps)
    view = View(
        columns=(ViewColumn(column=shown[0], statistic=shown[1]),),
        sort=tuple(
            SortKey(column=column, statistic=statistic, descending=descending)
            for (column, statistic), descending in sort
        ),
    )
    rows = Queries(table).window(view, 0, 1000).rows
    expected = reference.in_order(reference.rows, sort)
    assert sorted((row.trial_component_name, row.trial_name or "") for row in rows) == sorted(
        (name, trial or "") for name, trial in expected
    )
    # Rows that are equal under every key stay as they were met, which replaced links may change.
    assert [row.cells[0] for row in rows] == [
        reference.cell((row.trial_component_name, row.trial_name), *shown) for row in rows
    ]
    for column, statistic in [key for key, _ in sort][:1]:
        found = [
            reference.cell((row.trial_component_name, row.trial_name), column, statistic)
            for row in rows
        ]
        assert list(map(repr, found)) == [
            repr(reference.cell(row, column, statistic)) for row in expected
        ]


OPERATORS = {
    "is": lambda cell, value: cell == value,
    "is_not": lambda cell, value: cell != value,
    "gt": lambda cell, value: cell is not None and cell > value,
    "ge": lambda cell, value: cell is not None and cell >= value,
    "lt": lambda cell, value: cell is not None and cell < value,
    "le": lambda cell, value: cell is not None and cell <= value,
}


@settings(max_examples=200, deadline=None)
@given(
    steps,
    st.sampled_from(METRICS),
    st.sampled_from(list(STATISTICS)),
    st.sampled_from(list(OPERATORS)),
    st.floats(allow_nan=False),
    st.sets(types, min_size=1),
)
def test_filters_find_the_rows_that_the_reference_finds(
    steps, metric, statistic, operator, value, types
):
    reference, table = Reference(steps), table_after(steps)
    column = f"metric:{metric}"
    view = View(
        filters=(Filter(column=column, operator=operator, statistic=statistic, values=(value,)),),
        types=tuple(sorted(types)),
    )

    def holds(row):
        cell = reference.cell(row, column, statistic)
        return OPERATORS[operator](float(cell) if isinstance(cell, str) else cell, value)

    met = [row for row in reference.rows if holds(row)]
    expected = [row for row in met if reference.components[row[0]].type in types]
    window = Queries(table).window(view, 0, 1000)
    assert sorted(row.id for row in window.rows) == sorted(
        f"{trial or ''}/{name}" for name, trial in expected
    )
    assert window.hidden_by_type == len(met) - len(expected)


@settings(max_examples=100, deadline=None)
@given(steps)
def test_a_table_that_grew_step_by_step_offers_the_columns_of_one_read_at_once(steps):
    grown = table_after(steps)
    at_once = table_after([list(Reference(steps).components.values())])
    assert grown.columns() == at_once.columns()
