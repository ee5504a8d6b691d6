"""Find Chromium for the UI tests and screenshots, or install it."""

from __future__ import annotations

import os
import shutil

from devtools.base import PYTHON, Stop, is_root, output, say, succeeds

NAMES = ("chromium", "chromium-browser", "google-chrome")
PLAYWRIGHTS_OWN = """
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    path = Path(playwright.chromium.executable_path)
print(path if path.exists() else "")
"""


def chromium() -> str:
    """Return the browser's path: ``$SMX_CHROMIUM``, on PATH, Playwright's, or a new one.

    Raises
    ------
    Stop
        If there is none and none can be installed.
    """
    chosen = os.environ.get("SMX_CHROMIUM")
    if chosen:
        if not shutil.which(chosen):
            raise Stop(f"SMX_CHROMIUM names {chosen}, which is no program.")
        return chosen
    found = _on_path() or output([PYTHON, "-c", PLAYWRIGHTS_OWN])
    if found:
        return found
    say("Installing Chromium, once")
    if is_root() and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-q", "chromium"]
        if succeeds(install, **quiet) or (
            succeeds(["apt-get", "update", "-q"], **quiet) and succeeds(install, **quiet)
        ):
            return _on_path() or "chromium"
    if succeeds([PYTHON, "-m", "playwright", "install", "chromium"]):
        return output([PYTHON, "-c", PLAYWRIGHTS_OWN])
    raise Stop(
        "Chromium is needed for the UI tests: install it with your system's package manager, "
        "or set SMX_CHROMIUM to a Chromium or Chrome you have."
    )


def _on_path() -> str | None:
    return next((found for found in map(shutil.which, NAMES) if found), None)
