"""Request and response bodies of the REST API. Entities are sent as defined in ``core``."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from smx_lab.core.connection import Connection
from smx_lab.core.entities import (
    EndpointSummary,
    Experiment,
    MetricSummary,
    Trial,
    TrialComponentSummary,
)
from smx_lab.core.export.formats import ExportFormat
from smx_lab.core.operation import ErrorBody, Operation
from smx_lab.core.permissions import Feature, Policy
from smx_lab.core.rows import Cell, Extent, Row
from smx_lab.core.statistics import Statistic
from smx_lab.core.views.view import Column, View

Outcome = Literal["allowed", "denied", "unknown"]
"""Whether an action is allowed."""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the response bodies."""


class RequestBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the request bodies. An unknown member is an error."""


class ConnectionList(Body, frozen=True, kw_only=True):
    """The connections of the server, and what users may do with them."""

    connections: list[Connection]
    read_only: bool
    disabled_actions: list[str]
    """The actions that an administrator disabled, of ``deploy``, ``delete``, ``stop``, ``invoke``
    and ``edit``."""
    unavailable_formats: dict[ExportFormat, str] = {}
    """The export formats that are not available here, each with the reason as a sentence."""


class ConnectionTest(Body, frozen=True, kw_only=True):
    """The identity of the credentials, and the permissions they lack."""

    ok: bool
    caller_arn: str | None = None
    account: str | None = None
    region: str | None = None
    error: ErrorBody | None = None
    denied_actions: list[str] = []
    """The denied actions that browsing needs. ``checks`` has the other actions too."""
    policy: str | None = None
    """A policy that allows the denied actions, as JSON."""
    checks: list[PermissionCheck] = []
    policies: list[Policy] = []
    """Policies, from browsing to changing; empty for the local service."""


class CopyRequest(RequestBody, frozen=True, kw_only=True):
    """The experiment to copy, and the connection it is copied from."""

    source: str
    experiment_name: str


class CopyPlan(Body, frozen=True, kw_only=True):
    """What a copy would create.

    ``taken`` has the existing resources that prevent the copy. ``left_out`` has the properties that
    no SageMaker request can set. Both are in words.
    """

    experiment_name: str
    trial_count: int
    trial_component_count: int
    metric_count: int
    taken: list[str]
    left_out: list[str]


class PermissionCheck(Body, frozen=True, kw_only=True):
    """Whether the credentials allow one action. ``reason`` says how this is known, or why not."""

    action: str
    feature: Feature
    outcome: Outcome
    reason: str | None = None


class ConnectionDetails(Body, frozen=True, kw_only=True):
    """A connection with its account, if it is known, and the regions to choose from."""

    connection: Connection
    regions: list[str]
    error: ErrorBody | None = None
    """Why the account is not known."""


class ExperimentPage(Body, frozen=True, kw_only=True):
    """One page of experiments. Only the first page has ``unassigned``."""

    experiments: list[Experiment]
    next_token: str | None
    unassigned: UnassignedSummary | None = None


class UnassignedSummary(Body, frozen=True, kw_only=True):
    """The times of the newest trial component that is in no trial."""

    last_modified_time: datetime
    creation_time: datetime


class TrialPage(Body, frozen=True, kw_only=True):
    """One page of an experiment's trials."""

    trials: list[Trial]
    next_token: str | None


class TrialComponentPage(Body, frozen=True, kw_only=True):
    """One page of a trial's components, or of the unassigned ones."""

    trial_components: list[TrialComponentSummary]
    next_token: str | None


class TagKeyList(Body, frozen=True, kw_only=True):
    """Keys of tags, sorted."""

    keys: list[str]


class MetricList(Body, frozen=True, kw_only=True):
    """All metrics of one trial component."""

    metrics: list[MetricSummary]


class EditExperimentRequest(RequestBody, frozen=True, kw_only=True):
    """Changes of an experiment. Null leaves a value unchanged."""

    display_name: str | None = None
    description: str | None = None


class EditTrialRequest(RequestBody, frozen=True, kw_only=True):
    """Changes of a trial."""

    display_name: str


class AssociateRequest(RequestBody, frozen=True, kw_only=True):
    """The 1 to 50 trial components to add to a trial."""

    trial_component_names: list[str]


class Association(Body, frozen=True, kw_only=True):
    """The trial components that are now in the trial. ``added`` were not in it before."""

    trial_name: str
    trial_component_names: list[str]
    added: list[str]


class Disassociation(Body, frozen=True, kw_only=True):
    """The trial components that are no longer in the trial."""

    trial_name: str
    trial_component_names: list[str]


class EditTagsRequest(RequestBody, frozen=True, kw_only=True):
    """Tags to set, by key, and keys of tags to remove, for 1 to 50 resources."""

    resource_arns: list[str]
    put: dict[str, str] = {}
    remove: list[str] = []


class ResourceTags(Body, frozen=True, kw_only=True):
    """The tags of one resource."""

    resource_arn: str
    tags: dict[str, str]


class TagList(Body, frozen=True, kw_only=True):
    """The tags of some resources, in the order of the request."""

    resources: list[ResourceTags]


class OpenTableRequest(RequestBody, frozen=True, kw_only=True):
    """The origin of a table: experiments, trials, or the unassigned trial components."""

    experiments: list[str] = []
    trials: list[str] = []
    unassigned: bool = False


class SeriesReading(Body, frozen=True, kw_only=True):
    """Progress of reading logged series, for values at the best step.

    ``done`` of ``total`` trial components have been read. If both are equal, nothing is left.
    """

    done: int
    total: int
    error: ErrorBody | None = None


class TableState(Body, frozen=True, kw_only=True):
    """The state of a table's synchronisation. The same origin has the same ``table_id``.

    ``version`` grows with every change of rows or columns. ``complete`` is true once every row has
    been read. Until then ``expected`` is the number of trial components, if SageMaker returns it,
    and ``stopped`` says whether the user has stopped the reading. ``error`` is why the last refresh
    failed, and ``retry_s`` the seconds until the next one; the rows are then those of
    ``updated_time``. While ``reading`` is true, calls to SageMaker are running: poll again soon.
    ``search_error`` is why trial components are read one by one, which takes longer: Search is
    denied, or does not return the trials of trial components.
    """

    table_id: str
    origin: OpenTableRequest
    version: int
    complete: bool
    total: int
    columns: list[Column]
    updated_time: datetime | None
    error: ErrorBody | None = None
    retry_s: float | None = None
    stopped: bool = False
    expected: int | None = None
    reading: bool = False
    search_error: ErrorBody | None = None
    series: SeriesReading | None = None
    """None until a view has a column of values at the best step."""


class SeriesCheck(Body, frozen=True, kw_only=True):
    """Whether steps were logged for a metric, judged by a sample of the newest rows."""

    metric: str
    logged: bool


class RowsRequest(RequestBody, frozen=True, kw_only=True):
    """A window of a view: ``limit`` rows from ``offset``. ``limit`` is 1 to 1000.

    With ``ids``, the rows with these ids are returned instead, even if they do not pass the
    filters.
    """

    view: View
    offset: int = 0
    limit: int = 100
    ids: list[str] | None = None


class RowWindow(Body, frozen=True, kw_only=True):
    """The requested rows. ``total`` is the number of rows that can be requested.

    Without groups and baseline, ``total`` is ``passed``, the number of rows that pass the view's
    filters. ``groups`` is the number of groups, or null without grouping. ``baseline`` is the first
    line, if the view's baseline is in the table. ``extents`` has the least and the greatest value
    of each column that is a metric, over all rows that pass or over the means of all groups. It is
    null if it was not requested.

    ``decimals`` has the number of decimals for each column of the view. All numbers of a column
    show as many, so that four significant digits are aligned. It is null if the column has no
    numbers, or if scientific notation is better.
    """

    rows: list[Row]
    offset: int
    total: int
    hidden_by_type: int
    version: int
    complete: bool
    decimals: list[int | None]
    passed: int
    groups: int | None = None
    extents: list[Extent | None] | None = None
    baseline: Row | None = None
    pending: list[tuple[int, int]] = []
    """The row (counted from ``offset``) and column of each cell whose value is not known yet."""


class PointsRequest(RequestBody, frozen=True, kw_only=True):
    """The points of a chart: values in the columns of a view, for the rows that pass its filters.

    With ``rows``, at most 1000 ids, only the rows among them. ``limit`` is 1 to 5000.
    """

    view: View
    rows: list[str] | None = None
    limit: int = 5000


class ChartPoints(Body, frozen=True, kw_only=True):
    """The first of ``total`` rows, in the order of the view, column by column.

    ``names`` are the real names of the rows' trial components. A number that JSON cannot
    represent is a text.
    """

    ids: list[str]
    names: list[str]
    columns: list[list[Cell]]
    total: int
    version: int


SeriesAxis = Literal["step", "epoch", "time"]
"""The x-axis of a line: the logged step, the epoch, or the time in epoch milliseconds.

The epoch is the value of a metric ``epoch`` at the same step, if one was logged. Otherwise it is
the number of the logged value, from 1.
"""


class SeriesRequest(RequestBody, frozen=True, kw_only=True):
    """The logged series of a metric, named by its column id, for trial components of a table.

    ``known`` may have the ``state`` of lines that the caller already has, by the name of the trial
    component. Lines with the same state are not returned. ``most_points``, the maximum number of
    points of a line, is 10 to 10000.
    """

    metric: str
    axis: SeriesAxis = "step"
    trial_components: list[str]
    known: dict[str, str] = {}
    most_points: int = 1000


class LoggedSeries(Body, frozen=True, kw_only=True):
    """One line of a chart. ``state`` changes when the trial component changes.

    ``logged`` is the number of logged values. If there are too many, ``x`` and ``y`` have only the
    least and the greatest value of each section, so that no extreme is lost. A value that is not a
    finite number is null.
    """

    trial_component_name: str
    state: str
    x: list[float]
    y: list[float | None]
    logged: int


class SeriesAnswer(Body, frozen=True, kw_only=True):
    """The series that have changed. ``left`` trial components could not be read in time.

    Send the request again for the rest, with the new states in ``known``.
    """

    series: list[LoggedSeries]
    left: int
    version: int


class DifferencesRequest(RequestBody, frozen=True, kw_only=True):
    """A view. Its columns have the statistics of metrics to compare."""

    view: View


class Differences(Body, frozen=True, kw_only=True):
    """The ids of all columns with different values in the rows that pass the view's filters.

    A missing value counts as different only between rows of the same type.
    """

    columns: list[str]
    version: int


class ValuesRequest(RequestBody, frozen=True, kw_only=True):
    """The values of a column in the rows that pass the view's filters on all other columns.

    Without ``statistic``, the statistic of the first such column in the view is used. With
    ``contains``, only values that contain this text are returned, ignoring case. ``limit`` is 1 to
    1000.
    """

    column: str
    statistic: Statistic | None = None
    view: View = View()
    contains: str = ""
    limit: int = 100


class ColumnValue(Body, frozen=True, kw_only=True):
    """A value, and the number of rows that have it."""

    value: str | float
    count: int


class ColumnValues(Body, frozen=True, kw_only=True):
    """The values of a column, sorted. If there are too many, those that most rows have.

    ``distinct`` is the number of all values that contain the requested text. ``empty`` is the
    number of rows without a value.
    """

    values: list[ColumnValue]
    distinct: int
    empty: int


class ExportRequest(RequestBody, frozen=True, kw_only=True):
    """A view to export as a file.

    ``rows`` are the ids of the rows to export, even if they do not pass the filters. Without it,
    all rows that pass are exported.
    """

    view: View
    format: ExportFormat
    rows: list[str] | None = None


class EndpointPage(Body, frozen=True, kw_only=True):
    """One page of endpoints."""

    endpoints: list[EndpointSummary]
    next_token: str | None


class InvocationRequest(RequestBody, frozen=True, kw_only=True):
    """A request to a model, with exactly one of ``body`` (text) and ``body_base64``."""

    content_type: str = "application/json"
    accept: str | None = None
    body: str | None = None
    body_base64: str | None = None


class InvocationResult(Body, frozen=True, kw_only=True):
    """The response of the model. A body that is not UTF-8 is in ``body_base64``."""

    content_type: str
    body: str | None
    body_base64: str | None
    variant_name: str | None
    duration_ms: float


class OperationList(Body, frozen=True, kw_only=True):
    """Operations of this server, newest first."""

    operations: list[Operation]


class StopResult(Body, frozen=True, kw_only=True):
    """The training job that was asked to stop."""

    training_job_name: str
    training_job_status: str


class ExampleFile(Body, frozen=True, kw_only=True):
    """A file of the example notebook."""

    name: str
    text: str


class Example(Body, frozen=True, kw_only=True):
    """The example notebook and the files it needs, for the caller to save."""

    folder: str
    """A name for the folder of the files."""
    notebook: str
    """The name of the notebook among the files."""
    files: list[ExampleFile]
