"""What becomes of jobs and endpoints when the service is killed, stopped and started again."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from smx_lab.local.home import launch
from tests.conftest import StartService
from tests.support.local.clients import make_client
from tests.support.local.training import (
    create_config,
    create_model,
    job_request,
    make_archive,
    serve,
    write_code,
)
from tests.support.processes import find_processes
from tests.support.waiting import eventually, wait_for_endpoint, wait_for_job

PID_MODEL = """
import os

def model_fn(model_dir):
    return os.getpid()

def predict_fn(data, model):
    return model
"""

WAITING_SCRIPT = """
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("Train Loss: 0.5;", flush=True)
while not os.path.exists(os.environ["GATE"]):
    time.sleep(0.02)
"""


def processes_of(service: LocalService) -> list[psutil.Process]:
    """Return every process that belongs to a job or an endpoint of the service."""
    folders = [f"{service.data_dir}/{name}/" for name in ("training-jobs", "endpoints")]

    def belongs(command: list[str], variables: dict[str, str]) -> bool:
        return any(folder in text for folder in folders for text in (*command, *variables.values()))

    return find_processes(belongs)


def kill(service: LocalService) -> None:
    os.kill(service.pid, signal.SIGKILL)
    eventually(lambda: not psutil.pid_exists(service.pid), "the service's end")


def start_job(sagemaker: Any, name: str, tmp_path: Path) -> Path:
    """Start a job that runs until the file returned is there; it has begun when this returns."""
    gate = tmp_path / f"{name}-gate"
    code = write_code(tmp_path / "code", WAITING_SCRIPT)
    sagemaker.create_training_job(
        **job_request(name, code, tmp_path / "out", Environment={"GATE": str(gate)})
    )
    component = f"{name}-aws-training-job"
    eventually(lambda: sagemaker.describe_trial_component(TrialComponentName=component)["Metrics"])
    return gate


def start_endpoint(sagemaker: Any, name: str, tmp_path: Path) -> None:
    data = make_archive(tmp_path / "model.tar.gz", {"code/inference.py": PID_MODEL})
    create_model(sagemaker, name, data)
    assert serve(sagemaker, name)["EndpointStatus"] == "InService"


def server_pid(service: LocalService, endpoint: str) -> int:
    runtime = make_client("sagemaker-runtime", service)
    answer = runtime.invoke_endpoint(
        EndpointName=endpoint, Body=b"[1]", ContentType="application/json"
    )
    return int(json.loads(answer["Body"].read()))


@pytest.fixture
def service(start_service: StartService) -> LocalService:
    return start_service()


@pytest.fixture
def sagemaker(service: LocalService) -> Any:
    return make_client("sagemaker", service)


def test_a_killed_service_leaves_no_process_behind(
    service: LocalService, sagemaker: Any, tmp_path: Path
) -> None:
    start_job(sagemaker, "running", tmp_path)
    start_endpoint(sagemaker, "answers", tmp_path)
    # Of the job: supervisor, script and the script's child; of the endpoint: supervisor and server.
    assert len(processes_of(service)) == 5
    kill(service)
    eventually(lambda: not processes_of(service), "the end of all children")


def test_after_a_kill_the_job_is_failed_and_the_endpoint_answers_anew(
    service: LocalService, sagemaker: Any, start_service: StartService, tmp_path: Path
) -> None:
    start_job(sagemaker, "running", tmp_path)
    start_endpoint(sagemaker, "answers", tmp_path)
    before = server_pid(service, "answers")
    kill(service)

    again = start_service(Path(service.data_dir))
    sagemaker = make_client("sagemaker", again)
    job = sagemaker.describe_training_job(TrainingJobName="running")
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == (
        "InternalServerError: The local service stopped while the job ran."
    )
    component = sagemaker.describe_trial_component(TrialComponentName="running-aws-training-job")
    assert component["Status"]["PrimaryStatus"] == "Failed"
    assert [metric["Last"] for metric in component["Metrics"]] == [0.5]
    assert wait_for_endpoint(sagemaker, "answers")["EndpointStatus"] == "InService"
    assert server_pid(again, "answers") != before
    # The old ones are gone, the new ones are there once.
    assert len(processes_of(again)) == 2


def test_a_job_that_ended_while_no_service_looked_is_told_truly(
    service: LocalService, sagemaker: Any, start_service: StartService, tmp_path: Path
) -> None:
    """The service is held, the job ends, and only then the service is killed."""
    gate = start_job(sagemaker, "finished", tmp_path)
    events = Path(service.data_dir) / "training-jobs" / "finished" / "events.jsonl"
    os.kill(service.pid, signal.SIGSTOP)
    gate.touch()
    eventually(lambda: '"kind": "end"' in events.read_text())
    kill(service)
    sagemaker = make_client("sagemaker", start_service(Path(service.data_dir)))
    job = sagemaker.describe_training_job(TrainingJobName="finished")
    assert job["TrainingJobStatus"] == "Completed"
    assert Path(job["ModelArtifacts"]["S3ModelArtifacts"]).is_file()
    component = sagemaker.describe_trial_component(TrialComponentName="finished-aws-training-job")
    assert [metric["Count"] for metric in component["Metrics"]] == [1]


def test_jobs_in_the_queue_run_with_the_next_service(
    service: LocalService, sagemaker: Any, start_service: StartService, tmp_path: Path
) -> None:
    places = max(2, psutil.cpu_count() or 1)
    for number in range(places):
        start_job(sagemaker, f"first-{number}", tmp_path)
    code = write_code(tmp_path / "quick", "print('Train Loss: 0.5;')")
    sagemaker.create_training_job(**job_request("waits", code, tmp_path / "out"))
    kill(service)
    sagemaker = make_client("sagemaker", start_service(Path(service.data_dir)))
    assert wait_for_job(sagemaker, "waits")["TrainingJobStatus"] == "Completed"
    assert wait_for_job(sagemaker, "first-0")["TrainingJobStatus"] == "Failed"


def test_a_stopped_service_ends_its_children_and_says_so_afterwards(
    service: LocalService, sagemaker: Any, start_service: StartService, tmp_path: Path
) -> None:
    start_job(sagemaker, "running", tmp_path)
    start_endpoint(sagemaker, "answers", tmp_path)
    children = processes_of(service)
    assert launch.stop(Path(service.data_dir))
    assert not any(child.is_running() for child in children)
    sagemaker = make_client("sagemaker", start_service(Path(service.data_dir)))
    assert wait_for_job(sagemaker, "running")["FailureReason"] == (
        "InternalServerError: The local service stopped while the job ran."
    )
    assert wait_for_endpoint(sagemaker, "answers")["EndpointStatus"] == "InService"


def test_a_killed_supervisor_fails_its_job_and_takes_the_script_along(
    service: LocalService, sagemaker: Any, tmp_path: Path
) -> None:
    start_job(sagemaker, "running", tmp_path)
    children = processes_of(service)
    supervisor = next(
        child for child in children if "smx_lab.local.jobs.training_process" in child.cmdline()
    )
    supervisor.kill()
    job = wait_for_job(sagemaker, "running")
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == (
        "InternalServerError: The process that ran the job ended without a word. It was killed."
    )
    eventually(lambda: not processes_of(service), "the end of all children")


def test_a_long_data_directory_leaves_room_for_sockets(
    start_service: StartService, tmp_path: Path
) -> None:
    service = start_service(tmp_path / ("long-" * 20))
    sagemaker = make_client("sagemaker", service)
    start_endpoint(sagemaker, "answers", tmp_path)
    assert server_pid(service, "answers") > 0
    sockets = Path(service.data_dir) / "sockets"
    folder = sockets.resolve()
    assert folder != sockets
    assert folder.stat().st_mode & 0o777 == 0o700
    launch.stop(Path(service.data_dir))
    assert not folder.exists()
    assert not sockets.is_symlink()


def test_deletions_and_creations_under_way_are_finished_by_the_next_service(
    service: LocalService, sagemaker: Any, start_service: StartService, tmp_path: Path
) -> None:
    slow = "import time; time.sleep(2)\n" + PID_MODEL
    data = make_archive(tmp_path / "slow.tar.gz", {"code/inference.py": slow})
    create_model(sagemaker, "slow", data)
    create_config(sagemaker, "slow", "slow")
    start_endpoint(sagemaker, "leaves", tmp_path)
    sagemaker.create_endpoint(EndpointName="slow", EndpointConfigName="slow")
    sagemaker.delete_endpoint(EndpointName="leaves")
    kill(service)
    again = start_service(Path(service.data_dir))
    sagemaker = make_client("sagemaker", again)
    assert wait_for_endpoint(sagemaker, "slow")["EndpointStatus"] == "InService"

    def is_gone() -> bool:
        try:
            sagemaker.describe_endpoint(EndpointName="leaves")
        except ClientError as error:
            return "Could not find endpoint" in str(error)
        return False

    eventually(is_gone, "the deletion")
    assert len(processes_of(again)) == 2
