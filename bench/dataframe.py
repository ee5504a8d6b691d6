"""Measure reading ten thousand trial components of the local service as a pandas data frame.

    python bench/dataframe.py [--rows N] [--json]

Each turn is a process of its own, like a script that has just started. The figures are the seconds
from the call of ``smx_lab.dataframe`` to its return, and the processor time in between, in the
script and in the service. pandas has been imported before. The first turn is not counted, since it
compiles Python's modules.
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

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import _ends, _seed
from smx_lab.local.home import launch

ROOT = Path(__file__).resolve().parents[1]
BUDGET_S = 1.5
TURNS = 5

READ = """
import json, time
import pandas, smx_lab
began, busy = time.perf_counter(), time.process_time()
frame = smx_lab.dataframe("experiment-0")
spent = [time.perf_counter() - began, time.process_time() - busy]
print(json.dumps([*spent, *frame.shape]))
"""


def measure(rows: int, turns: int) -> dict[str, float]:
    """Return the medians of several turns. The service is started once."""
    found: list[list[float]] = []
    with tempfile.TemporaryDirectory(prefix="smx-lab-bench-") as folder:
        data_dir = _seed.seeded(Path(folder) / "data", rows, _seed.SIXTY)
        env = {
            **os.environ,
            "SMX_LAB_DATA_DIR": str(data_dir),
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"),
        }
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        launch.ensure_running(data_dir)
        try:
            record = json.loads((data_dir / "service.json").read_text(encoding="utf-8"))
            service = psutil.Process(record["pid"])
            for _ in range(1 + turns):
                before = sum(service.cpu_times()[:2])
                done = subprocess.run(
                    [sys.executable, "-c", READ],
                    env=env, cwd=folder, capture_output=True, text=True, check=True,
                )  # fmt: skip
                found.append([*json.loads(done.stdout), sum(service.cpu_times()[:2]) - before])
        finally:
            launch.stop(data_dir)
    columns = zip(*found[1:], strict=True)
    wall, busy, rows, width, served = (statistics.median(column) for column in columns)
    return {
        "rows": rows,
        "columns": width,
        "seconds": wall,
        "of processor time": busy,
        "of the service's": served,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="fewer turns")
    parser.add_argument("--json", action="store_true", help="for other programs")
    # dev.py bench passes the options of all benchmarks to each of them.
    options, _ = parser.parse_known_args()
    found = measure(options.rows, 2 if options.quick else TURNS)
    if options.json:
        print(json.dumps(found))
        return
    print(f"A data frame of {found['rows']:.0f} rows and {found['columns']:.0f} columns")
    for name in ("seconds", "of processor time", "of the service's"):
        print(f"  {name:<24}{found[name]:>8.2f}")
    print(f"  {'budget, seconds':<24}{BUDGET_S:>8.2f}")


if __name__ == "__main__":
    _ends.run(main)
