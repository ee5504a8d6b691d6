"""Questions that a magic asks before it deletes something."""

from __future__ import annotations

from smx_lab.notebook.errors import MagicError


def ask(question: str) -> str:
    """Ask, and return what was typed.

    Raises
    ------
    MagicError
        If nobody can be asked.
    """
    try:
        return input(question).strip()
    except (EOFError, RuntimeError) as error:
        # Standard input has ended or is lost, or the kernel's client cannot ask.
        raise MagicError("Nobody can be asked here; add --yes to delete it.") from error


def confirm(question: str) -> bool:
    """Ask whether to go on, and return the answer."""
    return ask(question).casefold() in ("y", "yes")
