"""List, describe, cancel, retry and roll back operations."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.handlers.base import SmxHandler


class OperationsHandler(SmxHandler):
    """All operations."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Return all operations, newest first."""
        self.answer(await self.ask(None, self.services.operations.list_operations))


class OperationHandler(SmxHandler):
    """One operation."""

    @authenticated
    @authorized
    async def get(self, operation_id: str) -> None:
        """Return the operation in its present state."""
        self.answer(await self.ask(None, self.services.operations.describe, operation_id))

    @authenticated
    @authorized
    async def delete(self, operation_id: str) -> None:
        """Ask the operation to end."""
        self.answer(await self.ask(None, self.services.operations.cancel, operation_id))


class RetryHandler(SmxHandler):
    """Retrying an operation."""

    @authenticated
    @authorized
    async def post(self, operation_id: str) -> None:
        """Continue the operation where it stopped."""
        retry = self.services.operations.retry
        self.answer(await self.ask(None, retry, operation_id), status=202)


class RollBackHandler(SmxHandler):
    """Rolling back an operation."""

    @authenticated
    @authorized
    async def post(self, operation_id: str) -> None:
        """Delete what the operation created, as an operation of its own."""
        roll_back = self.services.operations.roll_back
        self.answer(await self.ask(None, roll_back, operation_id), status=202)
