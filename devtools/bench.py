"""Runs the measurements in bench/, each a program of its own."""

from __future__ import annotations

from devtools.base import PYTHON, ROOT, Stop, run, say
from devtools.setup import setup


def bench(arguments: list[str]) -> int:
    """Run ``bench/*.py``, or the named ones; what follows an option goes to each of them."""
    names = [a for a in arguments if not a.startswith("-")]
    options = [a for a in arguments if a.startswith("-")]
    programs = {path.stem: path for path in sorted((ROOT / "bench").glob("[!_]*.py"))}
    unknown = sorted(set(names) - set(programs))
    if unknown:
        raise Stop(f"There is no bench/{unknown[0]}.py; there are: {', '.join(programs)}.")
    setup()
    for name in names or programs:
        say(f"bench/{name}.py")
        run([PYTHON, programs[name], *options], PYTHONPATH=str(ROOT))
    return 0
