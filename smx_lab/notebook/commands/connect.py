"""``connect`` and ``status``: the connection that the kernel uses."""

from __future__ import annotations

import argparse

from smx_lab.notebook.commands.command import Command, no_arguments
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.results import ConnectionStatus
from smx_lab.notebook.session import Session


def _add_connect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("where", choices=("local", "aws"), help="the local service, or AWS")
    parser.add_argument("--profile", metavar="P", help="a profile of your AWS configuration")
    parser.add_argument("--region", metavar="R", help="an AWS region, such as eu-west-1")


def _connect(session: Session, options: argparse.Namespace) -> ConnectionStatus:
    if options.where == "local":
        if options.profile or options.region:
            raise MagicError("The local service has no profile and no region to choose.")
        session.connect_local()
    else:
        session.connect_aws(options.profile, options.region)
    return _status(session, options)


def _status(session: Session, _options: argparse.Namespace) -> ConnectionStatus:
    connection = session.connection
    test = session.services.connections.test_connection(connection.id)
    facts = [
        ("Region", test.region or ""),
        ("Account", test.account or ""),
        ("Caller", test.caller_arn or ""),
    ]
    local = session.services.gateway.sagemaker(connection.id).local
    if local is not None:
        facts += [("Address", local.sagemaker_url), ("Kept in", local.data_dir)]
    if test.error is not None:
        facts.append(("Problem", test.error.message))
    if test.denied_actions:
        facts.append(("Not allowed", ", ".join(test.denied_actions)))
    title = "Local" if connection.kind == "local" else f"AWS, {connection.profile or 'default'}"
    return ConnectionStatus(
        f"Connected to {title}" if test.error is None else f"Not connected to {title}",
        [(label, value) for label, value in facts if value],
        connection.id,
        test.ok,
    )


COMMANDS = (
    Command(
        "connect",
        "Look at the local service or at AWS, here and in boto3 and the SDKs of this notebook.",
        ("%smx connect local", "%smx connect aws --profile research --region eu-west-1"),
        _add_connect,
        _connect,
    ),
    Command(
        "status",
        "Say where this notebook looks, as whom, and whether that works.",
        ("%smx status",),
        no_arguments,
        _status,
    ),
)
