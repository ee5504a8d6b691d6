"""A real training job with a small model, for tests that deploy it."""

from __future__ import annotations

import json

from tests.ui.harness import Lab

TRAINING_SCRIPT = """
import json, os


def model_fn(model_dir):
    with open(os.path.join(model_dir, "weights.json")) as file:
        return json.load(file)


def input_fn(body, content_type):
    if content_type != "application/json":
        raise ValueError(f"This model reads application/json, not {content_type}.")
    return json.loads(body)


def predict_fn(rows, weights):
    return [sum(w * x for w, x in zip(weights, row)) for row in rows]


def output_fn(predictions, accept):
    return json.dumps({"predictions": predictions}), "application/json"


if __name__ == "__main__":
    for epoch in range(3):
        print(f"Train Loss: {1 / (epoch + 1):.4f};")
    with open(os.path.join(os.environ["SM_MODEL_DIR"], "weights.json"), "w") as file:
        json.dump([1, 10, 100], file)
"""

BROKEN_SCRIPT = TRAINING_SCRIPT.replace(
    "def model_fn(model_dir):",
    'def model_fn(model_dir):\n    raise RuntimeError("the weights are of another shape")',
)

START = """
import json, time
import boto3

name = {name!r}
sm = boto3.client("sagemaker")
sm.create_experiment(ExperimentName=f"{{name}}-experiment")
sm.create_trial(TrialName=f"{{name}}-trial", ExperimentName=f"{{name}}-experiment")
sm.create_training_job(
    TrainingJobName=name,
    RoleArn="arn:aws:iam::123456789012:role/service-role/Training",
    AlgorithmSpecification={{
        "TrainingImage": "sagemaker-scikit-learn:1.2-1-cpu-py3",
        "TrainingInputMode": "File",
        "MetricDefinitions": [{{"Name": "train:loss", "Regex": "Train Loss: (.*?);"}}],
    }},
    HyperParameters={{
        "sagemaker_program": json.dumps("train.py"),
        "sagemaker_submit_directory": json.dumps({code!r}),
    }},
    OutputDataConfig={{"S3OutputPath": {output!r}}},
    ResourceConfig={{"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}},
    StoppingCondition={{"MaxRuntimeInSeconds": 600}},
    ExperimentConfig={{
        "TrialName": f"{{name}}-trial",
        "TrialComponentDisplayName": "Training",
    }},
)
while (job := sm.describe_training_job(TrainingJobName=name))["TrainingJobStatus"] == "InProgress":
    time.sleep(0.1)
assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
(component,) = sm.list_trial_components(TrialName=f"{{name}}-trial")["TrialComponentSummaries"]
print(component["TrialComponentName"])
"""


def train(lab: Lab, name: str, script: str = TRAINING_SCRIPT) -> str:
    """Train a model in a job of that name; return its trial component's name."""
    code = lab.folder / "code" / name
    code.mkdir(parents=True)
    (code / "train.py").write_text(script, encoding="utf-8")
    output = lab.folder / "output"
    return lab.script(START.format(name=name, code=str(code), output=str(output))).strip()


DEPLOY = """
import boto3

name, job = {name!r}, {job!r}
sm = boto3.client("sagemaker")
model_data = sm.describe_training_job(TrainingJobName=job)["ModelArtifacts"]["S3ModelArtifacts"]
sm.create_model(
    ModelName=f"{{name}}-model",
    ExecutionRoleArn="arn:aws:iam::123456789012:role/service-role/Training",
    PrimaryContainer={{
        "Image": "sagemaker-scikit-learn:1.2-1-cpu-py3",
        "ModelDataUrl": model_data,
        "Environment": {{
            "SAGEMAKER_PROGRAM": "train.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": {code!r},
        }},
    }},
)
sm.create_endpoint_config(
    EndpointConfigName=f"{{name}}-config",
    ProductionVariants=[{{
        "VariantName": "AllTraffic",
        "ModelName": f"{{name}}-model",
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
    }}],
)
sm.create_endpoint(EndpointName=name, EndpointConfigName=f"{{name}}-config")
sm.get_waiter("endpoint_in_service").wait(
    EndpointName=name, WaiterConfig={{"Delay": 1, "MaxAttempts": 120}}
)
"""


def deploy(lab: Lab, name: str, job: str) -> None:
    """Deploy a training job's model by boto3, and wait until it is InService."""
    lab.script(DEPLOY.format(name=name, job=job, code=str(lab.folder / "code" / job)))


def describe(lab: Lab, operation: str, **members: str) -> dict[str, object]:
    """Return what the local service itself says, by boto3."""
    call = f"boto3.client('sagemaker').{operation}(**{members!r})"
    source = f"import boto3, json\nprint(json.dumps({call}, default=str))"
    answer: dict[str, object] = json.loads(lab.script(source))
    return answer
