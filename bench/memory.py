"""Measure the memory of one table in a Jupyter server: resident before it is opened, and after.

    python bench/memory.py [--rows N] [--columns 60|200] [--json]

A real server runs on a seeded store, without a browser. The table is read completely. Then it gets
the requests of a browser, but faster than a user could send them: windows of all its columns,
sorted by metrics and by texts, with each statistic of all metrics, filtered. Figures are MB. The
budget is for the maximum after any of these requests.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _ends, _seed
from tests.ui.harness import Lab

SHAPES = {"60": _seed.SIXTY, "200": _seed.TWO_HUNDRED}
A_MINUTE_S = 60.0
"""By then, a sweep has released the memory of the queries."""

BUDGETS_MB = {"60": 400, "200": 500}

Figures = dict[str, float]


class Client:
    """A client of one table, with the requests of the browser."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def ask(self, path: str, body: Any = None) -> Any:
        """Return the response to a GET, or to a POST of ``body``."""
        request = urllib.request.Request(
            f"{self._lab.origin}/smx-lab/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self._lab.token}"},
        )
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)

    def open_table(self) -> Any:
        """Open the table of the experiment, and return its state once it is complete."""
        state = self.ask("local/tables", {"experiments": ["experiment-0"]})
        while not state["complete"]:
            time.sleep(0.5)
            state = self.ask(f"local/tables/{state['table_id']}")
        return state

    def look(self, state: Any) -> Iterator[None]:
        """Request windows of several views with all columns, in all six statistics."""
        columns = [column["id"] for column in state["columns"]]
        shown = [{"column": column} for column in columns]
        metrics = [column for column in columns if column.startswith("metric:")][:5]
        sorts = [*metrics, "summary:Trial", "summary:Trial component", "summary:Duration"]
        views: list[dict[str, Any]] = [
            {"columns": shown, "sort": [{"column": column}]} for column in sorts
        ]
        views += [
            {"columns": shown, "default_statistic": statistic, "sort": [{"column": metrics[0]}]}
            for statistic in ("Max", "Min", "Avg", "StdDev", "Count")
        ]
        above = [{"column": metrics[1], "operator": "gt", "values": [0.5]}]
        views.append({"columns": shown, "filters": above})
        for view in views:
            body = {"view": view, "offset": 0, "limit": 100}
            self.ask(f"local/tables/{state['table_id']}/rows", body)
            yield


def measure(rows: int, columns: str) -> Figures:
    """Measure one table in one server."""
    found: Figures = {}
    with tempfile.TemporaryDirectory(prefix="smx-lab-bench-") as folder:
        lab = Lab(Path(folder))
        _seed.seeded(lab.data_dir, rows, SHAPES[columns])
        lab.start()
        try:
            assert lab.process is not None
            process, client = psutil.Process(lab.process.pid), Client(lab)

            def note(name: str) -> None:
                found[name] = process.memory_info().rss / 1e6

            client.ask("connections")
            note("server alone")
            client.ask("local/experiments")
            note("with the experiments listed")
            state = client.open_table()
            note("with the table read")
            asked = [process.memory_info().rss / 1e6 for _ in client.look(state)]
            found["most, all six statistics seen"] = max(asked)
            time.sleep(A_MINUTE_S)
            note("a minute later")
            found["rows"], found["columns"] = state["total"], len(state["columns"])
            found["most at any time"] = _peak(lab.process.pid)
        finally:
            lab.stop()
    return found


def _peak(pid: int) -> float:
    """Return the maximum resident memory of a process, if the system has it."""
    file = Path(f"/proc/{pid}/status")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    told = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(told[0]) * 1024 / 1e6 if told else float("nan")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--columns", choices=SHAPES, help="60 or 200; without it, both")
    parser.add_argument("--quick", action="store_true", help="60 columns alone")
    parser.add_argument("--json", action="store_true", help="for other programs")
    # dev.py bench passes the options of all benchmarks to each of them.
    options, _ = parser.parse_known_args()
    names = [options.columns] if options.columns else ["60"] if options.quick else list(SHAPES)
    everything: dict[str, Figures] = {}
    for name in names:
        found = everything[name] = measure(options.rows, name)
        if not options.json:
            print(f"\nMemory of the server, MB: {found['rows']:.0f} rows of {found['columns']:.0f}")
            for figure in (key for key in found if key not in ("rows", "columns")):
                print(f"  {figure:<30}{found[figure]:>8.0f}")
            budget = BUDGETS_MB[name]
            share = found["most, all six statistics seen"] / budget
            print(f"  {'budget':<30}{budget:>8}   {share:.2f} of it", flush=True)
    if options.json:
        print(json.dumps(everything))


if __name__ == "__main__":
    _ends.run(main)
