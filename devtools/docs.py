"""Makes the generated pages of the documentation, and checks all links in it."""

from __future__ import annotations

from devtools.base import PYTHON, run
from devtools.setup import setup


def docs(arguments: list[str]) -> int:
    """Run ``devtools.pages`` where smx-lab is installed."""
    setup()
    run([PYTHON, "-m", "devtools.pages", *arguments])
    return 0
