"""A walk through every operation that is offered: one story, since most need what others made."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smx_lab.local.protocol.registry import OPERATIONS
from tests.local.jobs.test_processing_jobs import job_request as processing_request
from tests.local.jobs.test_transform_jobs import job_request as transform_request
from tests.support.local.fidelity import Wire
from tests.support.local.training import job_request, make_archive, write_code
from tests.support.waiting import eventually, wait_for_endpoint, wait_for_job

ARN = "arn:aws:sagemaker:us-east-1:000000000000"
NOBODY = "nobody-made-this"
SAGEMAKER, METRICS, RUNTIME = "sagemaker", "sagemaker-metrics", "sagemaker-runtime"
JOB_LOGS, STREAM = "/aws/sagemaker/TrainingJobs", "digits/algo-1-"
NOW = datetime(2024, 5, 17, 8, 30, 15, 250_000, tzinfo=timezone.utc)

MODEL = """
def model_fn(model_dir):
    return 2

def predict_fn(data, model):
    if data[0][0] < 0:
        raise ValueError("negative")
    return [[model * float(value) for value in row] for row in data]
"""


def walk(wire: Wire, folder: Path) -> None:
    """Call everything; each answer is held to its shape as it comes."""
    walk_tracking(wire)
    walk_lineage(wire)
    walk_jobs(wire, folder)
    walk_processing(wire, folder)
    walk_hosting(wire, folder)
    walk_searches(wire)
    walk_callers(wire)


def walk_tracking(wire: Wire) -> None:
    tags = [{"Key": "team", "Value": "vision"}]
    call = wire.call
    call(SAGEMAKER, "CreateExperiment", ExperimentName="mnist", Description="digits", Tags=tags)
    call(
        SAGEMAKER,
        "CreateTrial",
        TrialName="mnist-1",
        ExperimentName="mnist",
        MetadataProperties={"CommitId": "c0ffee"},
    )
    artifact = {"Value": "s3://digits/images.csv", "MediaType": "text/csv"}
    call(
        SAGEMAKER,
        "CreateTrialComponent",
        TrialComponentName="training",
        Status={"PrimaryStatus": "InProgress", "Message": "epoch 1"},
        StartTime=NOW,
        Parameters={"lr": {"NumberValue": 0.1}, "optimizer": {"StringValue": "sgd"}},
        InputArtifacts={"images": artifact},
        OutputArtifacts={"model": artifact},
        MetadataProperties={"Repository": "git"},
        Tags=tags,
    )
    pair = {"TrialComponentName": "training", "TrialName": "mnist-1"}
    call(SAGEMAKER, "AssociateTrialComponent", **pair)
    points = [
        {"MetricName": "loss", "Timestamp": NOW, "Step": step, "Value": 1 / (step + 1)}
        for step in range(3)
    ]
    call(METRICS, "BatchPutMetrics", TrialComponentName="training", MetricData=points)
    # Part of it fails, inside a 200.
    call(METRICS, "BatchPutMetrics", TrialComponentName=NOBODY, MetricData=points)
    query = {
        "MetricName": "loss",
        "ResourceArn": f"{ARN}:experiment-trial-component/training",
        "MetricStat": "Last",
        "Period": "IterationNumber",
        "XAxisType": "IterationNumber",
    }
    wrong = {**query, "ResourceArn": f"{ARN}:experiment-trial-component/{NOBODY}"}
    call(METRICS, "BatchGetMetrics", MetricQueries=[query, wrong])
    call(SAGEMAKER, "UpdateExperiment", ExperimentName="mnist", DisplayName="MNIST")
    call(SAGEMAKER, "UpdateTrial", TrialName="mnist-1", DisplayName="First")
    call(
        SAGEMAKER,
        "UpdateTrialComponent",
        TrialComponentName="training",
        Status={"PrimaryStatus": "Completed"},
        EndTime=NOW,
    )
    call(SAGEMAKER, "DescribeExperiment", ExperimentName="mnist")
    call(SAGEMAKER, "DescribeTrial", TrialName="mnist-1")
    call(SAGEMAKER, "DescribeTrialComponent", TrialComponentName="training")
    for operation in ("ListExperiments", "ListTrials", "ListTrialComponents"):
        call(SAGEMAKER, operation, MaxResults=1)
    arn = f"{ARN}:experiment/mnist"
    call(SAGEMAKER, "AddTags", ResourceArn=arn, Tags=[{"Key": "more", "Value": "yes"}])
    call(SAGEMAKER, "ListTags", ResourceArn=arn)
    call(SAGEMAKER, "DeleteTags", ResourceArn=arn, TagKeys=["more"])
    # Made to be deleted.
    call(SAGEMAKER, "CreateExperiment", ExperimentName="brief")
    call(SAGEMAKER, "CreateTrial", TrialName="brief-1", ExperimentName="brief")
    call(SAGEMAKER, "CreateTrialComponent", TrialComponentName="brief-2")
    pair = {"TrialComponentName": "brief-2", "TrialName": "brief-1"}
    call(SAGEMAKER, "AssociateTrialComponent", **pair)
    call(SAGEMAKER, "DisassociateTrialComponent", **pair)
    call(SAGEMAKER, "DeleteTrialComponent", TrialComponentName="brief-2")
    call(SAGEMAKER, "DeleteTrial", TrialName="brief-1")
    call(SAGEMAKER, "DeleteExperiment", ExperimentName="brief")


def walk_lineage(wire: Wire) -> None:
    call = wire.call
    made = call(
        SAGEMAKER,
        "CreateArtifact",
        ArtifactName="images",
        ArtifactType="DataSet",
        Source={"SourceUri": "s3://digits/images.csv"},
        Properties={"rows": "1797"},
    )
    arn = made["ArtifactArn"]
    ends = {
        "SourceArn": arn,
        "DestinationArn": f"{ARN}:experiment-trial-component/training",
    }
    call(SAGEMAKER, "AddAssociation", AssociationType="ContributedTo", **ends)
    call(SAGEMAKER, "ListAssociations")
    call(SAGEMAKER, "UpdateArtifact", ArtifactArn=arn, Properties={"columns": "64"})
    call(SAGEMAKER, "DescribeArtifact", ArtifactArn=arn)
    call(SAGEMAKER, "ListArtifacts")
    call(SAGEMAKER, "DeleteAssociation", **ends)
    call(SAGEMAKER, "DeleteArtifact", ArtifactArn=arn)


def walk_jobs(wire: Wire, folder: Path) -> None:
    call, client = wire.call, wire.client(SAGEMAKER)
    code = write_code(folder / "code", "print('Train Loss: 0.5;')")
    config = {"ExperimentName": "mnist", "TrialName": "mnist-1"}
    request = job_request("digits", code, folder / "out", ExperimentConfig=config)
    call(SAGEMAKER, "CreateTrainingJob", **request)
    call(SAGEMAKER, "DescribeTrainingJob", TrainingJobName="digits")
    assert wait_for_job(client, "digits")["TrainingJobStatus"] == "Completed"
    call(SAGEMAKER, "DescribeTrainingJob", TrainingJobName="digits")
    call(SAGEMAKER, "DescribeTrialComponent", TrialComponentName="digits-aws-training-job")
    call(SAGEMAKER, "ListTrainingJobs")
    group = {"logGroupName": JOB_LOGS}
    streams = call("logs", "DescribeLogStreams", **group)["logStreams"]
    name = next(s["logStreamName"] for s in streams if s["logStreamName"].startswith(STREAM))
    call("logs", "GetLogEvents", logStreamName=name, **group)
    call("logs", "DescribeLogGroups")
    call("logs", "FilterLogEvents", filterPattern="Loss", **group)
    waits = write_code(folder / "waits", "import time; time.sleep(600)")
    call(SAGEMAKER, "CreateTrainingJob", **job_request("waits", waits, folder / "out"))
    call(SAGEMAKER, "StopTrainingJob", TrainingJobName="waits")
    assert wait_for_job(client, "waits")["TrainingJobStatus"] == "Stopped"
    call(SAGEMAKER, "DescribeTrainingJob", TrainingJobName="waits")
    call(SAGEMAKER, "DeleteTrainingJob", TrainingJobName="waits")


def walk_processing(wire: Wire, folder: Path) -> None:
    call = wire.call
    request = processing_request("counts", folder, "print('counted')")
    call(SAGEMAKER, "CreateProcessingJob", **request)

    def ended() -> Any:
        job = call(SAGEMAKER, "DescribeProcessingJob", ProcessingJobName=request_name)
        return job["ProcessingJobStatus"] in ("Completed", "Failed", "Stopped")

    request_name = "counts"
    eventually(ended, "the end of counts")
    call(SAGEMAKER, "ListProcessingJobs")
    request = processing_request("waits-too", folder, "import time; time.sleep(600)")
    call(SAGEMAKER, "CreateProcessingJob", **request)
    call(SAGEMAKER, "StopProcessingJob", ProcessingJobName="waits-too")
    request_name = "waits-too"
    eventually(ended, "the end of waits-too")
    call(SAGEMAKER, "DeleteProcessingJob", ProcessingJobName="waits-too")


def walk_hosting(wire: Wire, folder: Path) -> None:
    call, client = wire.call, wire.client(SAGEMAKER)
    data = make_archive(folder / "model.tar.gz", {"code/inference.py": MODEL})
    container = {"Image": "sagemaker-scikit-learn:1.2-1-cpu-py3", "ModelDataUrl": str(data)}
    role = "arn:aws:iam::123456789012:role/service-role/Serving"
    call(
        SAGEMAKER,
        "CreateModel",
        ModelName="twice",
        ExecutionRoleArn=role,
        PrimaryContainer=container,
    )
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "twice",
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
    }
    for name in ("twice", "twice-again"):
        call(
            SAGEMAKER,
            "CreateEndpointConfig",
            EndpointConfigName=name,
            ProductionVariants=[variant],
        )
    call(SAGEMAKER, "CreateEndpoint", EndpointName="twice", EndpointConfigName="twice")
    call(SAGEMAKER, "DescribeEndpoint", EndpointName="twice")
    assert wait_for_endpoint(client, "twice")["EndpointStatus"] == "InService"
    call(SAGEMAKER, "DescribeEndpoint", EndpointName="twice")
    asked = {"EndpointName": "twice", "ContentType": "application/json"}
    answer = call(RUNTIME, "InvokeEndpoint", Body=b"[[1, 2]]", **asked)
    assert answer["Body"] == b"[[2.0, 4.0]]"
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    for operation in ("InvokeEndpoint", "InvokeEndpointWithResponseStream"):
        with pytest.raises(ClientError) as failed:
            call(RUNTIME, operation, Body=b"[[-1]]", **asked)
        response: Any = failed.value.response
        assert response["Error"]["Code"] == "ModelError"
        assert response["OriginalStatusCode"] == 500
    streamed = call(RUNTIME, "InvokeEndpointWithResponseStream", Body=b"[[1, 2]]", **asked)
    assert [event["PayloadPart"]["Bytes"] for event in streamed["Body"]] == [b"[[2.0, 4.0]]"]
    call(SAGEMAKER, "UpdateEndpoint", EndpointName="twice", EndpointConfigName="twice-again")

    def updated() -> bool:
        endpoint = call(SAGEMAKER, "DescribeEndpoint", EndpointName="twice")
        return bool(endpoint["EndpointStatus"] == "InService")

    eventually(updated, "the update")
    call(SAGEMAKER, "DescribeModel", ModelName="twice")
    call(SAGEMAKER, "DescribeEndpointConfig", EndpointConfigName="twice")
    for operation in ("ListModels", "ListEndpointConfigs", "ListEndpoints"):
        call(SAGEMAKER, operation)
    search(wire, "Endpoint", "Model")
    walk_transform(wire, folder)
    call(SAGEMAKER, "DeleteEndpoint", EndpointName="twice")
    call(SAGEMAKER, "DeleteEndpointConfig", EndpointConfigName="twice")
    call(SAGEMAKER, "DeleteModel", ModelName="twice")


def walk_transform(wire: Wire, folder: Path) -> None:
    source = folder / "rows.json"
    source.write_text("[[1, 2]]")
    request = transform_request(
        "doubles", source, folder / "out", ModelName="twice", SplitType="None"
    )
    request["TransformInput"]["ContentType"] = "application/json"
    wire.call(SAGEMAKER, "CreateTransformJob", **request)
    wire.call(SAGEMAKER, "ListTransformJobs")

    def status() -> str:
        job = wire.call(SAGEMAKER, "DescribeTransformJob", TransformJobName="doubles")
        return str(job["TransformJobStatus"])

    eventually(lambda: status() in ("Completed", "Failed"), "the end of doubles")
    assert status() == "Completed"
    request["TransformJobName"] = "doubles-too"
    wire.call(SAGEMAKER, "CreateTransformJob", **request)
    wire.call(SAGEMAKER, "StopTransformJob", TransformJobName="doubles-too")


def walk_searches(wire: Wire) -> None:
    search(wire, "Experiment", "ExperimentTrial", "ExperimentTrialComponent", "TrainingJob")
    if (SAGEMAKER, "GetSearchSuggestions") in OPERATIONS:
        for resource in ("ExperimentTrialComponent", "TrainingJob"):
            wire.call(
                SAGEMAKER,
                "GetSearchSuggestions",
                Resource=resource,
                SuggestionQuery={"PropertyNameQuery": {"PropertyNameHint": "l"}},
            )


def search(wire: Wire, *resources: str) -> None:
    """Search resources that there are some of."""
    for resource in resources:
        assert wire.call(SAGEMAKER, "Search", Resource=resource)["Results"] != [], resource


def walk_callers(wire: Wire) -> None:
    role = wire.call("sts", "GetCallerIdentity")["Arn"].split("/")[1]
    wire.call("iam", "GetRole", RoleName=role)
