"""What ``dev.py lab`` hands to ``jupyter lab``."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtools.lab import unless_given

PLACES = {"ServerApp.root_dir": Path("notebooks"), "LabApp.workspaces_dir": Path("layouts")}
BOTH = ["--ServerApp.root_dir=notebooks", "--LabApp.workspaces_dir=layouts"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--no-browser", "--port=9000"], BOTH),
        (["--ServerApp.root_dir=mine"], BOTH[1:]),
        (["--notebook-dir", "mine"], BOTH[1:]),
        (["--LabApp.workspaces_dir=mine"], BOTH[:1]),
    ],
)
def test_a_place_is_set_once_and_the_users_wins(arguments: list[str], expected: list[str]) -> None:
    assert unless_given(PLACES, arguments) == expected
