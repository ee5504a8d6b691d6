"""``table`` and ``best``: the trial component list, and its first row."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Literal

from smx_lab.contract.bodies import OpenTableRequest, RowsRequest
from smx_lab.core.statistics import STATISTIC_BY_LABEL, STATISTICS, Statistic
from smx_lab.core.views.view import BestStep, Column, Filter, SortKey, View, ViewColumn
from smx_lab.notebook.commands.browse import add_experiment, require_experiment
from smx_lab.notebook.commands.command import Command
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.parsing import metric_and_statistic
from smx_lab.notebook.results import BestTrialComponent
from smx_lab.notebook.session import Session
from smx_lab.notebook.tables import Columns, find_column, read_frame

if TYPE_CHECKING:
    import pandas as pd

METRIC_HELP = f"a metric and which statistic of it: {', '.join(STATISTIC_BY_LABEL)}"


def _add_table(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "experiments", metavar="EXPERIMENT", nargs="+", help="one or more experiments"
    )
    parser.add_argument(
        "--metric",
        metavar="NAME=STATISTIC",
        action="append",
        default=[],
        help=f"{METRIC_HELP} (may be repeated)",
    )
    parser.add_argument(
        "--at-best",
        metavar="NAME[=Minimum]",
        help="show the metrics at the step where this one is at its maximum, or at its minimum",
    )
    parser.add_argument("--sort", metavar="COLUMN", help="a metric, parameter or other column")
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--ascending", action="store_true", help="smallest first")
    order.add_argument("--descending", action="store_true", help="largest first")


def _table(session: Session, options: argparse.Namespace) -> pd.DataFrame:
    chosen = dict(metric_and_statistic(text) for text in options.metric)
    best = _best_step(options.at_best)
    for name in options.experiments:
        require_experiment(session, name)

    def view_of(columns: Columns) -> View:
        statistics: dict[str, Statistic | None] = {
            find_column(columns, name, ["metric"]).id: statistic
            for name, statistic in chosen.items()
        }
        at: BestStep | None = None
        if best is not None:
            at = BestStep(metric=find_column(columns, best[0], ["metric"]).id, goal=best[1])

        def step_of(column: Column) -> BestStep | None:
            return at if column.kind == "metric" and column.id not in statistics else None

        sort: tuple[SortKey, ...] = ()
        if options.sort:
            column = find_column(columns, options.sort)
            # As a click on a header does: text begins increasing, all else decreasing.
            descending = options.descending or (column.type != "text" and not options.ascending)
            sort = (SortKey(column=column.id, at=step_of(column), descending=descending),)
        return View(
            columns=tuple(
                ViewColumn(
                    column=column.id, statistic=statistics.get(column.id), at=step_of(column)
                )
                for column in columns
            ),
            sort=sort,
        )

    return read_frame(session, OpenTableRequest(experiments=options.experiments), view_of)


def _best_step(text: str | None) -> tuple[str, Literal["Max", "Min"]] | None:
    """Read what ``--at-best`` was given: a metric, and whether its maximum or minimum is meant."""
    if text is None:
        return None
    name, statistic = metric_and_statistic(text)
    if statistic not in (None, "Max", "Min"):
        raise MagicError(f"--at-best takes Maximum or Minimum, not {STATISTICS[statistic].label}.")
    return name, "Min" if statistic == "Min" else "Max"


def _add_best(parser: argparse.ArgumentParser) -> None:
    add_experiment(parser)
    parser.add_argument("--metric", metavar="NAME=STATISTIC", required=True, help=METRIC_HELP)
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--lowest", action="store_true", help="the lowest is best, as it is for a Minimum"
    )
    order.add_argument("--highest", action="store_true", help="the highest is best")


def _best(session: Session, options: argparse.Namespace) -> BestTrialComponent:
    name, given = metric_and_statistic(options.metric)
    statistic: Statistic = given or "Last"
    require_experiment(session, options.experiment)
    tables = session.services.tables
    state = tables.read_table(
        session.connection_id, OpenTableRequest(experiments=[options.experiment])
    )
    metric = find_column(state.columns, name, ["metric"])
    lowest = options.lowest or (statistic == "Min" and not options.highest)
    parameters = [column for column in state.columns if column.kind == "parameter"]
    view = View(
        columns=(
            ViewColumn(column=metric.id, statistic=statistic),
            *(ViewColumn(column=column.id) for column in parameters),
        ),
        sort=(SortKey(column=metric.id, statistic=statistic, descending=not lowest),),
        filters=(Filter(column=metric.id, statistic=statistic, operator="exists"),),
    )
    window = tables.list_rows(
        session.connection_id, state.table_id, RowsRequest(view=view, limit=1)
    )
    if not window.rows:
        raise MagicError(
            f"No trial component of {options.experiment} has a {STATISTICS[statistic].label} of "
            f"{metric.name}."
        )
    (row,) = window.rows
    value = float(row.cells[0] or 0)
    given_parameters = {
        column.name: cell
        for column, cell in zip(parameters, row.cells[1:], strict=True)
        if cell is not None
    }
    return BestTrialComponent(
        [
            ("Trial component", row.display_name),
            ("Trial", row.trial_name or ""),
            (f"{metric.name} ({STATISTICS[statistic].label})", f"{value:g}"),
            *((name, str(cell)) for name, cell in given_parameters.items()),
        ],
        trial_component_name=row.trial_component_name,
        trial_name=row.trial_name,
        training_job_name=row.training_job_name,
        value=value,
        parameters=given_parameters,
    )


COMMANDS = (
    Command(
        "table",
        "The trial component list of experiments: one row for each trial and component.",
        (
            "%smx table mnist",
            "%smx table mnist --metric test:accuracy=Maximum --sort test:accuracy",
            "%smx table mnist --at-best test:loss=Minimum",
            "%smx table mnist cifar --sort hidden_channels --ascending",
        ),
        _add_table,
        _table,
    ),
    Command(
        "best",
        "The trial component with the best value of a metric.",
        (
            "%smx best mnist --metric test:accuracy=Maximum",
            "%smx best mnist --metric train:loss=Minimum",
        ),
        _add_best,
        _best,
    ),
)
