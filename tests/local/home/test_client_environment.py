"""What points an AWS SDK here, and that nothing it then does leaves the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from smx_lab.local.home.client_environment import PYTHON_HOOK, client_environment
from tests.support.local.clients import make_client

# Nobody listens on the discard port.
NOWHERE = "http://127.0.0.1:9"
ASK_AWS = """
import boto3, json, sys
options = json.loads(sys.argv[1])
client = boto3.client("sts", endpoint_url="https://sts.us-east-1.amazonaws.com", **options)
try:
    print(client.get_caller_identity()["Account"])
except Exception as error:
    print(type(error).__name__)
"""


def python(service: LocalService, code: str, *arguments: str, **variables: str) -> str:
    """Run a program in an environment pointed to the service; answers what it printed."""
    environment = {**os.environ, **client_environment(service), "HTTPS_PROXY": NOWHERE}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**environment, "AWS_MAX_ATTEMPTS": "1", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_sdks_defaults_name_a_bucket_that_exists_and_switch_telemetry_off(
    local_service: LocalService,
):
    file = Path(client_environment(local_service)["SAGEMAKER_USER_CONFIG_OVERRIDE"])
    modules = json.loads(file.read_text())["SageMaker"]["PythonSDK"]["Modules"]
    bucket = "sagemaker-us-east-1-000000000000"
    assert modules == {"TelemetryOptOut": True, "Session": {"DefaultS3Bucket": bucket}}
    make_client("s3", local_service, endpoint_url=local_service.s3_url).head_bucket(Bucket=bucket)


def test_sts_at_awss_own_address_is_asked_here_with_keys_of_ours(local_service: LocalService):
    assert python(local_service, ASK_AWS, "{}") == local_service.account


def test_sts_is_asked_at_aws_with_keys_of_others(local_service: LocalService):
    others = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "secret"}
    seen = python(local_service, ASK_AWS, json.dumps(others))
    # Nowhere, because the test has no way out; but on its way.
    assert seen == "ProxyConnectionError"


def test_a_sitecustomize_that_was_there_before_still_runs(
    local_service: LocalService, tmp_path: Path
):
    (tmp_path / "sitecustomize.py").write_text("import builtins\nbuiltins.mine = 'ran'\n")
    path = os.pathsep.join([str(PYTHON_HOOK), str(tmp_path)])
    assert python(local_service, "print(mine)", PYTHONPATH=path) == "ran"


def test_the_hook_stands_before_a_pythonpath_once(
    local_service: LocalService, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTHONPATH", "/mine")
    first = client_environment(local_service)["PYTHONPATH"]
    assert first == f"{PYTHON_HOOK}{os.pathsep}/mine"
    monkeypatch.setenv("PYTHONPATH", first)
    assert client_environment(local_service)["PYTHONPATH"] == first


@pytest.mark.parametrize(
    ("name", "call", "words"),
    [
        ("ec2", "describe_instances", "The service ec2 is not offered"),
        ("ecr", "describe_repositories", "The service ecr is not offered"),
        ("lambda", "list_functions", "The service lambda is not offered"),
        ("s3", "list_buckets", r"pip install \"smx-lab\[s3\]\""),
        ("iam", "list_roles", "ListRoles is not offered"),
    ],
)
def test_other_services_say_that_they_are_not_here(
    local_service: LocalService, name: str, call: str, words: str
):
    with pytest.raises(ClientError, match=words):
        getattr(make_client(name, local_service), call)()


def test_every_role_is_known(local_service: LocalService):
    iam: Any = make_client("iam", local_service)
    own = iam.get_role(RoleName="AmazonSageMaker-ExecutionRole-local")["Role"]
    assert own["Arn"] == (
        "arn:aws:iam::000000000000:role/service-role/AmazonSageMaker-ExecutionRole-local"
    )
    trusted = own["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert trusted == {"Service": "sagemaker.amazonaws.com"}
    other = iam.get_role(RoleName="SageMakerRole")["Role"]
    assert other["Arn"] == "arn:aws:iam::000000000000:role/SageMakerRole"
    assert other["CreateDate"].year == 1970


def test_iam_answers_our_keys_alone(local_service: LocalService):
    iam = make_client("iam", local_service, aws_secret_access_key="wrong")
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        iam.get_role(RoleName="any")
