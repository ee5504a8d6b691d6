"""Tags, names and trials of components, changed over HTTP."""

import pytest


@pytest.fixture(scope="module")
def tracked(sagemaker):
    sagemaker.create_experiment(ExperimentName="editing")
    for trial in ("editing-one", "editing-two"):
        sagemaker.create_trial(TrialName=trial, ExperimentName="editing")
    made = sagemaker.create_trial_component(TrialComponentName="editing-component")
    return made["TrialComponentArn"]


async def test_tags_are_listed_and_changed(ask, tracked):
    changed = await ask(
        "POST", "/local/tags", {"resource_arns": [tracked], "put": {"owner": "ada"}}
    )
    expected = {"resources": [{"resource_arn": tracked, "tags": {"owner": "ada"}}]}
    assert (changed.status, changed.body) == (200, expected)
    listed = await ask("GET", "/local/tags", resource_arn=tracked)
    assert listed.body == expected


async def test_a_tag_that_breaks_a_rule_is_refused_with_its_field(ask, tracked):
    body = {"resource_arns": [tracked], "put": {"aws:x": "1"}}
    refused = await ask("POST", "/local/tags", body)
    assert (refused.status, refused.body["details"]["field"]) == (400, "put")
    assert (await ask("GET", "/local/tags")).status == 400


async def test_names_and_descriptions_are_changed(ask, tracked):
    body = {"display_name": "Editing", "description": "Ours"}
    experiment = await ask("POST", "/local/experiments/editing", body)
    assert (experiment.body["display_name"], experiment.body["description"]) == ("Editing", "Ours")
    trial = await ask("POST", "/local/trials/editing-one", {"display_name": "One"})
    assert trial.body["display_name"] == "One"


async def test_a_component_is_put_into_a_trial(ask, tracked):
    body = {"trial_component_names": ["editing-component"]}
    answer = await ask("POST", "/local/trials/editing-two/trial-components", body)
    assert (answer.body["trial_name"], answer.body["added"]) == (
        "editing-two",
        ["editing-component"],
    )
    listed = await ask("GET", "/local/trials/editing-two/trial-components")
    names = [each["trial_component_name"] for each in listed.body["trial_components"]]
    assert names == ["editing-component"]
    way = "/local/trials/editing-two/trial-components"
    taken = await ask("DELETE", way, trial_component_name="editing-component")
    assert taken.body["trial_component_names"] == ["editing-component"]
    assert (await ask("GET", way)).body["trial_components"] == []
    found = await ask("GET", "/local/trials", name_contains="editing-t")
    assert [each["trial_name"] for each in found.body["trials"]] == ["editing-two"]
