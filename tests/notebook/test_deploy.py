"""From a training job to a prediction and back, by magics alone."""

import json

import boto3
import numpy as np
import pytest

from smx_lab.notebook.errors import MagicError
from tests.support.multiply import ROLE, SCRIPT
from tests.support.waiting import eventually


@pytest.fixture
def trained(smx, tmp_path):
    """A completed training job in an experiment; its model multiplies by three."""
    smx("connect local")
    sagemaker = boto3.client("sagemaker")
    jobs = sagemaker.list_training_jobs()["TrainingJobSummaries"]
    if "multiply" not in [job["TrainingJobName"] for job in jobs]:
        (tmp_path / "train.py").write_text(SCRIPT)
        sagemaker.create_experiment(ExperimentName="arithmetic")
        sagemaker.create_trial(TrialName="times-three", ExperimentName="arithmetic")
        sagemaker.create_training_job(
            TrainingJobName="multiply",
            AlgorithmSpecification={
                "TrainingImage": "sagemaker-scikit-learn:1.2-1-cpu-py3",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "factor", "Regex": "factor: (.*?);"}],
            },
            RoleArn=ROLE,
            OutputDataConfig={"S3OutputPath": (tmp_path / "output").as_uri()},
            ResourceConfig={
                "InstanceCount": 1,
                "InstanceType": "ml.m5.xlarge",
                "VolumeSizeInGB": 1,
            },
            StoppingCondition={"MaxRuntimeInSeconds": 600},
            HyperParameters={
                "factor": "3",
                "sagemaker_program": json.dumps("train.py"),
                "sagemaker_submit_directory": json.dumps(tmp_path.as_uri()),
            },
            ExperimentConfig={"TrialName": "times-three"},
        )

    def completed():
        job = sagemaker.describe_training_job(TrainingJobName="multiply")
        assert job["TrainingJobStatus"] in ("InProgress", "Completed"), job.get("FailureReason")
        return job["TrainingJobStatus"] == "Completed"

    eventually(completed, "the end of the training job")


def test_the_best_model_is_deployed_invoked_and_deleted(shell, smx, trained, capsys):
    shell.user_ns["best"] = best = smx("best arithmetic --metric factor=Maximum")
    assert (best.training_job_name, best.value) == ("multiply", 3.0)
    deployed = smx("deploy best --endpoint-name times-three")
    assert (deployed.state, f"{deployed}") == ("succeeded", "times-three")
    assert "succeeded" in capsys.readouterr().out
    endpoints = smx("endpoints")
    assert endpoints[["Name", "Endpoint status"]].to_numpy().tolist() == [
        ["times-three", "InService"]
    ]
    assert smx("invoke times-three [[1, 2.5]]").json() == [[3.0, 7.5]]
    shell.user_ns["sample"] = np.array([[2, 4]])
    assert smx("invoke times-three sample").json() == [[6.0, 12.0]]
    assert smx("invoke times-three {sample.tolist()}").json() == [[6.0, 12.0]]
    assert smx("invoke times-three --content-type text/csv 5,6").json() == [[15.0, 18.0]]
    answer = shell.run_cell_magic("smx", "invoke times-three", "[[7]]\n")
    assert answer.json() == [[21.0]]
    assert "Response of times-three" in answer._repr_html_()
    with pytest.raises(MagicError, match=r"no endpoint times-tree\. Did you mean times-three\?"):
        smx("invoke times-tree [[1]]")
    with pytest.raises(MagicError, match="There is an endpoint named times-three already"):
        smx("deploy best --endpoint-name times-three")
    deleted = smx("delete-endpoint times-three --yes")
    assert deleted.state == "succeeded"
    shown = capsys.readouterr().out
    assert "Deletes the endpoint times-three." in shown
    assert "Keeps the model data" in shown
    assert smx("endpoints").empty


def test_deleting_asks_first_and_takes_no_for_an_answer(shell, smx, trained, monkeypatch, capsys):
    smx("deploy multiply-aws-training-job --endpoint-name kept --no-wait")
    eventually(
        lambda: smx("endpoints")["Endpoint status"].tolist() == ["InService"], "the endpoint"
    )
    asked = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "n")
    assert smx("delete-endpoint kept") is None
    assert asked == ["Delete the endpoint kept? [y/N] "]
    assert "Nothing was deleted." in capsys.readouterr().out
    assert smx("endpoints")["Name"].tolist() == ["kept"]
    smx("delete-endpoint kept --yes")


def test_deploying_what_cannot_be_deployed_says_why(smx, trained):
    with pytest.raises(MagicError, match="hyphens"):
        smx("deploy multiply-aws-training-job --endpoint-name not_a_name")
    with pytest.raises(MagicError, match="trial component nothing"):
        smx("deploy nothing --endpoint-name digits")
