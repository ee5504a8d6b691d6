"""When a table is read as a whole, to find deletions and links, of which no change tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from smx_lab.services.tables.sync.clocks import Clocks

RECONCILE_COSTS = 20
MAX_RECONCILE_S = 3600.0
"""A table is read as a whole at most every 20 times what that takes, and once an hour. Our
choice."""

CATCH_UP_S = 30.0
"""A table that comes from disk shows what has changed first, and is read as a whole this much
later. Our choice."""


@dataclass(frozen=True)
class ReconcileSchedule:
    """When a table is next read as a whole, and when it was last.

    Parameters
    ----------
    due : float
        On the monotonic clock, in seconds.
    whole_time : datetime
        When the table was last read as a whole.
    interval_s : float
        How long after that it is to be read so again.
    is_overdue : bool
        Whether the table comes from disk and had been due there.
    losses, found : int
        How many times something was deleted, and how many of these the table has followed.
    """

    due: float
    whole_time: datetime
    interval_s: float = 0.0
    is_overdue: bool = False
    losses: int = 0
    found: int = 0

    @classmethod
    def first(cls, clocks: Clocks) -> ReconcileSchedule:
        """Return the schedule of a new table, which is due at once."""
        return cls(due=clocks.monotonic(), whole_time=clocks.wall())

    def is_due(self, now: float) -> bool:
        """Return whether the table is to be read as a whole, ``now`` on the monotonic clock."""
        return now >= self.due or self.losses > self.found

    def lose(self) -> ReconcileSchedule:
        """Return the schedule after something was deleted: the next reading is whole.

        A reading that is under way may have met it before, so it does not count.
        """
        return replace(self, losses=self.losses + 1)

    def hurry(self, now: float) -> ReconcileSchedule:
        """Return the schedule for someone who needs deletions and links too."""
        return replace(self, due=now) if self.is_overdue else self

    def read_whole(self, began: float, losses: int, clocks: Clocks) -> ReconcileSchedule:
        """Return the schedule after the table was read as a whole.

        Parameters
        ----------
        began : float
            When the reading began, on the monotonic clock.
        losses : int
            How many deletions were known of then.
        """
        interval_s = min(RECONCILE_COSTS * (clocks.monotonic() - began), MAX_RECONCILE_S)
        return replace(
            self,
            due=began + interval_s,
            whole_time=clocks.wall(),
            interval_s=interval_s,
            is_overdue=False,
            found=losses,
        )

    def read_one_by_one(self, now: float) -> ReconcileSchedule:
        """Return the schedule after a reading without Search.

        What Search would find from here on is unknown, so it has to read everything once it can.
        """
        return replace(self, due=now)

    def restore(self, whole_time: datetime, interval_s: float, clocks: Clocks) -> ReconcileSchedule:
        """Return the schedule of a table from disk."""
        age_s = (clocks.wall() - whole_time).total_seconds()
        return replace(
            self,
            due=clocks.monotonic() + max(CATCH_UP_S, interval_s - age_s),
            whole_time=whole_time,
            interval_s=interval_s,
            is_overdue=age_s > interval_s,
        )
