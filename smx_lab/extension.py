"""The Jupyter server extension: its options, and the one place where it is wired together."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Dict, Int, List, Unicode

from smx_lab.core.connection import LocalService
from smx_lab.gateway.connections import ConnectionOptions
from smx_lab.handlers.base import SERVICES
from smx_lab.handlers.routes import handlers
from smx_lab.services.container import (
    DEFAULT_INSTANCE_TYPES,
    DEFAULT_TABLE_CACHE_MB,
    TABLE_CACHE_VARIABLE,
    Services,
    build_services,
)
from smx_lab.services.switches import Switches

DATA_DIR_VARIABLE = "SMX_LAB_DATA_DIR"


class SmxLabApp(ExtensionApp):
    """SageMaker Experiments in JupyterLab."""

    name = "smx_lab"
    description = "SageMaker Experiments in JupyterLab, on AWS or on a local SageMaker service."
    load_other_extensions = True

    data_dir = Unicode(
        "",
        help="Where the local service and our own state live. Empty: SMX_LAB_DATA_DIR, or the "
        "user's data directory.",
    ).tag(config=True)

    connections = List(
        Unicode(),
        ["*"],
        help="The connections allowed, by id: 'local', 'aws' (the default credentials), "
        "'aws:PROFILE', the last two also with '@REGION'; '*' stands for any text.",
    ).tag(config=True)

    default_connection = Unicode(
        "local", help="The connection that a new panel looks at, by id."
    ).tag(config=True)

    regions = List(
        Unicode(),
        help="The AWS regions that may be chosen. Empty: the one of the profile, or any.",
    ).tag(config=True)

    tints = Dict(
        help="A colour for a connection, by id, e.g. {'aws:prod': 'red'}, so that it is not "
        "mistaken for another.",
        key_trait=Unicode(),
        value_trait=Unicode(),
    ).tag(config=True)

    labels = Dict(
        help="A name for a connection, by id.", key_trait=Unicode(), value_trait=Unicode()
    ).tag(config=True)

    endpoint_urls = Dict(
        help="Addresses in place of AWS's own, by boto3's service name, e.g. {'sagemaker': "
        "'https://vpce-….amazonaws.com'}.",
        key_trait=Unicode(),
        value_trait=Unicode(),
    ).tag(config=True)

    read_only = Bool(
        False, help="Whether nothing may be changed: no deploying, deleting, stopping or editing."
    ).tag(config=True)
    allow_deploy = Bool(True, help="Whether models may be deployed.").tag(config=True)
    allow_delete = Bool(True, help="Whether anything may be deleted.").tag(config=True)
    allow_stop = Bool(True, help="Whether training jobs may be stopped.").tag(config=True)
    allow_invoke = Bool(True, help="Whether requests may be sent to endpoints.").tag(config=True)

    instance_types = List(
        Unicode(),
        list(DEFAULT_INSTANCE_TYPES),
        help="The instance types that the Deploy model page offers.",
    ).tag(config=True)

    table_cache_mb = Int(
        DEFAULT_TABLE_CACHE_MB,
        min=0,
        help="How many megabytes of tables read from AWS are kept on disk, for their owner alone, "
        "so that a table opens at once the next time. 0: none, and what was kept is removed.",
    ).tag(config=True)

    def initialize_settings(self) -> None:
        """Put the services where the handlers find them."""
        self.settings[SERVICES] = self._services()

    def initialize_handlers(self) -> None:
        """Register every route of the contract."""
        self.handlers.extend(handlers())

    async def stop_extension(self) -> None:
        """End what runs for this server; the local service lives on."""
        services: Services | None = self.settings.get(SERVICES)
        if services is not None:
            services.close()

    def _services(self) -> Services:
        data_dir = self._data_dir()
        return build_services(
            data_dir,
            lambda: _ensure_running(data_dir),
            ConnectionOptions(
                allowed=tuple(self.connections),
                default=self.default_connection,
                regions=tuple(self.regions),
                tints=dict(self.tints),
                labels=dict(self.labels),
                endpoint_urls=dict(self.endpoint_urls),
            ),
            Switches(
                read_only=self.read_only,
                allow_deploy=self.allow_deploy,
                allow_delete=self.allow_delete,
                allow_stop=self.allow_stop,
                allow_invoke=self.allow_invoke,
            ),
            tuple(self.instance_types),
            self._kept_mb(),
        )

    def _kept_mb(self) -> int | None:
        if not self.trait_has_value("table_cache_mb"):
            return None
        # Kernels of this server are to keep as much, or nothing.
        os.environ[TABLE_CACHE_VARIABLE] = str(self.table_cache_mb)
        return int(self.table_cache_mb)

    def _data_dir(self) -> Path:
        from smx_lab.local.data_dir import data_dir

        if self.data_dir:
            # Kernels and terminals of this server are to find the same local service.
            os.environ[DATA_DIR_VARIABLE] = str(Path(self.data_dir).expanduser().absolute())
        return data_dir()


def _ensure_running(data_dir: Path) -> LocalService:
    # Imported at the first call: it brings botocore along, and start-up should not pay for that.
    from smx_lab.local.process import ensure_running

    return ensure_running(data_dir)
