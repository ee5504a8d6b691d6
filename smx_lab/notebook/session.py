"""What the magics of one kernel share: the services, and the connection in use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from smx_lab.core.connection import Connection
from smx_lab.core.views.typed_columns import did_you_mean
from smx_lab.notebook.environment import Environment
from smx_lab.notebook.errors import MagicError
from smx_lab.services.container import Services


class Session:
    """The services of this process, without a Jupyter server.

    The connection in use is the local service until ``%smx connect`` chooses another.
    """

    def __init__(self, variables: Mapping[str, Any]) -> None:
        """``variables`` are those of the notebook, so that a line can name one of them."""
        self.variables = variables
        self.connection_id = "local"
        self.environment = Environment()

    @cached_property
    def services(self) -> Services:
        """All services, over the same data directory and with the same options as the panels."""
        from smx_lab.options import build_services, load_options

        return build_services(load_options())

    @property
    def connection(self) -> Connection:
        """The connection in use."""
        return self.services.gateway.describe(self.connection_id)

    def connect_local(self) -> None:
        """Use the local service, started if needed, here and in boto3 and the SDKs."""
        from smx_lab.local.home.client_environment import (
            VARIABLES_IN_THE_WAY,
            client_environment,
            install_python_hook,
        )
        from smx_lab.local.home.launch import ensure_running

        install_python_hook()
        variables = client_environment(ensure_running())
        self.environment.point_to(variables, VARIABLES_IN_THE_WAY)
        self.connection_id = "local"

    def connect_aws(self, profile: str | None, region: str | None) -> None:
        """Use AWS here and in boto3 and the SDKs.

        Raises
        ------
        MagicError
            If there is no such profile.
        """
        self.environment.restore()
        if profile is not None:
            known = [c.profile for c in self.services.gateway.list_connections() if c.profile]
            # The default profile has no entry of its own: the connection "aws" stands for it.
            if profile not in (*known, "default"):
                raise MagicError(
                    f"There is no AWS profile {profile}.{did_you_mean(profile, known)}"
                )
        variables = {"AWS_PROFILE": profile} if profile else {}
        if region:
            variables["AWS_DEFAULT_REGION"] = region
        self.environment.point_to(variables)
        self.connection_id = (
            f"aws{':' + profile if profile else ''}{'@' + region if region else ''}"
        )

    def close(self) -> None:
        """End the threads."""
        if "services" in self.__dict__:
            self.services.close()
