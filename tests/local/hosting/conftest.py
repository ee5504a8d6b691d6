"""Two models behind endpoints: one that doubles numbers, one that returns what it is given."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.local.models import DOUBLER, ECHO
from tests.support.local.training import create_model, make_archive, serve


@pytest.fixture(scope="module")
def doubler(sagemaker: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("doubler")
    data = make_archive(folder / "model.tar.gz", {"code/inference.py": DOUBLER})
    create_model(sagemaker, "doubler", data)
    assert serve(sagemaker, "doubler")["EndpointStatus"] == "InService"
    return "doubler"


@pytest.fixture(scope="module")
def echo(sagemaker: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("echo")
    data = make_archive(
        folder / "model.tar.gz", {"greeting.txt": "hello", "code/inference.py": ECHO}
    )
    create_model(sagemaker, "echo", data.as_uri(), SAGEMAKER_MODEL_SERVER_TIMEOUT="2")
    assert serve(sagemaker, "echo")["EndpointStatus"] == "InService"
    return "echo"
