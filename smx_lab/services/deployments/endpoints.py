"""List, describe, invoke and delete endpoints."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from smx_lab.contract.bodies import EndpointPage, InvocationRequest, InvocationResult
from smx_lab.core import wire
from smx_lab.core.deployment.plan import EndpointDeletionPlan
from smx_lab.core.entities import Endpoint, ProductionVariant
from smx_lab.core.errors import AccessDenied, Conflict, InvalidRequest, NotFound, SmxError
from smx_lab.core.operation import Operation
from smx_lab.gateway.connections import Connections
from smx_lab.gateway.sagemaker import SageMaker
from smx_lab.services.browsing.paging import PageRequest
from smx_lab.services.deployments.hosting_deletion import (
    delete_endpoint,
    delete_endpoint_config,
    delete_model,
    wait_until_gone,
)
from smx_lab.services.deployments.logs import endpoint_log_tail
from smx_lab.services.deployments.usage import Usage
from smx_lab.services.operations.operations import Kind, Operations, StepDefinition
from smx_lab.services.operations.progress import Progress
from smx_lab.services.switches import Switches

MAX_INVOCATION_BYTES = 6 * 1024 * 1024
"""Of the body of InvokeEndpoint (botocore's model of SageMaker Runtime)."""

MODEL_ARTIFACT = "OutputArtifacts.SageMaker.ModelArtifact.Value"


class Endpoints:
    """The endpoints of one connection at a time."""

    def __init__(
        self, connections: Connections, switches: Switches, operations: Operations
    ) -> None:
        """Delete through ``operations``, if ``switches`` allow it."""
        self._connections = connections
        self._switches = switches
        self._operations = operations
        operations.register(
            "endpoint_deletion", Kind(self._steps, lambda: switches.require("delete"))
        )

    def list_endpoints(
        self, connection_id: str, page: PageRequest, status: str = ""
    ) -> EndpointPage:
        """Return one page of endpoints.

        SageMaker cannot sort endpoints by the time of their last change. The page then holds the
        newest endpoints, sorted among themselves.
        """
        sagemaker = self._connections.sagemaker(connection_id)
        found = sagemaker.list_page(
            "list_endpoints",
            "Endpoints",
            max_results=page.max_results,
            next_token=page.next_token,
            SortBy="Name" if page.sort_by == "Name" else "CreationTime",
            SortOrder=page.sort_order,
            NameContains=page.name_contains or None,
            StatusEquals=status or None,
        )
        endpoints = [wire.endpoint_summary(record) for record in found.records]
        if page.sort_by == "LastModifiedTime":
            endpoints.sort(
                key=lambda endpoint: endpoint.last_modified_time,
                reverse=page.sort_order == "Descending",
            )
        return EndpointPage(endpoints=endpoints, next_token=found.next_token)

    def describe_endpoint(self, connection_id: str, endpoint_name: str) -> Endpoint:
        """Return one endpoint, with the parts of its configuration and models that may be read."""
        sagemaker = self._connections.sagemaker(connection_id)
        described = _describe_endpoint(sagemaker, endpoint_name)
        variants = _variants(sagemaker, described)
        return Endpoint(
            **wire.endpoint_members(described),
            endpoint_config_name=described.get("EndpointConfigName", ""),
            failure_reason=described.get("FailureReason"),
            production_variants=variants,
            trial_component_name=_trial_component_name(sagemaker, variants),
            log_tail=endpoint_log_tail(sagemaker, endpoint_name),
        )

    def invoke_endpoint(
        self, connection_id: str, endpoint_name: str, request: InvocationRequest
    ) -> InvocationResult:
        """Send one request to the model, once.

        Raises
        ------
        Conflict
            If the endpoint exists but is not in service.
        """
        self._switches.require("invoke")
        body = _request_body(request)
        sagemaker = self._connections.sagemaker(connection_id)
        start = time.perf_counter()
        try:
            reply = sagemaker.invoke(
                endpoint_name, Body=body, ContentType=request.content_type, Accept=request.accept
            )
        except NotFound as error:
            # SageMaker's runtime also says this of an endpoint that is not in service.
            status = _status(sagemaker, endpoint_name)
            if status is None:
                raise
            raise Conflict(
                f"The endpoint {endpoint_name} does not answer while it is {status}."
            ) from error
        duration_ms = (time.perf_counter() - start) * 1000
        answer: bytes = reply["Body"]
        text, encoded = _text_or_base64(answer)
        return InvocationResult(
            content_type=reply.get("ContentType", "application/octet-stream"),
            body=text,
            body_base64=encoded,
            variant_name=reply.get("InvokedProductionVariant"),
            duration_ms=round(duration_ms, 1),
        )

    def plan_deletion(self, connection_id: str, endpoint_name: str) -> EndpointDeletionPlan:
        """Return what would be deleted with the endpoint, and what would be kept and why."""
        sagemaker = self._connections.sagemaker(connection_id)
        config_name = _describe_endpoint(sagemaker, endpoint_name).get("EndpointConfigName")
        usage = Usage(sagemaker)
        users: tuple[str, ...] = ()
        unused: list[str] = []
        kept: dict[str, str] = {}
        if config_name:
            users = usage.endpoints_with(config_name, except_for=(endpoint_name,))
        names = _model_names(sagemaker, config_name)
        for name in names:
            other = (
                config_name if users else usage.config_with(name, except_for=(config_name or "",))
            )
            if other:
                kept[name] = other
            else:
                unused.append(name)
        return EndpointDeletionPlan(
            endpoint_name=endpoint_name,
            endpoint_config_name=config_name,
            endpoint_config_used_by=users,
            models=tuple(unused),
            models_kept=kept,
            model_data=_model_data(sagemaker, names),
        )

    def delete_endpoint(
        self,
        connection_id: str,
        endpoint_name: str,
        *,
        endpoint_config: bool = False,
        models: bool = False,
    ) -> Operation:
        """Start to delete an endpoint, and on request its configuration and models.

        A configuration or model that something else uses is kept. A model is deleted only together
        with the configuration that names it.
        """
        self._switches.require("delete")
        plan = self.plan_deletion(connection_id, endpoint_name)
        with_config = endpoint_config and not plan.endpoint_config_used_by
        request = {
            "endpoint_name": endpoint_name,
            "endpoint_config_name": plan.endpoint_config_name if with_config else None,
            "models": list(plan.models) if models and with_config else [],
        }
        return self._operations.submit(
            "endpoint_deletion",
            connection_id,
            f"Delete endpoint {endpoint_name}",
            request,
            {"endpoint_name": endpoint_name},
        )

    def _steps(self, connection_id: str, request: dict[str, Any]) -> Sequence[StepDefinition]:
        sagemaker = self._connections.sagemaker(connection_id)
        name, config_name = request["endpoint_name"], request["endpoint_config_name"]
        steps = [
            StepDefinition("Delete endpoint", lambda p: delete_endpoint(sagemaker, name, p)),
            StepDefinition("Wait until it is gone", lambda p: wait_until_gone(sagemaker, name, p)),
        ]
        if config_name:
            steps.append(
                StepDefinition(
                    "Delete endpoint configuration",
                    lambda p: _delete_unused_config(sagemaker, config_name, p),
                )
            )
        models: list[str] = request["models"]
        for model in models:
            delete = partial(_delete_unused_model, sagemaker, model)
            steps.append(StepDefinition(f"Delete model {model}", delete))
        return steps


def _delete_unused_config(sagemaker: SageMaker, name: str, progress: Progress) -> None:
    # Check again: the step before may have taken long, and others work in the account too. What is
    # in use by now is kept, and the skipped step shows by whom: deleting it would break theirs.
    if users := Usage(sagemaker).endpoints_with(name):
        progress.skip(f"Kept, since it is used by {', '.join(users)}")
    else:
        delete_endpoint_config(sagemaker, name)


def _delete_unused_model(sagemaker: SageMaker, name: str, progress: Progress) -> None:
    # As for the configuration: what is in use by now is kept, and the step shows by whom.
    if user := Usage(sagemaker).config_with(name):
        progress.skip(f"Kept, since it is used by {user}")
    else:
        delete_model(sagemaker, name)


def _describe_endpoint(sagemaker: SageMaker, name: str) -> dict[str, Any]:
    return sagemaker.call("describe_endpoint", subject=f"The endpoint {name}", EndpointName=name)


def _status(sagemaker: SageMaker, name: str) -> str | None:
    """Return an endpoint's status, or None if it does not exist or may not be read."""
    try:
        return str(_describe_endpoint(sagemaker, name)["EndpointStatus"])
    except (NotFound, AccessDenied):
        return None


def _variants(sagemaker: SageMaker, described: dict[str, Any]) -> tuple[ProductionVariant, ...]:
    running = {v["VariantName"]: v for v in described.get("ProductionVariants", [])}
    config = _describe_or_empty(
        sagemaker, "describe_endpoint_config", EndpointConfigName=described["EndpointConfigName"]
    )
    # If the configuration cannot be read, the running variants are still known.
    configured = config.get("ProductionVariants") or list(running.values())
    found = []
    for variant in configured:
        model = {}
        if name := variant.get("ModelName"):
            model = _describe_or_empty(sagemaker, "describe_model", ModelName=name)
        container = (wire.containers(model) or [{}])[0]
        found.append(
            wire.production_variant(variant, running.get(variant["VariantName"]), container)
        )
    return tuple(found)


def _describe_or_empty(sagemaker: SageMaker, operation: str, **members: str) -> dict[str, Any]:
    try:
        return sagemaker.call(operation, **members)
    except (NotFound, AccessDenied):
        return {}


def _trial_component_name(
    sagemaker: SageMaker, variants: Sequence[ProductionVariant]
) -> str | None:
    """Return the trial component that created a variant's model: it has the same artifact."""
    for variant in variants:
        if variant.model_data is None:
            continue
        condition = {"Name": MODEL_ARTIFACT, "Operator": "Equals", "Value": variant.model_data}
        try:
            found = sagemaker.search(
                "ExperimentTrialComponent", {"Filters": [condition]}, max_results=1
            ).records
        except SmxError:
            # A page without the link is better than no page.
            return None
        if found:
            name: str = found[0]["TrialComponentName"]
            return name
    return None


def _model_names(sagemaker: SageMaker, config_name: str | None) -> list[str]:
    if not config_name:
        return []
    config = _describe_or_empty(
        sagemaker, "describe_endpoint_config", EndpointConfigName=config_name
    )
    names = [variant.get("ModelName") for variant in config.get("ProductionVariants", [])]
    return list(dict.fromkeys(name for name in names if name))


def _model_data(sagemaker: SageMaker, model_names: Sequence[str]) -> tuple[str, ...]:
    models = (_describe_or_empty(sagemaker, "describe_model", ModelName=n) for n in model_names)
    found = [wire.model_data(container) for model in models for container in wire.containers(model)]
    return tuple(dict.fromkeys(uri for uri in found if uri))


def _request_body(request: InvocationRequest) -> bytes:
    if (request.body is None) == (request.body_base64 is None):
        raise InvalidRequest("Send either body or body_base64.", field="body")
    if request.body is not None:
        body = request.body.encode()
    else:
        try:
            body = base64.b64decode(request.body_base64 or "", validate=True)
        except binascii.Error as error:
            raise InvalidRequest("body_base64 is not base64.", field="body_base64") from error
    if len(body) > MAX_INVOCATION_BYTES:
        raise InvalidRequest(
            f"The body has {len(body)} bytes; SageMaker takes {MAX_INVOCATION_BYTES}.",
            field="body",
        )
    return body


def _text_or_base64(answer: bytes) -> tuple[str | None, str | None]:
    try:
        return answer.decode(), None
    except UnicodeDecodeError:
        return None, base64.b64encode(answer).decode("ascii")
