"""Which searches read everything that one expression finds, several of them side by side.

A search is read page by page from both ends, newest first and oldest first, until the two meet. If
more calls may be under way, the stretch between them is halved by time of creation, and each half
is read from both ends in the same way. So only where two readers meet is anything read twice, and
no search goes further than SageMaker allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.limits import MAX_SEARCH_FILTERS

if TYPE_CHECKING:
    from smx_lab.core.table import Origin  # NumPy is not imported for searches alone

Expression = dict[str, Any]
Order = Literal["Ascending", "Descending"]

PAGE = 100
RESULT_WINDOW = 10_000
"""The most records that one search returns in all; AWS's own SDK stops there silently."""

WORTH_HALVING = 5 * PAGE
"""A stretch with fewer records, by estimate, is not halved. Our choice."""

SECOND = timedelta(seconds=1)


@dataclass(eq=False)
class Reader:
    """Reads a stretch from one end; ``edge`` is the time of the last record it has met."""

    order: Order
    bounds: tuple[datetime | None, datetime | None]
    edge: datetime | None = None
    token: str | None = None
    met: int = 0
    """How many records the search under way has returned."""
    density: float = 0.0
    """Records a second in the last page."""
    is_busy: bool = False
    is_ended: bool = False

    @property
    def has_begun(self) -> bool:
        """Whether it has met a record."""
        return self.edge is not None

    def restart(self) -> bool:
        """Begin a new search from here; return False if that would be the same search again."""
        low, high = self.bounds
        if self.edge is not None:
            if self.order == "Descending":
                high = _ceiling(self.edge)
            else:
                low = _floor(self.edge)
            if self.bounds == (low, high):
                return False
            self.bounds = low, high
        self.token, self.met = None, 0
        return True


@dataclass(eq=False)
class Stretch:
    """The unread records between two readers; ``low`` reads upwards and ``high`` downwards."""

    low: Reader | None
    high: Reader
    low_edge: datetime | None = None
    """Where it begins, as long as ``low`` has met nothing."""
    high_edge: datetime | None = None

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The times between which records may be unread."""
        low = self.low.edge if self.low and self.low.has_begun else self.low_edge
        return low, self.high.edge if self.high.has_begun else self.high_edge

    @property
    def is_read(self) -> bool:
        """Whether nothing is left: a reader has come to its end, or the two have met."""
        if self.high.is_ended or (self.low is not None and self.low.is_ended):
            return True
        low, high = self.span
        # Records of one instant have no order, so both must have passed it.
        return low is not None and high is not None and high < low

    @property
    def is_instant(self) -> bool:
        """Whether all that is left is of one instant, which one reader has to read to its end."""
        low, high = self.span
        return low is not None and low == high

    @property
    def densities(self) -> list[float]:
        """How many records there are a second, by what its readers have read."""
        return [r.density for r in (self.low, self.high) if r is not None and r.density]

    def expected(self, density: float) -> float:
        """Estimate how many records are left; ``density`` is used if neither reader has one."""
        low, high = self.span
        if low is None or high is None:
            return 0.0
        known = self.densities
        return (high - low).total_seconds() * (sum(known) / len(known) if known else density)


@dataclass(frozen=True, eq=False)
class Step:
    """One call: a page of a search by time of creation."""

    reader: Reader
    expression: Expression
    order: Order
    token: str | None


@dataclass
class Windows:
    """The searches of one expression. ``next_step``, then ``take`` or ``refused``; not threadsafe.

    What was read stays read after a failure: ``resume`` and go on.
    """

    expression: Expression
    hits: int | None = None
    result_window: int = RESULT_WINDOW
    """Records that one search gives out at most."""
    _stretches: list[Stretch] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stretches.append(Stretch(None, Reader("Descending", (None, None))))

    @property
    def is_read(self) -> bool:
        """Whether everything has been read."""
        return not self._stretches

    @property
    def is_met(self) -> bool:
        """Whether the first page has been read."""
        return not self._stretches or any(stretch.high.has_begun for stretch in self._stretches)

    def next_step(self, is_idle: bool) -> Step | None:
        """Return a call worth making now; None while there is none.

        Parameters
        ----------
        is_idle : bool
            Whether more calls may be under way than there are readers: then one is added.
        """
        readers = [reader for stretch in self._stretches for reader in _active(stretch)]
        for reader in readers:
            if reader.token is not None and not reader.is_busy:
                return self._step(reader)
        for reader in readers:
            if not reader.is_busy:
                return self._step(reader)
        added = self._add_reader() if is_idle else None
        return self._step(added) if added is not None else None

    def take(
        self, step: Step, times: Sequence[datetime], token: str | None, hits: int | None = None
    ) -> None:
        """Note a page that was read: the times of creation of its records, in its order.

        Raises
        ------
        InvalidRequest
            If SageMaker does not give out all records of one second.
        """
        reader = step.reader
        reader.is_busy = False
        if hits is not None and step.expression is self.expression:
            self.hits = hits
        if times:
            reader.edge = times[-1]
            reader.met += len(times)
            elapsed = abs((times[-1] - times[0]).total_seconds())
            reader.density = len(times) / max(elapsed, 0.001)
        reader.token = token
        is_anew = reader.met + PAGE > self.result_window and reader.restart()
        if reader.met >= self.result_window and token is None:
            raise InvalidRequest(
                f"More than {self.result_window} trial components were created in one second, and "
                "SageMaker does not give them all out. Open their trials one by one.",
                field="experiments",
            )
        reader.is_ended = token is None and not is_anew
        self._stretches = [stretch for stretch in self._stretches if not stretch.is_read]

    def refused(self, step: Step) -> bool:
        """Note a refused call; return True if it may work without its token, which may be stale."""
        step.reader.is_busy = False
        if step.token is None:
            return False
        step.reader.restart()
        step.reader.token, step.reader.met = None, 0
        return True

    def resume(self) -> None:
        """Prepare to go on after a while, without the tokens: they may be stale."""
        for stretch in self._stretches:
            for reader in (stretch.low, stretch.high):
                if reader is not None:
                    reader.is_busy = False
                    reader.restart()
                    reader.token, reader.met = None, 0

    def _step(self, reader: Reader) -> Step:
        reader.is_busy = True
        expression = self.expression
        if reader.bounds != (None, None):
            expression = between(expression, *reader.bounds)
        return Step(reader, expression, reader.order, reader.token)

    def _add_reader(self) -> Reader | None:
        """Return one more reader: at the far end of a stretch, or in the middle of the longest."""
        for stretch in self._stretches:
            # Only the first page tells whether there is another.
            if stretch.low is None and stretch.high.has_begun and not stretch.is_instant:
                stretch.low = Reader("Ascending", (None, _up(stretch.high.edge)))
                return stretch.low
        known = [density for stretch in self._stretches for density in stretch.densities]
        density = sum(known) / len(known) if known else 0.0
        # If one cannot be halved, another may be.
        for stretch in sorted(self._stretches, key=lambda one: -one.expected(density)):
            if stretch.expected(density) < WORTH_HALVING:
                return None
            if (added := self._halve(stretch)) is not None:
                return added
        return None

    def _halve(self, stretch: Stretch) -> Reader | None:
        low, high = stretch.span
        assert low is not None  # there is an expectation
        assert high is not None
        middle = _floor(low + (high - low) / 2)
        if not low + SECOND < middle < high - SECOND:
            return None
        downwards = Reader("Descending", (_floor(low), middle))
        upwards = Reader("Ascending", (middle, _ceiling(high)))
        at = self._stretches.index(stretch)
        self._stretches[at : at + 1] = [
            Stretch(upwards, stretch.high, middle, high),
            Stretch(stretch.low, downwards, low, middle),
        ]
        return upwards


def _active(stretch: Stretch) -> Iterator[Reader]:
    yield stretch.high
    if stretch.low is not None and not stretch.is_instant:
        yield stretch.low


def expressions_of(origin: Origin) -> Iterator[Expression]:
    """Yield the searches that together find every trial component of an origin."""
    yield from any_of("Parents.ExperimentName", origin.experiments)
    yield from any_of("Parents.TrialName", origin.trials)
    if origin.unassigned:
        yield {"Filters": [{"Name": "Parents.TrialName", "Operator": "NotExists"}]}


def between(expression: Expression, low: datetime | None, high: datetime | None) -> Expression:
    """Return the same search for what was created between two times, both included."""
    added = [
        condition("CreationTime", operator, time_text(instant))
        for operator, instant in (("GreaterThanOrEqualTo", low), ("LessThanOrEqualTo", high))
        if instant is not None
    ]
    return {**expression, "Filters": [*expression.get("Filters", ()), *added]}


def any_of(name: str, values: Sequence[str]) -> Iterator[Expression]:
    """Yield the searches that find what has one of some values."""
    for first in range(0, len(values), MAX_SEARCH_FILTERS):
        some = values[first : first + MAX_SEARCH_FILTERS]
        either = [condition(name, "Equals", value) for value in some]
        if len(either) == 1:
            yield {"Filters": either}
        else:
            yield {"SubExpressions": [{"Filters": either, "Operator": "Or"}]}


def condition(name: str, operator: str, value: str) -> dict[str, str]:
    """Return one condition of a search expression."""
    return {"Name": name, "Operator": operator, "Value": value}


def time_text(instant: datetime) -> str:
    """Return a time in the form that Search takes (SageMaker API Reference), in UTC."""
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def _floor(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def _ceiling(instant: datetime) -> datetime:
    floor = _floor(instant)
    return floor if floor == instant else floor + SECOND


def _up(instant: datetime | None) -> datetime | None:
    return None if instant is None else _ceiling(instant)
