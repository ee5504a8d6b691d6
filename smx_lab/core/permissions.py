"""The IAM permissions that each feature needs, and policies that grant exactly these.

Source: IAM's Service Authorization Reference for SageMaker. SageMaker has written names into ARNs
in lower case and as given, so a policy names kinds of resources, not single ones.
"""

from __future__ import annotations

import json
from typing import Any, Literal, NamedTuple

from smx_lab.core.entities import Entity

Feature = Literal["browse", "read", "charts", "deploy", "clean_up", "organise", "track"]
"""``browse``, ``read`` and ``charts`` only read; the others change something."""

EXECUTION_ROLE = "<execution-role>"
ACCOUNT = "<account>"


class Policy(Entity, frozen=True, kw_only=True):
    """An IAM policy to copy, and what it is for."""

    features: tuple[Feature, ...]
    document: str


class Writes(NamedTuple):
    """Actions that change one kind of resource."""

    feature: Feature
    resource: str
    """As in an ARN: ``model``."""
    actions: tuple[str, ...]


BROWSE = (
    "sagemaker:Search",
    "sagemaker:GetSearchSuggestions",
    "sagemaker:ListExperiments",
    "sagemaker:ListTrials",
    "sagemaker:ListTrialComponents",
    "sagemaker:ListTrainingJobs",
    "sagemaker:ListModels",
    "sagemaker:ListEndpointConfigs",
    "sagemaker:ListEndpoints",
)
READ = ("sagemaker:Describe*", "sagemaker:ListTags", "sagemaker:BatchGetMetrics")
READ_RESOURCES = (
    "experiment",
    "experiment-trial",
    "experiment-trial-component",
    "training-job",
    "processing-job",
    "transform-job",
    "model",
    "endpoint-config",
    "endpoint",
)
CHARTS = (
    "cloudwatch:GetMetricStatistics",
    "cloudwatch:GetMetricData",
    "logs:DescribeLogStreams",
    "logs:GetLogEvents",
)

# IAM checks CreateEndpoint and UpdateEndpoint on the endpoint configuration too. Creating something
# with tags needs AddTags.
WRITES: tuple[Writes, ...] = (
    Writes("deploy", "model", ("sagemaker:CreateModel", "sagemaker:AddTags")),
    Writes(
        "deploy",
        "endpoint-config",
        (
            "sagemaker:CreateEndpointConfig",
            "sagemaker:CreateEndpoint",
            "sagemaker:UpdateEndpoint",
            "sagemaker:AddTags",
        ),
    ),
    Writes(
        "deploy",
        "endpoint",
        (
            "sagemaker:CreateEndpoint",
            "sagemaker:UpdateEndpoint",
            "sagemaker:AddTags",
            "sagemaker:InvokeEndpoint",
        ),
    ),
    Writes("clean_up", "endpoint", ("sagemaker:DeleteEndpoint",)),
    Writes("clean_up", "endpoint-config", ("sagemaker:DeleteEndpointConfig",)),
    Writes("clean_up", "model", ("sagemaker:DeleteModel",)),
    Writes("clean_up", "experiment", ("sagemaker:DeleteExperiment",)),
    Writes(
        "clean_up",
        "experiment-trial",
        ("sagemaker:DeleteTrial", "sagemaker:DisassociateTrialComponent"),
    ),
    Writes(
        "clean_up",
        "experiment-trial-component",
        ("sagemaker:DeleteTrialComponent", "sagemaker:DisassociateTrialComponent"),
    ),
    Writes("organise", "training-job", ("sagemaker:StopTrainingJob",)),
    Writes(
        "organise",
        "experiment",
        (
            "sagemaker:CreateExperiment",
            "sagemaker:UpdateExperiment",
            "sagemaker:DeleteExperiment",
            "sagemaker:AddTags",
            "sagemaker:DeleteTags",
        ),
    ),
    Writes(
        "organise",
        "experiment-trial",
        (
            "sagemaker:CreateTrial",
            "sagemaker:UpdateTrial",
            "sagemaker:DeleteTrial",
            "sagemaker:AddTags",
            "sagemaker:DeleteTags",
            "sagemaker:AssociateTrialComponent",
            "sagemaker:DisassociateTrialComponent",
        ),
    ),
    Writes(
        "organise",
        "experiment-trial-component",
        (
            "sagemaker:UpdateTrialComponent",
            "sagemaker:DeleteTrialComponent",
            "sagemaker:AddTags",
            "sagemaker:DeleteTags",
            "sagemaker:AssociateTrialComponent",
            "sagemaker:DisassociateTrialComponent",
        ),
    ),
    Writes(
        "track",
        "experiment-trial-component",
        ("sagemaker:CreateTrialComponent", "sagemaker:BatchPutMetrics"),
    ),
)
PASS_ROLE = "iam:PassRole"  # noqa: S105 - no password
PASSED_TO = {"iam:PassedToService": "sagemaker.amazonaws.com"}


def policies(partition: str, account: str | None, role_arn: str | None) -> tuple[Policy, ...]:
    """Return the policies: the one to read first, then those to change something.

    Parameters
    ----------
    partition : str
        ``aws``, ``aws-cn``…
    role_arn : str, optional
        The execution role that models run as. Without it the policy has a placeholder, and without
        ``account`` another one.
    """
    role = role_arn or f"arn:{partition}:iam::{account or ACCOUNT}:role/{EXECUTION_ROLE}"
    charts = _statement("Charts", CHARTS, "*")
    read = _statement(
        "Read", READ, [f"arn:{partition}:sagemaker:*:*:{r}/*" for r in READ_RESOURCES]
    )
    pass_role = _statement("PassRole", (PASS_ROLE,), role)
    pass_role["Condition"] = {"StringEquals": PASSED_TO}
    looking = _document(_statement("Browse", BROWSE, "*"), read, charts)
    deploy = _document(_writes("deploy", "Deploy", partition), pass_role)
    return (
        Policy(features=("browse", "read", "charts"), document=looking),
        Policy(features=("deploy",), document=deploy),
        *(
            Policy(features=(feature,), document=_document(_writes(feature, sid, partition)))
            for feature, sid in _CHANGES
        ),
    )


_CHANGES: tuple[tuple[Feature, str], ...] = (
    ("clean_up", "Cleanup"),
    ("organise", "Organise"),
    ("track", "Track"),
)


def _writes(feature: Feature, sid: str, partition: str) -> dict[str, Any]:
    rows = [writes for writes in WRITES if writes.feature == feature]
    actions = dict.fromkeys(action for writes in rows for action in writes.actions)
    resources = dict.fromkeys(writes.resource for writes in rows)
    return _statement(
        sid, tuple(actions), [f"arn:{partition}:sagemaker:*:*:{name}/*" for name in resources]
    )


def _statement(sid: str, actions: tuple[str, ...], resource: str | list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)
