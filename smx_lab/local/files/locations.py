"""Where inputs, code and models are on this machine: ``s3://``, ``file://`` URIs and plain paths.

Locally every ``S3Uri`` member takes these three forms. A bucket is a plain folder of the data
directory, whether or not something serves S3 over it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

# Source: Amazon S3 User Guide, "General purpose bucket naming rules".
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class LocationError(ValueError):
    """The text names no place on this machine; the message is a sentence for the caller."""


def local_path(location: str, buckets: Path) -> Path:
    """Turn ``s3://bucket/train``, ``file:///data/train`` or ``/data/train`` into a path.

    Parameters
    ----------
    buckets : Path
        The folder whose folders are the buckets.

    Raises
    ------
    LocationError
        For another scheme, a relative path, a host in the URI, a ``..`` segment, a NUL, or what
        cannot be a bucket's name.

    Notes
    -----
    The caller has to check whether the bucket exists: a missing one is an input without objects.
    ``..`` is refused although the caller may name any absolute path: a URI that climbs is either a
    mistake or an attempt to pass a check made on its beginning.
    """
    if "\0" in unquote(location):
        raise LocationError(f"The location {location!r} holds a NUL character.")
    if bucket_of(location) is not None:
        return _path_in_bucket(location, buckets)
    text = _path_of(location)
    if not text.startswith("/"):
        raise LocationError(
            f'The location "{location}" is not absolute. Use s3://bucket/key, file:///path or an '
            "absolute path."
        )
    _refuse_climbing(location, text)
    return Path(os.path.normpath(text))


def bucket_of(location: str) -> str | None:
    """Return the bucket that a location names, None for a file."""
    is_s3 = location[:5].lower() == "s3://"
    return location[5:].partition("/")[0] if is_s3 else None


def join(location: str, *parts: str) -> str:
    """Append path segments, keeping the form (URI or plain path) that the caller used."""
    return "/".join([location.rstrip("/"), *parts])


def _path_in_bucket(location: str, buckets: Path) -> Path:
    bucket, _, key = location[5:].partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise LocationError(f'The location "{location}" names no valid bucket.')
    _refuse_climbing(location, key)
    # A key is taken as it stands: in S3 a percent sign is a character like any other.
    return buckets.joinpath(bucket, *(part for part in key.split("/") if part not in ("", ".")))


def _refuse_climbing(location: str, text: str) -> None:
    if ".." in PurePosixPath(text).parts:
        raise LocationError(f'The location "{location}" climbs out by "..", which is refused.')


def _path_of(location: str) -> str:
    scheme, separator, _ = location.partition("://")
    if not separator:
        return location
    if scheme.lower() != "file":
        raise LocationError(
            f'The location "{location}" cannot be read: the local service reads s3:// and file:// '
            "URIs and absolute paths."
        )
    parts = urlsplit(location)
    if parts.netloc not in ("", "localhost"):
        raise LocationError(f'The location "{location}" names another host.')
    # urlsplit takes "?" and "#" for the start of a query and a fragment; in a file name they are
    # ordinary characters and arrive escaped, so an unescaped one is refused, not cut off.
    if parts.query or parts.fragment:
        raise LocationError(f'The location "{location}" holds an unescaped "?" or "#".')
    return unquote(parts.path)
