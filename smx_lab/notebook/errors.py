"""What a magic says when it cannot do what was asked: one sentence, no traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class MagicError(Exception):
    """A sentence for the user. IPython shows it as it is, without the traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of a traceback."""
        return [str(self)]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` Did you mean …?`` with the nearest name, or nothing if none is near."""
    by_folded = {text.casefold(): text for text in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return f" Did you mean {by_folded[near[0]]}?" if near else ""
