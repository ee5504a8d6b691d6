"""``deploy``: create an endpoint from a training job's model."""

from __future__ import annotations

import argparse

from smx_lab.core.deployment.plan import DeploymentRequest
from smx_lab.notebook.commands.command import Command
from smx_lab.notebook.results import OperationResult
from smx_lab.notebook.session import Session
from smx_lab.notebook.waiting import follow


def _add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "component",
        metavar="COMPONENT",
        help="a trial component's real name, or a variable that holds what %%smx best returned",
    )
    parser.add_argument("--endpoint-name", metavar="N", required=True, help="1 to 63 characters")
    parser.add_argument("--instance-type", metavar="T", default="ml.m5.xlarge", help="%(default)s")
    parser.add_argument("--instance-count", metavar="C", type=int, default=1, help="%(default)s")
    parser.add_argument(
        "--no-wait", action="store_true", help="return at once, while the endpoint is created"
    )


def _deploy(session: Session, options: argparse.Namespace) -> OperationResult:
    named = session.variables.get(options.component)
    operation = session.services.deployments.create(
        session.connection_id,
        DeploymentRequest(
            trial_component_name=getattr(named, "trial_component_name", options.component),
            endpoint_name=options.endpoint_name,
            instance_type=options.instance_type,
            instance_count=options.instance_count,
        ),
    )
    return follow(session, operation, options.endpoint_name, wait=not options.no_wait)


COMMANDS = (
    Command(
        "deploy",
        "Create a model, an endpoint configuration and an endpoint from a trial component.",
        (
            "%smx deploy cnn-training-job-1-aws-training-job --endpoint-name digits",
            "best = %smx best mnist --metric test:accuracy=Maximum",
            "%smx deploy best --endpoint-name digits --no-wait",
        ),
        _add,
        _deploy,
    ),
)
