"""SageMaker's rules for names, and how to choose a name that is free.

Source: the patterns and lengths in botocore's model of SageMaker.
"""

from __future__ import annotations

import re
from collections.abc import Collection

MAX_NAME_LENGTH = 63
"""Of training jobs, models, endpoint configurations, endpoints and variants."""

_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*", re.ASCII)
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")


def name_problem(name: str) -> str | None:
    """Return what is wrong with a name, as a sentence, or None."""
    if not name:
        return "Enter a name."
    if len(name) > MAX_NAME_LENGTH:
        return f"The name has {len(name)} characters; {MAX_NAME_LENGTH} are allowed."
    if not _NAME.fullmatch(name):
        return (
            "Use letters, digits and hyphens only, with a letter or digit "
            "at the beginning and at the end."
        )
    return None


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return ``wanted``, or the first of ``wanted-2``, ``wanted-3``… that is not taken.

    Names are compared without regard to case, as SageMaker compares some of them.
    """
    lowered = {name.lower() for name in taken}
    if wanted.lower() not in lowered:
        return wanted
    number = 2
    while True:
        suffix = f"-{number}"
        candidate = wanted[: MAX_NAME_LENGTH - len(suffix)].rstrip("-") + suffix
        if candidate.lower() not in lowered:
            return candidate
        number += 1


def is_region(text: str) -> bool:
    """Return whether a text looks like an AWS region, e.g. ``eu-west-1``."""
    return _REGION.fullmatch(text) is not None


def arn_tail(arn: str) -> str:
    """Return what stands after the last slash of an ARN.

    SageMaker has written some names into ARNs in lower case, so the case may differ.
    """
    return arn.rpartition("/")[2]


JOB_COMPONENT_SUFFIX = "-aws-training-job"
"""What SageMaker appends to a job's name for its trial component (recorded jobs)."""


def training_job_name(trial_component_name: str, source_arn: str) -> str:
    """Return the name of the job that a trial component comes from, in the job's own case.

    The ARN may have the name in lower case; the job's own trial component keeps the case.
    """
    in_arn = arn_tail(source_arn)
    if trial_component_name.lower() == f"{in_arn}{JOB_COMPONENT_SUFFIX}".lower():
        return trial_component_name[: len(in_arn)]
    return in_arn
