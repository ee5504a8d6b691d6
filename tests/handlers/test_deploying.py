"""Deployments, endpoints and operations over HTTP, with a real model behind them."""

import asyncio
import json

import pytest

from tests.support import multiply


async def test_a_model_is_deployed_asked_and_deleted(ask, wait_for, trained):
    request = {"trial_component_name": trained, "endpoint_name": "times-three"}
    plan = await ask("POST", "/local/deployments/plan", request)
    assert (plan.status, plan.body["field_errors"]) == (200, [])
    assert plan.body["cost"] == "Runs on this machine"
    compile(plan.body["code"], "code", "exec")

    begun = await ask("POST", "/local/deployments", request)
    assert (begun.status, begun.body["state"], begun.body["kind"]) == (202, "running", "deployment")
    done = await wait_for(begun.body["id"])
    assert (done["state"], done["error"]) == ("succeeded", None)
    assert [step["name"] for step in done["steps"]] == [
        "Create model",
        "Create endpoint configuration",
        "Create endpoint",
        "InService",
    ]

    listed = await ask("GET", "/local/endpoints", status="InService")
    assert [one["endpoint_name"] for one in listed.body["endpoints"]] == ["times-three"]
    endpoint = await ask("GET", "/local/endpoints/times-three")
    assert endpoint.body["endpoint_status"] == "InService"
    assert endpoint.body["trial_component_name"] == trained

    answer = await ask("POST", "/local/endpoints/times-three/invocations", {"body": "[1, 2]"})
    assert (answer.status, json.loads(answer.body["body"])) == (200, [[3.0, 6.0]])
    failed = await ask("POST", "/local/endpoints/times-three/invocations", {"body": "[]"})
    assert (failed.status, failed.body["code"]) == (424, "model_failed")
    assert "there is nothing to multiply" in failed.body["details"]["original_message"]

    taken = await ask("POST", "/local/deployments", request)
    assert (taken.status, taken.body["details"]["field"]) == (400, "endpoint_name")

    going = await ask("GET", "/local/endpoints/times-three/deletion-plan")
    assert going.body["models"] == ["multiply"]
    deletion = await ask(
        "DELETE", "/local/endpoints/times-three", endpoint_config="true", models="true"
    )
    assert (deletion.status, deletion.body["kind"]) == (202, "endpoint_deletion")
    assert (await wait_for(deletion.body["id"]))["state"] == "succeeded"
    gone = await ask("GET", "/local/endpoints/times-three")
    assert (gone.status, gone.body["code"]) == (404, "not_found")

    ids = [one["id"] for one in (await ask("GET", "/operations")).body["operations"]]
    assert ids[:2] == [deletion.body["id"], begun.body["id"]]
    path = f"/operations/{begun.body['id']}"
    first = await ask("GET", path)
    again = await ask("GET", path, headers={"If-None-Match": first.headers["Etag"]})
    assert again.status == 304
    for action in ("retry", "roll-back"):
        refused = await ask("POST", f"{path}/{action}")
        assert (refused.status, refused.body["code"]) == (409, "conflict")
    assert (await ask("DELETE", path)).body["state"] == "succeeded"


async def test_a_failed_deployment_is_retried_and_taken_back(ask, wait_for, sagemaker, tmp_path):
    script = multiply.SCRIPT + multiply.BROKEN_SERVING
    component = await asyncio.to_thread(multiply.train, sagemaker, "corrupt", tmp_path, script)
    request = {"trial_component_name": component, "endpoint_name": "corrupt"}
    begun = (await ask("POST", "/local/deployments", request)).body
    failed = await wait_for(begun["id"])
    assert (failed["state"], failed["can_retry"], failed["can_roll_back"]) == ("failed", True, True)
    assert "ping health check" in failed["error"]["message"]
    assert (await ask("POST", f"/operations/{begun['id']}/retry")).status == 202
    assert (await wait_for(begun["id"]))["state"] == "failed"
    rollback = await ask("POST", f"/operations/{begun['id']}/roll-back")
    assert (rollback.status, rollback.body["kind"]) == (202, "rollback")
    assert (await wait_for(rollback.body["id"]))["state"] == "succeeded"
    assert (await ask("GET", "/local/endpoints", name_contains="corrupt")).body["endpoints"] == []


async def test_a_running_job_is_asked_to_stop(ask, sagemaker, tmp_path):
    endless = "import time\nprint('factor: 1;', flush=True)\nwhile True:\n    time.sleep(0.1)\n"
    await asyncio.to_thread(multiply.create_job, sagemaker, "endless", tmp_path, endless)
    answer = await ask("POST", "/local/training-jobs/endless/stop")
    assert answer.status == 200
    assert answer.body["training_job_name"] == "endless"
    assert answer.body["training_job_status"] in ("Stopping", "Stopped")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/local/deployments/plan", {}, "trial_component_name"),
        ("/local/deployments", {"trial_component_name": 7}, "trial_component_name"),
        (
            "/local/deployments",
            {"trial_component_name": "x", "environment": {"A": 1}},
            "environment[...]",
        ),
        ("/local/endpoints/x/invocations", {"body": "1", "headers": {}}, "headers"),
        ("/local/endpoints/x/invocations", {"body": "1", "body_base64": "MQ=="}, "body"),
        ("/local/endpoints/x/invocations", {"body_base64": "?"}, "body_base64"),
    ],
)
async def test_a_bad_body_is_refused_by_the_name_of_its_member(ask, path, body, field):
    answer = await ask("POST", path, body)
    assert (answer.status, answer.body["details"].get("field")) == (400, field)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'"text"'])
@pytest.mark.parametrize("path", ["/local/deployments", "/local/endpoints/x/invocations"])
async def test_what_is_no_json_object_is_refused(ask, path, body):
    answer = await ask("POST", path, body)
    assert (answer.status, answer.body["code"]) == (400, "invalid_request")


async def test_a_flag_is_true_or_false(ask):
    answer = await ask("DELETE", "/local/endpoints/x", models="yes")
    assert (answer.status, answer.body["details"]) == (400, {"field": "models"})


class TestWithEverythingSwitchedOff:
    @pytest.fixture
    def extension_config(self):
        return {"read_only": True, "allow_invoke": False}

    async def test_what_would_change_something_is_refused_with_a_sentence(self, ask, trained):
        connections = (await ask("GET", "/connections")).body
        assert connections["read_only"]
        assert connections["disabled_actions"] == ["deploy", "delete", "stop", "invoke", "edit"]
        request = {"trial_component_name": trained, "endpoint_name": "forbidden"}
        assert (await ask("POST", "/local/deployments/plan", request)).status == 200
        for method, path, body in [
            ("POST", "/local/deployments", request),
            ("DELETE", "/local/endpoints/x", None),
            ("POST", "/local/training-jobs/multiply/stop", None),
            ("POST", "/local/endpoints/x/invocations", {"body": "1"}),
        ]:
            answer = await ask(method, path, body)
            assert (answer.status, answer.body["message"]) == (
                403,
                "Disabled by your administrator.",
            )
