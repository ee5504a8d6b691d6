"""Clean ups over HTTP: the plan, the typed name, the operation and its outcome."""

import pytest

from tests.support.clean_up_lab import everything, fill


async def test_an_experiment_is_planned_and_cleaned_up(ask, wait_for, sagemaker):
    fill(sagemaker, "mnist", trials=10)
    plan = await ask("POST", "/local/clean-ups/plan", {"experiments": ["mnist"]})
    assert plan.status == 200
    assert plan.body["counts"] == {
        "experiments": 1,
        "trials": 10,
        "links": 20,
        "trial_components": 11,
        "kept": 0,
        "endpoints": 0,
        "to_delete": 22,
    }
    assert plan.body["name_to_type"] == "mnist"
    refused = await ask("POST", "/local/clean-ups", {"experiments": ["mnist"]})
    assert (refused.status, refused.body["details"]) == (400, {"field": "typed_name"})
    body = {"experiments": ["mnist"], "typed_name": "mnist"}
    changed = await ask("POST", "/local/clean-ups", {**body, "fingerprint": "another"})
    assert (changed.status, changed.body["code"]) == (409, "conflict")
    begun = await ask("POST", "/local/clean-ups", {**body, "fingerprint": plan.body["fingerprint"]})
    assert (begun.status, begun.body["kind"]) == (202, "clean_up")
    done = await wait_for(begun.body["id"])
    assert (done["state"], done["outcome"]["failed"]) == ("succeeded", [])
    assert done["outcome"]["deleted"] == {
        "link": 20,
        "trial_component": 11,
        "trial": 10,
        "experiment": 1,
    }
    assert everything(sagemaker)["experiments"] == set()
    gone = await ask("POST", "/local/clean-ups/plan", {"experiments": ["mnist"]})
    assert (gone.status, gone.body["message"]) == (404, "The experiment mnist does not exist.")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "experiments"),
        ({"experiments": "mnist"}, "experiments"),
        ({"experiments": ["mnist"], "code_style": "java"}, "code_style"),
        ({"experiments": ["mnist"], "everything": True}, "everything"),
    ],
)
async def test_a_request_that_makes_no_sense_is_refused(ask, body, field):
    for path in ("/local/clean-ups/plan", "/local/clean-ups"):
        refused = await ask("POST", path, body)
        assert (refused.status, refused.body["details"]["field"]) == (400, field)
