"""Batch transform jobs through boto3: how input is cut up, what comes out, what fails."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from tests.support.local.training import create_model, make_archive
from tests.support.local.wire import assert_fits, call
from tests.support.waiting import eventually, wait_for_job

# Answers the sum of each line, and how many lines came at once.
MODEL = """
import os, time
def model_fn(model_dir):
    return 1
def transform_fn(model, data, content_type, accept):
    if "wait" in data:
        time.sleep(600)
    lines = data.splitlines()
    sums = [str(sum(int(number) for number in line.split(","))) for line in lines]
    assert os.environ["SAGEMAKER_BATCH"] == "true"
    return "\\n".join(f"{total}/{len(lines)}" for total in sums), "text/csv"
"""


@pytest.fixture(scope="module", autouse=True)
def _model(sagemaker: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("model")
    data = make_archive(folder / "model.tar.gz", {"code/inference.py": MODEL})
    create_model(sagemaker, "sums", data)


def job_request(name: str, source: Path, target: Path, **members: Any) -> dict[str, Any]:
    split = members.pop("SplitType", "Line")
    return {
        "TransformJobName": name,
        "ModelName": "sums",
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": str(source)}},
            "ContentType": "text/csv",
            "SplitType": split,
            "CompressionType": members.pop("CompressionType", "None"),
        },
        "TransformOutput": {"S3OutputPath": str(target), "AssembleWith": "Line"},
        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        **members,
    }


def run(sagemaker: Any, request: dict[str, Any]) -> Any:
    sagemaker.create_transform_job(**request)
    return wait(sagemaker, request["TransformJobName"])


def wait(sagemaker: Any, name: str) -> Any:
    return wait_for_job(sagemaker, name, "Transform")


def test_every_file_gets_its_answers_and_the_job_its_component(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    (source / "more").mkdir(parents=True)
    (source / "a.csv").write_text("1,2\n3,4\n")
    (source / "more" / "b.csv").write_text("5\n")
    sagemaker.create_experiment(ExperimentName="transformed")
    request = job_request(
        "sums", source, tmp_path / "out", ExperimentConfig={"ExperimentName": "transformed"}
    )
    job = run(sagemaker, request)
    assert job["TransformJobStatus"] == "Completed", job["FailureReason"]
    assert (tmp_path / "out" / "a.csv.out").read_text() == "3/2\n7/2\n"
    assert (tmp_path / "out" / "more" / "b.csv.out").read_text() == "5/1\n"

    component = sagemaker.describe_trial_component(TrialComponentName="sums-aws-transform-job")
    assert component["Source"]["SourceType"] == "SageMakerTransformJob"
    assert component["Status"]["Message"] == "Status: Completed, failure reason: null"
    assert set(component["Parameters"]) == {
        "SageMaker.InstanceCount",
        "SageMaker.InstanceType",
        "SageMaker.ModelName",
        "SageMaker.ModelPrimary.DataUrl",
        "SageMaker.ModelPrimary.Image",
    }
    assert component["InputArtifacts"]["SageMaker.TransformInput"]["Value"] == str(source)
    output = component["OutputArtifacts"]["SageMaker.TransformOutput"]
    assert output["Value"] == str(tmp_path / "out")
    (trial,) = sagemaker.list_trials(ExperimentName="transformed")["TrialSummaries"]
    assert trial["TrialName"] == "sums"

    arn = job["TransformJobArn"]
    expression = {"Filters": [{"Name": "Source.SourceArn", "Operator": "Equals", "Value": arn}]}
    body = {"Resource": "ExperimentTrialComponent", "SearchExpression": expression}
    found = call(local_service, "Search", body).json
    assert_fits("Search", found)
    detail = found["Results"][0]["TrialComponent"]["SourceDetail"]["TransformJob"]
    assert detail["ModelName"] == "sums"
    described = call(local_service, "DescribeTransformJob", {"TransformJobName": "sums"}).json
    assert_fits("DescribeTransformJob", described)
    assert_fits("ListTransformJobs", call(local_service, "ListTransformJobs", {}).json)


def test_records_go_one_by_one_or_a_file_goes_whole(sagemaker: Any, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("1\n2\n")
    single = job_request("single", source, tmp_path / "single", BatchStrategy="SingleRecord")
    assert run(sagemaker, single)["TransformJobStatus"] == "Completed"
    assert (tmp_path / "single" / "a.csv.out").read_text() == "1/1\n2/1\n"
    whole = job_request("whole", source, tmp_path / "whole", SplitType="None")
    assert run(sagemaker, whole)["TransformJobStatus"] == "Completed"
    assert (tmp_path / "whole" / "a.csv.out").read_text() == "1/2\n2/2\n"


def test_compressed_input_is_read(sagemaker: Any, tmp_path: Path) -> None:
    source = tmp_path / "a.csv.gz"
    source.write_bytes(gzip.compress(b"1,1\n"))
    request = job_request("zipped", source, tmp_path / "out", CompressionType="Gzip")
    assert run(sagemaker, request)["TransformJobStatus"] == "Completed"
    assert (tmp_path / "out" / "a.csv.gz.out").read_text() == "2/1\n"


def test_a_model_that_cannot_answer_fails_the_job(sagemaker: Any, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("one\n")
    request = job_request("fails", source, tmp_path / "out")
    request["ModelClientConfig"] = {"InvocationsMaxRetries": 0}
    job = run(sagemaker, request)
    assert job["TransformJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("AlgorithmError: a.csv: the model answered 500: ")
    assert "invalid literal for int()" in job["FailureReason"]
    assert not list((tmp_path / "out").iterdir())


def test_a_job_can_be_stopped_while_the_model_is_busy(sagemaker: Any, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("wait\n")
    sagemaker.create_transform_job(**job_request("busy", source, tmp_path / "out"))
    eventually(
        lambda: "TransformStartTime" in sagemaker.describe_transform_job(TransformJobName="busy")
    )
    sagemaker.stop_transform_job(TransformJobName="busy")
    assert wait(sagemaker, "busy")["TransformJobStatus"] == "Stopped"
    with pytest.raises(ClientError, match=r"the transform job is in status Stopped\."):
        sagemaker.stop_transform_job(TransformJobName="busy")


def test_what_cannot_run_is_refused_at_the_call(sagemaker: Any, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("1\n")

    def message(**members: Any) -> str:
        with pytest.raises(ClientError) as caught:
            sagemaker.create_transform_job(
                **{**job_request("refused", source, tmp_path / "out"), **members}
            )
        assert caught.value.response["Error"]["Code"] == "ValidationException"
        return str(caught.value.response["Error"]["Message"])

    assert message(ModelName="nowhere") == 'Could not find model "nowhere".'
    assert message(DataProcessing={"JoinSource": "Input"}) == (
        "The JoinSource Input is not offered locally."
    )
    lost = job_request("refused", tmp_path / "nowhere", tmp_path / "out")
    assert message(TransformInput=lost["TransformInput"]).startswith("No S3 objects found")
