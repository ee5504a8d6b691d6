"""Where the local service keeps everything, and the names of the files in it.

=====================  ===========================================================
``store.db``           the database (with ``-wal`` and ``-shm`` beside it)
``identity.json``      keys, account, region and last port; kept for good, 0600
``service.json``       address, keys and pid of the running service, 0600
``service.lock``       held (flock) by the running service for its whole life
``service.log``        the service's log, bounded, 0600
``training-jobs/``     one folder a job; so ``processing-jobs/``, ``transform-jobs/``
``endpoints/``         one folder an endpoint
``s3/``                one folder a bucket, with the objects that ``s3://`` names
``s3-server/``         the files of the S3 server, and its log
``sagemaker.yaml``     defaults for the sagemaker SDK
=====================  ===========================================================
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from smx_lab.local.errors import StartError


def data_dir() -> Path:
    """Return ``SMX_LAB_DATA_DIR``, else the platform's folder for user data. Creates nothing."""
    chosen = os.environ.get("SMX_LAB_DATA_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_data_dir("smx-lab", appauthor=False))


def prepare(path: Path) -> Path:
    """Create the data directory for its owner alone, and return it.

    Raises
    ------
    StartError
        If it cannot be created, written to, or belongs to somebody else.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = path.stat().st_uid
        if owner != os.getuid():
            raise StartError(
                f"The data directory {path} belongs to another user. "
                "Choose one of your own with --data-dir or SMX_LAB_DATA_DIR."
            )
        # It holds the keys and everything tracked: no other user may read it.
        path.chmod(0o700)
    except OSError as error:
        raise StartError(
            f"The data directory {path} cannot be used: {error.strerror}. "
            "Choose another with --data-dir or SMX_LAB_DATA_DIR."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise StartError(
            f"The data directory {path} cannot be written to. "
            "Choose another with --data-dir or SMX_LAB_DATA_DIR."
        )
    return path


def store_file(path: Path) -> Path:
    """Return the database of a data directory."""
    return path / "store.db"


def identity_file(path: Path) -> Path:
    """Return the file with keys, account, region and the last port."""
    return path / "identity.json"


def service_file(path: Path) -> Path:
    """Return the file by which a running service is found."""
    return path / "service.json"


def lock_file(path: Path) -> Path:
    """Return the file whose lock says that a service runs."""
    return path / "service.lock"


def log_file(path: Path) -> Path:
    """Return the service's log."""
    return path / "service.log"


def buckets(path: Path) -> Path:
    """Return the folder whose folders are the S3 buckets."""
    return path / "s3"


def s3_server(path: Path) -> Path:
    """Return the folder of the S3 server itself."""
    return path / "s3-server"


def sdk_config_file(path: Path) -> Path:
    """Return the file with the ``sagemaker`` SDK's defaults for this service."""
    return path / "sagemaker.yaml"


def write_private(file: Path, content: bytes) -> None:
    """Write a 0600 file atomically: a reader sees the old content or the new."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(file)
