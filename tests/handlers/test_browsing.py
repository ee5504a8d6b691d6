"""Connections, experiments, trials and trial components over HTTP."""

import json
import time

import pytest


@pytest.fixture(scope="module")
def tracked(sagemaker):
    """Create an experiment, a trial and two components, one of them in no trial."""
    client = sagemaker
    client.create_experiment(ExperimentName="mnist", Description="Digits")
    client.create_trial(TrialName="two", ExperimentName="mnist")
    for name in ("training", "preprocessing"):
        client.create_trial_component(TrialComponentName=name, DisplayName=name.capitalize())
    client.associate_trial_component(TrialComponentName="training", TrialName="two")
    return client


async def test_connections_say_what_may_be_looked_at_and_done(ask):
    answer = await ask("GET", "/connections")
    assert answer.status == 200
    assert [(c["id"], c["kind"], c["is_default"]) for c in answer.body["connections"]] == [
        ("local", "local", True),
        ("aws", "aws", False),
    ]
    assert (answer.body["read_only"], answer.body["disabled_actions"]) == (False, [])


async def test_the_test_of_a_connection_says_who_one_is(ask, local_service):
    answer = await ask("POST", "/connections/local/test")
    assert (answer.body["ok"], answer.body["account"]) == (True, local_service.account)
    assert answer.body["denied_actions"] == []


async def test_the_test_of_a_broken_connection_is_an_answer_with_a_sentence(ask):
    answer = await ask("POST", "/connections/aws:nobody/test")
    assert (answer.status, answer.body["ok"]) == (200, False)
    assert answer.body["error"]["message"].startswith("There is no AWS profile named nobody.")


async def test_a_broken_profile_leaves_the_local_connection_working(ask, tracked):
    refused = await ask("GET", "/aws:nobody/experiments")
    assert (refused.status, refused.body["code"]) == (401, "credentials_missing")
    answer = await ask("GET", "/local/experiments")
    assert answer.status == 200


async def test_experiments_come_with_the_unassigned_entry(ask, tracked):
    answer = await ask("GET", "/local/experiments")
    (experiment,) = answer.body["experiments"]
    assert (experiment["experiment_name"], experiment["description"]) == ("mnist", "Digits")
    assert experiment["creation_time"].endswith("Z")
    assert answer.body["next_token"] is None
    assert set(answer.body["unassigned"]) == {"creation_time", "last_modified_time"}


async def test_one_goes_down_the_hierarchy(ask, tracked):
    experiment = await ask("GET", "/local/experiments/mnist")
    trials = await ask("GET", "/local/experiments/mnist/trials")
    trial = await ask("GET", "/local/trials/two")
    components = await ask("GET", "/local/trials/two/trial-components")
    component = await ask("GET", "/local/trial-components/training")
    metrics = await ask("GET", "/local/trial-components/training/metrics")
    assert experiment.body["experiment_name"] == "mnist"
    assert [found["trial_name"] for found in trials.body["trials"]] == ["two"]
    assert trial.body["experiment_name"] == "mnist"
    assert [c["trial_component_name"] for c in components.body["trial_components"]] == ["training"]
    assert component.body["parents"] == [{"trial_name": "two", "experiment_name": "mnist"}]
    assert metrics.body == {"metrics": []}


async def test_unassigned_components_have_a_list_of_their_own(ask, tracked):
    answer = await ask("GET", "/local/trial-components/unassigned")
    assert [c["trial_component_name"] for c in answer.body["trial_components"]] == ["preprocessing"]


LISTS = [
    "/local/experiments",
    "/local/experiments/mnist/trials",
    "/local/trials/two/trial-components",
    "/local/trial-components/unassigned",
    "/local/endpoints",
]


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_that_has_not_changed_is_not_sent_again(ask, tracked, path):
    first = await ask("GET", path)
    again = await ask("GET", path, headers={"If-None-Match": first.headers["Etag"]})
    assert (again.status, again.body) == (304, None)


async def test_a_change_is_sent(ask, tracked):
    first = await ask("GET", "/local/experiments")
    tracked.update_experiment(ExperimentName="mnist", Description=f"Changed {time.time()}")
    again = await ask("GET", "/local/experiments", headers={"If-None-Match": first.headers["Etag"]})
    assert again.status == 200
    assert again.body["experiments"][0]["description"].startswith("Changed")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("name", "value"),
    [("max_results", "0"), ("max_results", "many"), ("sort_by", "Size"), ("sort_order", "Up")],
)
async def test_a_query_that_no_list_has_is_refused_by_name(ask, tracked, path, name, value):
    answer = await ask("GET", path, **{name: value})
    assert (answer.status, answer.body["details"]["field"]) == (400, name)


async def test_a_token_of_nobody_is_refused(ask, tracked):
    answer = await ask("GET", "/local/experiments", next_token="nonsense")
    assert (answer.status, answer.body["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/local/experiments/nobody"),
        ("GET", "/local/experiments/nobody/trials"),
        ("GET", "/local/trials/nobody"),
        ("GET", "/local/trials/nobody/trial-components"),
        ("GET", "/local/trial-components/nobody"),
        ("GET", "/local/trial-components/nobody/metrics"),
        ("POST", "/local/training-jobs/nobody/stop"),
        ("GET", "/local/endpoints/nobody"),
        ("GET", "/local/endpoints/nobody/deletion-plan"),
        ("DELETE", "/local/endpoints/nobody"),
        ("GET", "/operations/nobody"),
        ("DELETE", "/operations/nobody"),
        ("POST", "/operations/nobody/retry"),
        ("POST", "/operations/nobody/roll-back"),
        ("POST", "/connections/nobody/test"),
    ],
)
async def test_what_does_not_exist_is_404(ask, method, path):
    answer = await ask(method, path)
    assert (answer.status, answer.body["code"]) == (404, "not_found")


async def test_a_name_that_sagemaker_cannot_have_is_refused(ask):
    answer = await ask("GET", "/local/experiments/" + "x" * 2000)
    assert (answer.status, answer.body["code"]) == (400, "invalid_request")


async def test_names_travel_percent_encoded(ask, tracked):
    answer = await ask("GET", "/local/experiments/a b%2Fc?d")
    assert answer.status in (400, 404)
    assert "code" in answer.body


async def test_no_answer_holds_a_credential(ask, tracked, local_service, caplog):
    texts = [
        (await ask("GET", path)).text
        for path in ["/connections", "/local/experiments", "/local/endpoints", "/operations"]
    ]
    texts.append((await ask("POST", "/connections/local/test")).text)
    texts += [record.getMessage() for record in caplog.records]
    secrets = [local_service.secret_access_key, local_service.access_key_id]
    assert [text for text in texts for secret in secrets if secret in text] == []


async def test_times_are_written_as_iso_8601_in_utc(ask, tracked):
    answer = await ask("GET", "/local/trials/two")
    assert json.loads(answer.text)["creation_time"][-1] == "Z"


async def test_lists_are_filtered_and_keys_of_tags_offered(ask, tracked):
    tracked.create_experiment(ExperimentName="tagged", Tags=[{"Key": "Owner", "Value": "ada"}])
    filters = [{"column": "tag:Owner", "operator": "is", "values": ["ada"]}]
    answer = await ask("GET", "/local/experiments", filters=json.dumps(filters))
    assert [found["experiment_name"] for found in answer.body["experiments"]] == ["tagged"]
    answer = await ask("GET", "/local/tag-keys", level="experiments", prefix="Ow")
    assert answer.body == {"keys": ["Owner"]}
    answer = await ask("GET", "/local/tag-keys", prefix="Ow")
    assert (answer.status, answer.body["details"]["field"]) == (400, "level")
    tracked.delete_experiment(ExperimentName="tagged")


@pytest.mark.parametrize(
    "filters",
    ["{", "{}", '[{"column": "Name"}]', '[{"column": "Name", "operator": "like"}]',
     '[{"column": "Name", "operator": "contains", "values": ["x"], "case": true}]',
     '[{"column": "Name", "operator": "in", "values": ["x"]}]'],
)  # fmt: skip
async def test_filters_that_are_none_are_refused(ask, tracked, filters):
    answer = await ask("GET", "/local/experiments", filters=filters)
    assert (answer.status, answer.body["details"]["field"]) == (400, "filters")
