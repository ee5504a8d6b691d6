"""The process beside the S3 server: runs rclone, logs what it says, and ends it.

Started by the service as ``python -m smx_lab.local.s3.process SPEC``; the file is removed once it
is read, since it holds the keys.

Standard library and psutil only.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smx_lab.local.logs.log_file import LogWriter
from smx_lab.local.s3.dir_cache import DIR_CACHE_S
from smx_lab.local.supervision.process_files import ProcessFolder, ProcessSpec
from smx_lab.local.supervision.supervisor import StoppedError, Supervisor

# rclone writes nothing it would have to save at its end. Our choice.
STOP_GRACE_S = 2.0
# Above this Go's runtime returns what it holds without need. Our choice, well above what rclone
# lives on (about 80 MB): a limit below that has Go's collector run without end, at 30 % of a core.
MEMORY_LIMIT = "256MiB"


@dataclass(frozen=True)
class S3Spec(ProcessSpec):
    """All that is needed to serve a folder of buckets."""

    folder: str
    """The server's own folder, for its log."""
    buckets: str
    program: str
    """rclone."""
    port: int
    key_pairs: list[tuple[str, str]]
    """Access key and secret key of everybody who may send requests."""

    @classmethod
    def convert(cls, members: dict[str, Any]) -> dict[str, Any]:
        """Return the members with pairs as tuples."""
        return {**members, "key_pairs": [tuple(pair) for pair in members["key_pairs"]]}


def command(spec: S3Spec) -> list[str]:
    """Return rclone's command line; it can be read by everybody, so no key is in it."""
    return [
        # Keeps the sums of objects, else made for every list, head and part of a download.
        *(spec.program, "serve", "s3", ":hasher:"),
        *("--addr", f"127.0.0.1:{spec.port}"),
        # The person's own rclone.conf has nothing to do with this.
        *("--config", ""),
        # Jobs write into the buckets directly, and what they write has to be seen. But never 0: it
        # is also how often rclone 1.75 forgets a folder with a new object, without end, at the
        # cost of a core, until its locks are never free and no request is answered.
        *("--vfs-cache-mode", "off", "--dir-cache-time", f"{DIR_CACHE_S * 1000:.0f}ms"),
        # Archives that are being written; see archives.partial_path.
        *("--exclude", ".*.part"),
        *("--log-level", "NOTICE"),
    ]


def environment(spec: S3Spec) -> dict[str, str]:
    """Return the whole environment of rclone."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": spec.folder,
        "SAGEMAKER_BASE_DIR": str(Path(spec.folder) / "ml"),
        # A list of pairs, each of which holds a comma itself.
        "RCLONE_AUTH_KEY": ",".join(f'"{key},{secret}"' for key, secret in spec.key_pairs),
        "RCLONE_CACHE_DIR": str(Path(spec.folder) / "cache"),
        "RCLONE_HASHER_REMOTE": spec.buckets,
        "RCLONE_HASHER_HASHES": "md5",
        "RCLONE_HASHER_MAX_AGE": "off",
        "GOMEMLIMIT": MEMORY_LIMIT,
    }


def main(arguments: list[str]) -> None:
    """Run the S3 server whose description is in the file named."""
    os.umask(0o077)
    file = Path(arguments[0])
    spec = S3Spec.read(file)
    file.unlink()
    log = LogWriter(ProcessFolder(Path(spec.folder)).log)
    supervisor = Supervisor(log, STOP_GRACE_S)
    supervisor.watch_lifeline()
    try:
        outcome = supervisor.run(
            command(spec),
            environment=environment(spec),
            folder=Path(spec.folder),
            on_lines=lambda _: None,
        )
    except StoppedError:
        return
    log.note(f"rclone ended with exit code {outcome.exit_code}.")
    log.close()


if __name__ == "__main__":
    main(sys.argv[1:])
