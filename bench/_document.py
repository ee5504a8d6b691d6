"""Write measured figures into docs/developers/performance.md, between its marks."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "developers" / "performance.md"
START, END = "<!-- figures of bench/screens.py -->", "<!-- end of figures -->"

Figures = dict[str, float]


def write(everything: dict[str, dict[str, Figures]], budgets: dict[str, int]) -> None:
    """Put a table for each part between the marks of the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    day = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    parts = "\n\n".join(_part(found, budgets) for found in everything.values())
    made = f"Written by `bench/screens.py --page` on {day}.\n\n{parts}"
    PAGE.write_text(f"{before}{START}\n{made}\n{END}{after}", encoding="utf-8")


def _part(found: dict[str, Figures], budgets: dict[str, int]) -> str:
    own = found["smx-lab"]
    peers = [name for name in ("MLflow", "plain page") if name in found]
    head = ["", "smx-lab", "budget", "of the budget", *peers]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    for figure, value in own.items():
        if figure in ("rows", "columns"):
            continue
        budget = budgets.get(figure)
        share = [str(budget), f"{value / budget:.2f}"] if budget else ["", ""]
        others = [f"{found[peer][figure]:.1f}" if figure in found[peer] else "" for peer in peers]
        lines.append([figure, f"{value:.1f}", *share, *others])
    rows = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"### {own['rows']:,.0f} rows of {own['columns']:,.0f} columns\n\n{rows}".replace(
        ",", " "
    )
