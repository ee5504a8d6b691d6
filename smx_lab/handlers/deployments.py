"""Plan and start deployments."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.core.deployment.plan import DeploymentRequest
from smx_lab.handlers.base import SmxHandler


class DeploymentPlanHandler(SmxHandler):
    """The plan of a deployment."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Return what would be created. Nothing is created."""
        request = self.body(DeploymentRequest)
        plan = self.services.deployments.plan
        self.answer(await self.ask(connection_id, plan, connection_id, request))


class DeploymentsHandler(SmxHandler):
    """All deployments of a connection."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Start a deployment and return its operation."""
        request = self.body(DeploymentRequest)
        create = self.services.deployments.create
        self.answer(await self.ask(connection_id, create, connection_id, request), status=202)
