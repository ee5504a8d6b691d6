"""Generate files from the code: pages of the documentation, statistics in the schema."""

from __future__ import annotations

from devtools.base import PYTHON, run
from devtools.setup import setup


def docs(arguments: list[str]) -> int:
    """Run ``devtools.pages`` and ``devtools.schema`` in the virtual environment."""
    setup()
    run([PYTHON, "-m", "devtools.schema", *arguments])
    run([PYTHON, "-m", "devtools.pages", *arguments])
    return 0
