"""How expired credentials are renewed, by where they come from."""

import pytest

from smx_lab.core.connection import Connection
from smx_lab.gateway.errors import from_client_error

EXPIRED = "Your AWS credentials have expired."
CONFIG = """
[profile sso]
sso_session = company
[profile old-sso]
sso_start_url = https://company.example/start
[profile login]
login_session = arn:aws:iam::111122223333:user/ada
[profile "our team; and others"]
sso_session = company
[profile program]
credential_process = print-keys
[profile analyst]
role_arn = arn:aws:iam::111122223333:role/analyst
source_profile = sso
[profile circle]
role_arn = arn:aws:iam::111122223333:role/analyst
source_profile = circle
[profile of-a-role]
role_arn = arn:aws:iam::111122223333:role/analyst
source_profile = keys
"""
CREDENTIALS = """
[default]
aws_access_key_id = AKIDEXAMPLE
[keys]
aws_access_key_id = AKIDEXAMPLE
aws_session_token = hunter2
"""


@pytest.fixture(autouse=True)
def configuration(tmp_path, monkeypatch):
    for variable, name, text in (
        ("AWS_CONFIG_FILE", "config", CONFIG),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials", CREDENTIALS),
    ):
        (tmp_path / name).write_text(text)
        monkeypatch.setenv(variable, str(tmp_path / name))
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(variable, raising=False)


def expired(profile=None):
    connection = Connection(id="aws", kind="aws", label="AWS", profile=profile)
    response = {"Error": {"Code": "ExpiredToken", "Message": "It is."}, "ResponseMetadata": {}}
    error = from_client_error(response, connection)
    assert "hunter2" not in error.message + str(error.details)
    return error.message, error.details.get("remedy")


@pytest.mark.parametrize(
    ("profile", "command"),
    [
        ("sso", "aws sso login --profile sso"),
        ("old-sso", "aws sso login --profile old-sso"),
        ("our team; and others", "aws sso login --profile 'our team; and others'"),
        ("login", "aws login --profile login"),
        ("program", "aws sts get-caller-identity --profile program"),
        ("analyst", "aws sso login --profile sso"),
    ],
)
def test_who_signs_in_gets_the_command_for_it(profile, command):
    assert expired(profile) == (EXPIRED, command)


@pytest.mark.parametrize(
    ("profile", "named"), [("keys", "keys"), ("of-a-role", "keys"), (None, "default")]
)
def test_keys_in_a_file_are_to_be_written_anew(profile, named):
    assert expired(profile) == (f"{EXPIRED} Write new ones into the profile {named}.", None)


def test_keys_in_the_environment_are_said_to_be_there(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    sentence = f"{EXPIRED} Set new ones in the environment, and start anew what reads it."
    assert expired() == (sentence, None)
    assert expired("sso") == (EXPIRED, "aws sso login --profile sso")


@pytest.mark.parametrize("profile", ["circle", "unknown"])
def test_what_nothing_is_known_of_is_said_to_have_expired(profile):
    assert expired(profile) == (EXPIRED, None)


def test_a_configuration_that_cannot_be_read_hides_no_error(tmp_path):
    (tmp_path / "config").write_text("[profile")
    assert expired("sso") == (EXPIRED, None)


@pytest.mark.parametrize(
    "text",
    [
        "[profile sso]\nsource_profile =\n    a = b\n",
        "[profile sso]\nsso_session =\n  a = b\n",
        "\0",
    ],
)
def test_a_configuration_that_makes_no_sense_hides_no_error(tmp_path, text):
    (tmp_path / "config").write_text(text)
    assert expired("sso")[0].startswith(EXPIRED)


def test_a_configuration_that_may_not_be_read_hides_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path))  # a folder: not even root can read it
    assert expired("sso") == (EXPIRED, None)
