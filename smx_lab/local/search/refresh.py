"""What a search had found, brought up to date by a look at what was written since."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from smx_lab.local.search.results import Hit, Known

FEW_CHANGES = 500
"""Up to so many changed records are looked at again; above, the search is made anew. Our choice."""


def refresh(
    known: Known,
    after: Hit,
    changed: Collection[int],
    again: Sequence[Hit],
    version: int,
    *,
    descending: bool,
) -> Known:
    """Return what is known behind ``after`` now.

    Parameters
    ----------
    changed : collection of int
        Ids of the records that may have changed since, or are gone.
    again : sequence of Hit
        Those of them that match now, where they stand now.
    """
    hits = [hit for hit in known.hits if hit.id not in changed]
    # Beyond the last known hit there may be others that nobody has looked at.
    end = None if known.is_last else (known.hits or [after])[-1]
    for hit in again:
        if _is_behind(hit, after, descending=descending) and not (
            end and _is_behind(hit, end, descending=descending)
        ):
            _put(hits, hit, descending=descending)
    return known._replace(version=version, hits=hits)


def _put(hits: list[Hit], hit: Hit, *, descending: bool) -> None:
    """Put a hit where it stands among others: to sort all of them would take as long as a page."""
    low, high = 0, len(hits)
    while low < high:
        middle = (low + high) // 2
        if _is_behind(hits[middle], hit, descending=descending):
            high = middle
        else:
            low = middle + 1
    hits.insert(low, hit)


def _is_behind(hit: Hit, mark: Hit, *, descending: bool) -> bool:
    """Tell whether a hit comes after another: by value and id, those without a value last."""
    if hit.has_value != mark.has_value:
        return mark.has_value
    if not hit.has_value:
        return hit.id < mark.id
    return _place(hit) < _place(mark) if descending else _place(hit) > _place(mark)


def _place(hit: Hit) -> tuple[bool, float | str | None, int]:
    """Return where a hit with a value stands: SQLite puts numbers before text."""
    return isinstance(hit.value, str), hit.value, hit.id
