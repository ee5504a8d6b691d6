"""The code that does the same as a deployment. That it runs is seen in tests/services."""

import ast

from smx_lab.core.connection import Connection
from smx_lab.core.deployment.code import deployment_code

AWS = Connection(
    id="aws:prod@eu-west-1", kind="aws", label="prod", profile="prod", region="eu-west-1"
)
LOCAL = Connection(id="local", kind="local", label="Local")


def code_for(connection, environment="train.py"):
    return deployment_code(
        connection,
        {"ModelName": "m", "PrimaryContainer": {"Environment": {"SAGEMAKER_PROGRAM": environment}}},
        {"EndpointConfigName": "e", "ProductionVariants": [{"InitialInstanceCount": 1}]},
        {"EndpointName": "e", "EndpointConfigName": "e"},
    )


def test_the_code_for_aws_reads_as_a_person_would_write_it():
    assert (
        code_for(AWS)
        == """\
import boto3

session = boto3.Session(profile_name="prod", region_name="eu-west-1")
sagemaker = session.client("sagemaker")
sagemaker.create_model(
    ModelName="m",
    PrimaryContainer={
        "Environment": {
            "SAGEMAKER_PROGRAM": "train.py",
        },
    },
)
sagemaker.create_endpoint_config(
    EndpointConfigName="e",
    ProductionVariants=[
        {
            "InitialInstanceCount": 1,
        },
    ],
)
sagemaker.create_endpoint(
    EndpointName="e",
    EndpointConfigName="e",
)
waiter = sagemaker.get_waiter("endpoint_in_service")
waiter.wait(EndpointName="e")
"""
    )


def test_the_code_for_the_local_service_holds_no_credential():
    code = code_for(LOCAL)
    assert "aws_secret_access_key=local.secret_access_key" in code
    ast.parse(code)


def test_any_text_survives_the_way_into_code():
    for text in ["it's", 'a "b"', "back\\slash", "two\nlines", "both ' and \"", "Zürich 🦉", "{x}"]:
        tree = ast.parse(code_for(LOCAL, text))
        constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        assert text in constants
