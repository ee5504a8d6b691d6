"""Plan and start clean ups."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.core.clean_up.plan import CleanUpRequest, StartCleanUpRequest
from smx_lab.handlers.base import SmxHandler


class CleanUpPlanHandler(SmxHandler):
    """The plan of a clean up."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Return what would be deleted and what would stay. Nothing is changed."""
        request = self.body(CleanUpRequest)
        plan = self.services.clean_ups.plan
        self.answer(await self.ask(connection_id, plan, connection_id, request))


class CleanUpsHandler(SmxHandler):
    """All clean ups of a connection."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Start a clean up and return its operation."""
        request = self.body(StartCleanUpRequest)
        start = self.services.clean_ups.start
        self.answer(await self.ask(connection_id, start, connection_id, request), status=202)
