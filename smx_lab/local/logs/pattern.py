"""Filter patterns of CloudWatch Logs, as far as they are words."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TERM = re.compile(r'\s*([?-]?)("(?:[^"\\]|\\.)*"|[^\s"]+)')


class PatternError(ValueError):
    """The pattern cannot be used; the message is a sentence."""


@dataclass(frozen=True)
class Pattern:
    """Words that a line must have, that one of must be there, and that it must not have.

    Notes
    -----
    Letters are compared as they are. If there are words marked by ``?`` beside others, the marked
    ones are ignored, as CloudWatch does. Source: Amazon CloudWatch Logs User Guide, "Filter pattern
    syntax for metric filters, subscription filters, filter log events".
    """

    every: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def matches(self, line: str) -> bool:
        """Return whether a line matches the pattern."""
        if any(word in line for word in self.none):
            return False
        if self.every or not self.some:
            return all(word in line for word in self.every)
        return any(word in line for word in self.some)


def parse_pattern(text: str) -> Pattern:
    """Read ``ERROR "out of memory" -retry`` or ``?loss ?accuracy``. Raises `PatternError`."""
    text = text.strip()
    if text[:1] in ("{", "[", "%"):
        raise PatternError("Filter patterns for JSON, columns and regular expressions")
    words: dict[str, list[str]] = {"": [], "?": [], "-": []}
    end = 0
    while end < len(text):
        match = _TERM.match(text, end)
        if match is None:
            raise PatternError("Filter patterns with a quotation mark that is not closed")
        word = match[2]
        if word.startswith('"'):
            word = re.sub(r"\\(.)", r"\1", word[1:-1])
        words[match[1]].append(word)
        end = match.end()
    return Pattern(tuple(words[""]), tuple(words["?"]), tuple(words["-"]))
