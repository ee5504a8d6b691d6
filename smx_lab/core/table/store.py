"""A trial component table: components folded into columns, pairs with their trials into rows."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from smx_lab.core.entities import Entity, TrialComponent
from smx_lab.core.search_record import SearchedComponent, to_search_record
from smx_lab.core.table.columns import offload
from smx_lab.core.table.columns.best import BestSteps
from smx_lab.core.table.columns.columns import (
    ColumnStore,
    MetricColumn,
    NumberColumn,
    ParameterColumn,
    TextColumn,
)
from smx_lab.core.table.columns.offload import OFFLOAD_BYTES, Mover
from smx_lab.core.table.columns.slots import SlotArray
from smx_lab.core.table.columns.text import order_key
from smx_lab.core.table.flatten import Shape, fingerprint_of, flatten, job_of
from smx_lab.core.table.members import Members
from smx_lab.core.table.pairs import UNASSIGNED, Link, Pairs
from smx_lab.core.views.view import CellType, Column, ColumnKind

_SUMMARY_TYPES: dict[str, CellType] = {
    "Status": "text",
    "Experiment": "text",
    "Type": "text",
    "Trial": "text",
    "Trial component": "text",
    "Created on": "time",
    "Last modified": "time",
    "Created by": "text",
    "Duration": "duration",
}

SUMMARY = tuple(
    Column(id=f"summary:{label}", kind="summary", name=label, label=label, type=cell_type)
    for label, cell_type in _SUMMARY_TYPES.items()
)
"""The columns that every table has, in their order."""

KINDS: tuple[ColumnKind, ...] = (
    "metric",
    "parameter",
    "input_artifact",
    "output_artifact",
    "tag",
)
"""The columns that follow, in their order; within a kind they are ordered by name."""

_FIRST_CAPACITY = 128
_LARGE_CAPACITY = 16_384
_GROWTH, _GROWTH_ELSEWHERE, _GROWTH_WHEN_SETTLED = 8, 4, 32
"""A large table grows by 1/8 of its slots while it is read in memory, by 1/4 when its arrays are
elsewhere, and by 1/32 once it has been read. Our choice."""

AnyStore = ColumnStore[Any]


class Origin(Entity, frozen=True, kw_only=True):
    """Which pairs of trial and trial component a table holds.

    Those of some experiments, those of some trials, the components in no trial, or all together.
    Names are compared without regard to case, as SageMaker keeps them unique.
    """

    experiments: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    unassigned: bool = False


class Table:
    """Trial components as columns, and the rows that they make with their trials.

    Knows nothing of where the components come from. One thread may write while others read;
    every method holds ``lock``, and so must whoever reads the arrays.
    ``version`` grows with every change of a row or a column.
    """

    def __init__(
        self, origin: Origin, first_version: int = 0, offload_bytes: int = OFFLOAD_BYTES
    ) -> None:
        """Begin without rows. Arrays that take ``offload_bytes`` in all are given to ``mover``."""
        self.origin = origin
        self.version = first_version
        self.lock = threading.RLock()
        self._offload_bytes = offload_bytes
        self.mover: Mover | None = None
        """Finds another place for what a large table has in memory."""
        self.pairs = Pairs()
        self.members = Members()
        self.summary: dict[str, NumberColumn | TextColumn] = {
            name: TextColumn(0) if cell_type == "text" else NumberColumn(0, cell_type)
            for name, cell_type in _SUMMARY_TYPES.items()
            if name not in ("Experiment", "Trial")
        }
        self.by_kind: dict[ColumnKind, dict[str, AnyStore]] = {kind: {} for kind in KINDS}
        self.best = BestSteps()
        self._experiments = {name.casefold() for name in origin.experiments}
        self._trials = {name.casefold() for name in origin.trials}
        self._capacity = 0
        self._growth = _GROWTH
        self.filled: list[tuple[AnyStore, ...]] = []
        """For each slot the columns in which it has a value."""
        self._shapes: dict[Shape, tuple[AnyStore, ...]] = {}
        self._ordered: dict[ColumnKind, list[str]] = {}

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.pairs)

    @property
    def capacity(self) -> int:
        """How many slots the arrays have room for."""
        return self._capacity

    @property
    def names(self) -> TextColumn:
        """The real names of the trial components."""
        return self.members.names

    def component_names(self) -> set[str]:
        """Return the real names of all trial components in the table."""
        with self.lock:
            return self.members.all_names()

    def upsert(self, components: Iterable[TrialComponent | SearchedComponent]) -> bool:
        """Fold a page of trial components in; those that are here already are replaced.

        A component without a pair of this table's origin is taken out.

        Returns
        -------
        bool
            Whether anything differs from before; the version has then grown.
        """
        page = {each.trial_component_name: to_search_record(each) for each in components}
        page.pop("", None)  # what has no name can be told from nothing else
        with self.lock:
            fresh: dict[int, list[Link]] = {}
            changed: dict[int, list[Link]] = {}
            gone: list[str] = []
            folded: dict[int, SearchedComponent] = {}
            for name, component in page.items():
                slot = self.members.find(name)
                links = self._links(component)
                if not links:
                    gone.append(name)
                    continue
                fingerprint = fingerprint_of(component)
                if slot is None:
                    slot = self._take_slot(name)
                    fresh[slot] = links
                elif self.members.fingerprint(slot) == fingerprint:
                    continue
                else:
                    self._clear(slot)
                    self.best.outdate(slot)
                    changed[slot] = links
                self.members.mark(slot, fingerprint)
                folded[slot] = component
            self._fold(folded)
            self.pairs.append(fresh)
            if changed:
                self.pairs.replace(changed)
            removed = self.remove(gone)
            if folded:
                self._drop_empty_columns()
                self.version += 1
            return removed or bool(folded)

    def remove(self, names: Iterable[str]) -> bool:
        """Take trial components out of the table; tell whether any was in it."""
        with self.lock:
            slots = self.members.drop(names)
            if not slots:
                return False
            for slot in slots:
                self._clear(slot)
            self.pairs.remove(slots)
            self._drop_empty_columns()
            self.version += 1
            return True

    def settle(self) -> None:
        """Take less memory, now that few components are to come."""
        with self.lock:
            self._capacity = max(_FIRST_CAPACITY, len(self.filled))
            self._growth = _GROWTH_WHEN_SETTLED
            self.members.resize(self._capacity)
            for store in self.stores():
                store.settle(self._capacity)
            self.best.settle(self._capacity)
            offload.settle(self._arrays(), self.mover, self._offload_bytes)

    def touch(self) -> None:
        """Raise the version: something that is sent together with the rows has changed."""
        with self.lock:
            self.version += 1

    def columns(self) -> tuple[Column, ...]:
        """Return the columns there are: the summary ones, then those met in the rows, by name."""
        with self.lock:
            return SUMMARY + tuple(
                Column(
                    id=f"{kind}:{name}", kind=kind, name=name, label=name, type=stores[name].type
                )
                for kind, stores in self.by_kind.items()
                for name in self._in_order(kind, stores)
            )

    def find_row(self, row_id: str) -> int | None:
        """Return the row of an id, ``trial/trial component``; None if it is not in the table."""
        trial, _, name = row_id.partition("/")
        with self.lock:
            slot = self.members.find(name)
            code = self.pairs.trials.known(trial or None)
            if slot is None or code is None:
                return None
            pairs = self.pairs
            found = np.flatnonzero((pairs.slots == slot) & (pairs.trial_codes == code))
            return int(found[0]) if found.size else None

    def has_status(self, *statuses: str) -> bool:
        """Return whether any trial component is in one of these states."""
        with self.lock:
            column = self.summary["Status"]
            assert isinstance(column, TextColumn)
            wanted = column.categories.matching(lambda text: text in statuses)
            return bool(wanted[column.codes].any())

    def _in_order(self, kind: ColumnKind, stores: dict[str, AnyStore]) -> list[str]:
        if kind not in self._ordered:
            self._ordered[kind] = sorted(stores, key=order_key)
        return self._ordered[kind]

    def _links(self, component: SearchedComponent) -> list[Link]:
        if not component.parents:
            return [UNASSIGNED] if self.origin.unassigned else []
        return list(
            dict.fromkeys(
                self.pairs.link(parent.trial_name, parent.experiment_name)
                for parent in component.parents
                if parent.trial_name.casefold() in self._trials
                or parent.experiment_name.casefold() in self._experiments
            )
        )

    def _take_slot(self, name: str) -> int:
        slot, is_new = self.members.add(name)
        if not is_new:
            self.best.forget(slot)
            return slot
        self.filled.append(())
        if slot >= self._capacity:
            self.grow(_capacity_after(self._capacity, self._growth))
        return slot

    def grow(self, capacity: int) -> None:
        """Make room for more slots."""
        self._capacity = capacity
        self.members.resize(capacity)
        is_moved = offload.grow(self._arrays(), capacity, self.mover, self._offload_bytes)
        if is_moved and self._growth != _GROWTH_WHEN_SETTLED:
            self._growth = _GROWTH_ELSEWHERE
        self.best.grow(capacity)

    def _arrays(self) -> list[SlotArray[Any]]:
        return [array for store in self.stores() for array in store.arrays()]

    def stores(self) -> Iterable[AnyStore]:
        """Yield every column there is, the names first."""
        yield from (self.names, *self.summary.values())
        for stores in self.by_kind.values():
            yield from stores.values()

    def _fold(self, components: Mapping[int, SearchedComponent]) -> None:
        # Components of one script have the same columns, so their values are written together.
        alike: dict[Shape, tuple[list[int], list[tuple[Any, ...]]]] = {}
        for slot, component in components.items():
            self.members.describe(
                slot,
                component.trial_component_name,
                component.trial_component_arn,
                job_of(component),
            )
            shape, values = flatten(component)
            slots, rows = alike.setdefault(shape, ([], []))
            slots.append(slot)
            rows.append(values)
        for shape, (slots, rows) in alike.items():
            stores = self._stores_of(shape)
            places = np.array(slots, np.intp)
            for store, values in zip(stores, zip(*rows, strict=True), strict=True):
                store.write(places, values)
            for slot in slots:
                self.filled[slot] = stores

    def _stores_of(self, shape: Shape) -> tuple[AnyStore, ...]:
        stores = self._shapes.get(shape)
        if stores is None:
            stores = self._shapes[shape] = (
                self.names,
                *self.summary.values(),
                *(
                    self.store(kind, name)
                    for kind, names in zip(KINDS, shape, strict=True)
                    for name in names
                ),
            )
        return stores

    def store(self, kind: ColumnKind, name: str) -> AnyStore:
        """Return the column of a name; made if there is none."""
        stores = self.by_kind[kind]
        store = stores.get(name)
        if store is None:
            make: type[MetricColumn | ParameterColumn | TextColumn] = TextColumn
            if kind in ("metric", "parameter"):
                make = MetricColumn if kind == "metric" else ParameterColumn
            store = stores[name] = make(self._capacity)
            self._ordered.pop(kind, None)
        return store

    def _clear(self, slot: int) -> None:
        for store in self.filled[slot]:
            store.clear(slot)
        self.filled[slot] = ()

    def _drop_empty_columns(self) -> None:
        for kind, stores in self.by_kind.items():
            empty = [name for name, store in stores.items() if not store.count]
            for name in empty:
                del stores[name]
            if empty:
                self._ordered.pop(kind, None)
                self._shapes.clear()


def _capacity_after(capacity: int, growth: int) -> int:
    """Return the next capacity: twice as many slots, or a part more once that is much memory."""
    more = capacity if capacity < _LARGE_CAPACITY else capacity // growth
    return max(_FIRST_CAPACITY, capacity + more)
