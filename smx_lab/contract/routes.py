"""Every route of the REST API: method, path, bodies and meaning.

Both the handlers (``handlers/routes.py``) and the OpenAPI document are made from this list, so
they always have the same routes.
Paths are below ``/smx-lab/api``. A ``{name}`` segment is percent-encoded text without a slash.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from smx_lab.contract import bodies, queries
from smx_lab.core.clean_up.plan import CleanUpPlan, CleanUpRequest, StartCleanUpRequest
from smx_lab.core.deployment.plan import DeploymentPlan, DeploymentRequest, EndpointDeletionPlan
from smx_lab.core.entities import Endpoint, Experiment, Trial, TrialComponent
from smx_lab.core.export.formats import FACTS
from smx_lab.core.operation import Operation


class Route(NamedTuple):
    """One method on one path. ``query`` is the type of its query arguments."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    summary: str
    response: Any
    request: Any = None
    query: type[queries.Query] | None = None
    status: int = 200
    media_types: tuple[str, ...] = ("application/json",)


IF_CHANGED = "With If-None-Match of an earlier response: 304 if nothing has changed."
C = "/{connection_id}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/connections", "list_connections", "The connections of this server.",
          bodies.ConnectionList),
    Route("GET", "/connections/{connection_id}", "describe_connection",
          "A connection with its account and the regions to choose from.",
          bodies.ConnectionDetails),
    Route("POST", "/connections/{connection_id}/test", "test_connection",
          "The identity of the credentials, and the permissions they lack.", bodies.ConnectionTest),
    Route("GET", "/example", "describe_example",
          "The example notebook with its files.", bodies.Example),
    Route("GET", f"{C}/experiments", "list_experiments",
          f"One page of experiments. {IF_CHANGED}", bodies.ExperimentPage,
          query=queries.ListQuery),
    Route("GET", f"{C}/tag-keys", "list_tag_keys", "Keys of tags that start with a text.",
          bodies.TagKeyList,
          query=queries.TagKeysQuery),
    Route("GET", f"{C}/experiments/{{experiment_name}}", "describe_experiment",
          "One experiment.", Experiment),
    Route("POST", f"{C}/experiments/{{experiment_name}}", "edit_experiment",
          "Change the display name and the description of an experiment.", Experiment,
          bodies.EditExperimentRequest),
    Route("GET", f"{C}/experiments/{{experiment_name}}/trials", "list_trials",
          f"One page of an experiment's trials. {IF_CHANGED}", bodies.TrialPage,
          query=queries.ListQuery),
    Route("GET", f"{C}/trials", "list_all_trials",
          f"One page of the trials of all experiments. {IF_CHANGED}", bodies.TrialPage,
          query=queries.ListQuery),
    Route("GET", f"{C}/trials/{{trial_name}}", "describe_trial", "One trial.", Trial),
    Route("POST", f"{C}/trials/{{trial_name}}", "edit_trial",
          "Change the display name of a trial.", Trial, bodies.EditTrialRequest),
    Route("GET", f"{C}/trials/{{trial_name}}/trial-components", "list_trial_components",
          f"One page of a trial's components. {IF_CHANGED}", bodies.TrialComponentPage,
          query=queries.ListQuery),
    Route("POST", f"{C}/trials/{{trial_name}}/trial-components", "associate_trial_components",
          "Add trial components to a trial.", bodies.Association, bodies.AssociateRequest),
    Route("DELETE", f"{C}/trials/{{trial_name}}/trial-components", "disassociate_trial_components",
          "Remove trial components from a trial. They stay in other trials.", bodies.Disassociation,
          query=queries.DisassociateQuery),
    Route("GET", f"{C}/tags", "list_tags", "The tags of some resources.", bodies.TagList,
          query=queries.TagsQuery),
    Route("POST", f"{C}/tags", "edit_tags", "Set and remove tags of some resources.",
          bodies.TagList, bodies.EditTagsRequest),
    Route("GET", f"{C}/trial-components/unassigned", "list_unassigned_trial_components",
          f"One page of the trial components that are in no trial. {IF_CHANGED}",
          bodies.TrialComponentPage, query=queries.ListQuery),
    Route("GET", f"{C}/trial-components/{{trial_component_name}}", "describe_trial_component",
          "One trial component with parameters, artifacts, metrics, parents and tags.",
          TrialComponent),
    Route("GET", f"{C}/trial-components/{{trial_component_name}}/metrics", "list_metrics",
          "The metric summaries of one trial component.", bodies.MetricList),
    Route("POST", f"{C}/training-jobs/{{training_job_name}}/stop", "stop_training_job",
          "Ask a running training job to stop.", bodies.StopResult),
    Route("POST", f"{C}/tables", "open_table",
          "Open a trial component table, or return the open one.", bodies.TableState,
          bodies.OpenTableRequest),
    Route("GET", f"{C}/tables/{{table_id}}", "describe_table",
          "The state of a table's synchronisation; 304 if its version is the given one. The header "
          "Smx-Updated-Time has the time of the last call to SageMaker.",
          bodies.TableState, query=queries.TableQuery),
    Route("POST", f"{C}/tables/{{table_id}}/stop", "stop_table",
          "Stop reading a table. The rows read so far stay; opening it again continues.",
          bodies.TableState),
    Route("POST", f"{C}/tables/{{table_id}}/rows", "list_rows", "A window of rows of a view.",
          bodies.RowWindow, bodies.RowsRequest),
    Route("POST", f"{C}/tables/{{table_id}}/values", "list_values",
          "The distinct values of a column, with how many rows have each.",
          bodies.ColumnValues, bodies.ValuesRequest),
    Route("POST", f"{C}/tables/{{table_id}}/differences", "list_differences",
          "The columns in which the rows that pass a view's filters differ.",
          bodies.Differences, bodies.DifferencesRequest),
    Route("POST", f"{C}/tables/{{table_id}}/export", "export_table",
          "A view as a file, sent while it is written. A failure meanwhile closes the connection. "
          "The header Smx-Row-Count has the number of rows.", bytes, bodies.ExportRequest,
          media_types=tuple(facts.media_type for facts in FACTS.values())),
    Route("GET", f"{C}/tables/{{table_id}}/series", "check_series",
          "Whether steps were logged for a metric; values at the best step need them.",
          bodies.SeriesCheck, query=queries.SeriesCheckQuery),
    Route("POST", f"{C}/clean-ups/plan", "plan_clean_up",
          "What deleting experiments, trials and trial components would delete with them.",
          CleanUpPlan, CleanUpRequest),
    Route("POST", f"{C}/clean-ups", "start_clean_up",
          "Delete experiments, trials and trial components, as an operation.", Operation,
          StartCleanUpRequest, status=202),
    Route("POST", f"{C}/tables/{{table_id}}/series", "list_series",
          "The logged values of a metric as lines of a chart, for lines that have changed. Long "
          "lines have fewer points, but keep every extreme.",
          bodies.SeriesAnswer, bodies.SeriesRequest),
    Route("POST", f"{C}/tables/{{table_id}}/points", "list_points",
          "The values that a chart draws, one for each row.",
          bodies.ChartPoints, bodies.PointsRequest),
    Route("POST", f"{C}/copies/plan", "plan_copy",
          "What copying an experiment of another connection here would do.", bodies.CopyPlan,
          bodies.CopyRequest),
    Route("POST", f"{C}/copies", "create_copy",
          "Copy an experiment of another connection here, as an operation.", Operation,
          bodies.CopyRequest, status=202),
    Route("POST", f"{C}/deployments/plan", "plan_deployment",
          "What deploying a training job's model would create.", DeploymentPlan,
          DeploymentRequest),
    Route("POST", f"{C}/deployments", "create_deployment",
          "Create model, endpoint configuration and endpoint, as an operation.", Operation,
          DeploymentRequest, status=202),
    Route("GET", f"{C}/endpoints", "list_endpoints", f"One page of endpoints. {IF_CHANGED}",
          bodies.EndpointPage,
          query=queries.EndpointsQuery),
    Route("GET", f"{C}/endpoints/{{endpoint_name}}", "describe_endpoint",
          "One endpoint with its variants, and where its model comes from.", Endpoint),
    Route("GET", f"{C}/endpoints/{{endpoint_name}}/deletion-plan", "plan_endpoint_deletion",
          "What deleting the endpoint would delete with it.", EndpointDeletionPlan),
    Route("DELETE", f"{C}/endpoints/{{endpoint_name}}", "delete_endpoint",
          "Delete an endpoint, as an operation.", Operation, status=202,
          query=queries.DeleteEndpointQuery),
    Route("POST", f"{C}/endpoints/{{endpoint_name}}/invocations", "invoke_endpoint",
          "Send one request to the model.", bodies.InvocationResult, bodies.InvocationRequest),
    Route("GET", "/operations", "list_operations", "The operations of this server, newest first.",
          bodies.OperationList),
    Route("GET", "/operations/{operation_id}", "describe_operation",
          f"One operation. {IF_CHANGED}", Operation),
    Route("DELETE", "/operations/{operation_id}", "cancel_operation",
          "Ask a running operation to end after its current call.", Operation),
    Route("POST", "/operations/{operation_id}/retry", "retry_operation",
          "Continue a failed or interrupted operation where it stopped.", Operation, status=202),
    Route("POST", "/operations/{operation_id}/roll-back", "roll_back_operation",
          "Delete what a failed deployment created, newest first.", Operation, status=202),
)  # fmt: skip
