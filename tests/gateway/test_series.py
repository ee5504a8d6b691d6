"""BatchGetMetrics, with answers that botocore's own model accepts."""

import pytest
from botocore.stub import Stubber

from smx_lab.core.connection import Connection
from smx_lab.core.errors import ServiceUnavailable
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.gateway.series import METRICS, Points, SeriesQuery, read_series

LOCAL = Connection(id="local", kind="local", label="Local")
ARN = "arn:aws:sagemaker:us-east-1:000000000000:experiment-trial-component/training"
LOSS = SeriesQuery(ARN, "test:loss")


@pytest.fixture
def stubbed(local_at):
    sagemaker = SageMaker(LOCAL, lambda: local_at("http://127.0.0.1:1"))
    with Stubber(sagemaker.client(METRICS)) as stubber:
        yield sagemaker, stubber
        stubber.assert_no_pending_responses()


def asked(metric, **more):
    return {
        "MetricName": metric,
        "ResourceArn": ARN,
        "MetricStat": "Last",
        "Period": "IterationNumber",
        "XAxisType": "IterationNumber",
        **more,
    }


def answered(x=(), values=(), status="Complete", **more):
    return {"Status": status, "XAxisValues": list(x), "MetricValues": list(values), **more}


def expect(stubber, *exchanges):
    stubber.add_response(
        "batch_get_metrics",
        {"MetricQueryResults": [answer for _, answer in exchanges]},
        {"MetricQueries": [query for query, _ in exchanges]},
    )


def test_a_truncated_series_is_read_on_and_the_others_only_once(stubbed):
    sagemaker, stubber = stubbed
    expect(
        stubber,
        (asked("test:loss"), answered([0, 1], [0.5, 0.4], "Truncated")),
        (asked("test:f1"), answered([0], [0.1])),
        (asked("missing"), answered(status="ValidationError", Message="No such resource")),
    )
    expect(stubber, (asked("test:loss", Start=2), answered([2], [0.3])))
    queries = [LOSS, SeriesQuery(ARN, "test:f1"), SeriesQuery(ARN, "missing")]
    assert read_series(sagemaker, queries, "IterationNumber") == [
        Points([0, 1, 2], [0.5, 0.4, 0.3]),
        Points([0], [0.1]),
        Points([], []),
    ]


def test_a_hundred_queries_go_with_one_call(stubbed):
    sagemaker, stubber = stubbed
    expect(stubber, *[(asked("test:loss"), answered([1], [1.0]))] * 100)
    expect(stubber, *[(asked("test:loss"), answered([1], [1.0]))] * 20)
    assert len(read_series(sagemaker, [LOSS] * 120, "IterationNumber")) == 120


def test_an_error_inside_an_answer_is_an_error(stubbed):
    sagemaker, stubber = stubbed
    expect(stubber, (asked("test:loss"), answered(status="InternalError", Message="Try again")))
    with pytest.raises(ServiceUnavailable, match="Try again"):
        read_series(sagemaker, [LOSS], "IterationNumber")


def test_numbers_that_json_cannot_write_are_read(stubbed):
    sagemaker, stubber = stubbed
    query = {**asked("test:loss"), "Period": "OneMinute", "XAxisType": "Timestamp"}
    expect(stubber, (query, answered([1700000000000], [float("inf")])))
    (points,) = read_series(sagemaker, [LOSS], "Timestamp")
    assert points == Points([1700000000000], [float("inf")])
