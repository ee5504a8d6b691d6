"""S3 beside the local service, and jobs and models whose data is in buckets."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from smx_lab.local.home import data_dir as places
from smx_lab.local.home import launch
from smx_lab.local.home.identity import Identity
from smx_lab.local.home.job_credentials import JobCredentials
from smx_lab.local.s3.dir_cache import wait_until_s3_shows
from smx_lab.local.s3.health import s3_health
from smx_lab.local.s3.probe import signed_status
from smx_lab.local.s3.server import HangCheck, S3Server, rclone
from tests.conftest import StartService
from tests.support.local.clients import make_client
from tests.support.local.training import (
    DIGITS_SCRIPT,
    channel,
    create_model,
    job_request,
    make_archive,
    serve,
)
from tests.support.processes import find_processes
from tests.support.waiting import eventually, wait_for_job

DEFAULT_BUCKET = "sagemaker-us-east-1-000000000000"


def s3_client(service: LocalService, **overrides: Any) -> Any:
    return make_client("s3", service, **{"endpoint_url": service.s3_url, **overrides})


def rclones_of(service: LocalService) -> list[psutil.Process]:
    """Return the S3 servers over the service's buckets."""
    return rclones_over(Path(service.data_dir) / "s3")


def rclones_over(buckets: Path) -> list[psutil.Process]:
    """Return the S3 servers over a folder of buckets."""
    return find_processes(
        lambda command, variables: (
            command[:1] == [rclone()] and variables.get("RCLONE_HASHER_REMOTE") == str(buckets)
        )
    )


@pytest.fixture(scope="module")
def s3(local_service: LocalService) -> Any:
    return s3_client(local_service)


@pytest.fixture
def code(s3: Any, tmp_path: Path) -> str:
    """Return the S3 URI of the digits script as the SDK uploads it."""
    archive = make_archive(tmp_path / "sourcedir.tar.gz", {"train.py": DIGITS_SCRIPT})
    s3.upload_file(str(archive), DEFAULT_BUCKET, "code/sourcedir.tar.gz")
    return f"s3://{DEFAULT_BUCKET}/code/sourcedir.tar.gz"


def test_objects_are_kept_as_files_and_files_are_objects(local_service: LocalService, s3: Any):
    s3.create_bucket(Bucket="plain-folders")
    s3.put_object(Bucket="plain-folders", Key="a/b c/ü+%.txt", Body=b"hello")
    folder = Path(local_service.data_dir) / "s3" / "plain-folders"
    assert (folder / "a" / "b c" / "ü+%.txt").read_bytes() == b"hello"
    (folder / "by-hand.csv").write_text("1,2\n")
    wait_until_s3_shows()
    listed = s3.list_objects_v2(Bucket="plain-folders")["Contents"]
    assert [item["Key"] for item in listed] == ["a/b c/ü+%.txt", "by-hand.csv"]
    (folder / "by-hand.csv").write_text("1,2\n3,4\n")
    wait_until_s3_shows()
    body = s3.get_object(Bucket="plain-folders", Key="by-hand.csv")["Body"]
    assert body.read() == b"1,2\n3,4\n"


def test_a_large_object_goes_up_in_parts_and_comes_back_whole(s3: Any):
    content = os.urandom(1024) * 20_000
    s3.upload_fileobj(io.BytesIO(content), DEFAULT_BUCKET, "large.bin")
    back = io.BytesIO()
    s3.download_fileobj(DEFAULT_BUCKET, "large.bin", back)
    assert back.getvalue() == content


def test_many_clients_at_once_are_all_answered(local_service: LocalService, s3: Any):
    s3.create_bucket(Bucket="busy")

    def work(number: int) -> list[str]:
        client, keys = s3_client(local_service), []
        for turn in range(12):
            key = f"client-{number}/out/{turn % 3}/{turn}.txt"
            client.put_object(Bucket="busy", Key=key, Body=b"x")
            listed = client.list_objects_v2(Bucket="busy", Prefix=f"client-{number}/")
            assert key in [item["Key"] for item in listed["Contents"]]
            client.list_objects_v2(Bucket="busy")
            keys.append(key)
        for key in keys[::2]:
            client.delete_object(Bucket="busy", Key=key)
        return keys[1::2]

    with ThreadPoolExecutor() as pool:
        kept = [key for keys in pool.map(work, range(4)) for key in keys]
    listed = s3.list_objects_v2(Bucket="busy")["Contents"]
    assert sorted(item["Key"] for item in listed) == sorted(kept)


def test_the_sum_of_an_object_is_made_once(local_service: LocalService, s3: Any):
    content = os.urandom(2**20) * 12
    folder = Path(local_service.data_dir) / "s3" / DEFAULT_BUCKET
    (folder / "put-here.bin").write_bytes(content)
    wait_until_s3_shows()
    etag = f'"{hashlib.md5(content).hexdigest()}"'
    assert s3.head_object(Bucket=DEFAULT_BUCKET, Key="put-here.bin")["ETag"] == etag
    (server,) = rclones_of(local_service)
    before = server.io_counters().read_chars
    assert s3.head_object(Bucket=DEFAULT_BUCKET, Key="put-here.bin")["ETag"] == etag
    listed = s3.list_objects_v2(Bucket=DEFAULT_BUCKET, Prefix="put-here")["Contents"]
    # rclone's lists have it without the quotes.
    assert listed[0]["ETag"].strip('"') == etag.strip('"')
    assert server.io_counters().read_chars - before < len(content)


def test_an_emptied_bucket_stays_until_it_is_deleted(s3: Any):
    s3.create_bucket(Bucket="emptied")
    s3.put_object(Bucket="emptied", Key="folder/file", Body=b"")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        s3.delete_bucket(Bucket="emptied")
    s3.delete_object(Bucket="emptied", Key="folder/file")
    assert s3.list_objects_v2(Bucket="emptied").get("Contents", []) == []
    s3.head_bucket(Bucket="emptied")
    s3.delete_bucket(Bucket="emptied")
    with pytest.raises(ClientError, match="404"):
        s3.head_bucket(Bucket="emptied")


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE"}, "InvalidAccessKeyId"),
        ({"aws_secret_access_key": "wrong"}, "SignatureDoesNotMatch"),
    ],
)
def test_other_keys_are_refused(local_service: LocalService, overrides: Any, code: str):
    with pytest.raises(ClientError) as caught:
        s3_client(local_service, **overrides).list_buckets()
    assert caught.value.response["Error"]["Code"] == code


def test_no_request_leaves_its_bucket(local_service: LocalService, s3: Any):
    with pytest.raises(ClientError):
        s3.get_object(Bucket=DEFAULT_BUCKET, Key="../../identity.json")
    with pytest.raises(ClientError):
        s3.list_objects_v2(Bucket="..")


def test_keys_are_in_no_command_line(local_service: LocalService):
    words = [word for one in psutil.process_iter() for word in _command(one)]
    assert not [word for word in words if local_service.secret_access_key in word]


def test_a_training_job_reads_from_and_writes_to_buckets(
    local_service: LocalService, sagemaker: Any, s3: Any, code: str
):
    s3.put_object(Bucket=DEFAULT_BUCKET, Key="digits/normalization.csv", Body=b"0.13 0.3\n")
    request = job_request(
        "from-buckets",
        code,
        f"s3://{DEFAULT_BUCKET}/out",
        InputDataConfig=[channel("training", f"s3://{DEFAULT_BUCKET}/digits/")],
        HyperParameters={"hidden_channels": "8", "epochs": "2", "optimizer": '"adam"'},
        CheckpointConfig={"S3Uri": f"s3://{DEFAULT_BUCKET}/checkpoints"},
    )
    sagemaker.create_training_job(**request)
    job = wait_for_job(sagemaker, "from-buckets")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    model = f"s3://{DEFAULT_BUCKET}/out/from-buckets/output/model.tar.gz"
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": model}
    assert job["OutputDataConfig"] == {"KmsKeyId": "", "S3OutputPath": f"s3://{DEFAULT_BUCKET}/out"}
    listed = s3.list_objects_v2(Bucket=DEFAULT_BUCKET, Prefix="out/")["Contents"]
    assert [item["Key"] for item in listed] == ["out/from-buckets/output/model.tar.gz"]
    component = sagemaker.describe_trial_component(
        TrialComponentName="from-buckets-aws-training-job"
    )
    assert component["InputArtifacts"]["training"]["Value"] == f"s3://{DEFAULT_BUCKET}/digits/"
    assert component["OutputArtifacts"]["SageMaker.ModelArtifact"]["Value"] == model

    environment = {"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": code}
    create_model(sagemaker, "from-buckets", model, **environment)
    assert serve(sagemaker, "from-buckets")["EndpointStatus"] == "InService"
    answer = make_client("sagemaker-runtime", local_service).invoke_endpoint(
        EndpointName="from-buckets", ContentType="application/json", Body=json.dumps([[0] * 64])
    )
    assert len(json.loads(answer["Body"].read())) == 1


@pytest.mark.parametrize("uri", ["s3://no-such-bucket/digits", f"s3://{DEFAULT_BUCKET}/no-such"])
def test_missing_data_is_refused_at_the_call(sagemaker: Any, code: str, uri: str):
    bucket = uri.split("/")[2]
    request = job_request(
        "no-data",
        code,
        f"s3://{DEFAULT_BUCKET}/out",
        InputDataConfig=[channel("training", uri)],
    )
    with pytest.raises(ClientError) as caught:
        sagemaker.create_training_job(**request)
    assert caught.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": (
            f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure '
            "that the bucket exists in the selected region (us-east-1), that objects exist under "
            f'that S3 prefix, and that the role "{request["RoleArn"]}" has "s3:ListBucket" '
            f'permissions on bucket "{bucket}".'
        ),
    }


def test_an_output_or_checkpoint_bucket_must_exist(sagemaker: Any, code: str):
    outside = "s3://no-such-bucket/out"
    inside = f"s3://{DEFAULT_BUCKET}/out"
    for output, members in ((outside, {}), (inside, {"CheckpointConfig": {"S3Uri": outside}})):
        request = job_request("no-bucket", code, output, **members)
        with pytest.raises(ClientError, match=r'The bucket "no-such-bucket" of .* does not exist'):
            sagemaker.create_training_job(**request)


@pytest.mark.parametrize("uri", ["s3://no-such-bucket/m.tar.gz", f"s3://{DEFAULT_BUCKET}/m.tar.gz"])
def test_a_model_without_data_is_refused(sagemaker: Any, uri: str):
    with pytest.raises(ClientError, match=f"Could not find model data at {uri}"):
        create_model(sagemaker, "no-data", uri)


def test_no_location_climbs_out_of_its_bucket(sagemaker: Any):
    with pytest.raises(ClientError, match="climbs out"):
        create_model(sagemaker, "climbing", f"s3://{DEFAULT_BUCKET}/../../identity.json")


def test_an_archive_that_is_being_written_is_no_object_yet(local_service: LocalService, s3: Any):
    folder = Path(local_service.data_dir) / "s3" / DEFAULT_BUCKET / "growing"
    folder.mkdir()
    (folder / ".model.tar.gz.part").write_bytes(b"half")
    assert s3.list_objects_v2(Bucket=DEFAULT_BUCKET, Prefix="growing/").get("Contents", []) == []


def test_it_ends_with_the_service_and_comes_back_at_the_same_address(start_service: StartService):
    first = start_service()
    s3_client(first).put_object(Bucket=DEFAULT_BUCKET, Key="kept", Body=b"1")
    assert len(rclones_of(first)) == 1
    launch.stop(Path(first.data_dir))
    assert rclones_of(first) == []
    second = start_service(Path(first.data_dir))
    assert second.s3_url == first.s3_url
    assert s3_client(second).get_object(Bucket=DEFAULT_BUCKET, Key="kept")["Body"].read() == b"1"


def test_a_killed_service_leaves_no_server_behind(start_service: StartService):
    service = start_service()
    assert len(rclones_of(service)) == 1
    os.kill(service.pid, signal.SIGKILL)
    eventually(lambda: not rclones_of(service), "the end of the S3 server")


def test_a_server_that_ended_is_started_again(start_service: StartService):
    service = start_service()
    (server,) = rclones_of(service)
    server.kill()

    def answers() -> bool:
        client = s3_client(service, config=Config(retries={"total_max_attempts": 1}))
        try:
            return bool(client.list_buckets()["Buckets"])
        except Exception:  # noqa: BLE001 - not yet
            return False

    eventually(answers, "the S3 server")
    (again,) = rclones_of(service)
    assert again.pid != server.pid


def test_the_status_says_how_s3_is(start_service: StartService):
    service = start_service()
    place = ["local", "status", "--data-dir", service.data_dir]
    said = subprocess.run(
        [sys.executable, "-m", "smx_lab", *place], capture_output=True, text=True, check=True
    ).stdout
    assert f"S3 runs at {service.s3_url}, over the folder {service.data_dir}/s3." in said
    command = [sys.executable, "-m", "smx_lab", *place, "--json"]
    printed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert printed["s3"]["state"] == "running"
    (server,) = rclones_of(service)
    server.suspend()

    def restarting() -> str:
        # A stop reaches the threads of a process one by one: an answer may still come after it.
        health = s3_health(service)
        return health.message if health.state == "restarting" else ""

    message = eventually(restarting, "a health that says that S3 does not answer")
    server.resume()
    assert f"{service.data_dir}/s3-server/log says why" in message
    without = msgspec.structs.replace(service, s3_url=None)
    assert s3_health(without).state == "not_running"
    state, message = s3_health(without, lambda: None)
    assert (state, 'pip install "smx-lab[s3]"' in message) == ("not_installed", True)


def test_a_server_that_hangs_is_ended_and_started_again_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    check = HangCheck(interval_s=0.1, patience_s=0.5, max_misses=2)
    identity = Identity(access_key_id="LOCALKEY", secret_access_key="local-secret")
    places.prepare(tmp_path)
    server = S3Server(tmp_path, identity, JobCredentials(), rclone(), check)
    server.recover()
    try:
        (hung,) = rclones_over(tmp_path / "s3")
        hung.suspend()

        def another_answers() -> bool:
            found = rclones_over(tmp_path / "s3")
            if not found or hung in found:
                return False
            return signed_status(server.port or 0, identity) == 200

        eventually(another_answers, "another S3 server in the place of the one that hangs")
        assert len(rclones_over(tmp_path / "s3")) == 1
        assert "The S3 server no longer answered and is started again" in caplog.text
    finally:
        server.shutdown()
    assert rclones_over(tmp_path / "s3") == []


def _command(one: psutil.Process) -> list[str]:
    try:
        return one.cmdline()
    except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
        return []
