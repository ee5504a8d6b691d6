"""List, describe and test the connections of this server."""

from __future__ import annotations

from contextlib import suppress

from smx_lab.contract.bodies import ConnectionDetails, ConnectionList, ConnectionTest
from smx_lab.core.errors import AccessDenied, ServiceUnavailable, SmxError, Throttled
from smx_lab.core.export.formats import FORMATS, why_not
from smx_lab.core.operation import error_body
from smx_lab.core.permissions import policies
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.errors import policy_for
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.connections.permission_checks import Principal, check_reads, check_writes
from smx_lab.services.switches import Switches


class ConnectionsService:
    """Lists, describes and tests connections."""

    def __init__(self, connections: Connections, switches: Switches) -> None:
        """Describe ``connections`` and what ``switches`` switch off."""
        self._connections = connections
        self._switches = switches

    def list_connections(self) -> ConnectionList:
        """Return the connections to choose from; this starts nothing and connects to nothing."""
        return ConnectionList(
            connections=list(self._connections.list_connections()),
            read_only=self._switches.read_only,
            disabled_actions=self._switches.disabled_actions,
            unavailable_formats={
                format_: reason for format_ in FORMATS if (reason := why_not(format_)) is not None
            },
        )

    def describe_connection(self, connection_id: str) -> ConnectionDetails:
        """Return a connection with its account and the regions to choose from.

        This starts nothing, and asks AWS only for the caller's identity, once. If the credentials
        are bad, the error is part of the result.
        """
        sagemaker = self._connections.sagemaker(connection_id)
        error = None
        if sagemaker.connection.kind == "aws":
            try:
                sagemaker.identity()
            except SmxError as caught:
                error = error_body(caught)
        return ConnectionDetails(
            connection=self._connections.describe_profile(connection_id),
            regions=list(self._connections.regions(connection_id)),
            error=error,
        )

    def test_connection(self, connection_id: str) -> ConnectionTest:
        """Ask whose the credentials are, and try the calls that reading needs.

        If the connection does not work, the error is part of the result; nothing is raised.
        """
        sagemaker = self._connections.sagemaker(connection_id)
        try:
            caller = _caller(sagemaker)
            checks = check_reads(sagemaker, caller)
            is_aws = sagemaker.connection.kind == "aws"
            role = _execution_role(sagemaker, caller) if is_aws else None
            if is_aws:
                checks += check_writes(sagemaker, caller, role)
        except SmxError as error:
            return ConnectionTest(ok=False, region=sagemaker.region, error=error_body(error))
        denied = [
            check.action
            for check in checks
            if check.outcome == "denied" and check.feature in ("browse", "read", "charts")
        ]
        return ConnectionTest(
            ok=not denied,
            caller_arn=caller.arn,
            account=caller.account,
            region=caller.region,
            denied_actions=denied,
            policy=policy_for(denied) if denied else None,
            checks=checks,
            policies=list(policies(caller.partition, caller.account, role)) if is_aws else [],
        )


def _caller(sagemaker: SageMaker) -> Principal:
    try:
        identity = sagemaker.identity()
    except (AccessDenied, ServiceUnavailable, Throttled):
        # A closed network may reach SageMaker but not STS, so the other checks still run.
        identity = {}
    return Principal(identity.get("Arn"), identity.get("Account"), sagemaker.region)


def _execution_role(sagemaker: SageMaker, caller: Principal) -> str | None:
    """Return the role of the newest training job, or in Studio that of the caller."""
    # It only fills in a text; the checks have reported all missing permissions already.
    with suppress(SmxError):
        jobs = sagemaker.call("list_training_jobs", MaxResults=1)["TrainingJobSummaries"]
        for job in jobs:
            name = job["TrainingJobName"]
            found: str = sagemaker.call("describe_training_job", TrainingJobName=name)["RoleArn"]
            return found
    principal = caller.principal or ""
    return principal if ":role/" in principal else None
