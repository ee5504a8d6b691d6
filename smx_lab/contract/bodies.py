"""The bodies that only the REST API has; entities travel as they are in ``core``."""

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
"""What is known of an action."""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the response bodies."""


class RequestBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the request bodies: a member that is not known is an error, not ignored."""


class ConnectionList(Body, frozen=True, kw_only=True):
    """Where the server allows to look, and what it allows to do there."""

    connections: list[Connection]
    read_only: bool
    disabled_actions: list[str]
    """Of ``deploy``, ``delete``, ``stop``, ``invoke``, ``edit``: what an administrator switched
    off."""
    unavailable_formats: dict[ExportFormat, str] = {}
    """Formats that tables cannot be exported in here, and why, as a sentence."""


class ConnectionTest(Body, frozen=True, kw_only=True):
    """Who the credentials belong to, and what they lack."""

    ok: bool
    caller_arn: str | None = None
    account: str | None = None
    region: str | None = None
    error: ErrorBody | None = None
    denied_actions: list[str] = []
    """What looking needs and the credentials may not do; the other checks stand in ``checks``."""
    policy: str | None = None
    """Allows the denied actions."""
    checks: list[PermissionCheck] = []
    policies: list[Policy] = []
    """From looking to changing; empty for the local service."""


class CopyRequest(RequestBody, frozen=True, kw_only=True):
    """Which experiment of which connection is to be created here too."""

    source: str
    experiment_name: str


class CopyPlan(Body, frozen=True, kw_only=True):
    """What a copy would do. ``taken`` is what stands in its way, and ``left_out`` what no request
    of SageMaker's can carry, both in words.
    """

    experiment_name: str
    trial_count: int
    trial_component_count: int
    metric_count: int
    taken: list[str]
    left_out: list[str]


class PermissionCheck(Body, frozen=True, kw_only=True):
    """Whether the credentials may do one action; ``reason`` is how that is known, or why not."""

    action: str
    feature: Feature
    outcome: Outcome
    reason: str | None = None


class ConnectionDetails(Body, frozen=True, kw_only=True):
    """A connection with its account, if AWS tells it, and the regions that may be chosen."""

    connection: Connection
    regions: list[str]
    error: ErrorBody | None = None
    """Why AWS does not tell."""


class ExperimentPage(Body, frozen=True, kw_only=True):
    """One page of experiments. ``unassigned`` comes with the first page only."""

    experiments: list[Experiment]
    next_token: str | None
    unassigned: UnassignedSummary | None = None


class UnassignedSummary(Body, frozen=True, kw_only=True):
    """That there are trial components in no trial, and the newest one's time."""

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
    """Keys of tags, in their order."""

    keys: list[str]


class MetricList(Body, frozen=True, kw_only=True):
    """All metrics of one trial component."""

    metrics: list[MetricSummary]


class EditExperimentRequest(RequestBody, frozen=True, kw_only=True):
    """What to change of an experiment; null leaves it as it is."""

    display_name: str | None = None
    description: str | None = None


class EditTrialRequest(RequestBody, frozen=True, kw_only=True):
    """What to change of a trial."""

    display_name: str


class AssociateRequest(RequestBody, frozen=True, kw_only=True):
    """Trial components to put into a trial: 1 to 50."""

    trial_component_names: list[str]


class Association(Body, frozen=True, kw_only=True):
    """The trial components that are in the trial now, and which of them were not before."""

    trial_name: str
    trial_component_names: list[str]
    added: list[str]


class Disassociation(Body, frozen=True, kw_only=True):
    """The trial components that are not in the trial any more."""

    trial_name: str
    trial_component_names: list[str]


class EditTagsRequest(RequestBody, frozen=True, kw_only=True):
    """Tags to set, by key, and keys to take away, of 1 to 50 resources."""

    resource_arns: list[str]
    put: dict[str, str] = {}
    remove: list[str] = []


class ResourceTags(Body, frozen=True, kw_only=True):
    """The tags of one resource."""

    resource_arn: str
    tags: dict[str, str]


class TagList(Body, frozen=True, kw_only=True):
    """The tags of some resources, in the order in which they were asked for."""

    resources: list[ResourceTags]


class OpenTableRequest(RequestBody, frozen=True, kw_only=True):
    """The origin of a table: experiments, trials, or the unassigned trial components."""

    experiments: list[str] = []
    trials: list[str] = []
    unassigned: bool = False


class SeriesReading(Body, frozen=True, kw_only=True):
    """How far the reading of logged series is, for values at the best step.

    ``done`` of ``total`` trial components have been read; the same number twice: nothing is due.
    """

    done: int
    total: int
    error: ErrorBody | None = None


class TableState(Body, frozen=True, kw_only=True):
    """Where a table's synchronisation stands. Same origin, same ``table_id``.

    ``version`` grows with every change of rows or columns. ``complete`` turns true once every row
    has been read; until then ``expected`` says how many trial components there are, where
    SageMaker tells, and ``stopped`` whether the user has ended the reading. ``error`` is why the
    last refresh failed, and ``retry_s`` the seconds until the next; the rows are then those of
    ``updated_time``. While ``reading``, SageMaker is being asked: look again soon.
    ``search_error`` is why trial components are read one by one, which takes longer: Search is
    denied, or does not know in which trials they are.
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
    """None as long as no view asked for values at a step."""


class SeriesCheck(Body, frozen=True, kw_only=True):
    """Whether steps were logged for a metric, as far as a sample of the newest rows tells."""

    metric: str
    logged: bool


class RowsRequest(RequestBody, frozen=True, kw_only=True):
    """A window of a view: ``limit`` rows from ``offset``; 1 to 1000 rows.

    With ``ids``, the rows of these ids instead, whether or not they pass the filters.
    """

    view: View
    offset: int = 0
    limit: int = 100
    ids: list[str] | None = None


class RowWindow(Body, frozen=True, kw_only=True):
    """The rows asked for. ``total`` counts all there are to ask for.

    Without groups and baseline these are the ``passed`` rows, which pass the view's filters.
    ``groups`` counts the groups they make, null without grouping. ``baseline`` is the first line,
    if the view's baseline is in the table. ``extents`` has for each column that is a metric how
    far it reaches, over all rows that pass or the means of all groups; null if not asked for.

    ``decimals`` says for each column of the view how many decimals all its numbers show, so that
    four significant digits stand one under the other; null where the column is no number or is
    better shown in scientific notation.
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
    """Row, from ``offset`` on, and column of the cells whose value is not known yet."""


class PointsRequest(RequestBody, frozen=True, kw_only=True):
    """What a chart draws of the columns of a view, for the rows that pass its filters.

    With ``rows``, at most 1000 ids, only those of them. ``limit`` is 1 to 5000.
    """

    view: View
    rows: list[str] | None = None
    limit: int = 5000


class ChartPoints(Body, frozen=True, kw_only=True):
    """The first of ``total`` rows, in the order of the view, column by column.

    ``names`` are the real names of the rows' trial components. A number that JSON cannot write is
    text.
    """

    ids: list[str]
    names: list[str]
    columns: list[list[Cell]]
    total: int
    version: int


SeriesAxis = Literal["step", "epoch", "time"]
"""What a line runs over: the logged step, the epoch, or epoch milliseconds.

The epoch is the value of a metric ``epoch`` at the same step, where one was logged; otherwise it
counts the logged values, from 1.
"""


class SeriesRequest(RequestBody, frozen=True, kw_only=True):
    """The logged series of a metric, named by its column id, for trial components of a table.

    Of each, ``known`` may say the state that the caller has: what is unchanged is not answered.
    ``most_points`` of a line is 10 to 10000.
    """

    metric: str
    axis: SeriesAxis = "step"
    trial_components: list[str]
    known: dict[str, str] = {}
    most_points: int = 1000


class LoggedSeries(Body, frozen=True, kw_only=True):
    """One line of a chart. ``state`` changes when the trial component does.

    Of ``logged`` values, ``x`` and ``y`` have the least and the greatest of each stretch, so that
    no extreme is lost. A value that is no finite number is null.
    """

    trial_component_name: str
    state: str
    x: list[float]
    y: list[float | None]
    logged: int


class SeriesAnswer(Body, frozen=True, kw_only=True):
    """The series that have changed. ``left`` trial components were not read in the time given.

    Ask again for those, with what is known by then.
    """

    series: list[LoggedSeries]
    left: int
    version: int


class DifferencesRequest(RequestBody, frozen=True, kw_only=True):
    """A view; its columns say which statistics of metrics are compared."""

    view: View


class Differences(Body, frozen=True, kw_only=True):
    """The ids of all columns of which the rows that pass the view's filters have different values.

    To have no value differs from having one only between rows of the same type.
    """

    columns: list[str]
    version: int


class ValuesRequest(RequestBody, frozen=True, kw_only=True):
    """Which values a column has in the rows that pass the view's filters on all other columns.

    Without ``statistic``, that of the first such column of the view is meant. With ``contains``,
    only values whose text holds it, in whatever case. ``limit`` is 1 to 1000.
    """

    column: str
    statistic: Statistic | None = None
    view: View = View()
    contains: str = ""
    limit: int = 100


class ColumnValue(Body, frozen=True, kw_only=True):
    """A value, and how many rows have it."""

    value: str | float
    count: int


class ColumnValues(Body, frozen=True, kw_only=True):
    """The values of a column in its own order; of too many, those that most rows have.

    ``distinct`` counts all values that contain what was asked for; ``empty`` the rows without any.
    """

    values: list[ColumnValue]
    distinct: int
    empty: int


class ExportRequest(RequestBody, frozen=True, kw_only=True):
    """A view as a file. ``rows`` are the ids of the rows wanted, whether or not they pass the
    filters; without it, all rows that pass."""

    view: View
    format: ExportFormat
    rows: list[str] | None = None


class EndpointPage(Body, frozen=True, kw_only=True):
    """One page of endpoints."""

    endpoints: list[EndpointSummary]
    next_token: str | None


class InvocationRequest(RequestBody, frozen=True, kw_only=True):
    """What to send to a model. Exactly one of ``body`` (text) and ``body_base64``."""

    content_type: str = "application/json"
    accept: str | None = None
    body: str | None = None
    body_base64: str | None = None


class InvocationResult(Body, frozen=True, kw_only=True):
    """What the model answered. ``body_base64`` in place of ``body`` where it is not UTF-8."""

    content_type: str
    body: str | None
    body_base64: str | None
    variant_name: str | None
    duration_ms: float


class OperationList(Body, frozen=True, kw_only=True):
    """Operations of this server, newest first."""

    operations: list[Operation]


class StopResult(Body, frozen=True, kw_only=True):
    """The job that was asked to stop."""

    training_job_name: str
    training_job_status: str


class ExampleFile(Body, frozen=True, kw_only=True):
    """A file of the example notebook."""

    name: str
    text: str


class Example(Body, frozen=True, kw_only=True):
    """The example notebook and what it needs beside it, for the caller to save."""

    folder: str
    """What a folder for the files may be called."""
    notebook: str
    """Which of the files is the notebook."""
    files: list[ExampleFile]
