"""Every offered operation, its answer held to botocore's model, and every error of its own.

The walk is one story, since most operations need what others made. An operation that is offered
and not walked fails here, and so does an error of botocore's model that is neither seen nor named
among those that cannot come about on one machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from smx_lab.local.protocol.registry import OPERATIONS
from smx_lab.local.service import load_operations
from tests.local.jobs.test_processing_jobs import job_request as processing_request
from tests.local.jobs.test_transform_jobs import job_request as transform_request
from tests.support.local.fidelity import Key, Wire
from tests.support.local.training import job_request, write_code
from tests.support.local.walk import ARN, NOBODY, RUNTIME, SAGEMAKER, walk

load_operations()

NOT_ON_ONE_MACHINE = {
    "ResourceLimitExceeded": "there are no quotas",
    "ConflictException": "writes are one after the other",
    "NoSuchEntity": "every role is there, and none is checked",
    "ServiceFailure": "a failure of IAM",
    "ServiceUnavailableException": "a failure of CloudWatch Logs",
    "InternalFailure": "a defect",
    "InternalStreamFailure": "a defect",
    "InternalDependencyException": "there is none",
    "ModelNotReadyException": "of multi-model endpoints, which are not offered",
    "ServiceUnavailable": "while a model server starts again; see the tests of endpoints",
}
NOT_OF_THIS_OPERATION = {
    (SAGEMAKER, "ListArtifacts"): "what is listed is a filter, and may be missing",
    (SAGEMAKER, "ListAssociations"): "what is listed is a filter, and may be missing",
    (SAGEMAKER, "DescribeTrainingJob"): "recorded answers are ValidationException",
    (SAGEMAKER, "StopTrainingJob"): "recorded answers are ValidationException",
    (SAGEMAKER, "DeleteTrainingJob"): "as DescribeTrainingJob",
    (SAGEMAKER, "DescribeProcessingJob"): "recorded answers are ValidationException",
    (SAGEMAKER, "StopProcessingJob"): "recorded answers are ValidationException",
    (SAGEMAKER, "DeleteProcessingJob"): "as DescribeProcessingJob",
    (SAGEMAKER, "DescribeTransformJob"): "as DescribeProcessingJob",
    (SAGEMAKER, "StopTransformJob"): "as DescribeProcessingJob",
}
"""Operations whose ResourceNotFound never comes, and why."""


def missing(noun: str, word: str) -> str:
    return f"{noun} '{ARN}:{word}/{NOBODY}' does not exist."


def not_found(noun: str, word: str) -> str:
    return f'Could not find {noun} "{ARN}:{word}/{NOBODY}".'


EXPERIMENT = ("ResourceNotFound", missing("Experiment", "experiment"))
TRIAL = ("ResourceNotFound", missing("Trial", "experiment-trial"))
COMPONENT = ("ResourceNotFound", missing("Trial Component", "experiment-trial-component"))
ARTIFACT = ("ResourceNotFound", missing("Artifact", "artifact"))
NO_JOB = ("ValidationException", "Requested resource not found.")
NO_PROCESSING = ("ValidationException", "Could not find requested job")

UNKNOWN_ARTIFACT = f"{ARN}:artifact/{NOBODY}"
ERRORS: list[tuple[str, str, dict[str, Any], str, str]] = [
    (SAGEMAKER, f"{verb}Experiment", {"ExperimentName": NOBODY}, *EXPERIMENT)
    for verb in ("Describe", "Update", "Delete")
]
ERRORS += [
    (SAGEMAKER, f"{verb}Trial", {"TrialName": NOBODY}, *TRIAL)
    for verb in ("Describe", "Update", "Delete")
]
ERRORS += [
    (SAGEMAKER, f"{verb}TrialComponent", {"TrialComponentName": NOBODY}, *COMPONENT)
    for verb in ("Describe", "Update", "Delete")
]
ERRORS += [
    (SAGEMAKER, "CreateTrial", {"TrialName": "t", "ExperimentName": NOBODY}, *EXPERIMENT),
    (SAGEMAKER, "ListTrials", {"ExperimentName": NOBODY}, *EXPERIMENT),
    (SAGEMAKER, "ListTrials", {"TrialComponentName": NOBODY}, *COMPONENT),
    (SAGEMAKER, "ListTrialComponents", {"ExperimentName": NOBODY}, *EXPERIMENT),
    (SAGEMAKER, "ListTrialComponents", {"TrialName": NOBODY}, *TRIAL),
    *(
        (SAGEMAKER, f"{verb}TrialComponent", {"TrialComponentName": c, "TrialName": t}, *error)
        for verb in ("Associate", "Disassociate")
        for c, t, error in ((NOBODY, "mnist-1", COMPONENT), ("training", NOBODY, TRIAL))
    ),
    *(
        (SAGEMAKER, f"{verb}Artifact", {"ArtifactArn": UNKNOWN_ARTIFACT}, *ARTIFACT)
        for verb in ("Describe", "Update", "Delete")
    ),
    (
        SAGEMAKER,
        "AddAssociation",
        {"SourceArn": UNKNOWN_ARTIFACT, "DestinationArn": UNKNOWN_ARTIFACT},
        *ARTIFACT,
    ),
    (
        SAGEMAKER,
        "DeleteAssociation",
        {"SourceArn": UNKNOWN_ARTIFACT, "DestinationArn": UNKNOWN_ARTIFACT},
        "ResourceNotFound",
        "does not exist.",
    ),
    *(
        (SAGEMAKER, operation, {"TrainingJobName": NOBODY}, *NO_JOB)
        for operation in ("DescribeTrainingJob", "StopTrainingJob", "DeleteTrainingJob")
    ),
    *(
        (SAGEMAKER, operation, {"ProcessingJobName": NOBODY}, *NO_PROCESSING)
        for operation in ("DescribeProcessingJob", "StopProcessingJob", "DeleteProcessingJob")
    ),
    *(
        (SAGEMAKER, operation, {"TransformJobName": NOBODY}, *NO_PROCESSING)
        for operation in ("DescribeTransformJob", "StopTransformJob")
    ),
    *(
        (SAGEMAKER, f"{verb}{word}", {f"{word}Name": NOBODY}, "ValidationException", text)
        for word, text in (
            ("Model", not_found("model", "model")),
            ("EndpointConfig", not_found("endpoint configuration", "endpoint-config")),
            ("Endpoint", not_found("endpoint", "endpoint")),
        )
        for verb in ("Describe", "Delete")
    ),
    (
        SAGEMAKER,
        "UpdateEndpoint",
        {"EndpointName": NOBODY, "EndpointConfigName": NOBODY},
        "ValidationException",
        not_found("endpoint", "endpoint"),
    ),
    (
        SAGEMAKER,
        "CreateEndpoint",
        {"EndpointName": "e", "EndpointConfigName": NOBODY},
        "ValidationException",
        not_found("endpoint configuration", "endpoint-config"),
    ),
    *(
        (
            RUNTIME,
            operation,
            {"EndpointName": NOBODY, "Body": b""},
            "ValidationError",
            f"Endpoint {NOBODY} of account 000000000000 not found.",
        )
        for operation in ("InvokeEndpoint", "InvokeEndpointWithResponseStream")
    ),
    (
        "logs",
        "DescribeLogStreams",
        {"logGroupName": "/aws/nothing"},
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    ),
    ("logs", "DescribeLogStreams", {}, "InvalidParameterException", "must be given."),
    (
        "logs",
        "GetLogEvents",
        {"logGroupName": "/aws/nothing", "logStreamName": "x"},
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    ),
    ("logs", "GetLogEvents", {"logStreamName": "x"}, "InvalidParameterException", "must be given."),
    (
        "logs",
        "FilterLogEvents",
        {"logGroupName": "/aws/nothing"},
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    ),
    ("logs", "FilterLogEvents", {}, "InvalidParameterException", "must be given."),
    (
        "logs",
        "DescribeLogGroups",
        {"logGroupNamePrefix": "/aws", "logGroupNamePattern": "Jobs"},
        "InvalidParameterException",
        "Only one of logGroupNamePrefix and logGroupNamePattern can be given.",
    ),
    (
        RUNTIME,
        "InvokeEndpoint",
        {"EndpointName": "no_name", "Body": b"1"},
        "ValidationError",
        "1 validation error detected: Value 'no_name' at 'endpointName'",
    ),
    *(
        (SAGEMAKER, operation, {"ResourceArn": f"{ARN}:model/{NOBODY}", **more}, *error)
        for operation, more in (
            ("AddTags", {"Tags": [{"Key": "k", "Value": "v"}]}),
            ("ListTags", {}),
            ("DeleteTags", {"TagKeys": ["k"]}),
        )
        for error in [("ValidationException", "Could not find resource")]
    ),
    (
        SAGEMAKER,
        "Search",
        {"Resource": "FeatureGroup"},
        "ValidationException",
        "is not offered by the local SageMaker service.",
    ),
]


@pytest.fixture(scope="module")
def wire(local_service: LocalService) -> Wire:
    return Wire(local_service)


@pytest.fixture(scope="module")
def walked(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Wire:
    """Walk every operation; each step's answer is held to its shape as it comes."""
    walk(wire, tmp_path_factory.mktemp("walk"))
    return wire


def test_every_offered_operation_answers_as_botocores_model_says(walked: Wire) -> None:
    assert walked.answered == set(OPERATIONS)


@pytest.mark.parametrize(
    ("service", "operation", "request_", "code", "text"),
    [pytest.param(*case, id=f"{case[1]}-{number}") for number, case in enumerate(ERRORS)],
)
def test_each_error_has_its_code_its_status_and_its_sentence(
    walked: Wire, service: str, operation: str, request_: Any, code: str, text: str
) -> None:
    with pytest.raises(ClientError) as raised:
        walked.call(service, operation, **request_)
    error = raised.value.response["Error"]
    assert error["Code"] == code
    assert text in error["Message"]
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


TAKEN: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "CreateExperiment",
        {"ExperimentName": "MNIST"},
        "ValidationException",
        "Experiment with name (MNIST) already exists.",
    ),
    (
        "CreateTrial",
        {"TrialName": "Mnist-1", "ExperimentName": "mnist"},
        "ValidationException",
        "Trial names must be unique within an AWS account and region.",
    ),
    (
        "CreateTrialComponent",
        {"TrialComponentName": "Training"},
        "ValidationException",
        "Trial Component with name (Training) already exists.",
    ),
    (
        "DeleteExperiment",
        {"ExperimentName": "mnist"},
        "ValidationException",
        "is linked to 1 or more trials and cannot be deleted.",
    ),
    (
        "DeleteTrial",
        {"TrialName": "mnist-1"},
        "ValidationException",
        "is linked to 1 or more trial components and cannot be deleted.",
    ),
    (
        "DeleteTrialComponent",
        {"TrialComponentName": "training"},
        "ValidationException",
        "is linked to 1 or more trials and cannot be deleted.",
    ),
    (
        "CreateEndpointConfig",
        {
            "EndpointConfigName": "twice-again",
            "ProductionVariants": [
                {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large"}
            ],
        },
        "ValidationException",
        "Cannot create already existing endpoint configuration",
    ),
    (
        "StopTrainingJob",
        {"TrainingJobName": "digits"},
        "ValidationException",
        "The request was rejected because the training job is in status Completed.",
    ),
]


@pytest.mark.parametrize(("operation", "request_", "code", "text"), TAKEN)
def test_what_is_taken_or_in_use_is_told_as_sagemaker_tells_it(
    walked: Wire, operation: str, request_: Any, code: str, text: str
) -> None:
    with pytest.raises(ClientError) as raised:
        walked.call(SAGEMAKER, operation, **request_)
    error = raised.value.response["Error"]
    assert (error["Code"], text in error["Message"]) == (code, True), error


def test_a_taken_job_name_is_in_use(walked: Wire, tmp_path: Path) -> None:
    code = write_code(tmp_path / "code", "pass")
    with pytest.raises(ClientError) as raised:
        walked.call(SAGEMAKER, "CreateTrainingJob", **job_request("Digits", code, tmp_path))
    assert raised.value.response["Error"]["Code"] == "ResourceInUse"
    request = processing_request("Counts", tmp_path, "pass")
    with pytest.raises(ClientError) as raised:
        walked.call(SAGEMAKER, "CreateProcessingJob", **request)
    assert raised.value.response["Error"]["Code"] == "ResourceInUse"


def test_a_transform_job_with_a_taken_name_or_a_missing_trial_is_refused(
    walked: Wire, tmp_path: Path
) -> None:
    source = tmp_path / "rows.json"
    source.write_text("[[1]]")
    container = {"Image": "sagemaker-scikit-learn:1.2-1-cpu-py3"}
    walked.call(SAGEMAKER, "CreateModel", ModelName="here", PrimaryContainer=container)
    cases = [("Doubles", {}, "ResourceInUse")]
    cases += [("lost", {"ExperimentConfig": {"TrialName": NOBODY}}, "ResourceNotFound")]
    for name, more, code in cases:
        request = transform_request(name, source, tmp_path / "out", ModelName="here", **more)
        with pytest.raises(ClientError) as raised:
            walked.call(SAGEMAKER, "CreateTransformJob", **request)
        assert raised.value.response["Error"]["Code"] == code


@pytest.mark.parametrize("kind", ["Training", "Processing"])
def test_a_running_job_is_not_deleted(walked: Wire, tmp_path: Path, kind: str) -> None:
    name, script = f"runs-{kind.lower()}", "import time; time.sleep(600)"
    member = {f"{kind}JobName": name}
    if kind == "Training":
        request = job_request(name, write_code(tmp_path / "code", script), tmp_path)
    else:
        request = processing_request(name, tmp_path, script)
    walked.call(SAGEMAKER, f"Create{kind}Job", **request)
    with pytest.raises(ClientError) as raised:
        walked.call(SAGEMAKER, f"Delete{kind}Job", **member)
    assert raised.value.response["Error"]["Code"] == "ResourceInUse"
    walked.call(SAGEMAKER, f"Stop{kind}Job", **member)


@pytest.mark.parametrize("kind", ["Training", "Processing"])
def test_a_job_for_a_missing_trial_is_refused(walked: Wire, tmp_path: Path, kind: str) -> None:
    config = {"ExperimentConfig": {"TrialName": NOBODY}}
    if kind == "Training":
        request = job_request("lost", write_code(tmp_path / "code", "pass"), tmp_path, **config)
    else:
        request = {**processing_request("lost", tmp_path, "pass"), **config}
    with pytest.raises(ClientError) as raised:
        walked.call(SAGEMAKER, f"Create{kind}Job", **request)
    assert raised.value.response["Error"]["Code"] == "ResourceNotFound"


SEEN_BESIDES = {
    (RUNTIME, "InvokeEndpoint"): {"ModelError"},
    # The second one by test_response_stream.
    (RUNTIME, "InvokeEndpointWithResponseStream"): {"ModelError", "ModelStreamError"},
    **{
        (SAGEMAKER, f"{verb}{kind}Job"): codes
        for kind in ("Training", "Processing")
        for verb, codes in (
            ("Create", {"ResourceInUse", "ResourceNotFound"}),
            ("Delete", {"ResourceInUse"}),
        )
    },
    (SAGEMAKER, "CreateTransformJob"): {"ResourceInUse", "ResourceNotFound"},
}
"""Errors that tests of their own above have seen."""


@pytest.mark.parametrize("key", sorted(OPERATIONS), ids=lambda key: ".".join(key))
def test_each_error_of_botocores_model_is_seen_or_cannot_come_about(key: Key) -> None:
    service, operation = key
    model = botocore.session.Session().get_service_model(service).operation_model(operation)
    documented = {shape.error_code or shape.name for shape in model.error_shapes}
    seen = {case[3] for case in ERRORS if case[:2] == key} | SEEN_BESIDES.get(key, set())
    left = documented - seen - set(NOT_ON_ONE_MACHINE)
    if key in NOT_OF_THIS_OPERATION:
        left -= {"ResourceNotFound"}
    assert left == set(), f"no test asks {operation} for {sorted(left)}"
