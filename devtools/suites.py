"""Runs the tests: Python, TypeScript, the user interface in Chromium, and the wheel.

Server tests and UI tests are two pytest processes: pytest-jupyter's event loop and Playwright's
exclude each other.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from devtools import clients, oldest, wheel
from devtools.base import PYTHON, ROOT, environment, say
from devtools.chromium import chromium
from devtools.setup import setup

HANDLERS = ["tests/handlers"]
NO_TESTS = 5
"""pytest's exit status when a selection such as -k leaves nothing to run."""


def test(arguments: list[str]) -> int:
    """Run the suites named first, or all; what follows goes to pytest."""
    runners: dict[str, Callable[[list[str]], int]] = {
        "ts": typescript,
        "python": python,
        "wheel": built_wheel,
        "ui": user_interface,
    }
    named = []
    while arguments and arguments[0] in runners:
        named.append(arguments[0])
        arguments = arguments[1:]
    chosen = named or _by_path(arguments) or list(runners)
    setup()
    if "python" in chosen and not _leaves_out_clients(arguments):
        clients.prepare()
    if "wheel" in chosen and "ui" in chosen:
        # What users install is what their browser runs.
        os.environ["SMX_TEST_PYTHON"] = str(wheel.prepare())
        os.environ["SMX_OLDEST_PYTHON"] = str(oldest.prepare())
    results = {}
    for name in chosen:
        say(f"Testing {name}")
        began = time.monotonic()
        status = runners[name](arguments)
        results[name] = (status, time.monotonic() - began)
    for name, (status, seconds) in results.items():
        say(f"{name}: {'failed' if status else 'passed'} in {seconds:.0f} s")
    return 1 if any(status for status, _ in results.values()) else 0


def python(arguments: list[str]) -> int:
    """Run every Python test but those of the user interface and of the wheel.

    The handlers' tests are a process of their own: pytest takes a plugin for one folder only where
    that folder is what it is started on.
    """
    workers = [] if _chooses_workers(arguments) else ["-n", str(os.cpu_count() or 1)]
    if _paths(arguments):
        return _pytest([*workers, *arguments])
    apart = [*HANDLERS, "tests/ui", "tests/wheel"]
    rest = ["tests", *(f"--ignore={path}" for path in apart)]
    return max([_pytest([*paths, *workers, *arguments]) for paths in (HANDLERS, rest)])


def typescript(arguments: list[str]) -> int:
    """Run the front end's unit tests."""
    if arguments:
        return 0  # they are pytest's
    return subprocess.run(
        ["npx", "vitest", "run"], cwd=ROOT, env=environment(), check=False
    ).returncode


def built_wheel(arguments: list[str]) -> int:
    """Build the wheel, install it where there is no Node, and test it there."""
    paths = [] if _paths(arguments) else ["tests/wheel"]
    installed, old = str(wheel.prepare()), str(oldest.prepare())
    return _pytest([*paths, *arguments], SMX_TEST_PYTHON=installed, SMX_OLDEST_PYTHON=old)


def user_interface(arguments: list[str]) -> int:
    """Run the UI tests in Chromium, all in one process, on real Labs and real services.

    A failed test is not run again: what fails only on a busy machine is a defect of the test or
    of the product.
    """
    paths = [] if _paths(arguments) else ["tests/ui"]
    return _pytest(["-r", "fE", *paths, *arguments], SMX_CHROMIUM=chromium())


def _pytest(arguments: list[str], **env: str) -> int:
    command = [str(PYTHON), "-m", "pytest", "-q", *arguments]
    status = subprocess.run(command, cwd=ROOT, env=environment(**env), check=False).returncode
    return 0 if status == NO_TESTS and arguments else status


def _paths(arguments: list[str]) -> list[str]:
    return [a for a in arguments if (ROOT / a.split("::")[0]).exists() and not a.startswith("-")]


def _by_path(arguments: list[str]) -> list[str]:
    """Return the suites that the given test files belong to."""
    parts = [Path(path.split("::")[0]).parts for path in _paths(arguments)]
    by_folder = {"ui": "ui", "wheel": "wheel"}
    suites = [by_folder.get(p[1] if len(p) > 1 else "", "python") for p in parts]
    if not suites and arguments:
        return ["python", "ui"]
    return sorted(set(suites))


def _leaves_out_clients(arguments: list[str]) -> bool:
    """Return whether other test files were named, so that no client has to be installed."""
    paths = [Path(path.split("::")[0]) for path in _paths(arguments)]
    return bool(paths) and not any(
        path == Path("tests") or path.parts[:2] == ("tests", "clients") for path in paths
    )


def _chooses_workers(arguments: list[str]) -> bool:
    return any(a.startswith(("-n", "--numprocesses", "--pdb")) for a in arguments)
