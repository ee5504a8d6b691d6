"""The process of one processing job: copies its inputs, runs its command, copies its outputs.

Started by the service as
``python -m smx_lab.local.jobs.processing_process SPEC``; its events are those
of `job_process`. The command finds everything below ``/opt/ml``: in a mount namespace of its own
where Linux allows it (`opt_ml`), else by having the paths in its command line, its variables and
its scripts changed to where the files are.

Standard library and psutil only.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smx_lab.local.files.staging import fetch
from smx_lab.local.jobs.job_process import (
    BatchEnd,
    error_message,
    read_message,
    run_to_end,
    unreadable_input_as_client_error,
)
from smx_lab.local.jobs.script_mode import HOST, JobFolder
from smx_lab.local.logs.log_file import LogWriter
from smx_lab.local.supervision import opt_ml
from smx_lab.local.supervision.child_environment import region_variables
from smx_lab.local.supervision.process_files import ProcessSpec
from smx_lab.local.supervision.supervisor import Events, Outcome, Supervisor, read_secrets

# What is taken for a script, and up to which size. Our choice.
SCRIPTS = (".py", ".sh")
MAX_SCRIPT_BYTES = 4 * 2**20
_IN_CONTAINER = re.compile(r"/opt/ml(?![\w.-])")


@dataclass(frozen=True)
class Input:
    """A file or folder on this machine, and where below ``/opt/ml`` it goes."""

    path: str
    target: str


@dataclass(frozen=True)
class Output:
    """A folder below ``/opt/ml``, and where on this machine it goes."""

    source: str
    path: str
    is_continuous: bool


@dataclass(frozen=True)
class ProcessingSpec(ProcessSpec):
    """All that is needed to run one processing job."""

    job_name: str
    job_arn: str
    region: str
    folder: str
    """The job's own folder: ``ml`` below it stands for ``/opt/ml``, beside ``log``."""
    python: str
    command: list[str]
    inputs: list[Input]
    outputs: list[Output]
    config: dict[str, Any]
    """The content of ``processingjobconfig.json``."""
    instance_type: str
    max_runtime_s: int
    stop_grace_s: float
    environment: dict[str, str]
    gets_keys: bool

    @classmethod
    def convert(cls, members: dict[str, Any]) -> dict[str, Any]:
        """Return the members with inputs and outputs as their own types."""
        return {
            **members,
            "inputs": [Input(**item) for item in members["inputs"]],
            "outputs": [Output(**item) for item in members["outputs"]],
        }


class ProcessingJob:
    """One processing job from its inputs to its outputs."""

    def __init__(self, spec: ProcessingSpec, secrets: dict[str, str]) -> None:
        self._spec = spec
        self._secrets = secrets
        self._layout = JobFolder(Path(spec.folder))
        self._message = self._layout.output / "message"
        self._log = LogWriter(self._layout.log)
        self._events = Events(self._layout.events)
        self._supervisor = Supervisor(self._log, spec.stop_grace_s)

    def run(self) -> None:
        """Run it, and report its end."""
        end = run_to_end(
            self._work, self._clean, end_type=BatchEnd, supervisor=self._supervisor, log=self._log
        )
        self._events.send("end", **end._asdict())

    def _work(self) -> BatchEnd:
        self._make_folders()
        self._fetch()
        self._supervisor.check()
        command, environment = self._program()
        self._events.send("begin")
        outcome = self._supervisor.run(
            command,
            environment=environment,
            folder=self._layout.base,
            on_lines=lambda _: None,
            limit_s=self._spec.max_runtime_s,
        )
        end = self._end_of(outcome)
        if end.status != "Failed":
            self._deliver()
        return end

    def _make_folders(self) -> None:
        config = self._layout.base / "config"
        for folder in (config, self._layout.output, self._layout.base / "processing"):
            folder.mkdir(parents=True)
        resources = {"current_host": HOST, "hosts": [HOST], "network_interface_name": "lo"}
        for name, content in (
            ("processingjobconfig", self._spec.config),
            ("resourceconfig", resources),
        ):
            (config / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        for output in self._spec.outputs:
            source = self._layout.base / output.source
            if output.is_continuous:
                # A link where SageMaker copies all the time: what is written is there at once.
                Path(output.path).mkdir(parents=True, exist_ok=True)
                source.parent.mkdir(parents=True, exist_ok=True)
                source.symlink_to(output.path)
            else:
                source.mkdir(parents=True, exist_ok=True)

    def _fetch(self) -> None:
        with unreadable_input_as_client_error():
            for item in self._spec.inputs:
                target = self._layout.base / item.target
                fetch(Path(item.path), target, self._supervisor.check)

    def _program(self) -> tuple[list[str], dict[str, str]]:
        """Return command and environment, changed so that they find ``/opt/ml``."""
        spec, base = self._spec, self._layout.base
        first, *rest = spec.command
        command = [spec.python if first in ("python", "python3") else first, *rest]
        own = Path(spec.python).parent
        variables = {
            **spec.environment,
            "PROCESSING_JOB_NAME": spec.job_name,
            "PROCESSING_JOB_ARN": spec.job_arn,
            **region_variables(spec.region),
            "SAGEMAKER_BASE_DIR": str(base),
            # A shell script that says python means the one that the service was told to use.
            "PATH": os.pathsep.join([str(own), spec.environment.get("PATH", os.defpath)]),
            "PYTHONUNBUFFERED": "1",
            **self._secrets,
        }
        if opt_ml.is_available(base):
            return opt_ml.command(base, command), variables
        self._log.note(f"/opt/ml cannot be shown here; in paths it is replaced by {base}.")
        for item in spec.inputs:
            self._change_scripts(base / item.target)
        return [self._localize(word) for word in command], {
            name: self._localize(value) for name, value in variables.items()
        }

    def _change_scripts(self, folder: Path) -> None:
        """Change the paths in the job's own copies of scripts."""
        for path in folder.rglob("*"):
            if path.suffix not in SCRIPTS or path.is_symlink() or not path.is_file():
                continue
            if path.stat().st_size <= MAX_SCRIPT_BYTES:
                text = path.read_text(encoding="utf-8", errors="surrogateescape")
                path.write_text(self._localize(text), encoding="utf-8", errors="surrogateescape")

    def _localize(self, text: str) -> str:
        return _IN_CONTAINER.sub(lambda _: str(self._layout.base), text)

    def _end_of(self, outcome: Outcome) -> BatchEnd:
        message = read_message(self._message) or None
        if outcome.ending != "exited":
            return BatchEnd("Stopped", exit_message=message)
        if outcome.exit_code == 0:
            return BatchEnd("Completed", exit_message=message)
        text = message or error_message(self._layout.log)
        reason = f"AlgorithmError: {text}, exit code: {outcome.exit_code}"
        return BatchEnd("Failed", reason, message)

    def _deliver(self) -> None:
        """Copy the outputs to where they go; not those of a failed job, our choice."""
        for output in self._spec.outputs:
            source = self._layout.base / output.source
            if not output.is_continuous and source.is_dir():
                shutil.copytree(source, output.path, dirs_exist_ok=True)

    def _clean(self, end: BatchEnd) -> None:
        """Remove what only the running job needed."""
        processing = self._layout.base / "processing"
        if end.status != "Failed" and processing.is_dir():
            for path in processing.iterdir():
                _remove(path)


def _remove(path: Path) -> None:
    # Never through a link: it leads to an output.
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def main(arguments: list[str]) -> None:
    """Run the job whose description is in the file named."""
    os.umask(0o077)
    ProcessingJob(ProcessingSpec.read(Path(arguments[0])), read_secrets()).run()


if __name__ == "__main__":
    main(sys.argv[1:])
