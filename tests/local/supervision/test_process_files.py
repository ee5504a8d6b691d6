"""What a process beside the service is started with goes through a private file."""

from __future__ import annotations

from pathlib import Path

from smx_lab.local.hosting.model_process import ServerSpec
from smx_lab.local.jobs.processing_process import Input, Output, ProcessingSpec
from smx_lab.local.jobs.transform_process import TransformSpec
from smx_lab.local.s3.process import S3Spec
from smx_lab.local.supervision.process_files import ProcessSpec

SERVER = ServerSpec("/f", "python", "/s", None, None, {"A": "b"})
SPECS: list[ProcessSpec] = [
    SERVER,
    S3Spec("/f", "/b", "rclone", 9000, [("key", "secret")]),
    TransformSpec(
        *(SERVER, "/in", "/out", "text/csv", "*/*", False, True, True, False, 6, 240.0, 60.0, 3)
    ),
    ProcessingSpec(
        *("name", "arn", "us-east-1", "/f", "python", ["python3"], [Input("/a", "a")]),
        *([Output("a", "/a", False)], {}, "local", 60, 2.0, {}, True),
    ),
]


def test_a_description_is_read_as_it_was_written_and_is_for_its_owner_alone(tmp_path: Path):
    for number, spec in enumerate(SPECS):
        file = tmp_path / str(number) / "spec.json"
        spec.write(file)
        assert type(spec).read(file) == spec
        assert [path.stat().st_mode & 0o777 for path in (file, file.parent)] == [0o600, 0o700]
