"""All checks that are not tests: format, lint, types, layers, contract, documents, licences."""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from devtools.base import BIN, PYTHON, ROOT, environment, say
from devtools.setup import setup

PRETTIER = ("src/**/*.{ts,tsx}", "style/**/*.css", "schema/*.json", "*.{json,mjs,mts,ts}")
OURS = ("smx_lab", "devtools", "dev.py", "scripts", "bench", "tests", "hatch_build.py")


class Check(NamedTuple):
    """A command with exit status 0 if there are no faults."""

    name: str
    command: tuple[str | Path, ...]


def checks() -> list[Check]:
    """Return all checks, slowest first, so that parallel checks end at about the same time."""
    ours = [name for name in OURS if (ROOT / name).exists()]
    return [
        Check("mypy", (PYTHON, "-m", "mypy")),
        Check("eslint", ("npx", "eslint", "--max-warnings", "0", "src", "schema")),
        Check("tsc", ("npx", "tsc", "-p", "tsconfig.test.json")),
        Check("prettier", ("npx", "prettier", "--log-level=warn", "--check", *PRETTIER)),
        Check("stylelint", ("npx", "stylelint", "style/**/*.css")),
        Check("layers", (BIN / "lint-imports",)),
        Check("contract", (PYTHON, "-m", "devtools.contract")),
        Check("documents", (PYTHON, "-m", "devtools.pages", "--check")),
        Check("schema", (PYTHON, "-m", "devtools.schema", "--check")),
        Check("repository", (PYTHON, "-m", "devtools.repository")),
        Check("licences", (PYTHON, "-m", "devtools.licences")),
        Check("ruff", (PYTHON, "-m", "ruff", "check", *ours)),
        Check("format", (PYTHON, "-m", "ruff", "format", "--check", *ours)),
    ]


def check(arguments: list[str]) -> int:
    """Run all checks or the named ones, and print the output of those that failed."""
    setup()
    chosen = [c for c in checks() if not arguments or c.name in arguments]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = list(pool.map(_run, chosen))
    for one, done, _ in results:
        if done.returncode != 0:
            say(f"{one.name} failed")
            print(done.stdout.rstrip())
    for one, done, seconds in results:
        say(f"{one.name}: {'failed' if done.returncode else 'good'} ({seconds:.0f} s)")
    return 1 if any(done.returncode for _, done, _ in results) else 0


def _run(one: Check) -> tuple[Check, subprocess.CompletedProcess[str], float]:
    began = time.monotonic()
    done = subprocess.run(
        [str(part) for part in one.command],
        cwd=ROOT,
        env=environment(NO_COLOR="1", FORCE_COLOR="0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return one, done, time.monotonic() - began
