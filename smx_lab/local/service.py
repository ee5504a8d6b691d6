"""The service process: starts its parts in order, listens, and ends them in reverse order."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import pkgutil
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

import msgspec

from smx_lab.core.connection import LocalService
from smx_lab.local import operations
from smx_lab.local.app import App
from smx_lab.local.context import Context, Part
from smx_lab.local.errors import StartError
from smx_lab.local.home import data_dir as places
from smx_lab.local.home import lock
from smx_lab.local.home.client_environment import script_environment, write_sdk_config
from smx_lab.local.home.identity import Identity, load_identity, save_identity
from smx_lab.local.hosting.deployments import Hosting
from smx_lab.local.http.server import HttpServer
from smx_lab.local.jobs.runner import JobRunner
from smx_lab.local.protocol.routing import body_limit
from smx_lab.local.protocol.signature import SignatureChecker
from smx_lab.local.s3.server import S3Server, rclone
from smx_lab.local.store.store import Store

MAX_LOG_BYTES = 5 * 2**20
"""Size at which service.log becomes service.log.1; older logs are deleted."""

FINISH_S = 5.0
"""How long running requests may take when the service ends. Our choice."""

HOST_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""The names a Host header may have for this machine."""

SWITCH_INTERVAL_S = 0.001
"""After its commit a thread waits at most this long for the interpreter, not 5 ms."""

_log = logging.getLogger("smx_lab.local")


class AlreadyRunningError(Exception):
    """Another process serves this data directory."""


def serve(
    data_dir: Path, port: int | None, ready: Callable[[LocalService], object], log_to: str = "file"
) -> None:
    """Serve a data directory until SIGTERM or SIGINT.

    Parameters
    ----------
    port : int, optional
        None for the last port if it is free, else for any free one.
    ready : callable
        Called once, as soon as requests are accepted.
    log_to : {"file", "stderr"}
        Where the log goes.

    Raises
    ------
    StartError
        One sentence: the directory, the store or the port cannot be used.
    AlreadyRunningError
        If another process holds the directory.
    """
    os.umask(0o077)
    places.prepare(data_dir)
    descriptor = lock.acquire(data_dir)
    if descriptor is None:
        raise AlreadyRunningError
    try:
        places.service_file(data_dir).unlink(missing_ok=True)  # left by a killed predecessor
        _set_up_log(data_dir, log_to)
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        identity = load_identity(data_dir)
        listener = _bind(identity, port)
        load_operations()
        store = Store(places.store_file(data_dir))
        try:
            asyncio.run(_serve(data_dir, identity, store, listener, ready))
        finally:
            store.close()
    finally:
        os.close(descriptor)


def load_operations() -> None:
    """Import every module of ``operations``, so that each registers its API actions."""
    for module in pkgutil.iter_modules(operations.__path__, f"{operations.__name__}."):
        importlib.import_module(module.name)


def _add_parts(context: Context) -> list[Part]:
    """Set the runners of jobs and endpoints, and return them in the order of their start."""
    context.jobs, context.hosting = JobRunner(context), Hosting(context)
    return [context.jobs, context.hosting]


async def _serve(
    data_dir: Path,
    identity: Identity,
    store: Store,
    listener: socket.socket,
    ready: Callable[[LocalService], object],
) -> None:
    context = Context(store, identity.region, identity.account, data_dir)
    port = listener.getsockname()[1]
    s3 = S3Server(data_dir, identity, context.credentials, rclone())
    await asyncio.to_thread(s3.recover)
    service = _describe(data_dir, identity, port, s3.port)
    write_sdk_config(places.sdk_config_file(data_dir), service)
    context.client_variables = script_environment(service)
    parts = _add_parts(context)
    hosts = frozenset(f"{name}:{port}" for name in HOST_NAMES)
    signatures = SignatureChecker(
        identity.access_key_id, identity.secret_access_key, jobs=context.credentials
    )
    app = App(context, signatures, hosts)
    server = HttpServer(app.handle, body_limit)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    for part in parts:
        await asyncio.to_thread(part.recover)
    await server.start(listener)
    _keep_ports(data_dir, identity, port, s3.port)
    places.write_private(places.service_file(data_dir), msgspec.json.encode(service))
    _log.info("Listening on port %d as process %d", port, os.getpid())
    ready(service)
    try:
        await stop.wait()
    finally:
        _log.info("Ending")
        places.service_file(data_dir).unlink(missing_ok=True)
        await _end(server, [*reversed(parts), s3])
        app.close()


async def _end(server: HttpServer, parts: Sequence[Part]) -> None:
    """Finish running requests, end the parts in this order, and close all connections."""
    server.stop()
    await server.finish(FINISH_S)
    for part in parts:
        await asyncio.to_thread(part.shutdown)
    await server.finish(FINISH_S)
    server.close()


def _keep_ports(data_dir: Path, identity: Identity, port: int, s3_port: int | None) -> None:
    """Save the ports for the next start, if they have changed."""
    ports = (port, s3_port or identity.s3_port)
    if (identity.port, identity.s3_port) != ports:
        identity.port, identity.s3_port = ports
        save_identity(data_dir, identity)


def _describe(data_dir: Path, identity: Identity, port: int, s3_port: int | None) -> LocalService:
    url = f"http://127.0.0.1:{port}"
    return LocalService(
        sagemaker_url=url,
        metrics_url=url,
        runtime_url=url,
        s3_url=f"http://127.0.0.1:{s3_port}" if s3_port else None,
        access_key_id=identity.access_key_id,
        secret_access_key=identity.secret_access_key,
        region=identity.region,
        account=identity.account,
        pid=os.getpid(),
        data_dir=str(data_dir),
    )


def _bind(identity: Identity, port: int | None) -> socket.socket:
    """Return a socket bound on loopback, not listening yet."""
    for number in [port] if port is not None else [identity.port or 0, 0]:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # A port that only lingers from the last service is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", number))
        except (OSError, OverflowError) as error:
            listener.close()
            reason = error.strerror if isinstance(error, OSError) else str(error)
        else:
            return listener
    raise StartError(f"Port {port} cannot be used: {reason}. Choose another with --port.")


def _set_up_log(data_dir: Path, log_to: str) -> None:
    """Log to a bounded file for the owner alone. Request bodies and keys are never logged."""
    if log_to == "stderr":
        handler: logging.Handler = logging.StreamHandler()
    else:
        handler = RotatingFileHandler(
            places.log_file(data_dir), maxBytes=MAX_LOG_BYTES, backupCount=1, encoding="utf-8"
        )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
