"""The accessibility checks of axe-core, in the page that is being tested."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.ui.harness import ROOT, set_theme

SCRIPT = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

RUN = """
async (element, rules) => {
  const { violations } = await axe.run(element, {
    runOnly: { type: 'tag', values: rules },
    resultTypes: ['violations'],
  });
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}\\n` + nodes.map(node => `    ${node.target.join(' ')}: ${node.failureSummary}`)
      .join('\\n')
  );
}
"""


def check_accessible(part: Locator, *, besides: tuple[str, ...] = ()) -> None:
    """Raise AssertionError, naming each element, if axe finds fault with a part of the page.

    ``besides`` are rules that JupyterLab's own frame breaks, whatever we do.
    """
    part.page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = part.evaluate(RUN, list(RULES))
    left = [text for text in found if text.split(":")[0] not in besides]
    assert left == [], "\n".join(left)


def check_in_both_themes(part: Locator) -> None:
    """As ``check_accessible``, in the dark theme and in the light one, which stays."""
    for dark in (True, False):
        set_theme(part.page, dark=dark)
        check_accessible(part)
