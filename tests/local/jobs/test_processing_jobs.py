"""Processing jobs through boto3: what runs, where it finds its files, what is delivered."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from tests.conftest import StartService
from tests.support.local.clients import make_client
from tests.support.local.wire import assert_fits, call
from tests.support.processes import find_processes
from tests.support.waiting import eventually, wait_for_job

# As processing scripts are: with the container's paths written down.
SCRIPT = """
import argparse, os, pathlib, subprocess
parser = argparse.ArgumentParser()
parser.add_argument("--factor", type=int)
factor = parser.parse_args().factor
numbers = pathlib.Path("/opt/ml/processing/input/numbers/numbers.csv").read_text().split()
output = pathlib.Path("/opt/ml/processing/output/products.csv")
output.write_text("\\n".join(str(factor * int(number)) for number in numbers))
pathlib.Path(os.environ["REPORT"], "count").write_text(str(len(numbers)))
pathlib.Path("/opt/ml/output/message").write_text("three numbers")
"""

TRACKING_SCRIPT = """
import warnings
warnings.simplefilter("ignore")
from smexperiments.tracker import Tracker
with Tracker.load() as tracker:
    tracker.log_parameter("rows", 3)
"""

WAITING_SCRIPT = """
import pathlib, time
pathlib.Path("/opt/ml/processing/output/partial").write_text("half")
pathlib.Path("/opt/ml/processing/live/sign").write_text("of life")
time.sleep(600)
"""


@pytest.fixture(scope="module", autouse=True)
def _short_grace() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMX_LAB_STOP_GRACE_S", "2")
        yield


def s3_input(name: str, location: Path, path: str) -> dict[str, Any]:
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": str(location),
            "LocalPath": f"/opt/ml/processing/{path}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
        },
    }


def s3_output(name: str, location: Path, path: str, mode: str = "EndOfJob") -> dict[str, Any]:
    return {
        "OutputName": name,
        "S3Output": {
            "S3Uri": str(location),
            "LocalPath": f"/opt/ml/processing/{path}",
            "S3UploadMode": mode,
        },
    }


def job_request(name: str, tmp_path: Path, script: str, **members: Any) -> dict[str, Any]:
    """Return CreateProcessingJob's input for a script, as the SDK's ScriptProcessor has it."""
    code = tmp_path / "code" / "process.py"
    code.parent.mkdir(exist_ok=True)
    code.write_text(script)
    numbers = tmp_path / "numbers" / "numbers.csv"
    numbers.parent.mkdir(exist_ok=True)
    numbers.write_text("1\n2\n3\n")
    return {
        "ProcessingJobName": name,
        "RoleArn": "arn:aws:iam::123456789012:role/service-role/Processing",
        "AppSpecification": {
            "ImageUri": "sagemaker-scikit-learn:1.2-1-cpu-py3",
            "ContainerEntrypoint": ["python3", "/opt/ml/processing/input/code/process.py"],
            "ContainerArguments": ["--factor", "10"],
        },
        "Environment": {"REPORT": "/opt/ml/processing/report"},
        "ProcessingInputs": [
            s3_input("code", code, "input/code"),
            s3_input("numbers", numbers.parent, "input/numbers"),
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                s3_output("products", tmp_path / "out" / "products", "output"),
                s3_output("report", tmp_path / "out" / "report", "report"),
            ]
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m5.xlarge",
                "VolumeSizeInGB": 30,
            }
        },
        **members,
    }


def wait(sagemaker: Any, name: str) -> Any:
    return wait_for_job(sagemaker, name, "Processing")


def component_of(sagemaker: Any, name: str) -> Any:
    return sagemaker.describe_trial_component(TrialComponentName=f"{name}-aws-processing-job")


def test_a_script_reads_its_inputs_and_its_outputs_are_delivered(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    sagemaker.create_experiment(ExperimentName="processed")
    sagemaker.create_trial(ExperimentName="processed", TrialName="processed-1")
    request = job_request(
        "multiply",
        tmp_path,
        SCRIPT,
        ExperimentConfig={"TrialName": "processed-1", "TrialComponentDisplayName": "Products"},
        Tags=[{"Key": "Team", "Value": "vision"}],
    )
    arn = sagemaker.create_processing_job(**request)["ProcessingJobArn"]
    job = wait(sagemaker, "multiply")
    assert job["ProcessingJobStatus"] == "Completed", job["FailureReason"]
    assert job["ExitMessage"] == "three numbers"
    assert job["ProcessingStartTime"] <= job["ProcessingEndTime"]
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400}
    assert (tmp_path / "out" / "products" / "products.csv").read_text() == "10\n20\n30"
    assert (tmp_path / "out" / "report" / "count").read_text() == "3"

    component = component_of(sagemaker, "multiply")
    assert component["DisplayName"] == "Products"
    assert component["Source"] == {"SourceArn": arn, "SourceType": "SageMakerProcessingJob"}
    assert component["Status"] == {
        "PrimaryStatus": "Completed",
        "Message": "Status: Completed, exit message: three numbers, failure reason: null",
    }
    assert component["Parameters"] == {
        "SageMaker.InstanceCount": {"NumberValue": 1.0},
        "SageMaker.InstanceType": {"StringValue": "ml.m5.xlarge"},
        "SageMaker.VolumeSizeInGB": {"NumberValue": 30.0},
    }
    assert {name: item["Value"] for name, item in component["InputArtifacts"].items()} == {
        "SageMaker.ImageUri": "sagemaker-scikit-learn:1.2-1-cpu-py3",
        "code": str(tmp_path / "code" / "process.py"),
        "numbers": str(tmp_path / "numbers"),
    }
    assert component["OutputArtifacts"]["report"]["Value"] == str(tmp_path / "out" / "report")
    (summary,) = sagemaker.list_trial_components(TrialName="processed-1")["TrialComponentSummaries"]
    assert summary["TrialComponentName"] == "multiply-aws-processing-job"
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "Team", "Value": "vision"}]

    expression = {"Filters": [{"Name": "Source.SourceArn", "Operator": "Equals", "Value": arn}]}
    body = {"Resource": "ExperimentTrialComponent", "SearchExpression": expression}
    found = call(local_service, "Search", body).json
    assert_fits("Search", found)
    detail = found["Results"][0]["TrialComponent"]["SourceDetail"]["ProcessingJob"]
    assert detail["ProcessingJobName"] == "multiply"
    for operation in ("DescribeProcessingJob", "ListProcessingJobs"):
        given = {"ProcessingJobName": "multiply"} if operation.startswith("Desc") else {}
        assert_fits(operation, call(local_service, operation, given).json)


def test_paths_are_changed_where_opt_ml_cannot_be_shown(
    start_service: StartService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMX_LAB_MOUNT_OPT_ML", "0")
    sagemaker: Any = make_client("sagemaker", start_service())
    sagemaker.create_processing_job(**job_request("changed", tmp_path, SCRIPT))
    job = wait(sagemaker, "changed")
    assert job["ProcessingJobStatus"] == "Completed", job["FailureReason"]
    assert (tmp_path / "out" / "products" / "products.csv").read_text() == "10\n20\n30"
    assert "/opt/ml/processing/input" in (tmp_path / "code" / "process.py").read_text()


def test_a_processing_script_tracks_from_inside(sagemaker: Any, tmp_path: Path) -> None:
    sagemaker.create_processing_job(**job_request("tracks", tmp_path, TRACKING_SCRIPT))
    job = wait(sagemaker, "tracks")
    assert job["ProcessingJobStatus"] == "Completed", job["FailureReason"]
    assert component_of(sagemaker, "tracks")["Parameters"]["rows"] == {"NumberValue": 3.0}


def test_a_failing_script_says_why_and_delivers_nothing(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    sagemaker.create_processing_job(
        **job_request("fails", tmp_path, "print('before'); raise ValueError('no such column')")
    )
    job = wait(sagemaker, "fails")
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: ValueError: no such column, exit code: 1"
    component = component_of(sagemaker, "fails")
    assert component["Status"]["PrimaryStatus"] == "Failed"
    assert component["OutputArtifacts"] == {}
    assert not (tmp_path / "out" / "products").exists()
    logs = make_client("logs", local_service)
    group = "/aws/sagemaker/ProcessingJobs"
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="fails/")
    (stream,) = streams["logStreams"]
    events = logs.get_log_events(
        logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True
    )["events"]
    assert events[0]["message"] == "before"


def test_a_stopped_job_delivers_what_it_has(sagemaker: Any, tmp_path: Path) -> None:
    request = job_request("stopped", tmp_path, WAITING_SCRIPT)
    live = tmp_path / "live"
    request["ProcessingOutputConfig"]["Outputs"].append(
        s3_output("live", live, "live", "Continuous")
    )
    sagemaker.create_processing_job(**request)
    eventually((live / "sign").exists, "the first sign")
    sagemaker.stop_processing_job(ProcessingJobName="stopped")
    assert wait(sagemaker, "stopped")["ProcessingJobStatus"] == "Stopped"
    assert (tmp_path / "out" / "products" / "partial").read_text() == "half"
    assert (live / "sign").read_text() == "of life"
    with pytest.raises(ClientError, match=r"the processing job is in status Stopped\."):
        sagemaker.stop_processing_job(ProcessingJobName="stopped")
    sagemaker.delete_processing_job(ProcessingJobName="stopped")
    with pytest.raises(ClientError, match="Could not find requested job with name: stopped"):
        sagemaker.describe_processing_job(ProcessingJobName="stopped")


def test_a_job_past_its_time_is_stopped(sagemaker: Any, tmp_path: Path) -> None:
    request = job_request(
        "slow",
        tmp_path,
        "import time; time.sleep(600)",
        StoppingCondition={"MaxRuntimeInSeconds": 1},
    )
    sagemaker.create_processing_job(**request)
    assert wait(sagemaker, "slow")["ProcessingJobStatus"] == "Stopped"


def test_a_killed_service_leaves_nothing_of_a_job_and_the_next_one_says_so(
    start_service: StartService, tmp_path: Path
) -> None:
    service = start_service()
    sagemaker: Any = make_client("sagemaker", service)
    request = job_request("killed", tmp_path, WAITING_SCRIPT)
    live = tmp_path / "live"
    request["ProcessingOutputConfig"]["Outputs"].append(
        s3_output("live", live, "live", "Continuous")
    )
    sagemaker.create_processing_job(**request)
    eventually((live / "sign").exists, "the first sign")
    folder = str(Path(service.data_dir) / "processing-jobs" / "killed")

    def running() -> list[psutil.Process]:
        return find_processes(
            lambda _, variables: variables.get("SAGEMAKER_BASE_DIR", "").startswith(folder)
        )

    assert running()
    os.kill(service.pid, signal.SIGKILL)
    eventually(lambda: not running(), "the end of the job's processes")
    eventually(lambda: not psutil.pid_exists(service.pid), "the service's end")
    sagemaker = make_client("sagemaker", start_service(Path(service.data_dir)))
    job = wait(sagemaker, "killed")
    assert job["FailureReason"] == (
        "InternalServerError: The local service stopped while the job ran."
    )
    assert component_of(sagemaker, "killed")["Status"]["PrimaryStatus"] == "Failed"
    assert (live / "sign").read_text() == "of life"


def test_what_cannot_run_is_refused_at_the_call(sagemaker: Any, tmp_path: Path) -> None:
    def refused(**members: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            sagemaker.create_processing_job(**job_request("refused", tmp_path, SCRIPT, **members))
        return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]

    code, message = refused(AppSpecification={"ImageUri": "image"})
    assert (code, message.partition(":")[0]) == (
        "ValidationException",
        "The local service runs commands, not images",
    )
    missing = s3_input("lost", tmp_path / "nowhere", "input/lost")
    assert refused(ProcessingInputs=[missing])[1].startswith("No S3 objects found under S3 URL")
    outside = s3_input("lost", tmp_path, "input/lost")
    outside["S3Input"]["LocalPath"] = "/opt/ml/processing/../../etc"
    assert refused(ProcessingInputs=[outside])[1] == (
        "Input lost: the LocalPath must begin with /opt/ml/processing/."
    )
    sagemaker.create_processing_job(**job_request("taken", tmp_path, "pass"))
    with pytest.raises(ClientError, match="Job name must be unique") as caught:
        sagemaker.create_processing_job(**job_request("taken", tmp_path, "pass"))
    assert caught.value.response["Error"]["Code"] == "ResourceInUse"
    names = [
        job["ProcessingJobName"]
        for job in sagemaker.list_processing_jobs(NameContains="tak")["ProcessingJobSummaries"]
    ]
    assert names == ["taken"]
