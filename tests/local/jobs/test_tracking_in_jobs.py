"""Scripts that track from inside their job, with the SDKs and credentials that a job has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from tests.support.local.clients import make_client
from tests.support.local.training import job_request, write_code
from tests.support.waiting import eventually, wait_for_job

TRACKING_SCRIPT = """
import warnings
warnings.simplefilter("ignore")
from smexperiments.tracker import Tracker

with Tracker.load() as tracker:
    tracker.log_parameter("folds", 5)
    tracker.log_output("report", "file:///tmp/report.html", media_type="text/html")
"""

# Leaves its credentials behind and goes on until it is told to end.
LEAKING_SCRIPT = """
import json, os, time
keys = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
partial = os.environ["LEAK"] + ".part"
with open(partial, "w") as file:
    json.dump(keys, file)
os.rename(partial, os.environ["LEAK"])
while not os.path.exists(os.environ["GATE"]):
    time.sleep(0.02)
"""

BUCKET_SCRIPT = """
import os
import boto3
print("bucket", boto3.client("sts").get_caller_identity()["Account"])
s3 = boto3.client("s3")
s3.put_object(Bucket=os.environ["BUCKET"], Key="from-a-job", Body=b"here")
print(s3.get_object(Bucket=os.environ["BUCKET"], Key="from-a-job")["Body"].read().decode())
"""


def test_a_script_adds_to_its_own_trial_component(sagemaker: Any, tmp_path: Path) -> None:
    code = write_code(tmp_path / "code", TRACKING_SCRIPT)
    sagemaker.create_training_job(**job_request("tracks", code, tmp_path / "out"))
    job = wait_for_job(sagemaker, "tracks")
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    component = sagemaker.describe_trial_component(TrialComponentName="tracks-aws-training-job")
    assert component["Parameters"]["folds"] == {"NumberValue": 5.0}
    assert component["Parameters"]["SageMaker.InstanceType"] == {"StringValue": "ml.m5.xlarge"}
    assert component["OutputArtifacts"]["report"]["Value"] == "file:///tmp/report.html"
    assert component["Status"]["PrimaryStatus"] == "Completed"


def test_a_scripts_credentials_are_its_own_and_end_with_the_job(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    leak, gate = tmp_path / "leak", tmp_path / "gate"
    code = write_code(tmp_path / "code", LEAKING_SCRIPT)
    environment = {"LEAK": str(leak), "GATE": str(gate)}
    sagemaker.create_training_job(
        **job_request("leaks", code, tmp_path / "out", Environment=environment)
    )
    eventually(leak.exists)
    keys = json.loads(leak.read_text())
    assert keys["AWS_ENDPOINT_URL"] == local_service.sagemaker_url
    assert keys["AWS_ACCESS_KEY_ID"] != local_service.access_key_id
    assert keys["AWS_SECRET_ACCESS_KEY"] != local_service.secret_access_key

    def client(token: str) -> Any:
        return make_client(
            "sagemaker",
            local_service,
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=token,
        )

    own = client(keys["AWS_SESSION_TOKEN"])
    assert own.describe_training_job(TrainingJobName="leaks")["TrainingJobStatus"] == "InProgress"
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        client("of-no-job").list_experiments()
    secrets = (keys["AWS_SECRET_ACCESS_KEY"], keys["AWS_SESSION_TOKEN"])
    files = [path for path in Path(local_service.data_dir).rglob("*") if path.is_file()]
    assert files
    for secret in secrets:
        assert not [path for path in files if secret.encode() in path.read_bytes()]

    gate.touch()
    wait_for_job(sagemaker, "leaks")

    def refusal() -> str:
        try:
            own.list_experiments()
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""

    # It is taken back when the process has ended, a moment after the job has.
    assert eventually(refusal) == "ExpiredTokenException"


def test_a_script_reaches_its_bucket_and_its_role(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    assert local_service.s3_url, "the tests need the extra smx-lab[s3]"
    bucket = f"sagemaker-{local_service.region}-{local_service.account}"
    code = write_code(tmp_path / "code", BUCKET_SCRIPT)
    sagemaker.create_training_job(
        **job_request("stores", code, tmp_path / "out", Environment={"BUCKET": bucket})
    )
    job = wait_for_job(sagemaker, "stores")
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    stored = Path(local_service.data_dir) / "s3" / bucket / "from-a-job"
    assert stored.read_bytes() == b"here"


def test_a_job_with_credentials_of_its_own_gets_none_of_ours(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    script = (
        "import json, os\n"
        "print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('AWS')}))"
    )
    code = write_code(tmp_path / "code", script)
    environment = {"AWS_ACCESS_KEY_ID": "AKIAOWN", "AWS_SECRET_ACCESS_KEY": "own"}
    sagemaker.create_training_job(
        **job_request("brings-its-own", code, tmp_path / "out", Environment=environment)
    )
    wait_for_job(sagemaker, "brings-its-own")
    log = Path(local_service.data_dir) / "training-jobs" / "brings-its-own" / "log"
    assert json.loads(log.read_text().partition(" ")[2]) == {
        **environment,
        "AWS_REGION": local_service.region,
        "AWS_DEFAULT_REGION": local_service.region,
    }
