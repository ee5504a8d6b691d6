"""``%smx cleanup``: the plan before, the question, and what became of it."""

import io

import boto3
import pytest
from IPython.utils.capture import capture_output

from smx_lab.core.operation import Operation, Outcome, Step, Thing
from smx_lab.notebook.clean_up_results import CleanUpResult
from smx_lab.notebook.errors import MagicError
from smx_lab.services.operations.operations import MAX_RUNNING
from tests.support.clean_up_lab import everything, fill


@pytest.fixture
def client(smx):
    smx("connect local")
    return boto3.client("sagemaker")


@pytest.fixture
def answer(monkeypatch):
    """Return what is asked, once, and remember the question."""
    asked = []

    def prepare(text):
        def ask(question):
            asked.append(question)
            return text

        monkeypatch.setattr("builtins.input", ask)
        return asked

    return prepare


def test_a_dry_run_answers_the_plan_and_touches_nothing(smx, client):
    fill(client, "mnist")
    before = everything(client)
    plan = smx("cleanup mnist --dry-run")
    assert everything(client) == before
    text = repr(plan)
    assert text.splitlines()[0] == (
        "1 experiment, 5 trials, 10 links; 6 trial components to delete, 0 kept"
    )
    assert "Preprocessing (mnist-preprocessing)" in text
    assert "Notebooks and their files stay." in text
    assert "<strong>1 experiment, 5 trials, 10 links;" in plan._repr_html_()
    assert (plan.experiments, len(plan.trials), plan.kept) == (["mnist"], 5, [])
    compile(plan.code, "code", "exec")


def test_it_shows_the_plan_asks_and_answers_what_it_did(smx, client, answer):
    client.create_experiment(ExperimentName="other")
    client.create_trial(TrialName="other-1", ExperimentName="other")
    shared = fill(client, "digits", trials=2, used_by=["other-1"])
    asked = answer("n")
    with capture_output() as shown:
        assert smx("cleanup digits") is None
    assert asked == ["Delete these 5 things? [y/N] "]
    assert "Nothing was deleted." in shown.stdout
    assert f"Kept              Preprocessing ({shared}), used by the trial other-1 of other" in (
        shown.stdout
    )
    assert "digits" in everything(client)["experiments"]

    answer("Y")
    with capture_output() as shown:
        done = smx("cleanup digits")
    assert shown.stdout.splitlines()[-4:] == [
        "Remove trial components from trials: 4 of 4",
        "Delete trial components: 2 of 2",
        "Delete trials: 2 of 2",
        "Delete experiments: 1 of 1",
    ]
    assert (done.state, done.deleted["trial"], done.failed) == ("succeeded", 2, {})
    assert "2 trial components, 2 trials, 1 experiment" in repr(done)
    assert shared in everything(client)["components"]


def test_of_much_the_name_is_typed_unless_yes_says_it(smx, client, answer):
    fill(client, "many", trials=10)
    asked = answer("y")
    with capture_output():
        assert smx("cleanup many") is None
    assert asked == ["Type many to delete these 22 things: "]
    with capture_output():
        assert smx("cleanup many --keep-components --yes").deleted == {
            "link": 20,
            "trial": 10,
            "experiment": 1,
        }
    assert "many-preprocessing" in everything(client)["components"]


def test_mistakes_are_answered_in_a_sentence(smx, client, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    client.create_experiment(ExperimentName="letters")
    with pytest.raises(MagicError, match=r"no experiment leters\. Did you mean letters\?"):
        smx("cleanup leters")
    with pytest.raises(MagicError, match="Nobody can be asked here"), capture_output():
        smx("cleanup letters")
    with pytest.raises(MagicError, match="there is no option --dryrun"):
        smx("cleanup letters --dryrun")
    assert "letters" in everything(client)["experiments"]


def test_what_came_meanwhile_is_an_error_and_can_be_gone_on_with(smx, client, answer):
    fill(client, "growing", trials=1)
    asked = []

    def ask(question):
        asked.append(question)
        client.create_trial(TrialName="late", ExperimentName="growing")
        return "y"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.input", ask)
        with pytest.raises(MagicError, match="has changed since the plan"), capture_output():
            smx("cleanup growing")
    with capture_output():
        assert smx("cleanup growing --yes").deleted["trial"] == 2


def test_an_interrupted_cell_stops_it(shell, smx, client, monkeypatch):
    fill(client, "stopped", trials=2)
    before = everything(client)
    operations = shell.magics_manager.magics["line"]["smx"].__self__.session.services.operations
    waited = operations.wait
    for _ in range(MAX_RUNNING):  # so that it has not begun when the cell is interrupted
        operations._slots.acquire()

    def interrupted(*_arguments):
        monkeypatch.setattr(operations, "wait", let_go)
        raise KeyboardInterrupt

    def let_go(*arguments):
        operations._slots.release(MAX_RUNNING)
        return waited(*arguments)

    monkeypatch.setattr(operations, "wait", interrupted)
    with pytest.raises(MagicError) as raised, capture_output():
        smx("cleanup stopped --yes")
    assert f"{raised.value}" == (
        "Clean up stopped: It was cancelled. Deleted so far: nothing. Run the line again to go on."
    )
    assert everything(client) == before
    monkeypatch.setattr(operations, "wait", waited)
    with capture_output():
        assert smx("cleanup stopped --yes").state == "succeeded"


def test_what_is_kept_and_what_failed_is_told_with_the_reason():
    outcome = Outcome(
        deleted={"link": 2, "trial": 1},
        kept=(Thing(kind="trial_component", name="shared", reason="The trial a uses it."),),
        kept_count=1,
        failed=(Thing(kind="trial", name="b", reason="You may not <do> this."),),
        failed_count=3,
    )
    step = Step(name="Delete trials", state="failed")
    operation = Operation(
        id="1",
        kind="clean_up",
        connection_id="local",
        title="Clean up mnist",
        state="failed",
        steps=(step,),
        start_time="2026-03-01T00:00:00Z",
        outcome=outcome,
    )
    result = CleanUpResult(operation)
    assert repr(result) == (
        "Clean up mnist\n"
        "  Deleted  1 trial\n"
        "  Kept     shared: The trial a uses it.\n"
        "  Failed   b: You may not <do> this.\n"
        "           and 2 more"
    )
    assert "You may not &lt;do&gt; this." in result._repr_html_()
