"""Reads a table's trial components one by one, if Search is denied or does not return enough.

The list operations name the trial components of each trial, and each of them is described. What
has not changed since the last reading is not described again.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from smx_lab.core import wire
from smx_lab.core.entities import TrialComponent, TrialParent
from smx_lab.core.errors import AccessDenied, InvalidRequest, NotFound, SmxError
from smx_lab.core.table import Origin
from smx_lab.gateway.reading.component_reader import ComponentReader
from smx_lab.gateway.reading.concurrent import Workers
from smx_lab.gateway.retry import RetryPolicy
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker

FOLD_EVERY_S = 0.5
"""How often trial components are put into the table at most: many at once are faster."""

RUNNING = ("InProgress", "Stopping")

_PARENTS = re.compile(r"\bParents\.")

Item = TypeVar("Item")
Result = TypeVar("Result")


class SearchSaysTooLittle(InvalidRequest):
    """Search does not return in which trials a trial component is."""


def is_of_search(error: SmxError) -> bool:
    """Whether an error says that these trial components cannot be searched for."""
    if isinstance(error, AccessDenied):
        return error.details.get("action") in (None, "sagemaker:Search")
    if isinstance(error, SearchSaysTooLittle):
        return True
    return isinstance(error, InvalidRequest) and bool(_PARENTS.search(error.message))


class Listed(NamedTuple):
    """What the list operations return of a trial component."""

    last_modified_time: datetime
    parents: tuple[TrialParent, ...]
    is_running: bool


@dataclass(frozen=True)
class Done(Generic[Item, Result]):
    """What the call for one item returned or raised."""

    item: Item
    result: Result | None
    error: Exception | None


class TableListing(ComponentReader[Done[Any, Any]]):
    """Reads all trial components of an origin, as often as it is run."""

    def __init__(
        self,
        origin: Origin,
        workers: Workers,
        fold: Callable[[ComponentPage], object],
        stopped: threading.Event,
    ) -> None:
        super().__init__(workers, fold, stopped)
        self._origin = origin
        self._listed: int | None = None
        self._known: dict[str, Listed] = {}
        self._may_list_tags = True

    @property
    def expected(self) -> int | None:
        """How many trial components there are in all, once the lists have been read."""
        return self._listed

    def _read(self, sagemaker: SageMaker, retry: RetryPolicy) -> None:
        """Read what is new or changed: the rest is in the table already."""
        listed = self._list(sagemaker, retry)
        self.met, self._listed = set(listed), len(listed)
        wanted = [
            name
            for name, found in listed.items()
            if self._known.get(name) != found or found.is_running
        ]
        self._describe(sagemaker, retry, listed, wanted)
        self._known = {name: self._known[name] for name in self.met}

    def _list(self, sagemaker: SageMaker, retry: RetryPolicy) -> dict[str, Listed]:
        """Return every trial component of the origin, newest first, with its trials."""
        trials = list(self._trials(sagemaker, retry))
        found: dict[str, tuple[dict[str, Any], list[TrialParent]]] = {}
        components = partial(_list_components, sagemaker)
        for done in self._each(sagemaker, retry, trials, lambda t: components(t.trial_name)):
            for summary in done.result or ():
                name = summary["TrialComponentName"]
                found.setdefault(name, (summary, []))[1].append(done.item)
        if self._origin.unassigned:
            in_trials = set(found)
            mine = set(self._names_in_origin(trials))
            for summary in retry.call(lambda: _list_components(sagemaker, None)):
                name = summary["TrialComponentName"]
                if name not in in_trials:
                    found[name] = (summary, [])
            found = {
                name: (summary, [p for p in parents if p in mine])
                for name, (summary, parents) in found.items()
                if not parents or any(p in mine for p in parents)
            }
        newest = sorted(found.items(), key=lambda one: one[1][0]["CreationTime"], reverse=True)
        return {name: _listed(summary, parents) for name, (summary, parents) in newest}

    def _trials(self, sagemaker: SageMaker, retry: RetryPolicy) -> Iterator[TrialParent]:
        """Yield the trials to list: those of the origin. For unassigned trial components it is all
        trials, since only that shows which are in none."""
        experiments: Iterable[str] = self._origin.experiments
        if self._origin.unassigned:
            every = partial(sagemaker.list_all, "list_experiments", "ExperimentSummaries")
            experiments = [one["ExperimentName"] for one in retry.call(lambda: [*every()])]
        met: set[str] = set()
        list_trials = partial(_list_trials, sagemaker)
        for done in self._each(sagemaker, retry, experiments, list_trials):
            for trial in done.result or ():
                met.add(trial.trial_name.casefold())
                yield trial
        others = [name for name in self._origin.trials if name.casefold() not in met]
        describe = partial(_describe_trial, sagemaker)
        for single in self._each(sagemaker, retry, others, describe):
            if single.result is not None:
                yield single.result

    def _names_in_origin(self, trials: Iterable[TrialParent]) -> Iterator[TrialParent]:
        experiments = {name.casefold() for name in self._origin.experiments}
        names = {name.casefold() for name in self._origin.trials}
        for trial in trials:
            is_named = trial.trial_name.casefold() in names
            if is_named or trial.experiment_name.casefold() in experiments:
                yield trial

    def _describe(
        self,
        sagemaker: SageMaker,
        retry: RetryPolicy,
        listed: dict[str, Listed],
        names: list[str],
    ) -> None:
        ready: list[TrialComponent] = []
        folded = time.monotonic()

        def component(name: str) -> TrialComponent | None:
            return self._component(sagemaker, name, listed[name].parents)

        try:
            for done in self._each(sagemaker, retry, names, component):
                if done.result is None:
                    self.met.discard(done.item)
                    continue
                self._known[done.item] = listed[done.item]
                ready.append(done.result)
                if time.monotonic() - folded >= FOLD_EVERY_S:
                    self._fold(ComponentPage(ready, None))
                    ready, folded = [], time.monotonic()
        finally:
            # These count as known, so they must be in the table even after an error.
            self._fold(ComponentPage(ready, None))

    def _component(
        self, sagemaker: SageMaker, name: str, parents: tuple[TrialParent, ...]
    ) -> TrialComponent | None:
        """Return one trial component as Search would; None if it is gone."""
        try:
            record = sagemaker.call("describe_trial_component", TrialComponentName=name)
        except NotFound:
            return None
        of = [{"TrialName": p.trial_name, "ExperimentName": p.experiment_name} for p in parents]
        tags = self._tags(sagemaker, record["TrialComponentArn"])
        return wire.trial_component({**record, "Parents": of, "Tags": tags})

    def _tags(self, sagemaker: SageMaker, arn: str) -> list[dict[str, Any]]:
        if not self._may_list_tags:
            return []
        try:
            return list(sagemaker.list_all("list_tags", "Tags", ResourceArn=arn))
        except AccessDenied:
            # The table is useful without tags, and each further call would be refused.
            self._may_list_tags = False
        except NotFound:
            pass
        return []

    def _each(
        self,
        sagemaker: SageMaker,
        retry: RetryPolicy,
        items: Iterable[Item],
        ask: Callable[[Item], Result],
    ) -> Iterator[Done[Item, Result]]:
        """Ask for every item, several at a time, and yield what each call returned."""
        left = iter(items)

        def choose() -> Callable[[], Done[Item, Result]] | None:
            for item in left:
                return partial(_ask, retry, item, ask)
            return None

        for done in self._results(sagemaker, choose):
            if done.error is not None:
                raise done.error
            yield done


def _ask(retry: RetryPolicy, item: Item, ask: Callable[[Item], Result]) -> Done[Item, Result]:
    try:
        return Done(item, retry.call(lambda: ask(item)), None)
    except Exception as error:  # noqa: BLE001  it is raised where the table is read
        return Done(item, None, error)


def _listed(summary: dict[str, Any], parents: Iterable[TrialParent]) -> Listed:
    modified = summary.get("LastModifiedTime", summary["CreationTime"])
    status = (summary.get("Status") or {}).get("PrimaryStatus")
    by_name = sorted(set(parents), key=lambda parent: parent.trial_name)
    return Listed(wire.instant(modified), tuple(by_name), status in RUNNING)


def _list_trials(sagemaker: SageMaker, experiment_name: str) -> list[TrialParent]:
    """Return the trials of an experiment; none if it is gone."""
    try:
        found = sagemaker.list_all("list_trials", "TrialSummaries", ExperimentName=experiment_name)
        return [
            TrialParent(trial_name=one["TrialName"], experiment_name=experiment_name)
            for one in found
        ]
    except NotFound:
        return []


def _describe_trial(sagemaker: SageMaker, trial_name: str) -> TrialParent | None:
    """Return a trial with the name of its experiment; None if it is gone."""
    try:
        found = sagemaker.call("describe_trial", TrialName=trial_name)
    except NotFound:
        return None
    return TrialParent(trial_name=found["TrialName"], experiment_name=found["ExperimentName"])


def _list_components(sagemaker: SageMaker, trial_name: str | None) -> list[dict[str, Any]]:
    """Return summaries of the trial components of a trial; of all there are if None."""
    try:
        return list(
            sagemaker.list_all(
                "list_trial_components", "TrialComponentSummaries", TrialName=trial_name
            )
        )
    except NotFound:
        return []
