"""Whether S3 is there beside a running local service, and what to do if it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from smx_lab.core.connection import LocalService
from smx_lab.local.home import data_dir as places
from smx_lab.local.s3.server import answers_to, rclone

INSTALL = 'pip install "smx-lab[s3]"'
ANEW = "smx-lab local stop; smx-lab local start"


class S3Health(NamedTuple):
    """What S3 does at this moment, and one sentence about it."""

    state: Literal["running", "restarting", "not_running", "not_installed"]
    message: str


def s3_health(service: LocalService) -> S3Health:
    """Ask the S3 server of a service whether it answers to its keys; takes 2 s at most."""
    folder = Path(service.data_dir)
    log = places.s3_server(folder) / "log"
    if service.s3_url is None and rclone() is None:
        return S3Health(
            "not_installed", f"S3 is not installed. Install it with: {INSTALL}, then: {ANEW}"
        )
    if service.s3_url is None:
        return S3Health(
            "not_running",
            "S3 is installed but does not run: it did not start, or was installed later. "
            f"{places.log_file(folder)} says more. Start it with: {ANEW}",
        )
    if answers_to(service):
        return S3Health(
            "running", f"S3 runs at {service.s3_url}, over the folder {places.buckets(folder)}."
        )
    return S3Health(
        "restarting",
        f"S3 does not answer at {service.s3_url} and is being started again. "
        f"If it stays so, {log} says why.",
    )
