"""The AWS CLI v1, unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import python_of

Aws = Callable[..., str]


@pytest.fixture
def aws(execute: Callable[..., str]) -> Aws:
    """Return ``aws(*words)``, which runs the AWS CLI and returns what it printed."""
    program = python_of("awscli").with_name("aws")
    return lambda *words: execute(program, *words)


def test_an_experiment_is_made_found_and_described(aws: Aws):
    made = json.loads(aws("sagemaker", "create-experiment", "--experiment-name", "from-the-cli"))
    assert made == {
        "ExperimentArn": "arn:aws:sagemaker:us-east-1:000000000000:experiment/from-the-cli"
    }
    parameters = '{"rate": {"NumberValue": 0.1}}'
    aws(
        *("sagemaker", "create-trial-component", "--trial-component-name", "cli"),
        *("--parameters", parameters, "--start-time", "2026-01-02T03:04:05Z"),
    )
    expression = '{"Filters":[{"Name":"Parameters.rate","Operator":"LessThan","Value":"0.2"}]}'
    found = aws(
        *("sagemaker", "search", "--resource", "ExperimentTrialComponent"),
        *("--search-expression", expression, "--output", "text"),
        *("--query", "Results[].TrialComponent.TrialComponentName"),
    )
    assert found.split() == ["cli"]
    described = json.loads(
        aws("sagemaker", "describe-trial-component", "--trial-component-name", "cli")
    )
    assert described["StartTime"] == 1767323045.0
    assert described["Parameters"] == json.loads(parameters)


def test_files_go_to_a_bucket_and_come_back(aws: Aws, tmp_path: Path):
    (tmp_path / "data" / "train").mkdir(parents=True)
    (tmp_path / "data" / "train" / "a.csv").write_text("1,2\n")
    (tmp_path / "data" / "b.csv").write_text("3,4\n")
    aws("s3", "mb", "s3://cli-bucket")
    aws("s3", "sync", "data", "s3://cli-bucket/data")
    listed = aws("s3", "ls", "--recursive", "s3://cli-bucket").split()
    assert listed[3::4] == ["data/b.csv", "data/train/a.csv"]
    aws("s3", "cp", "s3://cli-bucket/data/train/a.csv", "back.csv")
    assert (tmp_path / "back.csv").read_text() == "1,2\n"
    aws("s3", "rb", "--force", "s3://cli-bucket")
    assert "cli-bucket" not in aws("s3", "ls")


def test_the_caller_and_any_role_are_known(aws: Aws):
    caller = json.loads(aws("sts", "get-caller-identity"))
    assert caller["Arn"].startswith(
        "arn:aws:sts::000000000000:assumed-role/AmazonSageMaker-ExecutionRole-local/"
    )
    role = json.loads(aws("iam", "get-role", "--role-name", "SageMakerRole"))["Role"]
    assert role["Arn"] == "arn:aws:iam::000000000000:role/SageMakerRole"
    assert role["AssumeRolePolicyDocument"]["Version"] == "2012-10-17"


def test_the_waiter_for_a_deleted_endpoint_ends(aws: Aws):
    assert aws("sagemaker", "wait", "endpoint-deleted", "--endpoint-name", "no-such") == ""
