"""Endpoints on the real local service: what they are, what they answer, how they go."""

import base64
import json

import pytest

from smx_lab.contract.bodies import InvocationRequest
from smx_lab.core.deployment.plan import DeploymentRequest
from smx_lab.core.errors import AccessDenied, Conflict, InvalidRequest, ModelFailed, NotFound
from smx_lab.services.browsing.paging import PageRequest
from smx_lab.services.container import build_services
from smx_lab.services.deployments.endpoints import MAX_INVOCATION_BYTES
from smx_lab.services.switches import Switches

FIRST = PageRequest()


@pytest.fixture(scope="module")
def endpoint(local_service, trained, tmp_path_factory):
    """An endpoint in service, for the whole module; it multiplies by three."""
    services = build_services(tmp_path_factory.mktemp("data"), lambda: local_service)
    begun = services.deployments.create(
        "local", DeploymentRequest(trial_component_name=trained, endpoint_name="times-three")
    )
    done = services.operations.wait(begun.id, 120)
    assert (done.state, done.error) == ("succeeded", None)
    yield "times-three"
    services.close()


def invoke(services, **members):
    return services.endpoints.invoke_endpoint("local", "times-three", InvocationRequest(**members))


def test_an_endpoint_is_listed_by_name_and_status(services, endpoint):
    def names(page, status=""):
        found = services.endpoints.list_endpoints("local", page, status).endpoints
        return [(one.endpoint_name, one.endpoint_status) for one in found]

    assert names(FIRST) == [("times-three", "InService")]
    assert names(PageRequest(name_contains="three"), "InService") == [("times-three", "InService")]
    assert names(PageRequest(name_contains="four")) == []
    assert names(FIRST, "Failed") == []


def test_text_goes_in_and_comes_out(services, endpoint):
    result = invoke(services, body="1,2\n3,4", content_type="text/csv", accept="text/csv")
    assert (result.body, result.body_base64) == ("3.0,6.0\n9.0,12.0\n", None)
    assert result.content_type.startswith("text/csv")
    assert result.duration_ms > 0


def test_bytes_go_in_and_come_out_as_base64(services, endpoint):
    import io

    import numpy as np

    body = io.BytesIO()
    np.save(body, np.array([[1.0, 2.0]]))
    result = invoke(
        services,
        body_base64=base64.b64encode(body.getvalue()).decode(),
        content_type="application/x-npy",
        accept="application/x-npy",
    )
    assert result.body is None
    answer = np.load(io.BytesIO(base64.b64decode(result.body_base64)))
    assert answer.tolist() == [[3.0, 6.0]]


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({}, "body"),
        ({"body": "1", "body_base64": "MQ=="}, "body"),
        ({"body_base64": "not base64!"}, "body_base64"),
        ({"body": "x" * (MAX_INVOCATION_BYTES + 1)}, "body"),
    ],
)
def test_a_body_that_cannot_be_sent_is_refused(services, endpoint, members, field):
    with pytest.raises(InvalidRequest) as raised:
        invoke(services, **members)
    assert raised.value.details == {"field": field}


def test_a_model_that_fails_says_why(services, endpoint):
    with pytest.raises(ModelFailed) as raised:
        invoke(services, body="[]")
    assert raised.value.details["original_status_code"] == "500"
    assert "there is nothing to multiply" in raised.value.details["original_message"]


def test_an_endpoint_that_is_not_up_is_said_to_be_so(services, trained):
    begun = services.deployments.create(
        "local",
        DeploymentRequest(
            trial_component_name=trained,
            endpoint_name="without-code",
            environment={"SAGEMAKER_PROGRAM": "missing.py"},
        ),
    )
    services.operations.wait(begun.id, 120)
    with pytest.raises(Conflict) as raised:
        services.endpoints.invoke_endpoint("local", "without-code", InvocationRequest(body="1"))
    assert raised.value.message == "The endpoint without-code does not answer while it is Failed."


def test_what_does_not_exist_is_named(services):
    request = InvocationRequest(body="1")
    for ask in (
        lambda e: e.describe_endpoint("local", "nobody"),
        lambda e: e.plan_deletion("local", "nobody"),
        lambda e: e.delete_endpoint("local", "nobody"),
        lambda e: e.invoke_endpoint("local", "nobody", request),
    ):
        with pytest.raises(NotFound) as raised:
            ask(services.endpoints)
        assert raised.value.message == "The endpoint nobody does not exist."


def test_a_switched_off_action_is_refused(tmp_path, local_service):
    switches = Switches(allow_invoke=False, allow_delete=False)
    services = build_services(tmp_path, lambda: local_service, switches=switches)
    for ask in (
        lambda e: e.delete_endpoint("local", "times-three"),
        lambda e: e.invoke_endpoint("local", "times-three", InvocationRequest(body="1")),
    ):
        with pytest.raises(AccessDenied):
            ask(services.endpoints)


def test_what_others_use_is_kept_and_the_reason_is_said(services, sagemaker, endpoint, trained):
    # A second endpoint on the same configuration, and a second configuration of the same model.
    model = services.endpoints.plan_deletion("local", "times-three").models[0]
    sagemaker.call("create_endpoint", EndpointName="twin", EndpointConfigName="times-three")
    plan = services.endpoints.plan_deletion("local", "times-three")
    assert plan.endpoint_config_used_by == ("twin",)
    assert (plan.models, plan.models_kept) == ((), {model: "times-three"})
    assert plan.model_data == (
        services.endpoints.describe_endpoint("local", "times-three")
        .production_variants[0]
        .model_data,
    )

    deleted = services.operations.wait(
        services.endpoints.delete_endpoint("local", "twin", endpoint_config=True, models=True).id,
        60,
    )
    assert [step.name for step in deleted.steps] == ["Delete endpoint", "Wait until it is gone"]
    assert (deleted.state, deleted.error) == ("succeeded", None)

    variant = {
        "VariantName": "AllTraffic",
        "ModelName": model,
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
    }
    sagemaker.call(
        "create_endpoint_config", EndpointConfigName="other", ProductionVariants=[variant]
    )
    plan = services.endpoints.plan_deletion("local", "times-three")
    assert plan.endpoint_config_used_by == ()
    assert plan.models_kept == {model: "other"}
    sagemaker.call("delete_endpoint_config", EndpointConfigName="other")


def test_an_endpoint_is_deleted_as_soon_as_it_can_be(services, sagemaker, endpoint):
    # SageMaker refuses to delete an endpoint that is being created; the operation waits for that.
    sagemaker.call("create_endpoint", EndpointName="young", EndpointConfigName="times-three")
    begun = services.endpoints.delete_endpoint("local", "young")
    deleted = services.operations.wait(begun.id, 60)
    assert (deleted.state, deleted.error) == ("succeeded", None)
    with pytest.raises(NotFound):
        services.endpoints.describe_endpoint("local", "young")
    assert json.loads(invoke(services, body="[1]").body) == [[3.0]]
