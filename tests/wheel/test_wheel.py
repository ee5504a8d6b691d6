"""The built wheel, installed where there is no Node: ``dev.py test wheel`` prepares it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEEL_PYTHON = os.environ.get("SMX_TEST_PYTHON", "")
pytestmark = pytest.mark.skipif(not WHEEL_PYTHON, reason="run by: python3 dev.py test wheel")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment with an empty home. Its PATH has only the wheel's own folder."""
    return {
        "PATH": str(Path(WHEEL_PYTHON).parent),
        "HOME": str(tmp_path),
        "SMX_LAB_DATA_DIR": str(tmp_path / "data"),
        "NO_COLOR": "1",
    }


@pytest.fixture
def wheel() -> Iterator[zipfile.ZipFile]:
    """Open the wheel that was built."""
    (path,) = (ROOT / ".dev" / "wheel" / "dist").glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def run(environment: dict[str, str], program: str, *arguments: str) -> str:
    """Run a program of the wheel's environment, and return all that it prints."""
    done = subprocess.run(
        [str(Path(WHEEL_PYTHON).parent / program), *arguments],
        env=environment, cwd=environment["HOME"], capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    said = re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)
    assert done.returncode == 0, said
    return said


def test_jupyterlab_says_that_the_front_end_is_enabled_and_ok(environment: dict[str, str]) -> None:
    (line,) = [
        line
        for line in run(environment, "jupyter-labextension", "list").splitlines()
        if "smx-lab" in line
    ]
    assert re.fullmatch(r"\s*smx-lab v[\d.]+\s+enabled\s+OK \(python, smx-lab\)", line)


def test_jupyter_server_says_that_the_extension_is_enabled_and_ok(
    environment: dict[str, str],
) -> None:
    said = run(environment, "jupyter-server", "extension", "list")
    assert re.search(r"smx_lab enabled\n\s*- Validating smx_lab\.\.\.\n\s*smx_lab [\d.]+ OK", said)


def test_the_wheel_starts_and_stops_its_own_local_service(environment: dict[str, str]) -> None:
    started = json.loads(run(environment, "smx-lab", "local", "start", "--json"))
    assert started["data_dir"] == environment["SMX_LAB_DATA_DIR"]
    status = json.loads(run(environment, "smx-lab", "local", "status", "--json"))
    s3 = status.pop("s3")
    assert status == started
    assert (s3["state"] == "running") == (started["s3_url"] is not None)
    assert "stopped" in run(environment, "smx-lab", "local", "stop")


def test_the_wheel_brings_the_tutorial(environment: dict[str, str]) -> None:
    run(environment, "smx-lab", "tutorial", "--copy-only", "--directory", "digits")
    copies = sorted(path.name for path in (Path(environment["HOME"]) / "digits").iterdir())
    assert copies == ["digits.py", "handwritten-digits.ipynb"]


def test_the_wheel_carries_what_is_made_by_the_build_and_nothing_of_this_machine(
    wheel: zipfile.ZipFile,
) -> None:
    names = wheel.namelist()
    assert "smx_lab/contract/openapi.json" in names
    assert "smx_lab/local/store/schema.sql" in names
    assert any(name.endswith("labextensions/smx-lab/static/style.js") for name in names)
    assert [name for name in names if "build_log" in name or "node_modules" in name] == []
    root = str(ROOT).encode()
    assert [name for name in names if root in wheel.read(name)] == []


def test_the_wheel_has_the_version_of_the_package(wheel: zipfile.ZipFile) -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    (metadata,) = [name for name in wheel.namelist() if name.endswith("dist-info/METADATA")]
    assert f"\nVersion: {package['version']}\n" in wheel.read(metadata).decode()
