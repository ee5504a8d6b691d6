"""Edit display names, descriptions and tags, and the trials of a trial component."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from smx_lab.contract.bodies import (
    AssociateRequest,
    Association,
    Disassociation,
    EditExperimentRequest,
    EditTagsRequest,
    EditTrialRequest,
    ResourceTags,
    TagList,
)
from smx_lab.core import wire
from smx_lab.core.entities import Experiment, Trial
from smx_lab.core.errors import InvalidRequest, SmxError
from smx_lab.core.limits import MAX_RESOURCES
from smx_lab.core.names import arn_tail
from smx_lab.core.tags import check_tags
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.browsing.experiments import Experiments
from smx_lab.services.switches import Switches

if TYPE_CHECKING:
    from smx_lab.services.tables.tables import Tables

log = logging.getLogger(__name__)

COMPONENT = ":experiment-trial-component/"


class Editing:
    """Edits entities of one connection at a time, and updates the open tables."""

    def __init__(
        self,
        connections: Connections,
        switches: Switches,
        experiments: Experiments,
        tables: Callable[[], Tables | None],
    ) -> None:
        """``tables`` returns the tables to update, or None while there are none."""
        self._connections = connections
        self._switches = switches
        self._experiments = experiments
        self._tables = tables

    def list_tags(self, connection_id: str, resource_arns: Sequence[str]) -> TagList:
        """Return the tags of some resources, in the order of their ARNs."""
        _check_arns(resource_arns)
        sagemaker = self._connections.sagemaker(connection_id)
        return TagList(
            resources=[
                ResourceTags(resource_arn=arn, tags=_tags(sagemaker, arn)) for arn in resource_arns
            ]
        )

    def edit_tags(self, connection_id: str, request: EditTagsRequest) -> TagList:
        """Set and remove tags of some resources, and return the tags that they have then.

        Raises
        ------
        AccessDenied
            If an administrator forbids changes, or the credentials do.
        InvalidRequest
            If a tag breaks SageMaker's rules; nothing is changed then.
        """
        self._switches.require("edit")
        _check_arns(request.resource_arns)
        check_tags(request.put, request.remove)
        sagemaker = self._connections.sagemaker(connection_id)
        for arn in request.resource_arns:
            subject = f"The resource {arn_tail(arn)}"
            if request.remove:
                sagemaker.call(
                    "delete_tags", subject=subject, ResourceArn=arn, TagKeys=list(request.remove)
                )
            if request.put:
                tags = wire.tag_list(request.put)
                sagemaker.call("add_tags", subject=subject, ResourceArn=arn, Tags=tags)
        found = self.list_tags(connection_id, request.resource_arns)
        self._update_tables(connection_id, found)
        return found

    def edit_experiment(
        self, connection_id: str, experiment_name: str, request: EditExperimentRequest
    ) -> Experiment:
        """Change an experiment's display name and description; None leaves one unchanged."""
        self._switches.require("edit")
        sagemaker = self._connections.sagemaker(connection_id)
        sagemaker.call(
            "update_experiment",
            subject=f"The experiment {experiment_name}",
            ExperimentName=experiment_name,
            DisplayName=request.display_name,
            Description=request.description,
        )
        return self._experiments.describe_experiment(connection_id, experiment_name)

    def edit_trial(self, connection_id: str, trial_name: str, request: EditTrialRequest) -> Trial:
        """Change a trial's display name."""
        self._switches.require("edit")
        sagemaker = self._connections.sagemaker(connection_id)
        sagemaker.call(
            "update_trial",
            subject=f"The trial {trial_name}",
            TrialName=trial_name,
            DisplayName=request.display_name,
        )
        return self._experiments.describe_trial(connection_id, trial_name)

    def associate(
        self, connection_id: str, trial_name: str, request: AssociateRequest
    ) -> Association:
        """Add trial components to a trial; those in it already stay there."""
        self._switches.require("edit")
        names = request.trial_component_names
        _check_names(names, "trial_component_names")
        sagemaker = self._connections.sagemaker(connection_id)
        added = [name for name in names if trial_name not in _trials(sagemaker, name)]
        for name in added:
            self._link(sagemaker, "associate_trial_component", name, trial_name)
        self._reread_tables(connection_id)
        return Association(trial_name=trial_name, trial_component_names=names, added=added)

    def disassociate(
        self, connection_id: str, trial_name: str, names: Sequence[str]
    ) -> Disassociation:
        """Remove trial components from a trial; those that are not in it are skipped."""
        self._switches.require("edit")
        _check_names(names, "trial_component_name")
        sagemaker = self._connections.sagemaker(connection_id)
        for name in names:
            if trial_name in _trials(sagemaker, name):
                self._link(sagemaker, "disassociate_trial_component", name, trial_name)
        self._reread_tables(connection_id)
        return Disassociation(trial_name=trial_name, trial_component_names=list(names))

    def _link(self, sagemaker: SageMaker, action: str, name: str, trial_name: str) -> None:
        sagemaker.call(
            action,
            subject=f"The trial component {name} or the trial {trial_name}",
            TrialComponentName=name,
            TrialName=trial_name,
        )

    def _reread_tables(self, connection_id: str) -> None:
        tables = self._tables()
        if tables is not None:
            tables.open_tables.refresh_all(connection_id)

    def _update_tables(self, connection_id: str, found: TagList) -> None:
        """Show new tags in open tables at once.

        Search returns new tags late, and they do not change a component's last modified time. A
        failure here is only logged, since the tags themselves have been changed.
        """
        tables = self._tables()
        for resource in found.resources:
            if tables is None or COMPONENT not in resource.resource_arn:
                continue
            name = arn_tail(resource.resource_arn)
            try:
                component = self._experiments.describe_trial_component(connection_id, name)
            except SmxError as error:
                log.warning("Tables show the tags of %s later: %s", name, error.message)
                continue
            tables.open_tables.update(
                connection_id, msgspec.structs.replace(component, tags=dict(resource.tags))
            )


def _tags(sagemaker: SageMaker, arn: str) -> dict[str, str]:
    tags: list[dict[str, Any]] = list(sagemaker.list_all("list_tags", "Tags", ResourceArn=arn))
    return wire.tags(tags)


def _trials(sagemaker: SageMaker, name: str) -> set[str]:
    """Return the names of a component's trials."""
    summaries = sagemaker.list_all("list_trials", "TrialSummaries", TrialComponentName=name)
    return {trial["TrialName"] for trial in summaries}


def _check_names(names: Sequence[str], field: str) -> None:
    if not 1 <= len(names) <= MAX_RESOURCES:
        raise InvalidRequest(
            f"From 1 to {MAX_RESOURCES} trial components are associated at once.", field=field
        )


def _check_arns(arns: Sequence[str]) -> None:
    if not 1 <= len(arns) <= MAX_RESOURCES:
        raise InvalidRequest(
            f"From 1 to {MAX_RESOURCES} resources have their tags edited at once.",
            field="resource_arns",
        )
