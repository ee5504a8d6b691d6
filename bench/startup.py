"""Measure the processor time that smx-lab adds to the start of a Jupyter server.

    python bench/startup.py [--json]

Servers with and without smx-lab start in turns, each in a process of its own. Figures are medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TURNS = 7
BUDGET_S = 0.1

START = """
import json, os, sys, time
began = time.process_time()
from jupyter_server.serverapp import ServerApp
app = ServerApp(allow_root=True, open_browser=False, jpserver_extensions=json.loads(sys.argv[1]))
app.initialize(["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"], find_extensions=False)
assert ("smx_lab_services" in app.web_app.settings) == bool(app.jpserver_extensions)
spent = time.process_time() - began
large = ("boto3", "botocore", "pandas", "numpy", "IPython")
heavy = [name for name in large if name in sys.modules]
print(json.dumps({"seconds": spent, "heavy": heavy}), flush=True)
os._exit(0)
"""


def start(extensions: dict[str, bool], home: str) -> tuple[float, list[str]]:
    """Start a server; return its seconds of processor time and the large packages it imported."""
    env = {**os.environ, "HOME": home, "PYTHONPATH": str(ROOT), "JUPYTER_NO_CONFIG": "1"}
    env |= {f"JUPYTER_{name}_DIR": home for name in ("CONFIG", "DATA", "RUNTIME")}
    done = subprocess.run(
        [sys.executable, "-c", START, json.dumps(extensions)],
        env=env, cwd=home, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    return told["seconds"], told["heavy"]


def measure(turns: int = TURNS) -> tuple[dict[str, float], list[str]]:
    """Return the figures, and the packages that only the server with smx-lab imports."""
    spent: dict[bool, list[float]] = {False: [], True: []}
    imported: dict[bool, set[str]] = {False: set(), True: set()}
    with tempfile.TemporaryDirectory(prefix="smx-lab-bench-") as home:
        for _ in range(turns):
            for ours in (False, True):
                seconds, heavy = start({"smx_lab": True} if ours else {}, home)
                spent[ours].append(seconds)
                imported[ours] |= set(heavy)
    without, with_ours = (statistics.median(spent[ours]) for ours in (False, True))
    figures = {"server alone, s": without, "with smx-lab, s": with_ours}
    figures["smx-lab's part, s"] = with_ours - without
    return figures, sorted(imported[True] - imported[False])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="for other programs")
    # dev.py bench passes the options of all benchmarks to each of them.
    options, _ = parser.parse_known_args()
    figures, heavy = measure()
    if options.json:
        print(json.dumps({**figures, "imported": heavy}))
        return
    print("The start of a Jupyter server, seconds of processor time")
    for name, value in figures.items():
        print(f"  {name:<30}{value:>8.3f}")
    part = figures["smx-lab's part, s"]
    print(f"  budget{'':<24}{BUDGET_S:>8.3f}{'   missed' if part > BUDGET_S else ''}")
    print(f"  large packages imported for it: {', '.join(heavy) or 'none'}")


if __name__ == "__main__":
    main()
