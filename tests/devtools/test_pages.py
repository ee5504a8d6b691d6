"""Pages take up what is made from the code, and keep what was written by hand."""

from __future__ import annotations

import pytest

from devtools.pages import BEGIN, END, errors, replaced
from smx_lab.core.errors import NotFound


def test_each_part_of_a_page_is_made_anew_in_its_place() -> None:
    page = f"one\n{BEGIN}old\n{END}two\n{BEGIN}{END}three\n"
    assert replaced(page, ["first\n", "second\n"]) == (
        f"one\n{BEGIN}\nfirst\n\n{END}two\n{BEGIN}\nsecond\n\n{END}three\n"
    )


def test_a_page_without_a_place_for_a_part_is_a_fault() -> None:
    with pytest.raises(ValueError, match="zip"):
        replaced("no place\n", ["part\n"])


def test_errors_are_listed_by_status_with_what_their_classes_say() -> None:
    lines = errors().splitlines()
    assert lines[:2] == ["| Status | `code` | When |", "| --- | --- | --- |"]
    assert f"| 404 | `not_found` | {NotFound.__doc__} |" in lines
    statuses = [int(line.split(" | ")[0].removeprefix("| ")) for line in lines[2:]]
    assert statuses == sorted(statuses)
    assert 500 not in statuses
