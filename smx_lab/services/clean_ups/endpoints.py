"""Finds the endpoints that were deployed from trial components: by the artifact of their models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from smx_lab.core import wire
from smx_lab.core.clean_up.plan import PlannedEndpoint
from smx_lab.core.errors import NotFound
from smx_lab.gateway.reading.concurrent import call_each
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.deployments.hosting_deletion import IN_PROGRESS
from smx_lab.services.deployments.usage import CALLS_AT_ONCE, LOOKED_AT, Usage


class FoundEndpoints(NamedTuple):
    """The endpoints of some trial components, and whether all endpoints were looked at."""

    endpoints: tuple[PlannedEndpoint, ...]
    is_complete: bool


class _Running(NamedTuple):
    """An endpoint with its models, and where their artifacts are."""

    name: str
    status: str
    config_name: str | None
    model_names: tuple[str, ...]
    artifacts: tuple[str, ...]


def find_endpoints(
    sagemaker: SageMaker, component_by_artifact: Mapping[str, str]
) -> FoundEndpoints:
    """Return the endpoints that serve one of the artifacts, with what only they use.

    SageMaker's lists do not say what an endpoint serves, so that each one is described; of very
    many only the newest.
    """
    if not component_by_artifact:
        return FoundEndpoints((), True)
    listed = sagemaker.list_all(
        "list_endpoints", "Endpoints", SortBy="CreationTime", SortOrder="Descending"
    )
    names = [record["EndpointName"] for record in islice(listed, LOOKED_AT + 1)]
    looked_at = names[:LOOKED_AT]
    running = call_each(
        looked_at, lambda name: _running(sagemaker, name), CALLS_AT_ONCE, "smx-lab clean up"
    )
    by_component = [
        (one, component)
        for one in running
        if one and (component := _component(one, component_by_artifact))
    ]
    found = _planned(Usage(sagemaker), by_component) if by_component else ()
    return FoundEndpoints(found, len(names) <= LOOKED_AT)


def _running(sagemaker: SageMaker, name: str) -> _Running | None:
    try:
        described = sagemaker.call("describe_endpoint", EndpointName=name)
    except NotFound:
        return None
    config_name = described.get("EndpointConfigName")
    config = _describe_or_empty(
        sagemaker, "describe_endpoint_config", EndpointConfigName=config_name
    )
    variants = config.get("ProductionVariants") or described.get("ProductionVariants") or []
    models = list(dict.fromkeys(v["ModelName"] for v in variants if v.get("ModelName")))
    artifacts = [
        artifact
        for model in models
        for container in wire.containers(
            _describe_or_empty(sagemaker, "describe_model", ModelName=model)
        )
        if (artifact := wire.model_data(container))
    ]
    return _Running(name, described["EndpointStatus"], config_name, tuple(models), tuple(artifacts))


def _describe_or_empty(sagemaker: SageMaker, operation: str, **members: Any) -> dict[str, Any]:
    if None in members.values():
        return {}
    try:
        return sagemaker.call(operation, **members)
    except NotFound:
        return {}


def _component(running: _Running, component_by_artifact: Mapping[str, str]) -> str | None:
    for artifact in running.artifacts:
        # A prefix of plain files is a model's with a slash at its end, and a job's without.
        if found := component_by_artifact.get(artifact.rstrip("/")):
            return found
    return None


def _planned(
    usage: Usage, by_component: Sequence[tuple[_Running, str]]
) -> tuple[PlannedEndpoint, ...]:
    """Return the endpoints with what nothing else than these uses."""
    going = {running.name for running, _ in by_component}
    configs = {
        running.config_name
        for running, _ in by_component
        if running.config_name and not usage.endpoints_with(running.config_name, except_for=going)
    }
    found = []
    for running, component in by_component:
        kept: dict[str, str] = {}
        config_name, models = running.config_name, []
        if config_name and config_name not in configs:
            kept[config_name] = ", ".join(usage.endpoints_with(config_name, except_for=going))
            config_name = None
        for model in running.model_names:
            # A model goes only along with the configuration that names it.
            others = configs if config_name else ()
            if user := usage.config_with(model, except_for=others):
                kept[model] = user
            else:
                models.append(model)
        found.append(
            PlannedEndpoint(
                endpoint_name=running.name,
                endpoint_status=running.status,
                trial_component_name=component,
                endpoint_config_name=config_name,
                models=tuple(models),
                kept=kept,
                note=_note(running.status),
            )
        )
    return tuple(found)


def _note(status: str) -> str | None:
    if status in IN_PROGRESS:
        return f"It is {status}: SageMaker deletes it only once that has ended."
    if status == "Deleting":
        return "It is being deleted already."
    return None
