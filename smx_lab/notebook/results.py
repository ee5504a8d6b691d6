"""The values of the magics, other than tables. They have a text form and an HTML form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

Facts = Sequence[tuple[str, str]]


class Result:
    """A title and some facts. Subclasses have attributes to use in the next line of code."""

    def __init__(self, title: str, facts: Facts) -> None:
        self._title = title
        self._facts = tuple(facts)

    def __repr__(self) -> str:
        width = max((len(label) for label, _ in self._facts), default=0)
        margin = "\n" + " " * (width + 4)
        lines = [
            f"  {label:<{width}}  {value.replace(chr(10), margin)}" for label, value in self._facts
        ]
        return "\n".join([self._title, *lines])

    def _repr_html_(self) -> str:
        """Return the form that a saved notebook keeps; all texts are escaped."""
        rows = "".join(
            f'<tr><th style="text-align: left; vertical-align: top">{escape(label)}</th>'
            f'<td style="text-align: left; white-space: pre-wrap">{escape(value)}</td></tr>'
            for label, value in self._facts
        )
        return f"<div><strong>{escape(self._title)}</strong><table>{rows}</table></div>"


class ConnectionStatus(Result):
    """The connection in use, its caller, and whether it works."""

    def __init__(self, title: str, facts: Facts, connection_id: str, ok: bool) -> None:
        super().__init__(title, facts)
        self.connection_id = connection_id
        self.ok = ok


class BestTrialComponent(Result):
    """The trial component with the best value of a metric. As text it is its own name."""

    def __init__(
        self,
        facts: Facts,
        *,
        trial_component_name: str,
        trial_name: str | None,
        training_job_name: str | None,
        value: float,
        parameters: dict[str, Any],
    ) -> None:
        super().__init__(trial_component_name, facts)
        self.trial_component_name = trial_component_name
        self.trial_name = trial_name
        self.training_job_name = training_job_name
        self.value = value
        self.parameters = parameters

    def __str__(self) -> str:
        return self.trial_component_name


class OperationResult(Result):
    """A deployment, or the deletion of an endpoint. As text it is the endpoint's name."""

    def __init__(
        self, title: str, facts: Facts, *, endpoint_name: str, state: str, operation_id: str
    ) -> None:
        super().__init__(title, facts)
        self.endpoint_name = endpoint_name
        self.state = state
        self.operation_id = operation_id

    def __str__(self) -> str:
        return self.endpoint_name


class Invocation(Result):
    """A model's response. ``body`` is a text, or bytes if it is not; ``json()`` decodes it."""

    def __init__(
        self, endpoint_name: str, body: str | bytes, content_type: str, duration_ms: float
    ) -> None:
        shown = body if isinstance(body, str) else f"{len(body)} bytes"
        super().__init__(
            f"Response of {endpoint_name}",
            [
                ("Body", shown),
                ("Content type", content_type),
                ("Execution length", f"{duration_ms:g} ms"),
            ],
        )
        self.endpoint_name = endpoint_name
        self.body = body
        self.content_type = content_type
        self.duration_ms = duration_ms

    def json(self) -> Any:
        """Return the body, decoded from JSON."""
        return json.loads(self.body)
