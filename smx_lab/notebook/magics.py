"""The magic ``%smx``: parse a line, call a service and return a value."""

from __future__ import annotations

import atexit
import weakref
from typing import Any

from IPython.core.magic import Magics, line_cell_magic, magics_class

from smx_lab.core.errors import SmxError
from smx_lab.core.views.typed_columns import did_you_mean
from smx_lab.notebook.commands import COMMANDS
from smx_lab.notebook.commands.command import Command
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.parsing import HelpShown, after_words, is_asking_for_help, split
from smx_lab.notebook.session import Session


def overview() -> str:
    """Return the text of ``%smx?``: every subcommand with its examples."""
    lines = ["SageMaker Experiments, on AWS or on the local service.", ""]
    for command in COMMANDS.values():
        lines += [f"{command.name}", f"    {command.summary}"]
        lines += [f"        {example}" for example in command.examples]
    return "\n".join([*lines, "", "Each one tells its options with --help."])


@magics_class
class SmxMagics(Magics):
    """The magics of one shell, with their session."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.session = Session(shell.user_ns)

    @line_cell_magic
    def smx(self, line: str, cell: str | None = None) -> Any:
        """Run one subcommand."""
        words = split(line) if not _has_raw_body(line) else [line.split()[0]]
        if is_asking_for_help(words):
            print(overview())  # noqa: T201
            return None
        command = COMMANDS.get(words[0])
        if command is None:
            raise MagicError(
                f"There is no %smx {words[0]}.{did_you_mean(words[0], COMMANDS)} "
                "See %smx? for all of them."
            )
        try:
            return command.run(self.session, _parse(command, after_words(line, 1), cell))
        except HelpShown:
            return None
        except SmxError as error:
            raise MagicError(_message(error)) from error


def _has_raw_body(line: str) -> bool:
    words = line.split()
    return bool(words) and words[0] in COMMANDS and COMMANDS[words[0]].takes_body


def _parse(command: Command, line: str, cell: str | None) -> Any:
    parser = command.parser()
    if cell is not None and not command.takes_body:
        raise MagicError(f"%smx {command.name} takes no cell; write it with one %.")
    if not command.takes_body:
        return parser.parse_args(split(line))
    words, body = _raw_body(line)
    options = parser.parse_args(words)
    # Set here, since argparse would read a body such as -1,2 as an option.
    options.body = body if cell is None else cell
    return options


def _raw_body(line: str) -> tuple[list[str], str | None]:
    """Split a line into the words before the body, and the body as it was typed."""
    words: list[str] = []
    names = 0
    while (line and names < 1) or line.startswith("--"):
        word = line.split(maxsplit=1)[0]
        words.append(word)
        line = after_words(line, 1)
        if word.startswith("--") and "=" not in word and word not in ("--help", "--"):
            if line:
                words.append(line.split(maxsplit=1)[0])
                line = after_words(line, 1)
        elif not word.startswith("--"):
            names += 1
    body = line.strip()
    if len(body) >= 2 and body[0] == body[-1] == "'":  # quoted as in a shell
        body = body[1:-1]
    return words, body or None


def _message(error: SmxError) -> str:
    remedy = error.details.get("remedy")
    return f"{error.message} {remedy}" if remedy else error.message


def load(ipython: Any) -> None:
    """Register ``%smx`` and ``%%smx``."""
    magics = SmxMagics(ipython)
    SmxMagics.smx.__doc__ = overview()
    ipython.register_magics(magics)
    reference = weakref.ref(magics.session)

    def close() -> None:
        session = reference()
        if session is not None:
            session.close()

    atexit.register(close)
