"""The values of ``%smx cleanup``: the plan before, and the result after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smx_lab.core.clean_up.plan import CleanUpPlan, KeptComponent, PlannedComponent, PlannedEndpoint
from smx_lab.core.operation import NOUNS, Operation, Outcome, Thing
from smx_lab.notebook.results import Result

MAX_SHOWN = 10
"""Names of one kind that are displayed. A choice; the object has all of them."""


class CleanUpPreview(Result):
    """The plan of a clean up. ``code`` is a script that does the same."""

    def __init__(self, plan: CleanUpPlan, delete_endpoints: bool) -> None:
        super().__init__(_summarize(plan), list(_facts(plan, delete_endpoints)))
        self.plan = plan
        self.experiments = [one.experiment_name for one in plan.experiments]
        self.trials = [one.trial_name for one in plan.trials]
        self.trial_components = [one.trial_component_name for one in plan.trial_components]
        self.kept = [one.trial_component_name for one in plan.kept]
        self.endpoints = [one.endpoint_name for one in plan.endpoints]
        self.code = plan.code


class CleanUpResult(Result):
    """The result of a clean up. ``deleted`` counts by kind; ``kept`` maps names to reasons."""

    def __init__(self, operation: Operation) -> None:
        outcome = operation.outcome or Outcome()
        facts = [("Deleted", count_deleted(outcome) or "nothing")]
        if outcome.kept:
            facts.append(("Kept", _reasons(outcome.kept, outcome.kept_count)))
        if outcome.failed:
            facts.append(("Failed", _reasons(outcome.failed, outcome.failed_count)))
        super().__init__(operation.title, facts)
        self.state = operation.state
        self.operation_id = operation.id
        self.deleted = {f"{kind}": count for kind, count in outcome.deleted.items()}
        self.kept = {thing.name: thing.reason for thing in outcome.kept}
        self.failed = {thing.name: thing.reason for thing in outcome.failed}


def _summarize(plan: CleanUpPlan) -> str:
    """Return ``1 experiment, 5 trials, 10 links; 6 trial components to delete, 0 kept``."""
    counts = plan.counts
    parts = [
        _count(counts.experiments, "experiment"),
        _count(counts.trials, "trial"),
        _count(counts.links, "link"),
    ]
    named = ", ".join(part for part in parts if not part.startswith("0 "))
    components = _count(counts.trial_components, "trial component")
    return f"{named}{'; ' if named else ''}{components} to delete, {counts.kept} kept"


def count_deleted(outcome: Outcome) -> str:
    """Return ``5 trials, 1 experiment``: what was deleted, without the links."""
    return ", ".join(
        _count(count, *NOUNS[kind]) for kind, count in outcome.deleted.items() if kind != "link"
    )


def _count(count: int, one: str, many: str = "") -> str:
    """Return ``1 trial`` or ``2 trials``."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def _facts(plan: CleanUpPlan, delete_endpoints: bool) -> Iterator[tuple[str, str]]:
    counts = plan.counts
    experiments = [one.experiment_name for one in plan.experiments]
    trials = [one.trial_name for one in plan.trials]
    components = [_component(one) for one in plan.trial_components]
    going = [_endpoint(one) for one in plan.endpoints]
    heading = "Endpoints" if delete_endpoints else "Endpoints that stay (--delete-endpoints)"
    for label, names, count in (
        ("Experiments", experiments, counts.experiments),
        ("Trials", trials, counts.trials),
        ("Trial components", components, counts.trial_components),
        ("Kept", [_kept(one) for one in plan.kept], counts.kept),
        (heading, going, counts.endpoints),
    ):
        if count:
            yield label, _some(names, count)
    if plan.endpoint_error is not None:
        yield "Endpoints", f"They could not be looked for: {plan.endpoint_error.message}"
    for one in plan.staying:
        of = f"{one.count}: " if one.count else ""
        yield "Not deleted", f"{of}{one.reason}"
    for warning in plan.warnings:
        yield "Note", warning


def _component(one: PlannedComponent) -> str:
    if one.display_name == one.trial_component_name:
        return one.display_name
    return f"{one.display_name} ({one.trial_component_name})"


def _kept(one: KeptComponent) -> str:
    if not one.used_by:
        return _component(one)
    user = one.used_by[0]
    of = f" of {user.experiment_name}" if user.experiment_name else ""
    more = f" and {len(one.used_by) - 1} more" if len(one.used_by) > 1 else ""
    return f"{_component(one)}, used by the trial {user.trial_name}{of}{more}"


def _endpoint(one: PlannedEndpoint) -> str:
    parts = [one.endpoint_config_name or "", *one.models]
    also = ", ".join(dict.fromkeys(part for part in parts if part))
    note = f" {one.note}" if one.note else ""
    return f"{one.endpoint_name}, {one.endpoint_status}, with {also or 'nothing else'}.{note}"


def _reasons(things: Sequence[Thing], count: int) -> str:
    return _some([f"{thing.name}: {thing.reason}" for thing in things], count)


def _some(names: Sequence[str], count: int) -> str:
    shown = list(names[:MAX_SHOWN])
    if count > len(shown):
        shown.append(f"and {count - len(shown)} more")
    return "\n".join(shown)
