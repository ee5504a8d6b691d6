"""The resources of Search: the table, the properties and the records of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from smx_lab.local.context import Context
from smx_lab.local.errors import validation_error
from smx_lab.local.search.properties import Parameters, Property, Value, split_path
from smx_lab.local.search.suggestions import Keys

Resolve = Callable[[str, str, Parameters], "Property | None"]
"""From the whole name, and what follows the prefix, to the property; None if there is none."""

Records = Callable[[sqlite3.Connection, Context, Sequence[int]], list[dict[str, Any]]]
"""From ids to full records, in the same order, without the wrapping key."""


@dataclass(frozen=True)
class Resource:
    """One value of Search's ``Resource``.

    Parameters
    ----------
    name, wrapper : str
        ``ExperimentTrialComponent``, and the key its records stand under: ``TrialComponent``.
    table : str
        Its table: rows have ``id``, ``name``, ``creation_time`` and ``last_modified_time``.
    resource_type : str
        The word in its ARN, under which its tags are kept.
    values : Mapping
        Properties that are expressions on the row ``r``, by path.
    prefixes : Mapping
        Resolvers of properties below a prefix in lower case: ``parameters``, ``metrics``, …
    keys : Mapping
        The keys below these prefixes, for suggestions.
    lists : frozenset
        The prefixes that NestedFilters may name.
    often : frozenset
        The groups for which Contains may be used any number of times.
    has_changes : bool
        Whether changes of its records are noted (`Context.component_changes`).
    """

    name: str
    wrapper: str
    table: str
    resource_type: str
    records: Records
    values: Mapping[str, Value]
    prefixes: Mapping[str, Resolve] = field(default_factory=dict)
    keys: Mapping[str, Keys] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()
    has_changes: bool = False

    @cached_property
    def by_path(self) -> Mapping[str, Value]:
        """``values`` by path in lower case: names are compared without case."""
        return {path.lower(): value for path, value in self.values.items()}

    def property(self, name: str, context: Context, parameters: Parameters) -> Property:
        """Resolve a property name, without regard to case.

        An unknown key below a map is a property that nothing has. Raises ServiceError for a name
        that can be no property at all.
        """
        path = name.lower()
        if path == f"{self.wrapper}arn".lower():
            prefix = parameters.add(context.arn(self.resource_type, ""))
            return Property(name, path, Value("name", text=f"({prefix} || r.name)"))
        if path in self.by_path:
            return Property(name, path, self.by_path[path])
        for prefix, rest in split_path(name):
            resolve = self.prefixes.get(prefix)
            if prefix == "tags" and resolve is None:
                return tag_property(self.resource_type, name, rest, parameters)
            found = resolve(name, rest, parameters) if resolve else None
            if found:
                return found
        raise validation_error(f"Unknown property name: {name}")


RESOURCES: dict[str, Resource] = {}
"""All resources by name; `searchable` adds them."""


def searchable(resource: Resource) -> Resource:
    """Offer a resource to Search."""
    RESOURCES[resource.name] = resource
    return resource


def tag_property(resource_type: str, name: str, key: str, parameters: Parameters) -> Property:
    """Return the property ``Tags.<key>`` of any resource."""
    source = (
        f"FROM tag AS s WHERE s.resource_type = {parameters.add(resource_type)}\n"
        f"AND s.key = {parameters.add(key)} COLLATE NOCASE"
    )
    value = Value("text", text="s.value")
    return Property(
        name, "tags", value, source, owner="s.resource_name", owned="r.name", key_column="s.key"
    )


def json_map_property(
    column: str, name: str, key: str, parameters: Parameters, member: str = ""
) -> Property:
    """Return a property inside a JSON map column, one key of it, compared without case.

    ``column`` is an expression on ``r`` that gives the map as JSON text; ``member`` names a member
    of its values where these are structures.
    """
    value = f"json_extract(e.value, '$.{member}')" if member else "e.value"
    text = (
        f"(SELECT {value} FROM json_each({column}) AS e\n"  # noqa: S608 - columns of ours
        f"WHERE e.key = {parameters.add(key)} COLLATE NOCASE LIMIT 1)"
    )
    return Property(name, name.partition(".")[0].lower(), Value("text", text=text))


def json_hyperparameter(column: str, name: str, key: str, parameters: Parameters) -> Property:
    """Return a property inside a JSON map of strings that are often numbers.

    A decimal is compared with an integer as an integer. Source: SageMaker API Reference, Filter.
    """
    text = json_map_property(column, name, key, parameters).value.text
    # CAST makes a number of any text, so only what JSON reads as a number may be cast.
    is_number = f"{text} GLOB '[-0-9]*' AND json_valid({text})"
    number = f"(CASE WHEN {is_number} THEN CAST({text} AS REAL) END)"
    return Property(name, name.partition(".")[0].lower(), Value("any", text, number, is_cut=True))
