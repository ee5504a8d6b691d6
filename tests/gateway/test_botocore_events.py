"""Search's answers read past botocore's parser: the same records, errors and all."""

import json

import pytest

from smx_lab.core import wire, wire_json
from smx_lab.core.errors import ServiceUnavailable, Throttled
from smx_lab.core.search_record import to_search_record
from smx_lab.core.table.flatten import fingerprint_of
from smx_lab.gateway.connections import ConnectionOptions, Connections
from tests.support.sagemaker_records import Record
from tests.support.sagemaker_server import Call, Options, Upstream

RESOURCE = "ExperimentTrialComponent"


@pytest.fixture
def upstream():
    made = Upstream(Options())
    yield made
    made.close()


@pytest.fixture
def sagemaker(aws_environment, monkeypatch, upstream):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    options = ConnectionOptions(endpoint_urls={"sagemaker": upstream.url})
    return Connections(options, None).sagemaker("aws@us-east-1")


class Given(Record):
    """A record as a test gives it."""

    def __init__(self, record):
        super().__init__(1, 1_700_000_000.5)
        self.given = record

    def encoded(self):
        return json.dumps({"TrialComponent": self.given}).encode()


def both(sagemaker):
    """The components by botocore's parser and by ours, as tables take them."""
    slow = sagemaker.search(RESOURCE)
    quick = sagemaker.search_components({})
    assert quick[1:3] == slow[1:3]
    entities = [wire.trial_component(record) for record in slow.records]
    return [
        [to_search_record(component) for component in found]
        for found in (entities, quick.components)
    ]


def test_usual_answers_take_the_short_way(sagemaker, upstream):
    """Otherwise the tests below would compare the long way with itself."""
    upstream.add(3)
    found = wire_json.components(upstream.page(Call(0, {"Operation": "Search"})))
    assert [len(found.components), found.hits] == [3, 3]


def test_they_give_the_same_components(sagemaker, upstream):
    upstream.add(150, trials=2)
    slow, quick = both(sagemaker)
    assert len(quick) == 100
    assert quick == slow
    assert [fingerprint_of(one) for one in quick] == [fingerprint_of(one) for one in slow]


BARE = {"TrialComponentName": "bare", "CreationTime": 1_700_000_000}
METRIC = {"MetricName": "loss", "TimeStamp": 1_700_000_000, "Count": 1}


@pytest.mark.parametrize(
    "record",
    [
        BARE,
        {**BARE, "CreationTime": 1_700_000_000.123456, "LastModifiedTime": 1_700_000_001.999},
        {**BARE, "CreationTime": "2024-05-17T08:00:00Z"},
        {**BARE, "Metrics": [{**METRIC, "Last": "NaN", "Max": "Infinity"}]},
        {**BARE, "Metrics": [{**METRIC, "Last": 3, "Max": float("nan")}]},
        {**BARE, "Parameters": None, "Status": None, "Parents": None, "CreatedBy": {}},
        {**BARE, "Parameters": {"x": {"NumberValue": 1e300}, "y": {"StringValue": "NaN"}}},
        {**BARE, "DisplayName": "näïve \u2028 \U0001f600", "Unheard": {"of": [1]}},
        {**BARE, "Parameters": {"lone": {"StringValue": "\ud83d"}}},
    ],
)
def test_they_give_the_same_of_rare_records(sagemaker, upstream, record):
    upstream.store.records = [Given(record)]
    slow, quick = both(sagemaker)
    assert [component.trial_component_name for component in quick] == ["bare"]
    assert repr(quick) == repr(slow)


def test_what_is_no_json_is_no_empty_answer(sagemaker, upstream, monkeypatch):
    monkeypatch.setattr(upstream, "page", lambda call: b"<html>Sign in to the proxy</html>")
    with pytest.raises(ServiceUnavailable, match="could not be read"):
        sagemaker.search_components({})


@pytest.mark.parametrize("operation", ["list_experiments", "list_trial_components", "search"])
@pytest.mark.parametrize("fault", ["half", "page"])
def test_half_an_answer_is_no_empty_answer_of_any_operation(
    sagemaker, upstream, monkeypatch, operation, fault
):
    """botocore would take what it cannot parse for a reply without members."""
    upstream.add(3)
    if fault == "half":
        upstream.faults = lambda call: "half"
    else:
        monkeypatch.setattr(upstream, "page", lambda call: b"<html>Sign in to the proxy</html>")
    members = {"Resource": RESOURCE} if operation == "search" else {}
    with pytest.raises(ServiceUnavailable, match="could not be read"):
        sagemaker.call(operation, **members)


def test_errors_and_retries_are_botocore_s(sagemaker, upstream):
    upstream.add(1)
    upstream.faults = lambda call: "ThrottlingException" if call < 2 else None
    assert len(sagemaker.search_components({}).components) == 1
    assert upstream.count() == 3
    upstream.faults = lambda call: "ThrottlingException"
    with pytest.raises(Throttled):
        sagemaker.search_components({})
    assert upstream.count() == 3 + 4


def test_every_call_leaves_the_queue(sagemaker, upstream):
    upstream.add(1)
    sagemaker.search_components({})
    upstream.faults = lambda call: ("half", "reset", "500")[call % 3]
    for _ in range(3):
        with pytest.raises(ServiceUnavailable):
            sagemaker.search_components({})
    assert sagemaker.throttle._rate.under_way == 0
