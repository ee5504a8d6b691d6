"""One service a data directory: found, started, stopped, killed; and the command line to do so."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from smx_lab.core.errors import ServiceUnavailable
from smx_lab.local.home import launch, lock
from tests.support.local.clients import make_client

ROOT = Path(__file__).parents[3]
MAIN = "from smx_lab.local.__main__ import main; raise SystemExit(main())"


def smx_lab(*arguments, env=None):
    """Run the command line as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "smx_lab", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=120,
        check=False,
    )


def gone(pid):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_the_second_start_finds_the_first(start_service, tmp_path):
    first = start_service(tmp_path / "data")
    assert start_service(tmp_path / "data") == first
    assert launch.find(tmp_path / "data") == first


def test_services_started_at_the_same_moment_are_one(start_service, tmp_path):
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: start_service(tmp_path / "data").pid, range(4)))
    assert len(found) == 1


def test_each_data_directory_has_its_own(start_service):
    first, second = start_service(), start_service()
    assert first.sagemaker_url != second.sagemaker_url
    assert first.access_key_id != second.access_key_id
    client = make_client("sagemaker", second, aws_access_key_id=first.access_key_id)
    with pytest.raises(client.exceptions.ClientError, match="security token"):
        client.list_experiments()


def test_stop_ends_it_and_says_whether_there_was_one(start_service, tmp_path):
    service = start_service(tmp_path / "data")
    assert launch.stop(tmp_path / "data") is True
    assert gone(service.pid)
    assert launch.find(tmp_path / "data") is None
    assert launch.stop(tmp_path / "data") is False
    assert not (tmp_path / "data" / "service.json").exists()


def test_a_disk_without_room_is_told_in_one_sentence(tmp_path):
    directory = tmp_path / "data"
    directory.mkdir()
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); {MAIN}"
    said = subprocess.run(
        [sys.executable, "-c", limited, "--data-dir", str(directory)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert said.returncode == 1
    assert json.loads(said.stderr.splitlines()[-1]) == {
        "error": f"The data directory {directory} cannot be used: File too large. "
        "Make room on its disk, or choose another with --data-dir or SMX_LAB_DATA_DIR."
    }


def test_keys_and_port_stay_across_restarts(start_service, tmp_path):
    first = start_service(tmp_path / "data")
    launch.stop(tmp_path / "data")
    second = start_service(tmp_path / "data")
    assert second.pid != first.pid
    assert (second.sagemaker_url, second.access_key_id, second.secret_access_key) == (
        first.sagemaker_url,
        first.access_key_id,
        first.secret_access_key,
    )


def test_a_port_taken_meanwhile_is_replaced_by_another(start_service, tmp_path):
    first = start_service(tmp_path / "data")
    launch.stop(tmp_path / "data")
    port = int(first.sagemaker_url.rsplit(":", 1)[1])
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        second = start_service(tmp_path / "data")
    assert second.sagemaker_url != first.sagemaker_url


def test_a_killed_service_leaves_nothing_in_the_way(start_service, tmp_path):
    first = start_service(tmp_path / "data")
    os.kill(first.pid, signal.SIGKILL)
    assert gone(first.pid)
    assert launch.find(tmp_path / "data") is None
    second = start_service(tmp_path / "data")
    assert (second.pid != first.pid, second.sagemaker_url) == (True, first.sagemaker_url)


def test_a_lock_held_by_a_service_that_is_just_dying_is_waited_for(start_service, tmp_path):
    """The kernel lets go of a killed process's lock last of all, long after a busy disk."""
    (tmp_path / "data").mkdir(mode=0o700)
    held = lock.acquire(tmp_path / "data")
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(start_service, tmp_path / "data")
        time.sleep(2 * lock.PATIENCE_S)  # the first attempt gives up meanwhile
        assert not starting.done()
        os.close(held)
        assert starting.result(60).pid == lock.holder(tmp_path / "data")


def test_it_lives_on_when_its_starter_ends(start_service, tmp_path):
    answer = smx_lab("local", "start", "--data-dir", tmp_path / "data", "--json")
    service = start_service(tmp_path / "data")
    assert json.loads(answer.stdout)["pid"] == service.pid
    running = psutil.Process(service.pid)
    assert os.getsid(service.pid) == service.pid, "it is not in a session of its own"
    assert running.terminal() is None


def test_nobody_else_can_read_its_files(start_service, tmp_path):
    service = start_service(tmp_path / "data")
    make_client("sagemaker", service).list_experiments()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / "data").iterdir()}
    assert {"store.db", "service.json", "identity.json", "service.log"} <= set(modes)
    files = [f for f in modes if (tmp_path / "data" / f).is_file()]
    assert {modes[f] for f in files} == {0o600}


def test_it_is_small_when_idle(start_service):
    """The budget is 150 MB; half of that leaves room for what is to come."""
    service = start_service()
    make_client("sagemaker", service).list_experiments()
    assert psutil.Process(service.pid).memory_info().rss < 100e6


def test_a_store_that_cannot_be_used_is_one_sentence(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "store.db").write_bytes(b"something else entirely" * 50)
    with pytest.raises(ServiceUnavailable) as caught:
        launch.ensure_running(tmp_path / "data")
    assert "cannot be used" in str(caught.value)
    assert "SMX_LAB_DATA_DIR" in str(caught.value)
    answer = smx_lab("local", "start", "--data-dir", tmp_path / "data")
    assert answer.returncode == 1
    assert answer.stderr == f"smx-lab: {caught.value}\n"


def test_unreadable_keys_are_one_sentence(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "identity.json").write_text("{")
    with pytest.raises(ServiceUnavailable, match="Move it away to have new keys made"):
        launch.ensure_running(tmp_path / "data")


def test_a_wanted_port_is_used_and_a_taken_one_is_one_sentence(tmp_path, start_service):
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        with pytest.raises(ServiceUnavailable, match=f"Port {port} cannot be used"):
            launch.ensure_running(tmp_path / "data", port)
    service = start_service(tmp_path / "data", port)
    assert service.sagemaker_url == f"http://127.0.0.1:{port}"


def test_the_command_line_from_start_to_stop(tmp_path):
    env = {"SMX_LAB_DATA_DIR": str(tmp_path / "data")}
    assert smx_lab("local", "status", env=env).returncode == 3
    started = json.loads(smx_lab("local", "start", "--json", env=env).stdout)
    try:
        assert sorted(started) == [
            "access_key_id",
            "account",
            "data_dir",
            "metrics_url",
            "pid",
            "region",
            "runtime_url",
            "s3_url",
            "sagemaker_url",
            "secret_access_key",
        ]
        status = json.loads(smx_lab("local", "status", "--json", env=env).stdout)
        expected = "running" if started["s3_url"] else "not_installed"
        assert status.pop("s3")["state"] == expected
        assert status == started
        assert started["sagemaker_url"] in smx_lab("local", "status", env=env).stdout
        again = json.loads(smx_lab("local", "start", "--json", env=env).stdout)
        assert again == started
    finally:
        stopped = smx_lab("local", "stop", env=env)
    assert (stopped.returncode, stopped.stdout) == (0, "The local service has stopped.\n")
    assert gone(started["pid"])
    again = smx_lab("local", "stop", env=env)
    assert (again.returncode, again.stdout) == (0, "The local service was not running.\n")


def test_env_points_a_plain_script_here(start_service, tmp_path):
    """As a user's shell does it, with a profile and a stale session token in the way."""
    start_service(tmp_path / "data")
    script = (
        "import boto3\n"
        "boto3.client('sagemaker').create_experiment(ExperimentName='from-a-script')\n"
        "print(boto3.client('sts').get_caller_identity()['Account'])\n"
        "client = boto3.client('sagemaker-metrics')\n"
        "print(client.meta.endpoint_url == boto3.client('sagemaker-runtime').meta.endpoint_url)\n"
    )
    python, directory = sys.executable, tmp_path / "data"
    command = (
        f'eval "$({python} -m smx_lab local env --data-dir {directory})" && {python} -c "{script}"'
    )
    env = {**os.environ, "AWS_PROFILE": "absent", "AWS_SESSION_TOKEN": "stale"}
    answer = subprocess.run(
        ["sh", "-c", command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=env,
        timeout=120,
        check=False,
    )
    assert (answer.stdout, answer.returncode) == ("000000000000\nTrue\n", 0), answer.stderr
    found = make_client("sagemaker", start_service(directory)).list_experiments()
    assert [e["ExperimentName"] for e in found["ExperimentSummaries"]] == ["from-a-script"]


def test_in_the_foreground_it_answers_until_it_is_interrupted(tmp_path):
    command = [sys.executable, "-m", "smx_lab", "local", "start", "--foreground", "--json"]
    with subprocess.Popen(
        [*command, "--data-dir", str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as running:
        try:
            text = ""
            while not text.endswith("}\n"):
                text += running.stdout.readline()
            assert json.loads(text)["pid"] == running.pid
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=30) == 0
        finally:
            running.kill()


@pytest.mark.parametrize(
    "arguments", [("local",), ("local", "dance"), ("local", "start", "--port", "nine"), ()]
)
def test_a_wrong_command_is_told_without_a_traceback(arguments):
    answer = smx_lab(*arguments)
    assert answer.returncode == 2
    assert "usage: smx-lab" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_directory_that_cannot_be_made_is_one_sentence():
    answer = smx_lab("local", "start", "--data-dir", "/proc/nowhere")
    assert answer.returncode == 1
    assert answer.stderr.startswith("smx-lab: The data directory /proc/nowhere cannot be used")
    assert len(answer.stderr.splitlines()) == 1


def test_starting_imports_no_boto3_here():
    """The command line and the finder are used at Jupyter's start."""
    script = (
        "import sys, smx_lab.cli.main, smx_lab.local.home.launch\n"
        "print('boto3' in sys.modules, 'botocore' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert answer.stdout == "False False\n"
