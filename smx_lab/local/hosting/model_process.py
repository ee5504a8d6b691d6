"""The process beside one model server: unpacks its model, runs it, and ends it.

Started by the service as
``python -m smx_lab.local.hosting.model_process SPEC``. Its one event is ``end``,
with ``reason``: why the model server ended.

Standard library and psutil only.
"""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from smx_lab.local.files.archives import ArchiveError, unpack
from smx_lab.local.files.staging import fetch, fetch_code
from smx_lab.local.logs.log_file import LogWriter
from smx_lab.local.supervision.process_files import ProcessFolder, ProcessSpec
from smx_lab.local.supervision.supervisor import Events, Outcome, StoppedError, Supervisor

# Where a container has its model. Source: SageMaker Developer Guide, "Use your own inference code".
CONTAINER_MODEL_DIR = "/opt/ml/model"
# SIGKILL follows SIGTERM after this many seconds. Source: the same.
STOP_GRACE_S = 30.0


@dataclass(frozen=True)
class ServerSpec(ProcessSpec):
    """All that is needed to run one model server."""

    folder: str
    """Its own folder; ``ml`` below it stands for ``/opt/ml``, beside ``log``."""
    python: str
    socket: str
    model_data: str | None
    """A ``.tar.gz``, or a folder for uncompressed model data."""
    submit_directory: str | None
    """A folder or ``.tar.gz`` of code, or a folder below ``/opt/ml/model``; default its code."""
    environment: dict[str, str]


class ServerFolder(ProcessFolder):
    """Where the files of one model server are."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.model = self.base / "model"
        self.code = self.base / "code"
        self.failure = folder / "failure"


class ModelProcess:
    """One model server from its archive to its end."""

    server_program = Path(__file__).with_name("serving") / "__main__.py"

    def __init__(self, spec: ServerSpec) -> None:
        self._spec = spec
        self._layout = ServerFolder(Path(spec.folder))
        self._log = LogWriter(self._layout.log)
        self._events = Events(self._layout.events)
        self._supervisor = Supervisor(self._log, STOP_GRACE_S)

    def run(self) -> None:
        """Run it to its end, and report why it ended."""
        self._supervisor.watch_lifeline()
        try:
            reason = self._run()
        except StoppedError:
            reason = "It was stopped."
        except (ArchiveError, OSError) as error:
            reason = f"The model data could not be unpacked: {error}"
        except Exception as error:  # noqa: BLE001 - the user learns of it, the log has it in full
            self._log.note(traceback.format_exc())
            reason = f"{type(error).__name__}: {error}"
        self._supervisor.wait_if_lost()
        self._log.note(reason)
        self._log.close()
        self._events.send("end", reason=reason)

    def _run(self) -> str:
        outcome = self._serve(self._fetch())
        return self._failure() or f"The model server ended with exit code {outcome.exit_code}."

    def _serve(self, code: Path | None) -> Outcome:
        """Run the model server to its end."""
        return self._supervisor.run(
            [self._spec.python, str(self.server_program), self._spec.socket],
            environment=self._environment(code),
            folder=code or self._layout.model,
            on_lines=lambda _: None,
        )

    def _failure(self) -> str | None:
        """Return why the model could not be loaded, as the server wrote it; None if it did not."""
        if not self._layout.failure.is_file():
            return None
        return self._layout.failure.read_text(encoding="utf-8", errors="replace")

    def _fetch(self) -> Path | None:
        """Put model and code into place afresh; return where the code is, if there is any."""
        layout, spec = self._layout, self._spec
        shutil.rmtree(layout.base, ignore_errors=True)
        layout.failure.unlink(missing_ok=True)
        layout.model.mkdir(parents=True)
        if spec.model_data is not None:
            self._fetch_model(Path(spec.model_data))
        return self._code(spec.submit_directory)

    def _fetch_model(self, source: Path) -> None:
        if source.is_dir():
            fetch(source, self._layout.model, self._supervisor.check)
        else:
            unpack(source, self._layout.model)

    def _code(self, submit_directory: str | None) -> Path | None:
        model, code = self._layout.model, self._layout.code
        if submit_directory is None:
            program = self._spec.environment.get("SAGEMAKER_PROGRAM", "")
            if (model / "code").is_dir():
                return model / "code"
            # An archive may also hold its program beside the model.
            return model if program and (model / program).is_file() else None
        if submit_directory.startswith(CONTAINER_MODEL_DIR):
            return model / submit_directory[len(CONTAINER_MODEL_DIR) :].strip("/")
        fetch_code(Path(submit_directory), code)
        return code

    def _environment(self, code: Path | None) -> dict[str, str]:
        return {
            **self._spec.environment,
            "SAGEMAKER_BASE_DIR": str(self._layout.base),
            "SM_MODEL_DIR": str(self._layout.model),
            "SMX_CODE_DIR": str(code or ""),
            "SMX_FAILURE_FILE": str(self._layout.failure),
            "PYTHONUNBUFFERED": "1",
        }


def main(arguments: list[str]) -> None:
    """Run the model server whose description is in the file named."""
    os.umask(0o077)
    ModelProcess(ServerSpec.read(Path(arguments[0]))).run()


if __name__ == "__main__":
    main(sys.argv[1:])
