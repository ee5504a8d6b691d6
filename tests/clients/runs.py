"""What every version of the SDK leaves behind after ``scripts/runs.py``."""

from __future__ import annotations

from typing import Any

_BUCKET = "sagemaker-us-east-1-000000000000"

EXPECTED_RUNS: dict[str, Any] = {
    "bucket": _BUCKET,
    "account": "000000000000",
    "role": "arn:aws:iam::000000000000:role/service-role/AmazonSageMaker-ExecutionRole-local",
    "listed": ["run-1", "run-2"],
    "parameters": {
        "rate": {"NumberValue": 0.2},
        "layers": {"NumberValue": 3.0},
        "activation": {"StringValue": "relu"},
        "later": {"NumberValue": 1.0},
    },
    "inputs": {"data": {"MediaType": "s3/uri", "Value": "s3://bucket/data"}},
    "outputs": {
        "notes": {
            "MediaType": "text/plain",
            "Value": f"s3://{_BUCKET}/trial-component-artifacts/curves-run-2/notes.txt",
        }
    },
    "metrics": {"loss": [12, 1 / 13]},
    "status": "Completed",
    "curve": [
        *("areaUnderCurve", "falsePositiveRate", "title", "truePositiveRate", "type", "version"),
    ],
    "associations": [
        ["curves-run-2", "Produced", "confusion"],
        ["curves-run-2", "Produced", "roc"],
        ["precision", "ContributedTo", "curves-run-2"],
    ],
}
