"""Killed in the middle of writing: everything acknowledged is there after the restart."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import psutil
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from smx_lab.core.connection import LocalService
from tests.support.local.clients import make_client

CLIENTS = 4


class Writer(threading.Thread):
    """Creates and associates until the service is gone; remembers what was acknowledged."""

    def __init__(self, service: LocalService, number: int, round_: int) -> None:
        super().__init__()
        self._client = make_client("sagemaker", service)
        self._metrics = make_client("sagemaker-metrics", service)
        self._prefix = f"r{round_}-w{number}"
        self.created: list[str] = []
        self.associated: list[str] = []
        self.points: dict[str, int] = {}

    def run(self) -> None:
        try:
            for number in range(100_000):
                self._write(f"{self._prefix}-{number}")
        except (BotoCoreError, ClientError):
            return  # the service was killed

    def _write(self, name: str) -> None:
        self._client.create_trial_component(
            TrialComponentName=name, Parameters={"n": {"NumberValue": 1}}
        )
        self.created.append(name)
        self._client.associate_trial_component(TrialComponentName=name, TrialName="killed")
        self.associated.append(name)
        for step in range(2):
            point = {"MetricName": "loss", "Timestamp": time.time(), "Value": step, "Step": step}
            self._metrics.batch_put_metrics(TrialComponentName=name, MetricData=[point])
            self.points[name] = step + 1


def everything(service: LocalService):
    """Return name, trials and number of points of every trial component, by Search."""
    client = make_client("sagemaker", service)
    found, token = {}, None
    while True:
        answer = client.search(
            Resource="ExperimentTrialComponent",
            SortBy="CreationTime",
            MaxResults=100,
            **({"NextToken": token} if token else {}),
        )
        for result in answer["Results"]:
            record = result["TrialComponent"]
            assert record["TrialComponentName"] not in found, "a record came twice"
            counts = [metric["Count"] for metric in record.get("Metrics", [])]
            found[record["TrialComponentName"]] = (len(record["Parents"]), sum(counts))
        token = answer.get("NextToken")
        if token is None:
            return found


def test_a_kill_in_the_middle_of_writing_loses_nothing_acknowledged(start_service, tmp_path):
    service = start_service(tmp_path / "data")
    client = make_client("sagemaker", service)
    client.create_experiment(ExperimentName="killed")
    client.create_trial(TrialName="killed", ExperimentName="killed")
    writers: list[Writer] = []
    for round_ in range(3):
        running = [Writer(service, number, round_) for number in range(CLIENTS)]
        for writer in running:
            writer.start()
        deadline = time.monotonic() + 60
        while sum(len(writer.associated) for writer in running) < 40:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        os.kill(service.pid, signal.SIGKILL)
        for writer in running:
            writer.join(60)
        writers += running
        service = start_service(tmp_path / "data")
    found = everything(service)
    for writer in writers:
        assert set(writer.created) <= set(found)
        assert all(found[name][0] == 1 for name in writer.associated)
        assert all(found[name][1] >= count for name, count in writer.points.items())
    # At most one write a client was under way, done or not: nothing was invented.
    assert len(found) <= sum(len(writer.created) + 1 for writer in writers)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process's files")
def test_a_full_disk_is_told_and_what_was_acknowledged_stays(start_service, tmp_path):
    """Full for this one process: no file of its may grow beyond a bound."""
    service = start_service(tmp_path / "data")
    client = make_client("sagemaker", service)
    client.create_experiment(ExperimentName="before")
    log = tmp_path / "data" / "store.db-wal"
    process = psutil.Process(service.pid)
    process.rlimit(psutil.RLIMIT_FSIZE, (log.stat().st_size + 100_000, psutil.RLIM_INFINITY))
    kept = ["before"]

    def fill() -> None:
        for number in range(1000):
            name = f"e-{number}"
            client.create_experiment(ExperimentName=name, Description="x" * 3000)
            kept.append(name)

    with pytest.raises(ClientError, match="The change could not be stored") as caught:
        fill()
    assert caught.value.response["Error"]["Code"] == "ServiceUnavailable"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    refused = f"e-{len(kept) - 1}"
    assert client.describe_experiment(ExperimentName=kept[-1])["Description"] == "x" * 3000
    with pytest.raises(ClientError, match="does not exist"):
        client.describe_experiment(ExperimentName=refused)
    process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    client.create_experiment(ExperimentName="room-again")
    os.kill(service.pid, signal.SIGKILL)
    again = make_client("sagemaker", start_service(tmp_path / "data"))
    found = []
    for page in again.get_paginator("list_experiments").paginate(SortOrder="Ascending"):
        found += [item["ExperimentName"] for item in page["ExperimentSummaries"]]
    assert found == [*kept, "room-again"]
