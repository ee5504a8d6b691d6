"""What a table, a panel or a notebook may look at: an AWS account, or the local service."""

from __future__ import annotations

from typing import Literal

from smx_lab.core.entities import Entity

ConnectionKind = Literal["local", "aws"]


class Connection(Entity, frozen=True, kw_only=True):
    """One place to look. ``id`` stands in the path of every request.

    ``local`` for the local service, ``aws`` for boto3's default chain, ``aws:PROFILE`` for a named
    profile, either with ``@REGION`` to choose a region.
    ``poll_interval_ms`` is how often a visible list may ask for changes. ``account`` is known once
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
    """How to reach a running local service. Never put into an answer: it holds the secret key."""

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
