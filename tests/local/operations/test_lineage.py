"""Artifacts and associations."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

PREFIX = "arn:aws:sagemaker:us-east-1:000000000000"


def create(sagemaker: Any, uri: str, **members: Any) -> str:
    arn: str = sagemaker.create_artifact(
        **{"Source": {"SourceUri": uri}, "ArtifactType": "DataSet", **members}
    )["ArtifactArn"]
    return arn


def refusal(call: Any, **members: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**members)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_an_artifact_is_described_as_it_was_made(sagemaker: Any):
    source = {
        "SourceUri": "s3://bucket/described",
        "SourceTypes": [{"SourceIdType": "S3ETag", "Value": "abc"}],
    }
    arn = sagemaker.create_artifact(
        ArtifactName="described",
        Source=source,
        ArtifactType="Model",
        Properties={"a": "1"},
        MetadataProperties={"CommitId": "c0ffee"},
        Tags=[{"Key": "team", "Value": "a"}],
    )["ArtifactArn"]
    assert arn.startswith(f"{PREFIX}:artifact/")
    found = sagemaker.describe_artifact(ArtifactArn=arn)
    assert found["ArtifactName"] == "described"
    assert found["Source"] == source
    assert found["ArtifactType"] == "Model"
    assert found["Properties"] == {"a": "1"}
    assert found["MetadataProperties"] == {"CommitId": "c0ffee"}
    assert found["CreationTime"] == found["LastModifiedTime"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "a"}]


def test_a_source_has_one_artifact(sagemaker: Any):
    arn = create(sagemaker, "s3://bucket/once")
    code, message = refusal(
        sagemaker.create_artifact,
        Source={"SourceUri": "s3://bucket/once"},
        ArtifactType="DataSet",
    )
    assert (code, arn in message) == ("ValidationException", True)
    assert "already exists" in message
    other = {
        "SourceUri": "s3://bucket/once",
        "SourceTypes": [{"SourceIdType": "Custom", "Value": "2"}],
    }
    assert create(sagemaker, "", Source=other) != arn


def test_an_update_merges_and_removes_properties(sagemaker: Any):
    arn = create(sagemaker, "s3://bucket/updated", Properties={"a": "1", "b": "2"})
    sagemaker.update_artifact(
        ArtifactArn=arn,
        ArtifactName="renamed",
        Properties={"c": "3"},
        PropertiesToRemove=["a", "unknown"],
    )
    found = sagemaker.describe_artifact(ArtifactArn=arn)
    assert found["ArtifactName"] == "renamed"
    assert found["Properties"] == {"b": "2", "c": "3"}
    many = {f"p{number}": "x" for number in range(29)}
    code, message = refusal(sagemaker.update_artifact, ArtifactArn=arn, Properties=many)
    assert (code, message) == ("ValidationException", "An artifact has at most 30 properties.")


def test_artifacts_are_listed_by_source_and_type_page_by_page(sagemaker: Any):
    arns = [
        create(sagemaker, f"s3://bucket/listed-{number}", ArtifactType="Listed")
        for number in range(3)
    ]
    pages = sagemaker.get_paginator("list_artifacts").paginate(
        ArtifactType="Listed", PaginationConfig={"PageSize": 2}
    )
    found = [[item["ArtifactArn"] for item in page["ArtifactSummaries"]] for page in pages]
    assert found == [[arns[2], arns[1]], [arns[0]]]
    by_source = sagemaker.list_artifacts(SourceUri="s3://bucket/listed-1")["ArtifactSummaries"]
    assert [item["ArtifactArn"] for item in by_source] == [arns[1]]


def test_an_association_is_made_once_and_listed_from_both_ends(sagemaker: Any):
    artifact = create(sagemaker, "s3://bucket/curve", ArtifactName="roc", ArtifactType="ROCCurve")
    component = sagemaker.create_trial_component(TrialComponentName="Producer")["TrialComponentArn"]
    ends = {"SourceArn": component.lower(), "DestinationArn": artifact}
    made = sagemaker.add_association(**ends, AssociationType="Produced")
    assert (made["SourceArn"], made["DestinationArn"]) == (component, artifact)
    code, message = refusal(sagemaker.add_association, **ends, AssociationType="Produced")
    assert (code, "already exists" in message) == ("ValidationException", True)
    for given in ({"SourceArn": component}, {"DestinationArn": artifact}):
        (found,) = sagemaker.list_associations(**given)["AssociationSummaries"]
        assert found["SourceName"] == "Producer"
        assert found["DestinationName"] == "roc"
        assert found["DestinationType"] == "ROCCurve"
        assert found["AssociationType"] == "Produced"
    assert (
        sagemaker.list_associations(SourceArn=component, AssociationType="DerivedFrom")[
            "AssociationSummaries"
        ]
        == []
    )
    code, _ = refusal(sagemaker.delete_artifact, ArtifactArn=artifact)
    assert code == "ValidationException"
    sagemaker.delete_association(SourceArn=component, DestinationArn=artifact)
    sagemaker.delete_artifact(Source={"SourceUri": "s3://bucket/curve"})
    code, _ = refusal(sagemaker.describe_artifact, ArtifactArn=artifact)
    assert code == "ResourceNotFound"


def test_a_deleted_trial_component_takes_its_associations_along(sagemaker: Any):
    artifact = create(sagemaker, "s3://bucket/left-alone")
    component = sagemaker.create_trial_component(TrialComponentName="short-lived")[
        "TrialComponentArn"
    ]
    sagemaker.add_association(SourceArn=artifact, DestinationArn=component)
    sagemaker.delete_trial_component(TrialComponentName="short-lived")
    assert sagemaker.list_associations(SourceArn=artifact)["AssociationSummaries"] == []
    sagemaker.delete_artifact(ArtifactArn=artifact)


@pytest.mark.parametrize(
    "arn",
    [f"{PREFIX}:artifact/{'0' * 32}", f"{PREFIX}:experiment/no-such", f"{PREFIX}:context/no-such"],
)
def test_what_does_not_exist_cannot_be_associated(sagemaker: Any, arn: str):
    artifact = create(sagemaker, f"s3://bucket/{arn.rsplit(':', 1)[1]}")
    code, message = refusal(sagemaker.add_association, SourceArn=artifact, DestinationArn=arn)
    assert (code, arn in message) == ("ResourceNotFound", True)
    code, _ = refusal(sagemaker.delete_association, SourceArn=artifact, DestinationArn=arn)
    assert code == "ResourceNotFound"


def test_an_artifact_is_deleted_by_its_arn_or_its_source(sagemaker: Any):
    code, message = refusal(sagemaker.delete_artifact)
    assert (code, message) == (
        "ValidationException",
        "Exactly one of ArtifactArn and Source must be specified.",
    )
