"""Filters of lists: over everything there is, on the real local service and as AWS is asked."""

import pytest
from botocore.stub import ANY

from smx_lab.core.errors import AccessDenied, InvalidRequest
from smx_lab.core.limits import MAX_SEARCH_FILTERS
from smx_lab.core.list_filter import ListFilter
from smx_lab.gateway.credentials.caller_identity import CallerIdentity
from smx_lab.services.browsing.list_filters import to_expressions
from smx_lab.services.browsing.paging import PageRequest

NAMES = ("TrialName", "DisplayName")
STRANGER = "arn:aws:sts::111122223333:assumed-role/Role/grace"
DENIED = (
    "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sagemaker:Search "
    "on resource: *"
)


def where(column, operator, *values):
    return ListFilter(column=column, operator=operator, values=values)


@pytest.fixture(scope="module")
def tracked(train, trained, local_service):
    """Three experiments and two trial components beside that of a real training job."""
    from smx_lab.gateway.connections import ConnectionOptions, Connections

    sagemaker = Connections(ConnectionOptions(), lambda: local_service).sagemaker("local")
    for name, team in (("mnist", "vision"), ("cifar", "Vision"), ("churn", None)):
        tags = [{"Key": "team", "Value": team}] if team else []
        sagemaker.call("create_experiment", ExperimentName=name, Tags=tags)
    sagemaker.call("update_experiment", ExperimentName="churn", DisplayName="Mnistic-churn")
    sagemaker.call("create_trial", TrialName="mnist-two", ExperimentName="mnist")
    for name in ("preprocessing", trained):
        if name == "preprocessing":
            sagemaker.call("create_trial_component", TrialComponentName=name)
        sagemaker.call("associate_trial_component", TrialComponentName=name, TrialName="mnist-two")
    return trained


def experiments(services, *filters, **page):
    found = services.experiments.list_experiments("local", PageRequest(filters=filters, **page))
    return sorted(experiment.experiment_name for experiment in found.experiments)


def components(services, *filters):
    page = PageRequest(filters=filters)
    found = services.experiments.list_trial_components("local", "mnist-two", page)
    return sorted(component.trial_component_name for component in found.trial_components)


def test_names_and_display_names_that_contain_a_text(services, tracked):
    assert experiments(services, where("Name", "contains", "MNIST")) == ["churn", "mnist"]
    both = (where("Name", "contains", "mnist"), where("Name", "contains", "churn"))
    assert experiments(services, *both) == ["churn"]
    assert experiments(services, both[0], name_contains="chu") == ["churn"]


def test_a_tag_is_met_by_its_whole_value_or_by_any(services, tracked):
    assert experiments(services, where("tag:team", "is", "vision")) == ["mnist"]
    assert experiments(services, where("tag:team", "is", "vis")) == []
    assert experiments(services, where("tag:team", "exists")) == ["cifar", "mnist"]


def test_a_page_is_cut_from_what_passes(services, tracked):
    filters = (where("tag:team", "exists"),)
    first = services.experiments.list_experiments(
        "local", PageRequest(filters=filters, max_results=1)
    )
    second = services.experiments.list_experiments(
        "local", PageRequest(filters=filters, max_results=1, next_token=first.next_token)
    )
    assert [len(first.experiments), len(second.experiments)] == [1, 1]
    assert first.next_token is not None
    assert second.next_token is None


def test_instants_with_both_ends_to_the_millisecond(services, tracked):
    described = services.experiments.describe_experiment("local", "cifar")
    created = described.creation_time.timestamp() * 1000 // 1
    second = created // 1000 * 1000
    within = where("CreationTime", "between", second, second + 999)
    assert "cifar" in experiments(services, within)
    assert "cifar" not in experiments(services, where("CreationTime", "le", second - 1))
    assert "cifar" in experiments(services, where("CreationTime", "ge", second))
    assert "cifar" not in experiments(services, where("LastModifiedTime", "ge", second + 60_000))


def test_created_by_me_and_by_everyone_else(services, tracked, monkeypatch):
    assert experiments(services, where("CreatedBy", "mine")) == ["churn", "cifar", "mnist"]
    assert experiments(services, where("CreatedBy", "not_mine")) == []
    sagemaker = services.gateway.sagemaker("local")
    monkeypatch.setattr(sagemaker, "caller", lambda: CallerIdentity(STRANGER))
    assert experiments(services, where("CreatedBy", "mine")) == []
    assert experiments(services, where("CreatedBy", "not_mine")) == ["churn", "cifar", "mnist"]


def test_types_of_trial_components(services, tracked):
    assert components(services, where("Type", "in", "Training job")) == [tracked]
    assert components(services, where("Type", "in", "Undefined")) == ["preprocessing"]
    assert components(services, where("Type", "in", "Processing job")) == []
    both = where("Type", "in", "Training job", "Undefined")
    assert components(services, both) == sorted([tracked, "preprocessing"])


def test_as_many_filters_as_there_may_be_are_one_search(services, tracked):
    names = [where("Name", "contains", part) for part in ("mni", "nis", "ist")] * 6
    dates = [where("CreationTime", "ge", 0)] * 2
    found = experiments(services, *names, *dates, name_contains="mnist")
    assert found == ["churn", "mnist"]
    tags = [where("tag:team", "exists")] * MAX_SEARCH_FILTERS
    assert experiments(services, *tags, name_contains="mnist") == ["mnist"]


def test_keys_of_tags_are_offered_by_how_they_start(services, tracked):
    listing = services.experiments.list_tag_keys
    assert listing("local", "experiments", "te").keys == ["team"]
    assert listing("local", "experiments", "TE").keys == []
    assert listing("local", "trials", "").keys == []


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ([where("Name", "contains", "x")] * 21, "at most 20 filters"),
        ([where("Status", "in", "Failed")], "nothing that a list can be filtered by"),
        ([where("tag:", "exists")], "nothing that a list can be filtered by"),
        ([where("Name", "in", "x")], "cannot be filtered by “in”"),
        ([where("Type", "in")], "at least one value"),
        ([where("CreationTime", "between", 1.0)], "takes 2 values, not 1"),
        ([where("CreationTime", "ge", "now")], "takes times"),
        ([where("Name", "contains", "")], "has 1 to 1024 characters"),
        ([where("CreatedBy", "mine", "me")], "takes 0 values"),
    ],
)
def test_a_filter_that_breaks_a_rule_is_refused_by_name(filters, sentence):
    with pytest.raises(InvalidRequest, match=sentence) as raised:
        PageRequest(filters=tuple(filters))
    assert raised.value.details["field"] == "filters"


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (where("Type", "in", "Notebook job"), "is no type of trial component"),
        (where("CreationTime", "ge", 1e300), "is no time"),
    ],
)
def test_a_value_that_means_nothing_is_refused(item, sentence):
    with pytest.raises(InvalidRequest, match=sentence):
        to_expressions([item], NAMES, lambda: CallerIdentity(STRANGER))


def test_a_person_in_studio_is_looked_for_by_user_profile():
    (every, also) = to_expressions(
        [where("CreatedBy", "mine")], NAMES, lambda: CallerIdentity(STRANGER, "grace")
    )
    condition = {"Name": "CreatedBy.UserProfileName", "Operator": "Equals", "Value": "grace"}
    assert (every, also) == ([], [{"Filters": [condition]}])


def test_a_filtered_list_needs_search_and_says_so(stubbed_aws):
    services, stubber = stubbed_aws
    expression = {"Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "vision"}]}
    asked = {"Resource": "Experiment", "SearchExpression": expression, "SortBy": ANY,
             "SortOrder": ANY, "MaxResults": 100}  # fmt: skip
    stubber.add_client_error("search", "AccessDeniedException", DENIED, expected_params=asked)
    page = PageRequest(filters=(where("tag:team", "is", "vision"),))
    with pytest.raises(AccessDenied) as raised:
        services.experiments.list_experiments("aws@eu-west-1", page)
    assert raised.value.details["action"] == "sagemaker:Search"


def test_who_may_not_ask_for_suggestions_is_offered_no_keys(stubbed_aws):
    services, stubber = stubbed_aws
    stubber.add_client_error("get_search_suggestions", "AccessDeniedException", DENIED)
    assert services.experiments.list_tag_keys("aws@eu-west-1", "trials", "t").keys == []
