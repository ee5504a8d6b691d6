"""GetSearchSuggestions: the names of properties, completed as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from smx_lab.local.context import Context
from smx_lab.local.operations.search import get_search_suggestions
from smx_lab.local.operations.trial_components import create_trial_component
from smx_lab.local.search.suggestions import MAX_RECENT
from smx_lab.local.store.store import Store
from tests.support.local.clients import make_client
from tests.support.local.training import job_request, write_code
from tests.support.waiting import wait_for_job

SCRIPT = "print('Train Loss: 0.5;')"


@pytest.fixture(scope="module", autouse=True)
def world(local_service: LocalService, tmp_path_factory: pytest.TempPathFactory) -> None:
    sagemaker = make_client("sagemaker", local_service)
    folder = tmp_path_factory.mktemp("code")
    sagemaker.create_trial_component(
        TrialComponentName="one",
        Parameters={
            "linear_init": {"StringValue": "uniform"},
            "Layer.width": {"NumberValue": 5},
            "rate": {"NumberValue": 0.1},
        },
        InputArtifacts={"linen.csv": {"Value": "s3://bucket/linen.csv"}},
        Tags=[{"Key": "Line", "Value": "a"}],
    )
    sagemaker.create_trial_component(
        TrialComponentName="two", Parameters={"LINEAR_INIT": {"NumberValue": 1}}
    )
    metrics = make_client("sagemaker-metrics", local_service)
    for name in ("loss", "loss.mean", "loss-2", "test:accuracy"):
        point = {"MetricName": name, "Timestamp": 1700000000, "Value": 1.0}
        metrics.batch_put_metrics(TrialComponentName="one", MetricData=[point])
    request = job_request("job", write_code(folder / "code", SCRIPT), folder / "out")
    request["HyperParameters"]["linear_init_method"] = '"uniform"'
    sagemaker.create_training_job(**request)
    assert wait_for_job(sagemaker, "job")["TrainingJobStatus"] == "Completed"


def suggested(sagemaker: Any, resource: str, hint: str | None) -> list[str]:
    query = {} if hint is None else {"PropertyNameQuery": {"PropertyNameHint": hint}}
    answer = sagemaker.get_search_suggestions(Resource=resource, SuggestionQuery=query)
    return [item["PropertyName"] for item in answer["PropertyNameSuggestions"]]


@pytest.mark.parametrize(
    ("hint", "names"),
    [
        (
            "lin",
            [
                "inputartifacts.linen.csv.Value",
                "inputartifacts.linen.csv.MediaType",
                "parameters.linear_init",
                "parameters.linear_init_method",
                "tags.Line",
            ],
        ),
        ("parameters.la", ["parameters.Layer.width"]),
        ("PARAMETERS.R", ["parameters.rate"]),
        ("primary", ["Status.PrimaryStatus"]),
        ("parents.", ["parents.ExperimentName", "parents.TrialName"]),
        ("metrics.loss.m", ["metrics.loss.Max", "metrics.loss.Min"] + [
            f"metrics.loss.mean.{name}" for name in ("Last", "Max", "Min", "Avg", "StdDev", "Count")
        ]),
        ("loss-2.st", ["metrics.loss-2.StdDev"]),
        ("no-such", []),
    ],
)  # fmt: skip
def test_a_hint_is_the_beginning_of_a_name_or_of_its_last_part(
    sagemaker: Any, hint: str, names: list[str]
):
    assert suggested(sagemaker, "ExperimentTrialComponent", hint) == names


def test_every_suggestion_can_be_searched_by(sagemaker: Any):
    for resource in ("Experiment", "ExperimentTrial", "ExperimentTrialComponent", "TrainingJob",
                     "Endpoint", "Model"):  # fmt: skip
        names = suggested(sagemaker, resource, None)
        assert names
        for name in names:
            filters = [{"Name": name, "Operator": "Exists"}]
            sagemaker.search(Resource=resource, SearchExpression={"Filters": filters}, SortBy=name)


def test_keys_of_jobs_are_found(sagemaker: Any):
    assert suggested(sagemaker, "TrainingJob", "linear") == ["hyperparameters.linear_init_method"]
    assert suggested(sagemaker, "TrainingJob", "metrics.") == ["metrics.train:loss"]


def test_other_resources_are_refused(sagemaker: Any):
    with pytest.raises(ClientError, match="Search over FeatureGroup is not offered"):
        suggested(sagemaker, "FeatureGroup", "a")


def test_the_number_of_components_does_not_count(tmp_path: Path):
    """Steps of SQLite's machine, which are the same on every day."""
    store = Store(tmp_path / "store.db")
    context = Context(store, "us-east-1", "000000000000", tmp_path)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def cost() -> int:
        nonlocal steps
        steps = 0
        connection = store._reader()
        connection.set_progress_handler(count, 1)
        request = {
            "Resource": "ExperimentTrialComponent",
            "SuggestionQuery": {"PropertyNameQuery": {"PropertyNameHint": "parameters.p"}},
        }
        answer = store.read(lambda cx: get_search_suggestions(cx, context, request))
        connection.set_progress_handler(None, 1)
        assert len(answer["PropertyNameSuggestions"]) == 4
        return steps

    def make(first: int, behind: int) -> None:
        def write(cx: Any) -> None:
            for number in range(first, behind):
                parameters = {f"p-{at}": {"NumberValue": number} for at in range(4)}
                request = {"TrialComponentName": f"c-{number}", "Parameters": parameters}
                create_trial_component(cx, context, request)

        store.write(write).result()

    make(0, MAX_RECENT)
    few = cost()
    make(MAX_RECENT, 3 * MAX_RECENT)
    assert cost() < 1.2 * few
    store.close()
