"""Column headers of the trial component list: order, aggregation, place and width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.harness import (
    close_menu,
    menu_item,
)
from tests.ui.table import (
    aggregate,
    box_of,
    column,
    drag,
    expect_column,
    header,
    wait_for_clipboard,
)

pytestmark = pytest.mark.usefixtures("shared_page")


def test_a_metric_sorts_decreasing_first_then_increasing_then_not_at_all(table: Locator) -> None:
    before = column(table, header(table, "Trial"))
    accuracy = header(table, "test:accuracy")
    accuracy.click()
    expect(accuracy).to_have_attribute("aria-sort", "descending")
    expect_column(table, "test:accuracy", ["97.63", "96.13", "91.00", "", "", ""])
    accuracy.click()
    expect(accuracy).to_have_attribute("aria-sort", "ascending")
    expect_column(table, "test:accuracy", ["91.00", "96.13", "97.63", "", "", ""])
    accuracy.click()
    expect(accuracy).not_to_have_attribute("aria-sort", re.compile("."))
    expect_column(table, "Trial", before)


def test_shift_and_click_adds_a_second_key_and_shows_its_number(table: Locator) -> None:
    header(table, "optimizer").click()
    expect(header(table, "optimizer")).to_have_attribute("aria-sort", "ascending")
    header(table, "hidden_channels").click(modifiers=["Shift"])
    expect(header(table, "hidden_channels")).to_have_attribute("aria-sort", "ascending")
    expect_column(table, "optimizer", ["adam", "sgd", "sgd"])
    expect_column(table, "hidden_channels", ["5", "2", "10"])
    expect(header(table, "optimizer")).to_contain_text("1")
    expect(header(table, "hidden_channels")).to_contain_text("2")


def test_the_aggregation_changes_values_and_the_order_by_them(page: Page, table: Locator) -> None:
    header(table, "test:accuracy").click()
    expect_column(table, "test:accuracy", ["97.63", "96.13", "91.00"])
    aggregate(page, table, "Maximum")
    expect_column(table, "test:accuracy", ["98.50", "97.63", "97.25"])
    expect_column(table, "hidden_channels", ["5", "10", "2"])
    header(table, "test:accuracy").click(button="right")
    page.get_by_text("Data aggregation", exact=True).hover()
    maximum = page.locator(".lm-Menu").nth(1).get_by_role("menuitemcheckbox", name="Maximum")
    expect(maximum).to_have_attribute("aria-checked", "true")
    close_menu(page)
    aggregate(page, table, "Count")
    expect_column(table, "test:accuracy", ["3", "3", "3"])


def test_every_entry_of_a_headers_menu_does_what_it_says(page: Page, table: Locator) -> None:
    accuracy = header(table, "test:accuracy")
    accuracy.click(button="right")
    menu_item(page, "Sort ascending")
    expect(accuracy).to_have_attribute("aria-sort", "ascending")
    accuracy.click(button="right")
    menu_item(page, "Sort descending")
    expect(accuracy).to_have_attribute("aria-sort", "descending")
    accuracy.click(button="right")
    menu_item(page, "Copy values")
    wait_for_clipboard(page, "97.625\n96.125\n91\n\n\n")
    accuracy.click(button="right")
    menu_item(page, "Clear sort")
    expect(accuracy).not_to_have_attribute("aria-sort", re.compile("."))
    accuracy.click(button="right")
    menu_item(page, "Move left")
    expect(accuracy).to_have_attribute("aria-colindex", "9")
    accuracy.click(button="right")
    menu_item(page, "Move right")
    expect(accuracy).to_have_attribute("aria-colindex", "10")
    accuracy.click(button="right")
    menu_item(page, "Copy name")
    wait_for_clipboard(page, "test:accuracy")
    accuracy.click(button="right")
    menu_item(page, "Hide")
    expect(accuracy).to_have_count(0)


def test_a_column_without_statistics_says_so_in_its_menu(page: Page, table: Locator) -> None:
    header(table, "Trial component").click(button="right")
    page.get_by_text("Data aggregation", exact=True).hover()
    maximum = page.locator(".lm-Menu").nth(1).get_by_text("Maximum", exact=True).locator("..")
    expect(maximum).to_have_attribute("title", "Only metrics have statistics")


def test_a_column_is_resized_and_moved_by_the_pointer(page: Page, table: Locator) -> None:
    trial = header(table, "Trial")
    box = box_of(trial)
    drag(page, (box["x"] + box["width"] - 3, box["y"] + 10), (box["x"] + 300, box["y"] + 10))
    expect(trial).to_have_css("width", "300px")
    trial.locator(".smx-TableGrid-resizer").dblclick()
    expect(trial).not_to_have_css("width", "300px")
    status = header(table, "Status")
    target, source = box_of(header(table, "Type")), box_of(status)
    middle = source["y"] + source["height"] / 2
    drag(page, (source["x"] + 20, middle), (target["x"] + target["width"] - 10, middle))
    for place, name in enumerate(("Experiment", "Type", "Status"), 1):
        expect(header(table, name)).to_have_attribute("aria-colindex", str(place))
    expect(status).not_to_have_attribute("aria-sort", re.compile("."))
