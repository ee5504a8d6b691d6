"""Measure the screens in a real JupyterLab and Chromium, and MLflow's UI on as many runs.

    python bench/screens.py [--only=NAME] [--quick] [--json] [--save=FILE] [--page]

Times are medians of the milliseconds from a click to the end of the first frame that shows the
whole result. A plain page is scrolled in the same run, since a busy machine drops frames by itself.
The parts are 1000, 10000 and 100000 rows of 60 columns, and wide: 5 000 rows of 12 000 columns.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, sync_playwright

from bench import _document, _ends, _lab, _page, _peers, _runs, _seed
from tests.ui.harness import CHROMIUM_ARGS, chromium

Figures = dict[str, float]

CLICK_MS, OPEN_MS, HEAP_MB, SERVER_MB = 100, 400, 30, 400
BUDGETS = {
    "open the panel": OPEN_MS,
    "open the table": OPEN_MS,
    "sort by a metric": CLICK_MS,
    "sort by a text": CLICK_MS,
    "another statistic": CLICK_MS,
    "filter": CLICK_MS,
    "page heap, MB more": HEAP_MB,
    "server, MB": SERVER_MB,
}


class Part(NamedTuple):
    """One table to measure. With ``peer``, MLflow is measured on as many runs."""

    rows: int
    shape: _seed.Shape
    peer: bool


PARTS = {
    "1000": Part(1000, _seed.SIXTY, peer=True),
    "10000": Part(10_000, _seed.SIXTY, peer=True),
    "100000": Part(100_000, _seed.SIXTY, peer=False),
    "wide": Part(5000, _seed.WIDE, peer=False),
}


def ours(browser: Browser, part: Part, times: int) -> Figures:
    """Return all figures of one of our tables."""
    metrics = [f"metric-{n:05}" if part.shape.names else f"metric-{n}" for n in range(1, 4)]
    found: Figures = {}
    with _lab.screens(browser, part.rows, part.shape) as screens:
        heap = _page.Heap(screens.page)
        screens.open_panel()
        panel = []
        for _ in range(times):
            screens.close_panel()
            panel.append(screens.open_panel())
        found["open the panel"] = _page.median(panel)
        screens.close_panel()
        before = heap.mb()
        screens.open_table()
        screens.wait_until_complete()
        opened = []
        for _ in range(times):
            screens.close_table()
            opened.append(screens.open_table())
        found["open the table"] = _page.median(opened)
        clicks = [screens.sort(metric) for metric in metrics for _ in range(2)]
        found["sort by a metric"] = _page.median(clicks)
        found["sort by a text"] = _page.median(
            [screens.sort(name) for _ in range(2) for name in ("Trial", "Trial component")]
        )
        screens.sort(metrics[0])
        found["another statistic"] = _page.median(
            [screens.aggregate(metrics[0], statistic) for statistic in _lab.STATISTICS]
        )
        found["filter"] = _page.median(
            [screens.filter(metrics[1], (n + 1) / 10) for n in range(times)]
        )
        screens.no_filter()
        _scrolling(screens, found)
        found["page heap, MB more"] = heap.mb() - before
        found["server, MB"] = screens.server_mb()
        facts = screens.facts()
        found["rows"], found["columns"] = facts["rows"], facts["columns"]
        if part.shape.names:
            found["pane of 12 000 columns"] = screens.open_properties()
            found["its name filter, a key"] = screens.type_column_name("metric-0123")
    return found


def _scrolling(screens: _lab.Screens, found: Figures) -> None:
    for name, step, axis in (("scroll", 60, "y"), ("scroll fast", 400, "y"), ("sideways", 40, "x")):
        screens.to_top()
        frames = screens.scroll(step, axis)
        found[f"{name}: % of frames over 17 ms"] = frames.over_17
        found[f"{name}: % of frames over 50 ms"] = frames.over_50
        found[f"{name}: longest frame"] = frames.longest
        found[f"{name}: % of frames with a grey cell"] = frames.incomplete


def theirs(browser: Browser, part: Part, times: int) -> Figures:
    """Return the figures that MLflow's table of runs has too."""
    found: Figures = {}
    with tempfile.TemporaryDirectory(prefix="smx-lab-bench-") as folder:
        place = Path(folder) / "mlflow"
        with _runs.runs_table(browser, place, part.rows, part.shape) as table:
            found["open the table"] = _page.median([table.open_table() for _ in range(times)])
            found["sort by a metric"] = _page.median(
                [table.sort(f"metric-{n}") for n in range(1, 1 + times)]
            )
            found["filter"] = _page.median(
                [table.filter("metric-2", (n + 1) / 10) for n in range(times)]
            )
            found["server, MB"] = table.server_mb()
    return found


def plain(browser: Browser) -> Figures:
    """Return the frames of a plain page: what the machine can do at the moment."""
    frames = _page.plain_scroll(browser)
    return {
        "scroll: % of frames over 17 ms": frames.over_17,
        "scroll: % of frames over 50 ms": frames.over_50,
        "scroll: longest frame": frames.longest,
    }


def measure(name: str, times: int, *, peers: bool) -> dict[str, Figures]:
    """Measure one part, ours and MLflow's in the same run."""
    part = PARTS[name]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), chromium_sandbox=False, args=list(CHROMIUM_ARGS)
        )
        try:
            found = {"plain page": plain(browser), "smx-lab": ours(browser, part, times)}
            if part.peer and peers and _peers.install_mlflow():
                found["MLflow"] = theirs(browser, part, times)
            return found
        finally:
            browser.close()


def show(name: str, found: dict[str, Figures]) -> None:
    """Print one part: each figure with its budget and the figure of its peer."""
    own = found["smx-lab"]
    print(f"\n{own['rows']:.0f} rows of {own['columns']:.0f} columns ({name})")
    print(f"  {'':<40}{'smx-lab':>9}{'budget':>8}{'part of':>9}  other")
    for figure, value in own.items():
        if figure in ("rows", "columns"):
            continue
        budget = BUDGETS.get(figure)
        ratio = f"{budget:>8}{value / budget:>9.2f}" if budget else f"{'':>17}"
        others = [
            f"{peer} {figures[figure]:.1f}"
            for peer, figures in found.items()
            if peer != "smx-lab" and figure in figures
        ]
        print(f"  {figure:<40}{value:>9.1f}{ratio}  {', '.join(others)}", flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    parser.add_argument("--quick", action="store_true", help="fewer turns, 1 000 rows alone")
    parser.add_argument("--no-peers", action="store_true", help="leave MLflow out")
    parser.add_argument("--json", action="store_true", help="for other programs")
    parser.add_argument("--save", type=Path, help="write the figures of the parts to this file")
    parser.add_argument(
        "--page", action="store_true", help="write them into docs/developers/performance.md too"
    )
    # dev.py bench passes the options of all benchmarks to each of them.
    options, _ = parser.parse_known_args()
    names = [options.only] if options.only else ["1000"] if options.quick else list(PARTS)
    everything: dict[str, Any] = {}
    if options.save and options.save.exists():
        everything = json.loads(options.save.read_text(encoding="utf-8"))
    for name in names:
        found = measure(name, 3 if options.quick else 5, peers=not options.no_peers)
        everything[name] = found
        if not options.json:
            show(name, found)
        if options.save:
            options.save.write_text(json.dumps(everything, indent=2), encoding="utf-8")
    if options.json:
        print(json.dumps(everything))
    if options.page:
        _document.write(everything, BUDGETS)


if __name__ == "__main__":
    _ends.run(main)
