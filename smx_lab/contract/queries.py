"""The query arguments of the REST API: one type for each kind of route."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from smx_lab.core.limits import MAX_RESOURCES, MAX_RESULTS, MAX_SEARCH_FILTERS
from smx_lab.core.list_filter import ListFilter

SortBy = Literal["LastModifiedTime", "CreationTime", "Name"]
SortOrder = Literal["Descending", "Ascending"]
Level = Literal["experiments", "trials", "trial-components"]

_RESOURCES = {"minItems": 1, "maxItems": MAX_RESOURCES}
"""For the OpenAPI document; the services refuse other numbers of resources."""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the query arguments. A field is text, a number, a flag, a choice, or a list.

    A ``list[str]`` is an argument that is given once for each member. Any other list is one
    argument that holds JSON.
    """


class PageQuery(Query, frozen=True, kw_only=True):
    """One page of a list."""

    next_token: (
        Annotated[str, Meta(description="From the previous page; without it, the first page.")]
        | None
    ) = None
    max_results: Annotated[
        int,
        Meta(
            ge=1,
            le=MAX_RESULTS,
            description=f"1 to {MAX_RESULTS} records; default {MAX_RESULTS}.",
        ),
    ] = MAX_RESULTS
    sort_by: Annotated[
        SortBy, Meta(description="Name, CreationTime or LastModifiedTime (default).")
    ] = "LastModifiedTime"
    sort_order: Annotated[SortOrder, Meta(description="Ascending or Descending (default).")] = (
        "Descending"
    )
    name_contains: Annotated[str, Meta(description="Only names that contain this text.")] = ""


class ListQuery(PageQuery, frozen=True, kw_only=True):
    """One page of experiments, trials or trial components that pass filters."""

    filters: Annotated[
        tuple[ListFilter, ...],
        Meta(
            description=f"JSON: a list of at most {MAX_SEARCH_FILTERS} filters, each "
            "{column, operator, values}. Columns: Name, Type, CreationTime, LastModifiedTime, "
            "CreatedBy, tag:KEY."
        ),
    ] = ()


class EndpointsQuery(PageQuery, frozen=True, kw_only=True):
    """One page of endpoints."""

    status: Annotated[str, Meta(description="Only endpoints in this status.")] = ""


class TagKeysQuery(Query, frozen=True, kw_only=True):
    """Which keys of tags to list."""

    level: Annotated[Level, Meta(description="experiments, trials or trial-components.")]
    prefix: Annotated[str, Meta(description="What the keys start with; case matters.")] = ""


class DisassociateQuery(Query, frozen=True, kw_only=True):
    """The trial components to remove from a trial."""

    trial_component_name: Annotated[
        list[str],
        Meta(
            description=f"The name of a trial component; 1 to {MAX_RESOURCES} times.",
            extra_json_schema=_RESOURCES,
        ),
    ]


class TagsQuery(Query, frozen=True, kw_only=True):
    """The resources whose tags are read."""

    resource_arn: Annotated[
        list[str],
        Meta(
            description=f"The ARN of a resource; 1 to {MAX_RESOURCES} times.",
            extra_json_schema=_RESOURCES,
        ),
    ]


class TableQuery(Query, frozen=True, kw_only=True):
    """The version of a table that the caller has."""

    version: Annotated[int, Meta(ge=0, description="The version the caller has.")] | None = None


class SeriesCheckQuery(Query, frozen=True, kw_only=True):
    """A metric of a table."""

    metric: Annotated[str, Meta(description="The column id of the metric.")]


class DeleteEndpointQuery(Query, frozen=True, kw_only=True):
    """What is deleted with an endpoint."""

    endpoint_config: Annotated[
        bool, Meta(description="true: its endpoint configuration too, if unused elsewhere.")
    ] = False
    models: Annotated[bool, Meta(description="true: its models too, where unused elsewhere.")] = (
        False
    )
