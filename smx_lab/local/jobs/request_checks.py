"""What makes requests for jobs refused at the call, in common for all kinds of jobs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smx_lab.local.context import Context
from smx_lab.local.files.locations import LocationError, bucket_of


class JobRefusedError(ValueError):
    """The request asks for what is not there or not offered; the message is a sentence."""


@contextmanager
def refuse_bad_locations() -> Iterator[None]:
    """Raise JobRefusedError when the block, or the function decorated, meets a LocationError."""
    try:
        yield
    except LocationError as error:
        raise JobRefusedError(str(error)) from error


def require_offered(member: str, value: str, *offered: str, of: str = "") -> None:
    """Refuse a value of a member that the local service does not offer.

    Parameters
    ----------
    of : str, optional
        What the member belongs to: ``Input code``.
    """
    if value not in offered:
        raise JobRefusedError(
            f"{f'{of}: the' if of else 'The'} {member} {value} is not offered locally."
        )


def require_one_instance(work: str, count: int) -> None:
    """Refuse more than one instance; ``work`` is what would run there: ``Training``."""
    if count > 1:
        raise JobRefusedError(f"{work} on more than one instance is not offered locally.")


def s3_member(of: str, part: dict[str, Any], member: str) -> dict[str, Any]:
    """Return the member of an input or output that says where in S3 it is; refuse others."""
    found: dict[str, Any] | None = part.get(member)
    if found is None or part.get("AppManaged"):
        raise JobRefusedError(f"{of} has no {member}; others are not offered here.")
    return found


def require_data(context: Context, role: str, location: str) -> Path:
    """Return where an input is; refuse one that is not there."""
    path = context.local_path(location)
    if not _holds_a_file(path):
        raise JobRefusedError(_nothing_found(context, role, location, path))
    return path


def require_writable(context: Context, location: str) -> None:
    """Refuse an output path now that would otherwise fail after hours of work."""
    folder = context.local_path(location)
    bucket = bucket_of(location)
    if bucket is not None and not context.local_path(f"s3://{bucket}").is_dir():
        raise JobRefusedError(f'The bucket "{bucket}" of {location} does not exist.')
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        raise JobRefusedError(f"The output path {location} cannot be written to.")


def _holds_a_file(path: Path) -> bool:
    if not path.is_dir():
        return path.exists() and os.access(path, os.R_OK)
    return any(files for _, _, files in os.walk(path))


def _nothing_found(context: Context, role: str, location: str, path: Path) -> str:
    """Return SageMaker's own sentence for a bucket, and its beginning for a file."""
    found = f'No S3 objects found under S3 URL "{location}" given in input data source. Please '
    bucket = bucket_of(location)
    if bucket is None:
        return f"{found}ensure that there is a file at {path}, and that you may read it."
    return (
        f"{found}ensure that the bucket exists in the selected region ({context.region}), that "
        f'objects exist under that S3 prefix, and that the role "{role}" has "s3:ListBucket" '
        f'permissions on bucket "{bucket}".'
    )
