"""Texts of a column: interned, shown without JSON's quotes, ordered as a person would."""

from __future__ import annotations

import json
import re
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_TEXT = -1
"""The code of a row without a value: it picks the last entry of every look-up array here."""

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?\Z")
_DIGITS = re.compile(r"[0-9]+")
_SPECIAL = {
    "nan": float("nan"), "NaN": float("nan"),
    "inf": float("inf"), "Infinity": float("inf"),
    "-inf": float("-inf"), "-Infinity": float("-inf"),
}  # fmt: skip
_EXACT_INTEGER = 2**53
_MANY = 4096
"""From so many texts on it pays to leave out what finds them. Our choice."""


def parse_number(text: str) -> float | None:
    """Read a text that is a number and nothing else, or None.

    ``007`` is a label, not a number, and an integer that a float cannot hold exactly stays text,
    so that two long identifiers never become equal.
    """
    if _NUMBER.match(text) is None:
        return _SPECIAL.get(text)
    number = float(text)
    if abs(number) >= _EXACT_INTEGER and text.lstrip("+-").isdigit():
        return None
    return number


def number_text(number: float) -> str:
    """Write a number as a person would: ``2`` for 2.0, otherwise the shortest exact form."""
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < _EXACT_INTEGER:
        return str(int(number))
    return repr(float(number))


def unquote(text: str) -> str:
    """Drop the JSON quotes that the SageMaker SDK puts around string hyperparameters."""
    if len(text) >= 2 and text[0] == '"' and text[-1] == '"':
        try:
            value = json.loads(text)
        except ValueError:
            return text
        if isinstance(value, str):
            return _encodable(value)
    return text


def order_key(text: str) -> str:
    """Return a key under which numbers precede words, and ``trial-2`` precedes ``trial-10``.

    Letter case does not count unless nothing else differs.
    """
    number = parse_number(text)
    if number is not None:
        return "\x00" + _number_key(number) + text
    folded = text.casefold()
    if not folded.isalpha():
        folded = _DIGITS.sub(_digits_key, folded)
    return f"\x01{folded}\x00{text}"


def _number_key(number: float) -> str:
    """Return a hexadecimal text that sorts as the number does; NaN after everything else."""
    if number != number:
        return "g"
    bits: int = struct.unpack(">Q", struct.pack(">d", number + 0.0))[0]
    # The sign bit leads an IEEE double: flip it for positive numbers, everything for negative.
    return format(bits ^ ((1 << 63) if bits < 1 << 63 else (1 << 64) - 1), "016x")


def _digits_key(match: re.Match[str]) -> str:
    """Digits with their length in front, so that comparing text compares the integers."""
    digits = match.group().lstrip("0") or "0"
    return "9" * (len(digits) // 9) + str(len(digits) % 9) + digits


def _encodable(text: str) -> str:
    """Replace lone surrogates: they came from JSON escapes and no UTF-8 can hold them."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


class Categories:
    """The distinct texts of a column, each under a small integer, its code.

    Knows the exact texts, how they are shown and their order. Codes are never reused, so arrays
    of codes stay valid for as long as the object lives.
    """

    def __init__(self, show: Callable[[str], str] | None = None) -> None:
        self.texts: list[str] = []
        self.shown: list[str] = self.texts if show is None else []
        self._show = show
        self._codes: dict[str | None, int] = {None: NO_TEXT}
        self._are_codes_left_out = False
        self._sorted: NDArray[np.int32] = np.empty(0, np.int32)
        self._ranks = np.zeros(1, np.int32)

    def __len__(self) -> int:
        return len(self.texts)

    def code(self, text: str | None) -> int:
        """Return the text's code; NO_TEXT for None and for a text that shows as nothing."""
        code = self._codes.get(text)
        return self._new_code(text) if code is None else code

    def known(self, text: str | None) -> int | None:
        """Return the code that a text has; None if it has never been met."""
        if self._are_codes_left_out:
            self._restore_codes()
        return self._codes.get(text)

    def settle(self) -> None:
        """Take less room, now that few texts are to come: a new one then takes a moment."""
        if len(self.texts) >= _MANY:
            self._codes = {None: NO_TEXT}
            self._are_codes_left_out = True

    def load(self, texts: Iterable[str]) -> None:
        """Give codes to all texts of another object, the same as there.

        Raises
        ------
        ValueError
            If they cannot have come from one.
        """
        for code, text in enumerate(texts):
            if self.code(text) != code:
                raise ValueError(f"the text {text!r} is there twice")

    def _new_code(self, text: str | None) -> int:
        assert text is not None  # it has a code from the start
        if self._are_codes_left_out:
            self._restore_codes()
        exact = _encodable(text)
        code = self._codes.get(exact)
        if code is None:
            shown = exact if self._show is None else self._show(exact)
            if not shown:
                code = NO_TEXT
            else:
                code = len(self.texts)
                self.texts.append(exact)
                if self._show is not None:
                    self.shown.append(shown)
            self._codes[exact] = code
        self._codes[text] = code
        return code

    def _restore_codes(self) -> None:
        self._codes.update(zip(self.texts, range(len(self.texts)), strict=True))
        self._are_codes_left_out = False

    def ranks(self) -> NDArray[np.int32]:
        """Return each code's place in the order; texts that show alike share one.

        The last entry, which ``NO_TEXT`` picks, is higher than any place.
        """
        count = len(self.shown)
        if len(self._ranks) != count + 1:
            self._sorted = self._in_order()
            places = np.arange(count, dtype=np.int32)
            if self._show is not None:
                places -= self._repeats()
            ranks = np.empty(count + 1, np.int32)
            ranks[self._sorted] = places
            ranks[count] = count
            self._ranks = ranks
        return self._ranks

    def _in_order(self) -> NDArray[np.int32]:
        """Return all codes in the order of their texts.

        The keys take several times the room of the texts, and are not kept.
        """
        shown, known, count = self.shown, self._sorted, len(self.shown)
        if 16 * (count - len(known)) > count:
            keys = list(map(order_key, shown))
            return np.array(sorted(range(count), key=keys.__getitem__), np.int32)
        fresh = {code: order_key(shown[code]) for code in range(len(known), count)}
        codes = sorted(fresh, key=fresh.__getitem__)
        places = [
            bisect_right(known, fresh[code], key=lambda other: order_key(shown[other]))
            for code in codes
        ]
        return np.insert(known, places, codes)

    def alike(self) -> NDArray[np.int32]:
        """Return a number for each code, the same for texts that show alike; NO_TEXT is highest.

        Costs less than ``ranks`` where every text shows as it is.
        """
        if self._show is None:
            return np.arange(len(self.texts) + 1, dtype=np.int32)
        return self.ranks()

    def _repeats(self) -> NDArray[np.int32]:
        """Return how many entries of the sorted codes, so far, show the same as the one before."""
        shown = [self.shown[code] for code in self._sorted.tolist()]
        same = [a == b for a, b in pairwise(shown)]
        return np.cumsum(np.array([False, *same][: len(shown)], np.int32), dtype=np.int32)

    def matching(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return which codes' shown texts pass; the last entry, for ``NO_TEXT``, is False."""
        found = np.zeros(len(self.shown) + 1, np.bool_)
        found[:-1] = np.fromiter(map(test, self.shown), np.bool_, len(self.shown))
        return found

    def at(self, codes: NDArray[np.int32]) -> list[str | None]:
        """Return the shown texts of some codes."""
        shown = self.shown
        return [shown[code] if code >= 0 else None for code in codes.tolist()]

    def objects(self, codes: NDArray[np.int32]) -> NDArray[np.object_]:
        """Return the same as ``at`` in an array: quicker for whole columns, slower for a few."""
        shown = np.empty(len(self.shown) + 1, np.object_)
        shown[:-1] = self.shown  # the last entry, for ``NO_TEXT``, is None
        return np.asarray(shown[codes])
