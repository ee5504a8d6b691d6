"""The tutorial's files, as they come with the package, and a copy of them to work in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
NOTEBOOK = "handwritten-digits.ipynb"
SCRIPT = "digits.py"

STAGES = (
    "setup",
    "preprocessing",
    "experiment",
    "training",
    "comparison",
    "deployment",
    "cleanup",
)
"""In the notebook's order; each of its code cells has one of them as its tag."""


class Cell(NamedTuple):
    """A code cell of the notebook."""

    id: str
    stage: str
    source: str


def copy_missing(directory: Path) -> list[Path]:
    """Copy notebook and script into ``directory`` unless they are there, and return both paths.

    A file that is there may have been changed by the user, and is left as it is.
    """
    directory.mkdir(parents=True, exist_ok=True)
    copies = [directory / NOTEBOOK, directory / SCRIPT]
    for copy in copies:
        if not copy.exists():
            copy.write_bytes((HERE / copy.name).read_bytes())
    return copies


def read_cells(until: str = STAGES[-1]) -> list[Cell]:
    """Return the packaged notebook's code cells up to and with a stage."""
    wanted = STAGES[: STAGES.index(until) + 1]
    notebook = json.loads((HERE / NOTEBOOK).read_text(encoding="utf-8"))
    cells = [
        Cell(cell["id"], cell["metadata"]["tags"][0], "".join(cell["source"]))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    return [cell for cell in cells if cell.stage in wanted]
