"""Random sequences of operations, the service killed in between, answers as a plain model's."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from smx_lab.core.connection import LocalService
from smx_lab.local.home import launch
from tests.support.local.clients import make_client
from tests.support.local.plain_model import PlainModel, Refused, summary

KILLS = 4
"""Most kills in all: each costs a start."""

NAMES = st.sampled_from(["a", "b", "c", "A", "B"])
KEYS = st.sampled_from(["lr", "depth", "test:loss"])
# Exact in JSON and in a double, and not so large that their squares are not.
NUMBERS = st.integers(-1000, 1000).map(lambda number: number / 8)
PARAMETERS = st.dictionaries(KEYS, NUMBERS, max_size=3)
START = 1_700_000_000


class Running:
    """The service under test, and its clients; killed and started again on the same data."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.kills = 0
        self.example = itertools.count()
        self.start()

    def start(self) -> None:
        self.service: LocalService = launch.ensure_running(self.data_dir)
        self.sagemaker = make_client("sagemaker", self.service)
        self.metrics = make_client("sagemaker-metrics", self.service)

    def kill(self) -> None:
        os.kill(self.service.pid, signal.SIGKILL)
        self.kills += 1
        self.start()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    yield Running(tmp_path / "data")
    launch.stop(tmp_path / "data")


def outcome(call: Callable[[], Any]) -> str:
    """Return what an operation comes to: done, or the code of its error."""
    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except Refused as error:
        return error.code
    return "done"


class Machine(RuleBasedStateMachine):
    """Does the same to the service and to the model. Each example has names of its own."""

    running: ClassVar[Running]

    def __init__(self) -> None:
        super().__init__()
        self.model = PlainModel()
        self.prefix = f"x{next(self.running.example)}"
        self.time = itertools.count(START)

    def name(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def both(self, modelled: Callable[[], Any], called: Callable[[], Any]) -> None:
        assert outcome(called) == outcome(modelled)

    @property
    def sagemaker(self) -> Any:
        return self.running.sagemaker

    @rule(name=NAMES)
    def create_experiment(self, name: str) -> None:
        self.both(
            lambda: self.model.create_experiment(self.name(name)),
            lambda: self.sagemaker.create_experiment(ExperimentName=self.name(name)),
        )

    @rule(name=NAMES)
    def delete_experiment(self, name: str) -> None:
        self.both(
            lambda: self.model.delete_experiment(self.name(name)),
            lambda: self.sagemaker.delete_experiment(ExperimentName=self.name(name)),
        )

    @rule(name=NAMES, experiment=NAMES)
    def create_trial(self, name: str, experiment: str) -> None:
        name, experiment = self.name(name), self.name(experiment)
        self.both(
            lambda: self.model.create_trial(name, experiment),
            lambda: self.sagemaker.create_trial(TrialName=name, ExperimentName=experiment),
        )

    @rule(name=NAMES)
    def delete_trial(self, name: str) -> None:
        self.both(
            lambda: self.model.delete_trial(self.name(name)),
            lambda: self.sagemaker.delete_trial(TrialName=self.name(name)),
        )

    @rule(name=NAMES, parameters=PARAMETERS)
    def create_component(self, name: str, parameters: dict[str, float]) -> None:
        name = self.name(name)
        self.both(
            lambda: self.model.create_component(name, parameters),
            lambda: self.sagemaker.create_trial_component(
                TrialComponentName=name, Parameters=sent(parameters)
            ),
        )

    @rule(name=NAMES, new=PARAMETERS, removed=st.lists(KEYS, max_size=2, unique=True))
    def update_component(self, name: str, new: dict[str, float], removed: list[str]) -> None:
        name = self.name(name)
        self.both(
            lambda: self.model.update_component(name, new, removed),
            lambda: self.sagemaker.update_trial_component(
                TrialComponentName=name, Parameters=sent(new), ParametersToRemove=removed
            ),
        )

    @rule(name=NAMES)
    def delete_component(self, name: str) -> None:
        self.both(
            lambda: self.model.delete_component(self.name(name)),
            lambda: self.sagemaker.delete_trial_component(TrialComponentName=self.name(name)),
        )

    @rule(name=NAMES, trial=NAMES)
    def associate(self, name: str, trial: str) -> None:
        pair = {"TrialComponentName": self.name(name), "TrialName": self.name(trial)}
        self.both(
            lambda: self.model.associate(*pair.values()),
            lambda: self.sagemaker.associate_trial_component(**pair),
        )

    @rule(name=NAMES, trial=NAMES)
    def disassociate(self, name: str, trial: str) -> None:
        pair = {"TrialComponentName": self.name(name), "TrialName": self.name(trial)}
        self.both(
            lambda: self.model.disassociate(*pair.values()),
            lambda: self.sagemaker.disassociate_trial_component(**pair),
        )

    @rule(name=NAMES, metric=KEYS, values=st.lists(NUMBERS, min_size=1, max_size=5))
    def put_metrics(self, name: str, metric: str, values: list[float]) -> None:
        name = self.name(name).lower()  # the metrics service takes no other
        points = [
            {"MetricName": metric, "Timestamp": next(self.time), "Value": value} for value in values
        ]
        answer = self.running.metrics.batch_put_metrics(TrialComponentName=name, MetricData=points)
        refused = outcome(lambda: self.model.put(name, metric, values)) != "done"
        assert ("Errors" in answer) == refused

    @rule(name=NAMES, key=KEYS, value=st.sampled_from(["", "yes", "no"]))
    def tag(self, name: str, key: str, value: str) -> None:
        name = self.name(name)
        arn = f"arn:aws:sagemaker:us-east-1:000000000000:experiment-trial-component/{name}"
        tags = [{"Key": key, "Value": value}]
        self.both(
            lambda: self.model.tag(name, key, value),
            lambda: self.sagemaker.add_tags(ResourceArn=arn, Tags=tags),
        )

    @rule(key=KEYS, above=NUMBERS)
    def search(self, key: str, above: float) -> None:
        found = self.find(
            [{"Name": f"Parameters.{key}", "Operator": "GreaterThan", "Value": repr(above)}],
            f"Parameters.{key}",
        )
        wanted = self.model.search(key, above)
        values = [record["Parameters"][key]["NumberValue"] for record in found]
        assert sorted(r["TrialComponentName"] for r in found) == sorted(wanted)
        assert values == sorted(values, reverse=True)

    @rule()
    def kill(self) -> None:
        # Not a precondition: an example that is run again must find the same rules.
        if self.running.kills < KILLS:
            self.running.kill()

    def teardown(self) -> None:
        """Whatever was done: all that was acknowledged is there, and nothing else."""
        records = {record["TrialComponentName"]: record for record in self.find([], "CreationTime")}
        components = self.model.components.values()
        assert set(records) == {component.name for component in components}
        for component in components:
            record = records[component.name]
            assert record["Parameters"] == sent(component.parameters)
            parents = {(p["TrialName"], p["ExperimentName"]) for p in record["Parents"]}
            assert parents == self.model.parents(component)
            assert {tag["Key"]: tag["Value"] for tag in record["Tags"]} == component.tags
            metrics = {metric["MetricName"]: metric for metric in record["Metrics"]}
            assert set(metrics) == set(component.points)
            for name, values in component.points.items():
                expected = summary(values)
                found = {statistic: metrics[name][statistic] for statistic in expected}
                assert found == pytest.approx(expected, rel=1e-12, abs=1e-9)

    def find(self, filters: list[dict[str, str]], sort_by: str) -> list[dict[str, Any]]:
        """Return this example's components by Search, page by page."""
        own = {"Name": "TrialComponentName", "Operator": "Contains", "Value": f"{self.prefix}-"}
        request: dict[str, Any] = {
            "Resource": "ExperimentTrialComponent",
            "SearchExpression": {"Filters": [own, *filters]},
            "SortBy": sort_by,
            "MaxResults": 2,
        }
        found: list[dict[str, Any]] = []
        while True:
            answer = self.sagemaker.search(**request)
            found += [result["TrialComponent"] for result in answer["Results"]]
            if "NextToken" not in answer:
                return found
            request["NextToken"] = answer["NextToken"]


def sent(parameters: dict[str, float]) -> dict[str, Any]:
    """Return parameters in SageMaker's form."""
    return {key: {"NumberValue": value} for key, value in parameters.items()}


def test_random_operations_and_kills_leave_what_a_plain_model_says(running: Running) -> None:
    # Hypothesis makes the machine itself, without arguments.
    machine = type("MachineOnAService", (Machine,), {"running": running})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=40,
            deadline=None,
            database=None,
            # The same sequences each time where a change is judged; new ones elsewhere.
            derandomize="CI" in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
