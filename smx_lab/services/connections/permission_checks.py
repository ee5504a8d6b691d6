"""Which of the actions that smx-lab needs the credentials of a connection may do.

Looking is tried: each call is harmless, and asks for something that is not there where the action
is about one thing, since IAM is asked before the thing is looked for. Changing is not tried: IAM's
policy simulator is asked, and where that may not be used either, nobody knows before the first try.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from smx_lab.contract.bodies import Outcome, PermissionCheck
from smx_lab.core.errors import AccessDenied, Conflict, InvalidRequest, NotFound, SmxError
from smx_lab.core.permissions import PASS_ROLE, PASSED_TO, WRITES, Feature
from smx_lab.gateway.reading.concurrent import call_each
from smx_lab.gateway.sagemaker import BAD_CREDENTIALS, SageMaker

CALLS_AT_ONCE = 6
"""Calls at a time; a choice."""

NAME = "smx-lab-permission-test"
"""Nothing is called so; whoever reads the account's audit log learns why it was asked for."""

LOG_GROUP = "/aws/sagemaker/TrainingJobs"


class Probe(NamedTuple):
    """A call that changes nothing, and the action that IAM checks for it."""

    action: str
    feature: Feature
    operation: str
    members: dict[str, Any]
    service: str = "sagemaker"


class Principal(NamedTuple):
    """Who the credentials belong to, as far as that is known."""

    arn: str | None
    account: str | None
    region: str | None

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn``…"""
        return self.arn.split(":")[1] if self.arn else "aws"

    @property
    def principal(self) -> str | None:
        """The user or role as IAM knows it: a session of a role is the role."""
        if self.arn is None:
            return None
        if ":assumed-role/" not in self.arn:
            return self.arn
        role = self.arn.split("/")[1]
        return f"arn:{self.partition}:iam::{self.account}:role/{role}"

    def resource(self, kind: str, name: str = NAME) -> str:
        """Return the ARN of a thing of SageMaker's."""
        account = self.account or "000000000000"
        return f"arn:{self.partition}:sagemaker:{self.region}:{account}:{kind}/{name}"


def probes(caller: Principal) -> tuple[Probe, ...]:
    """Return the calls that show what may be looked at."""
    one = {"MaxResults": 1}
    component = caller.resource("experiment-trial-component")
    metric = {
        "MetricName": "loss",
        "ResourceArn": component,
        "MetricStat": "Last",
        "Period": "IterationNumber",
        "XAxisType": "IterationNumber",
    }
    logs = {"logGroupName": LOG_GROUP}
    return (
        Probe(
            "sagemaker:Search", "browse", "search", {"Resource": "ExperimentTrialComponent", **one}
        ),
        Probe("sagemaker:ListExperiments", "browse", "list_experiments", one),
        Probe("sagemaker:ListTrials", "browse", "list_trials", one),
        Probe("sagemaker:ListTrialComponents", "browse", "list_trial_components", one),
        Probe("sagemaker:ListTrainingJobs", "browse", "list_training_jobs", one),
        Probe("sagemaker:ListModels", "browse", "list_models", one),
        Probe("sagemaker:ListEndpointConfigs", "browse", "list_endpoint_configs", one),
        Probe("sagemaker:ListEndpoints", "browse", "list_endpoints", one),
        _describe("Experiment"),
        _describe("Trial"),
        _describe("TrialComponent"),
        _describe("TrainingJob"),
        _describe("Model"),
        _describe("EndpointConfig"),
        _describe("Endpoint"),
        Probe("sagemaker:ListTags", "read", "list_tags", {"ResourceArn": component}),
        Probe(
            "sagemaker:BatchGetMetrics",
            "read",
            "batch_get_metrics",
            {"MetricQueries": [metric]},
            "sagemaker-metrics",
        ),
        Probe(
            "logs:DescribeLogStreams",
            "charts",
            "describe_log_streams",
            {**logs, "limit": 1},
            "logs",
        ),
        Probe(
            "logs:GetLogEvents",
            "charts",
            "get_log_events",
            {**logs, "logStreamName": NAME, "limit": 1},
            "logs",
        ),
    )


def _describe(kind: str) -> Probe:
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind)
    return Probe(f"sagemaker:Describe{kind}", "read", f"describe{words}", {f"{kind}Name": NAME})


def check_reads(sagemaker: SageMaker, caller: Principal) -> list[PermissionCheck]:
    """Try every probe, several at a time.

    Raises
    ------
    SmxError
        If the credentials are no good, or SageMaker answers to none of the calls.
    """
    found = call_each(
        probes(caller), lambda probe: _try(sagemaker, probe), CALLS_AT_ONCE, "smx-lab probe"
    )
    errors = [error for _, error in found if error]
    bad = next((error for error in errors if isinstance(error, BAD_CREDENTIALS)), None)
    if bad or len(errors) == len(found):
        raise bad or errors[0]
    return [check for check, _ in found]


def _try(sagemaker: SageMaker, probe: Probe) -> tuple[PermissionCheck, SmxError | None]:
    """Return what the call showed, and the error that kept it from showing anything."""
    try:
        # IAM let the question through, even if there is no such thing, which was to be expected.
        with suppress(NotFound, InvalidRequest, Conflict):
            sagemaker.call(probe.operation, service=probe.service, **probe.members)
    except AccessDenied:
        return _check(probe, "denied"), None
    except SmxError as error:
        return _check(probe, "unknown", error.message), error
    return _check(probe, "allowed"), None


def _check(probe: Probe, outcome: Outcome, reason: str | None = None) -> PermissionCheck:
    return PermissionCheck(
        action=probe.action, feature=probe.feature, outcome=outcome, reason=reason
    )


def check_writes(
    sagemaker: SageMaker, caller: Principal, role_arn: str | None
) -> list[PermissionCheck]:
    """Ask IAM's policy simulator what may be changed; nothing is changed for it."""
    unknown = "This shows only when it is tried."
    found: dict[tuple[Feature, str], PermissionCheck] = {}

    def merge(feature: Feature, action: str, outcome: Outcome, reason: str) -> None:
        before = found.get((feature, action))
        if before is None or before.outcome == "allowed":
            # An action that is checked on two things is allowed if it is on both.
            found[feature, action] = PermissionCheck(
                action=action, feature=feature, outcome=outcome, reason=reason
            )

    try:
        ask = _simulator(sagemaker, caller)
        for feature, resource, actions in WRITES:
            for action, outcome in ask(caller.resource(resource), actions, {}).items():
                merge(feature, action, outcome, "According to IAM's policy simulator.")
        if role_arn:
            answer = ask(role_arn, (PASS_ROLE,), PASSED_TO)
            merge("deploy", PASS_ROLE, answer[PASS_ROLE], "According to IAM's policy simulator.")
    except SmxError as error:
        denied = isinstance(error, AccessDenied)
        unknown += f" {'iam:SimulatePrincipalPolicy is not allowed.' if denied else error.message}"
        found.clear()
    for feature, _, actions in (*WRITES, ("deploy", "", (PASS_ROLE,))):
        for action in actions:
            if (feature, action) not in found:
                merge(feature, action, "unknown", unknown)
    return list(found.values())


Simulate = Callable[[str, tuple[str, ...], dict[str, str]], dict[str, Outcome]]


def _simulator(sagemaker: SageMaker, caller: Principal) -> Simulate:
    if caller.principal is None or caller.principal.endswith(":root"):
        raise NotFound("IAM's policy simulator knows users and roles only.")

    def ask(resource: str, actions: tuple[str, ...], context: dict[str, str]) -> dict[str, Outcome]:
        answer = sagemaker.call(
            "simulate_principal_policy",
            service="iam",
            PolicySourceArn=caller.principal,
            ActionNames=list(actions),
            ResourceArns=[resource],
            ContextEntries=[
                {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
                for key, value in context.items()
            ],
        )
        return {
            result["EvalActionName"]: "allowed" if result["EvalDecision"] == "allowed" else "denied"
            for result in answer["EvaluationResults"]
        }

    return ask
