"""The identity under which SageMaker records what the user of this connection creates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

STUDIO_METADATA = Path("/opt/ml/metadata/resource-metadata.json")
"""Where Studio says to whom a notebook or space belongs. The SageMaker SDK reads it too
(``sagemaker.session``, ``NOTEBOOK_METADATA_FILE``)."""


@dataclass(frozen=True)
class CallerIdentity:
    """An identity. Inside Studio several people may share a role: the user profile tells which."""

    arn: str
    user_profile_name: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """How ``CreatedBy`` reads in our tables; see ``core.wire``."""
        return (self.user_profile_name or self.arn.rpartition("/")[2],)


def studio_user(metadata_file: Path = STUDIO_METADATA) -> str | None:
    """Return the user profile that this machine belongs to; None outside Studio."""
    try:
        metadata = json.loads(metadata_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    name = metadata.get("UserProfileName") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) and name else None
