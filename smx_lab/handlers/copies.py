"""Copies of experiments into a connection: the plan, and its execution."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.contract.bodies import CopyRequest
from smx_lab.handlers.base import SmxHandler


class CopyPlanHandler(SmxHandler):
    """What a copy would do."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Return what would be created and what cannot be copied; create nothing."""
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
        """Begin one."""
        request = self.body(CopyRequest)
        copy = self.services.copies.copy
        operation = await self.ask(
            connection_id, copy, request.source, connection_id, request.experiment_name
        )
        self.answer(operation, status=202)
