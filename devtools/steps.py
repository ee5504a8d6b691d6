"""Steps of the setup. A step is skipped if its inputs are unchanged and its outputs exist."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from devtools.base import ROOT, STATE, Stop, say


@dataclass(frozen=True)
class Step:
    """One step. ``inputs`` are files or glob patterns below the root, ``facts`` further text.

    The stamp is the sha256 of both. It is written after the action has succeeded.
    """

    name: str
    title: str
    action: Callable[[], None]
    inputs: tuple[str, ...] = ()
    outputs: tuple[Path, ...] = ()
    facts: Callable[[], str] = str

    def run(self) -> bool:
        """Run the action if something has changed, and return whether it ran."""
        stamp = STATE / "stamps" / self.name
        digest = self.digest()
        fresh = stamp.exists() and stamp.read_text(encoding="utf-8") == digest
        if fresh and all(path.exists() for path in self.outputs):
            return False
        say(self.title)
        stamp.unlink(missing_ok=True)
        try:
            self.action()
        except (OSError, subprocess.CalledProcessError) as error:
            raise Stop(f"{self.title} failed: {error}") from error
        stamp.parent.mkdir(parents=True, exist_ok=True)
        # Computed again, since the action may have changed an input (a venv that it created).
        stamp.write_text(self.digest(), encoding="utf-8")
        return True

    def digest(self) -> str:
        """Return the sha256 of the inputs' names and contents, and of the facts."""
        sha = hashlib.sha256(self.facts().encode())
        for path in sorted(set(_files(self.inputs))):
            sha.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
            sha.update(path.read_bytes() + b"\0")
        return sha.hexdigest()


def _files(patterns: Iterable[str]) -> Iterable[Path]:
    for pattern in patterns:
        for path in ROOT.glob(pattern):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def npm_dependencies() -> str:
    """Return the dependencies in package.json. npm ci ignores its scripts and texts."""
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return json.dumps([package.get("dependencies"), package.get("devDependencies")])
