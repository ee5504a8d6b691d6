"""Numbers of a column in fewer bytes, to the very bit: as small integers, decimals or half as wide.

Most columns need far less than eight bytes for a number: a count, a batch size, a learning rate of
a few decimals, a loss that a framework computed in 32 bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

_MAX_DECIMALS = 9
"""A decimal with more digits than these leaves no room for itself in 32 bits."""

_SAMPLE = 256
"""So many values, from all over, tell which forms are worth trying on all. Our choice."""


_FEW = 16


class Form(NamedTuple):
    """How numbers are kept: as which type, and by what they are divided after.

    The lowest integer of a type stands for the blank, which is NaN.
    """

    type: np.dtype[Any]
    scale: float = 1.0


_INTEGERS = tuple(np.dtype(kind) for kind in (np.int8, np.int16, np.int32))
_SINGLE = np.dtype(np.float32)

FORMS: tuple[Form, ...] = (
    *(Form(kind) for kind in _INTEGERS),
    *(
        Form(kind, 10.0**decimals)
        for kind in _INTEGERS[1:]
        for decimals in range(1, _MAX_DECIMALS + 1)
    ),
    Form(_SINGLE),
)
"""The forms of floating-point numbers, the narrowest first. Saved tables name them by place."""

CODE_FORMS: tuple[Form, ...] = tuple(Form(kind) for kind in _INTEGERS[:2])
"""Those of codes, whose blank is −1 in all of them."""


def forms_of(kind: np.dtype[Any]) -> tuple[Form, ...]:
    """Return the forms that an array of some type may be kept in."""
    if kind == np.float64:
        return FORMS
    return CODE_FORMS if kind == np.int32 else ()


def pack(values: Array, form: Form) -> Array | None:
    """Return the values in a form; None unless they come out of it as they were, bit by bit."""
    if values.dtype != np.float64:
        narrow = values.astype(form.type)
        return narrow if np.array_equal(narrow, values) else None
    if form.type == _SINGLE:
        with np.errstate(over="ignore"):
            stored = values.astype(np.float32)
    else:
        limits = np.iinfo(form.type)
        with np.errstate(over="ignore", invalid="ignore"):
            whole = np.rint(values * form.scale)
        blank = np.isnan(whole)
        whole[blank] = limits.min
        if whole.size and (whole.max() > limits.max or whole.min() < limits.min):
            return None
        stored = whole.astype(form.type)
        if np.count_nonzero(stored == limits.min) != np.count_nonzero(blank):
            return None
    same = unpack(stored, form, values.dtype).view(np.int64) == values.view(np.int64)
    return stored if same.all() else None


def unpack(stored: Array, form: Form, kind: np.dtype[Any]) -> Array:
    """Return the values that were packed."""
    values = stored.astype(kind)
    if kind == np.float64 and form.type != _SINGLE:
        if form.scale != 1.0:
            values /= form.scale
        values[stored == np.iinfo(form.type).min] = np.nan
    return values


def narrowest(values: Array) -> tuple[Form, Array] | None:
    """Return the form that takes the least room, and the values in it; None if there is none."""
    sample = values[:: max(1, len(values) // _SAMPLE)]
    for form in _worth_trying(values.dtype, sample):
        if pack(sample, form) is not None and (stored := pack(values, form)) is not None:
            return form, stored
    return None


def _worth_trying(kind: np.dtype[Any], sample: Array) -> tuple[Form, ...]:
    """Return the forms that can hold a few of the values, so that few are tried on all."""
    forms = forms_of(kind)
    if kind != np.float64:
        return forms
    few = sample[np.isfinite(sample)][:_FEW].tolist()
    needed = max(map(_decimals, few), default=0)
    return tuple(form for form in forms if form.type == _SINGLE or form.scale >= 10.0**needed)


def _decimals(number: float) -> int:
    """Return how many decimals write the number exactly; one more than any form has if too many."""
    digits, _, exponent = f"{number!r}".partition("e")
    fraction = digits.partition(".")[2].rstrip("0")
    return max(0, min(len(fraction) - int(exponent or 0), _MAX_DECIMALS + 1))
