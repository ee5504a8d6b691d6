"""The store: what is acknowledged is on disk, and no file is overwritten that cannot be read."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from smx_lab.local.errors import StoreError, StoreWriteError
from smx_lab.local.store import schema
from smx_lab.local.store.store import Store

INSERT = "INSERT INTO tag VALUES ('experiment', ?, 'key', 'value')"
NAMES = "SELECT resource_name FROM tag ORDER BY resource_name"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def insert(name):
    return lambda cx: cx.execute(INSERT, (name,)).rowcount


def names(store):
    return [row[0] for row in store.read(lambda cx: cx.execute(NAMES).fetchall())]


def test_a_write_is_found_by_readers_and_after_reopening(path):
    store = Store(path)
    assert store.write(insert("a")).result() == 1
    assert names(store) == ["a"]
    store.close()
    again = Store(path)
    assert names(again) == ["a"]
    again.close()


def test_a_failing_write_that_is_the_first_of_its_group_is_undone_alone(path):
    store = Store(path)
    gate = threading.Event()

    def fails(cx):
        cx.execute(INSERT, ("half",))
        gate.wait()
        raise ValueError("no")

    bad, good, better = store.write(fails), store.write(insert("a")), store.write(insert("b"))
    gate.set()
    assert isinstance(bad.exception(), ValueError)
    assert (good.result(), better.result()) == (1, 1)
    assert names(store) == ["a", "b"]
    store.close()


def test_one_failing_write_does_not_undo_the_others_of_its_group(path):
    store = Store(path)
    gate = threading.Event()
    blocker = store.write(lambda cx: gate.wait())  # the next three wait for it in one group

    def fails(cx):
        cx.execute(INSERT, ("half",))
        raise ValueError("no")

    good, bad, better = store.write(insert("a")), store.write(fails), store.write(insert("b"))
    gate.set()
    assert (blocker.result(), good.result(), better.result()) == (True, 1, 1)
    assert isinstance(bad.exception(), ValueError)
    assert names(store) == ["a", "b"]
    store.close()


def test_work_after_a_commit_runs_once_it_is_readable_and_never_for_a_failed_write(path):
    store = Store(path)
    seen = []

    def good(cx):
        insert("a")(cx)
        store.after_commit(lambda: seen.append(names(store)))

    def bad(cx):
        store.after_commit(lambda: seen.append("never"))
        raise ValueError("no")

    store.write(good).result()
    assert isinstance(store.write(bad).exception(), ValueError)
    store.close()
    assert seen == [["a"]]


def test_work_after_a_commit_may_only_be_asked_for_by_a_write(path):
    store = Store(path)
    with pytest.raises(RuntimeError):
        store.after_commit(lambda: None)
    store.close()


def test_a_cancelled_write_is_not_done(path):
    store = Store(path)
    gate = threading.Event()
    blocker = store.write(lambda cx: gate.wait())
    waiting = store.write(insert("a"))
    assert waiting.cancel()
    gate.set()
    blocker.result()
    store.close()
    store = Store(path)
    assert names(store) == []
    store.close()


def test_writes_taken_before_closing_are_done_and_later_ones_refused(path):
    store = Store(path)
    futures = [store.write(insert(f"n-{n}")) for n in range(500)]
    store.close()
    assert [future.result() for future in futures] == [1] * 500
    assert isinstance(store.write(insert("late")).exception(), StoreWriteError)


def test_a_reader_cannot_write(path):
    store = Store(path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.read(insert("a"))
    assert names(store) == []
    store.close()


def test_a_read_sees_one_moment(path):
    store = Store(path)

    def twice(cx):
        before = cx.execute(NAMES).fetchall()
        store.write(insert("a")).result()
        return len(before), len(cx.execute(NAMES).fetchall())

    assert store.read(twice) == (0, 0)
    assert names(store) == ["a"]
    store.close()


def test_a_full_disk_is_an_error_that_loses_nothing_acknowledged(path):
    store = Store(path)
    store.write(insert("kept")).result()
    # As much as the file has now: the next page does not fit, as on a full disk.
    store.write(lambda cx: cx.execute("PRAGMA max_page_count = 1").fetchall()).result()
    big = "x" * 1_000_000
    statement = "INSERT INTO tag VALUES ('experiment', 'big', 'key', ?)"
    failed = store.write(lambda cx: cx.execute(statement, (big,)))
    with pytest.raises(StoreWriteError, match="full"):
        failed.result()
    assert names(store) == ["kept"]
    raised = store.write(lambda cx: cx.execute("PRAGMA max_page_count = 1000000").fetchall())
    raised.result()
    assert store.write(insert("more")).result() == 1
    assert names(store) == ["kept", "more"]
    store.close()


def refusal(path):
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert path.read_bytes() == before, "the file was touched"
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]
    return str(caught.value)


def test_a_newer_store_is_refused_and_left_as_it_is(path):
    Store(path).close()
    with sqlite3.connect(path) as cx:
        cx.execute("PRAGMA journal_mode = DELETE")
        cx.execute("PRAGMA user_version = 999")
    cx.close()
    message = refusal(path)
    assert "was written by a newer smx-lab (store version 999" in message
    assert "update smx-lab" in message


def test_a_foreign_database_is_refused_and_left_as_it_is(path):
    with sqlite3.connect(path) as cx:
        cx.execute("CREATE TABLE recipes (name TEXT)")
    cx.close()
    assert "is not a store of smx-lab" in refusal(path)


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 9000]
)
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(path, content):
    path.write_bytes(content)
    message = refusal(path)
    assert "cannot be used" in message
    assert "backup" in message


def test_a_damaged_store_is_refused_and_left_as_it_is(path):
    store = Store(path)
    for number in range(500):
        store.write(insert(f"n-{number}"))
    store.close()
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    path.write_bytes(content)
    message = refusal(path)
    assert "cannot be used" in message
    assert "\n" not in message


def test_an_older_store_is_copied_then_brought_up_to_date(path):
    store = Store(path)
    store.write(insert("kept")).result()
    store.close()
    old = schema.SCHEMA_VERSION
    steps = [
        *schema.migrations(),
        schema.Migration(old + 1, "CREATE TABLE two (id INTEGER) STRICT;"),
        schema.Migration(old + 2, "ALTER TABLE two ADD x TEXT;"),
    ]
    newer = schema.open_for_writing(path, steps)
    assert [row["name"] for row in newer.execute("PRAGMA table_info(two)")] == ["id", "x"]
    assert [tuple(row) for row in newer.execute(NAMES)] == [("kept",)]
    assert newer.execute("PRAGMA user_version").fetchone()[0] == old + 2
    newer.close()
    copy = sqlite3.connect(path.with_name(f"store.db.version-{old}"))
    assert copy.execute("PRAGMA user_version").fetchone() == (old,)
    assert copy.execute(NAMES).fetchall() == [("kept",)]
    copy.close()


def test_a_migration_that_fails_changes_nothing(path):
    Store(path).close()
    script = "CREATE TABLE two (id INTEGER) STRICT; CREATE NONSENSE;"
    steps = [*schema.migrations(), schema.Migration(schema.SCHEMA_VERSION + 1, script)]
    with pytest.raises(StoreError):
        schema.open_for_writing(path, steps)
    store = Store(path)
    tables = store.read(lambda cx: cx.execute("SELECT 1 FROM sqlite_schema WHERE name = 'two'"))
    assert tables.fetchall() == []
    store.close()


def test_the_numbered_migrations_reach_the_schema_version():
    numbers = [step.version for step in schema.migrations()]
    assert numbers == list(range(2, schema.SCHEMA_VERSION + 1))


def test_every_table_is_strict_and_foreign_keys_are_on(path):
    store = Store(path)
    tables = store.read(
        lambda cx: [
            (r["name"], r["strict"])
            for r in cx.execute("PRAGMA table_list")
            if not r["name"].startswith("sqlite_")
        ]
    )
    assert tables
    assert all(strict for _, strict in tables)
    foreign = store.write(lambda cx: cx.execute("PRAGMA foreign_keys").fetchone()[0])
    synchronous = store.write(lambda cx: cx.execute("PRAGMA synchronous").fetchone()[0])
    assert (foreign.result(), synchronous.result()) == (1, 2)
    store.close()
