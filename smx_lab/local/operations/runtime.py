"""InvokeEndpoint: pass a request to the model server, and return its answer, whole or in parts."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator

from smx_lab.local.context import PARTITION, Answer, Context, ModelResponse, Request, RunningVariant
from smx_lab.local.errors import ServiceError
from smx_lab.local.hosting.model_client import ModelStream
from smx_lab.local.hosting.model_http import TimedOutError, UnreachableError
from smx_lab.local.protocol import event_stream
from smx_lab.local.protocol.registry import operation

# The answer of a model that fails may hold a traceback; this much of it is passed on. Our choice.
MESSAGE_CHARS = 4096
CUSTOM_ATTRIBUTES = "X-Amzn-Sagemaker-Custom-Attributes"
_TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the "
    "latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
)


@operation("InvokeEndpoint", service="sagemaker-runtime", asynchronous=True)
async def invoke_endpoint(context: Context, request: Request) -> Answer:
    """Invoke a model; body, content type and custom attributes pass unchanged both ways."""
    name = request["EndpointName"]
    variant = await _choose(context, name, request.get("TargetVariant"))
    try:
        reply = await context.hosting.model_client.invoke(
            variant.address, request.get("Body", b""), _headers(request), variant.timeout_s
        )
    except UnreachableError as error:
        raise _unanswered(context, name, variant, error) from error
    if reply.status >= 400:
        raise _model_error(
            context, name, reply.status, reply.body.decode("utf-8", "replace")[:MESSAGE_CHARS]
        )
    return _answer(reply, variant)


@operation("InvokeEndpointWithResponseStream", service="sagemaker-runtime", asynchronous=True)
async def invoke_with_response_stream(context: Context, request: Request) -> Answer:
    """Invoke a model whose answer comes in parts, each an event of the stream."""
    name = request["EndpointName"]
    variant = await _choose(context, name, request.get("TargetVariant"))
    try:
        stream = await ModelStream.open(
            variant.address, request.get("Body", b""), _headers(request), variant.timeout_s
        )
        if stream.status >= 400:
            text = (await stream.read()).decode("utf-8", "replace")[:MESSAGE_CHARS]
            raise _model_error(context, name, stream.status, text)
    except UnreachableError as error:
        raise _unanswered(context, name, variant, error) from error
    return {
        "Body": _events(stream, variant),
        "ContentType": stream.headers.get("Content-Type"),
        "InvokedProductionVariant": variant.name,
        "CustomAttributes": stream.headers.get(CUSTOM_ATTRIBUTES),
    }


async def _events(stream: ModelStream, variant: RunningVariant) -> AsyncIterator[bytes]:
    """Yield the frames of an answer; the last one says so if the model fails midway."""
    try:
        async for part in stream.parts():
            yield event_stream.event("PayloadPart", part)
    except TimedOutError:
        variant.restart()
        yield event_stream.failure(
            "ModelStreamError", Message=_TIMED_OUT, ErrorCode="ModelInvocationTimeExceeded"
        )
    except UnreachableError:
        yield event_stream.failure(
            "ModelStreamError",
            Message="The model failed in the middle of its answer. See the endpoint's log.",
            ErrorCode="StreamBroken",
        )
    finally:
        stream.close()


def _unanswered(
    context: Context, name: str, variant: RunningVariant, error: Exception
) -> ServiceError:
    """Return the error for an invocation without an answer; restart a server that hangs."""
    if isinstance(error, TimedOutError):
        # A worker that hangs is replaced, as the container's own web server does it.
        variant.restart()
        return _model_error(context, name, 0, _TIMED_OUT)
    return _model_error(context, name, 0, f"The model server broke off the connection: {error}")


async def _choose(context: Context, name: str, target: str | None) -> RunningVariant:
    endpoint = context.hosting.find(name)
    variant = endpoint.choose(target) if endpoint else None
    if variant:
        return variant
    if target and endpoint and target not in [item.name for item in endpoint.variants]:
        raise ServiceError("ValidationError", f"Variant {target} of endpoint {name} not found.")
    status = await asyncio.to_thread(context.store.read, lambda cx: _status(cx, name))
    if status in ("InService", "SystemUpdating", "Updating"):
        raise ServiceError(
            "ServiceUnavailable", f"The model server of endpoint {name} is starting.", 503
        )
    text = f"Endpoint {name} of account {context.account} not found."
    raise ServiceError("ValidationError", f"{text} Its status is {status}." if status else text)


def _status(cx: sqlite3.Connection, name: str) -> str | None:
    row = cx.execute("SELECT status FROM endpoint WHERE name = :name", {"name": name}).fetchone()
    return row["status"] if row else None


def _headers(request: Request) -> dict[str, str]:
    sent = {
        "Content-Type": request.get("ContentType", "application/json"),
        "Accept": request.get("Accept", "*/*"),
        CUSTOM_ATTRIBUTES: request.get("CustomAttributes"),
        "X-Amzn-Sagemaker-Inference-Id": request.get("InferenceId"),
    }
    return {name: value for name, value in sent.items() if value is not None}


def _answer(reply: ModelResponse, variant: RunningVariant) -> Answer:
    return {
        "Body": reply.body,
        "ContentType": reply.headers.get("Content-Type"),
        "InvokedProductionVariant": variant.name,
        "CustomAttributes": reply.headers.get(CUSTOM_ATTRIBUTES),
    }


def _model_error(context: Context, name: str, status: int, text: str) -> ServiceError:
    """Word a container's failure as SageMaker does."""
    side = "client" if 400 <= status < 500 else "server"
    region, account = context.region, context.account
    group = f"/aws/sagemaker/Endpoints/{name}"
    return ServiceError(
        "ModelError",
        f'Received {side} error ({status}) from primary with message "{text}". See '
        f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
        f"#logEventViewer:group={group} in account {account} for more information.",
        424,
        OriginalStatusCode=status,
        OriginalMessage=text,
        LogStreamArn=f"arn:{PARTITION}:logs:{region}:{account}:log-group:{group}",
    )
