"""A table as bytes and back, column by column: folding its components again takes far longer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from smx_lab.core.table.columns import (
    ColumnStore,
    MetricColumn,
    NumberArray,
    NumberColumn,
    ParameterColumn,
    TextColumn,
)
from smx_lab.core.table.slots import SlotArray
from smx_lab.core.table.store import Table
from smx_lab.core.table.text import Categories

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 1
"""Raised when what a table holds changes. A table of another format is not read."""


class SavedSlots(msgspec.Struct, array_like=True):
    """One value for each slot, or only those in some places."""

    is_full: bool
    values: bytes
    places: bytes


class SavedNumbers(msgspec.Struct, array_like=True):
    """The values by slot, and whether a NaN among them was logged."""

    values: SavedSlots
    has_logged_nan: bool


class SavedColumn(msgspec.Struct, array_like=True):
    """A column of any kind: what its kind has no use for is empty."""

    count: int
    numbers: list[SavedNumbers] = []
    codes: SavedSlots | None = None
    texts: list[str] = []
    has: SavedSlots | None = None
    words: int = 0
    is_coded: bool = False


class SavedTable(msgspec.Struct):
    """A whole table. ``shapes`` are the columns, by place, that slots have values in."""

    format: int
    slots: int
    names: dict[str, int]
    free: list[int]
    arns: list[str]
    training_jobs: list[str | None]
    fingerprints: bytes
    columns: list[SavedColumn]
    kinds: dict[str, list[str]]
    shapes: list[list[int]]
    shape_of: bytes
    trials: list[str]
    experiments: list[str]
    pairs: list[bytes]


def save(table: Table) -> bytes:
    """Answer everything of a table but its origin and version."""
    with table.lock:
        slots = len(table._filled)
        stores = list(table._stores())
        place = {id(store): at for at, store in enumerate(stores)}
        shapes: dict[tuple[int, ...], int] = {}
        # A column without values is dropped, though a slot may have nothing in it still.
        shape_of = [
            shapes.setdefault(
                tuple(place[id(store)] for store in filled if id(store) in place), len(shapes)
            )
            for filled in table._filled
        ]
        pairs = table.pairs
        saved = SavedTable(
            format=FORMAT,
            slots=slots,
            names=table._slots,
            free=table._free,
            arns=table.arns,
            training_jobs=table.training_jobs,
            fingerprints=table._fingerprints[:slots].tobytes(),
            columns=[_saved(store, slots) for store in stores],
            kinds={kind: list(named) for kind, named in table.by_kind.items()},
            shapes=[list(shape) for shape in shapes],
            shape_of=np.array(shape_of, np.int32).tobytes(),
            trials=pairs.trials.texts,
            experiments=pairs.experiments.texts,
            pairs=[
                array.tobytes()
                for array in (pairs.slots, pairs.trial_codes, pairs.experiment_codes)
            ],
        )
        return msgspec.msgpack.encode(saved)


def restore(table: Table, data: bytes) -> None:
    """Fill an empty table with what ``save`` answered for one of the same origin.

    Raises
    ------
    ValueError
        If these bytes are of another format, or damaged. The table is then not to be used.
    """
    try:
        saved = msgspec.msgpack.decode(data, type=SavedTable)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    if saved.format != FORMAT:
        raise ValueError(f"format {saved.format}")
    with table.lock:
        assert not table._filled  # it is empty
        _restore(table, saved)
        table.version += 1


def _restore(table: Table, saved: SavedTable) -> None:
    table._grow(max(128, saved.slots))
    for kind, names in saved.kinds.items():
        for name in names:
            table._store(kind, name)  # type: ignore[arg-type]
    stores = list(table._stores())
    for store, column in zip(stores, saved.columns, strict=True):
        _fill(store, column, saved.slots)
    table._slots.update(saved.names)
    table._free.extend(saved.free)
    table.arns.extend(saved.arns)
    table.training_jobs.extend(saved.training_jobs)
    table._fingerprints[: saved.slots] = _array(saved.fingerprints, np.int64, saved.slots)
    shapes = [tuple(stores[at] for at in shape) for shape in saved.shapes]
    shape_of = _array(saved.shape_of, np.int32, saved.slots).tolist()
    table._filled.extend(shapes[shape] for shape in shape_of)
    pairs = table.pairs
    _intern(pairs.trials, saved.trials)
    _intern(pairs.experiments, saved.experiments)
    pairs.slots, pairs.trial_codes, pairs.experiment_codes = (
        np.frombuffer(array, np.int32).copy() for array in saved.pairs
    )


def _saved(store: ColumnStore[Any], slots: int) -> SavedColumn:
    column = SavedColumn(store.count)
    if isinstance(store, NumberColumn | ParameterColumn):
        column.numbers = [_saved_numbers(store.numbers, slots)]
    if isinstance(store, TextColumn | ParameterColumn):
        column.codes = _saved_slots(store._codes, slots)
        column.texts = store.categories.texts
    if isinstance(store, ParameterColumn):
        column.words, column.is_coded = store._words, store._coded
    if isinstance(store, MetricColumn):
        column.numbers = [_saved_numbers(array, slots) for array in store.statistics.values()]
        column.has = _saved_slots(store._has, slots)
    return column


def _saved_numbers(array: NumberArray, slots: int) -> SavedNumbers:
    return SavedNumbers(_saved_slots(array._slots, slots), array.has_logged_nan)


def _saved_slots(array: SlotArray[Any], slots: int) -> SavedSlots:
    if array._all is not None:
        return SavedSlots(True, array._all[:slots].tobytes(), b"")
    return SavedSlots(False, bytes(array._few), array._places.tobytes())


def _fill(store: ColumnStore[Any], column: SavedColumn, slots: int) -> None:
    store.count = column.count
    arrays: list[NumberArray] = []
    if isinstance(store, NumberColumn | ParameterColumn):
        arrays = [store.numbers]
    elif isinstance(store, MetricColumn):
        arrays = list(store.statistics.values())
        _fill_slots(store._has, column.has, slots)
    for array, numbers in zip(arrays, column.numbers, strict=True):
        _fill_slots(array._slots, numbers.values, slots)
        array.has_logged_nan = numbers.has_logged_nan
        if slots:
            array._decimals.note(0, slots - 1)
    if isinstance(store, TextColumn | ParameterColumn):
        _fill_slots(store._codes, column.codes, slots)
        _intern(store.categories, column.texts)
    if isinstance(store, ParameterColumn):
        store._words, store._coded = column.words, column.is_coded


def _fill_slots(array: SlotArray[Any], saved: SavedSlots | None, slots: int) -> None:
    if saved is None:
        raise ValueError("a column has no values")
    kind = array._blank.dtype
    if saved.is_full:
        array._all = np.full(array._capacity, array._blank)
        array._all[:slots] = _array(saved.values, kind, slots)
    else:
        _array(saved.values, kind, len(saved.places) // array._places.itemsize)
        array._places.frombytes(saved.places)
        array._few += saved.values


def _intern(categories: Categories, texts: Iterable[str]) -> None:
    for code, text in enumerate(texts):
        if categories.code(text) != code:
            raise ValueError(f"the text {text!r} is there twice")


def _array(data: bytes, kind: Any, length: int) -> NDArray[Any]:
    array = np.frombuffer(data, kind)
    if len(array) != length:
        raise ValueError(f"{len(array)} values for {length} slots")
    return array
