"""What of SageMaker's names and values MLflow takes, and what becomes of the rest."""

from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smx_lab.core.copying import Component, Point
from smx_lab.core.mlflow_runs import metrics_of, run_of

# MLflow calls what newer versions of its own dependencies deprecate.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

NOW = datetime(2024, 5, 17, 12, tzinfo=timezone.utc)


def component(tags=None, **members):
    record = {
        "TrialComponentName": "step",
        "TrialComponentArn": "arn:step",
        "CreationTime": NOW,
        **members,
    }
    return Component(record, tags or {}, ("t1",))


def params_of(**parameters):
    run = run_of(component(Parameters={k: {"StringValue": v} for k, v in parameters.items()}))
    return dict(run.params), list(run.notes)


def test_a_name_that_mlflow_refuses_is_renamed_and_said():
    params, notes = params_of(**{"lr=max": "1", "/abs": "2", "..": "3", "a/b": "4"})
    assert params == {"lr_max": "1", "_abs": "2", "_..": "3", "a/b": "4"}
    assert "step: the parameter lr=max is named lr_max" in notes
    assert len(notes) == 3


def test_names_that_would_become_one_stay_two():
    assert params_of(**{"a=b": "1", "a_b": "2"})[0] == {"a_b": "2", "a_b_2": "1"}


def test_a_value_too_long_is_cut_and_said():
    params, notes = params_of(text="x" * 6001)
    assert params == {"text": "x" * 6000}
    assert notes == ["step: the parameter text is cut to 6000 characters"]


def test_a_tag_cannot_pass_for_one_of_mlflow_or_of_ours():
    tags = {"mlflow.runName": "mine", "smx-lab.export": "complete"}
    run = run_of(component(tags))
    assert (run.tags["tag.mlflow.runName"], run.tags["tag.smx-lab.export"]) == ("mine", "complete")
    assert "mlflow.runName" not in run.tags
    assert "smx-lab.export" not in run.tags


@pytest.mark.parametrize(
    ("number", "text"), [(10.0, "10"), (0.1, "0.1"), (1e300, "1e+300"), (-0.5, "-0.5")]
)
def test_a_number_is_written_as_it_was_meant(number, text):
    run = run_of(component(Parameters={"n": {"NumberValue": number}}))
    assert run.params == {"n": text}


@pytest.mark.parametrize(
    ("status", "wanted"),
    [("InProgress", "RUNNING"), ("Stopping", "RUNNING"), ("Completed", "FINISHED"),
     ("Failed", "FAILED"), ("Stopped", "KILLED")],
)  # fmt: skip
def test_each_status_has_its_own(status, wanted):
    run = run_of(component(Status={"PrimaryStatus": status}))
    assert (run.status, run.tags["smx-lab.status"]) == (wanted, status)


def test_a_metric_without_series_is_its_last_value_once_that_is_known():
    one = component(Metrics=[{"MetricName": "loss", "Last": 0.5, "TimeStamp": NOW}])
    [metric], [note] = metrics_of(one, {"loss": []}, is_over=True)
    assert (metric.key, metric.points) == ("loss", (Point(0, 0.5, NOW),))
    assert note == "step: the metric loss is its last value alone, since it has no series"
    assert metrics_of(one, {"loss": []}, is_over=False)[0] == []


PATHS = [".", "..", "a//b", "a/", "/", "../x", "./a"]


@settings(max_examples=50, deadline=None)  # the first one imports MLflow
@given(st.sets(st.text(max_size=260) | st.sampled_from(PATHS), max_size=5))
def test_mlflow_takes_each_name_and_none_is_lost(names):
    from mlflow.utils import validation

    params = run_of(component(Parameters={n: {"StringValue": "v"} for n in names})).params
    assert len(params) == len(names)
    for key in params:
        validation._validate_param(key, "v")
