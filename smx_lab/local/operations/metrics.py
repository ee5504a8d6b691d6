"""The metrics service: BatchPutMetrics and BatchGetMetrics.

Errors of one point or one query are part of a 200, beside the results of the others.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from smx_lab.local.context import Answer, Context, Request, to_ms
from smx_lab.local.errors import ServiceError
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import series
from smx_lab.local.records.metrics import MetricPoint, is_storable, put_metrics


@operation("BatchPutMetrics", service="sagemaker-metrics", writes=True)
def batch_put_metrics(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Store valid points, and return an error for each of the others."""
    points, errors = [], []
    for index, metric in enumerate(request["MetricData"]):
        if is_storable(metric["Value"]):
            points.append(
                MetricPoint(
                    metric["MetricName"],
                    to_ms(metric["Timestamp"]),
                    metric["Value"],
                    metric.get("Step"),
                )
            )
        else:
            errors.append({"Code": "VALIDATION_ERROR", "MetricIndex": index})
    try:
        put_metrics(cx, context, request["TrialComponentName"], points)
    except ServiceError:
        # No such trial component: no exception is modeled for that.
        return {"Errors": [{"Code": "VALIDATION_ERROR", "MetricIndex": 0}]}
    return {"Errors": errors or None}


@operation("BatchGetMetrics", service="sagemaker-metrics")
def batch_get_metrics(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Return a result for each query, in the same order."""
    return {
        "MetricQueryResults": [
            _answer_query(cx, context, query) for query in request["MetricQueries"]
        ]
    }


def _answer_query(
    cx: sqlite3.Connection, context: Context, query: dict[str, Any]
) -> dict[str, Any]:
    try:
        found = series.read_series(
            cx,
            context,
            series.Query(
                arn=query["ResourceArn"],
                metric_name=query["MetricName"],
                statistic=query["MetricStat"],
                period=query["Period"],
                x_axis=query["XAxisType"],
                start=query.get("Start"),
                end=query.get("End"),
            ),
        )
    except ServiceError as error:
        return {
            "Status": "ValidationError",
            "Message": error.message,
            "XAxisValues": [],
            "MetricValues": [],
        }
    return {
        "Status": "Truncated" if found.is_truncated else "Complete",
        "XAxisValues": found.x,
        "MetricValues": found.values,
    }
