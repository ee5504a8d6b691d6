"""Who uses an endpoint configuration or a model: asked before anything is deleted."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from itertools import islice
from typing import Any

from smx_lab.core.errors import NotFound
from smx_lab.gateway.reading.concurrent import call_each
from smx_lab.gateway.sagemaker import SageMaker

LOOKED_AT = 300
"""SageMaker's lists do not say who uses what, so each one must be described. A choice."""

CALLS_AT_ONCE = 8
NOT_ALL_SEEN = f"one of more than {LOOKED_AT} that were not all looked at"


class Usage:
    """What uses what at this moment; made anew for each decision."""

    def __init__(self, sagemaker: SageMaker) -> None:
        """Look through ``sagemaker``, when asked."""
        self._sagemaker = sagemaker

    def endpoints_with(self, config_name: str, except_for: Collection[str] = ()) -> tuple[str, ...]:
        """Return the other endpoints that name a configuration."""
        seen, complete = self._endpoints
        users = [
            endpoint["EndpointName"]
            for endpoint in seen
            if endpoint.get("EndpointConfigName") == config_name
            and endpoint["EndpointName"] not in except_for
        ]
        return tuple(users) if complete or users else (NOT_ALL_SEEN,)

    def config_with(self, model_name: str, except_for: Collection[str] = ()) -> str | None:
        """Return another configuration that names a model, or None."""
        seen, complete = self._configs
        for config in seen:
            name: str = config["EndpointConfigName"]
            variants = [
                *config.get("ProductionVariants", []),
                *config.get("ShadowProductionVariants", []),
            ]
            if name not in except_for and any(v.get("ModelName") == model_name for v in variants):
                return name
        return None if complete else NOT_ALL_SEEN

    @cached_property
    def _endpoints(self) -> tuple[list[dict[str, Any]], bool]:
        return self._described("list_endpoints", "Endpoints", "describe_endpoint", "EndpointName")

    @cached_property
    def _configs(self) -> tuple[list[dict[str, Any]], bool]:
        return self._described(
            "list_endpoint_configs",
            "EndpointConfigs",
            "describe_endpoint_config",
            "EndpointConfigName",
        )

    def _described(
        self, listing: str, member: str, describe: str, name_member: str
    ) -> tuple[list[dict[str, Any]], bool]:
        """Return the newest ones in full, and whether these are all."""
        found = self._sagemaker.list_all(
            listing, member, SortBy="CreationTime", SortOrder="Descending"
        )
        names = [record[name_member] for record in islice(found, LOOKED_AT + 1)]

        def in_full(name: str) -> dict[str, Any] | None:
            try:
                return self._sagemaker.call(describe, **{name_member: name})
            except NotFound:
                return None

        described = call_each(names[:LOOKED_AT], in_full, CALLS_AT_ONCE, "smx-lab usage")
        return [one for one in described if one is not None], len(names) <= LOOKED_AT
