"""The example notebook, which the front end copies into the user's folder."""

from __future__ import annotations

from smx_lab.contract.bodies import Example, ExampleFile
from smx_lab.tutorial.files import HERE, NOTEBOOK, SCRIPT

FOLDER = "smx-lab-tutorial"


def describe_example() -> Example:
    """Return the tutorial's files as the package has them."""
    return Example(
        folder=FOLDER,
        notebook=NOTEBOOK,
        files=[
            ExampleFile(name=name, text=(HERE / name).read_text(encoding="utf-8"))
            for name in (NOTEBOOK, SCRIPT)
        ],
    )
