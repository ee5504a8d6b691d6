"""The line behind ``%smx``, taken apart: argparse, with sentences in place of exits."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Sequence
from typing import Any, NoReturn

from smx_lab.core.views.typed_columns import metric_and_statistic as metric_and_statistic
from smx_lab.notebook.errors import MagicError, did_you_mean


class HelpShown(Exception):  # noqa: N818  it is no error
    """``--help`` was asked for and has been answered."""


class CommandParser(argparse.ArgumentParser):
    """Raises MagicError where argparse would print usage and end the process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **options
        )

    def error(self, message: str) -> NoReturn:
        """Raise the sentence for a line that does not fit."""
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
        """Raise instead of ending the process; argparse comes here after ``--help``."""
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
    """The line without its first words, otherwise as it was typed, quotes and all."""
    rest = line.lstrip()
    for _ in range(count):
        rest = re.sub(r"^(?:'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.|[^\s'\"\\])+\s*", "", rest, count=1)
    return rest


def is_asking_for_help(words: Sequence[str]) -> bool:
    """Whether the words are a question about the magic itself."""
    return not words or words[0] in ("--help", "-h", "help")
