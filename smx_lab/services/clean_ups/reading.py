"""Reads what a clean up is about: experiments, their trials, and which trials use a component.

Search says in which trials a trial component is, a hundred components a call. Its index may lag, so
that few trials are listed too; and where Search may not be used the lists alone say it, by a call
or two for each component.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from smx_lab.core import wire
from smx_lab.core.clean_up.plan import CleanUpRequest, PlannedExperiment, PlannedTrial, unique
from smx_lab.core.entities import ComponentType, TrialComponent, TrialParent
from smx_lab.core.errors import AccessDenied, InvalidRequest, NotFound
from smx_lab.core.search_record import SearchedComponent
from smx_lab.gateway.reading.concurrent import Workers, call_each
from smx_lab.gateway.reading.pages import TableReading
from smx_lab.gateway.reading.windows import Expression, any_of
from smx_lab.gateway.retry import RetryPolicy
from smx_lab.gateway.sagemaker import ComponentPage, SageMaker

MODEL_ARTIFACT = "SageMaker.ModelArtifact"
RUNNING = ("InProgress", "Stopping")

ONE_BY_ONE = 50
"""So many trials are listed beside Search, and so many trial components that were named read
without it, since its index may lag. A choice."""

CALLS_AT_ONCE = 8
"""Calls at a time, as far as the account's throttle allows. A choice."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class FoundComponent:
    """A trial component, as far as a clean up has to know it."""

    name: str
    display_name: str
    type: ComponentType
    parents: tuple[TrialParent, ...]
    model_artifact: str | None
    is_running: bool


@dataclass
class Content:
    """What a clean up is about. Names are as SageMaker spells them."""

    experiments: list[PlannedExperiment] = field(default_factory=list)
    trials: list[PlannedTrial] = field(default_factory=list)
    components: list[FoundComponent] = field(default_factory=list)
    """Of the trials, and those that were named themselves."""
    named: set[str] = field(default_factory=set)
    """The trial components that were named themselves."""


class Reader:
    """Reads one clean up's content from one connection; used once."""

    def __init__(self, sagemaker: SageMaker) -> None:
        """Only reads."""
        self._sagemaker = sagemaker
        self._retry = RetryPolicy(sagemaker.retry_limits)
        self._experiment_by_trial: dict[str, str] = {}

    def read(self, request: CleanUpRequest, left: Sequence[str] = ()) -> Content:
        """Return everything that belongs to the request.

        Parameters
        ----------
        left : sequence of str
            Trial components that an earlier clean up of the same has left behind; they belong to
            this one too, as far as nothing else uses them.

        Raises
        ------
        NotFound
            If something that is named does not exist.
        """
        content = Content()
        content.experiments = self._each(unique(request.experiments), self._experiment)
        listed = self._each([e.experiment_name for e in content.experiments], self._trials_of)
        content.trials = [trial for trials in listed for trial in trials]
        known = {trial.trial_name.casefold() for trial in content.trials}
        others = [name for name in unique(request.trials) if name.casefold() not in known]
        content.trials += self._each(others, self._trial)
        self._experiment_by_trial = {t.trial_name: t.experiment_name for t in content.trials}
        wanted = unique(request.trial_components)
        found = self._components(content, others, wanted)
        content.components = [*found.values(), *self._left(content, found, left)]
        named = {name.casefold() for name in wanted}
        content.named = {name for name in found if name.casefold() in named}
        return content

    def _components(
        self, content: Content, trials: Sequence[str], named: Sequence[str]
    ) -> dict[str, FoundComponent]:
        experiments = [one.experiment_name for one in content.experiments]
        try:
            found = self._searched(experiments, trials, named)
            listed = len(content.trials) <= ONE_BY_ONE
        except (AccessDenied, InvalidRequest):
            # Search may be denied, or know less than AWS's: what it would say can be listed too.
            found, listed = {}, True
        if listed:
            self._add_listed(found, [trial.trial_name for trial in content.trials])
        met = {name.casefold() for name in found}
        missing = [name for name in named if name.casefold() not in met]
        for component in self._each(missing, self._component):
            found[component.name] = component
        return found

    def _left(
        self, content: Content, found: Mapping[str, FoundComponent], left: Sequence[str]
    ) -> list[FoundComponent]:
        going = {trial.trial_name for trial in content.trials}
        missing = [name for name in left if name not in found]
        return [
            one
            for one in self._those_of(missing)
            if one and all(user.trial_name in going for user in one.parents)
        ]

    def _those_of(self, names: list[str]) -> Iterable[FoundComponent | None]:
        if len(names) > ONE_BY_ONE:
            with suppress(AccessDenied, InvalidRequest):
                return self._searched([], [], names).values()
        return self._each(names, self._component_or_none)

    def _searched(
        self, experiments: Sequence[str], trials: Sequence[str], named: Sequence[str]
    ) -> dict[str, FoundComponent]:
        found: dict[str, FoundComponent] = {}

        def fold(page: ComponentPage) -> None:
            for component in page.components:
                found[component.trial_component_name] = _of_search(component)

        by_parents = [
            *any_of("Parents.ExperimentName", experiments),
            *any_of("Parents.TrialName", trials),
        ]
        self._search(by_parents, fold)
        if found and not any(component.parents for component in found.values()):
            raise InvalidRequest("Search does not say in which trials a trial component is.")
        if len(named) > ONE_BY_ONE:
            self._search(list(any_of("TrialComponentName", named)), fold)
        return found

    def _search(self, expressions: list[Expression], fold: Callable[[ComponentPage], None]) -> None:
        if expressions:
            workers = Workers(CALLS_AT_ONCE, "smx-lab clean up")
            TableReading(expressions, workers, fold, threading.Event()).run(self._sagemaker)

    def _add_listed(self, found: dict[str, FoundComponent], trials: Sequence[str]) -> None:
        """Read those components anew of which a list knows more than was found."""
        known = {(name, parent.trial_name) for name, c in found.items() for parent in c.parents}
        listed = zip(trials, self._each(trials, self._names_in), strict=True)
        new = {
            name: None for trial, names in listed for name in names if (name, trial) not in known
        }
        for component in self._each(new, self._component_or_none):
            if component is not None:
                found[component.name] = component

    def _experiment(self, name: str) -> PlannedExperiment:
        found = wire.experiment(
            self._call("describe_experiment", subject=f"The experiment {name}", ExperimentName=name)
        )
        return PlannedExperiment(
            experiment_name=found.experiment_name, display_name=found.display_name
        )

    def _trials_of(self, experiment_name: str) -> list[PlannedTrial]:
        summaries = self._list("list_trials", "TrialSummaries", ExperimentName=experiment_name)
        trials = (wire.trial(summary, experiment_name) for summary in summaries)
        return [
            PlannedTrial(
                trial_name=trial.trial_name,
                display_name=trial.display_name,
                experiment_name=experiment_name,
            )
            for trial in trials
        ]

    def _trial(self, name: str) -> PlannedTrial:
        found = wire.trial(
            self._call("describe_trial", subject=f"The trial {name}", TrialName=name)
        )
        return PlannedTrial(
            trial_name=found.trial_name,
            display_name=found.display_name,
            experiment_name=found.experiment_name or "",
        )

    def _names_in(self, trial_name: str) -> list[str]:
        try:
            found = self._list(
                "list_trial_components", "TrialComponentSummaries", TrialName=trial_name
            )
        except NotFound:
            return []
        return [summary["TrialComponentName"] for summary in found]

    def _component_or_none(self, name: str) -> FoundComponent | None:
        try:
            return self._component(name)
        except NotFound:
            return None

    def _component(self, name: str) -> FoundComponent:
        subject = f"The trial component {name}"
        record = self._call("describe_trial_component", subject=subject, TrialComponentName=name)
        name = record["TrialComponentName"]
        trials = self._list("list_trials", "TrialSummaries", TrialComponentName=name)
        parents = tuple(self._parent(summary["TrialName"]) for summary in trials)
        return _found(wire.trial_component(record), parents)

    def _parent(self, trial_name: str) -> TrialParent:
        """Return a trial with its experiment, which the lists do not tell."""
        if trial_name not in self._experiment_by_trial:
            try:
                experiment = self._call("describe_trial", TrialName=trial_name)["ExperimentName"]
            except (NotFound, AccessDenied):
                experiment = ""
            self._experiment_by_trial[trial_name] = experiment
        return TrialParent(
            trial_name=trial_name, experiment_name=self._experiment_by_trial[trial_name]
        )

    def _call(self, operation: str, **members: Any) -> dict[str, Any]:
        return self._retry.call(lambda: self._sagemaker.call(operation, **members))

    def _list(self, operation: str, member: str, **members: Any) -> list[dict[str, Any]]:
        pages = self._sagemaker.list_all
        return self._retry.call(lambda: list(pages(operation, member, **members)))

    def _each(self, items: Iterable[Item], ask: Callable[[Item], Result]) -> list[Result]:
        """Ask for every item, several at a time; the results are in the order of the items."""
        return call_each(items, ask, CALLS_AT_ONCE, "smx-lab clean up")


def _of_search(component: TrialComponent | SearchedComponent) -> FoundComponent:
    return _found(component, component.parents)


def _found(
    component: TrialComponent | SearchedComponent, parents: tuple[TrialParent, ...]
) -> FoundComponent:
    artifact = component.output_artifacts.get(MODEL_ARTIFACT)
    return FoundComponent(
        name=component.trial_component_name,
        display_name=component.display_name,
        type=component.type,
        parents=tuple(dict.fromkeys(parents)),
        model_artifact=artifact.value if artifact else None,
        is_running=component.status in RUNNING and component.type != "Undefined",
    )
