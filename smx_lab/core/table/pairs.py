"""The rows of a table: pairs of trial and trial component, as three parallel arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from smx_lab.core.table.columns.text import NO_TEXT, Categories

if TYPE_CHECKING:
    from numpy.typing import NDArray

Link = tuple[int, int]
"""The codes of a trial and of its experiment; both NO_TEXT for an unassigned component."""

UNASSIGNED: Link = (NO_TEXT, NO_TEXT)


class SavedPairs(msgspec.Struct, array_like=True):
    """All rows, and the names that their codes stand for."""

    trials: list[str]
    experiments: list[str]
    slots: bytes
    trial_codes: bytes
    experiment_codes: bytes


class Pairs:
    """Rows in the order in which they were met. ``slots`` says which component each shows."""

    def __init__(self) -> None:
        self.trials = Categories()
        self.experiments = Categories()
        self.slots: NDArray[np.int32] = np.empty(0, np.int32)
        self.trial_codes: NDArray[np.int32] = np.empty(0, np.int32)
        self.experiment_codes: NDArray[np.int32] = np.empty(0, np.int32)

    def __len__(self) -> int:
        return len(self.slots)

    def link(self, trial_name: str, experiment_name: str) -> Link:
        """Return the codes of a trial and its experiment."""
        return self.trials.code(trial_name), self.experiments.code(experiment_name)

    def append(self, links: Mapping[int, Iterable[Link]]) -> None:
        """Add rows for the components in some slots."""
        rows = [(slot, *link) for slot, pairs in links.items() for link in pairs]
        if rows:
            added = np.array(rows, np.int32)
            self.slots = np.concatenate([self.slots, added[:, 0]])
            self.trial_codes = np.concatenate([self.trial_codes, added[:, 1]])
            self.experiment_codes = np.concatenate([self.experiment_codes, added[:, 2]])

    def replace(self, links: Mapping[int, Iterable[Link]]) -> None:
        """Make these the links of components that have rows already; what is the same stays."""
        wanted = {slot: dict.fromkeys(pairs) for slot, pairs in links.items()}
        gone = np.zeros(len(self), np.bool_)
        for row in np.flatnonzero(np.isin(self.slots, list(wanted))).tolist():
            pair = (int(self.trial_codes[row]), int(self.experiment_codes[row]))
            missing = wanted[int(self.slots[row])]
            if pair in missing:
                del missing[pair]
            else:
                gone[row] = True
        self._drop(gone)
        self.append(wanted)

    def remove(self, slots: Iterable[int]) -> None:
        """Take away every row of the components in some slots."""
        self._drop(np.isin(self.slots, list(slots)))

    def save(self) -> SavedPairs:
        """Return everything, for ``load``."""
        return SavedPairs(
            trials=self.trials.texts,
            experiments=self.experiments.texts,
            slots=self.slots.tobytes(),
            trial_codes=self.trial_codes.tobytes(),
            experiment_codes=self.experiment_codes.tobytes(),
        )

    def load(self, saved: SavedPairs) -> None:
        """Take over what ``save`` returned; ValueError if it is damaged."""
        self.trials.load(saved.trials)
        self.experiments.load(saved.experiments)
        self.slots, self.trial_codes, self.experiment_codes = (
            np.frombuffer(rows, np.int32).copy()
            for rows in (saved.slots, saved.trial_codes, saved.experiment_codes)
        )

    def _drop(self, gone: NDArray[np.bool_]) -> None:
        if gone.any():
            kept = ~gone
            self.slots = self.slots[kept]
            self.trial_codes = self.trial_codes[kept]
            self.experiment_codes = self.experiment_codes[kept]
