"""Which locations are read on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from smx_lab.local.files.locations import LocationError, bucket_of, join, local_path

BUCKETS = Path("/data-dir/s3")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/data/train", "/data/train"),
        ("/data/train/", "/data/train"),
        ("file:///data/train", "/data/train"),
        ("file://localhost/data/train", "/data/train"),
        ("FILE:///data/with%20space", "/data/with space"),
        ("/data/100%", "/data/100%"),
        ("s3://bucket/train", "/data-dir/s3/bucket/train"),
        ("S3://bucket/train/", "/data-dir/s3/bucket/train"),
        ("s3://bucket", "/data-dir/s3/bucket"),
        ("s3://bucket/100%20?#x", "/data-dir/s3/bucket/100%20?#x"),
        ("s3://bucket//train/./a.csv", "/data-dir/s3/bucket/train/a.csv"),
    ],
)
def test_buckets_file_uris_and_absolute_paths_are_read(location: str, path: str) -> None:
    assert local_path(location, BUCKETS) == Path(path)


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("data/train", "is not absolute"),
        ("s3://", "no valid bucket"),
        ("s3://../train", "no valid bucket"),
        ("s3:///etc/passwd", "no valid bucket"),
        ("s3://Bucket/train", "no valid bucket"),
        ("s3://bucket/../../etc", "climbs out"),
        ("s3://bucket/a\0b", "NUL"),
        ("https://host/train", "cannot be read"),
        ("file://elsewhere/data", "names another host"),
        ("/data/../etc", "climbs out"),
        ("file:///data/%2e%2e/etc", "climbs out"),
        ("file:///data?x", "unescaped"),
        ("file:///data%00x", "NUL"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(location: str, words: str) -> None:
    with pytest.raises(LocationError, match=words):
        local_path(location, BUCKETS)


def test_the_form_of_a_location_is_kept_when_it_grows() -> None:
    assert join("file:///out/", "job", "model.tar.gz") == "file:///out/job/model.tar.gz"
    assert join("/out", "job") == "/out/job"
    assert join("s3://bucket/out", "job") == "s3://bucket/out/job"


def test_only_an_s3_uri_names_a_bucket() -> None:
    assert bucket_of("s3://bucket/out/model.tar.gz") == "bucket"
    assert bucket_of("file:///out/model.tar.gz") is None
    assert bucket_of("/out/model.tar.gz") is None
