"""What this server may look at, and whether the credentials for it are good."""

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
        """Answer about ``connections``, and what ``switches`` leave on."""
        self._connections = connections
        self._switches = switches

    def list_connections(self) -> ConnectionList:
        """Return what may be chosen; nothing is started or connected to for it."""
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

        Nothing is started for it, and of AWS one question is asked, once. Credentials that are no
        good are part of the answer.
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
        """Ask who the credentials belong to, and try what looking at SageMaker needs.

        A connection that does not work is an answer here, not an error.
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
        # In a closed network SageMaker may be reached and STS not; the rest is tried all the same.
        identity = {}
    return Principal(identity.get("Arn"), identity.get("Account"), sagemaker.region)


def _execution_role(sagemaker: SageMaker, caller: Principal) -> str | None:
    """Return the role that the newest training job ran as; in Studio, the caller's own."""
    # It is for filling in a text only; what may not be done has been said already.
    with suppress(SmxError):
        jobs = sagemaker.call("list_training_jobs", MaxResults=1)["TrainingJobSummaries"]
        for job in jobs:
            name = job["TrainingJobName"]
            found: str = sagemaker.call("describe_training_job", TrainingJobName=name)["RoleArn"]
            return found
    principal = caller.principal or ""
    return principal if ":role/" in principal else None
