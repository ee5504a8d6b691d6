"""Logs of jobs and endpoints, read as CloudWatch Logs through boto3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from smx_lab.local.logs.log_file import LogWriter, read_lines
from tests.support.local.clients import make_client
from tests.support.local.training import create_model, job_request, make_archive, serve, write_code
from tests.support.waiting import wait_for_job

GROUP = "/aws/sagemaker/TrainingJobs"


@pytest.fixture(scope="module")
def logs(local_service: LocalService) -> Any:
    return make_client("logs", local_service)


@pytest.fixture(scope="module")
def stream(sagemaker: Any, logs: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The stream of a job that printed the lines 0 to 99."""
    folder = tmp_path_factory.mktemp("job")
    code = write_code(folder / "code", "for number in range(100): print('line', number)")
    sagemaker.create_training_job(**job_request("talks", code, folder / "out"))
    wait_for_job(sagemaker, "talks")
    (found,) = logs.describe_log_streams(
        logGroupName=GROUP, logStreamNamePrefix="talks/", orderBy="LogStreamName"
    )["logStreams"]
    return str(found["logStreamName"])


def lines(answer: Any) -> list[str]:
    return [event["message"] for event in answer["events"]]


def test_a_stream_is_named_after_its_job_and_host(stream: str) -> None:
    assert stream.startswith("talks/algo-1-")


def test_a_stream_is_read_from_its_head_page_by_page(logs: Any, stream: str) -> None:
    read: list[str] = []
    more: dict[str, Any] = {"startFromHead": True}
    while True:
        answer = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, limit=30, **more)
        read += lines(answer)
        if not answer["events"]:
            assert answer["nextForwardToken"] == more["nextToken"]
            break
        more = {"nextToken": answer["nextForwardToken"]}
    assert read == [f"line {number}" for number in range(100)]


def test_without_a_token_the_end_is_answered_and_then_what_was_before(
    logs: Any, stream: str
) -> None:
    answer = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, limit=10)
    assert lines(answer) == [f"line {number}" for number in range(90, 100)]
    earlier = logs.get_log_events(
        logGroupName=GROUP,
        logStreamName=stream,
        limit=5,
        nextToken=answer["nextBackwardToken"],
    )
    assert lines(earlier) == [f"line {number}" for number in range(85, 90)]


def test_an_endpoint_has_a_group_of_its_own(sagemaker: Any, logs: Any, tmp_path: Path) -> None:
    script = "print('loading')\ndef model_fn(model_dir):\n    return 1\n"
    create_model(
        sagemaker, "speaks", make_archive(tmp_path / "m.tar.gz", {"code/inference.py": script})
    )
    serve(sagemaker, "speaks")
    group = "/aws/sagemaker/Endpoints/speaks"
    (found,) = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert found["logStreamName"].startswith("AllTraffic/")
    answer = logs.get_log_events(logGroupName=group, logStreamName=found["logStreamName"])
    assert lines(answer)[:2] == ["loading", "The model is loaded."]


@pytest.mark.parametrize(
    "group", ["/aws/lambda/other", "/aws/sagemaker/Endpoints/nobody", "/aws/sagemaker/Endpoints/.."]
)
def test_a_group_that_is_not_there_is_not_found(logs: Any, group: str) -> None:
    with pytest.raises(ClientError) as caught:
        logs.describe_log_streams(logGroupName=group)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_stream_that_is_not_there_is_not_found(logs: Any, stream: str) -> None:
    with pytest.raises(ClientError) as caught:
        logs.get_log_events(logGroupName=GROUP, logStreamName="../../store.db")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_the_lines_of_all_streams_are_filtered_page_by_page(logs: Any, stream: str) -> None:
    read: list[str] = []
    request: dict[str, Any] = {"logGroupName": GROUP, "filterPattern": "line -0 -5", "limit": 30}
    while True:
        answer = logs.filter_log_events(**request)
        read += lines(answer)
        assert {event["logStreamName"] for event in answer["events"]} == {stream}
        if "nextToken" not in answer:
            break
        request["nextToken"] = answer["nextToken"]
    assert read == [f"line {number}" for number in range(100) if not {*"05"} & {*str(number)}]


@pytest.fixture(scope="module")
def woven(local_service: LocalService) -> list[tuple[int, str, str]]:
    """What three runs of an endpoint have logged in turn: time, stream and text, in order."""
    folder = Path(local_service.data_dir) / "endpoints" / "woven" / "AllTraffic"
    said: list[tuple[int, str, str]] = []
    for run in range(3):
        (folder / f"{run}").mkdir(parents=True)
        writer = LogWriter(folder / f"{run}" / "log")
        for number in range(60):
            time_ms = 1000 + 10 * (number // 4) + run * (number % 2)
            writer.write(f"run {run} line {number}", time_ms)
        writer.close()
        kept = list(read_lines(folder / f"{run}" / "log"))
        said += [(line.time_ms, f"AllTraffic/{run}", line.text) for line in kept]
    return sorted(said, key=lambda line: line[:2])


@pytest.mark.parametrize("limit", [1, 7, 59, 180, 500])
@pytest.mark.parametrize(
    "within", [{}, {"startTime": 1040}, {"startTime": 1011, "endTime": 1081}, {"endTime": 1000}]
)
def test_streams_that_were_written_in_turn_are_woven_into_one(
    logs: Any, woven: list[tuple[int, str, str]], limit: int, within: dict[str, int]
) -> None:
    read: list[tuple[int, str, str]] = []
    group = "/aws/sagemaker/Endpoints/woven"
    request: dict[str, Any] = {
        "logGroupName": group,
        "limit": limit,
        "filterPattern": "-9",
        **within,
    }
    while True:
        answer = logs.filter_log_events(**request)
        read += [(e["timestamp"], e["logStreamName"], e["message"]) for e in answer["events"]]
        if "nextToken" not in answer:
            break
        assert len(answer["events"]) == limit
        request["nextToken"] = answer["nextToken"]
    first, last = within.get("startTime", 0), within.get("endTime", 10_000)
    assert read == [line for line in woven if first <= line[0] < last and "9" not in line[2]]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('"line 7"', ["line 7", *(f"line {number}" for number in range(70, 80))]),
        ("?97 ?98", ["line 97", "line 98"]),
        ("LINE", []),
    ],
)
def test_words_of_a_pattern(logs: Any, stream: str, pattern: str, expected: list[str]) -> None:
    answer = logs.filter_log_events(
        logGroupName=GROUP, logStreamNames=[stream], filterPattern=pattern
    )
    assert lines(answer) == expected


def test_a_pattern_of_another_kind_is_refused(logs: Any, stream: str) -> None:
    with pytest.raises(ClientError, match="JSON, columns and regular expressions are not offered"):
        logs.filter_log_events(logGroupName=GROUP, filterPattern='{ $.level = "ERROR" }')


def test_the_groups_are_told(logs: Any, stream: str) -> None:
    (group,) = logs.describe_log_groups(logGroupNamePattern="TrainingJobs")["logGroups"]
    assert group["logGroupName"] == GROUP
    assert group["storedBytes"] > 0
