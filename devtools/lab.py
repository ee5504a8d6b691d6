"""Open JupyterLab on the local service, with the tutorial and the experiments browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from devtools.base import BIN, PYTHON, WINDOWS, environment, is_root, output, run, say
from devtools.setup import setup

NOTEBOOK = "handwritten-digits.ipynb"
FIRST_LAYOUT = {
    "layout-restorer:data": {
        "main": {
            "dock": {
                "type": "tab-area",
                "currentIndex": 0,
                "widgets": [f"notebook:{NOTEBOOK}"],
            },
            "current": f"notebook:{NOTEBOOK}",
        },
        "left": {
            "collapsed": False,
            "visible": True,
            "current": "smx-lab-experiments",
            "widgets": ["filebrowser", "running-sessions", "smx-lab-experiments"],
        },
        "relativeSizes": [0.3, 0.7, 0],
    },
    f"notebook:{NOTEBOOK}": {"data": {"path": NOTEBOOK, "factory": "Notebook"}},
}
"""The first workspace: the notebook and the experiments browser are open."""

SAVE_LAYOUT = """
import json, sys
from jupyterlab_server.workspaces_handler import WorkspacesManager
manager = WorkspacesManager(sys.argv[1])
if not manager.list_workspaces():
    layout = {"data": json.load(sys.stdin), "metadata": {"id": "default"}}
    manager.save("default", json.dumps(layout))
"""


def lab(arguments: list[str]) -> int:
    """Set up, start the local service, put the tutorial in place, run ``jupyter lab ARGUMENTS``.

    On the first start with a data directory, the tutorial runs up to the training, in the
    background.
    """
    setup()
    service = json.loads(output([BIN / "smx-lab", "local", "start", "--json"]))
    data_dir = Path(service["data_dir"])
    notebooks, layouts = data_dir / "notebooks", data_dir / "workspaces"
    output([BIN / "smx-lab", "tutorial", "--copy-only", "--directory", notebooks])
    subprocess.run(
        [PYTHON, "-c", SAVE_LAYOUT, layouts],
        input=json.dumps(FIRST_LAYOUT),
        env=environment(),
        text=True,
        check=True,
    )
    start_tutorial(data_dir, notebooks)
    say(f"Opening JupyterLab on {notebooks}")
    places = {"ServerApp.root_dir": notebooks, "LabApp.workspaces_dir": layouts}
    command = [
        str(BIN / "jupyter"), "lab",
        *unless_given(places, arguments),
        *(["--allow-root"] if is_root() else []),
        *arguments,
    ]  # fmt: skip
    if WINDOWS:
        run(command)
        return 0
    sys.stderr.flush()
    # JupyterLab replaces this process, so that it receives Ctrl+C and signals directly.
    os.execve(command[0], command, environment())
    raise AssertionError("execve does not return")


def unless_given(options: dict[str, Path], arguments: list[str]) -> list[str]:
    """Return the options that ``arguments`` do not set, since Jupyter accepts each only once."""
    given = {argument.partition("=")[0] for argument in arguments}
    aliases = {"ServerApp.root_dir": "--notebook-dir"}
    return [
        f"--{name}={value}"
        for name, value in options.items()
        if not given & {f"--{name}", aliases.get(name)}
    ]


def start_tutorial(data_dir: Path, notebooks: Path) -> None:
    """Run the tutorial up to the training in the background, once for each data directory."""
    marker = data_dir / "tutorial.json"
    state = json.loads(marker.read_text(encoding="utf-8")) if marker.exists() else {}
    if state.get("state") == "finished":
        return
    log = data_dir / "tutorial.log"
    say(f"Running the tutorial up to the training in the background; its log is {log}")
    with log.open("ab") as file:
        subprocess.Popen(
            [
                BIN / "smx-lab", "tutorial", "--until", "training", "--once",
                "--directory", notebooks,
            ],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )  # fmt: skip
