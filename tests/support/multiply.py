"""A training job of a second, and a model that multiplies, for tests that need real ones."""

import json

from tests.support.waiting import wait_for_job

SCRIPT = """\
import argparse
import os
import pathlib


def train():
    parser = argparse.ArgumentParser()
    parser.add_argument("--factor", type=float)
    factor = parser.parse_args().factor
    print("factor: 1.0;")
    print(f"factor: {factor};", flush=True)
    pathlib.Path(os.environ["SM_MODEL_DIR"], "factor.txt").write_text(str(factor))


def model_fn(model_dir):
    return float(pathlib.Path(model_dir, "factor.txt").read_text())


def predict_fn(data, model):
    if data.size == 0:
        raise ValueError("there is nothing to multiply")
    return data * model


if __name__ == "__main__":
    train()
"""

BROKEN_SERVING = "\n\ndef model_fn(model_dir):\n    raise RuntimeError('the weights are corrupt')\n"
"""To put behind the script: it trains, and then cannot be served."""

ROLE = "arn:aws:iam::000000000000:role/sagemaker"


def create_job(client, job_name, folder, script=SCRIPT, **members):
    """Start a training job that learns to multiply by 3; ``folder`` takes its code and output."""
    code = folder / "code"
    code.mkdir(parents=True)
    (code / "train.py").write_text(script)
    client.create_training_job(
        TrainingJobName=job_name,
        AlgorithmSpecification={
            "TrainingImage": "sagemaker-scikit-learn:1.2-1-cpu-py3",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "factor", "Regex": "factor: (.*?);"}],
        },
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": (folder / "output").as_uri()},
        ResourceConfig={"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
        HyperParameters={
            "factor": "3",
            "sagemaker_program": json.dumps("train.py"),
            "sagemaker_submit_directory": json.dumps(code.as_uri()),
        },
        **members,
    )


def train(client, job_name, folder, script=SCRIPT, **members):
    """Run a training job to its end, and return its trial component's name."""
    create_job(client, job_name, folder, script, **members)
    job = wait_for_job(client, job_name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return f"{job_name}-aws-training-job"
