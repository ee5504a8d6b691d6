"""The files between the service and a process beside it: its description, log and events.

Standard library only: the processes beside the service import it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T", bound="ProcessSpec")


@dataclass(frozen=True)
class ProcessSpec:
    """What a process is started with, as JSON in a file; subclasses add the members."""

    @classmethod
    def convert(cls, members: dict[str, Any]) -> dict[str, Any]:
        """Return the members with their own types where JSON has only lists and objects."""
        return members

    def write(self, file: Path) -> None:
        """Write it for the process. Only its owner may read it: it may hold secrets."""
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls: type[T], file: Path) -> T:
        """Read what `write` wrote."""
        return cls(**cls.convert(json.loads(file.read_text(encoding="utf-8"))))


class ProcessFolder:
    """Where the files of one process are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = folder / "ml"
        """Stands for ``/opt/ml``."""
        self.log = folder / "log"
        self.events = folder / "events.jsonl"
        self.spec = folder / "spec.json"
