"""Property names to complete what a user types.

Keys of parameters, metrics and tags are read one after the other along an index, so the cost
depends on their number, not on that of the records. Keys in JSON columns have no index: the newest
records are read for them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

MAX_RECENT = 1000
"""How many of the newest records are read where there is no index. Our choice."""


@dataclass(frozen=True)
class Keys:
    """The keys below a prefix, and what may follow each of them in a name.

    Parameters
    ----------
    walk : callable
        From a start to the keys from there on, in order without regard to case; the caller stops
        when it has enough.
    endings : tuple of str
        ``Max`` in ``Metrics.loss.Max``; none where a name ends with its key.
    """

    walk: Callable[[sqlite3.Connection, str], Iterator[str]]
    endings: tuple[str, ...] = ()

    def below(self, cx: sqlite3.Connection, prefix: str, hint: str) -> Iterator[str]:
        """Yield the names that fit the hint, which may leave out the prefix."""
        wanted = "" if f"{prefix}.".startswith(hint.lower()) else hint
        if wanted.lower().startswith(f"{prefix}."):
            wanted = wanted[len(prefix) + 1 :]
        # With endings, the last part of what is wanted may be the beginning of one.
        start = wanted.rpartition(".")[0] if self.endings and "." in wanted else wanted
        for key in self.walk(cx, start):
            if not key.lower().startswith(start.lower()):
                return
            names = [f"{key}.{ending}" for ending in self.endings] or [key]
            yield from (
                f"{prefix}.{name}" for name in names if name.lower().startswith(wanted.lower())
            )


def fixed_keys(*names: str) -> Keys:
    """Return keys that are always the same."""
    ordered = sorted(names)
    return Keys(lambda _, start: (key for key in ordered if key.lower() >= start.lower()))


def keys_of(table: str, column: str, *endings: str, where: str = "TRUE") -> Keys:
    """Return the distinct values of an indexed column.

    Parameters
    ----------
    where : str
        A condition that the index begins with.
    """
    next_one = (
        f"SELECT {column} FROM {table} WHERE {where} AND {column} COLLATE NOCASE {{sign}} :last\n"  # noqa: S608 - names of ours
        f"ORDER BY {column} COLLATE NOCASE LIMIT 1"
    )
    first, following = next_one.format(sign=">="), next_one.format(sign=">")

    def walk(cx: sqlite3.Connection, start: str) -> Iterator[str]:
        row = cx.execute(first, {"last": start}).fetchone()
        while row is not None:
            yield row[0]
            row = cx.execute(following, {"last": row[0]}).fetchone()

    return Keys(walk, endings)


def tag_keys(resource_type: str) -> Keys:
    """Return the keys of the tags that resources of a type have."""
    return keys_of("tag", "key", where=f"resource_type = '{resource_type}'")


def recent_keys(table: str, column: str, *endings: str) -> Keys:
    """Return the keys of a JSON map of the newest records."""
    sql = (
        f"SELECT DISTINCT e.key FROM (SELECT {column} AS map FROM {table}\n"  # noqa: S608 - names of ours
        f"ORDER BY creation_time DESC, id DESC LIMIT {MAX_RECENT}) AS r, json_each(r.map) AS e\n"
        "WHERE e.key COLLATE NOCASE >= :start ORDER BY e.key COLLATE NOCASE"
    )
    return Keys(lambda cx, start: (row[0] for row in cx.execute(sql, {"start": start})), endings)


def completions(
    cx: sqlite3.Connection, hint: str, paths: Iterable[str], keys: Mapping[str, Keys], limit: int
) -> list[str]:
    """Return at most ``limit`` names that begin with the hint, or whose last part does.

    Notes
    -----
    That the last part counts (``linear`` finds ``hyperparameters.linear_init_method``), and that
    prefixes come in lower case, is recorded of SageMaker: SAGEMAKER_API.md, C.3.
    """
    whole = sorted(path for path in paths if _begins(path.lower(), hint.lower()))
    below = [keys[prefix].below(cx, prefix.lower(), hint) for prefix in sorted(keys)]
    return list(islice(chain(whole, *below), limit))


def _begins(path: str, hint: str) -> bool:
    return path.startswith(hint) or path.rpartition(".")[2].startswith(hint)
