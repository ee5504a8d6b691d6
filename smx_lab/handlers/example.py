"""The example notebook."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.handlers.base import SmxHandler
from smx_lab.services.example import describe_example


class ExampleHandler(SmxHandler):
    """The files of the example notebook."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Return the notebook's files. The browser saves them with the contents service."""
        self.answer(await self.ask(None, describe_example))
