"""The subcommands of ``%smx``, one module for each group."""

from __future__ import annotations

from smx_lab.notebook.commands import browse, cleanup, connect, deploy, endpoints, table
from smx_lab.notebook.commands.command import Command

COMMANDS: dict[str, Command] = {
    command.name: command
    for group in (connect, browse, table, deploy, endpoints, cleanup)
    for command in group.COMMANDS
}
"""Every subcommand, in the order in which ``%smx?`` lists them."""
