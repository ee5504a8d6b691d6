"""Training jobs through boto3: what runs, what fails, what is stopped."""

from __future__ import annotations

import importlib.util
import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from smx_lab.core.connection import LocalService
from tests.support.local.training import channel, job_request, make_archive, run_script, write_code
from tests.support.processes import find_processes
from tests.support.waiting import eventually, wait_for_job

WAITING_SCRIPT = """
import os, time
print("Train Loss: 0.5;", flush=True)
while not os.path.exists(os.environ["GATE"]):
    time.sleep(0.02)
print("Train Loss: 0.25;")
"""


@pytest.fixture(scope="module", autouse=True)
def _short_grace() -> Iterator[None]:
    """Two seconds instead of two minutes between SIGTERM and SIGKILL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMX_LAB_STOP_GRACE_S", "2")
        patch.setenv("AWS_SESSION_TOKEN", "not-for-scripts")
        patch.setenv("JUPYTERHUB_API_TOKEN", "not-for-scripts")
        patch.setenv("LD_HINT", "for-scripts")
        yield


def log_of(service: LocalService, job_name: str) -> list[str]:
    log = Path(service.data_dir) / "training-jobs" / job_name / "log"
    return [line.partition(" ")[2] for line in log.read_text().splitlines()]


def component_of(sagemaker: Any, job_name: str) -> Any:
    return sagemaker.describe_trial_component(TrialComponentName=f"{job_name}-aws-training-job")


def test_the_trial_component_is_there_and_fills_while_the_job_runs(
    sagemaker: Any, tmp_path: Path
) -> None:
    sagemaker.create_experiment(ExperimentName="watched")
    sagemaker.create_trial(ExperimentName="watched", TrialName="watched-1")
    gate = tmp_path / "gate"
    code = write_code(tmp_path / "code", WAITING_SCRIPT)
    sagemaker.create_training_job(
        **job_request(
            "watched",
            code,
            tmp_path / "out",
            Environment={"GATE": str(gate)},
            ExperimentConfig={"TrialName": "watched-1"},
        )
    )
    (summary,) = sagemaker.list_trial_components(TrialName="watched-1")["TrialComponentSummaries"]
    assert summary["TrialComponentName"] == "watched-aws-training-job"
    assert summary["Status"]["PrimaryStatus"] == "InProgress"

    running = eventually(
        lambda: component if (component := component_of(sagemaker, "watched"))["Metrics"] else None
    )
    assert running["Status"] == {
        "PrimaryStatus": "InProgress",
        "Message": "Status: InProgress, secondary status: Training, failure reason: .",
    }
    assert running["OutputArtifacts"] == {}
    assert "EndTime" not in running
    assert [(item["MetricName"], item["Last"]) for item in running["Metrics"]] == [
        ("train:loss", 0.5)
    ]
    gate.touch()
    assert wait_for_job(sagemaker, "watched")["TrainingJobStatus"] == "Completed"
    (metric,) = component_of(sagemaker, "watched")["Metrics"]
    assert (metric["Last"], metric["Count"]) == (0.25, 2)


def test_a_script_that_raises_fails_the_job_with_the_toolkits_words(
    sagemaker: Any, tmp_path: Path
) -> None:
    job = run_script(sagemaker, tmp_path, "raises", "raise ValueError('no such digit')")
    reason = job["FailureReason"]
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Failed", "Failed")
    assert reason.startswith(
        "AlgorithmError: ExecuteUserScriptError:\nExitCode 1\n"
        'ErrorMessage "ValueError: no such digit"\nCommand "'
    )
    assert reason.endswith('train.py", exit code: 1')
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": ""}
    assert not (tmp_path / "out" / "raises" / "output" / "model.tar.gz").exists()
    component = component_of(sagemaker, "raises")
    assert component["Status"]["PrimaryStatus"] == "Failed"
    assert component["Status"]["Message"].startswith(
        "Status: Failed, secondary status: Failed, failure reason: AlgorithmError: "
    )
    assert component["OutputArtifacts"] == {}


def test_what_a_script_writes_to_the_failure_file_is_the_reason(
    sagemaker: Any, tmp_path: Path
) -> None:
    script = (
        "import os, sys\n"
        "path = os.path.join(os.environ['SM_OUTPUT_DIR'], 'failure')\n"
        "open(path, 'w').write('The data has no labels.')\n"
        "sys.exit(3)\n"
    )
    job = run_script(sagemaker, tmp_path, "failure-file", script)
    assert job["FailureReason"] == "AlgorithmError: The data has no labels., exit code: 3"


def test_a_job_is_stopped_and_keeps_what_it_had_saved(sagemaker: Any, tmp_path: Path) -> None:
    script = (
        "import os, time\n"
        "open(os.path.join(os.environ['SM_MODEL_DIR'], 'checkpoint'), 'w').write('half')\n"
        "print('Train Loss: 0.5;', flush=True)\n"
        "time.sleep(600)\n"
    )
    code = write_code(tmp_path / "code", script)
    sagemaker.create_training_job(**job_request("stopped", code, tmp_path / "out"))
    eventually(lambda: component_of(sagemaker, "stopped")["Metrics"])
    sagemaker.stop_training_job(TrainingJobName="stopped")
    job = wait_for_job(sagemaker, "stopped")
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert [step["Status"] for step in job["SecondaryStatusTransitions"]][-3:] == [
        "Stopping",
        "Uploading",
        "Stopped",
    ]
    assert "FailureReason" not in job
    with tarfile.open(job["ModelArtifacts"]["S3ModelArtifacts"]) as tar:
        assert tar.getnames() == ["checkpoint"]


def test_a_script_that_ignores_sigterm_is_killed_with_its_children(
    sagemaker: Any, tmp_path: Path
) -> None:
    script = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],\n"
        "                         start_new_session=True)\n"
        "print(f'child {child.pid} Train Loss: 0.5;', flush=True)\n"
        "time.sleep(600)\n"
    )
    code = write_code(tmp_path / "code", script)
    sagemaker.create_training_job(**job_request("stubborn", code, tmp_path / "out"))
    eventually(lambda: component_of(sagemaker, "stubborn")["Metrics"])
    children = find_processes(lambda command, _: "import time; time.sleep(600)" in command)
    assert len(children) == 1
    sagemaker.stop_training_job(TrainingJobName="stubborn")
    assert wait_for_job(sagemaker, "stubborn")["TrainingJobStatus"] == "Stopped"
    eventually(lambda: not children[0].is_running(), "the script's child to be gone")


def test_a_job_past_its_time_limit_is_stopped_for_it(sagemaker: Any, tmp_path: Path) -> None:
    job = run_script(
        sagemaker,
        tmp_path,
        "overrun",
        "import time; time.sleep(600)",
        StoppingCondition={"MaxRuntimeInSeconds": 1},
    )
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


def test_jobs_beyond_what_can_run_wait_and_can_be_stopped_waiting(
    sagemaker: Any, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    code = write_code(tmp_path / "code", WAITING_SCRIPT)
    places = max(2, psutil.cpu_count() or 1)
    names = [f"queue-{number}" for number in range(places + 2)]
    for name in names:
        sagemaker.create_training_job(
            **job_request(name, code, tmp_path / "out", Environment={"GATE": str(gate)})
        )
    for name in names[:places]:
        eventually(lambda name=name: component_of(sagemaker, name)["Metrics"])
    *_, waiting, stopped = names
    for name in (waiting, stopped):
        job = sagemaker.describe_training_job(TrainingJobName=name)
        assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("InProgress", "Starting")
    sagemaker.stop_training_job(TrainingJobName=stopped)
    job = wait_for_job(sagemaker, stopped)
    gate.touch()
    assert wait_for_job(sagemaker, waiting)["TrainingJobStatus"] == "Completed"
    assert job["TrainingJobStatus"] == "Stopped"
    assert "TrainingStartTime" not in job
    component = component_of(sagemaker, stopped)
    assert component["StartTime"] == component["EndTime"] == job["TrainingEndTime"]


def test_the_script_sees_the_contract_of_script_mode(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    script = (
        "import json, os, sys\n"
        "print(json.dumps({'arguments': sys.argv[1:], 'folder': os.getcwd(),\n"
        "                  'environment': dict(os.environ)}))\n"
        "for name in ('hyperparameters', 'inputdataconfig', 'resourceconfig'):\n"
        "    path = os.path.join(os.environ['SM_INPUT_CONFIG_DIR'], name + '.json')\n"
        "    print(json.dumps(json.load(open(path))))\n"
        "print(json.dumps(sorted(os.listdir(os.environ['SM_CHANNEL_TEST-SET']))))\n"
    )
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.csv").write_text("1")
    (data / "b.csv").write_text("2")
    run_script(
        sagemaker,
        tmp_path,
        "contract",
        script,
        HyperParameters={"lr": "0.1", "batch-size": '"64"', "b": "true", "layers": "[2, 3]"},
        InputDataConfig=[channel("test-set", data)],
        Environment={"OMP_NUM_THREADS": "1"},
    )
    lines = log_of(local_service, "contract")
    seen, hyperparameters, inputs, resources, files = [json.loads(line) for line in lines]
    base = Path(local_service.data_dir) / "training-jobs" / "contract" / "ml"
    environment = seen["environment"]
    assert seen["arguments"] == (
        ["-b", "True", "--batch-size", "64", "--layers", "[2, 3]", "--lr", "0.1"]
    )
    assert seen["folder"] == str(base / "code")
    assert hyperparameters["batch-size"] == '"64"'
    assert hyperparameters["sagemaker_program"] == '"train.py"'
    assert inputs["test-set"]["TrainingInputMode"] == "File"
    assert resources["current_host"] == "algo-1"
    assert files == ["a.csv", "b.csv"]
    expected = {
        "SM_MODEL_DIR": str(base / "model"),
        "SM_OUTPUT_DATA_DIR": str(base / "output" / "data"),
        "SM_CHANNELS": '["test-set"]',
        "SM_CURRENT_HOST": "algo-1",
        "SM_HOSTS": '["algo-1"]',
        "SM_HP_LR": "0.1",
        "SM_HP_BATCH-SIZE": "64",
        "SM_HPS": '{"b":true,"batch-size":"64","layers":[2,3],"lr":0.1}',
        "SM_USER_ENTRY_POINT": "train.py",
        "SM_MODULE_NAME": "train",
        "SAGEMAKER_BASE_DIR": str(base),
        "TRAINING_JOB_NAME": "contract",
        "AWS_REGION": local_service.region,
        "OMP_NUM_THREADS": "1",
        "LD_HINT": "for-scripts",
    }
    assert {name: environment.get(name) for name in expected} == expected
    assert json.loads(environment["SM_TRAINING_ENV"])["job_name"] == "contract"


def test_the_script_gets_none_of_the_services_keys(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    script = "import os; print(' '.join(f'{k}={v}' for k, v in os.environ.items()))"
    run_script(sagemaker, tmp_path, "keys", script)
    (line,) = log_of(local_service, "keys")
    assert "not-for-scripts" not in line
    assert local_service.secret_access_key not in line


def test_code_comes_from_an_archive_and_output_data_is_packed(
    sagemaker: Any, tmp_path: Path
) -> None:
    script = (
        "import os, helper\n"
        "path = os.path.join(os.environ['SM_OUTPUT_DATA_DIR'], 'plot.txt')\n"
        "open(path, 'w').write(helper.TEXT)\n"
    )
    archive = make_archive(
        tmp_path / "source.tar.gz", {"train.py": script, "helper.py": "TEXT = 'a plot'"}
    )
    sagemaker.create_training_job(**job_request("archive", archive.as_uri(), tmp_path / "out"))
    job = wait_for_job(sagemaker, "archive")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    with tarfile.open(tmp_path / "out" / "archive" / "output" / "output.tar.gz") as tar:
        member = tar.extractfile("plot.txt")
        assert member is not None
        assert member.read() == b"a plot"


def test_a_shell_script_runs_with_the_same_arguments(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    code = write_code(tmp_path / "code", 'echo "got $1 $2 in $SM_CURRENT_HOST"', "train.sh")
    request = job_request(
        "shell",
        code,
        tmp_path / "out",
        HyperParameters={"lr": "0.1", "sagemaker_program": '"train.sh"'},
    )
    sagemaker.create_training_job(**request)
    assert wait_for_job(sagemaker, "shell")["TrainingJobStatus"] == "Completed"
    assert log_of(local_service, "shell") == ["got --lr 0.1 in algo-1"]


def test_a_job_without_experiment_config_has_an_unassigned_component(
    sagemaker: Any, tmp_path: Path
) -> None:
    run_script(sagemaker, tmp_path, "alone", "pass")
    assert component_of(sagemaker, "alone")["DisplayName"] == "alone-aws-training-job"
    assert (
        sagemaker.list_trials(TrialComponentName="alone-aws-training-job")["TrialSummaries"] == []
    )


def test_an_experiment_alone_gets_a_new_trial(sagemaker: Any, tmp_path: Path) -> None:
    sagemaker.create_experiment(ExperimentName="only-experiment")
    run_script(
        sagemaker,
        tmp_path,
        "newcomer",
        "pass",
        ExperimentConfig={"ExperimentName": "only-experiment"},
    )
    (trial,) = sagemaker.list_trials(ExperimentName="only-experiment")["TrialSummaries"]
    (found,) = sagemaker.list_trial_components(TrialName=trial["TrialName"])[
        "TrialComponentSummaries"
    ]
    assert found["TrialComponentName"] == "newcomer-aws-training-job"


def test_values_that_are_no_numbers_are_no_metrics(sagemaker: Any, tmp_path: Path) -> None:
    script = (
        "for value in ('0.5', 'nan', 'diverged', '', '1e-3', 'inf'):\n"
        "    print(f'Train Loss: {value};')\n"
    )
    run_script(sagemaker, tmp_path, "odd-values", script)
    (metric,) = component_of(sagemaker, "odd-values")["Metrics"]
    assert (metric["Count"], metric["Max"], metric["Last"]) == (2, 0.5, 0.001)


def test_a_regex_that_never_ends_costs_only_its_own_metric(
    sagemaker: Any, local_service: LocalService, tmp_path: Path
) -> None:
    script = "print('a' * 64 + '! Train Loss: 0.5;'); print('Train Loss: 0.25;')"
    request = job_request("endless", write_code(tmp_path / "code", script), tmp_path / "out")
    request["AlgorithmSpecification"]["MetricDefinitions"] = [
        {"Name": "endless", "Regex": "(a+)+$"},
        {"Name": "train:loss", "Regex": "Train Loss: (.*?);"},
    ]
    sagemaker.create_training_job(**request)
    assert wait_for_job(sagemaker, "endless")["TrainingJobStatus"] == "Completed"
    (metric,) = component_of(sagemaker, "endless")["Metrics"]
    assert (metric["MetricName"], metric["Count"]) == ("train:loss", 2)
    assert any("endless took too long" in line for line in log_of(local_service, "endless"))


def test_what_the_experiments_sdk_logs_in_a_job_is_read(sagemaker: Any, tmp_path: Path) -> None:
    script = (
        "import json, os, time\n"
        "path = os.path.join(os.environ['SAGEMAKER_METRICS_DIRECTORY'], f'{os.getpid()}.json')\n"
        "with open(path, 'a') as stream:\n"
        "    for step in range(3):\n"
        "        point = {'MetricName': 'sdk:loss', 'Value': 1 / (step + 1),\n"
        "                 'Timestamp': time.time(), 'IterationNumber': step}\n"
        "        stream.write(json.dumps(point) + '\\n')\n"
    )
    run_script(sagemaker, tmp_path, "sdk-metrics", script)
    (metric,) = component_of(sagemaker, "sdk-metrics")["Metrics"]
    assert (metric["MetricName"], metric["Count"], metric["Max"]) == ("sdk:loss", 3, 1.0)


def test_requirements_are_installed_for_the_job_alone(sagemaker: Any, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    wheel = "only_in_a_job-1.0-py3-none-any.whl"
    with zipfile.ZipFile(code / wheel, "w") as archive:
        archive.writestr("only_in_a_job.py", "VALUE = 0.5")
        info = "only_in_a_job-1.0.dist-info"
        metadata = "Metadata-Version: 2.1\nName: only-in-a-job\nVersion: 1.0\n"
        archive.writestr(f"{info}/METADATA", metadata)
        tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", tag)
        archive.writestr(f"{info}/RECORD", "")
    (code / "requirements.txt").write_text(f"./{wheel}\n")
    script = "import only_in_a_job; print(f'Train Loss: {only_in_a_job.VALUE};')"
    job = run_script(sagemaker, tmp_path, "requires", script)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert component_of(sagemaker, "requires")["Metrics"][0]["Last"] == 0.5
    assert importlib.util.find_spec("only_in_a_job") is None


def test_an_archive_that_leads_outside_fails_the_job(sagemaker: Any, tmp_path: Path) -> None:
    archive = tmp_path / "source.tar.gz"
    outside = tmp_path / "outside.py"
    with tarfile.open(archive, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo(f"../../../../../../../../..{outside}"))
    sagemaker.create_training_job(**job_request("climbs", archive, tmp_path / "out"))
    job = wait_for_job(sagemaker, "climbs")
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("ClientError: source.tar.gz is refused: ")
    assert not outside.exists()
