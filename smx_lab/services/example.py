"""The example notebook, for the front end to put where the user works."""

from __future__ import annotations

from smx_lab.contract.bodies import Example, ExampleFile
from smx_lab.tutorial.files import HERE, NOTEBOOK, SCRIPT

FOLDER = "smx-lab-tutorial"


def describe_example() -> Example:
    """Return the files of the tutorial as they come with the package."""
    return Example(
        folder=FOLDER,
        notebook=NOTEBOOK,
        files=[
            ExampleFile(name=name, text=(HERE / name).read_text(encoding="utf-8"))
            for name in (NOTEBOOK, SCRIPT)
        ],
    )
