"""Whether S3 is there beside a running local service, and what to do if it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from smx_lab.core.connection import LocalService
from smx_lab.local.home import data_dir as places
from smx_lab.local.home.identity import Identity
from smx_lab.local.s3.probe import signed_status
from smx_lab.local.s3.server import rclone

INSTALL = 'pip install "smx-lab[s3]"'
RESTART = "smx-lab local stop; smx-lab local start"


class S3Health(NamedTuple):
    """What S3 does at this moment, and one sentence about it."""

    state: Literal["running", "restarting", "not_running", "not_installed"]
    message: str


def s3_health(service: LocalService, find_program: Callable[[], str | None] = rclone) -> S3Health:
    """Ask the S3 server of a service whether it accepts the service's keys; takes 2 s at most.

    Parameters
    ----------
    find_program : callable
        Returns the S3 server's program, or None if it is not installed.
    """
    folder = Path(service.data_dir)
    log = places.s3_server(folder) / "log"
    if service.s3_url is None and find_program() is None:
        return S3Health(
            "not_installed", f"S3 is not installed. Install it with: {INSTALL}, then: {RESTART}"
        )
    if service.s3_url is None:
        return S3Health(
            "not_running",
            "S3 is installed but does not run: it did not start, or was installed later. "
            f"{places.log_file(folder)} says more. Start it with: {RESTART}",
        )
    if _accepts_keys(service):
        return S3Health(
            "running", f"S3 runs at {service.s3_url}, over the folder {places.buckets(folder)}."
        )
    return S3Health(
        "restarting",
        f"S3 does not answer at {service.s3_url} and is being started again. "
        f"If it stays so, {log} says why.",
    )


def _accepts_keys(service: LocalService) -> bool:
    port = int((service.s3_url or "").rpartition(":")[2] or 0)
    identity = Identity(
        region=service.region,
        access_key_id=service.access_key_id,
        secret_access_key=service.secret_access_key,
    )
    return signed_status(port, identity) == 200
