"""MLflow's tracking, as far as an export needs it. MLflow is optional, and imported here only.

Every error raised here is an ``SmxError``, in place of MLflow's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from smx_lab.core.errors import InvalidRequest, ServiceUnavailable
from smx_lab.core.mlflow_runs import MlflowMetric, milliseconds
from smx_lab.gateway.retry import MLFLOW_RETRIES

MAX_AT_ONCE = 100
"""Parameters or tags that MLflow takes in one call."""
MAX_METRICS = 800
"""Metrics in one call. It takes 1000 items (``mlflow/utils/validation.py``), a hundred each of them
parameters and tags."""

RUNS_A_PAGE = 1000

_PASSWORD = re.compile(r"//[^/@]*@")
_SQLITE = "sqlite:///"
_SAGEMAKER = re.compile(r"arn:[\w-]+:sagemaker:[\w-]+:\d{12}:mlflow-(tracking-server|app)/[\w-]+")

ENVIRONMENT = {
    # MLflow must not report its use to its makers.
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": str(MLFLOW_RETRIES),
    # Standard output is for what the command prints.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}


@dataclass(frozen=True)
class StoredExperiment:
    """An experiment that MLflow has."""

    id: str
    tags: Mapping[str, str]
    is_deleted: bool


@dataclass(frozen=True)
class StoredRun:
    """A run that MLflow has."""

    id: str
    tags: Mapping[str, str]
    params: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()


class MlflowStore:
    """One of MLflow's stores: a server, or a database."""

    def __init__(self, uri: str) -> None:
        """Open the store at ``uri``.

        Raises
        ------
        InvalidRequest
            If MLflow is not installed.
        ServiceUnavailable
            If MLflow cannot open it.
        """
        self._uri = uri
        self.shown = shown(uri)
        require_mlflow(uri)
        for name, value in ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        if uri.startswith("arn:"):
            # The plugin signs for the address in the environment, not for the one of this store.
            os.environ["MLFLOW_TRACKING_URI"] = uri
        with self._translated():
            self._client = _client(uri)

    def experiment(self, name: str) -> StoredExperiment | None:
        """Return the experiment of that name, deleted ones too, since they keep their names."""
        with self._translated():
            found = self._client.get_experiment_by_name(name)
        if found is None:
            return None
        tags = dict(found.tags)
        return StoredExperiment(found.experiment_id, tags, found.lifecycle_stage == "deleted")

    def create_experiment(self, name: str, tags: Mapping[str, str]) -> str:
        """Create an experiment and return its id."""
        with self._translated():
            return str(self._client.create_experiment(name, tags=dict(tags)))

    def runs(self, experiment_id: str) -> Iterator[StoredRun]:
        """Return the runs of an experiment but the deleted ones, oldest first."""
        token = None
        while True:
            with self._translated():
                page = self._client.search_runs(
                    [experiment_id],
                    max_results=RUNS_A_PAGE,
                    order_by=["attributes.start_time ASC"],
                    page_token=token,
                )
            for run in page:
                data = run.data
                yield StoredRun(
                    run.info.run_id, data.tags, frozenset(data.params), frozenset(data.metrics)
                )
            token = page.token
            if not token:
                return

    def create_run(
        self, experiment_id: str, name: str, start_time: int, tags: Mapping[str, str]
    ) -> StoredRun:
        """Create a run with a few tags; it is running."""
        with self._translated():
            run = self._client.create_run(
                experiment_id, start_time=start_time, tags=dict(tags), run_name=name
            )
        return StoredRun(run.info.run_id, tags)

    def steps(self, run_id: str, key: str) -> set[int]:
        """Return the steps of a metric that are there."""
        with self._translated():
            return {point.step for point in self._client.get_metric_history(run_id, key)}

    def log(
        self,
        run_id: str,
        metrics: Sequence[MlflowMetric],
        params: Mapping[str, str],
        tags: Mapping[str, str],
    ) -> None:
        """Log all of it, in as few calls as MLflow takes."""
        from mlflow import entities

        points = [
            entities.Metric(metric.key, point.value, milliseconds(point.time), point.step)
            for metric in metrics
            for point in metric.points
        ]
        all_params = [entities.Param(key, value) for key, value in params.items()]
        all_tags = [entities.RunTag(key, value) for key, value in tags.items()]
        while points or all_params or all_tags:
            with self._translated():
                self._client.log_batch(
                    run_id,
                    metrics=points[:MAX_METRICS],
                    params=all_params[:MAX_AT_ONCE],
                    tags=all_tags[:MAX_AT_ONCE],
                    synchronous=True,
                )
            del points[:MAX_METRICS], all_params[:MAX_AT_ONCE], all_tags[:MAX_AT_ONCE]

    def end(self, run_id: str, status: str, end_time: int) -> None:
        """Set how and when a run has ended."""
        with self._translated():
            self._client.set_terminated(run_id, status, end_time)

    def tag(self, run_id: str, key: str, value: str) -> None:
        """Set one tag of a run."""
        with self._translated():
            self._client.set_tag(run_id, key, value)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raise our errors in place of those of MLflow, its database or its connection."""
        from botocore.exceptions import BotoCoreError, ClientError
        from mlflow.exceptions import MlflowException

        # SageMaker's plugin raises botocore's.
        kinds = (MlflowException, BotoCoreError, ClientError, OSError, ImportError)
        try:
            yield
        except (*kinds, *_database_errors()) as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            said = _PASSWORD.sub("//", lines[0].replace(self._uri, self.shown))
            raise ServiceUnavailable(f"MLflow at {self.shown}: {said}") from error


def shown(uri: str) -> str:
    """Return an address without the user and password in it."""
    return _PASSWORD.sub("//", uri)


def is_unmade(uri: str) -> bool:
    """Return whether this is a database file that does not exist yet. MLflow creates it."""
    return uri.startswith(_SQLITE) and not Path(uri[len(_SQLITE) :]).exists()


def require_mlflow(uri: str) -> None:
    """Check that what opens ``uri`` is installed.

    Raises
    ------
    InvalidRequest
        If it is not; says how to install it.
    """
    if find_spec("mlflow") is None:
        raise InvalidRequest(
            "Exporting to MLflow needs mlflow where smx-lab runs. Install it with: "
            "pip install 'smx-lab[mlflow]'"
        )
    if uri.startswith("arn:") and find_spec("sagemaker_mlflow") is None:
        raise InvalidRequest(
            "An MLflow of SageMaker, named by its ARN, needs sagemaker-mlflow too. Install it "
            "with: pip install sagemaker-mlflow"
        )
    if uri.startswith("arn:") and not _SAGEMAKER.fullmatch(uri):
        raise InvalidRequest(
            f"{uri} is not the ARN of an MLflow of SageMaker, such as "
            "arn:aws:sagemaker:eu-west-1:111122223333:mlflow-tracking-server/ours."
        )


def _client(uri: str) -> Any:
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=uri)


def _database_errors() -> tuple[type[Exception], ...]:
    if find_spec("sqlalchemy") is None:
        return ()
    from sqlalchemy.exc import SQLAlchemyError

    return (SQLAlchemyError,)
