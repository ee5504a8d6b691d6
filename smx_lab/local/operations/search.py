"""Search, and GetSearchSuggestions for the names of properties."""

from __future__ import annotations

import sqlite3

from smx_lab.local.context import Answer, Context, Request
from smx_lab.local.errors import validation_error
from smx_lab.local.protocol.registry import operation
from smx_lab.local.records import metric_search
from smx_lab.local.search import experiments as _experiments  # noqa: F401 - they register
from smx_lab.local.search import jobs as _jobs  # noqa: F401 - they register
from smx_lab.local.search import models as _models  # noqa: F401 - they register
from smx_lab.local.search.limits import LIMITS, SearchLimits
from smx_lab.local.search.pages import find_page
from smx_lab.local.search.resources import RESOURCES, Resource
from smx_lab.local.search.results import Results, results
from smx_lab.local.search.suggestions import completions, tag_keys

MAX_SUGGESTIONS = 100
"""The most names that are suggested; our choice."""


@operation("Search", before=metric_search.before_search)
def search(
    cx: sqlite3.Connection,
    context: Context,
    request: Request,
    limits: SearchLimits = LIMITS,
    found: Results = results,
) -> Answer:
    """Return one page of records, last modified first unless asked otherwise.

    The store is its own index: what is written can be found at once.
    """
    resource = _resource(request)
    page = find_page(cx, context, resource, request, limits, found)
    records = resource.records(cx, context, page.ids) if page.ids else []
    relation = "EqualTo" if page.is_exact else "GreaterThanOrEqualTo"
    return {
        "Results": [{resource.wrapper: record} for record in records],
        "NextToken": page.next_token,
        "TotalHits": {"Value": page.total, "Relation": relation},
    }


@operation("GetSearchSuggestions", before=metric_search.before_suggestions)
def get_search_suggestions(cx: sqlite3.Connection, context: Context, request: Request) -> Answer:
    """Complete the name of a property, also from the keys of parameters, metrics and tags."""
    del context
    resource = _resource(request)
    query = request.get("SuggestionQuery", {}).get("PropertyNameQuery", {})
    keys = {**resource.keys, "Tags": tag_keys(resource.resource_type)}
    paths = [f"{resource.wrapper}Arn", *resource.values]
    names = completions(cx, query.get("PropertyNameHint", ""), paths, keys, MAX_SUGGESTIONS)
    return {"PropertyNameSuggestions": [{"PropertyName": name} for name in names]}


def _resource(request: Request) -> Resource:
    resource = RESOURCES.get(request["Resource"])
    if resource is None:
        raise validation_error(
            f"Search over {request['Resource']} is not offered by the local SageMaker service."
        )
    return resource
