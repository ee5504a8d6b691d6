"""Parse the line after ``%smx`` with argparse, with sentences instead of exits."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Sequence
from typing import Any, NoReturn

from smx_lab.core.views.typed_columns import did_you_mean
from smx_lab.notebook.errors import MagicError


class HelpShown(Exception):  # noqa: N818  it is no error
    """``--help`` was given, and the help has been printed."""


class CommandParser(argparse.ArgumentParser):
    """Raises MagicError where argparse would print the usage and end the process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **options
        )

    def error(self, message: str) -> NoReturn:
        """Raise MagicError with the reason why a line cannot be parsed."""
        unknown = re.search(r"unrecognized arguments: (-\S*)", message)
        hint = ""
        if unknown:
            message = f"there is no option {unknown[1]}"
            options = (text for action in self._actions for text in action.option_strings)
            hint = did_you_mean(unknown[1], options)
        message = message.removeprefix("the following ")
        raise MagicError(
            f"{self.prog}: {message}.{hint} See {self.prog} --help.".replace("..", ".")
        )

    def exit(self, _status: int = 0, _message: str | None = None) -> NoReturn:
        """Raise instead of ending the process; argparse calls it after ``--help``."""
        raise HelpShown


def split(line: str) -> list[str]:
    """Split a line into words as a shell does.

    Raises
    ------
    MagicError
        If a quotation mark is not closed.
    """
    try:
        return shlex.split(line)
    except ValueError as error:
        raise MagicError(f"%smx: {str(error).lower()} in “{line.strip()}”.") from error


def after_words(line: str, count: int) -> str:
    """Return the line without its first words, otherwise as it was typed, with its quotes."""
    rest = line.lstrip()
    for _ in range(count):
        rest = re.sub(r"^(?:'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.|[^\s'\"\\])+\s*", "", rest, count=1)
    return rest


def is_asking_for_help(words: Sequence[str]) -> bool:
    """Return whether the words ask for help about the magic itself."""
    return not words or words[0] in ("--help", "-h", "help")
