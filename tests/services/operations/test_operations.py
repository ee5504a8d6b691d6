"""Long work: steps, ends, cancelling, retrying, and what a killed process leaves."""

import os
import signal
import stat
import subprocess
import sys
import threading

import pytest

from smx_lab.core.errors import AccessDenied, Conflict, NotFound, ServiceUnavailable
from smx_lab.services.operations.files import MAX_KEPT, OperationFiles
from smx_lab.services.operations.operations import Kind, Operations, StepDefinition
from tests.support.waiting import eventually


class Steps:
    """Steps that a test scripts: by name, what each run of a step does."""

    def __init__(self, **runs):
        self.runs = runs
        self.ran = []
        self.retry_from = {}

    def __call__(self, connection_id, request):
        return [
            StepDefinition(name, lambda p, name=name: self._run(name, p), self.retry_from.get(name))
            for name in self.runs
        ]

    def _run(self, name, progress):
        self.ran.append(name)
        behaviour = self.runs[name]
        behaviour(progress)


def done(progress):
    progress.say("done")


def throttled_once():
    failures = iter([ServiceUnavailable("SageMaker cannot answer at present.")])

    def run(progress):
        for failure in failures:
            raise failure

    return run


def defective(progress):
    raise KeyError("EndpointName")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "operations"


def operations_of(folder, steps, check=lambda: None, max_kept=MAX_KEPT):
    operations = Operations(OperationFiles(folder, max_kept))
    operations.register("deployment", Kind(steps, check, can_roll_back=True))
    return operations


def submit(operations):
    return operations.submit("deployment", "local", "Deploy mnist", {"model": "m"})


def states(operation):
    return [step.state for step in operation.steps]


def test_steps_run_in_their_order_and_say_when(folder):
    steps = Steps(first=done, second=done)
    operations = operations_of(folder, steps)
    begun = submit(operations)
    assert (begun.state, begun.title, begun.connection_id) == ("running", "Deploy mnist", "local")
    ended = operations.wait(begun.id, 30)
    assert (ended.state, ended.error, states(ended)) == ("succeeded", None, ["succeeded"] * 2)
    assert steps.ran == ["first", "second"]
    times = [time for step in ended.steps for time in (step.start_time, step.end_time)]
    assert times == sorted(times)
    assert begun.start_time <= times[0]
    assert times[-1] <= ended.end_time
    assert (ended.can_retry, ended.can_roll_back) == (False, False)


def test_a_step_that_fails_ends_it_with_the_reason(folder):
    operations = operations_of(folder, Steps(first=done, second=throttled_once(), third=done))
    ended = operations.wait(submit(operations).id, 30)
    assert (ended.state, states(ended)) == ("failed", ["succeeded", "failed", "waiting"])
    assert ended.error.code == "service_unavailable"
    assert ended.error.message == "SageMaker cannot answer at present."


def test_a_retry_goes_on_where_it_stopped(folder):
    steps = Steps(first=done, second=throttled_once(), third=done)
    operations = operations_of(folder, steps)
    begun = submit(operations)
    operations.wait(begun.id, 30)
    assert operations.retry(begun.id).state == "running"
    ended = operations.wait(begun.id, 30)
    assert (ended.state, ended.error) == ("succeeded", None)
    assert steps.ran == ["first", "second", "second", "third"]


def test_a_retry_may_have_to_go_back_to_an_earlier_step(folder):
    steps = Steps(first=done, second=done, third=throttled_once())
    steps.retry_from = {"third": "second"}
    operations = operations_of(folder, steps)
    begun = submit(operations)
    operations.wait(begun.id, 30)
    operations.retry(begun.id)
    assert operations.wait(begun.id, 30).state == "succeeded"
    assert steps.ran == ["first", "second", "third", "second", "third"]


def test_a_step_may_fail_and_let_the_others_go_on(folder):
    def partly(progress):
        known = progress.notes.setdefault("runs", 0)
        progress.notes["runs"] = known + 1
        if known == 0:
            progress.fail("2 trials could not be deleted.")

    steps = Steps(first=done, second=partly, third=done)
    operations = operations_of(folder, steps)
    begun = submit(operations)
    ended = operations.wait(begun.id, 30)
    assert (ended.state, states(ended)) == ("failed", ["succeeded", "failed", "succeeded"])
    assert ended.error.message == "2 trials could not be deleted."
    # Another process knows from the disk what the steps remember.
    again = operations_of(folder, steps)
    again.retry(begun.id)
    ended = again.wait(begun.id, 30)
    assert (ended.state, states(ended)) == ("succeeded", ["succeeded"] * 3)
    assert steps.ran == ["first", "second", "third", "second", "third"]


def test_a_defect_of_ours_ends_it_too_and_is_logged(folder, caplog):
    operations = operations_of(folder, Steps(first=defective))
    ended = operations.wait(submit(operations).id, 30)
    assert ended.state == "failed"
    assert ended.error.message == "Something went wrong in smx-lab; the server's log says what."
    assert "KeyError" in caplog.text


def test_what_succeeded_cannot_be_retried_or_taken_back(folder):
    operations = operations_of(folder, Steps(first=done))
    begun = submit(operations)
    operations.wait(begun.id, 30)
    with pytest.raises(Conflict):
        operations.retry(begun.id)
    with pytest.raises(Conflict):
        operations.roll_back(begun.id)


def test_a_running_one_can_be_neither_retried_nor_taken_back(folder):
    go_on = threading.Event()
    operations = operations_of(folder, Steps(first=lambda p: go_on.wait()))
    begun = submit(operations)
    with pytest.raises(Conflict):
        operations.retry(begun.id)
    with pytest.raises(Conflict):
        operations.roll_back(begun.id)
    go_on.set()
    operations.wait(begun.id, 30)


def test_cancelling_ends_a_wait_at_once(folder):
    operations = operations_of(folder, Steps(first=lambda p: p.sleep(3600), second=done))
    begun = submit(operations)
    eventually(lambda: operations.describe(begun.id).steps[0].state == "running", "the first step")
    operations.cancel(begun.id)
    ended = operations.wait(begun.id, 30)
    assert (ended.state, states(ended)) == ("cancelled", ["failed", "waiting"])
    assert ended.steps[0].message == "Cancelled"
    assert ended.can_retry


def test_cancelling_what_has_ended_changes_nothing(folder):
    operations = operations_of(folder, Steps(first=done))
    ended = operations.wait(submit(operations).id, 30)
    assert operations.cancel(ended.id) == ended


def test_what_was_created_is_known_even_when_the_step_fails_after_it(folder):
    def create_then_fail(progress):
        progress.created("model", "m")
        raise ServiceUnavailable("…")

    operations = operations_of(folder, Steps(first=create_then_fail))
    ended = operations.wait(submit(operations).id, 30)
    assert ended.created == ("model/m",)
    assert ended.can_roll_back


def test_a_step_may_have_nothing_to_do(folder):
    operations = operations_of(folder, Steps(first=lambda p: p.skip("It is used elsewhere")))
    ended = operations.wait(submit(operations).id, 30)
    assert states(ended) == ["skipped"]
    assert ended.steps[0].message == "It is used elsewhere"


def test_an_attempt_is_remembered_before_it_is_made(folder):
    seen = []

    def attempt(progress):
        seen.append(progress.attempt("model", "m"))
        if len(seen) == 1:
            raise ServiceUnavailable("…")

    operations = operations_of(folder, Steps(first=attempt))
    begun = submit(operations)
    operations.wait(begun.id, 30)
    operations.retry(begun.id)
    operations.wait(begun.id, 30)
    assert seen == [False, True]


def test_what_is_forbidden_is_not_begun(folder):
    def forbid():
        raise AccessDenied("Disabled by your administrator.")

    operations = operations_of(folder, Steps(first=done), forbid)
    with pytest.raises(AccessDenied):
        submit(operations)
    assert operations.list_operations().operations == []


def test_operations_are_listed_newest_first_by_every_process(folder):
    operations = operations_of(folder, Steps(first=done))
    ids = [operations.wait(submit(operations).id, 30).id for _ in range(3)]
    other = operations_of(folder, Steps(first=done))
    assert [o.id for o in other.list_operations().operations] == ids[::-1]
    assert other.describe(ids[0]) == operations.describe(ids[0])


def test_only_the_owner_can_read_them(folder):
    operations = operations_of(folder, Steps(first=done))
    operations.wait(submit(operations).id, 30)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert (modes, stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)


@pytest.mark.parametrize("id", ["0" * 16, "nonsense", "../../etc/passwd", ""])
def test_an_id_that_is_not_known_is_not_found(folder, id):
    with pytest.raises(NotFound):
        operations_of(folder, Steps(first=done)).describe(id)


def test_a_file_that_cannot_be_read_hides_no_other(folder):
    operations = operations_of(folder, Steps(first=done))
    ended = operations.wait(submit(operations).id, 30)
    (folder / f"{'0' * 16}.json").write_text("{")
    assert [o.id for o in operations.list_operations().operations] == [ended.id]


def test_a_folder_that_cannot_be_written_to_is_a_sentence(tmp_path):
    (tmp_path / "operations").write_text("a file in the way")
    with pytest.raises(ServiceUnavailable) as raised:
        submit(operations_of(tmp_path / "operations", Steps(first=done)))
    assert raised.value.message.startswith("Operations cannot be kept in ")


def test_the_oldest_are_forgotten(folder):
    operations = operations_of(folder, Steps(first=done), max_kept=2)
    ids = [operations.wait(submit(operations).id, 30).id for _ in range(4)]
    assert [o.id for o in operations.list_operations().operations] == ids[:0:-1]


def test_following_an_operation_ends_with_its_end(folder):
    operations = operations_of(folder, Steps(first=lambda p: p.sleep(0.5), second=done))
    seen = [one.state for one in operations.follow(submit(operations).id)]
    assert seen == ["running"] * (len(seen) - 1) + ["succeeded"]
    assert len(seen) > 1


def test_closing_interrupts_what_runs(folder):
    operations = operations_of(folder, Steps(first=lambda p: p.sleep(3600)))
    begun = submit(operations)
    eventually(lambda: operations.describe(begun.id).steps[0].state == "running", "the first step")
    operations.close()
    ended = operations.wait(begun.id, 30)
    assert (ended.state, ended.can_retry) == ("interrupted", True)


OTHER_PROCESS = """\
import sys
from pathlib import Path
from smx_lab.services.operations.files import MAX_KEPT, OperationFiles
from smx_lab.services.operations.operations import Kind, Operations, StepDefinition

def create_and_wait(progress):
    progress.created("model", "m")
    progress.sleep(3600)

operations = Operations(OperationFiles(Path(sys.argv[1])))
steps = lambda connection_id, request: [StepDefinition("first", create_and_wait)]
operations.register("deployment", Kind(steps, lambda: None, can_roll_back=True))
begun = operations.submit("deployment", "local", "Deploy mnist", {})
print(begun.id, flush=True)
print(operations.wait(begun.id).state, flush=True)
"""


@pytest.fixture
def other_process(folder):
    """A process that runs an operation, and waits in its first step."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(folder)], stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()


def test_an_operation_of_another_process_is_seen_and_can_be_cancelled(folder, other_process):
    id = other_process.stdout.readline().strip()
    operations = operations_of(folder, Steps(first=done))
    eventually(lambda: operations.describe(id).created, "the model")
    assert operations.describe(id).state == "running"
    operations.cancel(id)
    assert other_process.stdout.readline().strip() == "cancelled"
    assert operations.describe(id).state == "cancelled"


def test_an_operation_of_a_killed_process_says_so_and_can_be_finished(folder, other_process):
    id = other_process.stdout.readline().strip()
    steps = Steps(first=done)
    operations = operations_of(folder, steps)
    eventually(lambda: operations.describe(id).created, "the model")
    os.kill(other_process.pid, signal.SIGKILL)
    other_process.wait()
    left = operations.describe(id)
    assert (left.state, left.created) == ("interrupted", ("model/m",))
    assert (left.can_retry, left.can_roll_back) == (True, True)
    assert operations.describe(id) == left
    operations.retry(id)
    assert operations.wait(id, 30).state == "succeeded"
    assert steps.ran == ["first"]


def test_a_killed_process_that_was_not_waited_for_is_dead_all_the_same(folder, other_process):
    id = other_process.stdout.readline().strip()
    os.kill(other_process.pid, signal.SIGKILL)
    operations = operations_of(folder, Steps(first=done))
    eventually(lambda: operations.describe(id).state == "interrupted", "the zombie to be seen")
