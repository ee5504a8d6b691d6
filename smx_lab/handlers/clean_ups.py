"""Clean ups: the plan, and its execution."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.core.clean_up.plan import CleanUpRequest, StartCleanUpRequest
from smx_lab.handlers.base import SmxHandler


class CleanUpPlanHandler(SmxHandler):
    """What a clean up would do."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Return what would be deleted and what stays; change nothing."""
        request = self.body(CleanUpRequest)
        plan = self.services.clean_ups.plan
        self.answer(await self.ask(connection_id, plan, connection_id, request))


class CleanUpsHandler(SmxHandler):
    """All clean ups of a connection."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Begin one."""
        request = self.body(StartCleanUpRequest)
        start = self.services.clean_ups.start
        self.answer(await self.ask(connection_id, start, connection_id, request), status=202)
