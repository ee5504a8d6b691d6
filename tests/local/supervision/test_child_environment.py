"""What scripts and models inherit, and what they do not."""

from __future__ import annotations

import sys

import pytest

from smx_lab.local.supervision.child_environment import child_environment, python


def test_keys_and_tokens_stay_behind_and_all_else_is_passed() -> None:
    parent = {
        "PATH": "/bin",
        "CUDA_VISIBLE_DEVICES": "0",
        "TOKENIZERS_PARALLELISM": "false",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_PROFILE": "x",
        "SMX_LAB_DATA_DIR": "x",
        "JUPYTER_TOKEN": "x",
        "JUPYTERHUB_API_TOKEN": "x",
        "HF_TOKEN": "x",
        "DB_PASSWORD": "x",
        "OPENAI_API_KEY": "x",
        "CLIENT_SECRET": "x",
    }
    assert child_environment({}, parent) == {
        "PATH": "/bin",
        "CUDA_VISIBLE_DEVICES": "0",
        "TOKENIZERS_PARALLELISM": "false",
    }


def test_what_the_job_sets_itself_is_passed_whole() -> None:
    assert child_environment({"HF_TOKEN": "own"}, {"HF_TOKEN": "x"}) == {"HF_TOKEN": "own"}


def test_another_python_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMX_LAB_PYTHON", raising=False)
    assert python() == sys.executable
    monkeypatch.setenv("SMX_LAB_PYTHON", "/opt/torch/bin/python")
    assert python() == "/opt/torch/bin/python"
