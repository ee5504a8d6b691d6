"""Which trial component is in which slot of a table, with its ARN, job and fingerprint."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
import numpy as np

from smx_lab.core.table.columns.columns import SavedColumn, TextColumn
from smx_lab.core.table.columns.slots import load_array
from smx_lab.core.table.columns.text import NO_TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NO_SLOT = -1


class Pattern(NamedTuple):
    """How a text is made of a name.

    ``whole`` is the text ``before`` itself; ``around`` has the name between ``before`` and
    ``after``, ``lower`` the name in lower case; ``within`` is the name without these two.
    """

    kind: Literal["whole", "around", "lower", "within"]
    before: str
    after: str = ""

    @classmethod
    def of(cls, text: str, name: str) -> Pattern:
        """Return the pattern by which a text is made of a name."""
        if name in text:
            before, _, after = text.partition(name)
            return cls("around", before, after)
        if name.lower() in text:
            before, _, after = text.partition(name.lower())
            return cls("lower", before, after)
        if text and text in name:
            before, _, after = name.partition(text)
            return cls("within", before, after)
        return cls("whole", text)

    def text(self, name: str) -> str:
        """Return the text that is made of a name."""
        if self.kind == "whole":
            return self.before
        if self.kind == "within":
            return name[len(self.before) : len(name) - len(self.after)]
        return f"{self.before}{name if self.kind == 'around' else name.lower()}{self.after}"


class SavedTexts(msgspec.Struct, array_like=True):
    """The texts of all slots."""

    patterns: list[Pattern]
    codes: bytes


class NamedTexts:
    """A text for each slot that is made of the component's name: what all share is kept once.

    An ARN ends in the name, the name in most cases begins with that of its job. As texts of their
    own they would take more room than all the numbers of a row.
    """

    def __init__(self) -> None:
        self._patterns: list[Pattern] = []
        self._code_of: dict[Pattern, int] = {}
        self._codes = array("i")

    def append(self) -> None:
        """Make room for one more slot."""
        self._codes.append(NO_TEXT)

    def put(self, slot: int, text: str | None, name: str) -> None:
        """Keep the text of a slot, whose component has this name."""
        code = NO_TEXT
        if text is not None:
            pattern = Pattern.of(text, name)
            code = self._code_of.setdefault(pattern, len(self._patterns))
            if code == len(self._patterns):
                self._patterns.append(pattern)
        self._codes[slot] = code

    def text(self, slot: int, name: str) -> str | None:
        """Return the text of a slot, whose component has this name."""
        code = self._codes[slot]
        return None if code == NO_TEXT else self._patterns[code].text(name)

    def save(self) -> SavedTexts:
        """Return everything, for ``load``."""
        return SavedTexts(self._patterns, self._codes.tobytes())

    def load(self, saved: SavedTexts) -> None:
        """Take over what ``save`` returned; ValueError if it is damaged."""
        codes = array("i", saved.codes)
        if codes and not NO_TEXT <= min(codes) <= max(codes) < len(saved.patterns):
            raise ValueError("a text has no pattern")
        self._patterns, self._codes = saved.patterns, codes
        self._code_of = {pattern: code for code, pattern in enumerate(saved.patterns)}


class SavedMembers(msgspec.Struct, array_like=True):
    """All slots and their components."""

    slots: int
    free: list[int]
    names: SavedColumn
    slot_of: bytes
    arns: SavedTexts
    jobs: SavedTexts
    fingerprints: bytes


class Members:
    """The trial components of a table, by slot. A slot that was freed is the next one given."""

    def __init__(self) -> None:
        self.names = TextColumn(0)
        self._count = 0
        self._free: list[int] = []
        # By the code of the name, so that it takes no second look-up of texts.
        self._slot_of = array("i")
        self._arns = NamedTexts()
        self._jobs = NamedTexts()
        self._fingerprints: NDArray[np.int64] = np.empty(0, np.int64)

    def __len__(self) -> int:
        """Return how many slots have been given, those that are free again among them."""
        return self._count

    def all_names(self) -> set[str]:
        """Return the real names of all components."""
        texts = self.names.categories.texts
        return {texts[code] for code, slot in enumerate(self._slot_of) if slot != _NO_SLOT}

    def find(self, name: str) -> int | None:
        """Return the slot of a component; None if it is not here."""
        code = self.names.categories.known(name)
        if code is None or not 0 <= code < len(self._slot_of):
            return None
        slot = self._slot_of[code]
        return None if slot == _NO_SLOT else slot

    def add(self, name: str) -> tuple[int, bool]:
        """Give a component a slot, and tell whether that is a new one."""
        is_new = not self._free
        slot = self._count if is_new else self._free.pop()
        if is_new:
            self._count += 1
            self._arns.append()
            self._jobs.append()
        code = self.names.categories.code(name)
        while len(self._slot_of) <= code:
            self._slot_of.append(_NO_SLOT)
        self._slot_of[code] = slot
        return slot, is_new

    def drop(self, names: Iterable[str]) -> list[int]:
        """Take the slots of some components away; those that are not here have none."""
        slots = []
        for name in names:
            slot = self.find(name)
            if slot is not None:
                self._slot_of[self.names.categories.code(name)] = _NO_SLOT
                slots.append(slot)
        self._free.extend(slots)
        return slots

    def describe(self, slot: int, name: str, arn: str, job: str | None) -> None:
        """Keep the ARN of a component, and the name of the training job it comes from."""
        self._arns.put(slot, arn, name)
        self._jobs.put(slot, job, name)

    def arn(self, slot: int) -> str:
        """Return the ARN of the component in a slot."""
        return self._arns.text(slot, self.names.text(slot) or "") or ""

    def job(self, slot: int) -> str | None:
        """Return the name of the training job from which the component in a slot comes."""
        return self._jobs.text(slot, self.names.text(slot) or "")

    def fingerprint(self, slot: int) -> int:
        """Return a number that changes with anything of the component in a slot."""
        return int(self._fingerprints[slot])

    def mark(self, slot: int, fingerprint: int) -> None:
        """Keep the fingerprint of the component in a slot."""
        self._fingerprints[slot] = fingerprint

    def resize(self, capacity: int) -> None:
        """Have room for so many slots."""
        resized = np.zeros(capacity, np.int64)
        kept = self._fingerprints[:capacity]
        resized[: len(kept)] = kept
        self._fingerprints = resized

    def save(self) -> SavedMembers:
        """Return everything, for ``load``."""
        return SavedMembers(
            slots=self._count,
            free=self._free,
            names=self.names.save(self._count),
            slot_of=self._slot_of.tobytes(),
            arns=self._arns.save(),
            jobs=self._jobs.save(),
            fingerprints=self._fingerprints[: self._count].tobytes(),
        )

    def load(self, saved: SavedMembers) -> None:
        """Take over what ``save`` returned, with room for as many slots; ValueError if damaged."""
        self._count = saved.slots
        self._free.extend(saved.free)
        self.names.load(saved.names, saved.slots)
        self._slot_of.frombytes(saved.slot_of)
        self._arns.load(saved.arns)
        self._jobs.load(saved.jobs)
        fingerprints = load_array(saved.fingerprints, np.int64, saved.slots)
        self._fingerprints[: saved.slots] = fingerprints
