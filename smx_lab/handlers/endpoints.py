"""List, describe, delete and invoke endpoints."""

from __future__ import annotations

from functools import partial

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.contract.bodies import InvocationRequest
from smx_lab.contract.queries import DeleteEndpointQuery, EndpointsQuery
from smx_lab.handlers.base import SmxHandler, page_request


class EndpointsHandler(SmxHandler):
    """All endpoints of a connection."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Return one page of endpoints."""
        listing, query = self.services.endpoints.list_endpoints, self.query(EndpointsQuery)
        page = page_request(query)
        self.answer(await self.ask(connection_id, listing, connection_id, page, query.status))


class EndpointHandler(SmxHandler):
    """One endpoint."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, endpoint_name: str) -> None:
        """Return the endpoint with its variants and the origin of its model."""
        describe = self.services.endpoints.describe_endpoint
        self.answer(await self.ask(connection_id, describe, connection_id, endpoint_name))

    @authenticated
    @authorized
    async def delete(self, connection_id: str, endpoint_name: str) -> None:
        """Start the deletion of the endpoint and return its operation."""
        query = self.query(DeleteEndpointQuery)
        delete = partial(
            self.services.endpoints.delete_endpoint,
            connection_id,
            endpoint_name,
            endpoint_config=query.endpoint_config,
            models=query.models,
        )
        self.answer(await self.ask(connection_id, delete), status=202)


class EndpointDeletionPlanHandler(SmxHandler):
    """The plan of deleting an endpoint."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, endpoint_name: str) -> None:
        """Return what would be deleted with the endpoint, and what would stay and why."""
        plan = self.services.endpoints.plan_deletion
        self.answer(await self.ask(connection_id, plan, connection_id, endpoint_name))


class InvocationsHandler(SmxHandler):
    """Requests to the model of an endpoint."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, endpoint_name: str) -> None:
        """Send a request to the model and return its response."""
        request = self.body(InvocationRequest)
        invoke = self.services.endpoints.invoke_endpoint
        self.answer(await self.ask(connection_id, invoke, connection_id, endpoint_name, request))
