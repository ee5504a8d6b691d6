"""Measurements in a page: time until it is painted, frames while scrolling, and the heap."""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page

SCRIPT = """
window.smxBench = {
  // Milliseconds from an action to the end of the first frame in which `holds()` is true.
  async until(action, holds, patience = 180000) {
    const start = performance.now();
    const acted = action();
    return new Promise((resolve, reject) => {
      Promise.resolve(acted).catch(reject);
      const look = () => {
        if (holds()) {
          const painted = new MessageChannel();
          painted.port1.onmessage = () => resolve(performance.now() - start);
          painted.port2.postMessage(0);  // runs after the frame has been drawn
        } else if (performance.now() - start > patience) {
          reject(new Error(`not seen in ${patience} ms: ${holds}`));
        } else {
          requestAnimationFrame(look);
        }
      };
      requestAnimationFrame(look);
    });
  },
  // The times between frames, in milliseconds, while every frame scrolls an element by `step`,
  // and in how many of them something drawn was not there yet.
  async scroll(node, step, frames, axis, isMissing) {
    const times = [];
    let missing = 0;
    await new Promise(resolve => {
      const turn = now => {
        times.push(now);
        missing += isMissing && isMissing() ? 1 : 0;
        if (times.length > frames) {
          resolve();
        } else {
          node[axis === 'x' ? 'scrollLeft' : 'scrollTop'] += step;
          requestAnimationFrame(turn);
        }
      };
      requestAnimationFrame(turn);
    });
    return { frames: times.slice(1).map((time, at) => time - times[at]), missing };
  }
};
"""

PLAIN = """
<style>div.row { height: 24px; white-space: pre } #list { height: 700px; overflow: auto }</style>
<div id="list"></div>
<script>
  for (let n = 0; n < 2000; n++) {
    const row = document.createElement('div');
    row.className = 'row';
    row.textContent = `row ${n} ` + 'text '.repeat(30);
    list.appendChild(row);
  }
</script>
"""
"""A plain page to scroll, which shows what the machine itself can do at the moment."""


class Frames(NamedTuple):
    """Frames of a scroll: late ones in %, the longest in ms, and those with blank cells in %."""

    over_17: float
    over_50: float
    longest: float
    incomplete: float


@contextlib.contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """Open a page in a new context, with the functions of ``SCRIPT``."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(180_000)
    context.add_init_script(SCRIPT)
    try:
        yield context.new_page()
    finally:
        context.close()


def until(page: Page, action: str, holds: str) -> float:
    """Return the ms from an action to the frame in which a condition holds; both are JavaScript."""
    spent: float = page.evaluate(
        f"() => window.smxBench.until(async () => {{ {action} }}, () => {{ {holds} }})"
    )
    return spent


def scroll(
    page: Page, node: str, step: int, frames: int = 240, axis: str = "y", missing: str = "null"
) -> Frames:
    """Scroll an element by ``step`` CSS pixels in every frame."""
    told: dict[str, Any] = page.evaluate(
        f"() => window.smxBench.scroll({node}, {step}, {frames}, '{axis}', {missing})"
    )
    times = told["frames"]
    return Frames(
        # A frame of 60 a second takes 16.7 ms, and clocks are rounded.
        over_17=100 * sum(time > 17.5 for time in times) / len(times),
        over_50=100 * sum(time > 50 for time in times) / len(times),
        longest=max(times),
        incomplete=100 * told["missing"] / len(times),
    )


def plain_scroll(browser: Browser) -> Frames:
    """Scroll a plain page to measure the frames that the machine drops by itself."""
    with new_page(browser) as page:
        page.set_content(PLAIN)
        return scroll(page, "document.getElementById('list')", 60)


class Heap:
    """The JavaScript heap of a page, after garbage collection."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")

    def mb(self) -> float:
        """Return the memory in use in MB of 1 000 000 bytes."""
        for _ in range(2):
            self._session.send("HeapProfiler.collectGarbage")
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        used: float = next(m["value"] for m in metrics if m["name"] == "JSHeapUsedSize")
        return used / 1e6


def median(values: list[float]) -> float:
    """Return the median, or NaN without values."""
    return statistics.median(values) if values else float("nan")
