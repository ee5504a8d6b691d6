"""What a magic says when it cannot do what was asked: one sentence, no traceback."""

from __future__ import annotations


class MagicError(Exception):
    """A sentence for the user. IPython shows it as it is, without the traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of a traceback."""
        return [str(self)]
