"""A real Jupyter server with the extension, on a real local service."""

import asyncio
import json
import time
from urllib.parse import quote

import pytest

from tests.support import multiply
from tests.support.clients import client_of

pytest_plugins = ["pytest_jupyter.jupyter_server"]


@pytest.fixture
def extension_config():
    """Options of the extension; a test module may override them."""
    return {}


@pytest.fixture
def jp_server_config(extension_config, local_service, monkeypatch, tmp_path):
    monkeypatch.setenv("SMX_LAB_DATA_DIR", local_service.data_dir)
    monkeypatch.setenv("SMX_LAB_OPTIONS", "{}")  # the server sets it; removed after the test
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    return {
        "ServerApp": {
            "jpserver_extensions": {"smx_lab": True, "jupyter_server_terminals": False},
            "allow_unauthenticated_access": False,
        },
        "SmxLabApp": extension_config,
    }


class Answer:
    """An HTTP response, with its body decoded."""

    def __init__(self, response):
        self.status = response.code
        self.headers = response.headers
        self.text = response.body.decode()
        self.body = json.loads(response.body) if response.body else None


@pytest.fixture
def ask(jp_fetch):
    """Call a route as a user with a token does; a body is sent as JSON unless it is bytes."""

    async def call(method, path, body=None, headers=None, **query):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is None and method == "POST":
            body = b""
        segments = [quote(segment, safe="@:") for segment in path.strip("/").split("/")]
        return Answer(
            await jp_fetch(
                "smx-lab",
                "api",
                *segments,
                method=method,
                body=body,
                headers=headers or {},
                params=query,
                raise_error=False,
            )
        )

    return call


@pytest.fixture
def wait_for(ask):
    """Poll an operation until it ends, as a page does."""

    async def wait(operation_id, patience_s=120):
        deadline = time.monotonic() + patience_s
        while True:
            operation = (await ask("GET", f"/operations/{operation_id}")).body
            if operation["state"] != "running":
                return operation
            assert time.monotonic() < deadline, operation
            await asyncio.sleep(0.1)

    return wait


@pytest.fixture(scope="module")
def sagemaker(local_service):
    """Return a boto3 client of the module's local service."""
    return client_of(local_service)


@pytest.fixture(scope="module")
def trained(local_service, tmp_path_factory):
    """The trial component of one completed training job."""
    return multiply.train(client_of(local_service), "multiply", tmp_path_factory.mktemp("job"))
