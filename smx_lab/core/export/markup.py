"""Markdown and LaTeX, in which a text shows as the text it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from smx_lab.core.export.values import stretches, texts
from smx_lab.core.table import Snapshot, Values

_LINE_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>|~$&!#^]")
"""What GitHub's and Jupyter's Markdown give a meaning inside a table's cell."""

_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%",
    "&": r"\&", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
}  # fmt: skip
"""``\\textquotesingle`` and the like need a font encoding of today, such as T1."""

_LATEX_SPECIAL = re.compile("[" + re.escape("".join(_LATEX)) + "]")


def markdown(snapshot: Snapshot, headers: Sequence[str]) -> Iterator[str]:
    """Yield a table of GitHub's Markdown in pieces; numbers stand at the right."""
    rules = ["---:" if _is_at_right(column) else "---" for column in snapshot.columns]
    yield _line(map(markdown_text, headers)) + _line(rules)
    for rows in _rows(snapshot, markdown_text):
        yield "".join([_line(row) for row in rows])


def latex(snapshot: Snapshot, headers: Sequence[str]) -> Iterator[str]:
    """Yield a tabular in pieces, ruled by the package booktabs."""
    places = "".join("r" if _is_at_right(column) else "l" for column in snapshot.columns)
    yield (
        "% Needs \\usepackage[T1]{fontenc} and \\usepackage{booktabs,textcomp}\n"
        f"\\begin{{tabular}}{{{places}}}\n\\toprule\n"
        f"{' & '.join(map(latex_text, headers))} \\\\\n\\midrule\n"
    )
    for rows in _rows(snapshot, latex_text):
        # An empty group, since a bracket behind the end of a line would be its argument.
        yield "".join([f"{_guard(' & '.join(row))} \\\\\n" for row in rows])
    yield "\\bottomrule\n\\end{tabular}\n"


def markdown_text(text: str) -> str:
    """Return a text that a Markdown cell shows as it is; a line break becomes a space."""
    return _MARKDOWN.sub(r"\\\g<0>", _LINE_BREAKS.sub(" ", text))


def latex_text(text: str) -> str:
    """Return a text that LaTeX sets as it is; a line break becomes a space."""
    escaped = _LATEX_SPECIAL.sub(lambda found: _LATEX[found[0]], _LINE_BREAKS.sub(" ", text))
    # Two hyphens in a row would become a dash.
    return re.sub("-(?=-)", "-{}", escaped)


def _guard(line: str) -> str:
    return f"{{}}{line}" if line.startswith(("[", "*")) else line


def _rows(snapshot: Snapshot, escaped: Callable[[str], str]) -> Iterator[Iterator[Sequence[str]]]:
    for first, last in stretches(snapshot):
        columns = [
            [escaped(text) if text else "" for text in texts(column, first, last)]
            if column.type == "text"
            else [text or "" for text in texts(column, first, last)]
            for column in snapshot.columns
        ]
        yield zip(*columns, strict=True) if columns else iter([()] * (last - first))


def _line(cells: Iterator[str] | Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _is_at_right(column: Values) -> bool:
    return column.type in ("number", "duration")
