"""Experiments copied between two local services, and from moto's AWS."""

from datetime import timedelta

import pytest

from smx_lab.core.errors import AccessDenied, InvalidRequest, NotFound, ServiceUnavailable
from smx_lab.gateway.connections import ConnectionOptions
from smx_lab.services.container import build_services
from smx_lab.services.switches import Switches
from tests.support.clients import client_of
from tests.support.copy_lab import NOW, facts, failing, fill

TARGET = "aws@us-east-1"


@pytest.fixture
def services(tmp_path, local_service, other_service, aws_environment, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", other_service.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", other_service.secret_access_key)
    urls = {
        "sagemaker": other_service.sagemaker_url,
        "sagemaker-metrics": other_service.metrics_url,
        "sts": other_service.sagemaker_url,
    }
    options = ConnectionOptions(endpoint_urls=urls)
    built = build_services(tmp_path / "data", lambda: local_service, options)
    yield built
    built.close()


def run(services, source, target, name):
    return services.operations.wait(services.copies.copy(source, target, name).id)


def test_a_copy_is_what_the_experiment_is(services, local_service, other_service):
    source = fill(local_service, "mnist")
    done = run(services, "local", TARGET, "mnist")
    assert (done.state, done.error) == ("succeeded", None)
    assert facts(client_of(other_service), "mnist") == facts(source, "mnist")


def test_copying_again_changes_nothing(services, local_service, other_service):
    source = fill(local_service, "twice")
    assert run(services, "local", TARGET, "twice").state == "succeeded"
    assert run(services, "local", TARGET, "twice").state == "succeeded"
    assert facts(client_of(other_service), "twice") == facts(source, "twice")


def test_an_account_is_copied_to_the_local_service(services, local_service, other_service):
    source = fill(other_service, "home")
    assert run(services, TARGET, "local", "home").state == "succeeded"
    assert facts(client_of(local_service), "home") == facts(source, "home")


def test_a_plan_says_what_would_be_done_and_does_nothing(services, local_service, other_service):
    fill(local_service, "planned")
    plan = services.copies.plan("local", TARGET, "planned")
    found = (plan.trial_count, plan.trial_component_count, plan.metric_count)
    assert (found, plan.taken, plan.left_out) == ((2, 1, 1), [], [])
    with pytest.raises(NotFound):
        services.experiments.describe_experiment(TARGET, "planned")


def test_points_that_aws_would_refuse_are_named_and_the_rest_is_copied(
    services, local_service, other_service
):
    fill(local_service, "aged", NOW - timedelta(days=15))
    note = "aged-preprocessing: the metric loss, older than AWS takes (two weeks)"
    assert services.copies.plan("local", TARGET, "aged").left_out == [note]
    done = run(services, "local", TARGET, "aged")
    assert (done.state, done.log_tail) == ("succeeded", (f"Not copied: {note}",))
    assert facts(client_of(other_service), "aged")["metrics"] == []


def test_nothing_is_overwritten_and_nothing_is_begun(services, local_service, other_service):
    fill(local_service, "taken")
    there = client_of(other_service)
    there.create_trial_component(
        TrialComponentName="taken-preprocessing", Parameters={"kept": {"NumberValue": 1}}
    )
    subject = "The trial component taken-preprocessing"
    assert services.copies.plan("local", TARGET, "taken").taken == [subject]
    done = run(services, "local", TARGET, "taken")
    assert (done.state, done.error.code) == ("failed", "conflict")
    assert done.error.message.startswith(f"{subject} exists at AWS already")
    with pytest.raises(NotFound):
        services.experiments.describe_experiment(TARGET, "taken")
    found = there.describe_trial_component(TrialComponentName="taken-preprocessing")
    assert found["Parameters"] == {"kept": {"NumberValue": 1.0}}


def test_a_copy_onto_itself_is_refused(services):
    with pytest.raises(InvalidRequest):
        services.copies.copy("local", "local", "mnist")


def test_a_read_only_server_copies_nothing(tmp_path, local_service):
    built = build_services(tmp_path, lambda: local_service, switches=Switches(read_only=True))
    with pytest.raises(Exception, match="Disabled by your administrator"):
        built.copies.copy("local", "aws", "mnist")
    built.close()


def faulty(sagemaker, fails_at, lost):
    """Let one call fail: before it is sent, or after it was done and its answer lost."""
    count = 0
    real = sagemaker.call

    def call(operation, /, **members):
        nonlocal count
        count += 1
        if count == fails_at and not lost:
            raise ServiceUnavailable("It is not reached.")
        answer = real(operation, **members)
        if count == fails_at:
            raise ServiceUnavailable("Its answer was lost.")
        return answer

    sagemaker.call = call
    return lambda: count


@pytest.mark.parametrize("lost", [False, True], ids=["never sent", "answer lost"])
def test_whichever_call_fails_a_second_try_finishes_without_duplicates(
    services, local_service, other_service, lost
):
    name = "fault-lost" if lost else "fault-sent"
    source = fill(local_service, name)
    wanted = facts(source, name)
    gateway = services.gateway.sagemaker(TARGET)
    real = gateway.call
    there = client_of(other_service)
    at = 0
    while True:
        at += 1
        calls = faulty(gateway, at, lost)
        operation = run(services, "local", TARGET, name)
        gateway.call = real
        if calls() < at:
            break
        if operation.state != "succeeded":
            assert operation.error.code == "service_unavailable"
            operation = services.operations.wait(services.operations.retry(operation.id).id)
        assert operation.state == "succeeded", (at, operation.error)
        assert facts(there, name) == wanted, at
        remove(there, name)
    assert at > 12


@pytest.mark.parametrize("error", [ServiceUnavailable, AccessDenied])
def test_whichever_read_of_the_source_fails_a_second_try_finishes(
    services, local_service, other_service, error
):
    name = f"source-{error.code.replace('_', '-')}"
    source = fill(local_service, name)
    wanted = facts(source, name)
    gateway = services.gateway.sagemaker("local")
    real = gateway.call
    there = client_of(other_service)
    failed, at = [], 0
    while True:
        at += 1
        made = failing(gateway, at, error)
        operation = run(services, "local", TARGET, name)
        gateway.call = real
        if len(made) < at:
            break
        if operation.state != "succeeded":
            assert operation.error.message == "It cannot be read."
            failed.append(made[-1])
            operation = services.operations.wait(services.operations.retry(operation.id).id)
        assert operation.state == "succeeded", (at, operation.error)
        assert facts(there, name) == wanted, at
        remove(there, name)
    # Where Search alone is denied, what it would say is listed.
    assert ("search" in failed) == (error is ServiceUnavailable)
    assert {"describe_experiment", "list_trials", "describe_trial", "list_tags"} <= set(failed)
    assert "batch_get_metrics" in failed


def remove(client, name):
    for trial in client.list_trials(ExperimentName=name)["TrialSummaries"]:
        client.disassociate_trial_component(
            TrialComponentName=f"{name}-preprocessing", TrialName=trial["TrialName"]
        )
        client.delete_trial(TrialName=trial["TrialName"])
    client.delete_trial_component(TrialComponentName=f"{name}-preprocessing")
    client.delete_experiment(ExperimentName=name)


def test_an_account_whose_search_knows_less_is_listed(tmp_path, moto_url, local_service, aws):
    urls = dict.fromkeys(("sagemaker", "sagemaker-metrics", "sts"), moto_url)
    services = aws(urls)
    services.gateway._ensure_running = lambda: local_service
    client = services.gateway.sagemaker(TARGET).client()
    client.create_experiment(ExperimentName="moto", Description="Digits")
    client.create_trial(TrialName="moto-1", ExperimentName="moto")
    client.create_trial_component(
        TrialComponentName="moto-step", Parameters={"lr": {"NumberValue": 0.1}}
    )
    client.associate_trial_component(TrialComponentName="moto-step", TrialName="moto-1")
    assert run(services, TARGET, "local", "moto").state == "succeeded"
    found = client_of(local_service).describe_trial_component(TrialComponentName="moto-step")
    assert found["Parameters"] == {"lr": {"NumberValue": 0.1}}
    back = run(services, "local", TARGET, "moto")
    assert (back.state, back.error.code) == ("failed", "conflict")
    services.close()
