"""Trial components of the local service, found past boto3: the same answers, errors and all."""

import subprocess
import sys

import pytest

from smx_lab.core.connection import Connection
from smx_lab.core.errors import InvalidRequest, ServiceUnavailable
from smx_lab.gateway import boto
from smx_lab.gateway.sagemaker import COMPONENT, SageMaker
from smx_lab.local.home import launch
from tests.support.local.clients import make_client

LOCAL = Connection(id="local", kind="local", label="Local")
EVERYTHING = {"Filters": [{"Name": "TrialComponentName", "Operator": "Exists"}]}


@pytest.fixture(scope="module")
def tracked(local_service):
    """The service with a hundred and three trial components of one trial."""
    client = make_client("sagemaker", local_service)
    client.create_experiment(ExperimentName="digits")
    client.create_trial(TrialName="digits-1", ExperimentName="digits")
    for at in range(103):
        client.create_trial_component(
            TrialComponentName=f"fit-{at}",
            Status={"PrimaryStatus": "Completed"},
            Parameters={"epochs": {"NumberValue": at}, "optimizer": {"StringValue": "sgd"}},
        )
        client.associate_trial_component(TrialComponentName=f"fit-{at}", TrialName="digits-1")
    return local_service


@pytest.fixture
def sagemaker(tracked):
    return SageMaker(LOCAL, lambda: tracked)


def boto3_calls(sagemaker):
    """The names of the operations that boto3 sends from here on."""
    sent = []
    sagemaker.client().meta.events.register(
        "before-send.sagemaker", lambda **_: sent.append("boto3")
    )
    return sent


def pages(sagemaker):
    first = sagemaker.search_components(EVERYTHING)
    return [first, sagemaker.search_components(EVERYTHING, next_token=first.next_token)]


def test_the_answers_are_those_that_boto3_reads(sagemaker, monkeypatch):
    sent = boto3_calls(sagemaker)
    found = pages(sagemaker)
    assert [len(page.components) for page in found] == [100, 3]
    assert sent == []
    monkeypatch.setattr(sagemaker, "_local_search", None)
    assert found == pages(sagemaker)
    assert sent == ["boto3"] * 2


def test_a_script_that_searches_needs_no_boto3(tracked, tmp_path):
    script = """
import sys
from pathlib import Path
from smx_lab.local.home import launch
from smx_lab.core.connection import Connection
from smx_lab.gateway.sagemaker import SageMaker
local = Connection(id="local", kind="local", label="Local")
sagemaker = SageMaker(local, lambda: launch.ensure_running(Path(sys.argv[1])))
found = sagemaker.search_components({})
print(len(found.components), "boto3" in sys.modules or "botocore" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, tracked.data_dir], cwd=tmp_path, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["100", "False"]


def test_an_error_is_the_one_that_boto3_has(sagemaker):
    wrong = {"Filters": [{"Name": "Nonsense", "Operator": "Equals", "Value": "1"}]}
    with pytest.raises(InvalidRequest) as expected:
        sagemaker.search(COMPONENT, wrong)
    with pytest.raises(InvalidRequest) as raised:
        sagemaker.search_components(wrong)
    assert raised.value.message == expected.value.message


def test_a_service_that_was_started_anew_elsewhere_is_found(start_service, tmp_path):
    running = [start_service(tmp_path / "one")]
    sagemaker = SageMaker(LOCAL, lambda: running[0])
    assert sagemaker.search_components(EVERYTHING).components == []
    running[0] = start_service(tmp_path / "two")
    make_client("sagemaker", running[0]).create_trial_component(TrialComponentName="two")
    launch.stop(tmp_path / "one")
    found = sagemaker.search_components(EVERYTHING).components
    assert [component.trial_component_name for component in found] == ["two"]
    assert sagemaker.local == running[0]
    sent = boto3_calls(sagemaker)
    assert len(sagemaker.search_components(EVERYTHING).components) == 1
    assert sent == []


def test_a_connection_that_was_closed_meanwhile_is_made_anew(start_service, tmp_path):
    first = start_service(tmp_path / "one")
    sagemaker = SageMaker(LOCAL, lambda: first)
    sagemaker.search_components(EVERYTHING)
    sent = boto3_calls(sagemaker)
    launch.stop(tmp_path / "one")
    port = int(first.sagemaker_url.rpartition(":")[2].rstrip("/"))
    assert start_service(tmp_path / "one", port).sagemaker_url == first.sagemaker_url
    assert sagemaker.search_components(EVERYTHING).components == []
    assert sent == []


def test_a_service_that_takes_the_question_and_is_silent_is_asked_once(
    local_at, silence, monkeypatch
):
    monkeypatch.setitem(boto.LOCAL_CONFIG, "read_timeout", 0.2)
    sagemaker = SageMaker(LOCAL, lambda: local_at(silence.url))
    with pytest.raises(ServiceUnavailable, match=r"The local service does not answer\."):
        sagemaker.search_components(EVERYTHING)
    assert silence.callers == 1
