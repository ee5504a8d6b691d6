"""An experiment to copy or export, what a user sees of it, and calls that fail."""

from datetime import datetime, timedelta, timezone

from tests.support.clients import client_of

NOW = datetime.now(timezone.utc).replace(microsecond=0)


def fill(service, name, point_time=NOW):
    """An experiment of two trials that share a component, with tags, artifacts and a series."""
    client, metrics = client_of(service), client_of(service, "sagemaker-metrics")
    tags = [{"Key": "team", "Value": "vision"}]
    client.create_experiment(ExperimentName=name, Description="Digits", Tags=tags)
    client.create_trial_component(
        TrialComponentName=f"{name}-preprocessing",
        DisplayName="Preprocessing",
        Parameters={"mean": {"NumberValue": 0.1307}, "optimizer": {"StringValue": '"sgd"'}},
        InputArtifacts={"images": {"Value": "s3://bucket/raw", "MediaType": "image/png"}},
        OutputArtifacts={"tensors": {"Value": "s3://bucket/out"}},
        Status={"PrimaryStatus": "Completed", "Message": "All done"},
        StartTime=NOW - timedelta(minutes=5),
        EndTime=NOW,
        Tags=tags,
    )
    for trial in (f"{name}-1", f"{name}-2"):
        client.create_trial(TrialName=trial, ExperimentName=name, DisplayName="A-trial")
        client.associate_trial_component(
            TrialComponentName=f"{name}-preprocessing", TrialName=trial
        )
    for first in (0, 10):
        data = [
            {"MetricName": "loss", "Step": step, "Value": 1 / (step + 1), "Timestamp": point_time}
            for step in range(first, min(first + 10, 13))
        ]
        metrics.batch_put_metrics(TrialComponentName=f"{name}-preprocessing", MetricData=data)
    return client


def facts(client, name):
    """What a user sees of an experiment, without what only SageMaker sets."""
    described = client.describe_experiment(ExperimentName=name)
    component = client.describe_trial_component(TrialComponentName=f"{name}-preprocessing")
    trials = client.list_trials(ExperimentName=name)["TrialSummaries"]
    kept = ("DisplayName", "Parameters", "InputArtifacts", "OutputArtifacts", "Status")
    tags = {
        arn: {t["Key"]: t["Value"] for t in client.list_tags(ResourceArn=arn)["Tags"]}
        for arn in (described["ExperimentArn"], component["TrialComponentArn"])
    }
    return {
        "description": described["Description"],
        "trials": sorted((t["TrialName"], t["DisplayName"]) for t in trials),
        "in": sorted(
            t["TrialName"]
            for t in client.list_trials(TrialComponentName=f"{name}-preprocessing")[
                "TrialSummaries"
            ]
        ),
        "component": {key: component[key] for key in kept},
        "times": (component["StartTime"], component["EndTime"]),
        "team": [found.get("team") for found in tags.values()],
        "metrics": [
            (m["MetricName"], m["Count"], m["Min"], m["Max"], m["Last"], m["Avg"])
            for m in component["Metrics"]
        ],
    }


def failing(sagemaker, fails_at, error):
    """Let one call fail; answers the calls that were made."""
    made, real = [], sagemaker.call

    def call(operation, /, **members):
        made.append(operation)
        if len(made) == fails_at:
            raise error("It cannot be read.")
        return real(operation, **members)

    sagemaker.call = call
    return made
