"""The formats that a table is exported in. Imports nothing heavy, unlike the writers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Literal, NamedTuple, get_args

ExportFormat = Literal["csv", "tsv", "json", "markdown", "latex", "parquet"]
"""The formats, in the order of the menu."""

FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


class FormatFacts(NamedTuple):
    """What a file of a format is called, and what HTTP calls it."""

    title: str
    suffix: str
    media_type: str


FACTS: Mapping[ExportFormat, FormatFacts] = {
    "csv": FormatFacts("CSV", ".csv", "text/csv; charset=UTF-8"),
    "tsv": FormatFacts("TSV", ".tsv", "text/tab-separated-values; charset=UTF-8"),
    "json": FormatFacts("JSON", ".json", "application/json"),
    "markdown": FormatFacts("Markdown", ".md", "text/markdown; charset=UTF-8"),
    "latex": FormatFacts("LaTeX", ".tex", "application/x-latex; charset=UTF-8"),
    "parquet": FormatFacts("Parquet", ".parquet", "application/vnd.apache.parquet"),
}


def why_not(format_: ExportFormat) -> str | None:
    """Why this Python cannot write a format, as a sentence with the remedy; None if it can."""
    if format_ == "parquet" and find_spec("pyarrow") is None:
        return (
            "Parquet needs pyarrow where smx-lab runs. Install it with: "
            "pip install 'smx-lab[parquet]'"
        )
    return None


def format_of_suffix(suffix: str) -> ExportFormat | None:
    """Return the format of files that end so."""
    return next((name for name, facts in FACTS.items() if facts.suffix == suffix.lower()), None)
