"""What the script of a training or processing job gets: variables, credentials, time to stop."""

from __future__ import annotations

import os

from smx_lab.local.context import Context
from smx_lab.local.supervision.child_environment import child_environment

# SIGKILL follows SIGTERM after this many seconds. Source: SageMaker Developer Guide, "How Amazon
# SageMaker runs your training image".
STOP_GRACE_S = 120.0
STOP_GRACE_VARIABLE = "SMX_LAB_STOP_GRACE_S"
# A job with one of these in its Environment brings credentials of its own.
OWN_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")


def script_environment(context: Context, environment: dict[str, str]) -> dict[str, str]:
    """Return what a script inherits, without credentials; the job's own Environment has priority.

    The job's PYTHONPATH goes in front of the entry by which our ``sitecustomize`` is found.
    """
    ours = dict(context.client_variables) if gets_keys(environment) else {}
    both = [environment.get("PYTHONPATH"), ours.get("PYTHONPATH")]
    path = os.pathsep.join(part for part in both if part)
    return child_environment({**ours, **environment, **({"PYTHONPATH": path} if path else {})})


def gets_keys(environment: dict[str, str]) -> bool:
    """Return whether the service gives a script credentials. It does unless the job has its own."""
    return not any(name in environment for name in OWN_CREDENTIALS)


def stop_grace_s() -> float:
    """Return how long a script may take to end after SIGTERM, in seconds."""
    return float(os.environ.get(STOP_GRACE_VARIABLE, STOP_GRACE_S))
