"""Requests for training jobs through boto3: what is refused, what is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.local.training import channel, job_request, run_script, write_code


def refused(sagemaker: Any, request: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        sagemaker.create_training_job(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_name_in_use_is_refused_without_regard_to_case(sagemaker: Any, tmp_path: Path) -> None:
    job = run_script(sagemaker, tmp_path, "taken", "pass")
    code = tmp_path / "code"
    assert refused(sagemaker, job_request("TAKEN", code, tmp_path / "out")) == (
        "ResourceInUse",
        "Training job names must be unique within an AWS account and region, and a training job "
        f"with this name already exists ({job['TrainingJobArn']})",
    )


def test_missing_data_code_and_outputs_are_refused_at_the_call(
    sagemaker: Any, tmp_path: Path
) -> None:
    code, out = write_code(tmp_path / "code", "pass"), tmp_path / "out"
    (tmp_path / "empty").mkdir()

    def message(**members: Any) -> str:
        location = members.pop("code", code)
        error_code, text = refused(
            sagemaker, job_request("missing", location, members.pop("out", out), **members)
        )
        assert error_code == "ValidationException"
        return text

    for data in (tmp_path / "nowhere", tmp_path / "empty"):
        assert message(InputDataConfig=[channel("training", data)]).startswith(
            f'No S3 objects found under S3 URL "{data}" given in input data source. '
        )
    assert message(InputDataConfig=[channel("training", "file:///data/../etc")]) == (
        'The location "file:///data/../etc" climbs out by "..", which is refused.'
    )
    assert "cannot be read" in message(InputDataConfig=[channel("training", "https://host/data")])
    assert message(InputDataConfig=[channel("..", code)]) == 'A channel cannot have the name "..".'
    assert message(InputDataConfig=[channel("training", code)] * 2) == (
        "Channel training is given more than once."
    )
    assert message(code=tmp_path / "nowhere") == f"Could not find the code at {tmp_path}/nowhere."
    assert message(HyperParameters={"sagemaker_program": '"other.py"'}) == (
        f"Could not find the program other.py in {code}."
    )
    assert message(HyperParameters={"sagemaker_program": '"../code/train.py"'}) == (
        'The program "../code/train.py" is not inside the code.'
    )
    (tmp_path / "file").touch()
    assert message(out=tmp_path / "file" / "out") == (
        f"The output path {tmp_path}/file/out cannot be written to."
    )
    with pytest.raises(ClientError, match="Requested resource not found"):
        sagemaker.describe_training_job(TrainingJobName="missing")


def test_a_trial_that_does_not_exist_is_refused(sagemaker: Any, tmp_path: Path) -> None:
    code = write_code(tmp_path / "code", "pass")
    request = job_request(
        "no-trial", code, tmp_path / "out", ExperimentConfig={"TrialName": "nowhere"}
    )
    assert refused(sagemaker, request)[0] == "ResourceNotFound"


def test_stop_and_delete_are_refused_when_the_status_forbids_them(
    sagemaker: Any, tmp_path: Path
) -> None:
    run_script(sagemaker, tmp_path, "ended", "pass")
    with pytest.raises(ClientError, match=r"the training job is in status Completed\."):
        sagemaker.stop_training_job(TrainingJobName="ended")
    with pytest.raises(ClientError, match=r"Requested resource not found\."):
        sagemaker.stop_training_job(TrainingJobName="never-made")
    sagemaker.delete_training_job(TrainingJobName="ended")
    with pytest.raises(ClientError, match=r"Requested resource not found\."):
        sagemaker.describe_training_job(TrainingJobName="ended")


def test_jobs_are_listed_by_time_name_and_status(sagemaker: Any, tmp_path: Path) -> None:
    run_script(sagemaker, tmp_path, "listed-b", "pass")
    run_script(sagemaker, tmp_path, "listed-a", "raise SystemExit(1)")

    def names(**arguments: Any) -> list[str]:
        answer = sagemaker.list_training_jobs(NameContains="LISTED-", **arguments)
        return [job["TrainingJobName"] for job in answer["TrainingJobSummaries"]]

    assert names() == ["listed-b", "listed-a"]
    assert names(SortBy="Name") == ["listed-a", "listed-b"]
    assert names(SortOrder="Descending") == ["listed-a", "listed-b"]
    assert names(StatusEquals="Failed") == ["listed-a"]
