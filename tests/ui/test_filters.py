"""Filters of the trial component list and of the experiments browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.axe import check_accessible
from tests.ui.harness import (
    Lab,
    close_menu,
    expect_equal,
    finish_command,
    menu_item,
    open_sidebar,
    opened_dialog,
    reload_lab,
    set_theme,
)
from tests.ui.table import header, open_table, row, rows

RUNS = """
import time
import boto3

sm = boto3.client("sagemaker")
metrics = boto3.client("sagemaker-metrics")
NOW = int(time.time())
sm.create_experiment(ExperimentName="filters-digits")
for n in range(12):
    trial = f"filters-hidden-channels-{n}"
    sm.create_trial(TrialName=trial, ExperimentName="filters-digits")
    name = f"filters-training-{n}"
    sm.create_trial_component(
        TrialComponentName=name,
        DisplayName="Training" if n else "Preprocessing",
        **({"Status": {"PrimaryStatus": "Failed" if n % 4 == 3 else "Completed"}} if n else {}),
        Parameters={"hidden_channels": {"NumberValue": n},
                    "optimizer": {"StringValue": '"sgd"' if n % 2 else '"adam"'}},
        Tags=[{"Key": "Owner" if n < 5 else "owner", "Value": "Ada" if n % 3 else "Grace"}],
    )
    sm.associate_trial_component(TrialComponentName=name, TrialName=trial)
    metrics.batch_put_metrics(TrialComponentName=name, MetricData=[
        {"MetricName": "test:accuracy", "Timestamp": NOW, "Step": step, "Value": value}
        for step, value in enumerate((90 + n / 4, 95 - n / 4))
    ])
"""

TAGGED = """
import boto3

sm = boto3.client("sagemaker")
for name, owner in (("filters-mnist", "Ada"), ("filters-cifar", "Grace"), ("filters-churn", None)):
    tags = [{"Key": "filters-owner", "Value": owner}] if owner else []
    sm.create_experiment(ExperimentName=name, Tags=tags)
for trial in ("filters-two", "filters-five"):
    sm.create_trial(TrialName=trial, ExperimentName="filters-mnist")
sm.create_trial_component(TrialComponentName="filters-preprocessing")
sm.associate_trial_component(
    TrialComponentName="filters-preprocessing", TrialName="filters-two"
)
"""

EXPERIMENT = "filters-digits"
CHANNELS = "parameter:hidden_channels"
pytestmark = pytest.mark.usefixtures("shared_page")


@pytest.fixture(scope="module")
def logged(lab: Lab) -> None:
    """Log an experiment of twelve trial components, and three experiments with tags."""
    lab.script(RUNS)
    lab.script(TAGGED)


@pytest.fixture
def table(page: Page, logged: None) -> Iterator[Locator]:
    """Open the table of twelve trial components, without filters."""
    table = open_table(page, experiments=[EXPERIMENT])
    expect(rows(table)).to_have_count(12)
    yield table
    page.keyboard.press("Escape")  # a dialog that a failed test has left
    finish_command(page, "smx-lab:clear-table-filters")
    expect(chips(table)).to_have_count(0)


def box(table: Locator) -> Locator:
    return table.get_by_role("combobox", name="Search column name")


def chips(table: Locator) -> Locator:
    return table.get_by_role("list", name="Filters").get_by_role("listitem").filter(
        has=table.page.locator(".smx-FilterChip-text")
    )  # fmt: skip


def chip(table: Locator, text: str) -> Locator:
    return table.get_by_role("button", name=text, exact=True)


def remove(table: Locator, text: str) -> None:
    table.get_by_role("button", name=f"Remove the filter “{text}”").click()


def choose(table: Locator, text: str, option: str) -> Locator:
    """Type into the box, choose a column, and return its dialog."""
    box(table).fill(text)
    table.get_by_role("option", name=option, exact=True).click()
    return opened_dialog(table.page)


def apply(asked: Locator) -> None:
    """Apply the filter of a dialog, and wait until the dialog has closed."""
    asked.get_by_role("button", name="Apply").click()
    expect(asked).to_have_count(0)


def set_filters(page: Page, filters: list[dict[str, object]]) -> None:
    """Set filters which would take many dialogs."""
    page.evaluate(
        "filters => window.jupyterapp.shell.currentWidget.content.model.update("
        "view => ({ ...view, filters }))",
        filters,
    )


def test_the_box_lists_the_columns_as_one_types_and_the_keyboard_alone_sets_a_filter(
    page: Page, table: Locator
) -> None:
    row(table, 0).get_by_role("gridcell").first.click()
    page.keyboard.press("/")
    expect(box(table)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(box(table)).to_have_attribute("aria-expanded", "true")
    page.keyboard.type("acc")
    option = table.get_by_role("option")
    expect(option).to_have_count(1)
    expect(option).to_contain_text("test:accuracy")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    asked = opened_dialog(page)
    expect(asked).to_contain_text("Filter: test:accuracy (Last value)")
    expect(asked.get_by_role("combobox", name="Condition")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("a lot")
    page.keyboard.press("Enter")
    expect(asked.get_by_role("alert")).to_have_text("Enter a number, such as 0.5.")
    asked.get_by_role("textbox", name="Value").fill("94")
    page.keyboard.press("Enter")
    expect(asked).to_have_count(0)
    expect(chips(table)).to_have_text(["test:accuracy ≥ 94"])
    expect(rows(table)).to_have_count(5)
    expect(table.locator(".smx-TableHead")).to_contain_text("5 of 12 rows")
    expect(table.get_by_role("status").filter(has_text="5 of 12 rows.")).to_have_count(1)
    expect(box(table)).to_be_focused()
    page.keyboard.press("Escape")
    expect(table.locator("[role=gridcell]:focus, [role=columnheader]:focus")).to_have_count(1)


def test_values_to_choose_from_come_with_their_numbers_and_others_have_none(
    page: Page, table: Locator
) -> None:
    asked = choose(table, "status", "Status")
    expect(asked.get_by_role("checkbox", name="Completed 8")).not_to_be_checked()
    asked.get_by_role("button", name="Apply").click()
    expect(asked.get_by_role("alert")).to_have_text("Choose at least one value.")
    asked.get_by_role("checkbox", name="Others 1").check()
    asked.get_by_role("checkbox", name="Failed 3").check()
    apply(asked)
    expect(rows(table)).to_have_count(4)
    chip(table, "Status is Others or Failed").click()
    expect(asked.get_by_role("checkbox", name="Failed 3")).to_be_checked()
    asked.get_by_role("checkbox", name="Others 1").uncheck()
    apply(asked)
    expect(rows(table)).to_have_count(3)
    chip(table, "Status is Failed").click()
    expect(asked.get_by_role("checkbox").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(chip(table, "Status is Failed")).to_be_focused()
    remove(table, "Status is Failed")
    expect(rows(table)).to_have_count(12)


def test_a_metrics_filter_follows_the_aggregation_that_its_column_shows(
    page: Page, table: Locator
) -> None:
    header(table, "test:accuracy").click(button="right")
    menu_item(page, "Filter…")
    asked = opened_dialog(page)
    asked.get_by_role("textbox", name="Value").fill("94")
    apply(asked)
    expect(rows(table)).to_have_count(5)
    expect(table.locator("[role=columnheader]:focus")).to_contain_text("test:accuracy")
    header(table, "test:accuracy").click(button="right")
    menu_item(page, "Data aggregation", "Minimum")
    expect(chips(table)).to_have_text(["test:accuracy (Minimum) ≥ 94"])
    expect(rows(table)).to_have_count(0)
    expect(table).to_contain_text("No trial component matches these filters")
    table.get_by_role("button", name="Clear all").click()
    expect(rows(table)).to_have_count(12)
    header(table, "test:accuracy").click(button="right")
    menu_item(page, "Data aggregation", "Last value")


def test_names_from_three_letters_on_and_days_with_both_ends(page: Page, table: Locator) -> None:
    asked = choose(table, "trial", "Trial")
    asked.get_by_role("textbox", name="Contains").fill("-1")
    page.keyboard.press("Enter")
    expect(asked.get_by_role("alert")).to_have_text("Enter at least 3 letters.")
    asked.get_by_role("textbox", name="Contains").fill("CHANNELS-1")
    page.keyboard.press("Enter")
    expect(rows(table)).to_have_count(3)
    asked = choose(table, "created", "Created on")
    today = date.fromisoformat(str(page.evaluate("() => new Date().toLocaleDateString('sv')")))
    expect(asked).to_contain_text("Local time zone")
    asked.get_by_label("From Date").fill(today.isoformat())
    asked.get_by_label("To Date").fill((today - timedelta(days=1)).isoformat())
    page.keyboard.press("Enter")
    expect(asked.get_by_role("alert")).to_have_text("From Date is after To Date.")
    asked.get_by_label("To Date").fill(today.isoformat())
    apply(asked)
    expect(rows(table)).to_have_count(3)
    expect(chips(table)).to_have_count(2)
    chips(table).nth(1).locator(".smx-FilterChip-text").click()
    opened_dialog(page)
    asked.get_by_label("From Date").fill("")
    asked.get_by_label("To Date").fill((today - timedelta(days=1)).isoformat())
    apply(asked)
    expect(rows(table)).to_have_count(0)
    table.get_by_role("list", name="Filters").get_by_role("button", name="Clear all").click()
    expect(rows(table)).to_have_count(12)
    expect(box(table)).to_be_focused()


def test_tags_are_found_by_the_beginning_of_their_key_and_the_whole_value(
    page: Page, table: Locator
) -> None:
    asked = choose(table, "tags", "Tags")
    asked.get_by_role("combobox", name="Search tag key").fill("Ow")
    expect(asked.get_by_role("option")).to_have_text(["Owner"])
    asked.get_by_role("combobox", name="Search tag key").fill("")
    expect(asked.get_by_role("option")).to_have_count(2)
    page.keyboard.type("o")
    expect(asked.get_by_role("option")).to_have_text(["owner"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(asked.get_by_role("option")).to_have_text(["Ada5", "Grace2"])
    asked.get_by_role("combobox", name="Search tag value").fill("Gra")
    apply(asked)
    expect(chips(table)).to_have_text(["Tag owner is Gra"])
    expect(rows(table)).to_have_count(0)
    chip(table, "Tag owner is Gra").click()
    opened_dialog(page)
    asked.get_by_role("combobox", name="Search tag value").fill("Grace")
    page.keyboard.press("Enter")
    expect(chips(table)).to_have_text(["Tag owner is Grace"])
    expect(rows(table)).to_have_count(2)


def test_created_by_me_and_by_everyone_else(table: Locator) -> None:
    asked = choose(table, "by", "Created by")
    expect(asked.get_by_role("radio", name="Me")).to_be_checked()
    apply(asked)
    expect(chips(table)).to_have_text(["Created by is Me"])
    expect(rows(table)).to_have_count(12)
    asked = choose(table, "by", "Created by")
    asked.get_by_role("radio", name="Everyone else").check()
    apply(asked)
    expect(chips(table)).to_have_text(["Created by is Everyone else"])
    expect(rows(table)).to_have_count(0)


def test_a_row_that_a_filter_hides_is_not_selected_any_more(page: Page, table: Locator) -> None:
    row(table, 0).get_by_role("gridcell").first.click()
    page.keyboard.press("Control+a")
    expect(table).to_contain_text("12 rows selected")
    asked = choose(table, "optim", "optimizer Parameters")
    asked.get_by_role("combobox", name="Condition").select_option("is one of")
    asked.get_by_role("checkbox", name="sgd 6").check()
    apply(asked)
    expect(table).to_contain_text("6 rows selected")
    remove(table, "optimizer is sgd")
    expect(rows(table)).to_have_count(12)
    expect(table).to_contain_text("6 rows selected")


def test_filters_are_kept_across_a_reload_and_the_21st_is_refused(
    page: Page, table: Locator
) -> None:
    set_filters(
        page, [{"column": CHANNELS, "operator": "is_not", "values": [str(n)]} for n in range(20)]
    )
    expect(chips(table)).to_have_count(20)
    box(table).fill("hidden")
    table.get_by_role("option").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(table.get_by_role("alert")).to_have_text(
        "At most 20 filters can be set at once. Remove one to add another."
    )
    header(table, "Trial").click(button="right")
    entry = page.locator(".lm-Menu-item").filter(has_text="Filter…")
    expect(entry).to_have_attribute(
        "title", "At most 20 filters can be set at once. Remove one to add another."
    )
    close_menu(page)
    for number in (19, 18):
        remove(table, f"hidden_channels is not {number}")
    expect(chips(table)).to_have_count(18)
    expect(rows(table)).to_have_count(0)
    set_filters(page, [{"column": CHANNELS, "operator": "gt", "values": ["1"]}])
    expect(rows(table)).to_have_count(10)
    reload_lab(page)
    expect(chips(table)).to_have_text(["hidden_channels > 1"])
    expect(rows(table)).to_have_count(10)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_bar_and_a_dialog_are_accessible(page: Page, table: Locator, dark: bool) -> None:
    set_theme(page, dark=dark)
    set_filters(
        page,
        [
            {"column": CHANNELS, "operator": "gt", "values": ["1"]},
            {"column": "summary:Status", "operator": "in", "values": ["Failed"]},
        ],
    )
    expect(chips(table)).to_have_count(2)
    box(table).fill("t")
    expect(table.get_by_role("option")).not_to_have_count(0)
    page.keyboard.press("ArrowDown")
    check_accessible(table.locator(".smx-FilterBar"))
    page.keyboard.press("Escape")
    for column, option in (("optim", "optimizer Parameters"), ("tags", "Tags"), ("type", "Type")):
        asked = choose(table, column, option)
        expect(asked.get_by_role("button", name="Apply")).to_be_visible()
        expect(asked.locator(":focus")).to_have_count(1)
        check_accessible(asked.locator(".smx-FilterDialog"))
        page.keyboard.press("Escape")
        expect(asked).to_have_count(0)
    set_theme(page, dark=False)


@pytest.fixture
def panel(page: Page, logged: None) -> Iterator[Locator]:
    """Open the experiments browser, at Home, without filters."""
    panel = open_sidebar(page)
    panel.get_by_role("button", name="Home").click()
    expect(panel.get_by_role("row", name="filters-churn")).to_be_visible()
    yield panel
    finish_command(page, "smx-lab:clear-experiment-filters")
    expect(chips(panel)).to_have_count(0)


def search(panel: Locator) -> Locator:
    return panel.get_by_role("combobox", name="Search")


def named(panel: Locator) -> Locator:
    """Return the rows of experiments, trials and components, without the unassigned entry."""
    return panel.locator("[role=row][data-name]:not([data-kind=unassigned])")


def expect_names(panel: Locator, *names: str) -> None:
    """Wait until the list has these names, in any order."""
    found = "rows => rows.map(row => row.dataset.name).sort()"
    expect_equal(lambda: named(panel).evaluate_all(found), sorted(names))


def test_experiments_are_found_by_tag_over_all_there_are(page: Page, panel: Locator) -> None:
    panel.get_by_role("row", name="filters-churn").click()
    page.keyboard.press("/")
    expect(search(panel)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("option")).to_have_text(
        ["Name", "Created on", "Last modified", "Created by", "Tags"]
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(panel.get_by_role("option", name="Tags")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    asked = opened_dialog(page)
    expect(asked.get_by_role("combobox", name="Search tag key")).to_be_focused()
    page.keyboard.type("filters-")
    expect(asked.get_by_role("option")).to_have_text(["filters-owner"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(chips(panel)).to_have_text(["Tag filters-owner exists"])
    expect_names(panel, "filters-cifar", "filters-mnist")
    check_accessible(panel.locator(".smx-ExperimentsPanel-filter"))
    chip(panel, "Tag filters-owner exists").click()
    opened_dialog(page)
    asked.get_by_role("combobox", name="Search tag value").fill("Ada")
    page.keyboard.press("Enter")
    expect(chips(panel)).to_have_text(["Tag filters-owner is Ada"])
    expect_names(panel, "filters-mnist")


def test_each_list_keeps_its_filters_also_across_a_reload(page: Page, panel: Locator) -> None:
    search(panel).fill("name")
    panel.get_by_role("option", name="Name").click()
    opened_dialog(page).get_by_role("textbox", name="Contains").fill("filters-m")
    page.keyboard.press("Enter")
    expect_names(panel, "filters-mnist")
    expect(search(panel)).to_have_value("")
    panel.get_by_role("row", name="filters-mnist").dblclick()
    expect_names(panel, "filters-five", "filters-two")
    expect(chips(panel)).to_have_count(0)
    panel.get_by_role("row", name="filters-two").dblclick()
    expect_names(panel, "filters-preprocessing")
    search(panel).fill("type")
    panel.get_by_role("option", name="Type").click()
    asked = opened_dialog(page)
    asked.get_by_role("checkbox", name="Training job").check()
    apply(asked)
    expect(chips(panel)).to_have_text(["Type is Training job"])
    expect(panel).to_contain_text("No trial component matches these filters")
    reload_lab(page)
    expect(chips(panel)).to_have_text(["Type is Training job"])
    panel.get_by_role("button", name="Clear all").click()
    expect_names(panel, "filters-preprocessing")
    panel.get_by_role("button", name="Home").click()
    expect(chips(panel)).to_have_text(["Name contains filters-m"])
    expect_names(panel, "filters-mnist")
