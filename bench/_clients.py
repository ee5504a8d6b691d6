"""The work of client processes on a server, and how many rounds a second they manage."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._peers import Peer, mlflow_python

PARAMETERS, METRICS, STEPS = 12, 10, 20
ARTIFACTS = 2


def rate(work: str, peer: Peer, clients: int, seconds: float) -> tuple[float, float]:
    """Return the rounds a second of all client processes, and the server's CPU ms a round."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients + 1)
    results = context.Queue()
    processes = [
        context.Process(target=_client, args=(work, peer, number, seconds, barrier, results))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    barrier.wait(300)
    before = peer.cpu()
    told = [results.get(timeout=seconds + 300) for _ in processes]
    spent = peer.cpu() - before
    for process in processes:
        process.join()
    rounds = sum(count for count, _ in told)
    return sum(count / took for count, took in told), 1000 * spent / rounds


def _client(work: str, peer: Peer, number: int, seconds: float, barrier: Any, results: Any) -> None:
    prefix = f"{work}-{time.time_ns()}-{number}"
    rounds = WORK[work](peer, prefix)
    next(rounds)  # connects
    barrier.wait(300)
    start = time.monotonic()
    count = 0
    while time.monotonic() < start + seconds:
        next(rounds)
        count += 1
    results.put((count, time.monotonic() - start))


def client(service: str, peer: Peer) -> Any:
    """Return a boto3 client of a peer."""
    import boto3

    return boto3.session.Session().client(
        service,
        endpoint_url=peer.url,
        aws_access_key_id=peer.key,
        aws_secret_access_key=peer.secret,
        region_name="us-east-1",
    )


def _trial(sagemaker: Any, prefix: str) -> str:
    sagemaker.create_experiment(ExperimentName=prefix)
    sagemaker.create_trial(TrialName=prefix, ExperimentName=prefix)
    return prefix


def _create_and_associate(peer: Peer, prefix: str) -> Iterator[None]:
    """Create and associate one component: two calls a round."""
    sagemaker = client("sagemaker", peer)
    trial = _trial(sagemaker, prefix)
    number = 0
    while True:
        name = f"{prefix}-{number}"
        sagemaker.create_trial_component(TrialComponentName=name)
        sagemaker.associate_trial_component(TrialComponentName=name, TrialName=trial)
        number += 1
        yield


def _full_component(peer: Peer, prefix: str) -> Iterator[None]:
    """Log one component a round as a training script does, with one call a step."""
    sagemaker, metrics = client("sagemaker", peer), client("sagemaker-metrics", peer)
    trial = _trial(sagemaker, prefix)
    number = 0
    artifact = {"Value": "s3://bucket/prefix/file", "MediaType": "text/csv"}
    while True:
        name = f"{prefix}-{number}".lower()
        sagemaker.create_trial_component(
            TrialComponentName=name,
            Parameters={f"parameter-{n}": {"NumberValue": n / 7} for n in range(PARAMETERS)},
            InputArtifacts={f"input-{n}": artifact for n in range(ARTIFACTS)},
            OutputArtifacts={f"output-{n}": artifact for n in range(ARTIFACTS)},
            Status={"PrimaryStatus": "InProgress"},
        )
        sagemaker.associate_trial_component(TrialComponentName=name, TrialName=trial)
        for step in range(STEPS):
            _put(metrics, name, step)
        sagemaker.update_trial_component(
            TrialComponentName=name, Status={"PrimaryStatus": "Completed"}
        )
        number += 1
        yield


def _points(peer: Peer, prefix: str) -> Iterator[None]:
    """Write ten points a round."""
    sagemaker, metrics = client("sagemaker", peer), client("sagemaker-metrics", peer)
    sagemaker.create_trial_component(TrialComponentName=prefix)
    step = 0
    while True:
        _put(metrics, prefix, step)
        step += 1
        yield


def _put(metrics: Any, name: str, step: int) -> None:
    now = time.time()
    answer = metrics.batch_put_metrics(
        TrialComponentName=name,
        MetricData=[
            {"MetricName": f"metric-{n}", "Timestamp": now, "Step": step, "Value": n / (step + 1)}
            for n in range(METRICS)
        ],
    )
    if answer.get("Errors"):
        raise RuntimeError(answer["Errors"])


WORK: dict[str, Callable[[Peer, str], Iterator[None]]] = {
    "associate": _create_and_associate,
    "component": _full_component,
    "points": _points,
}

MLFLOW = """
import json, sys, time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
url, seconds, parameters, metrics, steps = json.loads(sys.argv[1])
client = MlflowClient(url)
experiment = client.create_experiment(f"bench-{time.time_ns()}")
def one():
    run = client.create_run(experiment).info.run_id
    tags = [RunTag(f"artifact-{n}", "s3://bucket/prefix/file") for n in range(4)]
    given = [Param(f"parameter-{n}", str(n / 7)) for n in range(parameters)]
    client.log_batch(run, params=given, tags=tags)
    for step in range(steps):
        now = time.time_ns() // 10**6
        points = [Metric(f"metric-{n}", n / (step + 1), now, step) for n in range(metrics)]
        client.log_batch(run, metrics=points)
    client.set_terminated(run)
one()
start, count = time.monotonic(), 0
while time.monotonic() < start + seconds:
    one()
    count += 1
print(count / (time.monotonic() - start))
"""


def mlflow_components(peer: Peer, seconds: float) -> float:
    """Return the full runs a second that MLflow's own client logs in the same steps."""
    arguments = json.dumps([peer.url, seconds, PARAMETERS, METRICS, STEPS])
    command = [str(mlflow_python()), "-W", "ignore", "-c", MLFLOW, arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.strip().splitlines()[-1])
