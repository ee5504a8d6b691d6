"""The administrator's options, as magics and commands find them."""

import json
import subprocess
import sys

import pytest

from smx_lab.cli.main import main
from smx_lab.core.errors import AccessDenied, NotFound
from smx_lab.notebook.session import Session
from smx_lab.options import OPTIONS_VARIABLE, SmxLabOptions, export_to_environment, load_options


@pytest.fixture
def folder(tmp_path, monkeypatch, aws_environment):
    """The folder of Jupyter's configuration of somebody who has no server running."""
    monkeypatch.delenv(OPTIONS_VARIABLE, raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "")
    monkeypatch.setenv("SMX_LAB_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "jupyter").mkdir()
    return tmp_path / "jupyter"


@pytest.fixture
def session(folder):
    made = []

    def make():
        made.append(Session({}))
        return made[-1]

    yield make
    for one in made:
        one.close()


def write(folder, text, name="jupyter_server_config.py"):
    (folder / name).write_text(text, encoding="utf-8")


def test_a_magic_goes_where_the_administrator_says(folder, session, moto_url, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    urls = {"sagemaker": moto_url, "sts": moto_url}
    write(folder, f"c.SmxLabApp.endpoint_urls = {urls}")
    services = session().services
    assert services.gateway.sagemaker("aws@us-east-1").identity()["Account"] == "123456789012"


def test_what_is_not_allowed_in_the_panels_is_not_allowed_to_magics(folder, session):
    write(folder, "c.SmxLabApp.connections = ['local']\nc.SmxLabApp.read_only = True")
    services = session().services
    with pytest.raises(NotFound):
        services.gateway.describe("aws:prod")
    with pytest.raises(AccessDenied):
        services.switches.require("deploy")


def test_a_copy_is_held_to_the_same(folder, capsys):
    write(folder, "c.SmxLabApp.connections = ['aws:*']")
    assert main(["copy", "--from", "local", "--to", "aws", "--experiment", "mnist"]) == 1
    assert "local" in capsys.readouterr().err


def test_later_files_count_more_and_lists_can_be_added_to(folder):
    write(folder, "c.SmxLabApp.regions = ['eu-west-1']\nc.SmxLabApp.allow_stop = False")
    write(folder, "c.SmxLabApp.regions.append('eu-north-1')", "jupyter_lab_config.py")
    body = {"SmxLabApp": {"allow_stop": True, "labels": {"aws": "Ours"}}}
    write(folder, json.dumps(body), "jupyter_smx_lab_config.json")
    found = load_options()
    assert found.regions == ["eu-west-1", "eu-north-1"]
    assert (found.allow_stop, found.labels) == (True, {"aws": "Ours"})


def test_what_a_server_was_started_with_counts_before_any_file(folder, monkeypatch):
    monkeypatch.setenv(OPTIONS_VARIABLE, "{}")
    server = SmxLabOptions(allow_invoke=False, connections=["aws"])
    export_to_environment(server)
    write(folder, "c.SmxLabApp.allow_delete = False")
    found = load_options()
    assert (found.allow_invoke, found.connections, found.allow_delete) == (False, ["aws"], True)


def test_a_file_that_cannot_be_read_is_said_and_skipped(folder, caplog):
    write(folder, "import no_such_module")
    write(folder, "c.SmxLabApp.read_only = True", "jupyter_smx_lab_config.py")
    assert load_options().read_only is True
    assert "jupyter_server_config.py cannot be read: No module named" in caplog.text


def test_a_value_that_cannot_be_is_an_error_in_one_sentence(folder, capsys):
    write(folder, "c.SmxLabApp.connections = 7")
    assert main(["copy", "--from", "local", "--to", "aws", "--experiment", "mnist"]) == 1
    said = capsys.readouterr().err
    assert "An option of c.SmxLabApp cannot be used: The 'connections' trait" in said


def test_to_find_them_imports_nothing_heavy(folder):
    write(folder, "c.SmxLabApp.read_only = True")
    script = "from smx_lab.options import load_options as f; assert f().read_only; import sys"
    names = "{'boto3', 'botocore', 'pandas', 'numpy', 'tornado', 'jupyter_server'}"
    script += f"; print(sorted({names} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.strip() == "[]"
