"""What this server may look at, and whether the credentials for it are good."""

from __future__ import annotations

from typing import Any

from smx_lab.contract.bodies import ConnectionList, ConnectionTest
from smx_lab.core.errors import AccessDenied, SmxError
from smx_lab.core.export.formats import FORMATS, why_not
from smx_lab.core.operation import error_body
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.errors import policy_for
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.switches import Switches

PROBES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"Resource": "ExperimentTrialComponent", "MaxResults": 1}),
    ("list_experiments", {"MaxResults": 1}),
    ("list_trials", {"MaxResults": 1}),
    ("list_trial_components", {"MaxResults": 1}),
    ("list_training_jobs", {"MaxResults": 1}),
    ("list_models", {"MaxResults": 1}),
    ("list_endpoint_configs", {"MaxResults": 1}),
    ("list_endpoints", {"MaxResults": 1}),
)
"""Calls that change nothing and that browsing needs."""


class ConnectionsService:
    """Lists and tests connections."""

    def __init__(self, connections: Connections, switches: Switches) -> None:
        """Answer about ``connections``, and what ``switches`` leave on."""
        self._connections = connections
        self._switches = switches

    def list_connections(self) -> ConnectionList:
        """Answer what may be chosen; nothing is started or connected to for it."""
        return ConnectionList(
            connections=list(self._connections.list_connections()),
            read_only=self._switches.read_only,
            disabled_actions=self._switches.disabled_actions,
            unavailable_formats={
                format_: reason for format_ in FORMATS if (reason := why_not(format_)) is not None
            },
        )

    def test_connection(self, connection_id: str) -> ConnectionTest:
        """Ask who the credentials belong to, and call what browsing needs.

        A connection that does not work is an answer here, not an error.
        """
        sagemaker = self._connections.sagemaker(connection_id)
        try:
            identity = sagemaker.call("get_caller_identity", service="sts")
            denied = _denied_actions(sagemaker)
        except SmxError as error:
            return ConnectionTest(ok=False, region=sagemaker.region, error=error_body(error))
        return ConnectionTest(
            ok=not denied,
            caller_arn=identity.get("Arn"),
            account=identity.get("Account"),
            region=sagemaker.region,
            denied_actions=denied,
            policy=policy_for(denied) if denied else None,
        )


def _denied_actions(sagemaker: SageMaker) -> list[str]:
    denied = []
    for operation, members in PROBES:
        try:
            sagemaker.call(operation, **members)
        except AccessDenied as error:
            action = "sagemaker:" + "".join(word.capitalize() for word in operation.split("_"))
            denied.append(error.details.get("action", action))
    return denied
