"""Browse experiments, trials and trial components, and stop what runs."""

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
from smx_lab.core import wire
from smx_lab.core.entities import Experiment, Trial, TrialComponent
from smx_lab.core.errors import AccessDenied, InvalidRequest, SmxError
from smx_lab.core.list_filter import MAX_FILTERS
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.sagemaker import Page, SageMaker
from smx_lab.services.browsing.list_filters import Condition, Expression, expressions, name_filter
from smx_lab.services.browsing.paging import PageRequest
from smx_lab.services.switches import Switches

log = logging.getLogger(__name__)

UNASSIGNED: Condition = {"Name": "Parents.TrialName", "Operator": "NotExists"}


@dataclass(frozen=True)
class Listing:
    """One kind of list: how Search finds it, and how a list operation does.

    Search alone sorts by the time of the last change, so it is asked first; the list operation
    serves whoever may not search.
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


LISTING_BY_LEVEL = {
    "experiments": EXPERIMENTS,
    "trials": TRIALS,
    "trial-components": TRIAL_COMPONENTS,
}

TAGS = "Tags."
LONGEST_HINT = 100
"""Source: SageMaker API Reference, PropertyNameQuery."""


class Experiments:
    """Reads the hierarchy of one connection at a time."""

    def __init__(self, connections: Connections, switches: Switches) -> None:
        """Read through ``connections``; change only what ``switches`` allow."""
        self._connections = connections
        self._switches = switches
        self._unassigned_by_connection: dict[str, UnassignedSummary | None] = {}

    def list_experiments(self, connection_id: str, page: PageRequest) -> ExperimentPage:
        """Return one page; the first one says whether there are unassigned trial components."""
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
            If the credentials may not search: no list operation finds these.
        """
        sagemaker = self._connections.sagemaker(connection_id)
        return _component_page(_search(sagemaker, TRIAL_COMPONENTS, page, [UNASSIGNED]))

    def describe_trial_component(
        self, connection_id: str, trial_component_name: str
    ) -> TrialComponent:
        """Return one trial component in full.

        DescribeTrialComponent is up to date but knows neither parents nor tags; those are the
        index's, which may lag, or missing where the credentials may not search.
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

    def list_tag_keys(self, connection_id: str, level: str, prefix: str) -> TagKeyList:
        """Return keys of tags that start with a text, in its very case, at one level.

        None are offered to whoever may not ask for suggestions: a key can be typed as well.

        Raises
        ------
        InvalidRequest
            If there is no such level.
        """
        listing = LISTING_BY_LEVEL.get(level)
        if listing is None:
            raise InvalidRequest(
                f"level must be one of {', '.join(LISTING_BY_LEVEL)}.", field="level"
            )
        hint = f"{TAGS}{prefix}"[:LONGEST_HINT]
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
        """Ask a running training job to stop, and answer its status after that."""
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
            return None  # no other operation finds them
        except SmxError as error:
            # The experiments are there to be shown; what was last known of the rest stays.
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
    """Return one page by Search, or by the list operation where Search cannot tell.

    ``describe_parent`` raises NotFound if the list is that of something that is gone: Search
    answers an empty page then.
    """
    try:
        found = _search(sagemaker, listing, page, conditions)
    except (AccessDenied, InvalidRequest) as error:
        is_known = isinstance(error, AccessDenied) or "Parents." in error.message
        if page.filters or not is_known:
            raise  # no list operation knows filters
        return _list_without_search(sagemaker, listing, page, **members)
    if not found.records and page.is_first and describe_parent is not None:
        describe_parent()
    return found


def _search(
    sagemaker: SageMaker, listing: Listing, page: PageRequest, conditions: Sequence[Condition]
) -> Page:
    names = (listing.name, "DisplayName")
    every, also = expressions(page.filters, names, sagemaker.caller)
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
    # A list of an expression takes 20; what is more is put into one of its own.
    for start in range(0, len(every), MAX_FILTERS):
        part = list(every[start : start + MAX_FILTERS])
        if start == 0:
            expression["Filters"] = part
        else:
            also = [*also, {"Filters": part}]
    if len(also) > MAX_FILTERS:
        also = [{"SubExpressions": list(also[:MAX_FILTERS])}, *also[MAX_FILTERS:]]
    if also:
        expression["SubExpressions"] = list(also)
    return expression or None


def _equals(name: str, value: str) -> Condition:
    if not value or len(value) > 1024:  # what SageMaker takes as a value in Search
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
