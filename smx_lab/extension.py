"""The Jupyter server extension: its options, and the one place where it is wired together."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_server.extension.application import ExtensionApp

from smx_lab.core.connection import LocalService
from smx_lab.handlers.base import SERVICES
from smx_lab.handlers.routes import handlers
from smx_lab.options import SmxLabOptions, build_services, export_to_environment
from smx_lab.services.container import Services

DATA_DIR_VARIABLE = "SMX_LAB_DATA_DIR"


class SmxLabApp(SmxLabOptions, ExtensionApp):
    """SageMaker Experiments in JupyterLab."""

    name = "smx_lab"
    description = "SageMaker Experiments in JupyterLab, on AWS or on a local SageMaker service."
    load_other_extensions = True

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
        export_to_environment(self)
        return build_services(self, data_dir, lambda: _ensure_running(data_dir))

    def _data_dir(self) -> Path:
        from smx_lab.local.home.data_dir import data_dir

        if self.data_dir:
            # Kernels and terminals of this server are to find the same local service.
            os.environ[DATA_DIR_VARIABLE] = str(Path(self.data_dir).expanduser().absolute())
        return data_dir()


def _ensure_running(data_dir: Path) -> LocalService:
    # Imported at the first call: it brings botocore along, and start-up should not pay for that.
    from smx_lab.local.home.launch import ensure_running

    return ensure_running(data_dir)
