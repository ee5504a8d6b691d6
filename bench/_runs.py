"""Measure MLflow's UI on as many runs with the same parameters and metrics.

The runs are written directly into its database.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench import _page, _peers, _seed

CELLS = ".ag-center-cols-container .ag-row .ag-cell"
"""The cells of MLflow's table of runs, an AG Grid."""

ROWS = f"return document.querySelectorAll('{CELLS}').length > 20;"
ORDER = """
const order = () => [...document.querySelectorAll('[role=row][row-index] a')]
  .map(node => node.textContent).join();
"""


def seed(folder: Path, runs: int, shape: _seed.Shape) -> None:
    """Write one experiment with this number of runs into MLflow's database."""
    folder.mkdir(parents=True)
    path = folder / "mlflow.db"
    python = str(_peers.mlflow_python())
    subprocess.run(
        [python, "-m", "mlflow", "db", "upgrade", f"sqlite:///{path}"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    number = random.Random(1)
    cx = sqlite3.connect(path)
    now = _seed.MORNING_MS
    insert = "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage,"
    cx.execute(
        f"{insert} creation_time, last_update_time) VALUES (1, 'experiment-0', ?, 'active', ?, ?)",
        (str(folder / "artifacts"), now, now),
    )
    for at in range(runs):
        _insert_run(cx, at, number, shape)
    cx.execute("ANALYZE")
    cx.commit()
    cx.close()


def _insert_run(cx: sqlite3.Connection, at: int, number: random.Random, shape: _seed.Shape) -> None:
    run, time = f"{at:032x}", _seed.MORNING_MS + 1000 * at
    cx.execute(
        "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id,"
        " status, start_time, end_time, source_version, lifecycle_stage, artifact_uri,"
        " experiment_id)"
        " VALUES (?, ?, 'LOCAL', '', '', 'ada', 'FINISHED', ?, ?, '', 'active', ?, 1)",
        (run, f"cnn-training-job-{at}", time, time + 60_000, f"file:///artifacts/{run}"),
    )
    parameters = [(f"number-{n}", str(round(number.random(), 6))) for n in range(shape.numbers)]
    parameters += [(f"text-{n}", number.choice(["sgd", "adam"])) for n in range(shape.texts)]
    cx.executemany(
        "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
        [(*parameter, run) for parameter in parameters],
    )
    values = [(f"metric-{n}", number.random(), time, run) for n in range(shape.metrics)]
    for table in ("metrics", "latest_metrics"):
        cx.executemany(
            f"INSERT INTO {table} (key, value, timestamp, run_uuid, step, is_nan)"
            " VALUES (?, ?, ?, ?, 0, 0)",
            values,
        )
    cx.execute(
        "INSERT INTO tags (key, value, run_uuid) VALUES ('mlflow.runName', ?, ?)",
        (f"cnn-training-job-{at}", run),
    )


class RunsTable:
    """MLflow's table of runs, in a page."""

    def __init__(self, url: str, page: Page, server: _peers.Peer) -> None:
        self.page = page
        self._server = server
        self._address = f"{url}/#/experiments/1/runs"

    def start(self) -> None:
        """Load the application and close its introduction."""
        self.page.goto(self._address)
        self.page.wait_for_selector(CELLS)

    def open_table(self) -> float:
        """Go to the list of experiments and back to the table; return the ms."""
        home = self._address.replace("/experiments/1/runs", "/experiments")
        self.page.goto(home)
        self.page.wait_for_selector(CELLS, state="detached")
        return _page.until(self.page, f"location.hash = '{self._address.split('#')[1]}'", ROWS)

    def sort(self, metric: str) -> float:
        """Sort the runs by a metric; return the ms until they are drawn."""
        return self._go(f"orderByKey=metrics.%60{metric}%60&orderByAsc=false")

    def filter(self, metric: str, above: float) -> float:
        """Show the runs with a greater value of the metric; return the ms."""
        return self._go(f"searchFilter=metrics.%60{metric}%60%20%3E%20{above}")

    def _go(self, query: str) -> float:
        """Change the address in the page; return the ms until other runs are drawn."""
        address = self._address.split("#")[1]
        return _page.until(
            self.page,
            f"{ORDER} window.before = order(); location.hash = '{address}?{query}';",
            f"{ORDER} if (order() === window.before) return false; {ROWS}",
        )

    def server_mb(self) -> float:
        """Return the resident MB of the server and its workers."""
        return self._server.family_mb()


@contextmanager
def runs_table(
    browser: Browser, folder: Path, runs: int, shape: _seed.Shape
) -> Iterator[RunsTable]:
    """Start MLflow on this number of runs, and open a page."""
    seed(folder, runs, shape)
    try:
        with _peers.mlflow(folder) as server, _page.new_page(browser) as page:
            table = RunsTable(server.url, page, server)
            table.start()
            yield table
    finally:
        shutil.rmtree(folder, ignore_errors=True)
