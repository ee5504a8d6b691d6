"""Browse experiments, trials and trial components, and stop training jobs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from smx_lab.contract.bodies import (
    ExperimentPage,
    MetricList,
    StopResult,
    TagKeyList,
    TrialComponentPage,
    TrialPage,
    UnassignedSummary,
)
from smx_lab.contract.queries import Level
from smx_lab.core import wire
from smx_lab.core.entities import Experiment, Trial, TrialComponent
from smx_lab.core.errors import AccessDenied, InvalidRequest, SmxError
from smx_lab.core.limits import MAX_SEARCH_FILTERS, MAX_SEARCH_VALUE_LENGTH
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.sagemaker import Page, SageMaker
from smx_lab.services.browsing.list_filters import (
    Condition,
    Expression,
    name_filter,
    to_expressions,
)
from smx_lab.services.browsing.paging import PageRequest
from smx_lab.services.switches import Switches

log = logging.getLogger(__name__)

UNASSIGNED: Condition = {"Name": "Parents.TrialName", "Operator": "NotExists"}


@dataclass(frozen=True)
class Listing:
    """One kind of list, with its resource in Search and its list operation.

    Search is used first, since only it sorts by the time of the last change. The list operation is
    for credentials that may not search.
    """

    resource: str
    name: str
    operation: str
    member: str


EXPERIMENTS = Listing("Experiment", "ExperimentName", "list_experiments", "ExperimentSummaries")
TRIALS = Listing("ExperimentTrial", "TrialName", "list_trials", "TrialSummaries")
TRIAL_COMPONENTS = Listing(
    "ExperimentTrialComponent",
    "TrialComponentName",
    "list_trial_components",
    "TrialComponentSummaries",
)


LISTING_BY_LEVEL: dict[Level, Listing] = {
    "experiments": EXPERIMENTS,
    "trials": TRIALS,
    "trial-components": TRIAL_COMPONENTS,
}

TAGS = "Tags."
MAX_HINT_LENGTH = 100
"""Source: SageMaker API Reference, PropertyNameQuery."""


class Experiments:
    """Reads experiments, trials and trial components of one connection at a time."""

    def __init__(self, connections: Connections, switches: Switches) -> None:
        """Read through ``connections``; change only what ``switches`` allow."""
        self._connections = connections
        self._switches = switches
        self._unassigned_by_connection: dict[str, UnassignedSummary | None] = {}

    def list_experiments(self, connection_id: str, page: PageRequest) -> ExperimentPage:
        """Return one page of experiments; the first page has a summary of unassigned components."""
        sagemaker = self._connections.sagemaker(connection_id)
        found = _list(sagemaker, EXPERIMENTS, page)
        return ExperimentPage(
            experiments=[wire.experiment(record) for record in found.records],
            next_token=found.next_token,
            unassigned=self._unassigned(sagemaker) if page.is_first else None,
        )

    def describe_experiment(self, connection_id: str, experiment_name: str) -> Experiment:
        """Return one experiment."""
        sagemaker = self._connections.sagemaker(connection_id)
        return wire.experiment(_describe_experiment(sagemaker, experiment_name))

    def list_trials(self, connection_id: str, experiment_name: str, page: PageRequest) -> TrialPage:
        """Return one page of an experiment's trials."""
        sagemaker = self._connections.sagemaker(connection_id)
        found = _list(
            sagemaker,
            TRIALS,
            page,
            [_equals("ExperimentName", experiment_name)],
            lambda: _describe_experiment(sagemaker, experiment_name),
            ExperimentName=experiment_name,
        )
        return TrialPage(
            trials=[wire.trial(record, experiment_name) for record in found.records],
            next_token=found.next_token,
        )

    def list_all_trials(self, connection_id: str, page: PageRequest) -> TrialPage:
        """Return one page of the trials of all experiments."""
        found = _list(self._connections.sagemaker(connection_id), TRIALS, page)
        return TrialPage(
            trials=[wire.trial(record) for record in found.records], next_token=found.next_token
        )

    def describe_trial(self, connection_id: str, trial_name: str) -> Trial:
        """Return one trial."""
        return wire.trial(_describe_trial(self._connections.sagemaker(connection_id), trial_name))

    def list_trial_components(
        self, connection_id: str, trial_name: str, page: PageRequest
    ) -> TrialComponentPage:
        """Return one page of a trial's components."""
        sagemaker = self._connections.sagemaker(connection_id)
        found = _list(
            sagemaker,
            TRIAL_COMPONENTS,
            page,
            [_equals("Parents.TrialName", trial_name)],
            lambda: _describe_trial(sagemaker, trial_name),
            TrialName=trial_name,
        )
        return _component_page(found)

    def list_unassigned(self, connection_id: str, page: PageRequest) -> TrialComponentPage:
        """Return one page of the trial components that are in no trial.

        Raises
        ------
        AccessDenied
            If the credentials may not search. No list operation returns these.
        """
        sagemaker = self._connections.sagemaker(connection_id)
        return _component_page(_search(sagemaker, TRIAL_COMPONENTS, page, [UNASSIGNED]))

    def describe_trial_component(
        self, connection_id: str, trial_component_name: str
    ) -> TrialComponent:
        """Return one trial component in full.

        DescribeTrialComponent is up to date but returns neither parents nor tags. These come from
        Search, whose index may lag, and are missing where the credentials may not search.
        """
        sagemaker = self._connections.sagemaker(connection_id)
        described = _describe_trial_component(sagemaker, trial_component_name)
        condition = _equals("TrialComponentName", described["TrialComponentName"])
        try:
            indexed = sagemaker.search(
                TRIAL_COMPONENTS.resource, _expression([condition]), max_results=1
            ).records
        except AccessDenied:
            indexed = []
        extra = {member: indexed[0].get(member, []) for member in ("Parents", "Tags") if indexed}
        return wire.trial_component({**described, **extra})

    def list_metrics(self, connection_id: str, trial_component_name: str) -> MetricList:
        """Return the metric summaries of one trial component."""
        sagemaker = self._connections.sagemaker(connection_id)
        described = _describe_trial_component(sagemaker, trial_component_name)
        return MetricList(metrics=[wire.metric_summary(m) for m in described.get("Metrics", [])])

    def list_tag_keys(self, connection_id: str, level: Level, prefix: str) -> TagKeyList:
        """Return the keys of tags at one level that start with a text; case matters.

        Return none if the credentials may not ask for suggestions: a key can be typed instead.
        """
        listing = LISTING_BY_LEVEL[level]
        hint = f"{TAGS}{prefix}"[:MAX_HINT_LENGTH]
        try:
            reply = self._connections.sagemaker(connection_id).call(
                "get_search_suggestions",
                Resource=listing.resource,
                SuggestionQuery={"PropertyNameQuery": {"PropertyNameHint": hint}},
            )
        except AccessDenied as error:
            log.info("Tags cannot be offered: %s", error.message)
            return TagKeyList(keys=[])
        names = [found["PropertyName"] for found in reply.get("PropertyNameSuggestions", ())]
        keys = {name[len(TAGS) :] for name in names if name.lower().startswith(TAGS.lower())}
        return TagKeyList(keys=sorted(key for key in keys if key and key.startswith(prefix)))

    def stop_training_job(self, connection_id: str, training_job_name: str) -> StopResult:
        """Ask a running training job to stop, and return its status after that."""
        self._switches.require("stop")
        sagemaker = self._connections.sagemaker(connection_id)
        subject = f"The training job {training_job_name}"
        name = {"TrainingJobName": training_job_name}
        sagemaker.call("stop_training_job", subject=subject, **name)
        job = sagemaker.call("describe_training_job", subject=subject, **name)
        return StopResult(
            training_job_name=job["TrainingJobName"],
            training_job_status=job["TrainingJobStatus"],
        )

    def _unassigned(self, sagemaker: SageMaker) -> UnassignedSummary | None:
        connection_id, newest = sagemaker.connection.id, PageRequest(max_results=1)
        try:
            found = _search(sagemaker, TRIAL_COMPONENTS, newest, [UNASSIGNED]).records
        except AccessDenied:
            return None  # no other operation returns them
        except SmxError as error:
            # The experiments can be shown all the same, with the last known summary.
            log.warning("Unassigned trial components cannot be looked for: %s", error.message)
            return self._unassigned_by_connection.get(connection_id)
        answer = None
        if found:
            newest_one = wire.trial_component_summary(found[0])
            answer = UnassignedSummary(
                last_modified_time=newest_one.last_modified_time,
                creation_time=newest_one.creation_time,
            )
        self._unassigned_by_connection[connection_id] = answer
        return answer


def _list(
    sagemaker: SageMaker,
    listing: Listing,
    page: PageRequest,
    conditions: Sequence[Condition] = (),
    describe_parent: Callable[[], Any] | None = None,
    **members: str,
) -> Page:
    """Return one page from Search, or from the list operation where Search cannot be used.

    ``describe_parent`` raises NotFound if the parent does not exist: Search would return an empty
    page for it.
    """
    try:
        found = _search(sagemaker, listing, page, conditions)
    except (AccessDenied, InvalidRequest) as error:
        is_known = isinstance(error, AccessDenied) or "Parents." in error.message
        if page.filters or not is_known:
            raise  # list operations have no filters
        return _list_without_search(sagemaker, listing, page, **members)
    if not found.records and page.is_first and describe_parent is not None:
        describe_parent()
    return found


def _search(
    sagemaker: SageMaker, listing: Listing, page: PageRequest, conditions: Sequence[Condition]
) -> Page:
    names = (listing.name, "DisplayName")
    every, also = to_expressions(page.filters, names, sagemaker.caller)
    if page.name_contains:
        also.append(name_filter(names, page.name_contains))
    return sagemaker.search(
        listing.resource,
        _expression([*conditions, *every], also),
        sort_by=listing.name if page.sort_by == "Name" else page.sort_by,
        sort_order=page.sort_order,
        max_results=page.max_results,
        next_token=page.next_token,
    )


def _list_without_search(
    sagemaker: SageMaker, listing: Listing, page: PageRequest, **members: str
) -> Page:
    wanted = page.name_contains.lower()

    def matches(record: dict[str, Any]) -> bool:
        names = (record[listing.name], record.get("DisplayName", ""))
        return any(wanted in name.lower() for name in names)

    return sagemaker.list_matching_page(
        listing.operation,
        listing.member,
        matches,
        max_results=page.max_results,
        next_token=page.next_token,
        SortBy="Name" if page.sort_by == "Name" else "CreationTime",
        SortOrder=page.sort_order,
        **members,
    )


def _expression(every: Sequence[Condition], also: Sequence[Expression] = ()) -> Expression | None:
    expression: Expression = {}
    # Conditions beyond the limit of one list go into an expression of their own.
    for start in range(0, len(every), MAX_SEARCH_FILTERS):
        part = list(every[start : start + MAX_SEARCH_FILTERS])
        if start == 0:
            expression["Filters"] = part
        else:
            also = [*also, {"Filters": part}]
    if len(also) > MAX_SEARCH_FILTERS:
        also = [{"SubExpressions": list(also[:MAX_SEARCH_FILTERS])}, *also[MAX_SEARCH_FILTERS:]]
    if also:
        expression["SubExpressions"] = list(also)
    return expression or None


def _equals(name: str, value: str) -> Condition:
    if not 1 <= len(value) <= MAX_SEARCH_VALUE_LENGTH:
        raise InvalidRequest(f"{value[:40]}… is not a name.", field=name)
    return {"Name": name, "Operator": "Equals", "Value": value}


def _component_page(found: Page) -> TrialComponentPage:
    return TrialComponentPage(
        trial_components=[wire.trial_component_summary(record) for record in found.records],
        next_token=found.next_token,
    )


def _describe_experiment(sagemaker: SageMaker, name: str) -> dict[str, Any]:
    return sagemaker.call(
        "describe_experiment", subject=f"The experiment {name}", ExperimentName=name
    )


def _describe_trial(sagemaker: SageMaker, name: str) -> dict[str, Any]:
    return sagemaker.call("describe_trial", subject=f"The trial {name}", TrialName=name)


def _describe_trial_component(sagemaker: SageMaker, name: str) -> dict[str, Any]:
    return sagemaker.call(
        "describe_trial_component",
        subject=f"The trial component {name}",
        TrialComponentName=name,
    )
