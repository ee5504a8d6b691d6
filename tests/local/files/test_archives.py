"""Packing and unpacking, without any process."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from smx_lab.local.files.archives import ArchiveError, pack, unpack


def write(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def member(
    name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o644
) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, mode
    info.size = 1 if kind == tarfile.REGTYPE else 0
    return info


@pytest.mark.parametrize(
    "members",
    [
        [member("../outside")],
        [member("folder/../../outside")],
        [member("link", tarfile.SYMTYPE, "/etc")],
        [member("link", tarfile.SYMTYPE, "../..")],
        [member("link", tarfile.LNKTYPE, "../outside")],
        [member("pipe", tarfile.FIFOTYPE)],
        [member("disk", tarfile.BLKTYPE)],
    ],
)
def test_what_leads_outside_or_is_no_file_is_refused(
    tmp_path: Path, members: list[tarfile.TarInfo]
) -> None:
    archive = write(tmp_path / "model.tar.gz", *members)
    with pytest.raises(ArchiveError, match=r"^model\.tar\.gz is refused: .*\.$"):
        unpack(archive, tmp_path / "folder" / "target")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "folder" / "outside").exists()


def test_an_absolute_name_lands_inside_and_modes_are_tamed(tmp_path: Path) -> None:
    archive = write(tmp_path / "model.tar.gz", member("/etc/passwd"), member("run", mode=0o6777))
    unpack(archive, tmp_path / "target")
    assert (tmp_path / "target" / "etc" / "passwd").read_bytes() == b"x"
    assert (tmp_path / "target" / "run").stat().st_mode & 0o6022 == 0


def test_a_packed_folder_unpacks_to_the_same_with_links_as_files(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "weights").write_text("1 2 3")
    (source / "latest").symlink_to(source / "sub" / "weights")
    (source / "loop").symlink_to(source)
    notes: list[str] = []
    pack(source, tmp_path / "out" / "model.tar.gz", notes.append)
    unpack(tmp_path / "out" / "model.tar.gz", tmp_path / "target")
    found = {
        path.relative_to(tmp_path / "target").as_posix(): path.read_text()
        for path in (tmp_path / "target").rglob("*")
        if path.is_file()
    }
    assert found == {"sub/weights": "1 2 3", "latest": "1 2 3"}
    assert notes == ["loop is a link to a folder or to nothing and is left out of the archive."]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["model.tar.gz"]


def test_an_empty_folder_is_an_empty_archive(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    pack(tmp_path / "source", tmp_path / "model.tar.gz", print)
    with tarfile.open(tmp_path / "model.tar.gz") as tar:
        assert tar.getnames() == []
