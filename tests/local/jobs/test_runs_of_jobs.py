"""A job that names a run, and what Search says of jobs and models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from tests.support.local.training import create_model, job_request, make_archive, serve, write_code
from tests.support.local.wire import assert_fits, call
from tests.support.waiting import wait_for_job

SCRIPT = """
import os, pathlib
print("Train Loss: 0.5;")
print("Train Loss: 0.25;")
pathlib.Path(os.environ["SM_MODEL_DIR"], "model").write_text("done")
"""

# What load_run of the sagemaker SDK asks inside a job.
LOADING_SCRIPT = """
import os
import boto3
sagemaker = boto3.client("sagemaker")
job = sagemaker.describe_training_job(TrainingJobName=os.environ["TRAINING_JOB_ARN"].split("/")[-1])
sagemaker.update_trial_component(
    TrialComponentName=job["ExperimentConfig"]["RunName"], Parameters={"seen": {"NumberValue": 1}}
)
boto3.client("sagemaker-metrics").batch_put_metrics(
    TrialComponentName=job["ExperimentConfig"]["RunName"],
    MetricData=[{"MetricName": "mine", "Timestamp": 1700000000, "Step": 1, "Value": 2.0}],
)
"""


@pytest.fixture(scope="module", autouse=True)
def _group(sagemaker: Any) -> None:
    sagemaker.create_experiment(ExperimentName="runs")
    sagemaker.create_trial(ExperimentName="runs", TrialName="Default-Run-Group-runs")


def make_run(sagemaker: Any, name: str) -> dict[str, str]:
    """Make a run as the SDK does; return the ExperimentConfig it sends with jobs."""
    component = f"runs-{name}"
    sagemaker.create_trial_component(
        TrialComponentName=component,
        DisplayName=name,
        Status={"PrimaryStatus": "InProgress", "Message": "Within a run context"},
        Parameters={"lr": {"NumberValue": 7.0}},
        Tags=[{"Key": "sagemaker:trial-component-source", "Value": "run"}],
    )
    sagemaker.associate_trial_component(
        TrialComponentName=component, TrialName="Default-Run-Group-runs"
    )
    return {
        "ExperimentName": "runs",
        "TrialName": "Default-Run-Group-runs",
        "RunName": component,
    }


def run_job(sagemaker: Any, tmp_path: Path, name: str, script: str, **members: Any) -> Any:
    code = write_code(tmp_path / "code", script)
    sagemaker.create_training_job(**job_request(name, code, tmp_path / "out", **members))
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    return job


def found(sagemaker: Any, resource: str, name: str, value: str) -> Any:
    expression = {"Filters": [{"Name": name, "Operator": "Equals", "Value": value}]}
    (result,) = sagemaker.search(Resource=resource, SearchExpression=expression)["Results"]
    return result


def test_a_run_takes_over_what_its_jobs_log(sagemaker: Any, tmp_path: Path) -> None:
    config = make_run(sagemaker, "first")
    jobs = [
        run_job(
            sagemaker,
            tmp_path,
            name,
            SCRIPT,
            HyperParameters={"lr": "0.1", "depth": "3"},
            ExperimentConfig=config,
        )
        for name in ("first-a", "first-b")
    ]
    run = sagemaker.describe_trial_component(TrialComponentName="runs-first")
    assert run["Sources"] == [
        {"SourceArn": job["TrainingJobArn"], "SourceType": "SageMakerTrainingJob"} for job in jobs
    ]
    assert run["Parameters"]["depth"] == {"StringValue": "3", "NumberValue": 3.0}
    assert run["Parameters"]["lr"] == {"NumberValue": 7.0}  # the client's own word stays
    (metric,) = run["Metrics"]
    assert (metric["Count"], metric["Last"], metric["Max"]) == (4, 0.25, 0.5)
    assert (
        run["OutputArtifacts"]["SageMaker.ModelArtifact"]["Value"]
        == (jobs[0]["ModelArtifacts"]["S3ModelArtifacts"])
    )
    assert run["Status"]["Message"] == "Within a run context"
    assert (
        found(sagemaker, "ExperimentTrialComponent", "TrialComponentName", "runs-first")[
            "TrialComponent"
        ]["RunName"]
        == "runs-first"
    )


def test_a_script_finds_its_run_by_its_job(sagemaker: Any, tmp_path: Path) -> None:
    config = make_run(sagemaker, "loaded")
    run_job(sagemaker, tmp_path, "loads", LOADING_SCRIPT, ExperimentConfig=config)
    run = sagemaker.describe_trial_component(TrialComponentName="runs-loaded")
    assert run["Parameters"]["seen"] == {"NumberValue": 1.0}
    assert [metric["MetricName"] for metric in run["Metrics"]] == ["mine"]


def test_a_run_that_is_not_there_is_refused(sagemaker: Any, tmp_path: Path) -> None:
    code = write_code(tmp_path / "code", SCRIPT)
    config = {"ExperimentName": "runs", "RunName": "nowhere"}
    with pytest.raises(ClientError) as caught:
        sagemaker.create_training_job(
            **job_request("no-run", code, tmp_path / "out", ExperimentConfig=config)
        )
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"


def test_a_record_holds_its_job_in_full(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    tags = [{"Key": "Team", "Value": "vision"}]
    job = run_job(sagemaker, tmp_path, "detailed", SCRIPT, Tags=tags)
    expression = {
        "Filters": [
            {"Name": "Source.SourceArn", "Operator": "Equals", "Value": job["TrainingJobArn"]}
        ]
    }
    body = {"Resource": "ExperimentTrialComponent", "SearchExpression": expression}
    answer = call(local_service, "Search", body).json
    assert_fits("Search", answer)
    detail = answer["Results"][0]["TrialComponent"]["SourceDetail"]
    assert detail["SourceArn"] == job["TrainingJobArn"]
    assert detail["TrainingJob"]["TrainingJobStatus"] == "Completed"
    assert detail["TrainingJob"]["HyperParameters"]["sagemaker_program"] == '"train.py"'
    assert detail["TrainingJob"]["Tags"] == tags

    sagemaker.delete_training_job(TrainingJobName="detailed")
    answer = call(local_service, "Search", body).json
    detail = answer["Results"][0]["TrialComponent"]["SourceDetail"]
    assert detail == {"SourceArn": job["TrainingJobArn"]}


def test_models_are_found_with_their_endpoints(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    code = "def model_fn(d): return 1\ndef transform_fn(m, d, c, a): return b'1', 'text/plain'"
    data = make_archive(tmp_path / "model.tar.gz", {"code/inference.py": code})
    create_model(sagemaker, "searched", data)
    create_model(sagemaker, "idle", data)
    sagemaker.add_tags(
        ResourceArn=sagemaker.describe_model(ModelName="idle")["ModelArn"],
        Tags=[{"Key": "Stage", "Value": "try"}],
    )
    assert serve(sagemaker, "searched")["EndpointStatus"] == "InService"
    record = found(sagemaker, "Model", "ModelName", "Searched")["Model"]
    assert record["Model"]["PrimaryContainer"]["ModelDataUrl"] == str(data)
    assert [item["EndpointName"] for item in record["Endpoints"]] == ["searched"]
    record = found(sagemaker, "Model", "Tags.Stage", "try")["Model"]
    assert record["Model"]["ModelName"] == "idle"
    assert record["Endpoints"] == []
    answer = call(local_service, "Search", {"Resource": "Model"}).json
    assert_fits("Search", answer)
    names = [item["Model"]["Model"]["ModelName"] for item in answer["Results"]]
    assert names == ["idle", "searched"]
