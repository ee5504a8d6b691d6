"""A connection that does not respond does not delay other requests."""

import asyncio

import pytest

from smx_lab.services.container import THREADS_PER_CONNECTION
from tests.gateway.conftest import Silence
from tests.support.waiting import eventually


@pytest.fixture
def silence():
    return Silence()


@pytest.fixture
def extension_config(silence):
    return {"endpoint_urls": {"sagemaker": silence.url}}


async def test_an_aws_that_does_not_answer_leaves_the_local_service_and_the_server_free(
    ask, silence, monkeypatch
):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    # As many as one connection has threads for.
    hanging = [
        asyncio.ensure_future(ask("GET", "/aws@eu-west-1/experiments/mnist"))
        for _ in range(THREADS_PER_CONNECTION)
    ]
    await asyncio.to_thread(
        eventually, lambda: silence.callers >= THREADS_PER_CONNECTION, "the calls to AWS"
    )
    for path in ("/local/experiments", "/connections", "/operations"):
        assert (await ask("GET", path)).status == 200
    assert [task.done() for task in hanging] == [False] * len(hanging)
    silence.close()
    answers = await asyncio.gather(*hanging)
    assert {(one.status, one.body["code"]) for one in answers} == {(503, "service_unavailable")}
