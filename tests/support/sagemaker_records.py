"""Trial components as SageMaker's Search returns them, for the tests' own server."""

from __future__ import annotations

import json
import random
from typing import Any

MORNING = 1_700_000_000.0
PARAMETERS, METRICS = 12, 10
ARN = "arn:aws:sagemaker:us-east-1:123456789012"


class Record:
    """One trial component. It is encoded when first needed: many are never needed."""

    def __init__(
        self,
        number: int,
        created: float,
        experiment: str = "mnist",
        status: str = "Completed",
        trials: int = 1,
    ) -> None:
        self.number = number
        self.name = f"job-{number}-aws-training-job"
        self.created = self.modified = created
        self.status = status
        self.parents = [(f"trial-{number}-{n}", experiment) for n in range(trials)]
        self.changes = 0
        self._encoded: bytes | None = None

    def change(self, modified: float, **members: Any) -> None:
        """Change some members, and the time of the last change."""
        self.modified = modified
        self.changes += 1
        for name, value in members.items():
            setattr(self, name, value)
        self._encoded = None

    def relink(self, parents: list[tuple[str, str]]) -> None:
        """Put it into other trials, which does not change the time of its last change."""
        self.parents = parents
        self._encoded = None

    def encoded(self) -> bytes:
        """The record as Search wraps it."""
        if self._encoded is None:
            record = {"TrialComponent": self.record()}
            self._encoded = json.dumps(record, separators=(",", ":")).encode()
        return self._encoded

    def record(self) -> dict[str, Any]:
        """Return the record as in JSON 1.1, with times in epoch seconds."""
        number = random.Random(1000 * self.number + self.changes)
        return {
            "TrialComponentName": self.name,
            "DisplayName": "Training",
            "TrialComponentArn": f"{ARN}:experiment-trial-component/{self.name}",
            "Source": {
                "SourceArn": f"{ARN}:training-job/job-{self.number}",
                "SourceType": "SageMakerTrainingJob",
            },
            "Status": {"PrimaryStatus": self.status, "Message": "Status: Completed, secondary"},
            "StartTime": self.created + 1,
            "EndTime": self.created + 60,
            "CreationTime": self.created,
            "CreatedBy": {"IamIdentity": {"Arn": "arn:aws:sts::1:assumed-role/role/ada"}},
            "LastModifiedTime": self.modified,
            "LastModifiedBy": {},
            "Parameters": {
                **{f"number-{n}": {"NumberValue": number.random()} for n in range(PARAMETERS - 2)},
                "optimizer": {"StringValue": number.choice(['"sgd"', '"adam"'])},
                "changes": {"NumberValue": float(self.changes)},
            },
            "InputArtifacts": {"training": {"Value": "s3://bucket/mnist", "MediaType": "text/csv"}},
            "OutputArtifacts": {"SageMaker.ModelArtifact": {"Value": f"s3://b/{self.name}.tar.gz"}},
            "Metrics": [self._metric(f"metric-{n}", number) for n in range(METRICS)],
            "Parents": [
                {"TrialName": trial, "ExperimentName": experiment}
                for trial, experiment in self.parents
            ],
            "Tags": [{"Key": "team", "Value": "vision"}],
        }

    def _metric(self, name: str, number: random.Random) -> dict[str, Any]:
        low, high = sorted((number.random(), number.random()))
        return {
            "MetricName": name,
            "SourceArn": f"{ARN}:training-job/job-{self.number}",
            "TimeStamp": int(self.created + 50),
            "Max": high,
            "Min": low,
            "Last": high,
            "Count": 10,
            "Avg": (low + high) / 2,
            "StdDev": (high - low) / 3,
        }
