"""The numbers that decide how a page of a search is found. All of them are measured, our choice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SearchLimits:
    """Bounds of the work for one page.

    Parameters
    ----------
    max_counted : int
        Where listing and counting the matches of an expression stops: of 100 000 it would cost
        more than the page. SageMaker's TotalHits says then GreaterThanOrEqualTo.
    max_counted_names : int
        The same for an expression of names alone, which lie close together in their own index.
        Walking along another order until a page is full would read most of the table.
    max_listed_rows : int
        Up to here, or a tenth of the records if that is more, rows of a side table are listed
        before their records are read.
    first_block, block_growth : int
        Pages' worth of records in the first block of an order, and how many times as many are in
        each following block.
    first_look : int
        Pages' worth of a block that are used first: often they are enough.
    """

    max_counted: int = 1000
    max_counted_names: int = 10_000
    max_listed_rows: int = 1000
    first_block: int = 16
    block_growth: int = 4
    first_look: int = 4


LIMITS = SearchLimits()
