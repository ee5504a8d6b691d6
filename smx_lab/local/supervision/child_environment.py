"""The environment variables of a training script or model server."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping

PYTHON_VARIABLE = "SMX_LAB_PYTHON"

# Keys, tokens and addresses that are for the service or for Jupyter, never for the code it runs.
# The code runs as the same user and can read that user's files; but it should not be given a key,
# or write one into a log when it prints its environment.
_KEPT_BACK = re.compile(
    r"AWS_|SMX_LAB_|JPY_|JUPYTERHUB_|"
    r"(.*_)?(TOKENS?|SECRETS?|PASSWORD|PASSWD|CREDENTIALS?|APIKEY|(API|PRIVATE|ACCESS|SECRET)_KEY)"
    r"(_.*)?$",
    re.IGNORECASE,
)


def child_environment(
    extra: Mapping[str, str], parent: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the service's environment without keys, with ``extra`` over it.

    Parameters
    ----------
    extra : mapping
        The job's or container's own Environment, passed on unchanged.
    parent : mapping, optional
        Default: this process's environment.
    """
    inherited = os.environ if parent is None else parent
    kept = {name: value for name, value in inherited.items() if not _KEPT_BACK.match(name)}
    return {**kept, **extra}


def region_variables(region: str) -> dict[str, str]:
    """Return the variables that tell an AWS SDK its region."""
    return {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}


def python() -> str:
    """Return the Python that runs scripts and models: ``SMX_LAB_PYTHON``, else the service's."""
    return os.environ.get(PYTHON_VARIABLE) or sys.executable
