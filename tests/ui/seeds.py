"""Scripts that log experiments, for a Lab to run: seeds to group by, and curves."""

SEEDS = """
import time
import boto3

sm = boto3.client("sagemaker")
metrics = boto3.client("sagemaker-metrics")
NOW = int(time.time())
sm.create_experiment(ExperimentName="compare-seeds")

RUNS = [
    ("sgd", 1, 90.5, 0.31), ("sgd", 2, 91.5, 0.29), ("sgd", 3, 92.5, 0.27),
    ("adam", 1, 95.25, 0.18), ("adam", 2, 96.25, 0.16), ("adam", 3, 94.25, 0.20),
]
for optimizer, seed, accuracy, loss in RUNS:
    trial = f"compare-{optimizer}-{seed}"
    name = f"compare-training-{optimizer}-{seed}"
    sm.create_trial(TrialName=trial, ExperimentName="compare-seeds")
    component = sm.create_trial_component(
        TrialComponentName=name, DisplayName="Training", Status={"PrimaryStatus": "Completed"},
        StartTime=NOW - 60, EndTime=NOW,
        Parameters={"optimizer": {"StringValue": '"%s"' % optimizer},
                    "seed": {"NumberValue": seed}, "epochs": {"NumberValue": 5}},
    )
    sm.add_tags(ResourceArn=component["TrialComponentArn"],
                Tags=[{"Key": "team", "Value": "vision"}])
    sm.associate_trial_component(TrialComponentName=name, TrialName=trial)
    metrics.batch_put_metrics(TrialComponentName=name, MetricData=[
        {"MetricName": metric, "Timestamp": NOW, "Step": 0, "Value": value}
        for metric, value in (("test:accuracy", accuracy), ("test:loss", loss))
    ])
"""

CURVES = """
import math, time
import boto3

sm = boto3.client("sagemaker")
metrics = boto3.client("sagemaker-metrics")
NOW = int(time.time()) - 3600
sm.create_experiment(ExperimentName="chart-curves")
RUNS = [("sgd", 1, 0.1), ("sgd", 2, 0.01), ("adam", 1, 0.1), ("adam", 2, 0.01)]
for place, (optimizer, seed, rate) in reversed(list(enumerate(RUNS, 1))):
    trial = f"curves-trial-{optimizer}-{seed}"
    name = f"curves-{optimizer}-{seed}"
    sm.create_trial(TrialName=trial, ExperimentName="chart-curves")
    sm.create_trial_component(
        TrialComponentName=name, DisplayName="Training", Status={"PrimaryStatus": "Completed"},
        StartTime=NOW, EndTime=NOW + 720,
        Parameters={"optimizer": {"StringValue": '"%s"' % optimizer},
                    "lr": {"NumberValue": rate}, "net.layers[0]": {"NumberValue": 8 * place}})
    sm.associate_trial_component(TrialComponentName=name, TrialName=trial)
    for metric, scale in (("test:loss", 1.0), ("val.f1[macro]/top 'k'", 3.0)):
        data = [
            {"MetricName": metric, "Timestamp": NOW + 60 * step, "Step": step,
             "Value": scale * (math.exp(-step * place / 8) + 0.02 * math.sin(2 * step + place))}
            for step in range(12)
        ]
        for first in (0, 10):
            metrics.batch_put_metrics(
                TrialComponentName=name, MetricData=data[first:first + 10])
"""
"""Logs the curves of four trainings, under a metric with a name that is hard to draw too."""
