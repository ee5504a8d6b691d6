"""The server extension: its options, its start, and its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"boto3", "botocore", "pandas", "numpy"}


def test_starting_a_server_imports_nothing_heavy(tmp_path):
    """Return the modules imported until the handlers are registered, in a new process."""
    script = """
import sys
from jupyter_server.serverapp import ServerApp
app = ServerApp.instance()
app.initialize(
    ["--ServerApp.jpserver_extensions={'smx_lab': True}", "--ServerApp.port=0",
     "--ServerApp.ip=127.0.0.1", "--no-browser", "--allow-root"],
    find_extensions=False,
)
assert "smx_lab_services" in app.web_app.settings
print(*sorted(sys.modules))
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "SMX_LAB_DATA_DIR": str(tmp_path / "data"),
            "JUPYTER_CONFIG_DIR": str(tmp_path),
            "JUPYTER_RUNTIME_DIR": str(tmp_path),
            "JUPYTER_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    modules = set(ran.stdout.split())
    assert "smx_lab.handlers.routes" in modules
    assert modules & HEAVY == set()
    # Nothing was started or written either.
    assert not (tmp_path / "data").exists()


class TestWithOptions:
    @pytest.fixture
    def extension_config(self, tmp_path, monkeypatch):
        monkeypatch.setenv("SMX_LAB_DATA_DIR", "")  # so that the test's end restores it
        return {
            "data_dir": str(tmp_path / "elsewhere"),
            "connections": ["aws:*"],
            "default_connection": "aws:prod@eu-west-1",
            "regions": ["eu-west-1"],
            "tints": {"aws:prod@eu-west-1": "red"},
            "labels": {"aws:prod@eu-west-1": "Production"},
            "instance_types": ["ml.t2.medium"],
            "allow_delete": False,
        }

    async def test_an_administrator_decides_what_is_offered(self, ask, tmp_path):
        answer = await ask("GET", "/connections")
        assert answer.body["connections"] == [
            {
                "id": "aws:prod@eu-west-1",
                "kind": "aws",
                "label": "Production",
                "profile": "prod",
                "region": "eu-west-1",
                "account": None,
                "tint": "red",
                "is_default": True,
                "poll_interval_ms": 10_000,
            }
        ]
        assert answer.body["disabled_actions"] == ["delete"]
        assert (await ask("GET", "/local/experiments")).status == 404

    async def test_kernels_find_the_same_local_service(self, jp_serverapp, tmp_path):
        assert os.environ["SMX_LAB_DATA_DIR"] == str(tmp_path / "elsewhere")


async def test_the_local_service_is_started_by_the_first_request_that_needs_it(
    ask, jp_serverapp, tmp_path, monkeypatch
):
    from smx_lab.local.home import launch

    services = jp_serverapp.web_app.settings["smx_lab_services"]
    folder = tmp_path / "fresh"
    monkeypatch.setattr(services.gateway, "_ensure_running", lambda: launch.ensure_running(folder))
    try:
        await ask("GET", "/connections")
        await ask("GET", "/operations")
        assert launch.find(folder) is None
        answer = await ask("GET", "/local/experiments")
        assert (answer.status, answer.body["experiments"]) == (200, [])
        assert launch.find(folder) is not None
    finally:
        launch.stop(folder)


async def test_a_killed_local_service_is_started_again_by_the_next_request(
    ask, jp_serverapp, tmp_path, monkeypatch
):
    import psutil

    from smx_lab.local.home import launch

    services = jp_serverapp.web_app.settings["smx_lab_services"]
    folder = tmp_path / "fresh"
    monkeypatch.setattr(services.gateway, "_ensure_running", lambda: launch.ensure_running(folder))
    try:
        assert (await ask("GET", "/local/experiments")).status == 200
        victim = psutil.Process(launch.find(folder).pid)
        victim.kill()
        victim.wait(30)
        assert (await ask("GET", "/local/experiments")).status == 200
        assert launch.find(folder).pid != victim.pid
    finally:
        launch.stop(folder)
