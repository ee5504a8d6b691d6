"""Plan a clean up, and run it as an operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from smx_lab.core.clean_up.code import clean_up_code
from smx_lab.core.clean_up.plan import (
    MAX_LISTED,
    CleanUpCounts,
    CleanUpPlan,
    CleanUpRequest,
    KeptComponent,
    PlannedComponent,
    PlannedEndpoint,
    PlannedLink,
    Scope,
    StartCleanUpRequest,
    Staying,
    check_request,
    first_name,
    must_be_typed,
    title,
    unique,
)
from smx_lab.core.errors import Conflict, InvalidRequest, SmxError
from smx_lab.core.operation import Operation, error_body
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.clean_ups.endpoints import FoundEndpoints, find_endpoints
from smx_lab.services.clean_ups.reading import (
    MAX_ONE_BY_ONE,
    Content,
    FoundComponent,
    Reader,
)
from smx_lab.services.clean_ups.steps import clean_up_steps, components_left
from smx_lab.services.operations.files import Record
from smx_lab.services.operations.operations import Kind, Operations, StepDefinition
from smx_lab.services.switches import Switches

if TYPE_CHECKING:
    from smx_lab.services.tables.tables import Tables

STAYS = {
    "training_jobs": "No clean up deletes training jobs: they are the record of what ran.",
    "other_jobs": "No clean up deletes processing and transform jobs.",
    "data": "Data, models and logs in S3 stay where they are.",
    "local data": "Data, models and logs stay where they are: in S3 or in files of this machine.",
    "notebooks": "Notebooks and their files stay.",
}


class CleanUps:
    """Plans clean ups and starts them as operations."""

    def __init__(
        self,
        connections: Connections,
        switches: Switches,
        operations: Operations,
        tables: Callable[[], Tables | None],
        max_one_by_one: int = MAX_ONE_BY_ONE,
    ) -> None:
        """Delete through ``operations``, if ``switches`` allow it.

        ``tables`` returns the open tables, which drop what was deleted, or None if there are none.
        ``max_one_by_one`` is that of `Reader`.
        """
        self._max_one_by_one = max_one_by_one
        self._tables = tables
        self._connections = connections
        self._switches = switches
        self._operations = operations
        operations.register("clean_up", Kind(self._steps, lambda: switches.require("delete")))

    def plan(self, connection_id: str, request: CleanUpRequest) -> CleanUpPlan:
        """Return what a clean up would do. This only reads.

        Raises
        ------
        InvalidRequest
            If nothing is named, or too many things.
        NotFound
            If something that is named does not exist.
        """
        return self._make_plan(connection_id, request).plan

    def start(self, connection_id: str, request: StartCleanUpRequest) -> Operation:
        """Start a clean up and return its operation.

        Raises
        ------
        AccessDenied
            If an administrator has switched deleting off.
        InvalidRequest
            If the name was not typed, or nothing would be deleted.
        Conflict
            If the plan has changed since it was read, or the clean up is running already.
        """
        self._switches.require("delete")
        plan, scope, endpoint_error = self._make_plan(connection_id, request)
        if request.delete_endpoints and endpoint_error is not None:
            raise endpoint_error
        if scope.to_delete == 0:
            raise InvalidRequest("Nothing would be deleted.", field="keep_trial_components")
        if plan.name_to_type is not None and request.typed_name.strip() != plan.name_to_type:
            raise InvalidRequest(
                f"Type {plan.name_to_type} to delete {scope.to_delete} things.",
                field="typed_name",
            )
        if request.fingerprint not in (None, plan.fingerprint):
            raise Conflict(
                "What would be deleted has changed since the plan was made. Look at it again.",
                field="fingerprint",
            )
        earlier = self._earlier(connection_id, request)
        if earlier is not None and earlier.operation.state == "running":
            running = earlier.operation
            raise Conflict(f"“{running.title}” is under way already.", operation_id=running.id)
        return self._operations.submit(
            "clean_up",
            connection_id,
            title(request),
            {"scope": msgspec.to_builtins(scope)},
            {"name": first_name(request)},
        )

    def _steps(self, connection_id: str, request: dict[str, Any]) -> Sequence[StepDefinition]:
        def refresh_tables() -> None:
            tables = self._tables()
            if tables is not None:
                tables.open_tables.lose(connection_id)

        sagemaker = self._connections.sagemaker(connection_id)
        return clean_up_steps(sagemaker, request, refresh_tables)

    def _earlier(self, connection_id: str, request: CleanUpRequest) -> Record | None:
        """Return the newest clean up of any of the named things, unless it succeeded."""

        def is_wanted(begun: dict[str, Any]) -> bool:
            return msgspec.convert(begun["scope"], Scope).touches(request)

        found = self._operations.newest("clean_up", connection_id, is_wanted)
        return None if found is None or found.operation.state == "succeeded" else found

    def _make_plan(self, connection_id: str, request: CleanUpRequest) -> Planned:
        check_request(request)
        sagemaker = self._connections.sagemaker(connection_id)
        earlier = self._earlier(connection_id, request)
        # An earlier clean up may have removed them from their trials, so no trial leads to them.
        left = components_left(earlier) if earlier and not request.keep_trial_components else ()
        content = Reader(sagemaker, self._max_one_by_one).read(request, left)
        parts = _parts(content, request.keep_trial_components)
        found, endpoint_error = _endpoints(sagemaker, content)
        scope = _scope(content, parts, found.endpoints if request.delete_endpoints else ())
        kind = sagemaker.connection.kind
        code = clean_up_code(
            sagemaker.connection,
            request.code_style,
            scope,
            experiments=[one.experiment_name for one in content.experiments],
            trials=_own_trials(content),
            trial_components=sorted(content.named),
            keep_trial_components=request.keep_trial_components,
        )
        running = [one.name for one in content.components if one.is_running]
        plan = CleanUpPlan(
            counts=_counts(content, parts, found, scope),
            experiments=tuple(content.experiments[:MAX_LISTED]),
            trials=tuple(content.trials[:MAX_LISTED]),
            links=tuple(_links(scope))[:MAX_LISTED],
            trial_components=tuple(parts.deleted[:MAX_LISTED]),
            kept=tuple(parts.kept[:MAX_LISTED]),
            endpoints=found.endpoints[:MAX_LISTED],
            endpoint_error=error_body(endpoint_error) if endpoint_error is not None else None,
            running=tuple(running[:MAX_LISTED]),
            staying=tuple(_staying(content.components, kind)),
            warnings=tuple(_warnings(running, found, request.keep_trial_components)),
            name_to_type=first_name(request) if must_be_typed(kind, scope.to_delete) else None,
            fingerprint=scope.fingerprint,
            unfinished=earlier.operation.id if earlier is not None else None,
            code=code,
        )
        return Planned(plan, scope, endpoint_error)


class Planned(NamedTuple):
    """A plan, its scope, and the error if endpoints could not be looked for."""

    plan: CleanUpPlan
    scope: Scope
    endpoint_error: SmxError | None


class Parts(NamedTuple):
    """The trial components to delete, those to keep, and the links to remove, by trial."""

    deleted: list[PlannedComponent]
    kept: list[KeptComponent]
    links: dict[str, list[str]]


def _parts(content: Content, keep: bool) -> Parts:
    """Divide the trial components: one that another trial uses is kept.

    A component that was named itself is removed from all its trials, unless ``keep`` is set.
    """
    going = {trial.trial_name.casefold() for trial in content.trials}
    parts = Parts([], [], {trial.trial_name: [] for trial in content.trials})
    for component in content.components:
        is_named = component.name in content.named and not keep
        users = []
        for parent in component.parents:
            if is_named or parent.trial_name.casefold() in going:
                parts.links.setdefault(parent.trial_name, []).append(component.name)
            else:
                users.append(parent)
        shown = {"trial_component_name": component.name, "display_name": component.display_name}
        if keep or users:
            parts.kept.append(KeptComponent(**shown, used_by=tuple(users)))
        else:
            parts.deleted.append(PlannedComponent(**shown))
    return parts


def _endpoints(sagemaker: SageMaker, content: Content) -> tuple[FoundEndpoints, SmxError | None]:
    artifacts = {
        one.model_artifact.rstrip("/"): one.name for one in content.components if one.model_artifact
    }
    try:
        return find_endpoints(sagemaker, artifacts), None
    except SmxError as error:
        # The rest of the plan is good without them.
        return FoundEndpoints((), True), error


def _scope(content: Content, parts: Parts, endpoints: Sequence[PlannedEndpoint]) -> Scope:
    configs = [one.endpoint_config_name for one in endpoints if one.endpoint_config_name]
    models = [model for one in endpoints for model in one.models]
    return Scope(
        experiments=tuple(one.experiment_name for one in content.experiments),
        trials=tuple(one.trial_name for one in content.trials),
        links={trial: tuple(names) for trial, names in parts.links.items() if names},
        trial_components=tuple(one.trial_component_name for one in parts.deleted),
        endpoints=tuple(one.endpoint_name for one in endpoints),
        endpoint_configs=tuple(unique(configs)),
        models=tuple(unique(models)),
    )


def _counts(content: Content, parts: Parts, found: FoundEndpoints, scope: Scope) -> CleanUpCounts:
    return CleanUpCounts(
        experiments=len(content.experiments),
        trials=len(content.trials),
        links=sum(len(names) for names in scope.links.values()),
        trial_components=len(parts.deleted),
        kept=len(parts.kept),
        endpoints=len(found.endpoints),
        to_delete=scope.to_delete,
    )


def _own_trials(content: Content) -> list[str]:
    """Return the trials whose experiments are not deleted."""
    experiments = {one.experiment_name for one in content.experiments}
    return [one.trial_name for one in content.trials if one.experiment_name not in experiments]


def _links(scope: Scope) -> Iterator[PlannedLink]:
    for trial_name, name in scope.pairs():
        yield PlannedLink(trial_component_name=name, trial_name=trial_name)


def _staying(components: Sequence[FoundComponent], kind: str) -> Iterator[Staying]:
    types = Counter(one.type for one in components)
    others = types["Processing job"] + types["Transform job"]
    if count := types["Training job"]:
        yield Staying(kind="training_jobs", count=count, reason=STAYS["training_jobs"])
    if others:
        yield Staying(kind="other_jobs", count=others, reason=STAYS["other_jobs"])
    yield Staying(kind="data", reason=STAYS["local data" if kind == "local" else "data"])
    yield Staying(kind="notebooks", reason=STAYS["notebooks"])


def _warnings(running: Sequence[str], found: FoundEndpoints, keep: bool) -> Iterator[str]:
    if running and not keep:
        jobs = "A job still runs" if len(running) == 1 else f"{len(running)} jobs still run"
        yield (
            f"{jobs}. SageMaker deletes the trial component of a running job, and the job goes on; "
            "what it logs from then on is lost. Stop it first, or wait for its end."
        )
    if not found.is_complete:
        yield "There are so many endpoints that only the newest were looked at."
