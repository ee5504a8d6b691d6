"""No credential is ever in an answer, in the log, or in a file of ours."""

import json
import logging
from pathlib import Path

import pytest

from smx_lab.contract.routes import ROUTES
from tests.handlers.test_routes import path_of
from tests.support.judging_aws import Upstream

SECRETS = {
    "key": "AKIDEXPIREDSECRETONE",
    "secret": "wJalrXUtnFEMI-bPxRfiCYEXAMPLEKEY",
    "token": "IQoJb3JpZ2luX2VjEXAMPLETOKEN",
    "process": "token-from-the-credential-process",
    "proxy": "password-of-the-proxy",
}
"""Values put where credentials are kept. Some are part of a request that AWS refuses."""

CONFIG = """\
[profile keys]
region = eu-west-1
endpoint_url = {url}
[profile tool]
region = eu-west-1
credential_process = sh -c "echo {process} >&2; exit 1"
[profile broken]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = nobody
"""
CREDENTIALS = """\
[keys]
aws_access_key_id = {key}
aws_secret_access_key = {secret}
aws_session_token = {token}
[half]
aws_access_key_id = {key}
"""
CONNECTIONS = ("local", "aws:keys", "aws:tool", "aws:half@eu-west-1", "aws:broken", "aws:none")


@pytest.fixture
def upstream():
    made = Upstream()
    yield made
    made.close()


def plant(tmp_path, url, monkeypatch):
    (tmp_path / "aws-config").write_text(CONFIG.format(url=url, **SECRETS))
    (tmp_path / "aws-credentials").write_text(CREDENTIALS.format(**SECRETS))
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:{SECRETS['proxy']}@127.0.0.1:1")


async def test_no_secret_is_in_an_answer_or_in_the_log(
    ask, upstream, tmp_path, local_service, monkeypatch, caplog, jp_serverapp
):
    plant(tmp_path, upstream.url, monkeypatch)
    jp_serverapp.log.propagate = True
    answers = []
    with caplog.at_level(logging.DEBUG, logger="smx_lab"), caplog.at_level(logging.INFO):
        for connection in CONNECTIONS:
            for path in (f"/connections/{connection}", f"/{connection}/experiments"):
                answers.append(await ask("GET", path))
            answers.append(await ask("POST", f"/connections/{connection}/test"))
            table = await ask("POST", f"/{connection}/tables", {"experiments": ["mnist"]})
            answers.append(table)
            answers.append(await ask("GET", f"/{connection}/trial-components/none"))
        for route in ROUTES:
            if route.method == "GET":
                answers.append(await ask("GET", path_of(route)))
    secrets = [*SECRETS.values(), local_service.secret_access_key]
    said = [answer.text for answer in answers] + [json.dumps(dict(a.headers)) for a in answers]
    assert [secret for secret in secrets if any(secret in text for text in said)] == []
    assert [secret for secret in secrets if secret in caplog.text] == []
    # The keys were really used, and the log really listened.
    assert SECRETS["key"] in {key for key, _ in upstream.calls}
    assert "credentials_expired" in caplog.text


@pytest.mark.parametrize("connection", ["aws:keys", "aws:tool", "aws:broken"])
async def test_beside_credentials_that_are_no_good_the_local_service_answers(
    ask, upstream, tmp_path, monkeypatch, connection
):
    plant(tmp_path, upstream.url, monkeypatch)
    assert (await ask("GET", f"/{connection}/experiments")).status == 401
    assert (await ask("GET", "/local/experiments")).body["experiments"] == []


def test_the_local_services_own_secret_is_in_no_file_that_others_can_read(local_service):
    folder = Path(local_service.data_dir)
    secret = local_service.secret_access_key.encode()
    holding = [f for f in folder.rglob("*") if f.is_file() and secret in f.read_bytes()]
    assert holding != []
    assert [f for f in holding if f.stat().st_mode & 0o077] == []
