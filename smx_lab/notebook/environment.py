"""The AWS variables of this kernel, which ``%smx connect`` sets and restores."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping


class Environment:
    """The kernel's AWS variables; keeps the values from before ``%smx connect``."""

    def __init__(self) -> None:
        self._before: dict[str, str | None] = {}

    def point_to(self, variables: Mapping[str, str], unset: Iterable[str] = ()) -> None:
        """Set some variables and unset others, in place of those set by an earlier call."""
        self.restore()
        for name in (*variables, *unset):
            self._before[name] = os.environ.get(name)
        for name in unset:
            os.environ.pop(name, None)
        os.environ.update(variables)
        _forget_default_session()

    def restore(self) -> None:
        """Put everything back as it was before the first call."""
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._before.clear()
        _forget_default_session()


def _forget_default_session() -> None:
    """Make ``boto3.client(…)`` read the variables again, which its default session reads once."""
    boto3 = sys.modules.get("boto3")
    if boto3 is not None:
        setattr(boto3, "DEFAULT_SESSION", None)  # noqa: B010  boto3 declares no type for it
