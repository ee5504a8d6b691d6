"""``endpoints``, ``invoke`` and ``delete-endpoint``."""

from __future__ import annotations

import argparse
import ast
import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smx_lab.contract.bodies import InvocationRequest
from smx_lab.core.errors import NotFound
from smx_lab.core.views.typed_columns import did_you_mean
from smx_lab.notebook.commands.browse import pages
from smx_lab.notebook.commands.command import Command, no_arguments
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.frames import frame_of
from smx_lab.notebook.prompts import confirm
from smx_lab.notebook.results import Invocation, OperationResult
from smx_lab.notebook.session import Session
from smx_lab.notebook.waiting import follow

if TYPE_CHECKING:
    import pandas as pd

    from smx_lab.core.deployment.plan import EndpointDeletionPlan
    from smx_lab.core.entities import EndpointSummary

JSON = "application/json"


def _all(session: Session) -> list[EndpointSummary]:
    listing = session.services.endpoints.list_endpoints
    return [
        endpoint
        for page in pages(lambda request: listing(session.connection_id, request))
        for endpoint in page.endpoints
    ]


def _endpoints(session: Session, _options: argparse.Namespace) -> pd.DataFrame:
    found = _all(session)
    return frame_of(
        {
            "Name": [endpoint.endpoint_name for endpoint in found],
            "Endpoint status": [endpoint.endpoint_status for endpoint in found],
            "Created on": [endpoint.creation_time for endpoint in found],
            "Last modified": [endpoint.last_modified_time for endpoint in found],
        }
    )


def _not_found(session: Session, name: str) -> MagicError:
    names = [endpoint.endpoint_name for endpoint in _all(session)]
    return MagicError(f"There is no endpoint {name}.{did_you_mean(name, names)}")


def _add_invoke(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("endpoint", metavar="ENDPOINT", help="an endpoint's name")
    parser.add_argument(
        "body",
        metavar="BODY",
        nargs="?",
        help="the request's body as it is, or a variable that holds it; or use %%%%smx and a cell",
    )
    parser.add_argument("--content-type", metavar="T", default=JSON, help="%(default)s")
    parser.add_argument("--accept", metavar="T", help="the content type wished for the response")


def _invoke(session: Session, options: argparse.Namespace) -> Invocation:
    if options.body is None or not options.body.strip():
        raise MagicError("%smx invoke needs a body after the endpoint's name, or in the cell.")
    content = _content(options.body.strip(), session.variables, options.content_type)
    encoded = base64.b64encode(content).decode("ascii")
    request = InvocationRequest(
        content_type=options.content_type, accept=options.accept, body_base64=encoded
    )
    try:
        answer = session.services.endpoints.invoke_endpoint(
            session.connection_id, options.endpoint, request
        )
    except NotFound as error:
        raise _not_found(session, options.endpoint) from error
    body: str | bytes | None = answer.body
    if body is None:
        body = base64.b64decode(answer.body_base64 or "")
    return Invocation(options.endpoint, body, answer.content_type, answer.duration_ms)


def _content(text: str, variables: Mapping[str, Any], content_type: str) -> bytes:
    """Return the bytes to send: of the variable that the text names, otherwise of the text."""
    if not text.isidentifier() or text not in variables:
        return (_json_of(text) if content_type == JSON else text).encode()
    value = variables[text]
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, str):
        return value.encode()
    if hasattr(value, "to_numpy"):  # a data frame or a series
        value = value.to_numpy()
    if hasattr(value, "tolist"):  # an array, or one number of theirs
        value = value.tolist()
    try:
        return json.dumps(value).encode()
    except TypeError as error:
        raise MagicError(f"The variable {text} cannot be sent as JSON: {error}.") from error


def _json_of(text: str) -> str:
    """Return the text, or as JSON if it is a Python value: IPython writes one for ``{sample}``."""
    try:
        json.loads(text)
    except ValueError:
        try:
            return json.dumps(ast.literal_eval(text))
        except (ValueError, SyntaxError, TypeError):
            return text  # the model may understand it
    return text


def _add_delete(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("endpoint", metavar="ENDPOINT", help="an endpoint's name")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _delete(session: Session, options: argparse.Namespace) -> OperationResult | None:
    endpoints = session.services.endpoints
    try:
        plan = endpoints.plan_deletion(session.connection_id, options.endpoint)
    except NotFound as error:
        raise _not_found(session, options.endpoint) from error
    print(_describe_plan(plan))  # noqa: T201
    if not options.yes and not confirm(f"Delete the endpoint {options.endpoint}? [y/N] "):
        print("Nothing was deleted.")  # noqa: T201
        return None
    operation = endpoints.delete_endpoint(
        session.connection_id, options.endpoint, endpoint_config=True, models=True
    )
    return follow(session, operation, options.endpoint, wait=True)


def _describe_plan(plan: EndpointDeletionPlan) -> str:
    lines = [f"Deletes the endpoint {plan.endpoint_name}."]
    if plan.endpoint_config_used_by:
        users = ", ".join(plan.endpoint_config_used_by)
        lines.append(f"Keeps its configuration {plan.endpoint_config_name}, used by {users}.")
    elif plan.endpoint_config_name:
        lines.append(f"Deletes its configuration {plan.endpoint_config_name}.")
        lines += [f"Deletes the model {model}." for model in plan.models]
    lines += [f"Keeps the model {model}, used by {by}." for model, by in plan.models_kept.items()]
    lines += [f"Keeps the model data {uri}." for uri in plan.model_data]
    return "\n".join(lines)


COMMANDS = (
    Command(
        "endpoints",
        "All endpoints, newest change first.",
        ("%smx endpoints",),
        no_arguments,
        _endpoints,
    ),
    Command(
        "invoke",
        "Send one request to the model behind an endpoint.",
        (
            "%smx invoke digits [[0, 0, 5, 13, 9, 1, 0, 0]]",
            "%smx invoke digits sample",
            "%smx invoke digits --content-type text/csv 0,0,5,13",
        ),
        _add_invoke,
        _invoke,
        takes_body=True,
    ),
    Command(
        "delete-endpoint",
        "Delete an endpoint, with its configuration and models where nothing else uses them.",
        ("%smx delete-endpoint digits", "%smx delete-endpoint digits --yes"),
        _add_delete,
        _delete,
    ),
)
