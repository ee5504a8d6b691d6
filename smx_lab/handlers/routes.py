"""The handler of each route of the contract."""

from __future__ import annotations

import re

from jupyter_server.auth.decorator import authorized
from tornado.web import HTTPError, authenticated

from smx_lab.contract.routes import ROUTES
from smx_lab.handlers import (
    clean_ups,
    connections,
    copies,
    deployments,
    endpoints,
    example,
    experiments,
    exports,
    operations,
    tables,
    tags,
)
from smx_lab.handlers.base import SmxHandler

API = "/smx-lab/api"

HANDLER_BY_PATH: dict[str, type[SmxHandler]] = {
    "/connections": connections.ConnectionsHandler,
    "/connections/{connection_id}": connections.ConnectionHandler,
    "/connections/{connection_id}/test": connections.ConnectionTestHandler,
    "/example": example.ExampleHandler,
    "/{connection_id}/experiments": experiments.ExperimentsHandler,
    "/{connection_id}/tag-keys": experiments.TagKeysHandler,
    "/{connection_id}/experiments/{experiment_name}": experiments.ExperimentHandler,
    "/{connection_id}/experiments/{experiment_name}/trials": experiments.TrialsHandler,
    "/{connection_id}/trials": experiments.AllTrialsHandler,
    "/{connection_id}/trials/{trial_name}": experiments.TrialHandler,
    "/{connection_id}/trials/{trial_name}/trial-components": experiments.TrialComponentsHandler,
    "/{connection_id}/tags": tags.TagsHandler,
    "/{connection_id}/trial-components/unassigned": experiments.UnassignedHandler,
    "/{connection_id}/trial-components/{trial_component_name}": experiments.TrialComponentHandler,
    "/{connection_id}/trial-components/{trial_component_name}/metrics": experiments.MetricsHandler,
    "/{connection_id}/training-jobs/{training_job_name}/stop": experiments.StopTrainingJobHandler,
    "/{connection_id}/tables": tables.TablesHandler,
    "/{connection_id}/tables/{table_id}": tables.TableHandler,
    "/{connection_id}/tables/{table_id}/rows": tables.RowsHandler,
    "/{connection_id}/tables/{table_id}/stop": tables.StopTableHandler,
    "/{connection_id}/tables/{table_id}/values": tables.ValuesHandler,
    "/{connection_id}/tables/{table_id}/differences": tables.DifferencesHandler,
    "/{connection_id}/tables/{table_id}/export": exports.ExportHandler,
    "/{connection_id}/tables/{table_id}/series": tables.SeriesHandler,
    "/{connection_id}/clean-ups/plan": clean_ups.CleanUpPlanHandler,
    "/{connection_id}/clean-ups": clean_ups.CleanUpsHandler,
    "/{connection_id}/tables/{table_id}/points": tables.PointsHandler,
    "/{connection_id}/copies/plan": copies.CopyPlanHandler,
    "/{connection_id}/copies": copies.CopiesHandler,
    "/{connection_id}/deployments/plan": deployments.DeploymentPlanHandler,
    "/{connection_id}/deployments": deployments.DeploymentsHandler,
    "/{connection_id}/endpoints": endpoints.EndpointsHandler,
    "/{connection_id}/endpoints/{endpoint_name}": endpoints.EndpointHandler,
    "/{connection_id}/endpoints/{endpoint_name}/deletion-plan": (
        endpoints.EndpointDeletionPlanHandler
    ),
    "/{connection_id}/endpoints/{endpoint_name}/invocations": endpoints.InvocationsHandler,
    "/operations": operations.OperationsHandler,
    "/operations/{operation_id}": operations.OperationHandler,
    "/operations/{operation_id}/retry": operations.RetryHandler,
    "/operations/{operation_id}/roll-back": operations.RollBackHandler,
}


class UnknownHandler(SmxHandler):
    """Every unknown path, so that its 404 has the JSON format of our errors."""

    @authenticated
    @authorized
    async def get(self, _path: str) -> None:
        """Raise 404."""
        raise HTTPError(404, "There is no such route in the API of smx-lab.")

    @authenticated
    @authorized
    async def post(self, _path: str) -> None:
        """Raise 404."""
        raise HTTPError(404, "There is no such route in the API of smx-lab.")

    @authenticated
    @authorized
    async def delete(self, _path: str) -> None:
        """Raise 404."""
        raise HTTPError(404, "There is no such route in the API of smx-lab.")


def handlers() -> list[tuple[str, type[SmxHandler]]]:
    """Return tornado's handlers in the contract's order. Tornado takes the first that matches."""
    paths = dict.fromkeys(route.path for route in ROUTES)
    found = [(pattern(path), HANDLER_BY_PATH[path]) for path in paths]
    return [*found, (f"{API}/(.*)", UnknownHandler)]


def pattern(path: str) -> str:
    """Return the regular expression of a path; each ``{name}`` is one percent-encoded segment."""
    return API + re.sub(r"\{\w+\}", "([^/]+)", path)
