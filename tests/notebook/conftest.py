"""A kernel's shell with the magics loaded, on a data directory of the test's own."""

import os

import pytest
from IPython.core.interactiveshell import InteractiveShell

from smx_lab.local.home import launch


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    """One local service for the tests of a module; it is started by whoever needs it first."""
    directory = tmp_path_factory.mktemp("data")
    yield directory
    launch.stop(directory)


@pytest.fixture
def shell(data_dir, monkeypatch):
    """A shell in which ``%load_ext smx_lab`` has been run."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SMX_LAB_DATA_DIR", str(data_dir))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(data_dir / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(data_dir / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "smx_lab")
    session = shell.magics_manager.magics["line"]["smx"].__self__.session
    yield shell
    session.environment.restore()
    session.close()


@pytest.fixture
def smx(shell):
    """Run one line as a cell would, and answer what it returns."""
    return lambda line: shell.run_line_magic("smx", line)
