"""Browsing what was tracked, on the real local service and as AWS might refuse it."""

import itertools

import pytest
from botocore.stub import ANY, Stubber

from smx_lab.core.connection import LocalService
from smx_lab.core.errors import AccessDenied, InvalidRequest, NotFound, Throttled
from smx_lab.services.browsing.paging import PageRequest
from smx_lab.services.container import build_services
from smx_lab.services.switches import Switches

FIRST = PageRequest()
numbers = itertools.count()


@pytest.fixture
def experiment(sagemaker):
    """An experiment with two trials, one with a shared and one with an own component."""
    name = f"digits-{next(numbers)}"
    sagemaker.call("create_experiment", ExperimentName=name, Description="Handwritten digits")
    for trial in ("two", "five"):
        sagemaker.call("create_trial", TrialName=f"{name}-{trial}", ExperimentName=name)
    sagemaker.call(
        "create_trial_component",
        TrialComponentName=f"{name}-pre",
        DisplayName="Preprocessing",
        Status={"PrimaryStatus": "Completed", "Message": "as it should"},
        Parameters={"mean": {"NumberValue": 0.13}, "optimizer": {"StringValue": '"sgd"'}},
        Tags=[{"Key": "team", "Value": "vision"}],
    )
    for trial in ("two", "five"):
        sagemaker.call(
            "associate_trial_component",
            TrialComponentName=f"{name}-pre",
            TrialName=f"{name}-{trial}",
        )
    return name


def test_the_newest_change_comes_first(services, sagemaker):
    names = [f"order-{number}" for number in "abc"]
    for name in names:
        sagemaker.call("create_experiment", ExperimentName=name)
    sagemaker.call("update_experiment", ExperimentName="order-a", Description="changed")
    page = services.experiments.list_experiments("local", PageRequest(name_contains="order-"))
    assert [found.experiment_name for found in page.experiments] == [
        "order-a",
        "order-c",
        "order-b",
    ]
    by_name = PageRequest(name_contains="ORDER-", sort_by="Name", sort_order="Ascending")
    page = services.experiments.list_experiments("local", by_name)
    assert [found.experiment_name for found in page.experiments] == names


def test_a_filter_looks_at_display_names_too(services, sagemaker):
    sagemaker.call("create_experiment", ExperimentName="plain", DisplayName="Fashion-items")
    page = services.experiments.list_experiments("local", PageRequest(name_contains="fashion"))
    assert [found.display_name for found in page.experiments] == ["Fashion-items"]


def test_pages_follow_each_other_without_a_gap(services, sagemaker):
    names = [f"page-{number}" for number in range(5)]
    for name in names:
        sagemaker.call("create_experiment", ExperimentName=name)
    found, token = [], None
    while True:
        page = services.experiments.list_experiments(
            "local",
            PageRequest(
                next_token=token,
                max_results=2,
                name_contains="page-",
                sort_by="Name",
                sort_order="Ascending",
            ),
        )
        found += [one.experiment_name for one in page.experiments]
        token = page.next_token
        if token is None:
            break
        assert (page.unassigned is None) or len(found) == 2  # told with the first page only
    assert found == names


def test_an_experiment_says_what_it_is(services, experiment):
    found = services.experiments.describe_experiment("local", experiment)
    assert (found.experiment_name, found.display_name) == (experiment, experiment)
    assert found.description == "Handwritten digits"
    assert found.experiment_arn.endswith(f":experiment/{experiment}")


def test_trials_know_their_experiment(services, experiment):
    page = services.experiments.list_trials("local", experiment, FIRST)
    assert {(found.trial_name, found.experiment_name) for found in page.trials} == {
        (f"{experiment}-two", experiment),
        (f"{experiment}-five", experiment),
    }
    trial = services.experiments.describe_trial("local", f"{experiment}-two")
    assert trial.experiment_name == experiment


def test_a_shared_component_is_in_each_of_its_trials(services, experiment):
    for trial in ("two", "five"):
        page = services.experiments.list_trial_components("local", f"{experiment}-{trial}", FIRST)
        assert [(c.trial_component_name, c.display_name, c.type, c.status)
                for c in page.trial_components] == [
            (f"{experiment}-pre", "Preprocessing", "Undefined", "Completed")
        ]  # fmt: skip


def test_a_component_in_full_has_parameters_parents_and_tags(services, experiment):
    found = services.experiments.describe_trial_component("local", f"{experiment}-pre")
    assert found.parameters == {"mean": 0.13, "optimizer": '"sgd"'}
    assert {(p.trial_name, p.experiment_name) for p in found.parents} == {
        (f"{experiment}-two", experiment),
        (f"{experiment}-five", experiment),
    }
    assert found.tags == {"team": "vision"}
    assert found.status_message == "as it should"


def test_a_component_in_no_trial_is_unassigned_until_it_is_in_one(services, sagemaker, experiment):
    name = f"{experiment}-lonely"
    sagemaker.call("create_trial_component", TrialComponentName=name)
    page = services.experiments.list_experiments("local", FIRST)
    described = services.experiments.describe_trial_component("local", name)
    assert page.unassigned.last_modified_time == described.last_modified_time
    listed = services.experiments.list_unassigned("local", FIRST).trial_components
    assert name in [found.trial_component_name for found in listed]
    assert f"{experiment}-pre" not in [found.trial_component_name for found in listed]
    sagemaker.call(
        "associate_trial_component", TrialComponentName=name, TrialName=f"{experiment}-two"
    )
    listed = services.experiments.list_unassigned("local", FIRST).trial_components
    assert name not in [found.trial_component_name for found in listed]


def test_metrics_of_a_real_job_are_those_of_its_log(services, trained):
    (metric,) = services.experiments.list_metrics("local", trained).metrics
    assert metric.metric_name == "factor"
    assert (metric.last, metric.max, metric.min, metric.avg, metric.count) == (
        3.0,
        3.0,
        1.0,
        2.0,
        2,
    )
    assert metric.std_dev == pytest.approx(2**0.5)  # of 1 and 3, divided by n - 1


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (
            lambda e: e.describe_experiment("local", "nobody"),
            "The experiment nobody does not exist.",
        ),
        (
            lambda e: e.list_trials("local", "nobody", FIRST),
            "The experiment nobody does not exist.",
        ),
        (lambda e: e.describe_trial("local", "nobody"), "The trial nobody does not exist."),
        (
            lambda e: e.list_trial_components("local", "nobody", FIRST),
            "The trial nobody does not exist.",
        ),
        (
            lambda e: e.describe_trial_component("local", "nobody"),
            "The trial component nobody does not exist.",
        ),
        (lambda e: e.list_metrics("local", "nobody"), "The trial component nobody does not exist."),
        (
            lambda e: e.stop_training_job("local", "nobody"),
            "The training job nobody does not exist.",
        ),
    ],
)
def test_what_does_not_exist_is_named(services, ask, sentence):
    with pytest.raises(NotFound) as raised:
        ask(services.experiments)
    assert raised.value.message == sentence


def test_an_empty_list_of_what_exists_is_empty(services, sagemaker):
    sagemaker.call("create_experiment", ExperimentName="empty")
    assert services.experiments.list_trials("local", "empty", FIRST).trials == []


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"max_results": 0}, "max_results"),
        ({"max_results": 101}, "max_results"),
        ({"sort_by": "Size"}, "sort_by"),
        ({"sort_order": "Up"}, "sort_order"),
    ],
)
def test_a_page_that_no_list_has_is_refused(members, field):
    with pytest.raises(InvalidRequest) as raised:
        PageRequest(**members)
    assert raised.value.details == {"field": field}


def test_a_job_that_has_ended_cannot_be_stopped(services, trained):
    with pytest.raises(InvalidRequest) as raised:
        services.experiments.stop_training_job("local", "multiply")
    assert "in status Completed" in raised.value.message


def test_stopping_can_be_switched_off(tmp_path, local_service):
    services = build_services(tmp_path, lambda: local_service, switches=Switches(read_only=True))
    with pytest.raises(AccessDenied) as raised:
        services.experiments.stop_training_job("local", "multiply")
    assert raised.value.message == "Disabled by your administrator."


# As AWS may answer: botocore's stubs refuse what SageMaker's model does not have.

DENIED = "User: ada is not authorized to perform: sagemaker:Search on resource: *"
SUMMARY = {"CreationTime": 1660132800, "LastModifiedTime": 1660132800}


@pytest.fixture
def stubbed(tmp_path):
    """Services on a SageMaker whose answers a test writes."""
    nowhere = LocalService(
        sagemaker_url="http://127.0.0.1:1",
        metrics_url="http://127.0.0.1:1",
        runtime_url="http://127.0.0.1:1",
        access_key_id="AKIDLOCAL",
        secret_access_key="secret",
        region="us-east-1",
        account="000000000000",
        pid=1,
        data_dir="/nowhere",
    )
    services = build_services(tmp_path, lambda: nowhere)
    with Stubber(services.gateway.sagemaker("local").client()) as stubber:
        yield services.experiments, stubber
        stubber.assert_no_pending_responses()


def test_who_may_not_search_gets_the_list_of_the_list_operation(stubbed):
    experiments, stubber = stubbed
    stubber.add_client_error("search", "AccessDeniedException", DENIED)
    stubber.add_response(
        "list_experiments",
        {"ExperimentSummaries": [{"ExperimentName": "mnist", **SUMMARY}]},
        {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 100},
    )
    stubber.add_client_error("search", "AccessDeniedException", DENIED)
    page = experiments.list_experiments("local", FIRST)
    assert [found.experiment_name for found in page.experiments] == ["mnist"]
    assert page.unassigned is None


def test_a_filter_without_search_follows_pages_until_something_is_found(stubbed):
    experiments, stubber = stubbed
    stubber.add_client_error("search", "AccessDeniedException", DENIED)
    for name, token in [("cifar", "more"), ("MNIST-2", None)]:
        answer = {"TrialSummaries": [{"TrialName": name, **SUMMARY}]}
        stubber.add_response("list_trials", {**answer, **({"NextToken": token} if token else {})})
    page = experiments.list_trials("local", "digits", PageRequest(name_contains="mnist"))
    assert [(found.trial_name, found.experiment_name) for found in page.trials] == [
        ("MNIST-2", "digits")
    ]


def test_unassigned_components_need_search(stubbed):
    experiments, stubber = stubbed
    stubber.add_client_error("search", "AccessDeniedException", DENIED)
    with pytest.raises(AccessDenied) as raised:
        experiments.list_unassigned("local", FIRST)
    assert raised.value.details["action"] == "sagemaker:Search"


def test_a_component_is_described_without_its_parents_where_search_is_denied(stubbed):
    experiments, stubber = stubbed
    stubber.add_response("describe_trial_component", {"TrialComponentName": "pre", **SUMMARY})
    stubber.add_client_error("search", "AccessDeniedException", DENIED)
    assert experiments.describe_trial_component("local", "pre").parents == ()


def test_the_unassigned_entry_stays_as_it_was_while_it_cannot_be_asked_for(stubbed):
    experiments, stubber = stubbed
    lonely = {"TrialComponent": {"TrialComponentName": "lonely", **SUMMARY}}
    expected = {
        "Resource": "ExperimentTrialComponent",
        "SearchExpression": {"Filters": [{"Name": "Parents.TrialName", "Operator": "NotExists"}]},
        "SortBy": "LastModifiedTime",
        "SortOrder": "Descending",
        "MaxResults": 1,
    }
    stubber.add_response("search", {"Results": []}, {
        "Resource": "Experiment", "SortBy": ANY, "SortOrder": ANY, "MaxResults": 100,
    })  # fmt: skip
    stubber.add_response("search", {"Results": [lonely]}, expected)
    first = experiments.list_experiments("local", FIRST)
    stubber.add_response("search", {"Results": []})
    stubber.add_client_error("search", "ThrottlingException", "Rate exceeded")
    assert experiments.list_experiments("local", FIRST) == first


def test_a_list_that_is_throttled_is_not_shown_as_empty(stubbed):
    experiments, stubber = stubbed
    stubber.add_client_error("search", "ThrottlingException", "Rate exceeded")
    with pytest.raises(Throttled):
        experiments.list_experiments("local", FIRST)
