"""Whose credentials a connection has."""

import json

from botocore.stub import Stubber

from smx_lab.core.connection import Connection
from smx_lab.gateway import sagemaker as sagemaker_module
from smx_lab.gateway.credentials.caller_identity import CallerIdentity, studio_user
from smx_lab.gateway.sagemaker import SageMaker

ROLE = "arn:aws:sts::111122223333:assumed-role/Role"


def test_a_person_in_studio_is_known_by_the_user_profile():
    assert CallerIdentity(f"{ROLE}/SageMaker", "ada").names == ("ada",)
    assert CallerIdentity(f"{ROLE}/grace").names == ("grace",)


def test_studio_says_whose_space_it_is(tmp_path):
    file = tmp_path / "resource-metadata.json"
    assert studio_user(file) is None
    file.write_text("no JSON")
    assert studio_user(file) is None
    file.write_text(json.dumps({"AppType": "JupyterLab", "UserProfileName": "ada"}))
    assert studio_user(file) == "ada"


def test_the_caller_is_asked_for_once(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr(sagemaker_module, "studio_user", lambda: "ada")
    sagemaker = SageMaker(Connection(id="aws", kind="aws", label="AWS", region="eu-west-1"))
    reply = {"Arn": f"{ROLE}/SageMaker", "Account": "111122223333", "UserId": "AROA:SageMaker"}
    with Stubber(sagemaker.client("sts")) as stubber:
        stubber.add_response("get_caller_identity", reply, {})
        assert sagemaker.caller() == CallerIdentity(f"{ROLE}/SageMaker", "ada")
        assert sagemaker.caller().names == ("ada",)
        stubber.assert_no_pending_responses()


def test_a_profile_of_ones_own_is_not_the_user_of_the_space(monkeypatch, tmp_path):
    config = tmp_path / "config"
    config.write_text(
        "[profile work]\naws_access_key_id=AKIDNOBODY\naws_secret_access_key=secret\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setattr(sagemaker_module, "studio_user", lambda: "ada")
    connection = Connection(
        id="aws:work", kind="aws", label="work", profile="work", region="eu-west-1"
    )
    sagemaker = SageMaker(connection)
    reply = {"Arn": f"{ROLE}/grace", "Account": "111122223333", "UserId": "AROA:grace"}
    with Stubber(sagemaker.client("sts")) as stubber:
        stubber.add_response("get_caller_identity", reply, {})
        assert sagemaker.caller().names == ("grace",)
