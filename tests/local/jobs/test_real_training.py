"""One training of scikit-learn's handwritten digits, looked at from every side."""

from __future__ import annotations

import json
import re
import statistics
import tarfile
from pathlib import Path
from typing import Any

import pytest

from smx_lab.core.connection import LocalService
from tests.support.local.training import (
    DIGITS_SCRIPT,
    METRIC_DEFINITIONS,
    channel,
    job_request,
    serve,
    write_code,
)
from tests.support.waiting import wait_for_job

pytest.importorskip("sklearn")

NAME = "digits-20"
COMPONENT = f"{NAME}-aws-training-job"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("digits")


@pytest.fixture(scope="module")
def job(sagemaker: Any, folder: Path) -> Any:
    code = write_code(folder / "code", DIGITS_SCRIPT)
    data = folder / "data"
    data.mkdir()
    (data / "normalization.csv").write_text("4.884\n6.016\n")
    sagemaker.create_experiment(ExperimentName="digits")
    sagemaker.create_trial(ExperimentName="digits", TrialName="hidden-20")
    sagemaker.create_training_job(
        **job_request(
            NAME,
            code,
            folder / "out",
            HyperParameters={"hidden_channels": "20", "epochs": "6", "optimizer": '"adam"'},
            InputDataConfig=[channel("training", data.as_uri(), ContentType="text/csv")],
            ExperimentConfig={"TrialName": "hidden-20", "TrialComponentDisplayName": "Training"},
            Tags=[{"Key": "team", "Value": "vision"}],
        )
    )
    return wait_for_job(sagemaker, NAME)


@pytest.fixture(scope="module")
def component(job: Any, sagemaker: Any) -> Any:
    return sagemaker.describe_trial_component(TrialComponentName=COMPONENT)


@pytest.fixture(scope="module")
def logged(job: Any, local_service: LocalService) -> dict[str, list[float]]:
    """The values of each metric, taken from the job's log by hand."""
    log = Path(local_service.data_dir) / "training-jobs" / NAME / "log"
    text = log.read_text()
    return {
        item["Name"]: [float(value) for value in re.findall(item["Regex"], text)]
        for item in METRIC_DEFINITIONS
    }


def test_it_completes_through_the_recorded_statuses(job: Any) -> None:
    transitions = job["SecondaryStatusTransitions"]
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Completed"
    assert [(step["Status"], step["StatusMessage"]) for step in transitions] == [
        ("Starting", "Preparing the instances for training"),
        ("Downloading", "Downloading input data"),
        ("Training", "Training image download completed. Training in progress."),
        ("Uploading", "Uploading generated training model"),
        ("Completed", "Training job completed"),
    ]
    assert transitions[-1]["StartTime"] == transitions[-1]["EndTime"] == job["TrainingEndTime"]
    assert [step["EndTime"] for step in transitions[:-1]] == [
        step["StartTime"] for step in transitions[1:]
    ]
    assert job["TrainingStartTime"] == transitions[0]["EndTime"]
    assert "FailureReason" not in job


def test_its_description_gives_back_what_was_asked_for(job: Any, folder: Path) -> None:
    assert job["HyperParameters"]["hidden_channels"] == "20"
    assert job["InputDataConfig"][0]["ChannelName"] == "training"
    assert job["ExperimentConfig"]["TrialName"] == "hidden-20"
    assert job["AlgorithmSpecification"]["EnableSageMakerMetricsTimeSeries"] is True
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": f"{folder}/out/{NAME}/output/model.tar.gz"}


def test_its_model_archive_holds_what_the_script_saved(job: Any) -> None:
    with tarfile.open(job["ModelArtifacts"]["S3ModelArtifacts"]) as tar:
        assert tar.getnames() == ["model.joblib"]


@pytest.mark.parametrize("name", [item["Name"] for item in METRIC_DEFINITIONS])
def test_a_metric_summary_equals_what_the_log_says(
    name: str, component: Any, logged: dict[str, list[float]]
) -> None:
    values = logged[name]
    summary = next(item for item in component["Metrics"] if item["MetricName"] == name)
    assert summary["Count"] == len(values) == 6
    assert summary["Last"] == values[-1]
    assert summary["Max"] == max(values)
    assert summary["Min"] == min(values)
    assert summary["Avg"] == pytest.approx(statistics.fmean(values), rel=1e-12)
    assert summary["StdDev"] == pytest.approx(statistics.stdev(values), rel=1e-9)


def test_the_final_metrics_of_the_job_are_the_last_of_the_log(
    job: Any, logged: dict[str, list[float]]
) -> None:
    final = {item["MetricName"]: item["Value"] for item in job["FinalMetricDataList"]}
    assert final == {name: pytest.approx(values[-1], rel=1e-6) for name, values in logged.items()}


def test_the_series_can_be_read_by_the_jobs_arn(
    job: Any, metrics_client: Any, logged: dict[str, list[float]]
) -> None:
    query = {
        "MetricName": "test:accuracy",
        "ResourceArn": job["TrainingJobArn"],
        "MetricStat": "Last",
        "Period": "OneMinute",
        "XAxisType": "Timestamp",
    }
    (result,) = metrics_client.batch_get_metrics(MetricQueries=[query])["MetricQueryResults"]
    assert result["Status"] == "Complete"
    assert result["MetricValues"][-1] == logged["test:accuracy"][-1]


def test_its_trial_component_tells_parameters_inputs_and_the_model(
    job: Any, component: Any, folder: Path
) -> None:
    assert component["DisplayName"] == "Training"
    assert component["Source"] == {
        "SourceArn": job["TrainingJobArn"],
        "SourceType": "SageMakerTrainingJob",
    }
    assert component["Parameters"] == {
        "SageMaker.ImageUri": {"StringValue": "sagemaker-scikit-learn:1.2-1-cpu-py3"},
        "SageMaker.InstanceCount": {"NumberValue": 1.0},
        "SageMaker.InstanceType": {"StringValue": "ml.m5.xlarge"},
        "SageMaker.VolumeSizeInGB": {"NumberValue": 30.0},
        "hidden_channels": {"StringValue": "20", "NumberValue": 20.0},
        "epochs": {"StringValue": "6", "NumberValue": 6.0},
        "optimizer": {"StringValue": '"adam"'},
        "sagemaker_program": {"StringValue": '"train.py"'},
        "sagemaker_submit_directory": {"StringValue": f'"{folder}/code"'},
    }
    assert component["InputArtifacts"] == {
        "training": {"Value": (folder / "data").as_uri(), "MediaType": "text/csv"}
    }
    assert component["OutputArtifacts"] == {
        "SageMaker.ModelArtifact": {"Value": f"{folder}/out/{NAME}/output/model.tar.gz"}
    }


def test_its_trial_component_mirrors_status_and_times(job: Any, component: Any) -> None:
    assert component["Status"] == {
        "PrimaryStatus": "Completed",
        "Message": "Status: Completed, secondary status: Completed, failure reason: .",
    }
    assert component["StartTime"] == job["TrainingStartTime"]
    assert component["EndTime"] == job["TrainingEndTime"]
    assert component["LastModifiedBy"] == {}


def test_its_trial_component_is_in_the_trial_with_the_jobs_tags(job: Any, sagemaker: Any) -> None:
    found = sagemaker.list_trial_components(TrialName="hidden-20")["TrialComponentSummaries"]
    assert [item["TrialComponentName"] for item in found] == [COMPONENT]
    arn = found[0]["TrialComponentArn"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "vision"}]


def test_what_only_the_running_job_needed_is_removed(job: Any, local_service: LocalService) -> None:
    base = Path(local_service.data_dir) / "training-jobs" / NAME / "ml"
    assert not (base / "input" / "data").exists()
    assert (base / "input" / "config" / "hyperparameters.json").exists()


def test_its_model_answers_from_an_endpoint_as_it_does_here(
    job: Any, sagemaker: Any, runtime: Any, folder: Path, tmp_path: Path
) -> None:
    import joblib
    import numpy as np
    from sklearn.datasets import load_digits

    artifacts = job["ModelArtifacts"]["S3ModelArtifacts"]
    sagemaker.create_model(
        ModelName=NAME,
        ExecutionRoleArn=job["RoleArn"],
        PrimaryContainer={
            "Image": job["AlgorithmSpecification"]["TrainingImage"],
            "ModelDataUrl": artifacts,
            "Environment": {
                "SAGEMAKER_PROGRAM": "train.py",
                "SAGEMAKER_SUBMIT_DIRECTORY": str(folder / "code"),
            },
        },
    )
    serve(sagemaker, NAME)
    digits = (load_digits().data[:5] - 4.884) / 6.016
    answer = runtime.invoke_endpoint(
        EndpointName=NAME, ContentType="application/json", Body=json.dumps(digits.tolist())
    )
    with tarfile.open(artifacts) as tar:
        tar.extractall(tmp_path, filter="data")
    model = joblib.load(tmp_path / "model.joblib")
    expected = model.predict(digits.astype(np.float32)).tolist()
    assert json.loads(answer["Body"].read()) == expected
    assert answer["ContentType"] == "application/json"
    assert answer["InvokedProductionVariant"] == "AllTraffic"


@pytest.mark.parametrize(
    ("name", "operator", "value"),
    [
        ("TrainingJobName", "Equals", "DIGITS-20"),
        ("TrainingJobStatus", "Equals", "Completed"),
        ("HyperParameters.hidden_channels", "GreaterThan", "19"),
        ("hyperparameters.optimizer", "Contains", "adam"),
        ("Metrics.test:accuracy", "GreaterThan", "1"),
        ("ResourceConfig.InstanceType", "Equals", "ml.m5.xlarge"),
        ("ExperimentConfig.TrialName", "Equals", "hidden-20"),
        ("Tags.team", "Equals", "vision"),
        ("ModelArtifacts.S3ModelArtifacts", "Exists", None),
    ],
)
def test_the_job_is_found_by_what_is_in_it(
    job: Any, sagemaker: Any, name: str, operator: str, value: str | None
) -> None:
    condition = {"Name": name, "Operator": operator, **({"Value": value} if value else {})}
    found = sagemaker.search(Resource="TrainingJob", SearchExpression={"Filters": [condition]})
    (record,) = [item["TrainingJob"] for item in found["Results"]]
    assert record["TrainingJobArn"] == job["TrainingJobArn"]
    assert record["FinalMetricDataList"] == job["FinalMetricDataList"]
    assert record["Tags"] == [{"Key": "team", "Value": "vision"}]
