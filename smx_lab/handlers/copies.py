"""Plan and start copies of experiments into a connection."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.contract.bodies import CopyRequest
from smx_lab.handlers.base import SmxHandler


class CopyPlanHandler(SmxHandler):
    """The plan of a copy."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Return what would be created and what cannot be copied. Nothing is created."""
        request = self.body(CopyRequest)
        plan = self.services.copies.plan
        self.answer(
            await self.ask(
                connection_id, plan, request.source, connection_id, request.experiment_name
            )
        )


class CopiesHandler(SmxHandler):
    """All copies into a connection."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Start a copy and return its operation."""
        request = self.body(CopyRequest)
        copy = self.services.copies.copy
        operation = await self.ask(
            connection_id, copy, request.source, connection_id, request.experiment_name
        )
        self.answer(operation, status=202)
