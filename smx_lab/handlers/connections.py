"""Connections of this server."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.handlers.base import SmxHandler


class ConnectionsHandler(SmxHandler):
    """All connections."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Return all connections, and the actions that the administrator disabled."""
        self.answer(await self.ask(None, self.services.connections.list_connections))


class ConnectionHandler(SmxHandler):
    """One connection."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Return the connection with its account and the regions to choose from."""
        describe = self.services.connections.describe_connection
        self.answer(await self.ask(connection_id, describe, connection_id))


class ConnectionTestHandler(SmxHandler):
    """The test of a connection."""

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Return the identity of the credentials, and the permissions they lack."""
        test = self.services.connections.test_connection
        self.answer(await self.ask(connection_id, test, connection_id))
