"""Export and import, by the command a user types, on real services."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from smx_lab.cli.main import main
from smx_lab.core.connection import LocalService
from smx_lab.local.home import launch
from smx_lab.local.transfer import merge
from smx_lab.local.transfer.archive import Archive, is_own_name
from tests.conftest import StartService
from tests.support.local.clients import make_client
from tests.support.waiting import eventually

METRICS = [
    {"MetricName": "loss", "Timestamp": 1_700_000_000 + step, "Step": step, "Value": 1 / (1 + step)}
    for step in range(5)
]


def track(service: LocalService, name: str = "mnist") -> None:
    """Track one experiment with a trial, a component in it, tags, metrics, and lineage."""
    client = make_client("sagemaker", service)
    client.create_experiment(ExperimentName=name, Description="digits")
    client.create_trial(TrialName=f"{name}-1", ExperimentName=name)
    client.create_trial_component(
        TrialComponentName=f"{name}-training",
        Parameters={"lr": {"NumberValue": 0.1}, "optimizer": {"StringValue": "sgd"}},
        InputArtifacts={"data": {"Value": "s3://digits/images.csv"}},
        Tags=[{"Key": "team", "Value": "vision"}],
    )
    client.associate_trial_component(TrialComponentName=f"{name}-training", TrialName=f"{name}-1")
    make_client("sagemaker-metrics", service).batch_put_metrics(
        TrialComponentName=f"{name}-training", MetricData=METRICS
    )
    artifact = client.create_artifact(
        ArtifactType="DataSet", Source={"SourceUri": f"s3://digits/{name}.csv"}
    )
    component = client.describe_trial_component(TrialComponentName=f"{name}-training")
    client.add_association(
        SourceArn=artifact["ArtifactArn"], DestinationArn=component["TrialComponentArn"]
    )


def everything(service: LocalService) -> dict[str, Any]:
    """Return all that clients can read of what `track` wrote."""
    client = make_client("sagemaker", service)
    found: dict[str, Any] = {}
    for resource in ("Experiment", "ExperimentTrial", "ExperimentTrialComponent"):
        answer = client.search(Resource=resource, SortBy="CreationTime", MaxResults=100)
        found[resource] = answer["Results"]
    found["artifacts"] = client.list_artifacts()["ArtifactSummaries"]
    found["associations"] = client.list_associations()["AssociationSummaries"]
    found["series"] = [
        make_client("sagemaker-metrics", service).batch_get_metrics(
            MetricQueries=[
                {
                    "MetricName": "loss",
                    "ResourceArn": result["TrialComponent"]["TrialComponentArn"],
                    "MetricStat": "Last",
                    "Period": "IterationNumber",
                    "XAxisType": "IterationNumber",
                }
            ]
        )["MetricQueryResults"]
        for result in found["ExperimentTrialComponent"]
    ]
    return found


def put_object(data_dir: str | Path, name: str, content: bytes) -> Path:
    path = Path(data_dir) / "s3" / "digits" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def run(*arguments: str | Path) -> int:
    return main(["local", *map(str, arguments)])


@pytest.fixture
def archive(start_service: StartService, tmp_path: Path) -> Path:
    """Export a service with one experiment and one object of S3, while it runs."""
    service = start_service(tmp_path / "old")
    track(service)
    put_object(service.data_dir, "images.csv", b"1,2,3\n")
    assert run("export", tmp_path / "all.smx", "--data-dir", service.data_dir) == 0
    return tmp_path / "all.smx"


def test_what_was_exported_is_found_again_on_another_machine(
    archive: Path, start_service: StartService, tmp_path: Path, capsys: Any
) -> None:
    before = everything(start_service(tmp_path / "old"))
    assert run("import", archive, "--data-dir", tmp_path / "new") == 0
    told = capsys.readouterr().out.splitlines()
    assert "  1 trial component new, 0 replaced, 0 there already" in told
    after = start_service(tmp_path / "new")
    assert everything(after) == before
    assert (tmp_path / "new/s3/digits/images.csv").read_bytes() == b"1,2,3\n"
    assert sorted(path.name for path in (tmp_path / "new").glob("import-*")) == []


def test_an_archive_holds_no_keys_and_is_for_its_owner_alone(archive: Path, tmp_path: Path) -> None:
    secret = json.loads((tmp_path / "old/identity.json").read_bytes())["secret_access_key"]
    with zipfile.ZipFile(archive) as file:
        assert all(secret.encode() not in file.read(name) for name in file.namelist())
        assert not [name for name in file.namelist() if name.endswith("identity.json")]
    assert archive.stat().st_mode & 0o777 == 0o600


def test_an_import_adds_to_what_is_there(
    archive: Path, start_service: StartService, tmp_path: Path
) -> None:
    other = start_service(tmp_path / "other")
    track(other, "cifar")
    track(other, "svhn")
    before = everything(other)
    launch.stop(tmp_path / "other")
    assert run("import", archive, "--data-dir", tmp_path / "other") == 0
    after = everything(start_service(tmp_path / "other"))
    exported = everything(start_service(tmp_path / "old"))
    for kind in ("Experiment", "ExperimentTrial", "ExperimentTrialComponent", "artifacts"):
        assert sorted(map(repr, after[kind])) == sorted(map(repr, before[kind] + exported[kind]))
    assert len(after["associations"]) == 3


def test_a_second_import_of_the_same_archive_finds_nothing_to_do(
    archive: Path, tmp_path: Path, capsys: Any
) -> None:
    new = tmp_path / "new"
    assert run("import", archive, "--data-dir", new) == 0
    rows = dump(new)
    capsys.readouterr()
    assert run("import", archive, "--data-dir", new) == 0
    assert dump(new) == rows
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  0 experiments new, 0 replaced, 1 there already",
        "  0 trials new, 0 replaced, 1 there already",
        "  0 trial components new, 0 replaced, 1 there already",
        "  0 artifacts new, 0 replaced, 1 there already",
        "  0 files new, 0 replaced, 1 there already",
    ]


def dump(data_dir: Path) -> list[str]:
    connection = sqlite3.connect(data_dir / "store.db")
    try:
        return [line for line in connection.iterdump() if "sqlite_stat" not in line]
    finally:
        connection.close()


def test_nothing_of_the_same_name_is_overwritten_without_the_flag(
    archive: Path, start_service: StartService, tmp_path: Path, capsys: Any
) -> None:
    service = start_service(tmp_path / "old")
    client = make_client("sagemaker", service)
    exported = everything(service)
    client.update_trial_component(
        TrialComponentName="mnist-training", Parameters={"lr": {"NumberValue": 0.5}}
    )
    put_object(service.data_dir, "images.csv", b"4,5,6\n")
    changed = everything(service)
    launch.stop(tmp_path / "old")
    assert run("import", archive, "--data-dir", tmp_path / "old") == 1
    assert capsys.readouterr().err == (
        f"smx-lab: {tmp_path / 'old'} has 2 of the same name as in {archive}, but with other "
        "content (trial component mnist-training, s3/digits/images.csv). Nothing was imported; "
        "take --overwrite to replace them, or another --data-dir.\n"
    )
    assert everything(start_service(tmp_path / "old")) == changed
    launch.stop(tmp_path / "old")
    assert run("import", archive, "--data-dir", tmp_path / "old", "--overwrite") == 0
    assert everything(start_service(tmp_path / "old")) == exported
    assert (tmp_path / "old/s3/digits/images.csv").read_bytes() == b"1,2,3\n"


def test_a_killed_import_goes_on_where_it_was(start_service: StartService, tmp_path: Path) -> None:
    service = start_service(tmp_path / "old")
    track(service)
    for number in range(400):
        put_object(service.data_dir, f"{number:04}.bin", os.urandom(40_000))
    before = everything(service)
    archive, new = tmp_path / "all.smx", tmp_path / "new"
    assert run("export", archive, "--data-dir", service.data_dir) == 0
    command = [sys.executable, "-m", "smx_lab", "local", "import", str(archive)]
    command += ["--data-dir", str(new)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    eventually(lambda: len(list(new.glob("import-*/s3/digits/*"))) >= 20, "some unpacked files")
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert not (new / "s3").exists()
    unpacked = {path.name: path.stat().st_ino for path in new.glob("import-*/s3/digits/*")}
    assert run("import", archive, "--data-dir", new) == 0
    kept = {name: (new / "s3/digits" / name).stat().st_ino for name in unpacked}
    assert kept == unpacked
    assert everything(start_service(new)) == before
    for path in (tmp_path / "old/s3/digits").iterdir():
        assert (new / "s3/digits" / path.name).read_bytes() == path.read_bytes()


def test_an_import_waits_for_no_running_service(
    archive: Path, start_service: StartService, tmp_path: Path, capsys: Any
) -> None:
    start_service(tmp_path / "busy")
    assert run("import", archive, "--data-dir", tmp_path / "busy") == 1
    assert capsys.readouterr().err == (
        f"smx-lab: The local service of {tmp_path / 'busy'} runs. "
        "Stop it with: smx-lab local stop\n"
    )


def test_an_export_replaces_no_file_without_the_flag(
    archive: Path, tmp_path: Path, capsys: Any
) -> None:
    content = archive.read_bytes()
    assert run("export", archive, "--data-dir", tmp_path / "old") == 1
    assert "is there already" in capsys.readouterr().err
    assert archive.read_bytes() == content
    assert run("export", archive, "--data-dir", tmp_path / "old", "--overwrite") == 0


def test_nothing_is_exported_from_an_empty_folder(tmp_path: Path, capsys: Any) -> None:
    assert run("export", tmp_path / "x", "--data-dir", tmp_path / "empty") == 1
    assert capsys.readouterr().err.startswith("smx-lab: Nothing is kept in")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", [0.05, 0.3, 0.6, 0.95])
def test_a_damaged_archive_is_refused_in_one_sentence(
    archive: Path, tmp_path: Path, capsys: Any, where: float
) -> None:
    content = bytearray(archive.read_bytes())
    at = int(len(content) * where)
    content[at : at + 16] = bytes(byte ^ 0xFF for byte in content[at : at + 16])
    archive.write_bytes(content)
    assert_refused(archive, tmp_path / "new", capsys)


def test_half_an_archive_is_refused_in_one_sentence(
    archive: Path, tmp_path: Path, capsys: Any
) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    assert_refused(archive, tmp_path / "new", capsys)


def assert_refused(archive: Path, new: Path, capsys: Any, words: str = "is damaged") -> None:
    capsys.readouterr()
    assert run("import", archive, "--data-dir", new) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert words in said.err
    assert "Nothing was imported" in said.err
    left = sorted(path.name for path in new.iterdir()) if new.exists() else []
    assert [name for name in left if name not in ("identity.json", "service.lock")] == []


def rewritten(archive: Path, change: Any) -> Path:
    """Write the archive anew with another manifest and other members."""
    with zipfile.ZipFile(archive) as file:
        content = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(content.pop("manifest.json"))
    change(manifest, content)
    with zipfile.ZipFile(archive, "w") as file:
        for name, data in content.items():
            file.writestr(name, data)
        file.writestr("manifest.json", json.dumps(manifest))
    return archive


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "s3/digits/../../../outside",
        "/tmp/outside",
        "s3/digits//outside",
        "s3/digits/..\\outside",
        "s3/../identity.json",
        "identity.json",
        "s3/digits/a\nb",
        "training-jobs/x/spec.json",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(
    archive: Path, tmp_path: Path, capsys: Any, name: str
) -> None:
    def change(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
        content[name] = content.pop("s3/digits/images.csv")
        for member in manifest["members"]:
            if member["name"] == "s3/digits/images.csv":
                member["name"] = name

    assert_refused(rewritten(archive, change), tmp_path / "new", capsys, "is refused")


def test_a_member_that_the_manifest_does_not_name_is_refused(
    archive: Path, tmp_path: Path, capsys: Any
) -> None:
    def change(_: Any, content: dict[str, bytes]) -> None:
        content["s3/digits/more.csv"] = b"more"

    assert_refused(rewritten(archive, change), tmp_path / "new", capsys)


def test_an_archive_of_a_newer_version_says_so(archive: Path, tmp_path: Path, capsys: Any) -> None:
    def change(manifest: dict[str, Any], _: Any) -> None:
        manifest["store_version"] = 999

    assert_refused(rewritten(archive, change), tmp_path / "new", capsys, "newer smx-lab")


def test_an_archive_of_another_account_is_refused(
    archive: Path, tmp_path: Path, capsys: Any
) -> None:
    new = tmp_path / "new"
    assert run("import", archive, "--data-dir", new) == 0

    def change(manifest: dict[str, Any], _: Any) -> None:
        manifest["account"] = "123456789012"

    assert run("import", rewritten(archive, change), "--data-dir", new) == 1
    assert "is of account 123456789012" in capsys.readouterr().err


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW more AS SELECT 1",
        "CREATE TRIGGER more AFTER UPDATE ON trial_component BEGIN DELETE FROM tag; END",
        "ALTER TABLE trial ADD COLUMN more TEXT",
        "UPDATE experiment SET name = '../../outside'",
    ],
)
def test_a_store_that_was_tampered_with_is_refused(
    archive: Path, tmp_path: Path, capsys: Any, statement: str
) -> None:
    def change(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
        path = tmp_path / "tampered.db"
        path.write_bytes(content["store.db"])
        connection = sqlite3.connect(path)
        connection.execute(statement)
        connection.commit()
        connection.close()
        content["store.db"] = path.read_bytes()
        for member in manifest["members"]:
            if member["name"] == "store.db":
                member["size"] = len(content["store.db"])
                member["sha256"] = hashlib.sha256(content["store.db"]).hexdigest()

    assert_refused(rewritten(archive, change), tmp_path / "new", capsys)


def test_a_link_in_the_data_directory_is_not_followed(
    archive: Path, tmp_path: Path, capsys: Any
) -> None:
    new, outside = tmp_path / "new", tmp_path / "outside"
    (new / "s3").mkdir(parents=True)
    outside.mkdir()
    (new / "s3/digits").symlink_to(outside)
    assert run("import", archive, "--data-dir", new) == 1
    assert "is no folder, but one in the archive" in capsys.readouterr().err
    assert list(outside.iterdir()) == []


def test_every_table_of_the_schema_is_taken_along_or_left_for_a_reason(archive: Path) -> None:
    with Archive(archive) as opened:
        assert opened.manifest.members[0].name == "store.db"
    connection = sqlite3.connect(archive.parent / "old" / "store.db")
    try:
        found = {table.name: table for table in merge.tables(connection)}
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        everything = {row[0] for row in names if not row[0].startswith("sqlite_")}
    finally:
        connection.close()
    assert set(found) == everything - merge.EXCLUDED_TABLES
    assert found["trial"].is_named
    assert found["metric_point"].owner == "metric_id"
    assert not found["metric"].is_named


def test_a_running_job_comes_as_one_that_was_stopped(archive: Path, tmp_path: Path) -> None:
    def change(manifest: dict[str, Any], content: dict[str, bytes]) -> None:
        path = tmp_path / "running.db"
        path.write_bytes(content["store.db"])
        connection = sqlite3.connect(path)
        connection.execute(
            """
            INSERT INTO training_job (name, request, status, secondary_status, transitions,
                trial_component_name, creation_time, last_modified_time, created_by)
            VALUES ('running', '{}', 'InProgress', 'Starting', '[]', 'mnist-training', 1, 1, '{}')
            """
        )
        connection.commit()
        connection.close()
        content["store.db"] = path.read_bytes()
        member = manifest["members"][0]
        member["size"] = len(content["store.db"])
        member["sha256"] = hashlib.sha256(content["store.db"]).hexdigest()

    assert run("import", rewritten(archive, change), "--data-dir", tmp_path / "new") == 0
    connection = sqlite3.connect(tmp_path / "new/store.db")
    try:
        assert connection.execute(
            "SELECT status, secondary_status FROM training_job"
        ).fetchall() == [("Stopped", "Stopped")]
        component = connection.execute("SELECT primary_status FROM trial_component").fetchall()
        assert component == [("Stopped",)]
    finally:
        connection.close()


def test_the_names_of_an_archive_are_those_of_a_data_directory() -> None:
    assert is_own_name("s3/sagemaker-us-east-1-000000000000/job/output/model.tar.gz")
    assert is_own_name("training-jobs/digits-1/log.1")
    assert not is_own_name("s3/digits")
