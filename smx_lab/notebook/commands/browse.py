"""``experiments``, ``trials`` and ``components``: lists as data frames."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.errors import NotFound
from smx_lab.core.views.typed_columns import did_you_mean
from smx_lab.core.views.view import View, ViewColumn
from smx_lab.notebook.commands.command import Command, no_arguments
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.frames import frame_of
from smx_lab.notebook.session import Session
from smx_lab.services.browsing.paging import PageRequest

if TYPE_CHECKING:
    import pandas as pd

    from smx_lab.core.entities import Experiment

P = TypeVar("P")


def pages(ask: Callable[[PageRequest], P]) -> Iterator[P]:
    """Yield every page of a list."""
    token: str | None = None
    while True:
        page: Any = ask(PageRequest(next_token=token))
        yield page
        token = page.next_token
        if token is None:
            return


def all_experiments(session: Session) -> list[Experiment]:
    """Return all experiments, newest change first."""
    listing = session.services.experiments.list_experiments
    return [
        experiment
        for page in pages(lambda request: listing(session.connection_id, request))
        for experiment in page.experiments
    ]


def require_experiment(session: Session, name: str) -> None:
    """Raise MagicError, with the most similar name, if there is no such experiment."""
    try:
        session.services.experiments.describe_experiment(session.connection_id, name)
    except NotFound as error:
        names = [experiment.experiment_name for experiment in all_experiments(session)]
        raise MagicError(f"There is no experiment {name}.{did_you_mean(name, names)}") from error


def _experiments(session: Session, _options: argparse.Namespace) -> pd.DataFrame:
    found = all_experiments(session)
    return frame_of(
        {
            "Name": [experiment.experiment_name for experiment in found],
            "Description": [experiment.description or "" for experiment in found],
            "Created on": [experiment.creation_time for experiment in found],
            "Last modified": [experiment.last_modified_time for experiment in found],
        }
    )


def _trials(session: Session, options: argparse.Namespace) -> pd.DataFrame:
    require_experiment(session, options.experiment)
    listing = session.services.experiments.list_trials
    found = [
        trial
        for page in pages(
            lambda request: listing(session.connection_id, options.experiment, request)
        )
        for trial in page.trials
    ]
    return frame_of(
        {
            "Name": [trial.trial_name for trial in found],
            "Display name": [trial.display_name for trial in found],
            "Created on": [trial.creation_time for trial in found],
            "Last modified": [trial.last_modified_time for trial in found],
        }
    )


def _components(session: Session, options: argparse.Namespace) -> pd.DataFrame:
    from smx_lab.core.table import SUMMARY
    from smx_lab.notebook.tables import read_frame

    require_experiment(session, options.experiment)
    view = View(columns=tuple(ViewColumn(column=column.id) for column in SUMMARY))
    return read_frame(session, OpenTableRequest(experiments=[options.experiment]), lambda _: view)


def add_experiment(parser: argparse.ArgumentParser) -> None:
    """Add the argument of a subcommand about one experiment."""
    parser.add_argument("experiment", metavar="EXPERIMENT", help="an experiment's name")


COMMANDS = (
    Command(
        "experiments",
        "All experiments, newest change first.",
        ("%smx experiments",),
        no_arguments,
        _experiments,
    ),
    Command(
        "trials",
        "The trials of an experiment, newest change first.",
        ("%smx trials mnist",),
        add_experiment,
        _trials,
    ),
    Command(
        "components",
        "The trial components of an experiment, one row for each trial they belong to.",
        ("%smx components mnist",),
        add_experiment,
        _components,
    ),
)
