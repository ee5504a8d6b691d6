"""The Jupyter server extension: it builds the services and registers the routes."""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp

from smx_lab.handlers.base import SERVICES
from smx_lab.handlers.routes import handlers
from smx_lab.options import SmxLabOptions, build_services, export_to_environment
from smx_lab.services.container import Services


class SmxLabApp(SmxLabOptions, ExtensionApp):
    """SageMaker Experiments in JupyterLab."""

    name = "smx_lab"
    description = "SageMaker Experiments in JupyterLab, on AWS or on a local SageMaker service."
    load_other_extensions = True

    def initialize_settings(self) -> None:
        """Put the services where the handlers find them."""
        export_to_environment(self)
        self.settings[SERVICES] = build_services(self)

    def initialize_handlers(self) -> None:
        """Register every route of the contract."""
        self.handlers.extend(handlers())

    async def stop_extension(self) -> None:
        """End the services of this server; the local service keeps running."""
        services: Services | None = self.settings.get(SERVICES)
        if services is not None:
            services.close()
