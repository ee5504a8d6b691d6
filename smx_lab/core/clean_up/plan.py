"""Cleaning up experiments, trials and trial components: what is asked for, and what would be done.

Pure. SageMaker deletes nothing that others refer to, so that each step makes way for the next:
trial components are removed from their trials, then deleted, then the trials, then the experiments.
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
"""What code is written for: boto3, or the SageMaker Experiments SDK."""

MAX_NAMED = 10_000
"""Things that one request may name. A choice."""

MAX_LISTED = 1000
"""Things of one kind that a plan names; the counts say how many there are. A choice."""

TYPED_ABOVE = 20
"""So many things are deleted from this machine without the name being typed (UX.md §10)."""

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
    """A clean up to begin. ``fingerprint`` is that of the plan that was read, if one was."""

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
    """A trial component that stays. ``used_by`` are the trials that use it and are not cleaned up;
    none if it stays because it was asked to."""

    used_by: tuple[TrialParent, ...]


class PlannedEndpoint(Entity, frozen=True, kw_only=True):
    """An endpoint deployed from one of the trial components.

    ``endpoint_config_name`` and ``models`` go along with it; ``kept`` has what stays of these,
    with the name of what else uses it. ``note`` says what stands in the way at present.
    """

    endpoint_name: str
    endpoint_status: str
    trial_component_name: str
    endpoint_config_name: str | None
    models: tuple[str, ...]
    kept: dict[str, str] = {}
    note: str | None = None


class Staying(Entity, frozen=True, kw_only=True):
    """What no clean up deletes, and why. ``count`` where it can be counted."""

    kind: Literal["training_jobs", "other_jobs", "data", "notebooks"]
    count: int | None = None
    reason: str


class CleanUpCounts(Entity, frozen=True, kw_only=True):
    """How many things of each kind. ``to_delete`` counts what would be deleted in all, an endpoint
    with its configuration and models as far as they are to go; links are not counted in it."""

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
    """Everything that a clean up is to delete, in full; this and nothing else is touched.

    ``links`` maps a trial to the trial components to remove from it. ``endpoints`` are empty unless
    they are to go.
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
        """Every trial with each of the components to remove from it."""
        for trial_name, names in self.links.items():
            for name in names:
                yield trial_name, name

    def touches(self, request: CleanUpRequest) -> bool:
        """Whether something that a request names is to be deleted."""
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
    """What a clean up is called after, and what is typed to begin it."""
    return [*request.experiments, *request.trials, *request.trial_components][0]


def title(request: CleanUpRequest) -> str:
    """What a clean up is called."""
    count = len(request.experiments) + len(request.trials) + len(request.trial_components)
    others = f" and {count - 1} more" if count > 1 else ""
    return f"Clean up {first_name(request)}{others}"


def must_be_typed(kind: str, to_delete: int) -> bool:
    """Whether the name is to be typed: on AWS always, and for much on this machine too."""
    return kind == "aws" or to_delete > TYPED_ABOVE


def unique(names: Sequence[str]) -> list[str]:
    """Names without those that differ in case alone: SageMaker takes them for the same."""
    return list({name.casefold(): name for name in reversed(names)}.values())[::-1]
