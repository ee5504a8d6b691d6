"""The rules for what may be committed find each fault, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from devtools import repository


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("see https://py" + "pi.org/project/x", "the address of a package registry"),
        ('  "resol' + 'ved": "somewhere"', "a resolved address of a package"),
        ("open /ro" + "ot/.cache/x", "a path of one machine"),
        ("AKI" + "A0123456789ABCDEF", "an AWS key"),
        ("one\r\ntwo", "a carriage return"),
    ],
)
def test_a_fault_is_found_and_named(
    text: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    file = tmp_path / "page.md"
    file.write_bytes(f"first line\n{text}\n".encode())
    assert repository.faults(file) == [f"page.md:2: {fault}"]


def test_ordinary_text_and_the_example_keys_of_aws_are_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    file = tmp_path / "page.md"
    file.write_text("/user/ada/ and AKIAIOSFODNN7EXAMPLE\n", encoding="utf-8")
    assert repository.faults(file) == []
