"""What is kept of one table, in a real folder."""

from datetime import datetime, timezone

import pytest

from smx_lab import __version__
from smx_lab.core.table import Origin, Table
from smx_lab.services.tables.cache import CacheFolder, Kept
from smx_lab.services.tables.sync.disk import TableOnDisk
from tests.support.table_components import component

ORIGIN = Origin(experiments=("mnist",), unassigned=True)
NOON = datetime(2024, 5, 17, 12, tzinfo=timezone.utc)


class Account:
    """All that is asked of SageMaker here: whose tables these are."""

    region = "us-east-1"

    def __init__(self, key="123456789012"):
        self._key = key

    def account_key(self):
        return self._key


@pytest.fixture
def folder(tmp_path):
    return CacheFolder(tmp_path / "tables", 10**6)


@pytest.fixture
def on_disk(folder, clock):
    """The place of the same table for a process of its own, once it has looked there."""

    def make(account=None):
        place = TableOnDisk(folder, "aws", ORIGIN, clock, keep_every_s=60.0)
        return place, place.load(lambda: account or Account(), 7)

    return make


def table_of(*names):
    table = Table(ORIGIN)
    table.upsert([component(name) for name in names])
    return table


def kept(key):
    return Kept(
        key=key,
        version=__version__,
        updated_time=NOON,
        looked=None,
        whole_time=NOON,
        reconcile_s=40.0,
        pages=3,
    )


def names(found):
    return found[0].component_names() if found else None


def test_what_was_kept_is_there_for_the_next_process(on_disk):
    place, nothing = on_disk()
    assert nothing is None
    place.keep(table_of("a", "b"), kept)
    _, found = on_disk()
    assert names(found) == {"a", "b"}
    assert (found[1].pages, found[1].reconcile_s, found[1].updated_time) == (3, 40.0, NOON)
    assert found[0].version >= 7


def test_another_account_finds_nothing(on_disk):
    place, _ = on_disk()
    place.keep(table_of("a"), kept)
    assert on_disk(Account("999999999999"))[1] is None


def test_a_table_that_has_not_changed_is_not_written_again(on_disk, folder, clock, monkeypatch):
    place, _ = on_disk()
    written = []
    monkeypatch.setattr(folder, "write", lambda *parts: written.append(parts))
    table = table_of("a")
    place.keep(table, kept)
    clock.now += 1000
    place.keep(table, kept)
    assert len(written) == 1


def test_a_table_that_changes_is_written_once_a_while(on_disk, clock):
    place, _ = on_disk()
    table = table_of("a")
    place.keep(table, kept)
    table.upsert([component("b")])
    clock.now += 59.0
    place.keep(table, kept)
    assert names(on_disk()[1]) == {"a"}
    clock.now += 1.0
    place.keep(table, kept)
    assert names(on_disk()[1]) == {"a", "b"}


def test_a_table_from_disk_is_not_written_at_once(on_disk):
    on_disk()[0].keep(table_of("a"), kept)
    place, (table, _) = on_disk()
    table.upsert([component("b")])
    place.keep(table, kept)
    assert names(on_disk()[1]) == {"a"}


def test_without_a_folder_nothing_is_asked_and_nothing_kept(clock):
    place = TableOnDisk(None, "local", ORIGIN, clock)
    assert place.load(lambda: pytest.fail("SageMaker was asked"), 1) is None
    place.keep(table_of("a"), lambda _key: pytest.fail("it was written"))


def test_credentials_that_name_no_account_keep_nothing(on_disk, tmp_path):
    place, found = on_disk(Account(None))
    place.keep(table_of("a"), kept)
    assert (found, (tmp_path / "tables").exists()) == (None, False)


def test_a_full_disk_is_logged_and_does_no_harm(on_disk, folder, monkeypatch, caplog):
    def full(*_parts):
        raise OSError("No space left on device")

    place, _ = on_disk()
    monkeypatch.setattr(folder, "write", full)
    place.keep(table_of("a"), kept)
    assert "No space left on device" in caplog.text


def test_waiting_ends_when_what_was_read_is_written(on_disk):
    place, _ = on_disk()
    place.wait(30)  # nothing is expected
    place.expect()
    assert not place._is_written.is_set()
    place.done()
    place.wait(30)
    assert place._is_written.is_set()
