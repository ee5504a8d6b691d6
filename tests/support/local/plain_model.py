"""What the service should answer, said in plain dictionaries: no SQL, no protocol, no clock."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import Any

VALIDATION, MISSING = "ValidationException", "ResourceNotFound"


class Refused(Exception):
    """An operation is refused with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Component:
    """One trial component."""

    name: str
    parameters: dict[str, float] = field(default_factory=dict)
    points: dict[str, list[float]] = field(default_factory=dict)
    trials: set[str] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)


class PlainModel:
    """Experiments, trials and components by name in lower case, as names compare."""

    def __init__(self) -> None:
        self.experiments: dict[str, str] = {}
        self.trials: dict[str, tuple[str, str]] = {}
        self.components: dict[str, Component] = {}

    def create_experiment(self, name: str) -> None:
        self._require_free(self.experiments, name)
        self.experiments[name.lower()] = name

    def delete_experiment(self, name: str) -> None:
        self._find(self.experiments, name)
        if any(of == name.lower() for _, of in self.trials.values()):
            raise Refused(VALIDATION)
        del self.experiments[name.lower()]

    def create_trial(self, name: str, experiment: str) -> None:
        self._find(self.experiments, experiment)
        self._require_free(self.trials, name)
        self.trials[name.lower()] = (name, experiment.lower())

    def delete_trial(self, name: str) -> None:
        self._find(self.trials, name)
        if any(name.lower() in component.trials for component in self.components.values()):
            raise Refused(VALIDATION)
        del self.trials[name.lower()]

    def create_component(self, name: str, parameters: dict[str, float]) -> None:
        self._require_free(self.components, name)
        self.components[name.lower()] = Component(name, dict(parameters))

    def update_component(self, name: str, new: dict[str, float], removed: list[str]) -> None:
        component = self.component(name)
        component.parameters.update(new)
        for key in removed:  # a key both set and removed is removed
            component.parameters.pop(key, None)

    def delete_component(self, name: str) -> None:
        if self.component(name).trials:
            raise Refused(VALIDATION)
        del self.components[name.lower()]

    def associate(self, name: str, trial: str) -> None:
        component = self.component(name)
        self._find(self.trials, trial)
        component.trials.add(trial.lower())

    def disassociate(self, name: str, trial: str) -> None:
        component = self.component(name)
        self._find(self.trials, trial)
        if trial.lower() not in component.trials:
            raise Refused(MISSING)
        component.trials.remove(trial.lower())

    def put(self, name: str, metric: str, values: list[float]) -> None:
        """Return nothing: what is wrong with a point is said in a 200."""
        self.component(name).points.setdefault(metric, []).extend(values)

    def tag(self, name: str, key: str, value: str) -> dict[str, str]:
        tags = self.component(name).tags
        tags[key] = value
        return tags

    def component(self, name: str) -> Component:
        found: Component = self._find(self.components, name)
        return found

    def parents(self, component: Component) -> set[tuple[str, str]]:
        """Return trial and experiment, as they are spelled, of a component."""
        found = (self.trials[name] for name in component.trials)
        return {(trial, self.experiments[experiment]) for trial, experiment in found}

    def search(self, key: str, above: float) -> list[str]:
        """Return the names of components with a parameter above a bound, best first."""
        found = [
            (component.parameters[key], component.name)
            for component in self.components.values()
            if component.parameters.get(key, -math.inf) > above
        ]
        return [name for _, name in sorted(found, reverse=True)]

    def _find(self, things: dict[str, Any], name: str) -> Any:
        if name.lower() not in things:
            raise Refused(MISSING)
        return things[name.lower()]

    def _require_free(self, things: dict[str, Any], name: str) -> None:
        if name.lower() in things:
            raise Refused(VALIDATION)


def summary(values: list[float]) -> dict[str, float]:
    """Return the six statistics of a metric's points, as Python's own library has them."""
    return {
        "Last": values[-1],
        "Max": max(values),
        "Min": min(values),
        "Avg": statistics.fmean(values),
        "StdDev": statistics.stdev(values) if len(values) > 1 else 0.0,
        "Count": len(values),
    }
