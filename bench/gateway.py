"""Compare reading tables from AWS with SageMaker's own SDK: ratios, in one run, from one server.

    python bench/gateway.py [--quick] [--json]

The server ("upstream") is that of the tests (tests/support/sagemaker_server.py), in a process of
its own. A call takes 120 ms and a page has 100 records. There is no limit, or one of ten calls a
second. ``python3 dev.py test python`` installs ``sagemaker`` 2. Otherwise its figures are omitted.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _ends
from bench.local import Report
from devtools.clients import python_of
from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core import wire
from smx_lab.core.views.view import View, ViewColumn
from smx_lab.gateway.connections import ConnectionOptions, Connections
from smx_lab.services.tables.cache import CacheFolder
from smx_lab.services.tables.tables import Tables

ROOT = Path(__file__).resolve().parent.parent
AWS = "aws@us-east-1"
LATENCY_S, LIMIT, PAGE = 0.12, 10, 100
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDBENCH",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
METRIC = "metric-3"

SDK = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import boto3, sagemaker
from sagemaker.analytics import ExperimentAnalytics
client = boto3.client("sagemaker", endpoint_url=sys.argv[1])
session = sagemaker.Session(sagemaker_client=client, default_bucket="bucket")
began = time.perf_counter()
frame = ExperimentAnalytics(experiment_name="experiment-0", sagemaker_session=session).dataframe()
took = time.perf_counter() - began
print(json.dumps([took, len(frame), float(frame[sys.argv[2] + " - Last"].sum())]))
"""


class Upstream:
    """An upstream server in a process of its own."""

    def __init__(self, **options: Any) -> None:
        command = [sys.executable, "-m", "tests.support.sagemaker_server", json.dumps(options)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()

    def ask(self, path: str, **body: Any) -> Any:
        """Change the behaviour of the server."""
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def calls(self) -> list[tuple[float, str]]:
        """Return the time and the response of every call since the last request for them."""
        calls = self.ask("/calls")
        self.ask("/forget")
        return [(at, answer) for at, answer in calls]

    def close(self) -> None:
        """Stop the server."""
        self._process.kill()
        self._process.wait()


@contextmanager
def upstream(**options: Any) -> Iterator[Upstream]:
    """Run an upstream server."""
    running = Upstream(latency_s=LATENCY_S, **options)
    try:
        yield running
    finally:
        running.close()


def tables_at(url: str, folder: Path) -> Tables:
    """Return the tables service of a new Jupyter server."""
    connections = Connections(ConnectionOptions(endpoint_urls={"sagemaker": url}), None)
    connections.sagemaker(AWS).client()  # takes a second, once for each server
    return Tables(connections, cache=CacheFolder(folder, 2 * 10**9))


def origin(number: int = 0) -> OpenTableRequest:
    """Return the request for the table of one experiment."""
    return OpenTableRequest(experiments=[f"experiment-{number}"])


def read(tables: Tables, number: int = 0) -> tuple[float, int, float]:
    """Return the seconds until a table is complete, its rows, and the sum of a metric."""
    began = time.perf_counter()
    state = tables.read_table(AWS, origin(number))
    took = time.perf_counter() - began
    return took, state.total, total_of(tables, state.table_id)


def opened(tables: Tables) -> tuple[float, float, int, float]:
    """Return the seconds to the first rows and to the complete table, its rows, and a sum."""
    began = time.perf_counter()
    state = tables.open_table(AWS, origin())
    (sync,) = tables.open_tables._open.values()
    sync.wait_for_rows(60)
    first = time.perf_counter() - began
    sync.wait()
    took = time.perf_counter() - began
    return first, took, len(sync.table), total_of(tables, state.table_id)


def total_of(tables: Tables, table_id: str) -> float:
    """Return the sum of a metric over all rows."""
    view = View(columns=(ViewColumn(column=f"metric:{METRIC}", statistic="Last"),))
    snapshot = tables.snapshot(AWS, table_id, view)
    cells = snapshot.columns[0].cells(0, len(snapshot))
    return sum(float(cell) for cell in cells if cell is not None)


def by_the_sdk(url: str) -> tuple[float, int, float] | None:
    """Read the same with ExperimentAnalytics of sagemaker 2; None if that is not installed."""
    python = python_of("sagemaker2")
    if not python.exists():
        return None
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", SDK, url, METRIC],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **ENVIRONMENT},
    )
    if done.returncode:
        print(done.stderr[-500:])
        return None
    took, rows, total = json.loads(done.stdout.strip().splitlines()[-1])
    return took, rows, total


def one_table(report: Report, folder: Path, rows: int, rate: float | None) -> None:
    """Open a table, read it completely, refresh it, and open it again in another server."""
    report.say(f"{rows} components, {f'{rate:g} calls a second' if rate else 'no limit'}")
    name = "limit" if rate else "no limit"
    with upstream(components=rows, rate=rate) as running:
        theirs = by_the_sdk(running.url)
        their_calls = running.calls()
        if rate:
            time.sleep(2)  # until the calls are allowed again
        tables = tables_at(running.url, folder / name)
        first, took, total, summed = opened(tables)
        report.add(f"{name}: first rows, s", first)
        calls = running.calls()
        if rate:
            least = rows / PAGE / rate
            report.add(
                f"{name}: whole table / what its calls must take", took / least, at_most=1.15
            )
        report.add(f"{name}: whole table, s", took)
        report.add(f"{name}: calls", len(calls))
        if theirs is not None:
            report.add(f"{name}: ExperimentAnalytics, s", theirs[0])
            report.add(f"{name}: ExperimentAnalytics, calls", len(their_calls))
            at_least = None if rate else 5
            report.add(f"{name}: times as fast", theirs[0] / took, at_least=at_least)
            same = theirs[1] == total and math.isclose(theirs[2], summed)
            report.add(f"{name}: same values (1 is yes)", float(same), at_least=1)
        running.ask("/touch", numbers=list(range(0, rows, max(1, rows // 20))))
        took = read(tables)[0]
        report.add(f"{name}: refresh after 20 changes, s", took)
        report.add(f"{name}: refresh, calls", len(running.calls()), at_most=2)
        tables.close()
        again = tables_at(running.url, folder / name)
        report.add(f"{name}: first rows in another server, s", opened(again)[0])
        report.add(f"{name}: opened again, calls", len(running.calls()), at_most=1)
        again.close()


def many_tables(report: Report, folder: Path, servers: int, rows: int) -> None:
    """Open ten tables at once, from one server or from several."""
    report.say(f"Ten tables of {rows} at once from {servers} server(s), {LIMIT} calls a second")
    with upstream(components=10 * rows, experiments=10, rate=LIMIT) as running:
        began = time.monotonic()
        command = [sys.executable, __file__, "--ten", running.url]
        env = {**os.environ, **ENVIRONMENT}
        started = [
            subprocess.Popen(
                [*command, str(folder / f"ten-{servers}-{n}")], env=env, stdout=subprocess.PIPE
            )
            for n in range(servers)
        ]
        failed = sum(int(one.communicate()[0].split()[-1]) for one in started)
        calls = running.calls()
        late = [answer for at, answer in calls if at > calls[0][0] + 5]
        name = f"ten tables, {servers} server(s)"
        report.add(f"{name}: tables that failed", failed, at_most=0)
        report.add(f"{name}: seconds", time.monotonic() - began)
        refused = 100 * late.count("throttled") / max(1, len(late))
        report.add(f"{name}: refused after 5 s, %", refused, at_most=2)


def ten(url: str, folder: str) -> None:
    """Read ten tables in this process, and print how many failed."""
    tables = tables_at(url, Path(folder))

    def fails(number: int) -> int:
        try:
            tables.read_table(AWS, origin(number))
        except Exception as error:  # noqa: BLE001  any error is a failure
            print(error, file=sys.stderr)
            return 1
        return 0

    with ThreadPoolExecutor(10) as pool:
        print(sum(pool.map(fails, range(10))))


def many_rows(report: Report, folder: Path, rows: int) -> None:
    """Read more records than one search of SageMaker returns."""
    report.say(f"{rows} components, no limit")
    before = psutil.Process().memory_info().rss
    with upstream(components=rows, spread_s=2.0) as running:
        tables = tables_at(running.url, folder / "many")
        took, total, _ = read(tables)
        report.add("many: share that is there", total / rows, at_least=1)
        report.add("many: seconds", took)
        report.add("many: calls / pages", len(running.calls()) * PAGE / rows)
        report.add(
            "many: memory, MB", (psutil.Process().memory_info().rss - before) / 1e6, at_most=400
        )
        tables.close()


def decoding(report: Report, rows: int = 1000) -> None:
    """Measure the processor seconds to decode 10 000 records from bytes to trial components."""
    report.say("Decoding 10 000 records, s of processor time")
    with upstream(components=rows) as running:
        connections = Connections(ConnectionOptions(endpoint_urls={"sagemaker": running.url}), None)
        sagemaker = connections.sagemaker(AWS)
        sagemaker.client()

        def by_botocore(token: str | None) -> Any:
            page = sagemaker.search("ExperimentTrialComponent", {}, next_token=token)
            return [wire.trial_component(record) for record in page.records], page.next_token

        for name, search, at_most in (
            ("plain JSON", lambda t: sagemaker.search_components({}, next_token=t)[:2], 0.8),
            ("botocore's parser", by_botocore, None),
        ):
            spent = _decoded(search, rows)
            report.add(f"decode: {name}", spent * 10_000 / rows, at_most=at_most)


def _decoded(search: Callable[[str | None], tuple[Any, str | None]], rows: int) -> float:
    token, began = None, time.thread_time()
    for _ in range(rows // PAGE):
        _, token = search(token)
    return time.thread_time() - began


def main() -> int:
    """Print the figures; return 1 if a budget is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the components")
    parser.add_argument("--json", action="store_true", help="for other programs")
    parser.add_argument("--ten", nargs=2, help=argparse.SUPPRESS)
    # dev.py bench passes the options of all benchmarks to each of them.
    options, _ = parser.parse_known_args()
    os.environ.update(ENVIRONMENT)
    if options.ten:
        ten(*options.ten)
        return 0
    report = Report(quiet=options.json)
    share = 10 if options.quick else 1
    with tempfile.TemporaryDirectory(prefix="smx-lab-bench-") as name:
        folder = Path(name)
        decoding(report)
        one_table(report, folder, 10_000 // share, None)
        one_table(report, folder, 10_000 // share, LIMIT)
        many_tables(report, folder, 1, 2000 // share)
        many_tables(report, folder, 3, 2000 // share)
        many_rows(report, folder, 100_000 // share)
    if options.json:
        print(json.dumps(report.figures))
    return 1 if report.missed else 0


if __name__ == "__main__":
    _ends.run(main)
