"""Search over training jobs, by what is theirs alone: hyperparameters, channels, final metrics."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from tests.support.local.clients import make_client
from tests.support.local.training import channel, job_request, write_code
from tests.support.waiting import wait_for_job


@pytest.fixture(scope="module", autouse=True)
def world(local_service: LocalService, tmp_path_factory: pytest.TempPathFactory) -> None:
    sagemaker = make_client("sagemaker", local_service)
    folder = tmp_path_factory.mktemp("job")
    channels = []
    for name, place in (("train", "digits"), ("test", "letters")):
        (folder / place).mkdir()
        (folder / place / "a.csv").write_text("1")
        channels.append(channel(name, folder / place, ContentType="text/csv"))
    request = job_request(
        "job", write_code(folder / "code", "print('Train Loss: 0.5;')"), folder / "out"
    )
    request["HyperParameters"]["rate"] = "0.9"
    sagemaker.create_training_job(**request, InputDataConfig=channels)
    assert wait_for_job(sagemaker, "job")["TrainingJobStatus"] == "Completed"


def is_found(sagemaker: Any, expression: dict[str, Any]) -> bool:
    answer = sagemaker.search(Resource="TrainingJob", SearchExpression=expression)
    return bool(answer["Results"])


def test_one_channel_must_meet_all_nested_filters(sagemaker: Any):
    def channels(name: str, place: str) -> list[dict[str, str]]:
        uri = "InputDataConfig.DataSource.S3DataSource.S3Uri"
        return [
            {"Name": "InputDataConfig.ChannelName", "Operator": "Equals", "Value": name},
            {"Name": uri, "Operator": "Contains", "Value": place},
        ]

    def nested(name: str, place: str) -> dict[str, Any]:
        inner = {"NestedPropertyName": "InputDataConfig", "Filters": channels(name, place)}
        return {"NestedFilters": [inner]}

    assert is_found(sagemaker, nested("train", "/digits"))
    assert is_found(sagemaker, nested("test", "/letters"))
    assert not is_found(sagemaker, nested("train", "/letters"))
    # Flat filters may be met by different channels.
    assert is_found(sagemaker, {"Filters": channels("train", "/letters")})
    with pytest.raises(ClientError, match=r"Unknown property name: InputDataConfig\.Colour"):
        is_found(sagemaker, {"Filters": [{"Name": "InputDataConfig.Colour"}]})


def test_no_job_is_of_a_tuning_job(sagemaker: Any):
    tuning = {"Name": "TuningJobArn", "Operator": "NotExists"}
    assert is_found(sagemaker, {"Filters": [tuning]})


@pytest.mark.parametrize(
    ("operator", "value", "matches"),
    [
        ("Equals", "0", True),
        ("Equals", "0.9", True),
        ("Equals", "0.0", False),
        ("Equals", "1", False),
        ("NotEquals", "0", False),
        ("LessThan", "1", True),
        ("LessThan", "0.5", False),
        ("GreaterThan", "0", False),
        ("GreaterThan", "0.5", True),
    ],
)
def test_a_decimal_hyperparameter_beside_an_integer_is_an_integer(
    sagemaker: Any, operator: str, value: str, matches: bool
):
    found = sagemaker.search(
        Resource="TrainingJob",
        SearchExpression={
            "Filters": [{"Name": "HyperParameters.rate", "Operator": operator, "Value": value}]
        },
    )
    assert bool(found["Results"]) is matches
