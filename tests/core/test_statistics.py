"""The one table of a metric's statistics, and what has to follow it."""

import json
from typing import get_args

import numpy as np

from devtools import schema
from smx_lab.core.entities import MetricSummary
from smx_lab.core.search_record import SearchedMetric
from smx_lab.core.statistics import STATISTIC_BY_LABEL, STATISTICS, Statistic
from smx_lab.core.table.columns.columns import MetricColumn


def test_the_table_has_each_statistic_of_the_type_in_its_order():
    assert tuple(STATISTICS) == get_args(Statistic)
    assert [STATISTIC_BY_LABEL[names.label] for names in STATISTICS.values()] == list(STATISTICS)


def test_each_statistic_is_a_member_of_a_metric_wherever_it_comes_from():
    members = [names.member for names in STATISTICS.values()]
    assert [m for m in members if m not in MetricSummary.__struct_fields__] == []
    assert [m for m in members if m not in SearchedMetric.__struct_fields__] == []


def test_a_searched_metric_has_the_statistics_in_their_order():
    members = tuple(names.member for names in STATISTICS.values())
    assert SearchedMetric.__struct_fields__ == ("metric_name", *members, "epoch_s")


def test_a_column_keeps_each_statistic_under_its_own_name():
    column = MetricColumn(1)
    column.write(
        np.array([0]), [SearchedMetric("loss", last=1, max=6, min=0.5, avg=2, std_dev=3, count=4)]
    )
    kept = {
        statistic: array.take(np.array([0])).tolist()
        for statistic, array in column.statistics.items()
    }
    assert kept == {
        "Last": [1], "Max": [6], "Min": [0.5], "Avg": [2], "StdDev": [3], "Count": [4],
    }  # fmt: skip


def test_the_schema_of_the_table_lists_them_all():
    assert schema.main(["--check"]) == 0


def test_a_schema_without_a_statistic_is_told_from_a_whole_one():
    whole = json.loads(schema.SCHEMA.read_text(encoding="utf-8"))
    torn = json.loads(json.dumps(whole))
    torn["properties"]["statistic"]["oneOf"].pop()
    assert schema.with_statistics(torn) == whole
