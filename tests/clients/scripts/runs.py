"""Runs of one experiment, with sagemaker 2 or the core of sagemaker 3, by the same lines."""

import json
import sys
from pathlib import Path

import numpy as np

if sys.argv[1] == "3":
    from sagemaker.core.experiments.run import (
        Run,
        SortByType,
        SortOrderType,
        list_runs,
        load_run,
    )
    from sagemaker.core.helper.session_helper import Session
else:
    from sagemaker.experiments.run import Run, SortByType, SortOrderType, list_runs, load_run
    from sagemaker.session import Session

session = Session()
sm = session.sagemaker_client
experiment = "Curves"
truth, scores = [0, 1, 0, 1, 1], [0.1, 0.9, 0.4, 0.6, 0.3]
Path("notes.txt").write_text("hello")

for number in (1, 2):
    with Run(
        experiment_name=experiment,
        run_name=f"run-{number}",
        sagemaker_session=session,
        tags=[{"Key": "team", "Value": "a"}],
    ) as run:
        run.log_parameter("rate", 0.1 * number)
        run.log_parameters({"layers": 3, "activation": "relu"})
        for step in range(12):
            run.log_metric(name="loss", value=1 / (step + number), step=step)
        run.log_metric("skipped", np.nan)
        run.log_artifact("data", "s3://bucket/data", media_type="s3/uri", is_output=False)
        run.log_file("notes.txt", name="notes")
        run.log_roc_curve(truth, scores, title="roc")
        run.log_precision_recall(truth, scores, title="precision", is_output=False)
        run.log_confusion_matrix(truth, [0, 1, 0, 1, 0], title="confusion")

with load_run(experiment_name=experiment, run_name="run-2", sagemaker_session=session) as run:
    run.log_parameter("later", 1)

listed = list_runs(
    experiment,
    sagemaker_session=session,
    sort_by=SortByType.CREATION_TIME,
    sort_order=SortOrderType.ASCENDING,
)
component = sm.describe_trial_component(TrialComponentName="curves-run-2")
curve = sm.list_artifacts(ArtifactType="ROCCurve", MaxResults=1)["ArtifactSummaries"][0]
bucket, _, key = curve["Source"]["SourceUri"].removeprefix("s3://").partition("/")
uploaded = session.boto_session.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
associations = [
    *sm.list_associations(SourceArn=component["TrialComponentArn"])["AssociationSummaries"],
    *sm.list_associations(DestinationArn=component["TrialComponentArn"])["AssociationSummaries"],
]
analytics = {}
if sys.argv[1] != "3":
    from sagemaker.analytics import ExperimentAnalytics

    frame = ExperimentAnalytics(
        experiment_name=experiment.lower(), sort_by="parameters.rate", sagemaker_session=session
    ).dataframe()
    analytics = {"rate": list(frame["rate"]), "loss": list(frame["loss - Count"])}

print(
    json.dumps(
        {
            "bucket": session.default_bucket(),
            "account": session.account_id(),
            "role": session.get_caller_identity_arn(),
            "listed": [run.run_name for run in listed],
            "parameters": component["Parameters"],
            "inputs": component["InputArtifacts"],
            "outputs": component["OutputArtifacts"],
            "metrics": {
                metric["MetricName"]: [metric["Count"], metric["Last"]]
                for metric in component["Metrics"]
            },
            "status": component["Status"]["PrimaryStatus"],
            "curve": sorted(json.loads(uploaded)),
            "associations": sorted(
                [item["SourceName"], item["AssociationType"], item["DestinationName"]]
                for item in associations
            ),
            "analytics": analytics,
        }
    )
)
