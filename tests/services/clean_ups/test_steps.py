"""Clean ups where SageMaker refuses and limits, and where the server is killed on the way."""

import os
import random
import signal
import subprocess
import sys
import threading
from datetime import datetime, timezone

import pytest

from smx_lab.core.clean_up.plan import CleanUpRequest, StartCleanUpRequest
from smx_lab.core.errors import AccessDenied, Conflict, InvalidRequest
from smx_lab.gateway.connections import ConnectionOptions
from smx_lab.services.clean_ups.clean_ups import CleanUps
from smx_lab.services.container import build_services
from tests.support.clean_up_lab import everything, fill, without
from tests.support.clients import client_of
from tests.support.gate import Gate
from tests.support.waiting import eventually

AWS = "aws@us-east-1"
NOW = datetime.now(timezone.utc)


@pytest.fixture(scope="module")
def client(local_service):
    """Past the gate: what the rest of the world does."""
    return client_of(local_service)


@pytest.fixture(scope="module")
def module_gate(local_service):
    gate = Gate(local_service)
    yield gate
    gate.close()


@pytest.fixture
def gate(module_gate):
    """The gate, as if it had let nothing through yet."""
    module_gate.reset()
    return module_gate


@pytest.fixture(scope="module")
def make_services(tmp_path_factory, local_service, module_gate):
    """Services that take the local service for AWS, behind the gate; all with the same data."""
    folder = tmp_path_factory.mktemp("data")
    variables = {
        "AWS_ACCESS_KEY_ID": local_service.access_key_id,
        "AWS_SECRET_ACCESS_KEY": local_service.secret_access_key,
        "AWS_CONFIG_FILE": str(folder / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "none"),
    }
    made = []

    def make():
        urls = {"sagemaker": module_gate.url, "sts": module_gate.url}
        made.append(build_services(folder, None, ConnectionOptions(endpoint_urls=urls)))
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in variables.items():
            patch.setenv(name, value)
        make.folder = folder
        yield make
        for services in made:
            services.close()


@pytest.fixture(scope="module")
def module_services(make_services):
    return make_services()


@pytest.fixture
def services(module_services, gate):
    return module_services


def plan_of(services, **members):
    return services.clean_ups.plan(AWS, CleanUpRequest(**members))


def start(services, name, **members):
    request = StartCleanUpRequest(experiments=[name], typed_name=name, **members)
    return services.clean_ups.start(AWS, request)


def run(services, name, **members):
    return services.operations.wait(start(services, name, **members).id, 60)


def retry(services, operation):
    services.operations.retry(operation.id)
    return services.operations.wait(operation.id, 60)


def listing_up_to(services, count):
    """The clean ups of the same services, which list up to so many names beside Search."""
    known = services.clean_ups
    return CleanUps(services.gateway, services.switches, services.operations, known._tables, count)


def gone(name, count):
    return {
        "experiments": [name],
        "trials": [f"{name}-{number}" for number in range(1, count + 1)],
        "components": [
            f"{name}-preprocessing",
            *(f"{name}-training-{number}" for number in range(1, count + 1)),
        ],
    }


def test_on_aws_the_name_is_always_typed(services, client):
    fill(client, "typed", trials=1)
    assert plan_of(services, experiments=["typed"]).name_to_type == "typed"
    with pytest.raises(InvalidRequest, match="Type typed to delete 4 things"):
        services.clean_ups.start(AWS, StartCleanUpRequest(experiments=["typed"]))


def test_many_components_take_few_calls_to_plan(services, client, gate):
    clean_ups = listing_up_to(services, 10)
    fill(client, "broad", trials=12)
    plan = clean_ups.plan(AWS, CleanUpRequest(experiments=["broad"]))
    assert (plan.counts.trials, plan.counts.trial_components, plan.counts.links) == (12, 13, 24)
    assert gate.calls == ["DescribeExperiment", "ListTrials", "Search"]
    gate.calls.clear()
    names = [f"broad-training-{number}" for number in range(1, 12)]
    plan = clean_ups.plan(AWS, CleanUpRequest(trial_components=names))
    assert (plan.counts.trials, plan.counts.trial_components, plan.counts.links) == (0, 11, 11)
    assert gate.calls == ["Search"]


def test_without_search_the_plan_is_the_same(services, client, gate):
    client.create_experiment(ExperimentName="outside")
    client.create_trial(TrialName="outside-1", ExperimentName="outside")
    shared = fill(client, "listed", trials=3, used_by=["outside-1"])
    plain = plan_of(services, experiments=["listed"], trial_components=["listed-training-2"])
    gate.deny("Search")
    denied = plan_of(services, experiments=["listed"], trial_components=["listed-training-2"])
    assert denied.fingerprint == plain.fingerprint
    assert denied.kept == plain.kept
    assert [one.trial_component_name for one in denied.kept] == [shared]


def test_an_index_that_lags_is_put_right_by_the_lists(services, client, gate):
    shared = fill(client, "lagging", trials=2)
    plain = plan_of(services, experiments=["lagging"])
    # As if none of it had been indexed yet.
    gate.answers["Search"] = {"Results": []}
    assert plan_of(services, experiments=["lagging"]).fingerprint == plain.fingerprint
    assert plan_of(services, trial_components=[shared]).counts.links == 2


def test_a_plan_holds_where_endpoints_may_not_be_listed(services, client, gate):
    client.create_trial_component(
        TrialComponentName="served",
        OutputArtifacts={"SageMaker.ModelArtifact": {"Value": "s3://bucket/model.tar.gz"}},
    )
    gate.deny("ListEndpoints")
    plan = plan_of(services, trial_components=["served"])
    assert plan.endpoint_error.details["action"] == "sagemaker:ListEndpoints"
    assert (plan.counts.trial_components, plan.endpoints) == (1, ())
    members = {"trial_components": ["served"], "typed_name": "served"}
    with pytest.raises(AccessDenied, match="sagemaker:ListEndpoints"):
        services.clean_ups.start(AWS, StartCleanUpRequest(**members, delete_endpoints=True))
    begun = services.clean_ups.start(AWS, StartCleanUpRequest(**members))
    assert services.operations.wait(begun.id, 60).state == "succeeded"


def test_throttling_is_waited_out_and_is_no_error(stubbed_aws):
    """boto3 has given up each time, which a stub does not wait for."""
    services, stubber = stubbed_aws
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:experiment-trial-component/loose"
    described = {"TrialComponentName": "loose", "TrialComponentArn": arn, "CreationTime": NOW}
    stubber.add_response("describe_trial_component", described)
    stubber.add_response("list_trials", {"TrialSummaries": []})
    for _ in range(3):
        stubber.add_client_error("delete_trial_component", "ThrottlingException", "Rate exceeded")
    stubber.add_response("delete_trial_component", {"TrialComponentArn": arn})
    request = StartCleanUpRequest(trial_components=["loose"], typed_name="loose")
    begun = services.clean_ups.start("aws@eu-west-1", request)
    done = services.operations.wait(begun.id, 60)
    assert (done.state, done.error) == ("succeeded", None)
    assert done.outcome.deleted == {"trial_component": 1}


def test_a_limit_on_deleting_does_not_slow_down_looking(make_services, client, gate):
    services = make_services()
    client.create_trial_component(TrialComponentName="limited")
    refusals = iter([("ThrottlingException", "Rate exceeded")])
    gate.rule = lambda action, _members: (
        next(refusals, None) if action == "DeleteTrialComponent" else None
    )
    request = StartCleanUpRequest(trial_components=["limited"], typed_name="limited")
    done = services.operations.wait(services.clean_ups.start(AWS, request).id, 60)
    assert (done.state, gate.calls.count("DeleteTrialComponent")) == ("succeeded", 2)
    # The throttle of reads has met no refusal.
    assert services.gateway.sagemaker(AWS).throttle.per_second is None


@pytest.mark.parametrize(
    ("action", "failed"),
    [
        ("DisassociateTrialComponent", {"link", "trial_component", "trial", "experiment"}),
        ("DeleteTrialComponent", {"trial_component"}),
        ("DeleteTrial", {"trial", "experiment"}),
        ("DeleteExperiment", {"experiment"}),
    ],
)
def test_what_is_denied_is_named_and_can_be_tried_again(
    services, client, gate, action, failed, request
):
    name = f"denied-{action.lower()}"
    fill(client, name, trials=2)
    before = everything(client)
    gate.deny(action)
    done = run(services, name)
    assert (done.state, done.can_retry) == ("failed", True)
    assert {thing.kind for thing in done.outcome.failed} == failed
    assert f"You may not do this: sagemaker:{action}" in done.outcome.failed[0].reason
    assert sum(step.state == "failed" for step in done.steps) == len(failed)
    left = everything(client)
    if action == "DeleteExperiment":
        assert left == without(before, **{**gone(name, 2), "experiments": []})
    gate.rule = lambda *_: None
    again = retry(services, done)
    assert (again.state, again.outcome.failed_count) == ("succeeded", 0)
    assert again.outcome.deleted == {"link": 4, "trial_component": 3, "trial": 2, "experiment": 1}
    assert everything(client) == without(before, **gone(name, 2))


def test_after_some_denials_the_rest_is_not_tried(services, client, gate):
    fill(client, "refused", trials=5)
    gate.deny("DisassociateTrialComponent")
    done = run(services, "refused")
    assert (done.state, done.error.code) == ("failed", "access_denied")
    assert "sagemaker:DisassociateTrialComponent" in done.error.details["policy"]
    assert gate.calls.count("DisassociateTrialComponent") == 5
    assert [step.state for step in done.steps] == ["failed", "waiting", "waiting", "waiting"]
    gate.rule = lambda *_: None
    assert retry(services, done).state == "succeeded"


def test_a_component_that_meanwhile_is_used_elsewhere_is_kept(services, client, gate):
    client.create_experiment(ExperimentName="newcomer")
    client.create_trial(TrialName="newcomer-1", ExperimentName="newcomer")
    shared = fill(client, "overtaken", trials=2)
    before = everything(client)

    def rule(action, _members):
        if action == "DisassociateTrialComponent":
            client.associate_trial_component(TrialComponentName=shared, TrialName="newcomer-1")

    gate.rule = rule
    done = run(services, "overtaken")
    assert done.state == "succeeded"
    assert [(one.kind, one.name, one.reason) for one in done.outcome.kept] == [
        ("trial_component", shared, "The trial newcomer-1 uses it.")
    ]
    assert done.outcome.deleted["trial_component"] == 2
    going = gone("overtaken", 2)
    going["components"].remove(shared)
    expected = without(before, **going)
    expected["links"].add(("newcomer-1", shared))
    assert everything(client) == expected


def test_what_came_into_a_trial_later_is_not_touched(services, client, gate):
    fill(client, "growing", trials=2)
    client.create_trial_component(TrialComponentName="late")

    def rule(action, _members):
        if action == "DisassociateTrialComponent":
            client.associate_trial_component(TrialComponentName="late", TrialName="growing-1")

    gate.rule = rule
    done = run(services, "growing")
    assert done.state == "failed"
    assert [(one.kind, one.name) for one in done.outcome.failed] == [
        ("trial", "growing-1"),
        ("experiment", "growing"),
    ]
    assert done.outcome.failed[0].reason == (
        "The trial component late came into it after the plan was made. "
        "Clean up again to take it along."
    )
    assert ("growing-1", "late") in everything(client)["links"]
    gate.rule = lambda *_: None
    assert run(services, "growing").state == "succeeded"
    assert "late" not in everything(client)["components"]


def test_what_is_gone_already_counts_as_done(services, client, gate):
    fill(client, "vanishing", trials=2)
    before = everything(client)
    others = run_by_hand(client, "vanishing-1")

    def rule(action, _members):
        if action == "DisassociateTrialComponent":
            next(others, None)

    gate.rule = rule
    done = run(services, "vanishing")
    assert (done.state, done.outcome.failed_count) == ("succeeded", 0)
    assert everything(client) == without(before, **gone("vanishing", 2))


def run_by_hand(client, trial):
    """Somebody else cleans up a trial, at the first step of an iteration."""
    for name in ("vanishing-preprocessing", "vanishing-training-1"):
        client.disassociate_trial_component(TrialComponentName=name, TrialName=trial)
    client.delete_trial_component(TrialComponentName="vanishing-training-1")
    client.delete_trial(TrialName=trial)
    yield


class Hold:
    """A rule that holds the call with a number until it is let go."""

    def __init__(self, action, number):
        self.reached, self.go = threading.Event(), threading.Event()
        self._action, self._left = action, number

    def __call__(self, action, _members):
        if action == self._action:
            self._left -= 1
            if self._left == 0:
                self.reached.set()
                assert self.go.wait(60)


def test_stop_ends_after_the_current_call_and_it_can_be_gone_on_with(services, client, gate):
    fill(client, "stopped", trials=3)
    before = everything(client)
    gate.rule = hold = Hold("DeleteTrialComponent", 2)
    begun = start(services, "stopped")
    assert hold.reached.wait(60)
    with pytest.raises(Conflict, match="“Clean up stopped” is under way already"):
        start(services, "stopped")
    assert plan_of(services, experiments=["stopped"]).unfinished == begun.id
    services.operations.cancel(begun.id)
    hold.go.set()
    done = services.operations.wait(begun.id, 60)
    assert (done.state, done.can_retry) == ("cancelled", True)
    assert done.outcome.deleted == {"link": 6, "trial_component": 2}
    assert gate.calls.count("DeleteTrialComponent") == 2
    assert "DeleteTrial" not in gate.calls

    for chosen in ({"experiments": ["stopped"]}, {"trials": ["stopped-2"]}):
        assert plan_of(services, **chosen).unfinished == begun.id
    # Those that are in no trial any more have not been forgotten.
    plan = plan_of(services, experiments=["stopped"])
    assert (plan.counts.links, plan.counts.trial_components, plan.counts.trials) == (0, 2, 3)
    again = retry(services, begun)
    assert (again.state, again.outcome.failed_count) == ("succeeded", 0)
    # What was done was not done again.
    assert gate.calls.count("DeleteTrialComponent") == 4
    assert gate.calls.count("DisassociateTrialComponent") == 6
    assert everything(client) == without(before, **gone("stopped", 3))


@pytest.mark.parametrize("threshold", [0, 50])
def test_a_new_clean_up_takes_along_what_a_stopped_one_left(services, client, gate, threshold):
    fill(client, "halved", trials=3)
    before = everything(client)
    gate.rule = hold = Hold("DeleteTrialComponent", 1)
    begun = start(services, "halved")
    assert hold.reached.wait(60)
    services.operations.cancel(begun.id)
    hold.go.set()
    assert services.operations.wait(begun.id, 60).state == "cancelled"
    # One of those that were left has found a place meanwhile.
    client.create_experiment(ExperimentName="refuge")
    client.create_trial(TrialName="refuge-1", ExperimentName="refuge")
    saved = everything(client)["components"] & {*gone("halved", 3)["components"]}
    saved = sorted(saved)[0]
    client.associate_trial_component(TrialComponentName=saved, TrialName="refuge-1")

    request = StartCleanUpRequest(experiments=["halved"], typed_name="halved")
    again = listing_up_to(services, threshold).start(AWS, request)
    assert services.operations.wait(again.id, 60).state == "succeeded"
    left = everything(client)
    going = gone("halved", 3)
    going["components"].remove(saved)
    expected = without(before, **going)
    expected["experiments"].add("refuge")
    expected["trials"].add("refuge-1")
    expected["links"].add(("refuge-1", saved))
    assert left == expected
    for operation, name in (
        ("disassociate_trial_component", {"TrialComponentName": saved, "TrialName": "refuge-1"}),
        ("delete_trial_component", {"TrialComponentName": saved}),
        ("delete_trial", {"TrialName": "refuge-1"}),
        ("delete_experiment", {"ExperimentName": "refuge"}),
    ):
        getattr(client, operation)(**name)


OTHER_PROCESS = """
import sys
from pathlib import Path
from smx_lab.core.clean_up.plan import StartCleanUpRequest
from smx_lab.gateway.connections import ConnectionOptions
from smx_lab.services.container import build_services

folder, url = sys.argv[1:]
options = ConnectionOptions(endpoint_urls={"sagemaker": url, "sts": url})
services = build_services(Path(folder), None, options)
begun = services.clean_ups.start(
    "aws@us-east-1", StartCleanUpRequest(experiments=["killed"], typed_name="killed")
)
print(begun.id, flush=True)
services.operations.wait(begun.id)
"""


@pytest.mark.parametrize(
    ("action", "number"), [("DisassociateTrialComponent", 3), ("DeleteTrialComponent", 2)]
)
def test_the_next_server_goes_on_after_a_kill(make_services, client, gate, action, number):
    fill(client, "killed", trials=3)
    before = everything(client)
    gate.rule = hold = Hold(action, number)
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(make_services.folder), gate.url],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        begun = process.stdout.readline().strip()
        assert hold.reached.wait(60)
        os.kill(process.pid, signal.SIGKILL)
    hold.go.set()
    services = make_services()
    eventually(lambda: services.operations.describe(begun).state == "interrupted", "the death")
    assert plan_of(services, experiments=["killed"]).unfinished == begun
    services.operations.retry(begun)
    done = services.operations.wait(begun, 60)
    assert (done.state, done.outcome.failed_count) == ("succeeded", 0)
    assert done.outcome.deleted == {"link": 6, "trial_component": 4, "trial": 3, "experiment": 1}
    assert everything(client) == without(before, **gone("killed", 3))
    fill(client, "killed", trials=1)
    assert plan_of(services, experiments=["killed"]).unfinished is None
    assert run(services, "killed").state == "succeeded"


@pytest.mark.parametrize("seed", range(4))
def test_nothing_of_a_plan_is_left_and_nothing_else_is_touched(services, client, seed):
    """Any hierarchy, any choice, against a model of three lines."""
    rng = random.Random(seed)
    prefix = f"any-{seed}"
    trials = {}
    for number in range(3):
        client.create_experiment(ExperimentName=f"{prefix}-{number}")
        for trial in range(rng.randint(0, 3)):
            name = f"{prefix}-{number}-{trial}"
            trials[name] = f"{prefix}-{number}"
            client.create_trial(TrialName=name, ExperimentName=f"{prefix}-{number}")
    components = [f"{prefix}-component-{number}" for number in range(6)]
    links = set()
    for name in components:
        client.create_trial_component(TrialComponentName=name)
        for trial in rng.sample(sorted(trials), rng.randint(0, min(3, len(trials)))):
            links.add((trial, name))
            client.associate_trial_component(TrialComponentName=name, TrialName=trial)
    experiments = [f"{prefix}-0", *rng.sample([f"{prefix}-1", f"{prefix}-2"], rng.randint(0, 1))]
    chosen = {
        "experiments": experiments,
        "trials": rng.sample(sorted(trials), min(1, len(trials))),
        "trial_components": rng.sample(components, 1),
    }
    keep = seed == 3

    going = {t for t, e in trials.items() if e in experiments or t in chosen["trials"]}
    named = set() if keep else {*chosen["trial_components"]}
    cut = {(t, c) for t, c in links if t in going or c in named}
    left = {component for _, component in links - cut}
    deleted = named | ({component for _, component in cut} - left)
    before = everything(client)
    request = StartCleanUpRequest(**chosen, keep_trial_components=keep, typed_name=experiments[0])
    begun = services.clean_ups.start(AWS, request)
    assert services.operations.wait(begun.id, 60).state == "succeeded"
    assert everything(client) == without(
        before,
        experiments=experiments,
        trials=going,
        components=set() if keep else deleted,
        links=cut,
    )
