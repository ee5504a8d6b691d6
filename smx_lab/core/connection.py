"""A connection of a table, panel or notebook: to an AWS account, or to the local service."""

from __future__ import annotations

from typing import Literal

from smx_lab.core.entities import Entity

ConnectionKind = Literal["local", "aws"]


class Connection(Entity, frozen=True, kw_only=True):
    """One connection. ``id`` is part of the path of every request.

    ``local`` for the local service, ``aws`` for boto3's default chain, ``aws:PROFILE`` for a named
    profile, the last two also with ``@REGION``.
    ``poll_interval_ms`` is how often a visible list may ask for changes. ``account`` is None until
    AWS has been asked for it.
    """

    id: str
    kind: ConnectionKind
    label: str
    profile: str | None = None
    region: str | None = None
    account: str | None = None
    tint: str | None = None
    is_default: bool = False
    poll_interval_ms: int = 10_000

    @property
    def without_region(self) -> str:
        """The id of the same profile in the region that the profile itself names."""
        if self.kind == "local":
            return self.id
        return f"aws:{self.profile}" if self.profile else "aws"


class LocalService(Entity, frozen=True, kw_only=True):
    """How to reach a running local service. Never part of a response: it has the secret key."""

    sagemaker_url: str
    metrics_url: str
    runtime_url: str
    s3_url: str | None = None
    """None where the extra ``smx-lab[s3]`` is not installed."""
    access_key_id: str
    secret_access_key: str
    region: str
    account: str
    pid: int
    data_dir: str
