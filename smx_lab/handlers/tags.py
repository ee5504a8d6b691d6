"""List and edit the tags of resources."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.contract.bodies import EditTagsRequest
from smx_lab.contract.queries import TagsQuery
from smx_lab.handlers.base import SmxHandler


class TagsHandler(SmxHandler):
    """The tags of some resources."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Return the tags of the resources."""
        arns = self.query(TagsQuery).resource_arn
        listing = self.services.editing.list_tags
        self.answer(await self.ask(connection_id, listing, connection_id, arns))

    @authenticated
    @authorized
    async def post(self, connection_id: str) -> None:
        """Set and remove tags."""
        edit, request = self.services.editing.edit_tags, self.body(EditTagsRequest)
        self.answer(await self.ask(connection_id, edit, connection_id, request))
