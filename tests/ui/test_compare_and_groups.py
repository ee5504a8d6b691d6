"""Rows are compared: in groups, with a baseline, by their best values, and side by side."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.axe import check_in_both_themes
from tests.ui.harness import (
    Lab,
    close_menu,
    main_panel,
    main_tab,
    menu_item,
    reload_lab,
)
from tests.ui.seeds import SEEDS
from tests.ui.table import (
    cell,
    expect_column,
    expect_headers,
    grid,
    header,
    open_table,
    properties,
    row,
    wait_for_clipboard,
)


@pytest.fixture(scope="module")
def seeds(lab: Lab) -> str:
    """Log two optimizers with three seeds each."""
    lab.script(SEEDS)
    return "compare-seeds"


@pytest.fixture
def table(page: Page, seeds: str) -> Locator:
    """Open the table of the six trainings, sorted by the metric, with TABLE PROPERTIES open."""
    panel = open_table(page, experiments=[seeds])
    header(panel, "test:accuracy").click()
    expect_column(panel, "test:accuracy", ["96.25", "95.25", "94.25", "92.50"])
    pane = properties(panel)
    # Room for what is compared.
    for name in ("Experiment", "Created on", "Last modified", "Created by", "Duration"):
        pane.get_by_role("checkbox", name=name, exact=True).uncheck()
    return panel


def note(table: Locator, index: int, name: str) -> Locator:
    """Return what stands beside the value of a cell."""
    return cell(table, index, name).locator(".smx-TableGrid-note")


def group_by(table: Locator, name: str) -> None:
    """Group the rows by a column, and wait for the groups."""
    properties(table).get_by_label("Group rows by").locator("select").first.select_option(
        label=name
    )
    expect(table.get_by_role("treegrid")).to_have_attribute("aria-busy", "false")


def test_groups_show_mean_deviation_and_count_and_unfold_in_place(
    page: Page, table: Locator
) -> None:
    group_by(table, "optimizer")
    expect(table).to_contain_text("6 rows in 2 groups")
    # In the order of the sort key, which is that of the means now.
    expect_column(table, "Group", ["adam", "sgd"])
    expect_column(table, "test:accuracy", ["95.25", "91.50"])
    expect(note(table, 0, "test:accuracy")).to_have_text("± 1.00  n=3")
    expect(note(table, 0, "Group")).to_have_text("3 rows")
    expect(note(table, 0, "Trial")).to_have_text("3 values")
    expect(cell(table, 0, "team")).to_contain_text("vision")
    check_in_both_themes(table)
    adam = row(table, 0)
    expect(adam).to_have_attribute("aria-level", "1")
    expect(adam).to_have_attribute("aria-expanded", "false")
    adam.locator(".smx-TableGrid-caret").click()
    expect(adam).to_have_attribute("aria-expanded", "true")
    expect_column(table, "test:accuracy", ["95.25", "96.25", "95.25", "94.25", "91.50"])
    expect(row(table, 1)).to_have_attribute("aria-level", "2")
    expect(table.get_by_role("treegrid")).to_have_attribute("aria-rowcount", "6")

    reload_lab(page)
    again = main_panel(page)
    expect_column(again, "Group", ["adam", "", "", "", "sgd"])
    header(again, "test:loss").click()
    expect_column(again, "Group", ["sgd", "adam", "", "", ""])
    properties(again).get_by_role("button", name="Reset").click()
    expect(again.get_by_role("grid")).to_have_attribute("aria-rowcount", "7")


def test_the_keyboard_unfolds_groups_and_leads_back_to_them(page: Page, table: Locator) -> None:
    group_by(table, "optimizer")
    cell(table, 0, "Status").click()
    page.keyboard.press("Home")
    page.keyboard.press("Control+Home")
    expect(cell(table, 0, "Group")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(row(table, 0)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(cell(table, 2, "Group")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cell(table, 0, "Group")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(row(table, 0)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(row(table, 0)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(row(table, 0)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Shift+F10")
    deploy = page.locator(".lm-Menu").get_by_text("Deploy model", exact=True).locator("..")
    expect(deploy).to_have_attribute("title", "This is a group: unfold it and select its rows")


def test_the_baseline_stays_on_top_and_others_show_their_difference(
    page: Page, table: Locator
) -> None:
    cell(table, 2, "Trial").click(button="right")
    menu_item(page, "Set as baseline")
    pane = properties(table)
    expect(pane.get_by_role("group", name="Baseline row")).to_contain_text("compare-adam-3")
    expect_column(table, "Trial", ["compare-adam-3", "compare-adam-2", "compare-adam-1"])
    expect_column(table, "test:accuracy", ["94.25", "96.25", "95.25", "92.50"])
    expect(note(table, 0, "Trial component")).to_have_text("Baseline")
    expect(note(table, 1, "test:accuracy")).to_have_text("+2.00")
    expect(note(table, 3, "test:accuracy")).to_have_text("−1.75")
    expect(cell(table, 3, "test:accuracy")).to_have_attribute(
        "title", re.compile(r"92\.5\nDifference to the baseline: -1\.75")
    )
    expect(row(table, 0)).to_have_css("position", "sticky")
    # It stays first in any order, and in front of groups as well.
    header(table, "test:accuracy").click()
    expect_column(table, "Trial", ["compare-adam-3", "compare-sgd-1"])
    group_by(table, "optimizer")
    expect_column(table, "test:accuracy", ["94.25", "91.50", "95.25"])
    expect(note(table, 1, "test:accuracy")).to_have_text("± 1.00  n=3  −2.75")
    pane.get_by_role("button", name="Clear baseline").click()
    expect_column(table, "test:accuracy", ["91.50", "95.25"])


def test_a_baseline_that_is_alone_can_be_read_above_the_reason(page: Page, table: Locator) -> None:
    cell(table, 2, "Trial").click(button="right")
    menu_item(page, "Set as baseline")
    pane = properties(table)
    pane.get_by_role("checkbox", name="Undefined").uncheck()
    expect(table).to_contain_text("0 of 6 rows")
    reason = table.get_by_text("There are no trial components.")
    expect(reason).to_be_visible()
    name = cell(table, 0, "Trial")
    expect(name).to_contain_text("compare-adam-3")
    # Nothing lies over it.
    name.click(trial=True)
    table.get_by_role("button", name="Show all types").click()
    expect(table).to_contain_text("6 rows")
    expect(reason).to_have_count(0)
    pane.get_by_role("button", name="Clear baseline").click()


def test_the_best_values_are_marked_by_more_than_a_colour(table: Locator) -> None:
    pane = properties(table)
    pane.get_by_label("Mark the best value").check()
    best = grid(table).locator(".smx-mod-best")
    expect(best).to_have_text(["96.25", "0.16"])
    expect(best.first).to_have_attribute("aria-description", "Best: the highest value")
    expect(best.last).to_have_attribute("aria-description", "Best: the lowest value")
    pane.get_by_label("test:loss").select_option(label="Highest")
    expect(best.last).to_have_text("0.31")
    pane.get_by_label("test:loss").select_option(label="Not marked")
    expect(best).to_have_count(1)


def test_only_columns_that_differ_are_left(table: Locator) -> None:
    pane = properties(table)
    pane.get_by_label("Only columns that differ").check()
    expect(header(table, "epochs")).to_have_count(0)
    expect_headers(
        table,
        [
            "Trial",
            "Trial component",
            "test:accuracy",
            "test:loss",
            "optimizer",
            "seed",
        ],
    )
    pane.get_by_label("Only columns that differ").uncheck()
    expect(header(table, "epochs")).to_have_count(1)


def test_compare_shows_a_few_rows_side_by_side_and_survives_a_reload(
    page: Page, table: Locator
) -> None:
    cell(table, 1, "Trial").click(button="right")
    compare = page.locator(".lm-Menu").get_by_text("Compare", exact=True).locator("..")
    expect(compare).to_have_attribute("title", "Select 2 to 5 rows")
    close_menu(page)
    cell(table, 3, "Trial").click(modifiers=["Control"])
    cell(table, 2, "Trial").click(modifiers=["Control"])
    cell(table, 2, "Trial").click(button="right")
    menu_item(page, "Compare")
    main_tab(page, "Compare").wait_for()
    # A comparison of fewer rows than it began with comes back too.
    side = main_panel(page).get_by_role("grid", name="Comparison")
    side.get_by_title("Remove from the comparison").nth(1).click()
    accuracy = side.get_by_role("row").filter(has_text="test:accuracy")
    expect(accuracy.get_by_role("gridcell")).to_have_text(["95.25", "92.50−2.75"])
    expect(accuracy.get_by_role("gridcell").first).to_have_attribute("aria-description", "Best")
    expect(accuracy.get_by_role("img", name="differs")).to_be_visible()
    check_in_both_themes(main_panel(page))
    expect(side).to_contain_text("epochs")
    main_panel(page).get_by_label("Only differences").check()
    expect(side).not_to_contain_text("epochs")
    main_panel(page).get_by_label("Filter field names").fill("seed")
    main_panel(page).get_by_role("button", name="Copy").click()
    wait_for_clipboard(page, "Field\tcompare-training-adam-1\tcompare-training-sgd-3\nseed\t1\t3")

    reload_lab(page)
    main_tab(page, "Compare").click()
    side = main_panel(page).get_by_role("grid", name="Comparison")
    expect(side).to_contain_text("optimizer")
    expect(side).not_to_contain_text("epochs")
    side.get_by_role("columnheader", name="Field").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(side.get_by_role("gridcell", name="compare-adam-1")).to_be_focused()
    page.keyboard.press("Control+End")
    expect(side.locator("td").last).to_be_focused()
