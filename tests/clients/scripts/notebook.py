"""The cells of the tutorial's notebook, in their order, and at last what they led to as JSON.

The training script is the one of this folder that the command line names, else scikit-learn's.
"""

import json
import shutil
import sys
import time
from pathlib import Path

import boto3
import numpy as np
import sagemaker
from sagemaker import get_execution_role
from sagemaker.analytics import ExperimentAnalytics
from sagemaker.pytorch import PyTorch
from sagemaker.session import Session
from sklearn.datasets import load_digits
from smexperiments.experiment import Experiment
from smexperiments.tracker import Tracker
from smexperiments.trial import Trial
from smexperiments.trial_component import TrialComponent

shutil.copy(Path(__file__).with_name((sys.argv[1:] or ["mnist.py"])[0]), "mnist.py")

sess = boto3.Session()
sm = sess.client("sagemaker")
role = get_execution_role()

account_id = sess.client("sts").get_caller_identity()["Account"]
bucket = f"sagemaker-experiments-{sess.region_name}-{account_id}"
prefix = "mnist"
sess.client("s3").create_bucket(Bucket=bucket)

Path("mnist").mkdir()
np.savetxt("mnist/normalization.csv", [0.1307, 0.3081])
np.savetxt("mnist/digits.csv", np.column_stack(load_digits(return_X_y=True)), "%d", ",")
inputs = sagemaker.Session().upload_data(path="mnist", bucket=bucket, key_prefix=prefix)

with Tracker.create(display_name="Preprocessing", sagemaker_boto_client=sm) as tracker:
    tracker.log_parameters({"normalization_mean": 0.1307, "normalization_std": 0.3081})
    tracker.log_input(name="mnist-dataset", media_type="s3/uri", value=inputs)
preprocessing_trial_component = tracker.trial_component

mnist_experiment = Experiment.create(
    experiment_name=f"mnist-hand-written-digits-classification-{int(time.time())}",
    description="Classification of mnist hand-written digits",
    sagemaker_boto_client=sm,
)

hidden_channel_trial_name_map = {}
for num_hidden_channel in (2, 20):
    trial_name = f"cnn-training-job-{num_hidden_channel}-hidden-channels-{int(time.time())}"
    cnn_trial = Trial.create(
        trial_name=trial_name,
        experiment_name=mnist_experiment.experiment_name,
        sagemaker_boto_client=sm,
    )
    hidden_channel_trial_name_map[num_hidden_channel] = trial_name
    cnn_trial.add_trial_component(preprocessing_trial_component)
    estimator = PyTorch(
        entry_point="./mnist.py",
        role=role,
        sagemaker_session=sagemaker.Session(sagemaker_client=sm),
        framework_version="1.4.0",
        py_version="py3",
        instance_count=1,
        instance_type="ml.c4.xlarge",
        hyperparameters={
            "epochs": 30,
            "hidden_channels": num_hidden_channel,
            "dropout": 0.2,
            "optimizer": "adam",
        },
        metric_definitions=[
            {"Name": "train:loss", "Regex": "Train Loss: (.*?);"},
            {"Name": "test:loss", "Regex": "Test Average loss: (.*?),"},
            {"Name": "test:accuracy", "Regex": "Test Accuracy: (.*?)%;"},
        ],
        enable_sagemaker_metrics=True,
    )
    cnn_training_job_name = f"cnn-training-job-{num_hidden_channel}-{int(time.time())}"
    estimator.fit(
        inputs={"training": inputs},
        job_name=cnn_training_job_name,
        experiment_config={
            "TrialName": cnn_trial.trial_name,
            "TrialComponentDisplayName": "Training",
        },
        wait=True,
    )

by_accuracy = ExperimentAnalytics(
    sagemaker_session=Session(sess, sm),
    experiment_name=mnist_experiment.experiment_name,
    search_expression={
        "Filters": [{"Name": "DisplayName", "Operator": "Equals", "Value": "Training"}]
    },
    sort_by="metrics.test:accuracy.max",
    sort_order="Descending",
    metric_names=["test:accuracy"],
    parameter_names=["hidden_channels", "epochs", "dropout", "optimizer"],
).dataframe()

lineage = ExperimentAnalytics(
    sagemaker_session=Session(sess, sm),
    search_expression={
        "Filters": [
            {
                "Name": "Parents.TrialName",
                "Operator": "Equals",
                "Value": hidden_channel_trial_name_map[2],
            }
        ]
    },
    sort_by="CreationTime",
    sort_order="Ascending",
).dataframe()

best_job = by_accuracy.iloc[0]["TrialComponentName"].removesuffix("-aws-training-job")
predictor = PyTorch.attach(best_job, sagemaker_session=Session(sess, sm)).deploy(
    initial_instance_count=1, instance_type="ml.m4.xlarge"
)
images, labels = load_digits(return_X_y=True)
predicted = predictor.predict(((images[:200] / 16 - 0.1307) / 0.3081).astype("float32"))
predictor.delete_endpoint()

# The notebook's own: https://github.com/aws/amazon-sagemaker-examples, "cleanup".
for trial_summary in mnist_experiment.list_trials():
    trial = Trial.load(sagemaker_boto_client=sm, trial_name=trial_summary.trial_name)
    for component_summary in trial.list_trial_components():
        component = TrialComponent.load(
            sagemaker_boto_client=sm,
            trial_component_name=component_summary.trial_component_name,
        )
        trial.remove_trial_component(component)
        try:
            component.delete()
        except sm.exceptions.ClientError:
            continue  # it is associated with another trial
    trial.delete()
mnist_experiment.delete()

print()  # the SDK's dots of waiting end without a line end
print(
    json.dumps(
        {
            "role": role,
            "inputs": inputs,
            "columns": list(by_accuracy.columns),
            "accuracies": list(by_accuracy["test:accuracy - Max"]),
            "counts": list(by_accuracy["test:accuracy - Count"]),
            "hidden_channels": list(by_accuracy["hidden_channels"]),
            "lineage": list(lineage["DisplayName"]),
            "right": float(np.mean(predicted == labels[:200])),
            "experiments_left": len(sm.list_experiments()["ExperimentSummaries"]),
        }
    )
)
