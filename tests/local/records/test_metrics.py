"""Metrics: points in, six statistics and series out."""

from __future__ import annotations

import statistics
import time
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smx_lab.core.connection import LocalService
from smx_lab.local.records.metrics import _Statistics
from tests.support.local.wire import assert_fits, send, signed_headers

T0 = 1_700_000_000


def put(client, name, metric, values, *, start=T0, steps=True):
    for index in range(0, len(values), 10):
        part = [
            {
                "MetricName": metric,
                "Timestamp": start + index + n,
                "Value": value,
                **({"Step": index + n} if steps else {}),
            }
            for n, value in enumerate(values[index : index + 10])
        ]
        answer = client.batch_put_metrics(TrialComponentName=name, MetricData=part)
        assert "Errors" not in answer


def summary(sagemaker, name, metric):
    found = sagemaker.describe_trial_component(TrialComponentName=name)["Metrics"]
    return next(s for s in found if s["MetricName"] == metric)


def series(client, arn, metric, statistic="Last", period="IterationNumber", **bounds):
    axis = "IterationNumber" if period == "IterationNumber" else "Timestamp"
    query = {
        "MetricName": metric,
        "ResourceArn": arn,
        "MetricStat": statistic,
        "Period": period,
        "XAxisType": axis,
        **bounds,
    }
    (result,) = client.batch_get_metrics(MetricQueries=[query])["MetricQueryResults"]
    return result


def test_the_six_statistics_are_those_computed_by_hand(sagemaker, metrics_client):
    values = [2.5, 0.75, 4.0, 1.25, 3.5, 0.5, 2.0, 1.0, 6.25, 0.25, 5.0, 1.5]
    arn = sagemaker.create_trial_component(TrialComponentName="by-hand")["TrialComponentArn"]
    put(metrics_client, "by-hand", "loss", values)
    found = summary(sagemaker, "by-hand", "loss")
    assert (found["Last"], found["Max"], found["Min"], found["Count"]) == (1.5, 6.25, 0.25, 12)
    assert found["Avg"] == statistics.fmean(values)
    assert found["StdDev"] == pytest.approx(statistics.stdev(values), rel=1e-12)
    assert found["SourceArn"] == arn
    assert found["TimeStamp"] == datetime.fromtimestamp(T0 + 11, timezone.utc)


def test_one_point_has_no_spread(sagemaker, metrics_client):
    sagemaker.create_trial_component(TrialComponentName="single")
    put(metrics_client, "single", "loss", [0.5])
    assert summary(sagemaker, "single", "loss")["StdDev"] == 0.0


@given(
    st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), min_size=1, max_size=60),
)
def test_running_statistics_equal_those_of_all_points_at_once(values):
    running = _Statistics()
    for time_, value in enumerate(values):
        running.add(time_, value)
    scale = max(abs(value) for value in values)
    assert running.avg == pytest.approx(statistics.fmean(values), abs=1e-15 * scale)
    assert running.min <= running.avg <= running.max
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    # The square of less than 1e-150 is no double any more.
    assert running.std_dev == pytest.approx(deviation, rel=1e-7, abs=1e-12 * scale + 1e-150)
    assert (running.last, running.count) == (values[-1], len(values))


def test_the_last_value_is_the_latest_not_the_last_to_arrive(sagemaker, metrics_client):
    sagemaker.create_trial_component(TrialComponentName="out-of-order")
    put(metrics_client, "out-of-order", "loss", [3.0], start=T0 + 60)
    put(metrics_client, "out-of-order", "loss", [9.0], start=T0)
    assert summary(sagemaker, "out-of-order", "loss")["Last"] == 3.0


def test_points_that_are_no_numbers_are_refused_one_by_one(sagemaker, metrics_client):
    sagemaker.create_trial_component(TrialComponentName="partly-bad")
    data = [
        {"MetricName": "loss", "Timestamp": T0 + n, "Value": value}
        for n, value in enumerate([1.0, float("nan"), 2.0, float("inf")])
    ]
    answer = metrics_client.batch_put_metrics(TrialComponentName="partly-bad", MetricData=data)
    assert answer["Errors"] == [
        {"Code": "VALIDATION_ERROR", "MetricIndex": 1},
        {"Code": "VALIDATION_ERROR", "MetricIndex": 3},
    ]
    assert summary(sagemaker, "partly-bad", "loss")["Count"] == 2


def test_an_unknown_component_is_an_error_inside_a_200(metrics_client):
    point = {"MetricName": "loss", "Timestamp": T0, "Value": 1.0}
    answer = metrics_client.batch_put_metrics(TrialComponentName="absent", MetricData=[point])
    assert answer["Errors"] == [{"Code": "VALIDATION_ERROR", "MetricIndex": 0}]


def test_more_than_ten_points_are_refused(sagemaker, metrics_client):
    sagemaker.create_trial_component(TrialComponentName="eleven")
    point = {"MetricName": "loss", "Timestamp": T0, "Value": 1.0}
    with pytest.raises(metrics_client.exceptions.ClientError, match="equal to 10"):
        metrics_client.batch_put_metrics(TrialComponentName="eleven", MetricData=[point] * 11)


def test_a_series_comes_back_by_step(sagemaker, metrics_client):
    arn = sagemaker.create_trial_component(TrialComponentName="stepped")["TrialComponentArn"]
    put(metrics_client, "stepped", "accuracy", [0.5, 0.7, 0.9])
    found = series(metrics_client, arn, "accuracy")
    assert (found["Status"], found["XAxisValues"], found["MetricValues"]) == (
        "Complete",
        [0, 1, 2],
        [0.5, 0.7, 0.9],
    )
    part = series(metrics_client, arn, "accuracy", Start=1, End=1)
    assert (part["XAxisValues"], part["MetricValues"]) == ([1], [0.7])


def test_each_statistic_reduces_the_points_of_one_step(sagemaker, metrics_client):
    arn = sagemaker.create_trial_component(TrialComponentName="reduced")["TrialComponentArn"]
    data = [
        {"MetricName": "loss", "Timestamp": T0 + n, "Value": value, "Step": 7}
        for n, value in enumerate([1.0, 4.0, 2.0])
    ]
    metrics_client.batch_put_metrics(TrialComponentName="reduced", MetricData=data)
    found = {
        name: series(metrics_client, arn, "loss", name)["MetricValues"]
        for name in ("Min", "Max", "Avg", "Count", "StdDev", "Last")
    }
    assert found == {
        "Min": [1.0],
        "Max": [4.0],
        "Avg": [7 / 3],
        "Count": [3.0],
        "StdDev": [statistics.stdev([1.0, 4.0, 2.0])],
        "Last": [2.0],
    }


def test_points_without_a_step_count_by_their_number(sagemaker, metrics_client):
    arn = sagemaker.create_trial_component(TrialComponentName="unstepped")["TrialComponentArn"]
    put(metrics_client, "unstepped", "loss", [3.0, 2.0, 1.0], steps=False)
    found = series(metrics_client, arn, "loss")
    assert (found["XAxisValues"], found["MetricValues"]) == ([0, 1, 2], [3.0, 2.0, 1.0])


def test_a_series_comes_back_by_minute_in_milliseconds(sagemaker, metrics_client):
    arn = sagemaker.create_trial_component(TrialComponentName="timed")["TrialComponentArn"]
    minute = T0 - T0 % 60
    for offset, value in ((0, 1.0), (30, 3.0), (60, 5.0)):
        put(metrics_client, "timed", "loss", [value], start=minute + offset)
    found = series(metrics_client, arn, "loss", "Avg", "OneMinute")
    assert found["XAxisValues"] == [minute * 1000, (minute + 60) * 1000]
    assert found["MetricValues"] == [2.0, 5.0]
    for start in (minute + 60, (minute + 60) * 1000):
        late = series(metrics_client, arn, "loss", "Avg", "OneMinute", Start=start)
        assert late["MetricValues"] == [5.0]


def test_queries_are_answered_in_their_places(local_service: LocalService, sagemaker):
    import json

    arn = sagemaker.create_trial_component(TrialComponentName="in-place")["TrialComponentArn"]

    def query(resource, period="IterationNumber"):
        return {
            "MetricName": "loss",
            "ResourceArn": resource,
            "MetricStat": "Last",
            "Period": period,
            "XAxisType": "IterationNumber",
        }

    queries = [query(arn.replace("in-place", "absent")), query(arn), query(arn, "OneHour")]
    body = json.dumps({"MetricQueries": queries}).encode()
    headers = signed_headers(local_service, body, {}, path="/BatchGetMetrics")
    reply = send(local_service, body, headers, path="/BatchGetMetrics")
    assert_fits("BatchGetMetrics", reply.json, "sagemaker-metrics")
    statuses = [result["Status"] for result in reply.json["MetricQueryResults"]]
    assert statuses == ["ValidationError", "Complete", "ValidationError"]


def test_metrics_go_with_their_component(sagemaker, metrics_client):
    sagemaker.create_trial_component(TrialComponentName="emptied")
    put(metrics_client, "emptied", "loss", [1.0, 2.0])
    sagemaker.delete_trial_component(TrialComponentName="emptied")
    sagemaker.create_trial_component(TrialComponentName="emptied")
    found = sagemaker.describe_trial_component(TrialComponentName="emptied")
    assert found["Metrics"] == []


def test_points_are_found_by_search_at_once(sagemaker, metrics_client):
    sagemaker.create_trial_component(TrialComponentName="at-once")
    put(metrics_client, "at-once", "test:accuracy/top.1", [0.25, 0.75])
    before = time.time()
    filters = [{"Name": "metrics.test:accuracy/top.1.max", "Operator": "Equals", "Value": "0.75"}]
    found = sagemaker.search(
        Resource="ExperimentTrialComponent", SearchExpression={"Filters": filters}
    )["Results"]
    assert [r["TrialComponent"]["TrialComponentName"] for r in found] == ["at-once"]
    assert found[0]["TrialComponent"]["LastModifiedTime"].timestamp() <= before + 1
