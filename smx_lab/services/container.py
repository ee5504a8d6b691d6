"""Build all services over one set of connections, for every entry point."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from smx_lab.core.connection import LocalService
from smx_lab.gateway.connections import ConnectionOptions, Connections
from smx_lab.services.browsing.editing import Editing
from smx_lab.services.browsing.experiments import Experiments
from smx_lab.services.clean_ups.clean_ups import CleanUps
from smx_lab.services.connections.connections import ConnectionsService
from smx_lab.services.copies.copies import Copies
from smx_lab.services.copies.mlflow_exports import MlflowExports
from smx_lab.services.deployments.deployments import Deployments
from smx_lab.services.deployments.endpoints import Endpoints
from smx_lab.services.deployments.rollback import register_rollback
from smx_lab.services.operations.files import OperationFiles
from smx_lab.services.operations.operations import Operations
from smx_lab.services.switches import Switches

if TYPE_CHECKING:
    from smx_lab.services.tables.tables import Tables

THREADS_PER_CONNECTION = 8
"""Enough for a few panels at once, and fewer than the connections in boto3's pool. A choice."""

TABLE_CACHE_VARIABLE = "SMX_LAB_TABLE_CACHE_MB"
DEFAULT_TABLE_CACHE_MB = 500

DEFAULT_INSTANCE_TYPES = (
    "ml.t2.medium",
    "ml.m5.large",
    "ml.m5.xlarge",
    "ml.m5.2xlarge",
    "ml.c5.xlarge",
    "ml.c5.2xlarge",
    "ml.g4dn.xlarge",
    "ml.g5.xlarge",
)


class Services:
    """Everything that a user can ask for."""

    def __init__(
        self,
        data_dir: Path,
        gateway: Connections,
        switches: Switches,
        instance_types: tuple[str, ...],
        table_cache_mb: int,
    ) -> None:
        """``data_dir`` is the folder of operations and tables; it is created at the first write."""
        self.gateway = gateway
        self.switches = switches
        self.connections = ConnectionsService(gateway, switches)
        self.experiments = Experiments(gateway, switches)
        self.operations = Operations(OperationFiles(data_dir / "operations"))
        self.deployments = Deployments(gateway, switches, self.operations, instance_types)
        self.endpoints = Endpoints(gateway, switches, self.operations)
        self.copies = Copies(gateway, switches, self.operations)
        self.clean_ups = CleanUps(gateway, switches, self.operations, lambda: self._tables)
        self.mlflow_exports = MlflowExports(gateway)
        register_rollback(self.operations, gateway, switches)
        self.editing = Editing(gateway, switches, self.experiments, lambda: self._tables)
        self._lock = threading.Lock()
        self._tables_lock = threading.Lock()
        self._tables: Tables | None = None
        self._table_folder = data_dir / "tables"
        self._table_cache_mb = table_cache_mb
        self._executors: dict[str, ThreadPoolExecutor] = {}

    @property
    def tables(self) -> Tables:
        """Trial component tables. They are created at the first use, since they import NumPy."""
        # Not the other lock: the event loop takes that one, and must not wait for an import.
        with self._tables_lock:
            if self._tables is None:
                from smx_lab.services.tables.cache import CacheFolder
                from smx_lab.services.tables.tables import Tables

                cache = CacheFolder(self._table_folder, self._table_cache_mb * 10**6)
                if not self._table_cache_mb:
                    cache.clear()
                self._tables = Tables(self.gateway, cache=cache if self._table_cache_mb else None)
            return self._tables

    def executor(self, connection_id: str | None) -> ThreadPoolExecutor:
        """Return the thread pool for calls of a connection, or with None for all other calls.

        Each connection has its own, so that an account that does not respond delays no other.
        """
        if connection_id is not None:
            self.gateway.describe(connection_id)
        key = connection_id or ""
        with self._lock:
            if key not in self._executors:
                self._executors[key] = ThreadPoolExecutor(
                    THREADS_PER_CONNECTION, thread_name_prefix=f"smx-lab {key}"
                )
            return self._executors[key]

    def close(self) -> None:
        """Interrupt the operations and end the threads, without waiting for running calls."""
        self.operations.close()
        with self._tables_lock:
            if self._tables is not None:
                self._tables.close()
        with self._lock:
            for executor in self._executors.values():
                executor.shutdown(wait=False, cancel_futures=True)
            self._executors.clear()


def build_services(
    data_dir: Path,
    ensure_running: Callable[[], LocalService],
    options: ConnectionOptions | None = None,
    switches: Switches | None = None,
    instance_types: tuple[str, ...] = DEFAULT_INSTANCE_TYPES,
    table_cache_mb: int | None = None,
) -> Services:
    """Wire everything together; nothing is started, read or connected to yet.

    Parameters
    ----------
    ensure_running : callable
        Starts or finds the local service. An entry point passes it, since services do not import
        the local service.
    table_cache_mb : int, optional
        How many megabytes of tables read from AWS are kept on disk; 0 keeps none. By default the
        value of ``SMX_LAB_TABLE_CACHE_MB``, which a Jupyter server sets for its kernels.
    """
    if table_cache_mb is None:
        table_cache_mb = _table_cache_mb(os.environ.get(TABLE_CACHE_VARIABLE))
    connections = Connections(options or ConnectionOptions(), ensure_running)
    return Services(data_dir, connections, switches or Switches(), instance_types, table_cache_mb)


def _table_cache_mb(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else DEFAULT_TABLE_CACHE_MB
