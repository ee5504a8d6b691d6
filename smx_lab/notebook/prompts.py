"""Questions that a magic asks before it deletes something."""

from __future__ import annotations

from smx_lab.notebook.errors import MagicError


def ask(question: str) -> str:
    """Ask, and answer what was typed.

    Raises
    ------
    MagicError
        If there is nobody to be asked.
    """
    try:
        return input(question).strip()
    except (EOFError, RuntimeError) as error:
        # Standard input has ended, is lost, or, in a kernel, there is nobody behind it to be asked.
        raise MagicError("Nobody can be asked here; add --yes to delete it.") from error


def confirm(question: str) -> bool:
    """Ask whether to go on."""
    return ask(question).casefold() in ("y", "yes")
