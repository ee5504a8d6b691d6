"""Compare the local service with moto's server and MLflow on SQLite, in one run on one machine.

The local service has a write on disk before it responds; moto keeps everything in memory. The
servers take turns, so that a busy machine is as busy for each of them. Figures are medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import _clients, _ends, _peers, _seed
from bench._search import QUERIES, Searcher, Taken


class Report:
    """Print figures as they are measured, and collect those that miss their budget."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self.figures: dict[str, float] = {}
        self.missed: list[str] = []

    def add(
        self,
        name: str,
        value: float,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> None:
        """Record and print one figure."""
        self.figures[name] = round(value, 2)
        budget = ""
        if at_most is not None:
            budget = f"≤ {at_most:g}"
        if at_least is not None:
            budget = f"≥ {at_least:g}"
        too_much = at_most is not None and value > at_most
        if too_much or (at_least is not None and value < at_least):
            budget += "   missed"
            self.missed.append(name)
        if not self._quiet:
            print(f"  {name:<58} {value:>10.2f}   {budget}", flush=True)

    def say(self, text: str) -> None:
        """Print a line."""
        if not self._quiet:
            print(text, flush=True)


def writes(report: Report, folder: Path, seconds: float, turns: int) -> None:
    """Measure creating and associating components, full components, and metric points."""
    report.say("Writes through boto3, client processes beside one another")
    with ExitStack() as stack:
        ours = stack.enter_context(_peers.ours(folder / "writes"))
        report.add("idle memory, MB resident", ours.memory()[0], at_most=150)
        moto = stack.enter_context(_peers.moto())
        for clients, times in ((1, 1.2), (8, 2.0)):
            found = _turns(
                turns,
                {
                    peer.name: lambda peer=peer, n=clients: _clients.rate(
                        "associate", peer, n, seconds
                    )
                    for peer in (ours, moto)
                },
            )
            own, other = found["smx-lab"], found["moto"]
            label = f"create + associate, {clients} client{'s' if clients > 1 else ''}"
            report.add(f"{label}: calls/s", 2 * own[0])
            report.add(f"{label}: moto's calls/s", 2 * other[0])
            report.add(f"{label}: times moto", own[0] / other[0], at_least=times)
            report.add(f"{label}: server's CPU, ms a call", own[1] / 2)
            report.add(f"{label}: CPU as part of moto's", own[1] / other[1], at_most=0.25)
        _components(report, folder, seconds, turns, ours, moto)
        for clients in (1, 8):
            rounds, cpu = _clients.rate("points", ours, clients, seconds)
            report.add(f"BatchPutMetrics, {clients} clients: points/s", 10 * rounds)
            report.add(f"BatchPutMetrics, {clients} clients: server's CPU, ms a call", cpu)


def _components(
    report: Report,
    folder: Path,
    seconds: float,
    turns: int,
    ours: _peers.Peer,
    moto: _peers.Peer,
) -> None:
    report.say("A full component: 12 parameters, 10 metrics × 20 points, artifacts, 23 calls")
    work: dict[str, Callable[[], tuple[float, float]]] = {
        peer.name: lambda peer=peer: _clients.rate("component", peer, 1, seconds)
        for peer in (ours, moto)
    }
    with ExitStack() as stack:
        if _peers.install_mlflow():
            place = folder / "mlflow"
            place.mkdir()
            server = stack.enter_context(_peers.mlflow(place))
            work["MLflow"] = lambda: (_clients.mlflow_components(server, seconds), 0.0)
        else:
            report.say("  MLflow could not be installed, so it is not compared.")
        found = _turns(turns, work)
    for name, (rate, _) in found.items():
        report.add(f"full components/s, {name}", rate)
    own = found["smx-lab"][0]
    report.add("full components, times moto", own / found["moto"][0], at_least=2)
    if "MLflow" in found:
        report.add("full components, times MLflow", own / found["MLflow"][0], at_least=6)
    # One client spends most time on its own work; several clients do load the server.
    many = _turns(
        turns,
        {p.name: lambda p=p: _clients.rate("component", p, 8, seconds) for p in (ours, moto)},
    )
    for name, (rate, _) in many.items():
        report.add(f"full components/s, 8 clients, {name}", rate)
    ratio = many["smx-lab"][0] / many["moto"][0]
    report.add("full components, 8 clients, times moto", ratio, at_least=2)


def _turns(
    times: int, work: dict[str, Callable[[], tuple[float, float]]]
) -> dict[str, tuple[float, float]]:
    """Measure the servers in turns; return the median of each figure of each server."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for _ in range(times):
        for name, do in work.items():
            found[name].append(do())
    return {
        name: (statistics.median(a for a, _ in told), statistics.median(b for _, b in told))
        for name, told in found.items()
    }


def searches(report: Report, folder: Path, rows: int, times: int) -> None:
    """Measure searches of few and many components."""
    few = max(rows // 100, 1)
    medians: dict[int, dict[str, Taken]] = {}
    for number in (few, rows):
        data_dir = _seed.seeded(folder / f"search-{number}", number)
        with _peers.ours(data_dir) as peer:
            searcher = Searcher(peer)
            searcher.ask(QUERIES[0](0))  # connects, and compiles the shapes
            medians[number] = {query.__name__: searcher.measure(query, times) for query in QUERIES}
            memory = peer.memory()
    report.say(f"Search over {rows} components, pages of 100, ms over HTTP")
    for query in QUERIES:
        taken = medians[rows][query.__name__]
        doc = (query.__doc__ or "").splitlines()[0]
        report.say(f"  {doc} {taken.total}{'+' if taken.total == 1000 else ''} found.")
        report.add(f"{query.__name__}: first page", taken.first, at_most=50)
        if taken.following is not None:
            report.add(f"{query.__name__}: next page", taken.following, at_most=20)
        if taken.after_write is not None:
            report.add(f"{query.__name__}: next page after a write", taken.after_write, at_most=20)
        growth = taken.first / medians[few][query.__name__].first
        report.add(f"{query.__name__}: times the cost with {few}", growth, at_most=100 * 5 / 3)
    report.add(f"memory at {rows}, MB resident", memory[0], at_most=300)
    report.add(f"memory at {rows}, MB of its own", memory[1])


PARTS: dict[str, Any] = {"writes": writes, "searches": searches}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="for other programs")
    parser.add_argument("--quick", action="store_true", help="shorter turns, fewer of them")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    options = parser.parse_args()
    report = Report(quiet=options.json)
    report.say("The local service")
    seconds, turns, times = (1.0, 1, 3) if options.quick else (3.0, 3, 9)
    with tempfile.TemporaryDirectory(prefix="smx-lab-bench-") as folder:
        if options.only in (None, "writes"):
            writes(report, Path(folder), seconds, turns)
        if options.only in (None, "searches"):
            searches(report, Path(folder), options.rows, times)
    if options.json:
        print(json.dumps({"figures": report.figures, "missed": report.missed}))
    elif report.missed:
        print(f"Missed: {', '.join(report.missed)}")
    else:
        print("Every budget is kept.")


if __name__ == "__main__":
    _ends.run(main)
