"""A trial component list in the browser: what is in it, how it is opened, where its parts are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from tests.ui.harness import main_panel, menu_item, run_command

DIGITS = """
import time
import boto3

sm = boto3.client("sagemaker")
metrics = boto3.client("sagemaker-metrics")
EXPERIMENT = "table-digits"
NOW = int(time.time())

def component(name, display_name, trials, **members):
    sm.create_trial_component(TrialComponentName=name, DisplayName=display_name, **members)
    for trial in trials:
        sm.associate_trial_component(TrialComponentName=name, TrialName=trial)

def log(name, metric, values):
    metrics.batch_put_metrics(TrialComponentName=name, MetricData=[
        {"MetricName": metric, "Timestamp": NOW, "Step": step, "Value": value}
        for step, value in enumerate(values)
    ])

sm.create_experiment(ExperimentName=EXPERIMENT)
TRIALS = [f"table-digits-hidden-channels-{n}" for n in (2, 5, 10)]
for trial in TRIALS:
    sm.create_trial(TrialName=trial, ExperimentName=EXPERIMENT)
component("table-preprocessing", "Preprocessing", TRIALS,
          Parameters={"normalization_mean": {"NumberValue": 0.1307}},
          InputArtifacts={"dataset": {"Value": "s3://bucket/digits"}})
for trial, channels, optimizer, accuracy in zip(
    TRIALS, (2, 5, 10), ("sgd", "adam", "sgd"), ([95.5, 97.25, 96.125], [90.0, 98.5, 91.0],
                                                 [97.0, 97.5, 97.625])
):
    name = f"table-training-{channels}"
    component(name, "Training", [trial], Status={"PrimaryStatus": "Completed"},
              StartTime=NOW - 60, EndTime=NOW,
              Parameters={"hidden_channels": {"NumberValue": channels},
                          "optimizer": {"StringValue": '"%s"' % optimizer}})
    log(name, "test:accuracy", accuracy)
"""
"""Logs three trials with a training each, and a preprocessing that all three share."""

SWEEP = """
from concurrent.futures import ThreadPoolExecutor
import boto3

sm = boto3.client("sagemaker")
sm.create_experiment(ExperimentName="table-sweep")
sm.create_trial(TrialName="table-sweep-trial", ExperimentName="table-sweep")

def component(index):
    name = f"table-sweep-{index:04d}"
    parameters = {f"parameter_{n:02d}": {"NumberValue": index + n / 100} for n in range(30)}
    sm.create_trial_component(TrialComponentName=name, Parameters=parameters)
    sm.associate_trial_component(TrialComponentName=name, TrialName="table-sweep-trial")

with ThreadPoolExecutor(8) as pool:
    list(pool.map(component, range(450)))
"""
"""Logs 450 trial components with 30 parameters."""

AGGREGATIONS = ("Last value", "Maximum", "Minimum", "Average", "Standard deviation", "Count")


def open_table(page: Page, **origin: object) -> Locator:
    """Execute the command that the browser's menu has; answer the tab once it has its rows."""
    run_command(page, "smx-lab:open-table", {"connectionId": "local", **origin})
    panel = main_panel(page)
    expect(panel.get_by_role("grid")).to_have_attribute("aria-busy", "false")
    return panel


def grid(table: Locator) -> Locator:
    """Return the rows and columns of a table, with their headers."""
    return table.get_by_role("grid")


def header(table: Locator, name: str) -> Locator:
    # The name of a metric's header ends with its aggregation.
    pattern = re.compile(rf"^{re.escape(name)}\s*({'|'.join(AGGREGATIONS)})?$")
    return grid(table).get_by_role("columnheader", name=pattern)


def headers(table: Locator) -> list[str]:
    """Return the names of the columns, without their aggregations."""
    texts = grid(table).get_by_role("columnheader").all_inner_texts()
    return [text.split("\n")[0] for text in texts]


def rows(table: Locator) -> Locator:
    return grid(table).locator('[role=row][aria-rowindex]:not([aria-rowindex="1"])')


def row(table: Locator, index: int) -> Locator:
    """Return a row by its place, from 0."""
    return grid(table).locator(f'[role=row][aria-rowindex="{index + 2}"]')


def cell(table: Locator, index: int, column: str) -> Locator:
    place = header(table, column).get_attribute("aria-colindex")
    return row(table, index).locator(f'[role=gridcell][aria-colindex="{place}"]')


def column(table: Locator, name: str) -> list[str]:
    """Return the texts of a column, from the top."""
    place = header(table, name).get_attribute("aria-colindex")
    cells = grid(table).locator(f'[role=gridcell][aria-colindex="{place}"]')
    found: dict[int, str] = dict(
        cells.evaluate_all(
            "cells => cells.map(c => [Number(c.parentElement.ariaRowIndex), c.innerText.trim()])"
        )
    )
    return [found[index] for index in sorted(found)]


def expect_column(table: Locator, name: str, texts: list[str]) -> None:
    for index, text in enumerate(texts):
        expect(cell(table, index, name)).to_have_text(text)


def properties(table: Locator) -> Locator:
    """Open TABLE PROPERTIES."""
    pane = table.get_by_role("region", name="Table properties")
    if not pane.is_visible():
        table.get_by_role("button", name="Table properties").click()
    return pane


def aggregate(page: Page, table: Locator, label: str) -> None:
    header(table, "test:accuracy").click(button="right")
    menu_item(page, "Data aggregation", label)
    expect(header(table, "test:accuracy")).to_contain_text(label)


def menu_entries(page: Page) -> Locator:
    return page.locator(".lm-Menu").first.locator("li.lm-Menu-item[data-type=command]")


def wait_for_clipboard(page: Page, text: str) -> None:
    page.wait_for_function(
        "text => navigator.clipboard.readText().then(found => found === text)", arg=text
    )


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def reset(table: Locator) -> None:
    """Have the table as it is when it is opened for the first time."""
    pane = properties(table)
    pane.get_by_role("button", name="Reset").click()
    table.get_by_role("button", name="Table properties").click()
    expect(pane).to_be_hidden()


@contextmanager
def fresh_table(page: Page, **origin: object) -> Iterator[Locator]:
    """Open a table on a page that had it before, in its first state; close it at the end."""
    table = open_table(page, **origin)
    reset(table)
    yield table
    run_command(page, "application:close")
