"""The definition of a subcommand of ``%smx``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

from smx_lab.notebook.parsing import CommandParser
from smx_lab.notebook.session import Session

Run = Callable[[Session, argparse.Namespace], Any]


class Command(NamedTuple):
    """One subcommand. ``add`` adds the arguments to its parser; ``run`` returns a value."""

    name: str
    summary: str
    examples: tuple[str, ...]
    add: Callable[[argparse.ArgumentParser], None]
    run: Run
    takes_body: bool = False
    """Whether a ``%%smx`` cell can have the request's body."""

    def parser(self) -> CommandParser:
        """Return the parser of the words after the subcommand."""
        examples = "\n".join(f"  {example}" for example in self.examples)
        parser = CommandParser(
            prog=f"%smx {self.name}",
            description=self.summary,
            epilog=f"examples:\n{examples}",
        )
        self.add(parser)
        return parser


def no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""
