"""What can be connected to."""

import logging
import os

import pytest

from smx_lab.core.errors import CredentialsExpired, CredentialsMissing, InvalidRequest, NotFound
from smx_lab.gateway.connections import ConnectionOptions, Connections, parse
from tests.support.judging_aws import ARN, Upstream, credentials_file

PROFILES = """\
[default]
region = eu-central-1
[profile prod]
region = eu-west-1
[profile team@home]
"""


@pytest.fixture
def upstream():
    made = Upstream()
    yield made
    made.close()


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
        ("aws:prod@eu-west-1", "Production", "red", True),
        ("aws:prod", "Production", "red", False),
    ]


def test_regions_are_entries_of_their_own_only_where_the_profile_itself_is_not_allowed(
    aws_environment,
):
    aws_environment.write_text(PROFILES)
    regions = ("eu-west-1", "eu-west-3")
    allowed = ConnectionOptions(allowed=("aws:prod",), regions=regions)
    assert ids(Connections(allowed, never)) == ["aws:prod"]
    pinned = ConnectionOptions(allowed=("aws:prod@*",), regions=regions)
    assert ids(Connections(pinned, never)) == ["aws:prod@eu-west-1", "aws:prod@eu-west-3"]


@pytest.mark.parametrize(
    ("options", "id", "expected"),
    [
        ({}, "local", ()),
        ({"regions": ("eu-west-1", "eu-west-3")}, "aws:prod", ("eu-west-1", "eu-west-3")),
        ({"regions": ("eu-west-1", "eu-west-3")}, "aws:prod@eu-west-3", ("eu-west-1", "eu-west-3")),
        ({"allowed": ("aws:prod", "aws:prod@us-*-2")}, "aws:prod", ("us-east-2", "us-west-2")),
        ({"allowed": ("aws:prod",)}, "aws:prod", ()),
    ],
)
def test_the_regions_to_choose_are_those_an_administrator_allows(
    aws_environment, options, id, expected
):
    aws_environment.write_text(PROFILES)
    assert Connections(ConnectionOptions(**options), never).regions(id) == expected


def test_the_regions_to_choose_are_those_of_the_profiles_partition(aws_environment):
    aws_environment.write_text("[profile china]\nregion = cn-north-1\n")
    found = Connections(ConnectionOptions(), never).regions("aws:china")
    assert found == ("cn-north-1", "cn-northwest-1")


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


def on(upstream):
    urls = dict.fromkeys(("sagemaker", "sts"), upstream.url)
    return Connections(ConnectionOptions(endpoint_urls=urls), never)


def test_credentials_renewed_on_disk_count_from_the_next_call_on(
    aws_environment, tmp_path, upstream
):
    file = tmp_path / "aws-credentials"
    file.write_text(credentials_file(default="AKIDEXPIRED"))
    sagemaker = on(upstream).sagemaker("aws@eu-west-1")
    with pytest.raises(CredentialsExpired):
        sagemaker.call("list_experiments")
    file.write_text(credentials_file(default="AKIDGOOD"))
    assert sagemaker.call("list_experiments")["ExperimentSummaries"] == []


def test_another_role_on_disk_is_another_account_though_the_old_one_still_works(
    aws_environment, tmp_path, upstream
):
    file = tmp_path / "aws-credentials"
    file.write_text(credentials_file(default="AKIDGOOD-old"))
    connections = on(upstream)
    sagemaker = connections.sagemaker("aws@eu-west-1")
    assert sagemaker.identity()["Arn"] == ARN
    assert connections.describe("aws@eu-west-1").account == "111122223333"
    file.write_text(credentials_file(default="AKIDGOOD-renewed"))
    sagemaker.identity()
    assert [key for key, _ in upstream.calls] == ["AKIDGOOD-old", "AKIDGOOD-renewed"]


def test_a_credential_process_is_asked(aws_environment, tmp_path, upstream):
    answer = tmp_path / "answer.json"
    answer.write_text(
        '{"Version": 1, "AccessKeyId": "AKIDGOOD-process", "SecretAccessKey": "secret"}'
    )
    aws_environment.write_text(f"[profile tool]\ncredential_process = cat {answer}\n")
    on(upstream).sagemaker("aws:tool@eu-west-1").call("list_experiments")
    assert upstream.calls == [("AKIDGOOD-process", "ListExperiments")]


def test_what_a_credential_process_complains_of_is_not_repeated(aws_environment, tmp_path):
    script = tmp_path / "tool.sh"
    script.write_text("echo token=very-secret >&2; exit 1")
    aws_environment.write_text(f"[profile tool]\ncredential_process = sh {script}\n")
    with pytest.raises(CredentialsMissing) as raised:
        Connections(ConnectionOptions(), never).sagemaker("aws:tool@eu-west-1").identity()
    assert "very-secret" not in f"{raised.value.message} {raised.value.details}"
    assert raised.value.details["remedy"] == "aws sts get-caller-identity --profile tool"


def test_an_mfa_code_is_said_to_be_needed_and_not_waited_for(aws_environment, tmp_path):
    (tmp_path / "aws-credentials").write_text(credentials_file(default="AKIDGOOD"))
    aws_environment.write_text(
        "[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\n"
        "source_profile = default\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\n"
    )
    with pytest.raises(CredentialsMissing) as raised:
        Connections(ConnectionOptions(), never).sagemaker("aws:admin@eu-west-1").identity()
    assert raised.value.message == (
        "This profile needs an MFA code, which cannot be asked for here; use temporary credentials."
    )


def test_a_sign_in_that_has_ended_names_the_command_that_renews_it(aws_environment):
    aws_environment.write_text(
        "[profile team]\nsso_session = corp\nsso_account_id = 111122223333\n"
        "sso_role_name = Analyst\nregion = eu-west-1\n"
        "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/\n"
    )
    with pytest.raises(CredentialsExpired) as raised:
        Connections(ConnectionOptions(), never).sagemaker("aws:team").identity()
    assert raised.value.details["remedy"] == "aws sso login --profile team"


def test_a_profile_named_by_the_environment_is_the_one_that_is_said_to_be_missing(
    aws_environment, monkeypatch
):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(CredentialsMissing) as raised:
        Connections(ConnectionOptions(), never).sagemaker("aws@eu-west-1").identity()
    assert raised.value.message.startswith("There is no AWS profile named nobody.")
