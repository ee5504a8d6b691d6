"""Which endpoints were deployed from a trial component, by AWS's own words for them."""

from datetime import datetime, timezone

import pytest

from smx_lab.services.clean_ups.endpoints import find_endpoints

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:{}/digits"
TIMES = {"CreationTime": NOW, "LastModifiedTime": NOW}
MODEL = {
    "ModelName": "digits",
    "ModelArn": ARN.format("model"),
    "CreationTime": NOW,
    "PrimaryContainer": {"ModelDataUrl": "s3://bucket/digits/model.tar.gz"},
}
CONFIG = {
    "EndpointConfigName": "digits",
    "EndpointConfigArn": ARN.format("endpoint-config"),
    "ProductionVariants": [{"VariantName": "AllTraffic", "ModelName": "digits"}],
    "CreationTime": NOW,
}


@pytest.mark.parametrize(
    ("status", "note"),
    [
        ("InService", None),
        ("Creating", "It is Creating: SageMaker deletes it only once that has ended."),
        ("Updating", "It is Updating: SageMaker deletes it only once that has ended."),
        ("Deleting", "It is being deleted already."),
    ],
)
def test_an_endpoint_is_found_by_its_model_s_artifact(stubbed_aws, status, note):
    services, stubber = stubbed_aws
    named = {"EndpointName": "digits", "EndpointArn": ARN.format("endpoint"), **TIMES}
    endpoint = {**named, "EndpointStatus": status, "EndpointConfigName": "digits"}
    summary = {**named, "EndpointStatus": status}
    config_summary = {
        name: CONFIG[name] for name in ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
    }
    stubber.add_response("list_endpoints", {"Endpoints": [summary]})
    stubber.add_response("describe_endpoint", endpoint)
    stubber.add_response("describe_endpoint_config", CONFIG)
    stubber.add_response("describe_model", MODEL)
    stubber.add_response("list_endpoints", {"Endpoints": [summary]})
    stubber.add_response("describe_endpoint", endpoint)
    stubber.add_response("list_endpoint_configs", {"EndpointConfigs": [config_summary]})
    stubber.add_response("describe_endpoint_config", CONFIG)
    sagemaker = services.gateway.sagemaker("aws@eu-west-1")
    found = find_endpoints(sagemaker, {"s3://bucket/digits/model.tar.gz": "digits-training"})
    (one,) = found.endpoints
    assert (one.endpoint_name, one.endpoint_status, one.note) == ("digits", status, note)
    assert one.trial_component_name == "digits-training"
    assert (one.endpoint_config_name, one.models, one.kept) == ("digits", ("digits",), {})
    assert found.is_complete


def test_without_an_artifact_nothing_is_asked_for(stubbed_aws):
    services, _ = stubbed_aws
    assert find_endpoints(services.gateway.sagemaker("aws@eu-west-1"), {}).endpoints == ()
