"""A script that logs two optimizers with three seeds each, for a Lab to run."""

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
