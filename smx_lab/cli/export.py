"""``smx-lab export``: the trial component list of experiments as a file, without Jupyter.

With ``--to``, experiments as a whole; see `smx_lab.cli.mlflow`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from smx_lab.cli.export_view import read_view, view_of_file
from smx_lab.cli.mlflow import check_options, export_to_mlflow
from smx_lab.core.errors import Conflict, InvalidRequest
from smx_lab.core.export.formats import FORMATS, ExportFormat, format_of_suffix
from smx_lab.core.statistics import STATISTIC_BY_LABEL, Statistic
from smx_lab.core.views.typed_columns import find_column, metric_and_statistic
from smx_lab.core.views.view import Column, SortKey, View, ViewColumn

if TYPE_CHECKING:
    from smx_lab.core.connection import LocalService
    from smx_lab.core.views.file import ViewFile
    from smx_lab.services.container import Services

DESCRIPTION = """\
Writes the trial component list of experiments: one row for each trial and trial component, with
exact numbers, times in UTC and durations in seconds.

With --view FILE, the file holds what a .smxview file of JupyterLab shows: its rows, in its order,
with its columns.

With --to mlflow URI, the experiments themselves go to MLflow: a run for each trial component, with
parameters, tags, artifacts as addresses and the series of metrics. Nothing is overwritten, and the
same command finishes what was interrupted."""


def add_export(subparsers: Any) -> None:
    """``smx-lab export EXPERIMENT…``."""
    parser = subparsers.add_parser(
        "export", help="write experiments to a file, or to MLflow", description=DESCRIPTION
    )
    add = parser.add_argument
    add("experiments", metavar="EXPERIMENT", nargs="*", help="an experiment's name")
    add("--trial", metavar="T", action="append", default=[], help="a trial (may be repeated)")
    add("--connection", metavar="C",
        help="where to look: local (default), aws, aws:PROFILE, the last two also with @REGION",
        )  # fmt: skip
    add("--view", type=Path, metavar="FILE",
        help="a .smxview file: its table, or the named experiments and trials, arranged as it says",
        )  # fmt: skip
    add("--format", choices=FORMATS, help="default: what FILE ends in, or csv")
    add("--output", type=Path, metavar="FILE", help="the file to write (default: standard output)")
    add("--overwrite", action="store_true", help="replace a file that is there")
    add("--column", metavar="NAME[=STATISTIC]", action="append", default=[],
        help="show this column, in this place (may be repeated; default: all columns); a metric "
        f"may name its statistic: {', '.join(STATISTIC_BY_LABEL)}")  # fmt: skip
    add("--sort", metavar="NAME[=STATISTIC]", help="a metric, parameter or other column")
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--ascending", action="store_true", help="smallest first")
    order.add_argument("--descending", action="store_true", help="largest first")
    add("--to", nargs=2, metavar=("mlflow", "URI"),
        help="export to MLflow: the address of its server or database, e.g. sqlite:///mlflow.db",
        )  # fmt: skip
    add("--dry-run", action="store_true", help="with --to: say what would be done, and do nothing")
    parser.set_defaults(run=run_command)


def run_command(options: argparse.Namespace) -> int:
    """Run the subcommand and answer the exit status."""
    from smx_lab.local.home.data_dir import data_dir
    from smx_lab.options import configured_services

    check_options(options)
    view_file = read_view(options)
    format_ = None if options.to else _format(options)
    services = configured_services(data_dir(), _ensure_running)
    try:
        if format_ is None:
            return export_to_mlflow(services, options)
        _export(services, options, format_, view_file)
    except BrokenPipeError:
        # Whoever read has had enough; what is left unwritten is to fail nobody at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as a shell says SIGPIPE
    finally:
        services.close()
    return 0


def _export(
    services: Services,
    options: argparse.Namespace,
    format_: ExportFormat,
    view_file: ViewFile | None,
) -> None:
    from smx_lab.contract.bodies import ExportRequest, OpenTableRequest

    for name in options.experiments:
        services.experiments.describe_experiment(options.connection, name)
    for name in options.trial:
        services.experiments.describe_trial(options.connection, name)
    origin = OpenTableRequest(
        experiments=options.experiments, trials=options.trial, unassigned=options.unassigned
    )
    state = services.tables.read_table(options.connection, origin)
    if view_file is None:
        view = _view(state.columns, options)
    else:
        view = view_of_file(services.tables, options, view_file, state)
    export = services.tables.export(
        options.connection,
        state.table_id,
        ExportRequest(view=view, format=format_),
    )
    with _opened(options.output, options.overwrite) as file:
        for piece in export.pieces:
            file.write(piece)
    if options.output:
        rows = "1 row" if export.row_count == 1 else f"{export.row_count} rows"
        print(f"Exported {rows} to {options.output}.", file=sys.stderr)


def _format(options: argparse.Namespace) -> ExportFormat:
    if not options.experiments and not options.trial and not options.unassigned:
        raise InvalidRequest(
            "Name an experiment, a trial with --trial, or a file of a view with --view."
        )
    chosen: ExportFormat | None = options.format
    if chosen is None and options.output:
        chosen = format_of_suffix(options.output.suffix)
    if chosen == "parquet" and options.output is None and sys.stdout.isatty():
        raise InvalidRequest("Parquet is no text: name a file with --output.")
    return chosen or "csv"


def _view(columns: Sequence[Column], options: argparse.Namespace) -> View:
    shown: list[ViewColumn] = [
        ViewColumn(column=column.id, statistic=statistic)
        for column, statistic in (_meant(columns, text) for text in options.column)
    ]
    sort: tuple[SortKey, ...] = ()
    if options.sort:
        column, statistic = _meant(columns, options.sort)
        # As a click on a header does: text begins increasing, all else decreasing.
        descending = options.descending or (column.type != "text" and not options.ascending)
        sort = (SortKey(column=column.id, statistic=statistic, descending=descending),)
    return View(
        columns=tuple(shown or (ViewColumn(column=column.id) for column in columns)), sort=sort
    )


def _meant(columns: Sequence[Column], text: str) -> tuple[Column, Statistic | None]:
    if "=" not in text or any(text in (column.name, column.id) for column in columns):
        return find_column(columns, text), None
    name, statistic = metric_and_statistic(text)
    return find_column(columns, name, ["metric"]), statistic


@contextmanager
def _opened(path: Path | None, overwrite: bool) -> Iterator[IO[bytes]]:
    """The file, or standard output. A file is there only once it is whole."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = path.expanduser()
    if path.exists() and not overwrite:
        raise Conflict(f"{path} is there already. Replace it with --overwrite.")
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _ensure_running() -> LocalService:
    from smx_lab.local.home.launch import ensure_running

    return ensure_running()
