"""The error of a magic: one sentence, without a traceback."""

from __future__ import annotations


class MagicError(Exception):
    """A sentence for the user. IPython shows it as it is, without the traceback."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython prints instead of a traceback."""
        return [str(self)]
