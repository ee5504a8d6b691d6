"""SageMaker's six statistics of a metric: said here once, with their members and labels.

What follows from this table: the menus and the setting in ``schema/table.json`` (written by
``python3 dev.py docs``), the words of the command line and of the magics, the headers of exports,
the columns of a table in memory, and the searches of the local service.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Statistic = Literal["Last", "Max", "Min", "Avg", "StdDev", "Count"]
"""A metric statistic, in SageMaker's spelling and order."""


class StatisticNames(NamedTuple):
    """What a statistic is called: as a member of ours or a column of the store, and in menus."""

    member: str
    label: str


STATISTICS: dict[Statistic, StatisticNames] = {
    "Last": StatisticNames("last", "Last value"),
    "Max": StatisticNames("max", "Maximum"),
    "Min": StatisticNames("min", "Minimum"),
    "Avg": StatisticNames("avg", "Average"),
    "StdDev": StatisticNames("std_dev", "Standard deviation"),
    "Count": StatisticNames("count", "Count"),
}
"""All statistics, in the order of the menu Data aggregation.

Source: SageMaker API Reference, TrialComponentMetricSummary, whose members the keys are.
"""

STATISTIC_BY_LABEL: dict[str, Statistic] = {
    names.label: statistic for statistic, names in STATISTICS.items()
}
