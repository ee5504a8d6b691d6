"""The steps of a clean up, in the order that SageMaker asks for; each may be run again.

What is gone already counts as done. What SageMaker refuses to delete since something else uses it
is kept, and what fails for another reason does not hold up the rest. Which things are done is kept
with the operation, so that a later run goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from smx_lab.core.clean_up.plan import Scope
from smx_lab.core.errors import (
    AccessDenied,
    Conflict,
    InvalidRequest,
    NotFound,
    ServiceUnavailable,
    SmxError,
    Throttled,
)
from smx_lab.core.operation import NOUNS, Outcome, Thing, ThingKind
from smx_lab.gateway.botocore_events import priority
from smx_lab.gateway.retry import DELETIONS, SETTLING, RetryPolicy
from smx_lab.gateway.sagemaker import BAD_CREDENTIALS, SageMaker
from smx_lab.gateway.throttle import BULK
from smx_lab.services.deployments.hosting_deletion import (
    delete_endpoint,
    delete_endpoint_config,
    delete_model,
    wait_until_gone,
)
from smx_lab.services.deployments.usage import Usage
from smx_lab.services.operations.files import Record
from smx_lab.services.operations.operations import StepDefinition
from smx_lab.services.operations.progress import Progress

NAMED = 100
"""Things kept and failed that an operation names. A choice: it is asked for again and again."""

DENIED_IN_A_ROW = 5
"""After so many refusals for want of a permission the rest is not tried. A choice."""

TELL_EVERY_S = 0.2
"""How often the outcome is made anew for who looks. A choice."""

_CAME_LATER = (
    "The {noun} {name} came into it after the plan was made. Clean up again to take it along."
)


class _InUse(Conflict):
    """Something is still in the way of a deletion, which may be over in a moment."""


class Kept(Exception):  # noqa: N818  an outcome, not an error
    """The thing stays, since something else uses it."""


@dataclass(frozen=True)
class Group:
    """All things of one kind, and how one of them is deleted."""

    kind: ThingKind
    step: str
    names: Sequence[str]
    delete: Callable[[Progress, str], None]
    """Raises ``Kept`` with the reason, or an ``SmxError``."""


def clean_up_steps(
    sagemaker: SageMaker, request: dict[str, Any], tell_tables: Callable[[], None]
) -> Sequence[StepDefinition]:
    """Return the steps for the scope in a request; each tells the tables that something is gone."""
    scope = msgspec.convert(request["scope"], Scope)
    groups = _Deletion(sagemaker, scope).groups()
    return [
        StepDefinition(group.step, partial(_run, group, tell_tables))
        for group in groups
        if group.names
    ]


def components_left(record: Record) -> list[str]:
    """Return the trial components that a clean up has not come to, or failed to delete."""
    names = msgspec.convert(record.request["scope"], Scope).trial_components
    tried: int = record.notes.get("tried", {}).get("trial_component", 0)
    failed = record.notes.get("failed", {})
    return [*(n for n in names[:tried] if f"trial_component:{n}" in failed), *names[tried:]]


def _run(group: Group, tell_tables: Callable[[], None], progress: Progress) -> None:
    """Delete what is left of a group."""
    ledger = _Ledger(progress, group.kind)
    try:
        _delete_all(group, progress, ledger)
    finally:
        ledger.tell()
        tell_tables()
    if failed := ledger.failed(group.names):
        progress.fail(_sentence(group.kind, failed))


def _delete_all(group: Group, progress: Progress, ledger: _Ledger) -> None:
    denied = 0
    for index, name in ledger.left(group.names):
        progress.check()
        error: SmxError | None = None
        try:
            with priority(BULK):
                _retry_policy(progress).call(partial(group.delete, progress, name))
            ledger.deleted(name)
        except Kept as kept:
            ledger.kept(name, str(kept))
        except (ServiceUnavailable, *BAD_CREDENTIALS):
            raise  # that is no matter of this thing
        except SmxError as failure:
            error = failure
            ledger.failed_to(name, error.message)
        ledger.passed(index)
        progress.say(f"{ledger.done} of {len(group.names)}")
        denied = denied + 1 if isinstance(error, AccessDenied) else 0
        if error is not None and denied == DENIED_IN_A_ROW:
            raise error


def _sentence(kind: ThingKind, failed: Sequence[tuple[str, str]]) -> str:
    one, many = NOUNS[kind]
    done = "removed" if kind == "link" else "deleted"
    if len(failed) == 1:
        name, reason = failed[0]
        return f"The {one} {name.rpartition('/')[2]} could not be {done}: {reason}"
    return f"{len(failed)} {many} could not be {done}."


class _Ledger:
    """What became of the things of one kind, in this run and those before it.

    Of a group the things before a certain one have been tried; those among them that failed or are
    kept are noted by name. So a clean up of thousands is remembered in few words.
    """

    def __init__(self, progress: Progress, kind: ThingKind) -> None:
        self._progress = progress
        self._kind = kind
        notes = progress.notes
        self._tried: dict[str, int] = notes.setdefault("tried", {})
        self._kept: dict[str, str] = notes.setdefault("kept", {})
        self._failed: dict[str, str] = notes.setdefault("failed", {})
        self._told = 0.0

    @property
    def done(self) -> int:
        """How many things of this kind are gone, or kept for good."""
        return self._tried.get(self._kind, 0) - self._count(self._failed, self._kind)

    def left(self, names: Sequence[str]) -> Iterator[tuple[int, str]]:
        """What failed before, then what was not tried yet, each with its place."""
        tried = self._tried.get(self._kind, 0)
        again = [i for i in range(tried) if self._key(names[i]) in self._failed]
        for index in (*again, *range(tried, len(names))):
            yield index, names[index]

    def deleted(self, name: str) -> None:
        """Remember that a thing is gone."""
        self._failed.pop(self._key(name), None)

    def kept(self, name: str, reason: str) -> None:
        """Remember that a thing stays."""
        self._failed.pop(self._key(name), None)
        self._kept[self._key(name)] = reason

    def failed_to(self, name: str, reason: str) -> None:
        """Remember that a thing could not be deleted."""
        self._failed[self._key(name)] = reason

    def passed(self, index: int) -> None:
        """Remember that a thing was tried."""
        self._tried[self._kind] = max(self._tried.get(self._kind, 0), index + 1)
        if time.monotonic() - self._told >= TELL_EVERY_S:
            self.tell()

    def failed(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """What failed, with the reasons."""
        found = ((name, self._failed.get(self._key(name))) for name in names)
        return [(name, reason) for name, reason in found if reason is not None]

    def tell(self) -> None:
        """Show the user what became of everything so far."""
        self._told = time.monotonic()
        deleted: dict[ThingKind, int] = {}
        for kind in NOUNS:
            bad = self._count(self._kept, kind) + self._count(self._failed, kind)
            if (tried := self._tried.get(kind, 0)) > bad:
                deleted[kind] = tried - bad
        self._progress.tell(
            Outcome(
                deleted=deleted,
                kept=_things(self._kept),
                kept_count=len(self._kept),
                failed=_things(self._failed),
                failed_count=len(self._failed),
            )
        )

    def _count(self, found: dict[str, str], kind: str) -> int:
        return sum(key.startswith(f"{kind}:") for key in found)

    def _key(self, name: str) -> str:
        return f"{self._kind}:{name}"


def _things(reasons: dict[str, str]) -> tuple[Thing, ...]:
    keys = list(reasons)[:NAMED]
    return tuple(
        msgspec.convert(
            {"kind": key.partition(":")[0], "name": key.partition(":")[2], "reason": reasons[key]},
            Thing,
        )
        for key in keys
    )


def _retry_policy(progress: Progress) -> RetryPolicy:
    """Return the policy for deleting one thing.

    It waits for as long as SageMaker limits requests, and tells the user why it waits.
    """

    def say(error: SmxError) -> None:
        is_throttled = isinstance(error, Throttled)
        reason = "is limiting requests" if is_throttled else "does not answer"
        progress.say(f"Waiting, since SageMaker {reason}")

    return RetryPolicy(DELETIONS, progress.sleep, never_give_up=(Throttled,), on_failure=say)


class _Deletion:
    """How each kind of thing is deleted, and what is said if it cannot be."""

    def __init__(self, sagemaker: SageMaker, scope: Scope) -> None:
        self._sagemaker = sagemaker
        self._scope = scope
        self._going = {name.casefold() for name in (*scope.trials, *scope.links)}

    def groups(self) -> Sequence[Group]:
        """All groups, in SageMaker's order; what is billed goes first."""
        scope = self._scope
        links = [f"{trial}/{name}" for trial, name in scope.pairs()]
        return (
            Group("endpoint", "Delete endpoints", scope.endpoints, self._endpoint),
            Group(
                "endpoint_config",
                "Delete endpoint configurations",
                scope.endpoint_configs,
                self._endpoint_config,
            ),
            Group("model", "Delete models", scope.models, self._model),
            Group("link", "Remove trial components from trials", links, self._link),
            Group(
                "trial_component",
                "Delete trial components",
                scope.trial_components,
                self._trial_component,
            ),
            Group("trial", "Delete trials", scope.trials, self._trial),
            Group("experiment", "Delete experiments", scope.experiments, self._experiment),
        )

    def _endpoint(self, progress: Progress, name: str) -> None:
        delete_endpoint(self._sagemaker, name, progress)
        wait_until_gone(self._sagemaker, name, progress)

    def _endpoint_config(self, _progress: Progress, name: str) -> None:
        # Asked again: it may have taken long to come here, and others work in the account too.
        if users := Usage(self._sagemaker).endpoints_with(name):
            raise Kept(f"It is used by {', '.join(users)}.")
        delete_endpoint_config(self._sagemaker, name)

    def _model(self, _progress: Progress, name: str) -> None:
        if user := Usage(self._sagemaker).config_with(name):
            raise Kept(f"It is used by {user}.")
        delete_model(self._sagemaker, name)

    def _link(self, _progress: Progress, pair: str) -> None:
        trial_name, _, name = pair.partition("/")
        self._gone("disassociate_trial_component", TrialName=trial_name, TrialComponentName=name)

    def _trial_component(self, progress: Progress, name: str) -> None:
        def why() -> str | None:
            users = self._names("list_trials", "Trial", TrialComponentName=name)
            if others := [one for one in users if one.casefold() not in self._going]:
                raise Kept(f"The trial {others[0]} uses it.")
            for trial_name in users:
                self._refuse_if_still_in(progress, trial_name, name)
            return f"It is still in the trial {users[0]}." if users else None

        self._delete(progress, "delete_trial_component", why, TrialComponentName=name)

    def _trial(self, progress: Progress, name: str) -> None:
        links = set(self._scope.links.get(name, ()))

        def why() -> str | None:
            held = self._names("list_trial_components", "TrialComponent", TrialName=name)
            if new := [one for one in held if one not in links]:
                raise Conflict(_CAME_LATER.format(noun="trial component", name=new[0]))
            for one in held:
                self._refuse_if_still_in(progress, name, one)
            return f"The trial component {held[0]} is still in it." if held else None

        self._delete(progress, "delete_trial", why, TrialName=name)

    def _experiment(self, progress: Progress, name: str) -> None:
        def why() -> str | None:
            held = self._names("list_trials", "Trial", ExperimentName=name)
            if new := [one for one in held if one.casefold() not in self._going]:
                raise Conflict(_CAME_LATER.format(noun="trial", name=new[0]))
            for one in held:
                if f"trial:{one}" in progress.notes.get("failed", {}):
                    raise Conflict(f"The trial {one} is still in it.")
            return f"The trial {held[0]} is still in it." if held else None

        self._delete(progress, "delete_experiment", why, ExperimentName=name)

    def _refuse_if_still_in(self, progress: Progress, trial_name: str, name: str) -> None:
        """Raise if a trial component could not be removed from a trial before."""
        if f"link:{trial_name}/{name}" in progress.notes.get("failed", {}):
            raise Conflict(f"{name} could not be removed from the trial {trial_name}.")

    def _delete(
        self, progress: Progress, operation: str, why: Callable[[], str | None], **members: str
    ) -> None:
        """Delete something, and try again for a moment while something is in the way.

        SageMaker may take that long to notice that a link is gone. ``why`` returns what may be in
        the way for a moment only, or raises what will stay in the way.
        """

        def delete() -> None:
            try:
                self._gone(operation, **members)
            except (Conflict, InvalidRequest) as error:
                reason = self._ask_why(why, error)
                raise _InUse(reason or error.message, **error.details) from error

        RetryPolicy(SETTLING, progress.sleep, kinds=(_InUse,)).call(delete)

    def _ask_why(self, why: Callable[[], str | None], error: SmxError) -> str | None:
        try:
            return why()
        except NotFound:
            return None  # it went meanwhile, as the next try tells
        except AccessDenied:
            raise error from None

    def _gone(self, operation: str, **members: str) -> None:
        try:
            self._sagemaker.call(operation, **members)
        except NotFound:
            return

    def _names(self, operation: str, kind: str, **members: str) -> list[str]:
        found = self._sagemaker.list_all(operation, f"{kind}Summaries", **members)
        return [summary[f"{kind}Name"] for summary in found]
