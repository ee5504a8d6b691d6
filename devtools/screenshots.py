"""Take the screenshots in docs/images."""

from __future__ import annotations

from devtools.base import PYTHON, ROOT, run
from devtools.chromium import chromium
from devtools.setup import setup


def screenshots(arguments: list[str]) -> int:
    """Run ``scripts/screenshots.py`` in the virtual environment."""
    setup()
    run(
        [PYTHON, ROOT / "scripts" / "screenshots.py", *arguments],
        SMX_CHROMIUM=chromium(),
        PYTHONPATH=str(ROOT),
    )
    return 0
