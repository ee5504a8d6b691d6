"""Search: what each operator finds, in which order, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from smx_lab.local.context import Context
from smx_lab.local.operations.experiments import create_experiment
from smx_lab.local.operations.search import search
from smx_lab.local.operations.trial_components import create_trial_component
from smx_lab.local.operations.trials import create_trial
from smx_lab.local.records.experiments import associate
from smx_lab.local.search.limits import LIMITS
from smx_lab.local.store.store import Store
from tests.support.local.clients import make_client
from tests.support.local.wire import assert_fits, call

COMPONENTS = {
    # name: (trials, lr, optimizer, accuracy points, status)
    "preprocessing": (("hidden-2", "hidden-5"), None, None, [], "Completed"),
    "training-2": (("hidden-2",), 0.1, "sgd", [0.5, 0.75], "Completed"),
    "training-5": (("hidden-5",), 0.01, "adam", [0.5, 1.0], "Completed"),
    "training-lost": ((), 0.2, "SGD", [0.25, 0.25], "Failed"),
}


@pytest.fixture(scope="module", autouse=True)
def world(local_service: LocalService) -> None:
    """Two trials of one experiment that share a component, and one component nowhere."""
    sagemaker = make_client("sagemaker", local_service)
    metrics = make_client("sagemaker-metrics", local_service)
    tags = [{"Key": "Team", "Value": "vision"}]
    sagemaker.create_experiment(ExperimentName="digits", Description="by hand", Tags=tags)
    sagemaker.create_experiment(ExperimentName="letters")
    for trial in ("hidden-2", "hidden-5"):
        sagemaker.create_trial(TrialName=trial, ExperimentName="digits")
    for name, (trials, rate, optimizer, points, status) in COMPONENTS.items():
        parameters: dict[str, Any] = {}
        if rate is not None:
            parameters = {"lr": {"NumberValue": rate}, "optimizer": {"StringValue": optimizer}}
        sagemaker.create_trial_component(
            TrialComponentName=name,
            Parameters=parameters,
            Status={"PrimaryStatus": status},
            InputArtifacts={"data.csv": {"Value": f"s3://bucket/{name}", "MediaType": "text/csv"}},
            Tags=tags if name == "training-5" else [],
        )
        for trial in trials:
            sagemaker.associate_trial_component(TrialComponentName=name, TrialName=trial)
        for step, value in enumerate(points):
            point = {
                "MetricName": "test:accuracy",
                "Timestamp": 1700000000 + step,
                "Value": value,
            }
            metrics.batch_put_metrics(TrialComponentName=name, MetricData=[point])


def condition(name, operator=None, value=None):
    given = {"Name": name, "Operator": operator, "Value": value}
    return {member: text for member, text in given.items() if text is not None}


def names(sagemaker, *filters, resource="ExperimentTrialComponent", **arguments):
    expression = {"Filters": [condition(*f) for f in filters]} if filters else {}
    arguments.setdefault("SortBy", "CreationTime")
    arguments.setdefault("SortOrder", "Ascending")
    if "SearchExpression" not in arguments and expression:
        arguments["SearchExpression"] = expression
    answer = sagemaker.search(Resource=resource, **arguments)
    key = resource.removeprefix("Experiment") or "Experiment"
    return [result[key][f"{key}Name"] for result in answer["Results"]]


ALL = list(COMPONENTS)
TRAINED = ALL[1:]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([("TrialComponentName", "Equals", "TRAINING-2")], ["training-2"]),
        ([("TrialComponentName", "NotEquals", "training-2")], [ALL[0], *ALL[2:]]),
        ([("TrialComponentName", "Contains", "TRAINING-")], TRAINED),
        ([("TrialComponentName", "In", "training-2, preprocessing")], ALL[:2]),
        ([("trialcomponentname", None, "training-2")], ["training-2"]),
        ([("DisplayName", "Contains", "ning_5")], []),
        ([("Status.PrimaryStatus", "Equals", "Failed")], ["training-lost"]),
        ([("Parameters.lr", "Equals", "0.1")], ["training-2"]),
        ([("Parameters.LR", "GreaterThan", "0.05")], ["training-2", "training-lost"]),
        ([("Parameters.lr", "LessThanOrEqualTo", "0.1")], ["training-2", "training-5"]),
        ([("Parameters.lr", "NotEquals", "0.1")], [ALL[0], *ALL[2:]]),
        ([("Parameters.lr",)], TRAINED),
        ([("Parameters.lr", "NotExists")], ["preprocessing"]),
        ([("Parameters.absent", "Exists")], []),
        ([("Parameters.optimizer", "Equals", "sgd")], ["training-2"]),
        ([("Parameters.optimizer", "Contains", "sgd")], ["training-2", "training-lost"]),
        ([("Metrics.test:accuracy.Max", "GreaterThanOrEqualTo", "0.75")], TRAINED[:2]),
        ([("metrics.TEST:accuracy.last", "LessThan", "0.5")], ["training-lost"]),
        ([("Metrics.test:accuracy.StdDev", "Equals", "0")], ["training-lost"]),
        ([("Metrics.test:accuracy.Count", "Equals", "2")], TRAINED),
        ([("Metrics.test:accuracy.Avg", "Equals", "0.625")], ["training-2"]),
        ([("Parents.TrialName", "Equals", "HIDDEN-5")], ["preprocessing", "training-5"]),
        ([("Parents.ExperimentName", "Equals", "digits")], ALL[:3]),
        ([("Parents.TrialName", "NotExists")], ["training-lost"]),
        ([("Parents.ExperimentName", "Equals", "letters")], []),
        ([("Parents.TrialName", "NotEquals", "hidden-5")], ["training-2", "training-lost"]),
        ([("Tags.team", "Equals", "vision")], ["training-5"]),
        ([("Tags.Team", "NotExists")], [*ALL[:2], ALL[3]]),
        ([("InputArtifacts.data.csv.Value", "Contains", "training")], TRAINED),
        ([("InputArtifacts.data.csv.MediaType", "Equals", "text/csv")], ALL),
        ([("Source.SourceArn", "NotExists")], ALL),
        ([("StartTime", "Exists")], []),
        ([("CreationTime", "GreaterThan", "2020-01-01T00:00:00")], ALL),
        ([("CreationTime", "LessThan", "2020-01-01T00:00:00Z")], []),
        (
            [("Parents.ExperimentName", "Equals", "digits"), ("Parameters.lr", "LessThan", "0.1")],
            ["training-5"],
        ),
        (
            [
                ("TrialComponentName", "Contains", "train"),
                ("TrialComponentName", "Contains", "5"),
            ],
            ["training-5"],
        ),
        (
            [("TrialComponentArn", "Contains", "trial-component/training-2")],
            ["training-2"],
        ),
    ],
    ids=lambda value: " and ".join(map(str, value)) if value and type(value[0]) is tuple else "",
)
def test_a_filter_finds_what_meets_it(sagemaker, given, found):
    assert names(sagemaker, *given) == found


def test_or_joins_filters_and_expressions_nest(sagemaker):
    either = [condition("Parameters.optimizer", "Equals", o) for o in ("adam", "SGD")]
    expression = {
        "SubExpressions": [
            {"Filters": either, "Operator": "Or"},
            {"Filters": [condition("Status.PrimaryStatus", "Equals", "Completed")]},
        ]
    }
    assert names(sagemaker, SearchExpression={"Filters": either, "Operator": "Or"}) == [
        "training-5",
        "training-lost",
    ]
    assert names(sagemaker, SearchExpression=expression) == ["training-5"]


def test_a_nested_filter_is_met_by_one_element(sagemaker):
    sagemaker.create_trial(TrialName="other-hidden-2", ExperimentName="letters")
    sagemaker.associate_trial_component(
        TrialComponentName="preprocessing", TrialName="other-hidden-2"
    )
    pair = [
        condition("Parents.TrialName", "Equals", "hidden-2"),
        condition("Parents.ExperimentName", "Equals", "letters"),
    ]
    flat = {"Filters": pair}
    nested = {"NestedFilters": [{"NestedPropertyName": "Parents", "Filters": pair}]}
    try:
        assert names(sagemaker, SearchExpression=flat) == ["preprocessing"]
        assert names(sagemaker, SearchExpression=nested) == []
        pair[1]["Value"] = "digits"
        assert names(sagemaker, SearchExpression=nested) == ["preprocessing", "training-2"]
    finally:
        sagemaker.disassociate_trial_component(
            TrialComponentName="preprocessing", TrialName="other-hidden-2"
        )
        sagemaker.delete_trial(TrialName="other-hidden-2")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([("Parameters", "Exists")], "Unknown property name: Parameters"),
        ([("Sparkle", "Exists")], "Unknown property name: Sparkle"),
        ([("Metrics.loss", "Exists")], "Unknown property name: Metrics.loss"),
        ([("TrialComponentName", "GreaterThan", "a")], "is text"),
        ([("CreationTime", "Contains", "2020")], "can only be used with text"),
        ([("CreationTime", "GreaterThan", "yesterday")], "is not a time"),
        ([("Metrics.loss.Max", "GreaterThan", "high")], "is not a number"),
        ([("Parameters.lr", "Equals")], "needs a Value"),
        (
            [("Parameters.a", "Contains", "x"), ("Parameters.b", "Contains", "y")],
            "'CONTAINS' operator usage limit of 1 exceeded.",
        ),
        ([(f"Parameters.p{n}", "Exists") for n in range(21)], "less than or equal to 20"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(sagemaker, given, words):
    with pytest.raises(ClientError) as caught:
        names(sagemaker, *given)
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert words in error["Message"]


def test_more_than_fifty_conditions_are_refused(sagemaker):
    twenty = {"Filters": [condition(f"Parameters.p{n}", "Exists") for n in range(20)]}
    with pytest.raises(ClientError, match="at most 50 conditions"):
        names(sagemaker, SearchExpression={"SubExpressions": [twenty] * 3})


@pytest.mark.parametrize(
    ("by", "ascending"),
    [
        ("Metrics.test:accuracy.Max", ["training-lost", "training-2", "training-5"]),
        ("metrics.test:ACCURACY.avg", ["training-lost", "training-2", "training-5"]),
        ("Parameters.lr", ["training-5", "training-2", "training-lost"]),
        ("Parameters.optimizer", ["training-lost", "training-5", "training-2"]),
    ],
)
def test_a_component_without_the_sort_property_is_last_in_either_order(sagemaker, by, ascending):
    for order, expected in (("Ascending", ascending), ("Descending", ascending[::-1])):
        found = names(sagemaker, SortBy=by, SortOrder=order)
        assert found == [*expected, "preprocessing"], order


def test_names_sort_without_case(sagemaker):
    assert names(sagemaker, SortBy="TrialComponentName") == sorted(ALL)
    by_parent = names(sagemaker, SortBy="Parents.TrialName", SortOrder="Descending")
    assert (by_parent[0], by_parent[-1]) == ("training-5", "training-lost")


@pytest.mark.parametrize("by", ["CreationTime", "Metrics.test:accuracy.Last", "TrialComponentName"])
@pytest.mark.parametrize("order", ["Ascending", "Descending"])
def test_pages_join_to_the_whole_in_any_order(sagemaker, by, order):
    whole = names(sagemaker, SortBy=by, SortOrder=order)
    assert sorted(whole) == sorted(ALL)
    pages, token = [], None
    while True:
        arguments = {"NextToken": token} if token else {}
        answer = sagemaker.search(
            Resource="ExperimentTrialComponent",
            SortBy=by,
            SortOrder=order,
            MaxResults=1,
            **arguments,
        )
        pages += [r["TrialComponent"]["TrialComponentName"] for r in answer["Results"]]
        assert answer["TotalHits"] == {"Value": len(ALL), "Relation": "EqualTo"}
        token = answer.get("NextToken")
        if token is None:
            break
    assert pages == whole


def test_a_record_made_while_paging_moves_no_other(sagemaker):
    first = sagemaker.search(
        Resource="ExperimentTrialComponent", SortBy="CreationTime", MaxResults=2
    )
    sagemaker.create_trial_component(TrialComponentName="late")
    try:
        second = sagemaker.search(
            Resource="ExperimentTrialComponent",
            SortBy="CreationTime",
            MaxResults=2,
            NextToken=first["NextToken"],
        )
        found = [
            r["TrialComponent"]["TrialComponentName"]
            for page in (first, second)
            for r in page["Results"]
        ]
        assert found == ALL[::-1]
    finally:
        sagemaker.delete_trial_component(TrialComponentName="late")


def test_keys_that_differ_in_case_alone_do_not_double_a_record(sagemaker):
    sagemaker.create_trial_component(
        TrialComponentName="twofold",
        Parameters={"Depth": {"NumberValue": 1}, "depth": {"NumberValue": 2}},
    )
    try:
        for by in ("Parameters.depth", "Parameters.DEPTH"):
            assert names(sagemaker, SortBy=by).count("twofold") == 1
        found = names(sagemaker, ("Parameters.depth", "Exists"), SortBy="Parameters.depth")
        assert found == ["twofold"]
    finally:
        sagemaker.delete_trial_component(TrialComponentName="twofold")


def test_a_component_record_is_whole_and_fits_the_model(local_service: LocalService):
    body = {
        "Resource": "ExperimentTrialComponent",
        "SearchExpression": {
            "Filters": [condition("TrialComponentName", "Equals", "training-5")],
        },
    }
    answer = call(local_service, "Search", body).json
    assert_fits("Search", answer)
    (result,) = answer["Results"]
    record = result["TrialComponent"]
    assert record["Parents"] == [{"TrialName": "hidden-5", "ExperimentName": "digits"}]
    assert record["Tags"] == [{"Key": "Team", "Value": "vision"}]
    assert record["Metrics"][0]["Max"] == 1.0
    assert record["Parameters"]["lr"] == {"NumberValue": 0.01}


def test_experiments_and_trials_are_found_too(sagemaker, local_service: LocalService):
    assert names(sagemaker, ("Tags.Team", "Equals", "vision"), resource="Experiment") == ["digits"]
    assert names(sagemaker, ("Description", "Contains", "hand"), resource="Experiment") == [
        "digits"
    ]
    assert names(sagemaker, ("Source.SourceArn", "NotExists"), resource="Experiment") == [
        "digits",
        "letters",
    ]
    trials = names(
        sagemaker,
        ("TrialComponentSummaries.TrialComponentName", "Equals", "preprocessing"),
        ("ExperimentName", "Equals", "DIGITS"),
        resource="ExperimentTrial",
    )
    assert trials == ["hidden-2", "hidden-5"]
    answer = call(local_service, "Search", {"Resource": "ExperimentTrial"}).json
    assert_fits("Search", answer)
    summaries = answer["Results"][0]["Trial"]["TrialComponentSummaries"]
    assert summaries[0]["TrialComponentName"] == "preprocessing"


def test_a_resource_not_offered_is_named(sagemaker):
    with pytest.raises(ClientError, match="Search over FeatureGroup is not offered"):
        sagemaker.search(Resource="FeatureGroup")


def test_a_broad_filter_finds_the_same_as_a_narrow_one(tmp_path):
    """Beyond a thousand rows another plan is taken; both must agree."""
    store = Store(tmp_path / "store.db")
    context = Context(store, "us-east-1", "000000000000", tmp_path)
    total = LIMITS.max_listed_rows + 30

    def fill(cx):
        create_experiment(cx, context, {"ExperimentName": "broad"})
        create_trial(cx, context, {"TrialName": "broad", "ExperimentName": "broad"})
        for number in range(total):
            name, half = f"c-{number}", {"NumberValue": float(number % 2)}
            component = {"TrialComponentName": name, "Parameters": {"half": half}}
            create_trial_component(cx, context, component)
            associate(cx, context, name, "broad")

    store.write(fill).result()
    request = {
        "Resource": "ExperimentTrialComponent",
        "SearchExpression": {
            "Filters": [
                condition("Parents.TrialName", "Equals", "broad"),
                condition("Parameters.half", "Equals", "1"),
            ]
        },
        "SortBy": "Parameters.half",
        "MaxResults": 100,
    }
    found = []
    while True:
        answer = store.read(lambda cx: search(cx, context, request))
        found += [r["TrialComponent"]["TrialComponentName"] for r in answer["Results"]]
        if answer["NextToken"] is None:
            break
        request["NextToken"] = answer["NextToken"]
    store.close()
    assert answer["TotalHits"] == {"Value": total // 2, "Relation": "EqualTo"}
    assert found == [f"c-{n}" for n in range(total - 1, -1, -1) if n % 2]
