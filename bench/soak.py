"""Kill the service repeatedly while clients write and search, then check that nothing is lost.

Every acknowledged write must be found, nothing may be there twice, and no client may wait for ever.
``python3 dev.py bench soak`` runs for two minutes; the tests run a short one.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bench import _ends
from smx_lab.core.connection import LocalService
from smx_lab.core.errors import ServiceUnavailable
from smx_lab.local.home import launch

TRIAL = "soak"
STUCK_S = 90.0
"""A call or a start that takes longer counts as a deadlock."""


@dataclass
class Written:
    """The acknowledged writes of one client, and those without a response."""

    created: set[str] = field(default_factory=set)
    associated: set[str] = field(default_factory=set)
    points: dict[str, int] = field(default_factory=dict)
    doubtful_points: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    searches: int = 0


@dataclass
class Outcome:
    """The result of a soak. ``faults`` is empty if there are none."""

    kills: int
    writes: int
    searches: int
    found: int
    faults: list[str]


class Soak:
    """One service, the thread that kills it, and its clients."""

    def __init__(self, data_dir: Path, clients: int) -> None:
        self._data_dir = data_dir
        self._stop = threading.Event()
        self.service: LocalService = launch.ensure_running(data_dir)
        self.written = [Written() for _ in range(clients)]
        self.faults: list[str] = []

    def run(self, seconds: float, kills: int) -> Outcome:
        """Run for some seconds, with kills at irregular times."""
        sagemaker = client("sagemaker", self.service)
        sagemaker.create_experiment(ExperimentName=TRIAL)
        sagemaker.create_trial(TrialName=TRIAL, ExperimentName=TRIAL)
        threads = [
            threading.Thread(target=self._client, args=(number,), daemon=True)
            for number in range(len(self.written))
        ]
        for thread in threads:
            thread.start()
        number = random.Random(1)
        for _ in range(kills):
            time.sleep(seconds / kills * number.uniform(0.5, 1.5))
            os.kill(self.service.pid, signal.SIGKILL)
            self.service = launch.ensure_running(self._data_dir)
        self._stop.set()
        for thread in threads:
            thread.join(STUCK_S)
            if thread.is_alive():
                self.faults.append("a client waits for ever")
        return self._count(kills)

    def _client(self, number: int) -> None:
        """Write and search until stopped, and continue after each kill."""
        written = self.written[number]
        names = (f"soak-{number}-{at}" for at in itertools.count())
        while not self._stop.is_set():
            service = self.service
            sagemaker, metrics = client("sagemaker", service), client("sagemaker-metrics", service)
            try:
                while not self._stop.is_set():
                    self._write(sagemaker, metrics, next(names), written)
                    self._search(sagemaker, written)
            except ClientError as error:
                self.faults.append(str(error))
            except (BotoCoreError, ServiceUnavailable):
                self._stop.wait(0.05)  # killed; the next service may have another port

    def _write(self, sagemaker: Any, metrics: Any, name: str, written: Written) -> None:
        written.asked += 1
        sagemaker.create_trial_component(
            TrialComponentName=name, Parameters={"n": {"NumberValue": written.asked}}
        )
        written.created.add(name)
        sagemaker.associate_trial_component(TrialComponentName=name, TrialName=TRIAL)
        written.associated.add(name)
        written.doubtful_points[name] = 3
        points = [
            {"MetricName": "loss", "Timestamp": time.time(), "Step": step, "Value": step / 7}
            for step in range(3)
        ]
        answer = metrics.batch_put_metrics(TrialComponentName=name, MetricData=points)
        if answer.get("Errors"):
            self.faults.append(f"{name}: {answer['Errors']}")
        written.points[name] = 3

    def _search(self, sagemaker: Any, written: Written) -> None:
        """Check that Search finds the acknowledged writes of this client at once."""
        newest = max(written.created, key=lambda name: int(name.rpartition("-")[2]))
        answer = sagemaker.search(
            Resource="ExperimentTrialComponent",
            SearchExpression={"Filters": [{"Name": "TrialComponentName", "Value": newest}]},
            SortBy="Metrics.loss.Max",
        )
        written.searches += 1
        if len(answer["Results"]) != 1:
            self.faults.append(f"{newest} was found {len(answer['Results'])} times")

    def _count(self, kills: int) -> Outcome:
        found: dict[str, tuple[int, int]] = {}
        request: dict[str, Any] = {"MaxResults": 100, "SortBy": "CreationTime"}
        sagemaker = client("sagemaker", self.service)
        while True:
            answer = sagemaker.search(Resource="ExperimentTrialComponent", **request)
            for result in answer["Results"]:
                record = result["TrialComponent"]
                if record["TrialComponentName"] in found:
                    self.faults.append(f"{record['TrialComponentName']} is there twice")
                points = sum(metric["Count"] for metric in record.get("Metrics", []))
                found[record["TrialComponentName"]] = (len(record["Parents"]), points)
            if "NextToken" not in answer:
                break
            request["NextToken"] = answer["NextToken"]
        for written in self.written:
            self._compare(written, found)
        asked = sum(written.asked for written in self.written)
        if len(found) > asked:
            self.faults.append(f"{len(found)} are there, and {asked} were asked for")
        return Outcome(
            kills,
            sum(len(w.created) + len(w.associated) + len(w.points) for w in self.written),
            sum(w.searches for w in self.written),
            len(found),
            self.faults,
        )

    def _compare(self, written: Written, found: dict[str, tuple[int, int]]) -> None:
        for name in written.created - set(found):
            self.faults.append(f"{name} was acknowledged and is lost")
        for name in written.associated & set(found):
            if found[name][0] != 1:
                self.faults.append(f"{name} is in {found[name][0]} trials")
        for name, (_, points) in found.items():
            wanted, most = written.points.get(name, 0), written.doubtful_points.get(name, 0)
            if name in written.created and not wanted <= points <= most:
                self.faults.append(f"{name} has {points} points of {wanted} to {most}")


def client(name: str, service: LocalService) -> Any:
    """Return a client without retries, since a retry would hide the result of the first call."""
    return boto3.session.Session().client(
        name,
        endpoint_url=service.sagemaker_url,
        aws_access_key_id=service.access_key_id,
        aws_secret_access_key=service.secret_access_key,
        region_name=service.region,
        config=Config(
            retries={"total_max_attempts": 1}, connect_timeout=STUCK_S, read_timeout=STUCK_S
        ),
    )


def soak(data_dir: Path, clients: int, seconds: float, kills: int) -> Outcome:
    """Run one soak on a data directory, and stop its service at the end."""
    try:
        return Soak(data_dir, clients).run(seconds, kills)
    finally:
        launch.stop(data_dir)


def main() -> int:
    """Run a soak and print the result; return 1 if anything was lost, doubled or stuck."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--kills", type=int, default=20)
    # dev.py bench passes the options of all benchmarks to each of them.
    options, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="smx-lab-soak-") as folder:
        outcome = soak(Path(folder) / "data", options.clients, options.seconds, options.kills)
    print(
        f"{outcome.kills} kills, {outcome.writes} acknowledged writes, {outcome.searches} "
        f"searches, {outcome.found} trial components found, {len(outcome.faults)} faults"
    )
    for fault in outcome.faults[:20]:
        print(f"  {fault}")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    _ends.run(main)
