"""Measure our screens in a real JupyterLab on the local service with a seeded store."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page

from bench import _page, _seed
from tests.ui.harness import Lab, open_lab

SYNC_MS = 1_800_000
"""The maximum time for the server to read every row, on a busy machine."""

STATISTICS = ("Max", "Min", "Avg", "StdDev", "Last")

GRID = "document.querySelector('.lm-DockPanel-widget:not(.lm-mod-hidden) .smx-TableGrid')"
BLANK = ".smx-TableGrid-blank"

READY = f"""
const grid = {GRID};
return grid && grid.getAttribute('aria-busy') === 'false' &&
  grid.querySelectorAll('[role=gridcell]').length > 0 && !isBlank(grid);
"""
IS_BLANK = f"""
const isBlank = grid => {{
  const box = grid.getBoundingClientRect();
  return [...grid.querySelectorAll('{BLANK}')].some(node => {{
    const at = node.getBoundingClientRect();
    return at.bottom > box.top + 60 && at.top < box.bottom && at.right > box.left
      && at.left < box.right;
  }});
}};
"""
"""Whether a visible cell is still grey."""

HEADER = f"""
const header = label => [...{GRID}.querySelectorAll('[role=columnheader]')]
  .find(node => node.querySelector('.smx-TableGrid-label').textContent === label);
"""
MODEL = "window.jupyterapp.shell.currentWidget.content.model"


class Screens:
    """A Lab with one experiment, and a page on it."""

    def __init__(self, lab: Lab, page: Page) -> None:
        self.lab = lab
        self.page = page

    def open_table(self) -> float:
        """Open the experiment's table; return the ms until all visible cells are drawn."""
        args = json.dumps({"connectionId": "local", "experiments": ["experiment-0"]})
        return _page.until(
            self.page,
            f"await window.jupyterapp.commands.execute('smx-lab:open-table', {args})",
            IS_BLANK + READY,
        )

    def close_table(self) -> None:
        """Close the table."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.close()")
        self.page.wait_for_selector(".smx-TableGrid", state="detached")

    def wait_until_complete(self) -> None:
        """Return once the server has read every row."""
        self.page.wait_for_function(f"() => {MODEL}.isComplete", polling=200, timeout=SYNC_MS)

    def open_panel(self) -> float:
        """Show the experiments in the sidebar; return the ms until the first row is drawn."""
        return _page.until(
            self.page,
            "await window.jupyterapp.commands.execute('smx-lab:show-experiments')",
            "return document.querySelector('.smx-ExperimentsPanel [role=row] [role=gridcell]')"
            " !== null || document.querySelector('.smx-ExperimentsPanel .smx-List-row') !== null;",
        )

    def close_panel(self) -> None:
        """Collapse the sidebar."""
        self.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")

    def sort(self, label: str) -> float:
        """Click on a header; return the ms until the rows are drawn in the new order."""
        self._reveal(label)
        return _page.until(
            self.page,
            f"{HEADER} window.before = header('{label}').getAttribute('aria-sort');"
            f" header('{label}').click();",
            f"{IS_BLANK} {HEADER} if (header('{label}').getAttribute('aria-sort') ==="
            f" window.before) return false; {READY}",
        )

    def _reveal(self, label: str) -> None:
        """Scroll to a column, since only visible headers are drawn."""
        self.page.evaluate(
            f"() => {{ const {{ model, grid }} = window.jupyterapp.shell.currentWidget.content;"
            f" const column = model.shown.find(shown => shown.label === '{label}');"
            " model.selection.activate(-1, column.id); grid.revealActive(); }"
        )
        self.page.wait_for_function(f"() => {{ {HEADER} return header('{label}'); }}")

    def aggregate(self, label: str, statistic: str) -> float:
        """Show another statistic of the metric that the rows are sorted by; return the ms."""
        self.page.evaluate(
            f"() => {{ {HEADER} const {{ model }} = window.jupyterapp.shell.currentWidget.content;"
            f" model.selection.activate(-1, 'metric:{label}'); }}"
        )
        args = json.dumps({"statistic": statistic})
        return _page.until(
            self.page,
            f"window.generation = {MODEL}.rows.generation;"
            f" window.jupyterapp.commands.execute('smx-lab:aggregate-table', {args})",
            f"{IS_BLANK} if ({MODEL}.rows.generation === window.generation) return false; {READY}",
        )

    def filter(self, metric: str, above: float) -> float:
        """Filter by a metric; return the ms until the rows that pass are drawn."""
        condition = {"column": f"metric:{metric}", "operator": "gt", "values": [above]}
        return self._filter([condition])

    def no_filter(self) -> float:
        """Remove the filter; return the ms until all rows are drawn."""
        return self._filter([])

    def _filter(self, filters: list[dict[str, Any]]) -> float:
        return _page.until(
            self.page,
            f"window.generation = {MODEL}.rows.generation;"
            f" {MODEL}.update(view => ({{ ...view, filters: {json.dumps(filters)} }}));",
            f"{IS_BLANK} if ({MODEL}.rows.generation === window.generation) return false; {READY}",
        )

    def open_properties(self) -> float:
        """Open TABLE PROPERTIES with unfolded metrics; return the ms until boxes are drawn."""
        self.page.evaluate("window.jupyterapp.commands.execute('smx-lab:toggle-table-properties')")
        return _page.until(
            self.page,
            "document.querySelector('.smx-TableProperties [aria-label=\"Unfold Metrics\"]')"
            ".click()",
            "return document.querySelectorAll('.smx-TableProperties-box').length > 50;",
        )

    def type_column_name(self, text: str) -> float:
        """Type into the filter of column names; return the median ms until the list changes."""
        box = self.page.locator(".smx-TableProperties-filter")
        box.click()
        spent = []
        for key in text:
            self.page.evaluate(
                "() => { window.typed = window.smxBench.until(() => 0, () => false || "
                "document.querySelector('.smx-TableProperties-filter').value.length > "
                f"{len(spent)}) }}"
            )
            self.page.keyboard.type(key)
            spent.append(float(self.page.evaluate("() => window.typed")))
        return _page.median(spent)

    def scroll(self, step: int, axis: str = "y") -> _page.Frames:
        """Scroll the grid and count the frames in which a visible cell is grey."""
        missing = f"() => {{ {IS_BLANK} return isBlank({GRID}); }}"
        return _page.scroll(self.page, GRID, step, axis=axis, missing=missing)

    def to_top(self) -> None:
        """Scroll back."""
        _page.until(self.page, f"{GRID}.scrollTop = 0; {GRID}.scrollLeft = 0;", IS_BLANK + READY)

    def facts(self) -> dict[str, Any]:
        """Return the numbers of rows and columns of the table."""
        told: dict[str, Any] = self.page.evaluate(
            f"() => ({{ rows: {MODEL}.rows.total, columns: {MODEL}.columns.length }})"
        )
        return told

    def server_mb(self) -> float:
        """Return the resident memory of the Jupyter server in MB."""
        assert self.lab.process is not None
        return float(psutil.Process(self.lab.process.pid).memory_info().rss / 1e6)

    def loaded(self) -> list[str]:
        """Return the names of our own files that the page has loaded so far."""
        told: list[str] = self.page.evaluate(
            "() => performance.getEntriesByType('resource').map(entry => entry.name)"
            ".filter(name => name.includes('/extensions/smx-lab/'))"
        )
        return [url.rpartition("/")[2].partition("?")[0] for url in told]


@contextmanager
def screens(browser: Browser, rows: int, shape: _seed.Shape) -> Iterator[Screens]:
    """Start a Lab on a store with this number of rows, and open a page."""
    with tempfile.TemporaryDirectory(prefix="smx-lab-bench-") as folder:
        lab = Lab(Path(folder))
        _seed.seeded(lab.data_dir, rows, shape)
        lab.start()
        try:
            with _page.new_page(browser) as page:
                open_lab(page, lab)
                yield Screens(lab, page)
        finally:
            lab.stop()
