"""Services on a real local service, with a real training job where one is needed."""

import pytest
from botocore.stub import Stubber

from smx_lab.gateway.connections import ConnectionOptions
from smx_lab.services.container import build_services
from tests.support import multiply


@pytest.fixture
def services(tmp_path, local_service):
    """Services of a server of its own, on the module's local service."""
    built = build_services(tmp_path / "data", lambda: local_service)
    yield built
    built.close()


@pytest.fixture
def moto_services(tmp_path, aws_environment, monkeypatch, moto_url):
    """Services whose AWS is moto's server."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    options = ConnectionOptions(endpoint_urls={"sagemaker": moto_url, "sts": moto_url})
    built = build_services(tmp_path / "data", None, options)
    yield built
    built.close()


@pytest.fixture
def sagemaker(services):
    """SageMaker as the local connection sees it."""
    return services.gateway.sagemaker("local")


@pytest.fixture(scope="module")
def train(local_service, tmp_path_factory):
    """Run a real training job to its end, and answer its trial component's name."""
    gateway = build_services(tmp_path_factory.mktemp("data"), lambda: local_service).gateway
    client = gateway.sagemaker("local").client()

    def run(job_name, script=multiply.SCRIPT):
        return multiply.train(client, job_name, tmp_path_factory.mktemp(job_name), script)

    return run


@pytest.fixture(scope="module")
def trained(train):
    """The trial component of one completed training job."""
    return train("multiply")


@pytest.fixture
def aws(tmp_path, monkeypatch):
    """Services with AWS credentials that are nobody's."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    def make(endpoint_urls=None):
        return build_services(
            tmp_path / "data", None, ConnectionOptions(endpoint_urls=endpoint_urls or {})
        )

    return make


@pytest.fixture
def stubbed_aws(aws):
    """Services, and what AWS answers, in order."""
    services = aws()
    with Stubber(services.gateway.sagemaker("aws@eu-west-1").client()) as stubber:
        yield services, stubber
        stubber.assert_no_pending_responses()
