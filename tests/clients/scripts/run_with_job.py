"""A job started inside a run, whose script tracks into the same run."""

import json
import shutil
from pathlib import Path

from sagemaker import get_execution_role
from sagemaker.experiments.run import Run
from sagemaker.session import Session
from sagemaker.sklearn import SKLearn

Path("source").mkdir()
shutil.copy(Path(__file__).with_name("track_from_job.py"), "source/track_from_job.py")
session = Session()
sm = session.sagemaker_client
with Run(experiment_name="from-inside", run_name="run", sagemaker_session=session) as run:
    run.log_parameter("from_notebook", 1)
    estimator = SKLearn(
        entry_point="track_from_job.py",
        source_dir="source",
        role=get_execution_role(),
        instance_type="ml.m5.large",
        framework_version="1.2-1",
        hyperparameters={"bucket": session.default_bucket()},
        sagemaker_session=session,
    )
    estimator.fit(job_name="from-inside-job")

component = sm.describe_trial_component(TrialComponentName="from-inside-run")
print(
    json.dumps(
        {
            "parameters": {
                name: value["NumberValue"]
                for name, value in component["Parameters"].items()
                if name.startswith("from_")
            },
            "metrics": {item["MetricName"]: item["Count"] for item in component["Metrics"]},
            "run_of_job": sm.describe_training_job(TrainingJobName="from-inside-job")[
                "ExperimentConfig"
            ]["RunName"],
        }
    )
)
