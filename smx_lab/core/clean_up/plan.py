"""The request, the plan and the scope of a clean up of experiments, trials and trial components.

SageMaker deletes nothing that something else refers to. So trial components are first removed from
their trials and then deleted, then the trials, then the experiments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Literal, TypeVar

import msgspec

from smx_lab.core.entities import Entity, TrialParent
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.operation import ErrorBody

CodeStyle = Literal["boto3", "sdk"]
"""The library that the script uses: boto3, or the SageMaker Experiments SDK."""

MAX_NAMED = 10_000
"""Things in one request. A choice."""

MAX_LISTED = 1000
"""Things of one kind that a plan lists; its counts have all. A choice."""

TYPED_ABOVE = 20
"""In the local service, deleting more things than this needs the name to be typed (UX.md §10)."""

Item = TypeVar("Item")


class CleanUpRequest(Entity, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be cleaned up: any mix of names, at least one and at most 10 000."""

    experiments: list[str] = []
    trials: list[str] = []
    trial_components: list[str] = []
    keep_trial_components: bool = False
    delete_endpoints: bool = False
    code_style: CodeStyle = "boto3"


class StartCleanUpRequest(CleanUpRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The request to start a clean up. ``fingerprint`` is that of the plan the user has read."""

    typed_name: str = ""
    fingerprint: str | None = None


class PlannedExperiment(Entity, frozen=True, kw_only=True):
    """An experiment to delete."""

    experiment_name: str
    display_name: str


class PlannedTrial(Entity, frozen=True, kw_only=True):
    """A trial to delete."""

    trial_name: str
    display_name: str
    experiment_name: str


class PlannedLink(Entity, frozen=True, kw_only=True):
    """A trial component to remove from a trial."""

    trial_component_name: str
    trial_name: str


class PlannedComponent(Entity, frozen=True, kw_only=True):
    """A trial component to delete."""

    trial_component_name: str
    display_name: str


class KeptComponent(PlannedComponent, frozen=True, kw_only=True):
    """A trial component that is kept.

    ``used_by`` lists the trials outside the clean up that use it; it is empty if all components are
    to be kept.
    """

    used_by: tuple[TrialParent, ...]


class PlannedEndpoint(Entity, frozen=True, kw_only=True):
    """An endpoint deployed from one of the trial components.

    ``endpoint_config_name`` and ``models`` are deleted with it. ``kept`` has those that are not,
    each with the name of what else uses it. ``note`` says why it cannot be deleted at once.
    """

    endpoint_name: str
    endpoint_status: str
    trial_component_name: str
    endpoint_config_name: str | None
    models: tuple[str, ...]
    kept: dict[str, str] = {}
    note: str | None = None


class Staying(Entity, frozen=True, kw_only=True):
    """Something that no clean up deletes, and why. ``count`` is None if it is not counted."""

    kind: Literal["training_jobs", "other_jobs", "data", "notebooks"]
    count: int | None = None
    reason: str


class CleanUpCounts(Entity, frozen=True, kw_only=True):
    """How many things of each kind.

    ``to_delete`` is the total of things that would be deleted, endpoints with their configurations
    and models included; links are not counted.
    """

    experiments: int
    trials: int
    links: int
    trial_components: int
    kept: int
    endpoints: int
    to_delete: int


class CleanUpPlan(Entity, frozen=True, kw_only=True):
    """What a clean up would do; nothing has been touched.

    Of each kind at most the first 1000 are named; ``counts`` has all. ``endpoints`` are listed
    always and deleted only if that was asked for; ``endpoint_error`` is why they could not be
    looked for. ``running`` are trial components whose jobs still run.
    ``name_to_type`` is to be typed before it may begin; null if nothing has to be.
    ``fingerprint`` changes with what would be deleted. ``unfinished`` is the id of an earlier clean
    up of any of these that stopped on the way and can be gone on with, by retrying it.
    ``code`` is a Python script that does the same.
    """

    counts: CleanUpCounts
    experiments: tuple[PlannedExperiment, ...]
    trials: tuple[PlannedTrial, ...]
    links: tuple[PlannedLink, ...]
    trial_components: tuple[PlannedComponent, ...]
    kept: tuple[KeptComponent, ...]
    endpoints: tuple[PlannedEndpoint, ...]
    endpoint_error: ErrorBody | None
    running: tuple[str, ...]
    staying: tuple[Staying, ...]
    warnings: tuple[str, ...]
    name_to_type: str | None
    fingerprint: str
    unfinished: str | None
    code: str


class Scope(Entity, frozen=True, kw_only=True):
    """Everything that a clean up deletes, and nothing else.

    ``links`` maps a trial to the trial components to remove from it. ``endpoints`` is empty unless
    endpoints are to be deleted.
    """

    experiments: tuple[str, ...]
    trials: tuple[str, ...]
    links: dict[str, tuple[str, ...]]
    trial_components: tuple[str, ...]
    endpoints: tuple[str, ...] = ()
    endpoint_configs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    @property
    def to_delete(self) -> int:
        """How many things would be deleted."""
        kinds: tuple[tuple[str, ...], ...] = (
            self.experiments,
            self.trials,
            self.trial_components,
            self.endpoints,
            self.endpoint_configs,
            self.models,
        )
        return sum(len(kind) for kind in kinds)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield every trial with each of the components to remove from it."""
        for trial_name, names in self.links.items():
            for name in names:
                yield trial_name, name

    def touches(self, request: CleanUpRequest) -> bool:
        """Return whether the plan deletes anything that the request names."""
        return any(
            not {name.casefold() for name in wanted}.isdisjoint(name.casefold() for name in going)
            for wanted, going in (
                (request.experiments, self.experiments),
                (request.trials, self.trials),
                (request.trial_components, self.trial_components),
            )
        )

    @property
    def fingerprint(self) -> str:
        """A text that changes with what would be deleted."""
        members = msgspec.to_builtins(self)
        ordered = {
            name: sorted(found) for name, found in members.items() if name != "links" and found
        }
        ordered["links"] = sorted(f"{trial}/{name}" for trial, name in self.pairs())
        return hashlib.sha256(msgspec.json.encode(ordered, order="sorted")).hexdigest()[:16]


def check_request(request: CleanUpRequest) -> None:
    """Raise ``InvalidRequest`` if nothing is named, or too much."""
    count = len(request.experiments) + len(request.trials) + len(request.trial_components)
    if count == 0:
        raise InvalidRequest(
            "Choose what to clean up: experiments, trials or trial components.",
            field="experiments",
        )
    if count > MAX_NAMED:
        raise InvalidRequest(
            f"{count} things were chosen; at most {MAX_NAMED} are cleaned up at once.",
            field="experiments",
        )


def first_name(request: CleanUpRequest) -> str:
    """Return the name in the title of a clean up, which the user types to start it."""
    return [*request.experiments, *request.trials, *request.trial_components][0]


def title(request: CleanUpRequest) -> str:
    """Return the title of a clean up."""
    count = len(request.experiments) + len(request.trials) + len(request.trial_components)
    others = f" and {count - 1} more" if count > 1 else ""
    return f"Clean up {first_name(request)}{others}"


def must_be_typed(kind: str, to_delete: int) -> bool:
    """Return whether the user must type the name: always on AWS, else for many deletions."""
    return kind == "aws" or to_delete > TYPED_ABOVE


def unique(names: Sequence[str]) -> list[str]:
    """Return the names without those that differ only in case: SageMaker treats them as equal."""
    return list({name.casefold(): name for name in reversed(names)}.values())[::-1]
