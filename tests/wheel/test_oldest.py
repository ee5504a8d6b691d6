"""The built wheel in the oldest Python and beside the oldest JupyterLab that smx-lab supports."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

PYTHON = os.environ.get("SMX_OLDEST_PYTHON", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="run by: python3 dev.py test wheel")

# Programs (``__main__``) are run and not imported.
IMPORT_ALL = """
import importlib, pkgutil, smx_lab
for module in pkgutil.walk_packages(smx_lab.__path__, "smx_lab."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        print(module.name)
"""

FIRST_TABLE = """
import boto3, smx_lab
sagemaker = boto3.client("sagemaker")
sagemaker.create_experiment(ExperimentName="first")
sagemaker.create_trial(TrialName="one", ExperimentName="first")
sagemaker.create_trial_component(
    TrialComponentName="training", Parameters={"rate": {"NumberValue": 0.1}}
)
sagemaker.associate_trial_component(TrialComponentName="training", TrialName="one")
print(smx_lab.dataframe("first")["rate"].tolist())
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment with an empty home."""
    return {
        "PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.defpath}",
        "HOME": str(tmp_path),
        "SMX_LAB_DATA_DIR": str(tmp_path / "data"),
    }


def run(environment: dict[str, str], *command: str) -> str:
    """Run a command, and return what it prints."""
    done = subprocess.run(
        command, env=environment, cwd=environment["HOME"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_module_can_be_imported(environment: dict[str, str]) -> None:
    imported = run(environment, PYTHON, "-c", IMPORT_ALL).splitlines()
    assert {"smx_lab.gateway.reading.listing", "smx_lab.local.app"} <= set(imported)


def test_the_local_service_and_a_table_work(environment: dict[str, str]) -> None:
    program = str(Path(PYTHON).with_name("smx-lab"))
    try:
        started = json.loads(run(environment, program, "local", "start", "--json"))
        keys = {
            "AWS_ENDPOINT_URL_SAGEMAKER": started["sagemaker_url"],
            "AWS_ACCESS_KEY_ID": started["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": started["secret_access_key"],
            "AWS_DEFAULT_REGION": started["region"],
        }
        assert run({**environment, **keys}, PYTHON, "-c", FIRST_TABLE) == "[0.1]\n"
    finally:
        run(environment, program, "local", "stop")
