"""Real training scripts, jobs and models for the tests."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

from tests.support.waiting import wait_for_endpoint, wait_for_job

METRIC_DEFINITIONS = [
    {"Name": "train:loss", "Regex": "Train Loss: (.*?);"},
    {"Name": "test:loss", "Regex": "Test Average loss: (.*?),"},
    {"Name": "test:accuracy", "Regex": "Test Accuracy: (.*?)%;"},
]

DIGITS_SCRIPT = """
import argparse, os, warnings
import joblib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden_channels", type=int)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--optimizer")
    options = parser.parse_args()
    mean, std = np.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "normalization.csv"))
    images, labels = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        (images - mean) / std, labels, random_state=0
    )
    model = MLPClassifier((options.hidden_channels,), solver=options.optimizer, random_state=0)
    for epoch in range(options.epochs):
        model.partial_fit(train_x, train_y, classes=np.arange(10))
        print(f"Train Epoch: {epoch} Train Loss: {model.loss_:.6f};")
        loss = log_loss(test_y, model.predict_proba(test_x), labels=np.arange(10))
        accuracy = 100 * model.score(test_x, test_y)
        print(f"Test Average loss: {loss:.4f}, Test Accuracy: {accuracy:.2f}%;")
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""


def write_code(folder: Path, script: str, name: str = "train.py") -> Path:
    """Write a script into a folder of its own and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(script)
    return folder


def make_archive(path: Path, files: dict[str, str]) -> Path:
    """Pack texts under their names into a .tar.gz."""
    content = path.with_suffix(".content")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files.items():
            content.write_text(text)
            tar.add(content, name)
    content.unlink()
    return path


def job_request(name: str, code: Path | str, output: Path, **members: Any) -> dict[str, Any]:
    """Return CreateTrainingJob's input for a script; ``members`` are put over it."""
    hyperparameters = {
        "sagemaker_program": json.dumps("train.py"),
        "sagemaker_submit_directory": json.dumps(str(code)),
        **members.pop("HyperParameters", {}),
    }
    return {
        "TrainingJobName": name,
        "RoleArn": "arn:aws:iam::123456789012:role/service-role/Training",
        "AlgorithmSpecification": {
            "TrainingImage": "sagemaker-scikit-learn:1.2-1-cpu-py3",
            "TrainingInputMode": "File",
            "MetricDefinitions": METRIC_DEFINITIONS,
        },
        "HyperParameters": hyperparameters,
        "OutputDataConfig": {"S3OutputPath": str(output)},
        "ResourceConfig": {
            "InstanceCount": 1,
            "InstanceType": "ml.m5.xlarge",
            "VolumeSizeInGB": 30,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        **members,
    }


def channel(name: str, location: Path | str, **members: Any) -> dict[str, Any]:
    """Return one input channel."""
    source = {"S3DataType": "S3Prefix", "S3Uri": str(location)}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, **members}


def run_script(sagemaker: Any, tmp_path: Path, name: str, script: str, **members: Any) -> Any:
    """Run a script as a training job, and return the job once it has ended."""
    code = write_code(tmp_path / "code", script)
    sagemaker.create_training_job(**job_request(name, code, tmp_path / "out", **members))
    return wait_for_job(sagemaker, name)


def create_model(sagemaker: Any, name: str, data: Path | str, **environment: str) -> None:
    """Create a model of one container."""
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn="arn:aws:iam::123456789012:role/service-role/Serving",
        PrimaryContainer={
            "Image": "sagemaker-scikit-learn:1.2-1-cpu-py3",
            "ModelDataUrl": str(data),
            "Environment": environment,
        },
    )


def create_config(sagemaker: Any, name: str, *models: str) -> None:
    """Create an endpoint config with one variant a model, the first named AllTraffic."""
    variants = [
        {
            "VariantName": f"Variant-{number}" if number else "AllTraffic",
            "ModelName": model,
            "InstanceType": "ml.m5.xlarge",
            "InitialInstanceCount": 1,
        }
        for number, model in enumerate(models)
    ]
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)


def serve(sagemaker: Any, name: str) -> dict[str, Any]:
    """Put the model of this name behind an endpoint of the same name, and wait for it."""
    create_config(sagemaker, name, name)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    return wait_for_endpoint(sagemaker, name)
