"""Export an experiment to MLflow.

Nothing is overwritten: every exported experiment and run has a tag with the ARN of its original,
and an experiment of the same name without that tag is an error. A run that is complete has a tag
that says so, and is left unchanged. A second export adds what the other runs lack.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from smx_lab.core.copying import Component, Content
from smx_lab.core.errors import Conflict
from smx_lab.core.mlflow_runs import (
    COMPLETE,
    EXPORTED_FROM,
    INCOMPLETE,
    STATE,
    MlflowExperiment,
    MlflowMetric,
    MlflowRun,
    experiment_of,
    metrics_of,
    run_of,
)
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.mlflow_store import (
    MlflowStore,
    StoredExperiment,
    StoredRun,
    is_unmade,
    require_mlflow,
)
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.copies.source import Say, read_experiment, read_series


@dataclass
class MlflowExport:
    """What an export did or would do: counts of runs, and notes on what was changed or left out."""

    experiment_name: str
    new: int = 0
    finished: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)


class MlflowExports:
    """Plans and runs exports to MLflow."""

    def __init__(self, connections: Connections) -> None:
        """Read from ``connections``."""
        self._connections = connections

    def plan(self, connection_id: str, experiment_name: str, uri: str, say: Say) -> MlflowExport:
        """Return what an export would do. This only reads.

        Raises
        ------
        SmxError
            If the export could not start.
        """
        require_mlflow(uri)
        store = None if is_unmade(uri) else MlflowStore(uri)
        source = self._connections.sagemaker(connection_id)
        content = read_experiment(source, experiment_name, say)
        wanted = experiment_of(content)
        done = MlflowExport(experiment_name, notes=list(wanted.notes))
        there: dict[str, StoredRun] = {}
        if store and (stored := _experiment(store, wanted)):
            there = _runs(store, stored.id)
        for component in content.components:
            stored_run = there.get(component.arn)
            if not _count(done, stored_run):
                _read(source, component, done)
        return done

    def export(self, connection_id: str, experiment_name: str, uri: str, say: Say) -> MlflowExport:
        """Export an experiment, or the part of it that is not exported yet.

        Raises
        ------
        Conflict
            If MLflow has another experiment of that name.
        SmxError
            If a call failed; the same export then continues from there.
        """
        store = MlflowStore(uri)
        source = self._connections.sagemaker(connection_id)
        content = read_experiment(source, experiment_name, say)
        wanted = experiment_of(content)
        done = MlflowExport(experiment_name, notes=list(wanted.notes))
        stored = _experiment(store, wanted)
        experiment_id = stored.id if stored else store.create_experiment(wanted.name, wanted.tags)
        _export_runs(source, store, experiment_id, content, done, say)
        return done


def _experiment(store: MlflowStore, wanted: MlflowExperiment) -> StoredExperiment | None:
    """Return the experiment if an earlier export created it, or None if it does not exist."""
    stored = store.experiment(wanted.name)
    if stored is None:
        return None
    if stored.is_deleted:
        raise Conflict(
            f"The experiment {wanted.name} is deleted at {store.shown}, and MLflow keeps its name. "
            f"Restore it (mlflow experiments restore -x {stored.id}) or remove it for good "
            "(mlflow gc)."
        )
    if stored.tags.get(EXPORTED_FROM) != wanted.origin:
        raise Conflict(
            f"The experiment {wanted.name} exists at {store.shown} already and was not exported "
            "from this one. Nothing is overwritten; rename it there first."
        )
    return stored


def _runs(store: MlflowStore, experiment_id: str) -> dict[str, StoredRun]:
    """Return the runs of earlier exports, by the ARN of their originals."""
    found: dict[str, StoredRun] = {}
    for run in store.runs(experiment_id):
        if origin := run.tags.get(EXPORTED_FROM):
            found.setdefault(origin, run)
    return found


def _count(done: MlflowExport, stored: StoredRun | None) -> bool:
    """Count a run, and return whether it is complete already."""
    if stored is None:
        done.new += 1
        return False
    if stored.tags.get(STATE) == COMPLETE:
        done.unchanged += 1
        return True
    done.finished += 1
    return False


def _export_runs(
    source: SageMaker,
    store: MlflowStore,
    experiment_id: str,
    content: Content,
    done: MlflowExport,
    say: Say,
) -> None:
    there = _runs(store, experiment_id)
    for number, component in enumerate(content.components, 1):
        stored = there.get(component.arn)
        if not _count(done, stored):
            run, metrics = _read(source, component, done)
            if stored is None:
                first = {EXPORTED_FROM: run.origin, STATE: INCOMPLETE}
                stored = store.create_run(experiment_id, run.name, run.start_time, first)
            _finish(store, stored, run, metrics)
        say(f"Runs: {number} of {len(content.components)}")


def _read(
    source: SageMaker, component: Component, done: MlflowExport
) -> tuple[MlflowRun, list[MlflowMetric]]:
    run = run_of(component)
    metrics, notes = metrics_of(component, read_series(source, component), run.is_over)
    done.notes += [*run.notes, *notes]
    if not run.is_over:
        done.notes.append(f"{component.name}: it is still running; export again to go on")
    return run, metrics


def _finish(
    store: MlflowStore, stored: StoredRun, run: MlflowRun, metrics: list[MlflowMetric]
) -> None:
    """Log what a run lacks, and tag it as complete if its trial component has ended."""
    params = {key: value for key, value in run.params.items() if key not in stored.params}
    missing = [_missing(store, stored, metric) for metric in metrics]
    store.log(stored.id, missing, params, run.tags)
    if run.is_over:
        store.end(stored.id, run.status, run.end_time)
        store.tag(stored.id, STATE, COMPLETE)


def _missing(store: MlflowStore, stored: StoredRun, metric: MlflowMetric) -> MlflowMetric:
    if metric.key not in stored.metrics:
        return metric
    steps = store.steps(stored.id, metric.key)
    return replace(metric, points=tuple(p for p in metric.points if p.step not in steps))
