"""The page a caller asks for, in SageMaker's terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from smx_lab.contract.queries import SortBy, SortOrder
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.limits import MAX_RESULTS
from smx_lab.core.list_filter import ListFilter, check_list_filters

SORT_KEYS = get_args(SortBy)
SORT_ORDERS = get_args(SortOrder)


@dataclass(frozen=True)
class PageRequest:
    """One page of a list. The default is the first page, with the latest change first."""

    next_token: str | None = None
    max_results: int = MAX_RESULTS
    sort_by: str = "LastModifiedTime"
    sort_order: str = "Descending"
    name_contains: str = ""
    filters: tuple[ListFilter, ...] = ()

    def __post_init__(self) -> None:
        """Raise InvalidRequest for a page that no list can return."""
        if not 1 <= self.max_results <= MAX_RESULTS:
            raise InvalidRequest(
                f"max_results must be from 1 to {MAX_RESULTS}.", field="max_results"
            )
        if self.sort_by not in SORT_KEYS:
            raise InvalidRequest(f"sort_by must be one of {', '.join(SORT_KEYS)}.", field="sort_by")
        if self.sort_order not in SORT_ORDERS:
            raise InvalidRequest(
                f"sort_order must be one of {', '.join(SORT_ORDERS)}.", field="sort_order"
            )
        check_list_filters(self.filters)

    @property
    def is_first(self) -> bool:
        """Whether it is the first page of the list."""
        return self.next_token is None
