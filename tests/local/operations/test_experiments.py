"""Experiments, trials, trial components and tags, by boto3 and as JSON."""

from __future__ import annotations

import time
from datetime import datetime, timezone

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from tests.support.local.wire import assert_fits, call

ARN = "arn:aws:sagemaker:us-east-1:000000000000:"


def error_of(function, /, **arguments):
    with pytest.raises(ClientError) as caught:
        function(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_life_of_an_experiment_fits_the_model(local_service: LocalService):
    """Every answer of every action here has the members of its shape and no others."""
    answers = {}

    def do(operation, **body):
        reply = call(local_service, operation, body)
        assert reply.status == 200, (operation, reply.body)
        assert_fits(operation, reply.json)
        answers[operation] = reply.json
        return reply.json

    tags = [{"Key": "team", "Value": "vision"}]
    do("CreateExperiment", ExperimentName="digits", Description="handwritten", Tags=tags)
    do("CreateTrial", TrialName="hidden-2", ExperimentName="digits", Tags=tags)
    do(
        "CreateTrialComponent",
        TrialComponentName="training-2",
        DisplayName="Training",
        Status={"PrimaryStatus": "InProgress", "Message": "just begun"},
        StartTime=1700000000.25,
        EndTime=1700000100,
        Parameters={"lr": {"NumberValue": 0.1}, "optimizer": {"StringValue": "sgd"}},
        InputArtifacts={"train": {"Value": "file:///data/digits", "MediaType": "text/csv"}},
        OutputArtifacts={"model": {"Value": "s3://bucket/model.tar.gz"}},
        MetadataProperties={"CommitId": "abc123"},
        Tags=tags,
    )
    do("AssociateTrialComponent", TrialComponentName="training-2", TrialName="hidden-2")
    do("UpdateExperiment", ExperimentName="digits", DisplayName="Digits")
    do("UpdateTrial", TrialName="hidden-2", DisplayName="Two-channels")
    do("UpdateTrialComponent", TrialComponentName="training-2", Parameters={})
    assert do("DescribeExperiment", ExperimentName="digits")["DisplayName"] == "Digits"
    assert do("DescribeTrial", TrialName="hidden-2")["ExperimentName"] == "digits"
    component = do("DescribeTrialComponent", TrialComponentName="training-2")
    assert component["StartTime"] == 1700000000.25
    assert component["Parameters"] == {
        "lr": {"NumberValue": 0.1},
        "optimizer": {"StringValue": "sgd"},
    }
    assert component["Metrics"] == []
    for resource in ("Experiment", "ExperimentTrial", "ExperimentTrialComponent"):
        assert do("Search", Resource=resource)["Results"]
    do("ListExperiments")
    do("ListTrials")
    do("ListTrialComponents")
    arn = answers["DescribeTrial"]["TrialArn"]
    do("AddTags", ResourceArn=arn, Tags=[{"Key": "more", "Value": ""}])
    assert len(do("ListTags", ResourceArn=arn)["Tags"]) == 2
    do("DeleteTags", ResourceArn=arn, TagKeys=["more"])
    do("DisassociateTrialComponent", TrialComponentName="training-2", TrialName="hidden-2")
    do("DeleteTrialComponent", TrialComponentName="training-2")
    do("DeleteTrial", TrialName="hidden-2")
    do("DeleteExperiment", ExperimentName="digits")


def test_names_are_unique_without_case_and_keep_it(sagemaker):
    sagemaker.create_experiment(ExperimentName="Mixed-Case")
    assert error_of(sagemaker.create_experiment, ExperimentName="mixed-case") == (
        "ValidationException",
        "Experiment names must be unique within an AWS account and region. "
        "Experiment with name (mixed-case) already exists.",
    )
    found = sagemaker.describe_experiment(ExperimentName="MIXED-CASE")
    assert found["ExperimentName"] == "Mixed-Case"
    assert found["ExperimentArn"] == ARN + "experiment/Mixed-Case"


def test_taken_names_of_trials_and_components_say_so(sagemaker):
    sagemaker.create_experiment(ExperimentName="taken")
    sagemaker.create_trial(TrialName="taken", ExperimentName="taken")
    sagemaker.create_trial_component(TrialComponentName="taken")
    trial = error_of(sagemaker.create_trial, TrialName="Taken", ExperimentName="taken")
    component = error_of(sagemaker.create_trial_component, TrialComponentName="Taken")
    assert trial[1].endswith("Trial with name (Taken) already exists.")
    assert component[1].endswith("Trial Component with name (Taken) already exists.")


def test_what_is_missing_is_resource_not_found_everywhere(sagemaker):
    calls = [
        (sagemaker.describe_experiment, {"ExperimentName": "absent"}),
        (sagemaker.update_experiment, {"ExperimentName": "absent"}),
        (sagemaker.delete_experiment, {"ExperimentName": "absent"}),
        (sagemaker.create_trial, {"TrialName": "new", "ExperimentName": "absent"}),
        (sagemaker.describe_trial, {"TrialName": "absent"}),
        (sagemaker.update_trial, {"TrialName": "absent"}),
        (sagemaker.delete_trial, {"TrialName": "absent"}),
        (sagemaker.list_trials, {"ExperimentName": "absent"}),
        (sagemaker.list_trials, {"TrialComponentName": "absent"}),
        (sagemaker.describe_trial_component, {"TrialComponentName": "absent"}),
        (
            sagemaker.describe_trial_component,
            {"TrialComponentName": ARN + "experiment-trial-component/absent"},
        ),
        (sagemaker.update_trial_component, {"TrialComponentName": "absent"}),
        (sagemaker.delete_trial_component, {"TrialComponentName": "absent"}),
        (sagemaker.list_trial_components, {"TrialName": "absent"}),
        (sagemaker.list_trial_components, {"ExperimentName": "absent"}),
        (
            sagemaker.associate_trial_component,
            {"TrialComponentName": "absent", "TrialName": "absent"},
        ),
        (sagemaker.list_tags, {"ResourceArn": ARN + "experiment/absent"}),
    ]
    for function, arguments in calls:
        code, message = error_of(function, **arguments)
        assert code == "ResourceNotFound", arguments
        assert message.endswith("does not exist."), arguments


def test_a_trial_that_still_holds_a_component_cannot_be_deleted(sagemaker):
    sagemaker.create_experiment(ExperimentName="held")
    sagemaker.create_trial(TrialName="held", ExperimentName="held")
    sagemaker.create_trial_component(TrialComponentName="held")
    sagemaker.associate_trial_component(TrialComponentName="held", TrialName="held")
    for function, arguments in (
        (sagemaker.delete_trial_component, {"TrialComponentName": "held"}),
        (sagemaker.delete_trial, {"TrialName": "held"}),
        (sagemaker.delete_experiment, {"ExperimentName": "held"}),
    ):
        code, message = error_of(function, **arguments)
        assert code == "ValidationException"
        assert "is linked to 1 or more trial" in message
    sagemaker.disassociate_trial_component(TrialComponentName="held", TrialName="held")
    sagemaker.delete_trial_component(TrialComponentName="held")
    sagemaker.delete_trial(TrialName="held")
    sagemaker.delete_experiment(ExperimentName="held")


def test_an_association_made_twice_is_one_and_a_component_may_sit_in_many_trials(sagemaker):
    sagemaker.create_experiment(ExperimentName="shared")
    sagemaker.create_trial_component(TrialComponentName="preprocessing")
    for number in range(3):
        sagemaker.create_trial(TrialName=f"shared-{number}", ExperimentName="shared")
        for _ in range(2):
            sagemaker.associate_trial_component(
                TrialComponentName="preprocessing", TrialName=f"shared-{number}"
            )
    trials = sagemaker.list_trials(TrialComponentName="preprocessing")["TrialSummaries"]
    assert [trial["TrialName"] for trial in trials] == ["shared-2", "shared-1", "shared-0"]
    components = sagemaker.list_trial_components(ExperimentName="shared")
    assert [c["TrialComponentName"] for c in components["TrialComponentSummaries"]] == [
        "preprocessing"
    ]


def test_taking_a_component_out_of_a_trial_it_is_not_in_is_an_error(sagemaker):
    sagemaker.create_experiment(ExperimentName="apart")
    sagemaker.create_trial(TrialName="apart", ExperimentName="apart")
    sagemaker.create_trial_component(TrialComponentName="apart")
    code, message = error_of(
        sagemaker.disassociate_trial_component, TrialComponentName="apart", TrialName="apart"
    )
    assert (code, "is not associated with" in message) == ("ResourceNotFound", True)


def test_an_update_merges_by_key_and_removal_wins(sagemaker):
    sagemaker.create_trial_component(
        TrialComponentName="merged",
        Parameters={"kept": {"NumberValue": 1}, "gone": {"StringValue": "x"}},
        InputArtifacts={"data": {"Value": "s3://a"}},
    )
    sagemaker.update_trial_component(
        TrialComponentName="merged",
        Parameters={"new": {"NumberValue": 2}, "brief": {"NumberValue": 3}},
        ParametersToRemove=["gone", "brief"],
        InputArtifacts={},
        OutputArtifacts={"model": {"Value": "s3://b"}},
        InputArtifactsToRemove=["data"],
    )
    found = sagemaker.describe_trial_component(TrialComponentName="merged")
    assert found["Parameters"] == {"kept": {"NumberValue": 1.0}, "new": {"NumberValue": 2.0}}
    assert found["InputArtifacts"] == {}
    assert found["OutputArtifacts"] == {"model": {"Value": "s3://b"}}


def test_an_update_changes_only_what_was_sent(sagemaker):
    start = datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=timezone.utc)
    sagemaker.create_trial_component(
        TrialComponentName="partly", DisplayName="Partly", StartTime=start
    )
    sagemaker.update_trial_component(
        TrialComponentName="partly", Status={"PrimaryStatus": "Completed"}
    )
    found = sagemaker.describe_trial_component(TrialComponentName="partly")
    assert found["Status"] == {"PrimaryStatus": "Completed"}
    assert (found["DisplayName"], found["StartTime"]) == ("Partly", start)
    assert "EndTime" not in found


def test_a_component_is_found_by_its_arn_too(sagemaker):
    arn = sagemaker.create_trial_component(TrialComponentName="By-Arn")["TrialComponentArn"]
    for spelling in (arn, arn.replace("By-Arn", "by-arn")):
        found = sagemaker.describe_trial_component(TrialComponentName=spelling)
        assert found["TrialComponentName"] == "By-Arn"


def test_limits_hold_after_a_merge_as_well(sagemaker):
    three_hundred = {f"key-{n}": {"NumberValue": n} for n in range(300)}
    sagemaker.create_trial_component(TrialComponentName="full", Parameters=three_hundred)
    code, message = error_of(
        sagemaker.update_trial_component,
        TrialComponentName="full",
        Parameters={"one-more": {"NumberValue": 1}},
    )
    assert code == "ValidationException"
    assert "at most 300 Parameters" in message
    found = sagemaker.describe_trial_component(TrialComponentName="full")
    assert len(found["Parameters"]) == 300


def test_a_number_that_is_none_is_refused(sagemaker):
    for value in (float("nan"), float("inf")):
        code, message = error_of(
            sagemaker.create_trial_component,
            TrialComponentName="not-a-number",
            Parameters={"loss": {"NumberValue": value}},
        )
        assert code == "ValidationException"
        assert "parameters.loss.member.numberValue" in message


def test_only_one_filter_of_a_component_list_may_be_given(sagemaker):
    code, _ = error_of(sagemaker.list_trial_components, TrialName="a", ExperimentName="b")
    assert code == "ValidationException"


def test_lists_are_newest_first_and_paged(sagemaker):
    names = [f"paged-{n:02}" for n in range(12)]
    sagemaker.create_experiment(ExperimentName="paged")
    for name in names:
        sagemaker.create_trial(TrialName=name, ExperimentName="paged")
    first = sagemaker.list_trials(ExperimentName="paged")
    assert [t["TrialName"] for t in first["TrialSummaries"]] == names[:1:-1]
    # Something new in front does not shift the next page.
    sagemaker.create_trial(TrialName="paged-late", ExperimentName="paged")
    second = sagemaker.list_trials(ExperimentName="paged", NextToken=first["NextToken"])
    assert [t["TrialName"] for t in second["TrialSummaries"]] == ["paged-01", "paged-00"]
    assert "NextToken" not in second
    by_name = sagemaker.list_trials(
        ExperimentName="paged", SortBy="Name", SortOrder="Ascending", MaxResults=2
    )
    assert [t["TrialName"] for t in by_name["TrialSummaries"]] == names[:2]


def test_lists_are_bounded_by_creation_time(sagemaker):
    sagemaker.create_experiment(ExperimentName="early")
    created = sagemaker.describe_experiment(ExperimentName="early")["CreationTime"]
    while datetime.now(timezone.utc).timestamp() <= created.timestamp() + 0.002:
        time.sleep(0.001)
    sagemaker.create_experiment(ExperimentName="late")
    late = sagemaker.describe_experiment(ExperimentName="late")["CreationTime"]
    after = sagemaker.list_experiments(CreatedAfter=created)["ExperimentSummaries"]
    assert "late" in {e["ExperimentName"] for e in after}
    assert "early" not in {e["ExperimentName"] for e in after}
    before = sagemaker.list_experiments(CreatedBefore=late, MaxResults=100)["ExperimentSummaries"]
    assert "early" in {e["ExperimentName"] for e in before}
    assert "late" not in {e["ExperimentName"] for e in before}


def test_a_token_of_another_request_is_refused(sagemaker):
    for number in range(3):
        sagemaker.create_experiment(ExperimentName=f"token-{number}")
    token = sagemaker.list_experiments(MaxResults=1)["NextToken"]
    for arguments in ({"NextToken": "nonsense"}, {"NextToken": token, "SortBy": "Name"}):
        assert error_of(sagemaker.list_experiments, **arguments)[0] == "ValidationException"


def test_association_and_metrics_move_the_last_modified_time(sagemaker, metrics_client):
    def modified():
        found = sagemaker.describe_trial_component(TrialComponentName="watched")
        return found["LastModifiedTime"]

    sagemaker.create_experiment(ExperimentName="watched")
    sagemaker.create_trial(TrialName="watched", ExperimentName="watched")
    sagemaker.create_trial_component(TrialComponentName="watched")
    link = {"TrialComponentName": "watched", "TrialName": "watched"}
    point = {"MetricName": "loss", "Timestamp": 1700000000, "Value": 1.0}
    for change in (
        lambda: sagemaker.associate_trial_component(**link),
        lambda: metrics_client.batch_put_metrics(TrialComponentName="watched", MetricData=[point]),
        lambda: sagemaker.disassociate_trial_component(**link),
        lambda: sagemaker.add_tags(
            ResourceArn=ARN + "experiment-trial-component/watched",
            Tags=[{"Key": "seen", "Value": "yes"}],
        ),
    ):
        before = modified()
        time.sleep(0.002)
        change()
        assert modified() > before


def test_tags_are_added_replaced_listed_and_taken_away(sagemaker):
    arn = sagemaker.create_experiment(ExperimentName="tagged", Tags=[{"Key": "a", "Value": "1"}])[
        "ExperimentArn"
    ]
    answer = sagemaker.add_tags(
        ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "3"}]
    )
    assert answer["Tags"] == [{"Key": "a", "Value": "3"}, {"Key": "b", "Value": "2"}]
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a", "absent"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert sagemaker.list_tags(ResourceArn=arn.replace("tagged", "TAGGED"))["Tags"]


def test_tags_go_with_what_they_were_on(sagemaker):
    tags = [{"Key": "a", "Value": "1"}]
    sagemaker.create_experiment(ExperimentName="reborn", Tags=tags)
    sagemaker.delete_experiment(ExperimentName="reborn")
    arn = sagemaker.create_experiment(ExperimentName="reborn")["ExperimentArn"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == []


def test_reserved_double_and_too_many_tags_are_refused(sagemaker):
    arn = sagemaker.create_experiment(ExperimentName="overtagged")["ExperimentArn"]
    for tags in (
        [{"Key": "aws:x", "Value": "1"}],
        [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}],
    ):
        code = error_of(sagemaker.add_tags, ResourceArn=arn, Tags=tags)[0]
        assert code == "ValidationException"
    forty = [{"Key": f"first-{n}", "Value": ""} for n in range(40)]
    eleven = [{"Key": f"second-{n}", "Value": ""} for n in range(11)]
    sagemaker.add_tags(ResourceArn=arn, Tags=forty)
    assert "50 are allowed" in error_of(sagemaker.add_tags, ResourceArn=arn, Tags=eleven)[1]
    assert len(sagemaker.list_tags(ResourceArn=arn)["Tags"]) == 40


def test_who_made_it_is_the_caller(sagemaker):
    sagemaker.create_experiment(ExperimentName="mine")
    found = sagemaker.describe_experiment(ExperimentName="mine")
    assert found["CreatedBy"]["IamIdentity"]["Arn"].startswith(
        "arn:aws:sts::000000000000:assumed-role/"
    )
    assert found["LastModifiedBy"] == found["CreatedBy"]
