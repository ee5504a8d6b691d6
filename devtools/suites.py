"""Run the tests: Python, TypeScript, the user interface in Chromium, and the wheel.

Server tests and UI tests are two pytest processes, since the event loops of pytest-jupyter and
Playwright conflict.
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
"""pytest's exit status if no test matches a selection such as -k."""


def test(arguments: list[str]) -> int:
    """Run the named suites or all. Further arguments are passed to pytest."""
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
        # The UI tests run on the wheel that users install.
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
    """Run all Python tests except those of the user interface and the wheel.

    The tests of handlers run in a process of their own, since pytest loads the plugins of a folder
    only if it is started with this folder.
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
        return 0  # the arguments are for pytest
    return subprocess.run(
        ["npx", "vitest", "run"], cwd=ROOT, env=environment(), check=False
    ).returncode


def built_wheel(arguments: list[str]) -> int:
    """Build the wheel, install it in an environment without Node, and test it there."""
    paths = [] if _paths(arguments) else ["tests/wheel"]
    installed, old = str(wheel.prepare()), str(oldest.prepare())
    return _pytest([*paths, *arguments], SMX_TEST_PYTHON=installed, SMX_OLDEST_PYTHON=old)


def user_interface(arguments: list[str]) -> int:
    """Run the UI tests in Chromium, in one process, with a real JupyterLab and real services.

    A failed test is not run again. A test that fails only on a busy machine shows a defect of the
    test or of the product.
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
    """Return whether only tests without clients were named, so that none has to be installed."""
    paths = [Path(path.split("::")[0]) for path in _paths(arguments)]
    return bool(paths) and not any(
        path == Path("tests") or path.parts[:2] == ("tests", "clients") for path in paths
    )


def _chooses_workers(arguments: list[str]) -> bool:
    return any(a.startswith(("-n", "--numprocesses", "--pdb")) for a in arguments)
