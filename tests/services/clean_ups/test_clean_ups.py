"""Clean ups on the real local service: what is planned, what goes, and what stays."""

import pytest

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.clean_up.plan import CleanUpRequest, StartCleanUpRequest
from smx_lab.core.entities import TrialParent
from smx_lab.core.errors import AccessDenied, Conflict, InvalidRequest, NotFound
from smx_lab.services.container import build_services
from smx_lab.services.switches import Switches
from tests.support.clean_up_lab import everything, fill, without
from tests.support.clients import client_of
from tests.support.waiting import eventually


@pytest.fixture(scope="module")
def client(local_service):
    return client_of(local_service)


@pytest.fixture(scope="module")
def other(client):
    """A trial of another experiment, which nothing here cleans up."""
    client.create_experiment(ExperimentName="fashion")
    client.create_trial(TrialName="fashion-1", ExperimentName="fashion")
    return "fashion-1"


@pytest.fixture
def clean_up(services):
    """Clean up, and answer the operation once it has ended."""

    def run(**members):
        begun = services.clean_ups.start("local", StartCleanUpRequest(**members))
        return services.operations.wait(begun.id, 60)

    return run


def plan_of(services, **members):
    return services.clean_ups.plan("local", CleanUpRequest(**members))


def trainings(name, count=5):
    return [f"{name}-training-{number}" for number in range(1, count + 1)]


def trials(name, count=5):
    return [f"{name}-{number}" for number in range(1, count + 1)]


def test_an_experiment_goes_with_all_that_is_in_it(services, client, clean_up):
    shared = fill(client, "mnist")
    before = everything(client)
    plan = plan_of(services, experiments=["mnist"])
    counts = plan.counts
    assert (counts.experiments, counts.trials, counts.links) == (1, 5, 10)
    assert (counts.trial_components, counts.kept, counts.to_delete) == (6, 0, 12)
    assert {one.trial_name for one in plan.trials} == {*trials("mnist")}
    assert {one.experiment_name for one in plan.trials} == {"mnist"}
    found = {one.trial_component_name: one.display_name for one in plan.trial_components}
    assert found == {shared: "Preprocessing", **dict.fromkeys(trainings("mnist"), "Training")}
    assert (plan.name_to_type, plan.endpoints, plan.unfinished) == (None, (), None)
    assert everything(client) == before

    done = clean_up(experiments=["mnist"], fingerprint=plan.fingerprint)
    assert (done.state, done.error, done.title) == ("succeeded", None, "Clean up mnist")
    assert [(step.name, step.state, step.message) for step in done.steps] == [
        ("Remove trial components from trials", "succeeded", "10 of 10"),
        ("Delete trial components", "succeeded", "6 of 6"),
        ("Delete trials", "succeeded", "5 of 5"),
        ("Delete experiments", "succeeded", "1 of 1"),
    ]
    assert done.outcome.deleted == {"link": 10, "trial_component": 6, "trial": 5, "experiment": 1}
    assert (done.outcome.kept_count, done.outcome.failed_count) == (0, 0)
    gone = {"experiments": ["mnist"], "trials": trials("mnist")}
    assert everything(client) == without(before, **gone, components=[shared, *trainings("mnist")])


def test_a_component_that_another_trial_uses_is_kept_there(services, client, clean_up, other):
    shared = fill(client, "digits", used_by=[other])
    before = everything(client)
    plan = plan_of(services, experiments=["digits"])
    assert (plan.counts.links, plan.counts.trial_components, plan.counts.kept) == (10, 5, 1)
    (kept,) = plan.kept
    assert (kept.trial_component_name, kept.display_name) == (shared, "Preprocessing")
    assert kept.used_by == (TrialParent(trial_name=other, experiment_name="fashion"),)

    assert clean_up(experiments=["digits"]).state == "succeeded"
    assert everything(client) == without(
        before, experiments=["digits"], trials=trials("digits"), components=trainings("digits")
    )
    assert (other, shared) in everything(client)["links"]


def test_components_can_be_kept_and_then_are_in_no_trial(services, client, clean_up):
    fill(client, "letters", trials=2)
    before = everything(client)
    plan = plan_of(services, experiments=["letters"], keep_trial_components=True)
    assert (plan.counts.trial_components, plan.counts.kept, plan.counts.links) == (0, 3, 4)
    assert {one.used_by for one in plan.kept} == {()}
    assert clean_up(experiments=["letters"], keep_trial_components=True).state == "succeeded"
    assert everything(client) == without(
        before, experiments=["letters"], trials=trials("letters", 2)
    )


def test_one_trial_goes_and_the_experiment_stays(services, client, clean_up):
    shared = fill(client, "signs", trials=2)
    before = everything(client)
    plan = plan_of(services, trials=["signs-1"])
    assert [(one.trial_name, one.experiment_name) for one in plan.trials] == [("signs-1", "signs")]
    assert [one.trial_component_name for one in plan.trial_components] == ["signs-training-1"]
    assert [one.trial_component_name for one in plan.kept] == [shared]
    assert clean_up(trials=["signs-1"]).state == "succeeded"
    assert everything(client) == without(
        before, trials=["signs-1"], components=["signs-training-1"]
    )


def test_a_component_that_was_chosen_leaves_all_its_trials(services, client, clean_up, other):
    shared = fill(client, "faces", trials=2, used_by=[other])
    before = everything(client)
    plan = plan_of(services, trial_components=[shared])
    assert {one.trial_name for one in plan.links} == {"faces-1", "faces-2", other}
    assert (plan.counts.trials, plan.counts.trial_components, plan.counts.kept) == (0, 1, 0)
    assert clean_up(trial_components=[shared]).state == "succeeded"
    assert everything(client) == without(before, components=[shared])


def test_what_is_named_twice_or_in_another_case_counts_once(services, client):
    fill(client, "Shapes", trials=2)
    plan = plan_of(services, experiments=["Shapes", "shapes"], trials=["shapes-1", "Shapes-1"])
    assert (plan.counts.experiments, plan.counts.trials) == (1, 2)
    assert plan.counts.links == 4


def test_nothing_to_delete_is_refused(services, client, clean_up):
    client.create_trial_component(TrialComponentName="lonely")
    plan = plan_of(services, trial_components=["lonely"], keep_trial_components=True)
    assert (plan.counts.to_delete, plan.counts.kept) == (0, 1)
    with pytest.raises(InvalidRequest, match="Nothing would be deleted"):
        clean_up(trial_components=["lonely"], keep_trial_components=True)
    with pytest.raises(InvalidRequest) as raised:
        plan_of(services)
    assert raised.value.message.startswith("Choose what to clean up")
    with pytest.raises(InvalidRequest, match="10001 things were chosen"):
        plan_of(services, trials=[f"trial-{number}" for number in range(10_001)])


@pytest.mark.parametrize(
    ("members", "subject"),
    [
        ({"experiments": ["nobody"]}, "experiment nobody"),
        ({"trials": ["nobody"]}, "trial nobody"),
        ({"trial_components": ["nobody"]}, "trial component nobody"),
    ],
)
def test_what_does_not_exist_is_named(services, members, subject):
    with pytest.raises(NotFound) as raised:
        plan_of(services, **members)
    assert raised.value.message == f"The {subject} does not exist."


def test_above_twenty_things_the_name_is_typed(services, client, clean_up):
    fill(client, "many", trials=9)
    assert plan_of(services, experiments=["many"]).name_to_type is None
    client.create_trial(TrialName="many-10", ExperimentName="many")
    assert plan_of(services, experiments=["many"]).name_to_type == "many"
    for typed in ("", "Many"):
        with pytest.raises(InvalidRequest) as raised:
            clean_up(experiments=["many"], typed_name=typed)
        assert raised.value.message == "Type many to delete 21 things."
        assert raised.value.details == {"field": "typed_name"}
    assert clean_up(experiments=["many"], typed_name=" many ").state == "succeeded"


def test_another_plan_than_the_one_that_was_read_is_not_carried_out(services, client, clean_up):
    fill(client, "changing", trials=1)
    plan = plan_of(services, experiments=["changing"])
    client.create_trial(TrialName="changing-2", ExperimentName="changing")
    with pytest.raises(Conflict, match="has changed since the plan was made"):
        clean_up(experiments=["changing"], fingerprint=plan.fingerprint)
    again = plan_of(services, experiments=["changing"])
    done = clean_up(experiments=["changing"], fingerprint=again.fingerprint)
    assert done.state == "succeeded"


def test_open_tables_show_what_is_left(services, client, clean_up):
    fill(client, "shown", trials=2)
    origin = OpenTableRequest(experiments=["shown"], trials=["shown-1"])
    assert services.tables.read_table("local", origin).total == 4
    assert clean_up(trials=["shown-1"]).state == "succeeded"
    open_table = services.tables.open_table
    eventually(lambda: open_table("local", origin).total == 2, "the rows to go")


def test_an_administrator_can_forbid_it(services, client, local_service, tmp_path):
    fill(client, "locked", trials=1)
    before = everything(client)
    for switches in (Switches(read_only=True), Switches(allow_delete=False)):
        locked = build_services(tmp_path / "locked", lambda: local_service, switches=switches)
        assert locked.clean_ups.plan("local", CleanUpRequest(experiments=["locked"])).code
        with pytest.raises(AccessDenied, match="Disabled by your administrator"):
            locked.clean_ups.start("local", StartCleanUpRequest(experiments=["locked"]))
        locked.close()
    assert everything(client) == before


@pytest.mark.parametrize("style", ["boto3", "sdk"])
@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.filterwarnings("ignore")  # the Experiments SDK is old; what it warns of is not ours
def test_the_code_does_the_same(
    services, client, other, local_service, monkeypatch, capsys, style, keep
):
    monkeypatch.setenv("SMX_LAB_DATA_DIR", local_service.data_dir)
    name = f"coded-{style}-{keep}".lower()
    shared = fill(client, name, trials=2, used_by=[other])
    single = fill(client, f"{name}-too", trials=1)
    client.create_trial_component(TrialComponentName=f"{name}-loose")
    before = everything(client)
    plan = plan_of(
        services,
        experiments=[name],
        trials=[f"{name}-too-1"],
        trial_components=[f"{name}-loose"],
        keep_trial_components=keep,
        code_style=style,
    )
    exec(compile(plan.code, "code", "exec"), {})
    going = [*trainings(name, 2), f"{name}-too-training-1", single, f"{name}-loose"]
    assert everything(client) == without(
        before,
        experiments=[name],
        trials=[*trials(name, 2), f"{name}-too-1"],
        components=[] if keep else going,
    )
    said = "" if keep else f"Kept {shared}: {other} uses it.\n"
    assert capsys.readouterr().out == said
