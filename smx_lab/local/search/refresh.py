"""Brings the hits of an earlier search up to date, from the records written since."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from smx_lab.local.search.results import Hit, Known

MAX_CHANGES = 500
"""With more changed records than this, the search is run again. Our choice."""


def refresh(
    known: Known,
    after: Hit,
    changed: Collection[int],
    again: Sequence[Hit],
    version: int,
    *,
    descending: bool,
) -> Known:
    """Return the known hits after ``after`` as they are now.

    Parameters
    ----------
    changed : collection of int
        Ids of the records that may have changed since, or are gone.
    again : sequence of Hit
        Those of them that match now, with their present values.
    """
    hits = [hit for hit in known.hits if hit.id not in changed]
    # After the last known hit there may be others, which were never read.
    end = None if known.is_last else (known.hits or [after])[-1]
    for hit in again:
        if _comes_after(hit, after, descending=descending) and not (
            end and _comes_after(hit, end, descending=descending)
        ):
            _put(hits, hit, descending=descending)
    return known._replace(version=version, hits=hits)


def _put(hits: list[Hit], hit: Hit, *, descending: bool) -> None:
    """Insert a hit at its place; sorting all of them would take as long as finding a page."""
    low, high = 0, len(hits)
    while low < high:
        middle = (low + high) // 2
        if _comes_after(hits[middle], hit, descending=descending):
            high = middle
        else:
            low = middle + 1
    hits.insert(low, hit)


def _comes_after(hit: Hit, mark: Hit, *, descending: bool) -> bool:
    """Return whether a hit is after another in the order: by value, then id; no value is last."""
    if hit.has_value != mark.has_value:
        return mark.has_value
    if not hit.has_value:
        return hit.id < mark.id
    return _place(hit) < _place(mark) if descending else _place(hit) > _place(mark)


def _place(hit: Hit) -> tuple[bool, float | str | None, int]:
    """Return the sort key of a hit with a value: SQLite puts numbers before text."""
    return isinstance(hit.value, str), hit.value, hit.id
