"""Plans of deployments on AWS, from answers that botocore's model allows."""

import pytest

from smx_lab.core.deployment.plan import DeploymentRequest
from smx_lab.core.errors import InvalidRequest

REGISTRY = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
JOB_ARN = "arn:aws:sagemaker:eu-west-1:111122223333:training-job/mnist-1"
ROLE = "arn:aws:iam::111122223333:role/sagemaker"
COMPONENT = {
    "TrialComponentName": "MNIST-1-aws-training-job",
    "DisplayName": "Training",
    "Source": {"SourceArn": JOB_ARN, "SourceType": "SageMakerTrainingJob"},
    "CreationTime": 1660132800,
}
JOB = {
    "TrainingJobName": "MNIST-1",
    "TrainingJobArn": JOB_ARN,
    "TrainingJobStatus": "Completed",
    "SecondaryStatus": "Completed",
    "StoppingCondition": {},
    "CreationTime": 1660132800,
    "AlgorithmSpecification": {
        "TrainingImage": f"{REGISTRY}/pytorch-training:2.3.0-gpu-py311",
        "TrainingInputMode": "File",
    },
    "ResourceConfig": {"VolumeSizeInGB": 1},
    "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/mnist-1/output/model.tar.gz"},
    "RoleArn": ROLE,
    "HyperParameters": {
        "sagemaker_program": '"mnist.py"',
        "sagemaker_submit_directory": '"s3://bucket/mnist-1/source/sourcedir.tar.gz"',
    },
}
REQUEST = DeploymentRequest(trial_component_name="MNIST-1-aws-training-job", endpoint_name="mnist")
NO_ARTIFACT = {"S3ModelArtifacts": ""}
DENIED = "User: ada is not authorized to perform: sagemaker:{} on resource: *"


def expect_plan(stubber, job=JOB, models=(), configs=()):
    stubber.add_response("describe_trial_component", COMPONENT)
    # The job's name in its own case, which its ARN has lost.
    stubber.add_response("describe_training_job", job, {"TrainingJobName": "MNIST-1"})
    if job["TrainingJobStatus"] != "Completed" or job["ModelArtifacts"] == NO_ARTIFACT:
        return
    stubber.add_client_error(
        "describe_endpoint", "ValidationException", 'Could not find endpoint "mnist".'
    )
    stubber.add_response(
        "list_endpoint_configs",
        {"EndpointConfigs": [
            {"EndpointConfigName": n, "EndpointConfigArn": "arn:aws:sagemaker:::e/" + n,
             "CreationTime": 0} for n in configs]},
        {"NameContains": "mnist", "MaxResults": 100},
    )  # fmt: skip
    stubber.add_response(
        "list_models",
        {"Models": [
            {"ModelName": n, "ModelArn": "arn:aws:sagemaker:::model/" + n, "CreationTime": 0}
            for n in models]},
        {"NameContains": "MNIST-1", "MaxResults": 100},
    )  # fmt: skip


def test_a_plan_for_aws_maps_the_image_and_says_what_it_costs(stubbed_aws):
    services, stubber = stubbed_aws
    expect_plan(stubber, models=["mnist-1"], configs=["mnist", "mnist-2"])
    plan = services.deployments.plan("aws@eu-west-1", REQUEST)
    assert plan.training_job_name == "MNIST-1"
    assert plan.image == f"{REGISTRY}/pytorch-inference:2.3.0-cpu-py311"
    assert plan.warnings[0].endswith("check that it exists.")
    assert plan.role_arn == ROLE
    assert plan.cost == "Billed by AWS from creation until it is deleted"
    assert (plan.model_name, plan.endpoint_config_name) == ("MNIST-1-2", "mnist-3")
    assert plan.environment == {
        "SAGEMAKER_PROGRAM": "mnist.py",
        "SAGEMAKER_SUBMIT_DIRECTORY": "s3://bucket/mnist-1/source/sourcedir.tar.gz",
    }
    assert 'boto3.Session(region_name="eu-west-1")' in plan.code
    assert plan.field_errors == ()


def test_network_settings_of_the_job_are_inherited_and_said(stubbed_aws):
    services, stubber = stubbed_aws
    vpc = {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    expect_plan(stubber, {**JOB, "VpcConfig": vpc, "EnableNetworkIsolation": True})
    plan = services.deployments.plan("aws@eu-west-1", REQUEST)
    assert plan.warnings[-2:] == (
        "The model is placed in the training job's VPC.",
        "The model is isolated from the network, as the training job was.",
    )
    assert "EnableNetworkIsolation=True" in plan.code
    assert '"subnet-1"' in plan.code


def test_an_uncompressed_artifact_is_deployed_as_what_it_is(stubbed_aws):
    services, stubber = stubbed_aws
    output = {"S3OutputPath": "s3://bucket", "CompressionType": "NONE"}
    artifact = {"S3ModelArtifacts": "s3://bucket/mnist-1/output/model"}
    expect_plan(stubber, {**JOB, "OutputDataConfig": output, "ModelArtifacts": artifact})
    code = services.deployments.plan("aws@eu-west-1", REQUEST).code
    assert '"S3Uri": "s3://bucket/mnist-1/output/model/"' in code
    assert "ModelDataUrl" not in code


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"TrainingJobStatus": "InProgress"},
            "The training job MNIST-1 is InProgress; a model can be deployed once it is Completed.",
        ),
        (
            {"TrainingJobStatus": "Failed"},
            "The training job MNIST-1 is Failed; a model can be deployed once it is Completed.",
        ),
        ({"ModelArtifacts": NO_ARTIFACT}, "The training job MNIST-1 has left no model artifact."),
    ],
)
def test_a_job_without_a_model_cannot_be_deployed(stubbed_aws, changes, sentence):
    services, stubber = stubbed_aws
    expect_plan(stubber, {**JOB, **changes})
    with pytest.raises(InvalidRequest) as raised:
        services.deployments.plan("aws@eu-west-1", REQUEST)
    assert (raised.value.message, raised.value.details["field"]) == (
        sentence,
        "trial_component_name",
    )


def test_who_may_not_look_for_names_can_still_plan(stubbed_aws):
    services, stubber = stubbed_aws
    stubber.add_response("describe_trial_component", COMPONENT)
    stubber.add_response("describe_training_job", JOB)
    for operation, action in [
        ("describe_endpoint", "DescribeEndpoint"),
        ("list_endpoint_configs", "ListEndpointConfigs"),
        ("list_models", "ListModels"),
    ]:
        stubber.add_client_error(operation, "AccessDeniedException", DENIED.format(action))
    plan = services.deployments.plan("aws@eu-west-1", REQUEST)
    assert (plan.model_name, plan.endpoint_config_name) == ("MNIST-1", "mnist")
