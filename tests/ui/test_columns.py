"""Columns of the trial component list: what they show, in which format, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.ui.harness import (
    Lab,
    close_menu,
    close_tab,
    expect_equal,
    finish_command,
    main_panel,
    menu_item,
    open_sidebar,
    opened_dialog,
    reload_lab,
)
from tests.ui.table import (
    box_of,
    cell_below,
    drag,
    expect_cells,
    grid,
    open_table,
    reset,
    wait_for_clipboard,
)

EPOCHS = """
import time
import boto3

sm = boto3.client("sagemaker")
metrics = boto3.client("sagemaker-metrics")
NOW = int(time.time())

def component(name, display_name, **members):
    sm.create_trial_component(TrialComponentName=name, DisplayName=display_name, **members)
    sm.associate_trial_component(TrialComponentName=name, TrialName="columns-trial")

def log(name, metric, values):
    metrics.batch_put_metrics(TrialComponentName=name, MetricData=[
        {"MetricName": metric, "Timestamp": NOW, "Step": step, "Value": value}
        for step, value in enumerate(values)
    ])

sm.create_experiment(ExperimentName="columns")
sm.create_trial(TrialName="columns-trial", ExperimentName="columns")
component("columns-preprocessing", "Preprocessing")
for name, accuracy, loss in (
    ("columns-a", [0.5, 0.9, 0.7], [1.0, 0.4, 0.1]),
    ("columns-b", [0.6, 0.65, 0.8], [0.9, 0.7, 0.6]),
    ("columns-c", [0.95, 0.6, 0.6], [0.8, 0.3, 0.2]),
):
    component(name, name, Parameters={"epochs": {"NumberValue": 3},
                                      "optimizer": {"StringValue": "sgd"}})
    log(name, "test:accuracy", accuracy)
    log(name, "test:loss", loss)
"""

WIDE = """
import boto3

sm = boto3.client("sagemaker")
sm.create_experiment(ExperimentName="columns-wide")
sm.create_trial(TrialName="columns-wide-trial", ExperimentName="columns-wide")
for index in range(3):
    name = f"columns-wide-{index}"
    parameters = {f"p{n:03d}": {"NumberValue": index * 1000 + n} for n in range(300)}
    sm.create_trial_component(TrialComponentName=name, Parameters=parameters)
    sm.associate_trial_component(TrialComponentName=name, TrialName="columns-wide-trial")
"""

BEST_ACCURACY = "At the maximum of test:accuracy"
pytestmark = pytest.mark.usefixtures("shared_page")


@pytest.fixture(scope="module")
def logged(lab: Lab) -> str:
    """Log three trainings, step by step, and a preprocessing without metrics."""
    lab.script(EPOCHS)
    return "columns"


@pytest.fixture(scope="module")
def wide(lab: Lab) -> str:
    """Log three trial components with 300 parameters."""
    lab.script(WIDE)
    return "columns-wide"


@pytest.fixture
def table(page: Page, logged: str) -> Iterator[Locator]:
    """Open the table of the trainings in the view that it has at first, and return its tab."""
    table = open_table(page, experiments=[logged])
    yield table
    reset(table)


def header(table: Locator, name: str, content: str = "") -> Locator:
    """Return a header by its label and, for a metric, the small type below."""
    pattern = re.compile(rf"^{re.escape(name)}(\s|\d)*{re.escape(content)}$")
    return table.get_by_role("columnheader", name=pattern)


def choose(page: Page, head: Locator, *path: str) -> None:
    head.click(button="right")
    menu_item(page, *path)


def test_a_metric_is_shown_twice_and_each_column_is_its_own(page: Page, table: Locator) -> None:
    last = header(table, "test:accuracy", "Last value")
    choose(page, last, "Add as another column", "Maximum")
    best = header(table, "test:accuracy", "Maximum")
    expect(best).to_have_attribute(
        "aria-colindex", str(int(last.get_attribute("aria-colindex") or 0) + 1)
    )
    best.click()
    expect(best).to_have_attribute("aria-sort", "descending")
    expect(last).not_to_have_attribute("aria-sort", re.compile("."))
    expect_cells(table, best, ["0.95", "0.90", "0.80", ""])
    expect_cells(table, last, ["0.6", "0.7", "0.8", ""])
    choose(page, best, "Format", "Percent")
    expect_cells(table, best, ["95.00%", "90.00%", "80.00%", ""])
    expect_cells(table, last, ["0.6", "0.7", "0.8", ""])
    best.focus()
    width = width_of(best)
    page.keyboard.press("Shift+ArrowRight")
    expect(best).to_have_css("width", f"{width + 16:.0f}px")

    reload_lab(page)
    again = main_panel(page)
    expect(header(again, "test:accuracy", "Maximum")).to_have_attribute("aria-sort", "descending")
    expect_cells(again, header(again, "test:accuracy", "Maximum"), ["95.00%", "90.00%", "80.00%"])
    choose(page, header(again, "test:accuracy", "Maximum"), "Hide")
    expect(header(again, "test:accuracy", "Maximum")).to_have_count(0)
    expect(header(again, "test:accuracy", "Last value")).to_have_count(1)


def test_all_numbers_are_of_the_best_epoch(page: Page, table: Locator) -> None:
    loss = header(table, "test:loss", "Last value")
    choose(page, loss, "At the best step of", BEST_ACCURACY)
    loss = header(table, "test:loss", BEST_ACCURACY)
    loss.click()
    expect(loss).to_have_attribute("aria-sort", "descending")
    expect_cells(table, loss, ["0.8", "0.6", "0.4", ""])
    loss.click(button="right")
    page.get_by_text("At the best step of", exact=True).hover()
    entry = page.locator(".lm-Menu").nth(1).get_by_role("menuitemcheckbox")
    expect(entry.filter(has_text=BEST_ACCURACY)).to_have_attribute("aria-checked", "true")
    close_menu(page)
    choose(page, loss, "Copy values")
    wait_for_clipboard(page, "0.8\n0.6\n0.4\n")
    choose(page, loss, "Data aggregation", "Minimum")
    expect_cells(table, header(table, "test:loss", "Minimum"), ["0.6", "0.2", "0.1", ""])


def test_a_comparison_has_the_columns_and_formats_of_the_table(page: Page, table: Locator) -> None:
    loss = header(table, "test:loss", "Last value")
    choose(page, loss, "Add as another column", "Maximum")
    choose(page, header(table, "test:loss", "Maximum"), "Format", "Percent")
    choose(page, loss, "At the best step of", BEST_ACCURACY)
    choose(page, header(table, "optimizer"), "Hide")
    best = header(table, "test:loss", BEST_ACCURACY)
    best.click()
    expect_cells(table, best, ["0.8", "0.6", "0.4"])
    name = header(table, "Trial component")
    cell_below(table, 0, name).click()
    cell_below(table, 1, name).click(modifiers=["Control"])
    cell_below(table, 1, name).click(button="right")
    menu_item(page, "Compare")
    side = main_panel(page)
    lines = side.get_by_role("row").filter(has_text="test:loss")
    expect(lines).to_have_text(
        [
            re.compile(rf"^test:loss{BEST_ACCURACY}≠0\.80\.6−0\.2$"),
            re.compile(r"^test:lossMaximum≠80\.00%90\.00%\+10\.00%$"),
        ]
    )
    expect(side.get_by_role("rowheader", name="optimizer")).to_have_count(0)
    side.get_by_label("Hidden columns too").check()
    expect(side.get_by_role("rowheader", name="optimizer")).to_be_visible()
    close_tab(page, "Compare")


def test_what_a_column_cannot_show_is_disabled_with_the_reason(
    page: Page, table: Locator, logged: str
) -> None:
    def reason(label: str, entry: str) -> Locator:
        page.get_by_text(label, exact=True).hover()
        menu = page.locator(".lm-Menu").nth(1)
        return menu.locator("li.lm-Menu-item", has_text=entry).first

    header(table, "optimizer").click(button="right")
    expect(reason("Add as another column", "Maximum")).to_have_attribute(
        "title", "Only metrics have statistics"
    )
    expect(reason("At the best step of", BEST_ACCURACY)).to_have_attribute(
        "title", "Only metrics have steps"
    )
    expect(reason("Format", "Percent")).to_have_attribute("title", "Only numbers have a format")
    close_menu(page)

    # The local service keeps every point; SageMaker may know nothing but the statistics.
    def unlogged(route: Route) -> None:
        route.fulfill(json={"metric": "metric:test:loss", "logged": False})

    page.route("**/series?*", unlogged)
    table = open_table(page, experiments=[logged], newTab=True)
    header(table, "test:loss", "Last value").click(button="right")
    expect(reason("At the best step of", BEST_ACCURACY)).to_have_attribute(
        "title", "No steps were logged for test:loss"
    )
    close_menu(page)
    page.unroute("**/series?*", unlogged)
    finish_command(page, "application:close")


def left_of(part: Locator) -> float:
    """Return where a part begins, in CSS pixels from the left of the window."""
    return box_of(part)["x"]


def width_of(part: Locator) -> float:
    """Return the width of a part, in CSS pixels."""
    return box_of(part)["width"]


def test_a_pinned_column_stays_while_the_others_are_scrolled(page: Page, wide: str) -> None:
    table = open_table(page, experiments=[wide])
    name = header(table, "Trial component")
    choose(page, name, "Pin")
    expect(name).to_have_attribute("aria-colindex", "1")
    left = left_of(name)
    cell_below(table, 0, name).click()
    page.keyboard.press("Control+End")
    last = header(table, "p299")
    expect(last).to_be_visible()
    expect_cells(table, last, ["2299", "1299", "299"])
    expect_equal(lambda: left_of(name), left)
    expect(cell_below(table, 0, name)).to_be_visible()
    expect_equal(lambda: table.get_by_role("gridcell").count() < 200, True)
    expect(table.locator('[role=row][aria-rowindex="4"] [aria-colindex="309"]')).to_be_focused()
    # The way back: no cell hides below the pinned ones.
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    focused = table.locator('[role=row][aria-rowindex="4"] [aria-colindex="297"]')
    expect(focused).to_be_focused()
    pinned = box_of(name)
    right = pinned["x"] + pinned["width"]
    expect_equal(lambda: left_of(focused) >= right, True)
    # What is dropped on a pinned column is pinned too.
    grid(table).evaluate("grid => { grid.scrollLeft = 0; }")
    # The first column beside the pinned one: the grid has been drawn there again.
    expect_equal(lambda: left_of(header(table, "Status")) >= right, True)
    source = box_of(header(table, "Status"))
    middle = source["y"] + source["height"] / 2
    drag(page, (source["x"] + 20, middle), (pinned["x"] + 5, middle))
    expect(header(table, "Status")).to_have_attribute("aria-colindex", "1")
    expect(name).to_have_attribute("aria-colindex", "2")
    choose(page, header(table, "Status"), "Pin")
    choose(page, name, "Pin")
    expect(header(table, "Status")).to_have_attribute("aria-colindex", "1")
    expect(name).to_have_attribute("aria-colindex", "5")


def test_a_pinned_column_stays_at_the_right_where_people_read_from_there(
    page: Page, wide: str
) -> None:
    table = open_table(page, experiments=[wide])
    table.evaluate("node => { node.dir = 'rtl'; }")
    name = header(table, "Trial component")
    choose(page, name, "Pin")
    expect(name).to_have_attribute("aria-colindex", "1")
    frame = box_of(grid(table))
    right = frame["x"] + frame["width"]
    expect_equal(lambda: right - left_of(name) - width_of(name) < 20, True)
    left = left_of(name)
    cell_below(table, 0, name).click()
    page.keyboard.press("Control+End")
    expect(header(table, "p299")).to_be_visible()
    expect_equal(lambda: left_of(name), left)
    table.evaluate("node => { node.dir = ''; }")
    reset(table)


def test_tags_of_several_rows_are_edited_and_shown_at_once(page: Page, table: Locator) -> None:
    name = header(table, "Trial component")
    name.click()
    expect_cells(table, name, ["columns-a", "columns-b", "columns-c", "Preprocessing"])
    cell_below(table, 0, name).click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+F10")
    menu_item(page, "Edit tags…")
    dialog = opened_dialog(page, "Tags of 2 trial components")
    dialog.get_by_role("textbox", name="Key").fill("aws:owner")
    dialog.get_by_role("textbox", name="Value of aws:owner").fill("ada")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Keys that start with aws: belong to AWS")
    dialog.get_by_role("textbox", name="Key").fill("owner")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect_cells(table, header(table, "owner"), ["ada", "ada", "", ""])
    cell_below(table, 0, name).click()
    cell_below(table, 0, name).click(button="right")
    menu_item(page, "Edit tags…")
    dialog = opened_dialog(page, "Tags of columns-a")
    expect(dialog.get_by_role("textbox", name="Value of owner")).to_have_value("ada")
    dialog.get_by_role("button", name="Remove tag owner").click()
    dialog.get_by_role("button", name="Add tag").click()
    expect(dialog.get_by_role("textbox", name="Key").last).to_be_focused()
    page.keyboard.type("paper")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect_cells(table, header(table, "owner"), ["", "ada", "", ""])


def test_names_descriptions_and_trials_are_edited_in_the_browser(
    page: Page, lab: Lab, logged: str
) -> None:
    lab.script(
        "import boto3\nsm = boto3.client('sagemaker')\n"
        "sm.create_trial(TrialName='columns-other', ExperimentName='columns')\n"
    )
    panel = open_sidebar(page)
    entry = panel.get_by_role("row", name=re.compile("^columns "))
    entry.click(button="right")
    menu_item(page, "Edit description and tags…")
    dialog = opened_dialog(page, "Edit columns")
    dialog.get_by_role("textbox", name="Display name").fill("Columns of tables")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("letters, digits and hyphens")
    dialog.get_by_role("textbox", name="Display name").fill("Columns-of-tables")
    dialog.get_by_role("textbox", name="Description").fill("Three trainings")
    dialog.get_by_role("textbox", name="Key").fill("team")
    dialog.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("row", name=re.compile("Columns-of-tables"))).to_have_count(1)
    renamed = panel.get_by_role("row", name=re.compile("Columns-of-tables"))
    renamed.dblclick()
    panel.get_by_role("row", name=re.compile("columns-trial")).dblclick()
    panel.get_by_role("row", name=re.compile("Preprocessing")).click(button="right")
    menu_item(page, "Associate with trial…")
    dialog = opened_dialog(page, "Associate Preprocessing with a trial")
    dialog.get_by_role("combobox", name="Trial").fill("columns-o")
    dialog.get_by_role("option", name="columns-other").click()
    dialog.get_by_role("button", name="Associate").click()
    expect(dialog).to_have_count(0)
    trials = lab.script(
        "import boto3\nsm = boto3.client('sagemaker')\n"
        "found = sm.list_trials(TrialComponentName='columns-preprocessing')['TrialSummaries']\n"
        "print(sorted(trial['TrialName'] for trial in found))\n"
        "print(sm.describe_experiment(ExperimentName='columns')['Description'])\n"
    )
    assert trials.splitlines() == ["['columns-other', 'columns-trial']", "Three trainings"]
