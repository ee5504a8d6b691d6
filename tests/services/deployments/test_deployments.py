"""From a real training job to a prediction, and back."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from smx_lab.contract.bodies import InvocationRequest
from smx_lab.core.deployment.plan import DeploymentRequest
from smx_lab.core.errors import AccessDenied, Conflict, InvalidRequest, NotFound
from smx_lab.services.container import build_services
from smx_lab.services.switches import Switches
from tests.support.multiply import BROKEN_SERVING, ROLE, SCRIPT


def request_for(component, **members):
    return DeploymentRequest(trial_component_name=component, **members)


def exists(sagemaker, operation, **members):
    try:
        sagemaker.call(operation, **members)
    except NotFound:
        return False
    return True


def states(operation):
    return [(step.name, step.state) for step in operation.steps]


def test_a_plan_says_everything_before_anything_is_created(services, sagemaker, trained):
    plan = services.deployments.plan("local", request_for(trained, endpoint_name="planned"))
    assert plan.training_job_name == "multiply"
    assert plan.training_job_status == "Completed"
    assert plan.model_data.endswith("/multiply/output/model.tar.gz")
    assert plan.image == plan.training_image == "sagemaker-scikit-learn:1.2-1-cpu-py3"
    assert plan.role_arn == ROLE
    assert (plan.endpoint_name, plan.endpoint_config_name) == ("planned", "planned")
    assert (plan.model_name, plan.variant_name) == ("multiply", "AllTraffic")
    assert (plan.instance_type, plan.instance_count) == ("ml.m5.xlarge", 1)
    assert plan.environment["SAGEMAKER_PROGRAM"] == "train.py"
    assert plan.environment["SAGEMAKER_SUBMIT_DIRECTORY"].startswith("file:///")
    assert plan.cost == "Runs on this machine"
    assert (plan.warnings, plan.field_errors) == ((), ())
    assert not exists(sagemaker, "describe_model", ModelName="multiply")


def test_a_plan_without_an_endpoint_name_is_no_error_but_cannot_be_carried_out(services, trained):
    request = request_for(trained)
    assert services.deployments.plan("local", request).field_errors == ()
    with pytest.raises(InvalidRequest) as raised:
        services.deployments.create("local", request)
    assert raised.value.details == {
        "endpoint_name": "Enter a name for the endpoint.",
        "field": "endpoint_name",
    }


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"endpoint_name": "a_b"}, "endpoint_name"),
        ({"endpoint_name": "x" * 64}, "endpoint_name"),
        ({"model_name": "a b"}, "model_name"),
        ({"variant_name": ""}, "variant_name"),
        ({"instance_type": "ml.p4d.24xlarge"}, "instance_type"),
        ({"instance_count": 0}, "instance_count"),
        ({"role_arn": "me"}, "role_arn"),
        ({"image": "an image"}, "image"),
        ({"environment": {"1": ""}}, "environment"),
        ({"tags": {"aws:x": ""}}, "tags"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(services, trained, members, field):
    plan = services.deployments.plan("local", request_for(trained, **members))
    assert [error.field for error in plan.field_errors] == [field]


def test_a_component_that_no_training_job_made_cannot_be_deployed(services, sagemaker):
    sagemaker.call("create_trial_component", TrialComponentName="by-hand", DisplayName="Notes")
    with pytest.raises(InvalidRequest) as raised:
        services.deployments.plan("local", request_for("by-hand"))
    assert raised.value.message == ("Notes does not come from a training job, so it has no model.")


def test_a_component_that_does_not_exist_cannot_be_deployed(services):
    with pytest.raises(NotFound) as raised:
        services.deployments.plan("local", request_for("nobody"))
    assert raised.value.message == "The trial component nobody does not exist."


def test_a_deployment_comes_into_service_answers_and_goes_away(services, sagemaker, trained):
    begun = services.deployments.create(
        "local", request_for(trained, endpoint_name="times-three", tags={"team": "vision"})
    )
    assert begun.title == "Deploy multiply-aws-training-job as times-three"
    done = services.operations.wait(begun.id, 120)
    assert done.error is None
    assert done.state == "succeeded"
    assert states(done) == [
        ("Create model", "succeeded"),
        ("Create endpoint configuration", "succeeded"),
        ("Create endpoint", "succeeded"),
        ("InService", "succeeded"),
    ]
    assert all(step.start_time <= step.end_time for step in done.steps)
    assert done.created == (
        "model/multiply",
        "endpoint_config/times-three",
        "endpoint/times-three",
    )
    assert done.result["endpoint_name"] == "times-three"
    assert not done.can_roll_back

    answer = services.endpoints.invoke_endpoint(
        "local", "times-three", InvocationRequest(body="[1, 2]")
    )
    assert json.loads(answer.body) == [[3.0, 6.0]]
    assert (answer.content_type, answer.variant_name) == ("application/json", "AllTraffic")

    endpoint = services.endpoints.describe_endpoint("local", "times-three")
    assert endpoint.endpoint_status == "InService"
    assert endpoint.trial_component_name == trained
    assert [(v.variant_name, v.model_name, v.instance_type, v.instance_count)
            for v in endpoint.production_variants] == [
        ("AllTraffic", "multiply", "ml.m5.xlarge", 1)
    ]  # fmt: skip

    # The name is taken now; a second deployment of the same job finds another for its model.
    plan = services.deployments.plan("local", request_for(trained, endpoint_name="times-three"))
    assert [error.message for error in plan.field_errors] == [
        "There is an endpoint named times-three already."
    ]
    assert plan.model_name == "multiply-2"

    plan = services.endpoints.plan_deletion("local", "times-three")
    assert (plan.endpoint_config_name, plan.models) == ("times-three", ("multiply",))
    deleted = services.operations.wait(
        services.endpoints.delete_endpoint(
            "local", "times-three", endpoint_config=True, models=True
        ).id,
        60,
    )
    assert [state for _, state in states(deleted)] == ["succeeded"] * 4
    assert not exists(sagemaker, "describe_endpoint", EndpointName="times-three")
    assert not exists(sagemaker, "describe_endpoint_config", EndpointConfigName="times-three")
    assert not exists(sagemaker, "describe_model", ModelName="multiply")


def test_the_code_of_a_plan_does_the_same(services, sagemaker, trained, local_service):
    plan = services.deployments.plan("local", request_for(trained, endpoint_name="by-code"))
    script = plan.code + '\nprint("ready")\n'
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={"SMX_LAB_DATA_DIR": local_service.data_dir, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ran.stdout, ran.stderr) == ("ready\n", "")
    described = services.endpoints.describe_endpoint("local", "by-code")
    assert described.endpoint_status == "InService"
    assert described.production_variants[0].model_data == plan.model_data
    services.operations.wait(
        services.endpoints.delete_endpoint(
            "local", "by-code", endpoint_config=True, models=True
        ).id,
        60,
    )


def test_a_model_that_cannot_be_loaded_says_why_and_is_taken_back(services, sagemaker, train):
    component = train("corrupt", SCRIPT + BROKEN_SERVING)
    begun = services.deployments.create(
        "local", request_for(component, endpoint_name="corrupt", model_name="corrupt-model")
    )
    failed = services.operations.wait(begun.id, 120)
    assert failed.state == "failed"
    assert states(failed)[-1] == ("InService", "failed")
    assert failed.error.code == "operation_failed"
    assert "ping health check" in failed.error.message
    assert [line for line in failed.log_tail if "the weights are corrupt" in line]
    assert failed.can_retry
    assert failed.can_roll_back
    # A Failed endpoint stays until somebody decides: it is the diagnosis.
    assert exists(sagemaker, "describe_endpoint", EndpointName="corrupt")

    rollback = services.operations.roll_back(begun.id)
    assert [step.name for step in rollback.steps] == [
        "Delete endpoint corrupt",
        "Delete endpoint configuration corrupt",
        "Delete model corrupt-model",
    ]
    assert services.operations.wait(rollback.id, 60).state == "succeeded"
    assert not exists(sagemaker, "describe_endpoint", EndpointName="corrupt")
    assert not exists(sagemaker, "describe_endpoint_config", EndpointConfigName="corrupt")
    assert not exists(sagemaker, "describe_model", ModelName="corrupt-model")
    after = services.operations.describe(begun.id)
    assert (after.created, after.can_roll_back, after.can_retry) == ((), False, False)
    with pytest.raises(Conflict):
        services.operations.roll_back(begun.id)


def test_a_retry_makes_a_failed_endpoint_anew(services, sagemaker, train, tmp_path):
    component = train("mended", SCRIPT + BROKEN_SERVING)
    begun = services.deployments.create("local", request_for(component, endpoint_name="mended"))
    assert services.operations.wait(begun.id, 120).state == "failed"
    plan = services.deployments.plan("local", request_for(component))
    code = plan.environment["SAGEMAKER_SUBMIT_DIRECTORY"].removeprefix("file://")
    Path(code, "train.py").write_text(SCRIPT)
    services.operations.retry(begun.id)
    again = services.operations.wait(begun.id, 120)
    assert (again.state, again.error) == ("succeeded", None)
    answer = services.endpoints.invoke_endpoint("local", "mended", InvocationRequest(body="[2]"))
    assert json.loads(answer.body) == [[6.0]]
    services.operations.wait(services.endpoints.delete_endpoint("local", "mended").id, 60)


@pytest.mark.parametrize("taken", ["model", "endpoint_config", "endpoint"])
def test_a_name_taken_in_the_meantime_fails_its_step_and_nothing_else_is_touched(
    services, sagemaker, trained, taken, monkeypatch
):
    name = f"taken-{taken.replace('_', '-')}"
    request = request_for(trained, endpoint_name=name, model_name=f"{name}-model")
    planned = services.deployments._make_plan(sagemaker, request)

    # Somebody else is faster, between the plan and the step.
    for kind in ("model", "endpoint_config", "endpoint"):
        sagemaker.call(f"create_{kind}", **planned.members[f"create_{kind}"])
    keep = {"model": 1, "endpoint_config": 2, "endpoint": 3}[taken]
    if keep < 3:
        services.operations.wait(services.endpoints.delete_endpoint("local", name).id, 60)
    if keep < 2:
        sagemaker.call("delete_endpoint_config", EndpointConfigName=name)
    if keep > 1:
        # The step's own resources get other names, so that it comes as far as the taken one.
        planned.members["create_model"]["ModelName"] = f"{name}-mine"
        variants = planned.members["create_endpoint_config"]["ProductionVariants"]
        variants[0]["ModelName"] = f"{name}-mine"
    if keep > 2:
        planned.members["create_endpoint_config"]["EndpointConfigName"] = f"{name}-mine"
        planned.members["create_endpoint"]["EndpointConfigName"] = f"{name}-mine"
    begun = services.operations.submit("deployment", "local", "Deploy", planned.members)
    failed = services.operations.wait(begun.id, 60)
    assert failed.error.code == "conflict"
    assert [state for _, state in states(failed)] == (
        ["succeeded"] * (keep - 1) + ["failed"] + ["waiting"] * (4 - keep)
    )
    assert len(failed.created) == keep - 1
    if failed.created:
        assert services.operations.wait(services.operations.roll_back(begun.id).id, 60).state == (
            "succeeded"
        )
    # What the other made is still there.
    assert exists(sagemaker, "describe_model", ModelName=f"{name}-model")
    if keep == 3:
        services.operations.wait(services.endpoints.delete_endpoint("local", name).id, 60)


def test_a_deployment_can_be_cancelled_and_then_finished(services, sagemaker, train):
    slow = SCRIPT.replace(
        "def model_fn(model_dir):\n", "def model_fn(model_dir):\n    import time; time.sleep(3)\n"
    )
    component = train("slow", slow)
    begun = services.deployments.create("local", request_for(component, endpoint_name="slow"))
    services.operations.cancel(begun.id)
    cancelled = services.operations.wait(begun.id, 30)
    assert cancelled.state == "cancelled"
    assert cancelled.can_retry
    services.operations.retry(begun.id)
    assert services.operations.wait(begun.id, 120).state == "succeeded"
    services.operations.wait(services.endpoints.delete_endpoint("local", "slow").id, 60)


def test_a_server_that_is_closed_leaves_a_deployment_that_another_can_finish(
    services, sagemaker, train, tmp_path, local_service
):
    slow = SCRIPT.replace(
        "def model_fn(model_dir):\n", "def model_fn(model_dir):\n    import time; time.sleep(3)\n"
    )
    component = train("handed-over", slow)
    begun = services.deployments.create(
        "local", request_for(component, endpoint_name="handed-over")
    )
    services.operations.close()
    left = services.operations.wait(begun.id, 30)
    assert left.state == "interrupted"
    later = build_services(tmp_path / "data", lambda: local_service)
    assert [operation.id for operation in later.operations.list_operations().operations] == [
        begun.id
    ]
    later.operations.retry(begun.id)
    assert later.operations.wait(begun.id, 120).state == "succeeded"
    later.operations.wait(later.endpoints.delete_endpoint("local", "handed-over").id, 60)
    later.close()


def test_an_administrator_can_switch_deploying_off(tmp_path, local_service, trained):
    services = build_services(
        tmp_path, lambda: local_service, switches=Switches(allow_deploy=False)
    )
    request = request_for(trained, endpoint_name="forbidden")
    assert services.deployments.plan("local", request).field_errors == ()
    with pytest.raises(AccessDenied) as raised:
        services.deployments.create("local", request)
    assert raised.value.message == "Disabled by your administrator."


def test_an_administrator_chooses_the_instance_types(tmp_path, local_service, trained):
    services = build_services(tmp_path, lambda: local_service, instance_types=("ml.t2.medium",))
    plan = services.deployments.plan("local", request_for(trained))
    assert (plan.instance_type, plan.instance_types) == ("ml.t2.medium", ("ml.t2.medium",))
