"""The process of one training job: fetches its inputs, runs its script, packs its model.

Started by the service as
``python -m smx_lab.local.jobs.training_process SPEC``; reports to it by events: ``status`` (a
secondary status and its message), ``metrics``
(``points``: name, value, seconds since 1970, step or null), ``end``.

Standard library and psutil only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from smx_lab.local.files.archives import pack
from smx_lab.local.files.staging import fetch, fetch_code
from smx_lab.local.jobs import script_mode
from smx_lab.local.jobs.job_process import (
    ClientError,
    error_message,
    read_message,
    run_to_end,
    unreadable_input_as_client_error,
)
from smx_lab.local.jobs.metric_files import MetricFiles
from smx_lab.local.jobs.metric_lines import Definition, MetricReader
from smx_lab.local.jobs.script_mode import JobFolder, JobSpec
from smx_lab.local.logs.log_file import LogWriter, tail
from smx_lab.local.supervision.supervisor import Events, Outcome, Supervisor, read_secrets


class End(NamedTuple):
    """How the job ended, in SageMaker's terms."""

    status: str
    secondary: str
    message: str
    failure_reason: str | None = None

    @classmethod
    def stop(cls) -> End:
        """Return the end of a job that was asked to stop."""
        return STOPPED

    @classmethod
    def failure(cls, reason: str) -> End:
        """Return the end of a job that failed."""
        return cls("Failed", "Failed", "Training job failed", reason)


COMPLETED = End("Completed", "Completed", "Training job completed")
STOPPED = End("Stopped", "Stopped", "Training job stopped")
OVERRUN = End(
    "Stopped",
    "MaxRuntimeExceeded",
    "Training job runtime exceeded MaxRuntimeInSeconds provided",
)


class Job:
    """One training job from its inputs to its model. Knows nothing of the service's database."""

    def __init__(self, spec: JobSpec, secrets: dict[str, str]) -> None:
        self._spec = spec
        self._secrets = secrets
        self._layout = JobFolder(Path(spec.folder))
        self._log = LogWriter(self._layout.log)
        self._events = Events(self._layout.events)
        self._supervisor = Supervisor(self._log, spec.stop_grace_s)
        self._metric_files = MetricFiles(self._layout.metrics)
        self._has_model = False
        self._reader = MetricReader([Definition(*item) for item in spec.metric_definitions])

    def run(self) -> None:
        """Run it, and report its end."""
        end = run_to_end(
            self._work, self._clean, end_type=End, supervisor=self._supervisor, log=self._log
        )
        self._events.send("end", **end._asdict(), model=self._has_model)

    def _work(self) -> End:
        self._status("Downloading", "Downloading input data")
        checkpoints = self._spec.checkpoints
        self._layout.make_folders(Path(checkpoints) if checkpoints else None)
        script_mode.write_config(self._spec)
        self._fetch()
        self._supervisor.check()
        self._status("Training", "Downloading the training image")
        self._install_requirements()
        self._status("Training", "Training image download completed. Training in progress.")
        outcome = self._supervisor.run(
            script_mode.command(self._spec),
            environment={**script_mode.environment(self._spec), **self._secrets},
            folder=self._layout.code,
            on_lines=self._read_metrics,
            limit_s=self._spec.max_runtime_s,
        )
        self._put_points(self._metric_files.read())
        return self._upload(self._end_of(outcome))

    def _end_of(self, outcome: Outcome) -> End:
        if outcome.ending == "stopped":
            return STOPPED
        if outcome.ending == "timed out":
            return OVERRUN
        if outcome.exit_code == 0:
            return COMPLETED
        text = self._failure_text(outcome.exit_code)
        return End.failure(f"AlgorithmError: {text}, exit code: {outcome.exit_code}")

    def _upload(self, end: End) -> End:
        """Pack what the script left; a failed job has no model, as in SageMaker."""
        layout, spec = self._layout, self._spec
        if any(layout.output_data.iterdir()):
            pack(layout.output_data, Path(spec.output_archive), self._log.note)
        if end.status == "Failed":
            return end
        # A stopped script that saved nothing has no model; a completed one gets an archive even
        # when it is empty, as its ModelArtifacts names one.
        if end is COMPLETED or any(layout.model.iterdir()):
            self._status("Uploading", "Uploading generated training model")
            pack(layout.model, Path(spec.model_archive), self._log.note)
            self._has_model = True
        return end

    def _fetch(self) -> None:
        with unreadable_input_as_client_error():
            self._fetch_code()
            for channel in self._spec.channels:
                target = self._layout.data / channel.name
                fetch(Path(channel.path), target, self._supervisor.check)

    def _fetch_code(self) -> None:
        code, program = Path(self._spec.code), self._spec.program
        fetch_code(code, self._layout.code)
        if not (self._layout.code / program).is_file():
            raise ClientError(f"The program {program} is not in {code}.")

    def _install_requirements(self) -> None:
        """Install, for this job alone, what requirements.txt names and this Python lacks."""
        requirements = self._layout.code / "requirements.txt"
        if not requirements.is_file():
            return
        pip = [self._spec.python, "-m", "pip", "install", "--disable-pip-version-check", "-q"]
        file = ["-r", str(requirements)]
        environment = script_mode.environment(self._spec)
        # Without an index pip knows whether anything is missing, and needs no network for it.
        asked = subprocess.run(
            [*pip, "--dry-run", "--no-index", "--report", "-", *file],
            env=environment,
            cwd=self._layout.code,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if asked.returncode == 0 and not json.loads(asked.stdout)["install"]:
            return
        outcome = self._supervisor.run(
            [*pip, "--target", str(self._layout.packages), *file],
            environment=environment,
            folder=self._layout.code,
            on_lines=lambda _: None,
        )
        self._supervisor.check()
        if outcome.exit_code:
            raise ClientError(
                "requirements.txt could not be installed: " + " ".join(tail(self._layout.log, 3))
            )

    def _read_metrics(self, lines: list[bytes]) -> None:
        now = time.time()
        points: list[list[Any]] = []
        for line in lines:
            found, given_up = self._reader.read(line.decode("utf-8", "replace"))
            points += [[name, value, now, None] for name, value in found]
            for name in given_up:
                self._log.note(
                    f"The metric definition {name} took too long on a line and is not applied "
                    "any more."
                )
        self._put_points(points + self._metric_files.read_sometimes())

    def _put_points(self, points: list[list[Any]]) -> None:
        if points:
            self._events.send("metrics", points=points)

    def _failure_text(self, exit_code: int) -> str:
        """Return what the script wrote to output/failure, or what the toolkit would have."""
        text = read_message(self._layout.failure)
        if text:
            return text
        words = " ".join(script_mode.command(self._spec))
        message = error_message(self._layout.log)
        return (
            f'ExecuteUserScriptError:\nExitCode {exit_code}\nErrorMessage "{message}"\n'
            f'Command "{words}"'
        )

    def _clean(self, end: End) -> None:
        """Remove what only the running job needed, and what is in the archives."""
        unneeded = [self._layout.data, self._layout.packages]
        if end is COMPLETED:
            unneeded += [self._layout.model, self._layout.output_data]
        for folder in unneeded:
            shutil.rmtree(folder, ignore_errors=True)

    def _status(self, secondary: str, message: str) -> None:
        self._events.send("status", secondary=secondary, message=message)


def main(arguments: list[str]) -> None:
    """Run the job whose description is in the file named."""
    os.umask(0o077)
    Job(JobSpec.read(Path(arguments[0])), read_secrets()).run()


if __name__ == "__main__":
    main(sys.argv[1:])
