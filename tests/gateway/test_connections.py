"""What can be connected to."""

import logging
import os

import pytest

from smx_lab.core.errors import CredentialsMissing, InvalidRequest, NotFound
from smx_lab.gateway.connections import ConnectionOptions, Connections, parse

PROFILES = """\
[default]
region = eu-central-1
[profile prod]
region = eu-west-1
[profile team@home]
"""


def never():
    raise AssertionError("the local service must not be started for this")


def ids(connections):
    return [connection.id for connection in connections.list_connections()]


@pytest.mark.parametrize(
    ("id", "profile", "region"),
    [
        ("aws", None, None),
        ("aws@eu-west-1", None, "eu-west-1"),
        ("aws:prod", "prod", None),
        ("aws:prod@us-gov-west-1", "prod", "us-gov-west-1"),
        ("aws:team@home", "team@home", None),
        ("aws:team@home@eu-west-1", "team@home", "eu-west-1"),
        ("aws:a/b c", "a/b c", None),
    ],
)
def test_an_id_names_a_profile_and_a_region(id, profile, region):
    connection = parse(id)
    assert (connection.kind, connection.profile, connection.region) == ("aws", profile, region)


@pytest.mark.parametrize(
    "id", ["", "Local", "local@eu-west-1", "aws@home", "aws:", "gcp", "aws:\n"]
)
def test_another_id_names_nothing(id):
    assert parse(id) is None


def test_every_profile_is_offered_with_its_region_and_local_comes_first(aws_environment):
    aws_environment.write_text(PROFILES)
    found = Connections(ConnectionOptions(), never).list_connections()
    assert [(c.id, c.label, c.region, c.is_default) for c in found] == [
        ("local", "Local", None, True),
        ("aws", "AWS", "eu-central-1", False),
        ("aws:prod", "prod", "eu-west-1", False),
        ("aws:team@home", "team@home", None, False),
    ]


def test_an_administrator_chooses_what_is_offered_named_and_tinted(aws_environment):
    aws_environment.write_text(PROFILES)
    options = ConnectionOptions(
        allowed=("aws:prod*",),
        default="aws:prod@eu-west-1",
        regions=("eu-west-1",),
        tints={"aws:prod": "red"},
        labels={"aws:prod": "Production"},
    )
    found = Connections(options, never).list_connections()
    assert [(c.id, c.label, c.tint, c.is_default) for c in found] == [
        ("aws:prod@eu-west-1", "prod", None, True),
        ("aws:prod", "Production", "red", False),
    ]


@pytest.mark.parametrize("id", ["local", "aws", "aws:prod@us-east-1", "nonsense"])
def test_what_is_not_allowed_cannot_be_asked_for(aws_environment, id):
    options = ConnectionOptions(allowed=("aws:prod*",), regions=("eu-west-1",))
    with pytest.raises(NotFound) as raised:
        Connections(options, never).sagemaker(id)
    assert raised.value.message == f"This server offers no connection named {id}."


def test_a_broken_configuration_does_not_hide_the_local_service(aws_environment, caplog):
    aws_environment.write_text("[profile prod\nregion")
    with caplog.at_level(logging.WARNING):
        assert ids(Connections(ConnectionOptions(), never)) == ["local", "aws"]
    assert "AWS profiles cannot be listed" in caplog.text


def test_one_connection_is_one_object_for_all_who_ask():
    connections = Connections(ConnectionOptions(), never)
    assert connections.sagemaker("local") is connections.sagemaker("local")
    assert connections.sagemaker("local") is not connections.sagemaker("aws")


def test_nothing_is_started_before_the_first_call(aws_environment):
    connections = Connections(ConnectionOptions(), never)
    connections.sagemaker("local")
    assert connections.describe("local").account is None


def test_a_profile_that_does_not_exist_is_said_at_the_first_call(aws_environment):
    connections = Connections(ConnectionOptions(), never)
    with pytest.raises(CredentialsMissing) as raised:
        connections.sagemaker("aws:nobody").call("list_experiments")
    assert raised.value.message.startswith("There is no AWS profile named nobody.")


def test_a_missing_region_is_said_at_the_first_call(aws_environment, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(InvalidRequest) as raised:
        Connections(ConnectionOptions(), never).sagemaker("aws").call("list_experiments")
    assert raised.value.message == "No AWS region is set. Choose a region."


@pytest.mark.parametrize("id", ["aws@eu-west-1", "aws"])
def test_missing_credentials_are_said_before_a_missing_region(aws_environment, id):
    with pytest.raises(CredentialsMissing) as raised:
        Connections(ConnectionOptions(), never).sagemaker(id).call("list_experiments")
    assert raised.value.message == (
        "No AWS credentials were found. Use the local service, or choose a profile."
    )


def test_a_metadata_address_that_never_answers_is_not_waited_for_long(
    aws_environment, monkeypatch, silence
):
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", silence.url)
    with pytest.raises(CredentialsMissing):
        Connections(ConnectionOptions(), never).sagemaker("aws@eu-west-1").call("list_experiments")
    assert 1 <= silence.callers <= 2  # a token and the role, once each, for a second at most


def test_the_region_that_studio_sets_is_used(aws_environment, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    sagemaker = Connections(ConnectionOptions(), never).sagemaker("aws")
    assert sagemaker.client().meta.region_name == "ap-south-1"


def test_the_local_service_does_not_depend_on_the_aws_configuration(
    local_service, aws_environment, monkeypatch
):
    aws_environment.write_text("[profile prod\nregion")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    sagemaker = Connections(ConnectionOptions(), lambda: local_service).sagemaker("local")
    assert "ExperimentSummaries" in sagemaker.call("list_experiments")
    assert os.environ["AWS_PROFILE"] == "nobody"


def test_the_local_service_tells_account_and_region_once_it_is_known(moto_url, local_at):
    connections = Connections(ConnectionOptions(), lambda: local_at(moto_url))
    connections.sagemaker("local").call("list_experiments")
    found = connections.describe("local")
    assert (found.region, found.account) == ("us-east-1", "000000000000")
