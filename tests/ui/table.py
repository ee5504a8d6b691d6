"""Opens a trial component list, and finds its parts on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.ui.harness import copied_text, expect_equal, finish_command, main_panel, menu_item

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
    """Open a table by the command of the browser's menu. Return its tab once it has its rows."""
    # Before the command has ended, another table may still be in front.
    finish_command(page, "smx-lab:open-table", {"connectionId": "local", **origin})
    panel = main_panel(page)
    expect(grid(panel)).to_have_attribute("aria-busy", "false")
    return panel


def grid(table: Locator) -> Locator:
    """Return the rows and columns of a table, with their headers. Groups make it a tree."""
    return table.get_by_role("grid").or_(table.get_by_role("treegrid"))


def header(table: Locator, name: str) -> Locator:
    """Return a header by its label. Below that of a metric stands its aggregation."""
    pattern = re.compile(rf"^{re.escape(name)}\s*({'|'.join(AGGREGATIONS)})?$")
    return grid(table).get_by_role("columnheader", name=pattern)


def expect_headers(table: Locator, names: list[str]) -> None:
    """Wait until these are the columns, from left to right; without their aggregations."""
    found = grid(table).get_by_role("columnheader")
    expect_equal(lambda: [text.split("\n")[0] for text in found.all_inner_texts()], names)


def rows(table: Locator) -> Locator:
    return grid(table).locator('[role=row][aria-rowindex]:not([aria-rowindex="1"])')


def row(table: Locator, index: int) -> Locator:
    """Return a row by its place, from 0."""
    return grid(table).locator(f'[role=row][aria-rowindex="{index + 2}"]')


def cells(table: Locator, head: Locator) -> Locator:
    """Return the cells below a header. Their order is not always that of the rows."""
    place = head.get_attribute("aria-colindex")
    return grid(table).locator(f'[role=gridcell][aria-colindex="{place}"]')


def cell(table: Locator, index: int, column: str) -> Locator:
    """Return a cell by its row's place, from 0, and its column's label."""
    return cell_below(table, index, header(table, column))


def cell_below(table: Locator, index: int, head: Locator) -> Locator:
    """Return a cell by its row's place, from 0, and the header above it."""
    place = head.get_attribute("aria-colindex")
    return row(table, index).locator(f'[role=gridcell][aria-colindex="{place}"]')


def column(table: Locator, head: Locator, first: int | None = None) -> list[str]:
    """Return the values below a header, from the top; without the notes beside them.

    ``first`` limits it to the first rows of the table.
    """
    texts: list[str] = cells(table, head).evaluate_all(COLUMN_TEXTS, first)
    return texts


COLUMN_TEXTS = """(cells, first) => cells
  .map(cell => [
    Number(cell.parentElement.ariaRowIndex) - 2,
    cell.querySelector('.smx-TableGrid-text, .smx-Name-text')?.innerText ?? ''
  ])
  .filter(([row]) => first === null || row < first)
  .sort(([one], [other]) => one - other)
  .map(([_, text]) => text.trim())
"""


def expect_cells(table: Locator, head: Locator, texts: list[str]) -> None:
    """Wait until the first rows show these values below a header."""
    expect_equal(lambda: column(table, head, len(texts)), texts)


def expect_column(table: Locator, name: str, texts: list[str]) -> None:
    """Wait until the first rows show these values in a column."""
    expect_cells(table, header(table, name), texts)


def properties(table: Locator) -> Locator:
    """Open TABLE PROPERTIES, and return the pane."""
    pane = table.get_by_role("region", name="Table properties")
    if not pane.is_visible():
        table.get_by_role("button", name="Table properties").click()
    expect(pane).to_be_visible()
    return pane


def aggregate(page: Page, table: Locator, label: str) -> None:
    """Choose what the column test:accuracy shows."""
    header(table, "test:accuracy").click(button="right")
    menu_item(page, "Data aggregation", label)
    expect(header(table, "test:accuracy")).to_contain_text(label)


def menu_entries(page: Page) -> Locator:
    """Return the entries of the context menu that is open."""
    return page.locator(".lm-Menu").first.locator("li.lm-Menu-item[data-type=command]")


def wait_for_clipboard(page: Page, text: str) -> None:
    """Wait until a text has been copied."""
    expect_equal(lambda: copied_text(page), text)


def box_of(part: Locator) -> FloatRect:
    """Return where a part is in the window, in CSS pixels."""
    box = part.bounding_box()
    assert box is not None
    return box


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag from a place in the window to another."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def reset(table: Locator) -> None:
    """Reset the view to that of a table which is opened for the first time."""
    pane = properties(table)
    pane.get_by_role("button", name="Reset").click()
    table.get_by_role("button", name="Table properties").click()
    expect(pane).to_be_hidden()


@contextmanager
def fresh_table(page: Page, **origin: object) -> Iterator[Locator]:
    """Open a table in the view that it has at first, and close it at the end."""
    table = open_table(page, **origin)
    reset(table)
    yield table
    finish_command(page, "application:close")
