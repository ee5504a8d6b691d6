"""Scripts and models in a Python of their own, which has nothing of ours installed."""

from __future__ import annotations

import venv
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartService
from tests.support.local.clients import make_client
from tests.support.local.training import create_model, job_request, make_archive, serve, write_code
from tests.support.waiting import wait_for_job

SCRIPT = """
import importlib.util, sys
print(sys.prefix, importlib.util.find_spec("psutil"), importlib.util.find_spec("smx_lab"))
"""

MODEL = """
import importlib.util, sys

def model_fn(model_dir):
    return 1

def transform_fn(model, data, content_type, accept):
    return f"{sys.prefix} {importlib.util.find_spec('codecs').origin}", "text/plain"
"""


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bare"
    venv.create(folder, symlinks=True, with_pip=False)
    monkeypatch.setenv("SMX_LAB_PYTHON", str(folder / "bin" / "python"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return folder


def test_both_run_in_the_python_chosen(
    bare: Path, start_service: StartService, tmp_path: Path
) -> None:
    service = start_service()
    sagemaker: Any = make_client("sagemaker", service)
    sagemaker.create_training_job(
        **job_request("elsewhere", write_code(tmp_path / "code", SCRIPT), tmp_path / "out")
    )
    job = wait_for_job(sagemaker, "elsewhere")
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    log = Path(service.data_dir) / "training-jobs" / "elsewhere" / "log"
    assert log.read_text().split(" ", 1)[1] == f"{bare} None None\n"

    data = make_archive(tmp_path / "model.tar.gz", {"code/inference.py": MODEL})
    create_model(sagemaker, "elsewhere", data)
    endpoint = serve(sagemaker, "elsewhere")
    assert endpoint["EndpointStatus"] == "InService", endpoint["FailureReason"]
    answer = make_client("sagemaker-runtime", service).invoke_endpoint(
        EndpointName="elsewhere", Body=b"1", ContentType="text/csv"
    )
    prefix, codecs = answer["Body"].read().decode().split()
    assert prefix == str(bare)
    # The standard library's, not the one beside the model server.
    assert "smx_lab" not in codecs
