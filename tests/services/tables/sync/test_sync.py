"""Tables over an AWS that pages, throttles and fails as told: what is read, and with what calls."""

import dataclasses
import itertools
import stat
import threading
import time

import pytest

from smx_lab.contract.bodies import OpenTableRequest, RowsRequest
from smx_lab.core import wire
from smx_lab.core.errors import AccessDenied, CredentialsExpired, ServiceUnavailable, SmxError
from smx_lab.core.table import Origin, Table
from smx_lab.core.views.view import View, ViewColumn
from smx_lab.gateway.connections import ConnectionOptions, Connections
from smx_lab.gateway.reading.concurrent import Workers
from smx_lab.gateway.reading.pages import TableReading
from smx_lab.gateway.reading.windows import expressions_of
from smx_lab.gateway.retry import RetryLimits
from smx_lab.services.container import build_services
from smx_lab.services.tables.cache import CacheFolder
from smx_lab.services.tables.sync import schedule
from smx_lab.services.tables.sync.state import is_complete
from smx_lab.services.tables.tables import Tables
from tests.support.sagemaker_server import Options, Upstream
from tests.support.waiting import eventually

AWS = "aws@us-east-1"
KEY, KEY_OF_ANOTHER_ACCOUNT = f"AKIA{16 * 'A'}", f"AKIA{16 * 'Z'}"
ORIGIN = OpenTableRequest(experiments=["experiment-0"])


@pytest.fixture
def upstream():
    made = []

    def make(**options):
        made.append(Upstream(Options(**options)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def open_tables(tmp_path, monkeypatch, clock):
    """Tables of a server of its own, on an upstream; the cache outlives them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    # botocore waits up to a second before it tries again; what it does then is the same.
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    made = []
    known = {}

    def make(upstream, cache_bytes=10**8, folder="tables", anew=False, give_up_s=30.0):
        if anew or upstream.url not in known:
            options = ConnectionOptions(endpoint_urls={"sagemaker": upstream.url})
            known[upstream.url] = Connections(options, None, RetryLimits(0.01, give_up_s=give_up_s))
        cache = CacheFolder(tmp_path / folder, cache_bytes)
        made.append(Tables(known[upstream.url], clock, cache))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def aws_services(open_tables, tmp_path):
    """All services, which may keep so many megabytes; None for what is the default."""
    made = []

    def make(url, table_cache_mb):
        options = ConnectionOptions(endpoint_urls={"sagemaker": url})
        made.append(build_services(tmp_path / "data", None, options, table_cache_mb=table_cache_mb))
        return made[-1]

    yield make
    for services in made:
        services.close()


def rows(tables, state):
    """Every row: its id, and how often its component was changed."""
    columns = (ViewColumn(column="parameter:changes"), ViewColumn(column="metric:metric-3"))
    found = {}
    for offset in range(0, state.total, 1000):
        request = RowsRequest(view=View(columns=columns), offset=offset, limit=1000)
        for row in tables.list_rows(AWS, state.table_id, request).rows:
            assert row.id not in found
            found[row.id] = row.cells
    return found


def truth(upstream):
    """What the table should show."""
    found = {}
    for record in upstream.store.records:
        component = wire.trial_component(record.record())
        metric = next(m for m in component.metrics if m.metric_name == "metric-3")
        for parent in component.parents:
            row = f"{parent.trial_name}/{component.trial_component_name}"
            found[row] = (component.parameters["changes"], metric.last)
    return found


def failure(tables):
    """Read a table, and return what is said to be wrong."""
    try:
        tables.read_table(AWS, ORIGIN)
    except SmxError as error:
        return error
    return None


def keep(tables, origin=ORIGIN):
    """Read a table, and wait until it is on disk."""
    state = tables.read_table(AWS, origin)
    tables.open_tables.find(AWS, state.table_id).wait_for_disk(60)


def forget(upstream, tables):
    """Count calls from here, once those that are not wanted any more have come to their end."""
    pace = tables.open_tables._connections.sagemaker(AWS).throttle
    while pace is not None and pace._rate.under_way:
        time.sleep(0.01)
    upstream.forget()


def due_in(sync, clock, seconds):
    """Have a table be read as a whole no sooner than this."""
    sync._schedule = dataclasses.replace(sync._schedule, due=clock.now + seconds)


def settled(tables, clock, state, seconds=20):
    """Poll once, after a while, and let the reading end."""
    clock.now += seconds
    tables.describe_table(AWS, state.table_id)
    tables.open_tables.find(AWS, state.table_id).wait()
    return tables.describe_table(AWS, state.table_id)


def test_a_table_is_what_sagemaker_has(upstream, open_tables):
    sagemaker = upstream(components=2345)
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    assert (state.total, state.complete, state.error) == (2345, True, None)
    assert rows(tables, state) == truth(sagemaker)
    assert 24 <= sagemaker.count() <= 34


def test_the_first_rows_are_there_with_the_first_answer(upstream, open_tables):
    sagemaker = upstream(components=1000)
    tables = open_tables(sagemaker)
    sagemaker.faults = lambda call: "stall" if call else None
    sagemaker.options.stall_s = 2.0
    state = tables.open_table(AWS, ORIGIN)
    tables.open_tables.find(AWS, state.table_id).wait_for_rows(None)
    state = tables.describe_table(AWS, state.table_id)
    assert (state.total, state.complete, state.expected) == (100, False, 1000)
    assert set(rows(tables, state)) <= set(truth(sagemaker))


def test_several_experiments_and_trials_are_one_table(upstream, open_tables):
    sagemaker = upstream(components=600, experiments=30)
    tables = open_tables(sagemaker)
    names = [f"experiment-{n}" for n in range(25)]
    state = tables.read_table(
        AWS, OpenTableRequest(experiments=names, trials=["trial-599-0"], unassigned=True)
    )
    assert state.total == 501


def test_more_than_ten_thousand_are_all_there(upstream, open_tables):
    sagemaker = upstream(components=3000, window=500)
    connections = open_tables(sagemaker).open_tables._connections
    names = []
    reading = TableReading(
        expressions_of(Origin(experiments=("experiment-0",))),
        Workers(8, "read"),
        lambda page: names.extend(one.trial_component_name for one in page.components),
        threading.Event(),
        result_window=500,
    )
    reading.run(connections.sagemaker(AWS))
    assert (len(set(names)), reading.met) == (3000, set(names))


def test_throttling_is_waited_out(upstream, open_tables):
    sagemaker = upstream(components=2000, rate=10, burst=3)
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    assert (state.total, state.error) == (2000, None)
    assert sagemaker.count("throttled") < sagemaker.count("ok")
    assert tables.open_tables._connections.sagemaker(AWS).throttle.per_second is not None


def test_a_table_that_is_throttled_from_its_first_call_waits(upstream, open_tables):
    sagemaker = upstream(components=250)
    sagemaker.faults = lambda call: "ThrottlingException" if call < 6 else None
    state = open_tables(sagemaker).read_table(AWS, ORIGIN)
    assert (state.total, state.error) == (250, None)


def test_random_failures_are_waited_out(upstream, open_tables):
    sagemaker = upstream(components=2000, failing=0.2, stall_s=0.01)
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    assert (state.error, rows(tables, state)) == (None, truth(sagemaker))
    assert sagemaker.count("failed") + sagemaker.count("reset") > 0


def test_what_has_changed_is_seen_with_one_call(upstream, open_tables, clock):
    sagemaker = upstream(components=1000)
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    sagemaker.touch(list(range(0, 1000, 50)))
    forget(sagemaker, tables)
    clock.now -= 100  # nothing is due to be read whole
    state = tables.read_table(AWS, ORIGIN)
    assert sagemaker.count() == 1
    assert rows(tables, state) == truth(sagemaker)


def test_running_components_are_followed_with_one_more_call(upstream, open_tables, clock):
    sagemaker = upstream(components=400)
    sagemaker.store.records[7].change(sagemaker.store.records[7].modified, status="InProgress")
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    # Its metrics have grown, and its time of change has not.
    sagemaker.store.records[7].change(sagemaker.store.records[7].modified)
    forget(sagemaker, tables)
    clock.now -= 100
    state = tables.read_table(AWS, ORIGIN)
    assert sagemaker.count() == 2
    assert rows(tables, state) == truth(sagemaker)


def test_changes_beyond_a_page_are_followed_to_the_end(upstream, open_tables, clock):
    sagemaker = upstream(components=1000)
    tables = open_tables(sagemaker)
    tables.read_table(AWS, ORIGIN)
    sagemaker.touch(list(range(0, 1000, 4)))
    forget(sagemaker, tables)
    clock.now -= 100
    state = tables.read_table(AWS, ORIGIN)
    assert sagemaker.count() == 3
    assert rows(tables, state) == truth(sagemaker)


def test_deletions_and_links_are_found_on_a_slower_beat(upstream, open_tables, clock):
    sagemaker = upstream(components=500)
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    sync = tables.open_tables.find(AWS, state.table_id)
    due_in(sync, clock, schedule.RECONCILE_COSTS)  # as if it had taken a second
    sagemaker.remove([17])
    sagemaker.store.records[3].relink([("trial-x", "experiment-0"), ("trial-y", "experiment-0")])
    sagemaker.store.changed()
    assert settled(tables, clock, state, 6).total == 500
    state = settled(tables, clock, state, 20)
    assert state.total == 500  # one less, one more
    assert rows(tables, state) == truth(sagemaker)


def test_deletions_of_our_own_are_found_at_once(upstream, open_tables, clock):
    sagemaker = upstream(components=500)
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    due_in(tables.open_tables.find(AWS, state.table_id), clock, 1000)
    sagemaker.remove([17])
    assert tables.read_table(AWS, ORIGIN).total == 500
    tables.open_tables.lose(AWS)
    eventually(lambda: tables.open_table(AWS, ORIGIN).total == 499, "the deletion")


@pytest.mark.parametrize("fault", ["500", "half", "AccessDeniedException", "ValidationException"])
def test_a_fault_at_any_call_of_a_load_is_said_or_mended(upstream, open_tables, fault):
    sagemaker = upstream(components=450)
    for call in itertools.count():
        tables = open_tables(sagemaker, folder=f"tables-{call}")
        forget(sagemaker, tables)
        sagemaker.faults = lambda number, wrong=call: fault if number == wrong else None
        if failure(tables) is not None:
            state = tables.open_table(AWS, ORIGIN)
            assert not state.complete or state.total == 450
            tables.read_table(AWS, ORIGIN)
        state = tables.open_table(AWS, ORIGIN)
        assert (state.complete, state.error) == (True, None)
        assert rows(tables, state) == truth(sagemaker)
        if sagemaker.count() <= call:
            break
    assert call >= 5


@pytest.mark.parametrize("fault", ["reset", "half", "AccessDeniedException"])
def test_a_fault_at_any_call_of_a_refresh_is_said_or_mended(upstream, open_tables, clock, fault):
    sagemaker = upstream(components=450)
    sagemaker.store.records[7].change(sagemaker.store.records[7].modified, status="InProgress")
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    for call in range(2):
        sagemaker.touch([call, 100 + call])
        before = rows(tables, state)
        forget(sagemaker, tables)
        clock.now -= 1000
        sagemaker.faults = lambda number, wrong=call: fault if number == wrong else None
        error = failure(tables)
        if error is not None:
            state = tables.describe_table(AWS, state.table_id)
            assert state.error.message == error.message
            assert (state.complete, state.retry_s > 0) == (True, True)
            assert len(rows(tables, state)) == len(before)
            tables.read_table(AWS, ORIGIN)
        state = tables.open_table(AWS, ORIGIN)
        assert rows(tables, state) == truth(sagemaker)


def test_a_failed_refresh_keeps_the_rows_their_age_and_the_next_try(upstream, open_tables, clock):
    sagemaker = upstream(components=50)
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    sagemaker.denied = {"AccessDeniedException": DENIED}
    failed = settled(tables, clock, state)
    assert failed.error.code == "access_denied"
    assert failed.error.details["action"] == "sagemaker:Search"
    assert (failed.total, failed.updated_time) == (50, state.updated_time)
    assert failed.retry_s == 10.0
    again = settled(tables, clock, failed, 11)
    assert again.retry_s == 20.0
    sagemaker.denied = {}
    mended = settled(tables, clock, failed, 21)
    assert (mended.error, mended.retry_s) == (None, None)
    assert mended.updated_time > state.updated_time


DENIED = (
    "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sagemaker:Search on "
    "resource: * because no identity-based policy allows the sagemaker:Search action"
)


def test_half_a_table_is_not_shown_as_a_whole(upstream, open_tables):
    sagemaker = upstream(components=3000)
    tables = open_tables(sagemaker, give_up_s=0)
    sagemaker.faults = lambda number: "500" if number >= 20 else None
    with pytest.raises(ServiceUnavailable):
        tables.read_table(AWS, ORIGIN)
    (sync,) = tables.open_tables._open.values()
    assert not is_complete(sync.state)
    assert 1000 <= len(sync.table) < 3000
    sagemaker.faults = lambda number: None
    forget(sagemaker, tables)
    state = tables.read_table(AWS, ORIGIN)
    assert rows(tables, state) == truth(sagemaker)
    assert sagemaker.count() < 30  # of as many pages: what had come was not read again


def test_what_was_read_but_not_put_into_the_table_is_read_again(upstream, open_tables, monkeypatch):
    sagemaker = upstream(components=1000)
    tables = open_tables(sagemaker)
    upsert, turns = Table.upsert, itertools.count()

    def fail_once(table, components):
        if next(turns) == 3:
            raise RuntimeError("a defect of ours")
        return upsert(table, components)

    monkeypatch.setattr(Table, "upsert", fail_once)
    assert "the server's log says what" in failure(tables).message
    state = tables.read_table(AWS, ORIGIN)
    assert rows(tables, state) == truth(sagemaker)


def test_expired_credentials_are_renewed_without_a_restart(
    upstream, open_tables, clock, monkeypatch, tmp_path
):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    login(tmp_path, KEY)
    sagemaker = upstream(components=50)
    tables = open_tables(sagemaker)
    state = tables.read_table(AWS, ORIGIN)
    sagemaker.refused_keys = {KEY}
    failed = settled(tables, clock, state)
    assert failed.error.code == "credentials_expired"
    assert failed.error.message == (
        "Your AWS credentials have expired. Write new ones into the profile default."
    )
    assert failed.total == 50
    for _ in range(5):
        failed = settled(tables, clock, failed, 60)
    assert failed.retry_s <= 30  # it is looked for them often
    login(tmp_path, KEY_OF_ANOTHER_ACCOUNT)
    assert settled(tables, clock, failed, 31).error is None
    login(tmp_path, KEY)
    with pytest.raises(CredentialsExpired):
        open_tables(sagemaker, anew=True).read_table(AWS, ORIGIN)


def login(folder, key):
    text = f"[default]\naws_access_key_id = {key}\naws_secret_access_key = secret\n"
    (folder / "credentials").write_text(text)


def test_reading_can_be_stopped_and_goes_on_from_there(upstream, open_tables):
    sagemaker = upstream(components=2000, latency_s=0.02)
    tables = open_tables(sagemaker)
    state = tables.open_table(AWS, ORIGIN)
    tables.open_tables.find(AWS, state.table_id).wait_for_rows(None)
    stopped = tables.stop_table(AWS, state.table_id)
    tables.open_tables.find(AWS, state.table_id).wait()
    assert (stopped.stopped, stopped.complete, stopped.error) == (True, False, None)
    assert 100 <= stopped.total < 2000
    calls = sagemaker.count()
    assert tables.describe_table(AWS, state.table_id).stopped
    assert sagemaker.count() - calls <= 12  # those under way
    tables.open_table(AWS, ORIGIN)
    tables.open_tables.find(AWS, state.table_id).wait()
    state = tables.describe_table(AWS, state.table_id)
    assert (state.total, state.complete, state.stopped) == (2000, True, False)


def test_half_a_table_is_not_kept(upstream, open_tables, tmp_path):
    sagemaker = upstream(components=2000, latency_s=0.02)
    tables = open_tables(sagemaker)
    state = tables.open_table(AWS, ORIGIN)
    sync = tables.open_tables.find(AWS, state.table_id)
    sync.wait_for_rows(None)
    assert not tables.stop_table(AWS, state.table_id).complete
    for thread in threading.enumerate():
        if thread.name == "smx-lab table":
            thread.join()
    assert not (tmp_path / "tables").exists()


def test_opened_again_it_is_there_at_once_and_catches_up_with_one_call(
    upstream, open_tables, clock
):
    sagemaker = upstream(components=1500)
    first = open_tables(sagemaker)
    keep(first)
    sagemaker.touch([5, 700])
    forget(sagemaker, first)
    sagemaker.faults = lambda number: "stall"
    sagemaker.options.stall_s = 1.0
    second = open_tables(sagemaker)
    state = second.open_table(AWS, ORIGIN)
    second.open_tables.find(AWS, state.table_id).wait_for_rows(None)
    state = second.describe_table(AWS, state.table_id)
    assert (state.total, state.complete) == (1500, True)
    second.open_tables.find(AWS, state.table_id).wait()
    assert rows(second, state) == truth(sagemaker)
    assert sagemaker.count() == 1


def test_a_kept_table_that_is_old_is_read_whole_in_the_end(upstream, open_tables, clock):
    sagemaker = upstream(components=500)
    keep(open_tables(sagemaker))
    sagemaker.remove([17])
    tables = open_tables(sagemaker)
    state = tables.open_table(AWS, ORIGIN)
    tables.open_tables.find(AWS, state.table_id).wait()
    state = settled(tables, clock, state, schedule.CATCH_UP_S + 1)
    assert rows(tables, state) == truth(sagemaker)


def test_kept_tables_are_for_their_owner_and_account_alone(
    upstream, open_tables, monkeypatch, tmp_path
):
    sagemaker = upstream(components=300)
    keep(open_tables(sagemaker))
    (file,) = (tmp_path / "tables").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_OF_ANOTHER_ACCOUNT)
    sagemaker.denied = {"AccessDeniedException": DENIED}
    other = open_tables(sagemaker, anew=True)
    with pytest.raises(AccessDenied):
        other.read_table(AWS, ORIGIN)
    (sync,) = other.open_tables._open.values()
    assert (len(sync.table), is_complete(sync.state)) == (0, False)


@pytest.mark.parametrize("damage", [b"", b"\0\0\0\5abc", b"half"])
def test_a_damaged_file_is_read_past(upstream, open_tables, tmp_path, damage):
    sagemaker = upstream(components=300)
    keep(open_tables(sagemaker))
    (file,) = (tmp_path / "tables").iterdir()
    file.write_bytes(file.read_bytes()[:5000] if damage == b"half" else damage)
    state = open_tables(sagemaker).read_table(AWS, ORIGIN)
    assert (state.total, state.error) == (300, None)


def test_kept_tables_are_bounded_in_size(upstream, open_tables, tmp_path):
    sagemaker = upstream(components=900, experiments=3)
    sizes = {}
    for folder in ("unbounded", "bounded"):
        bound = 2 * max(sizes["unbounded"]) + 1000 if sizes else 10**8
        tables = open_tables(sagemaker, bound, folder)
        for number in range(3):
            keep(tables, OpenTableRequest(experiments=[f"experiment-{number}"]))
        sizes[folder] = [file.stat().st_size for file in (tmp_path / folder).iterdir()]
    assert len(sizes["unbounded"]) == 3
    assert len(sizes["bounded"]) == 2


def test_kept_tables_can_be_switched_off(upstream, aws_services, tmp_path):
    sagemaker = upstream(components=300)
    folder = tmp_path / "data" / "tables"
    keep(aws_services(sagemaker.url, None).tables)
    assert len(list(folder.iterdir())) == 1
    keep(aws_services(sagemaker.url, 0).tables)
    assert not list(folder.iterdir())


def test_the_local_service_s_tables_are_not_kept(local_service, tmp_path):
    services = build_services(tmp_path / "data", lambda: local_service)
    services.tables.read_table("local", ORIGIN)
    services.close()
    assert not (tmp_path / "data" / "tables").exists()
