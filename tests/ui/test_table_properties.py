"""TABLE PROPERTIES of the trial component list."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui.axe import check_accessible
from tests.ui.conftest import PageOpener
from tests.ui.harness import (
    Lab,
    finish_command,
    lab_page,
    main_panel,
    opened_dialog,
    reload_lab,
)
from tests.ui.table import (
    aggregate,
    expect_headers,
    fresh_table,
    header,
    open_table,
    properties,
    rows,
)

pytestmark = pytest.mark.usefixtures("shared_page")


def test_table_properties_choose_columns_and_they_are_kept(page: Page, table: Locator) -> None:
    pane = properties(table)
    expect(pane).to_contain_text("TABLE PROPERTIES")
    expect(pane.get_by_role("switch", name="Auto refresh enabled")).to_be_checked()
    expect(pane).to_contain_text(re.compile("Updated .*(ago|now)"))
    for name in ("Created on", "Last modified"):
        pane.get_by_role("checkbox", name=name, exact=True).uncheck()
        expect(header(table, name)).to_have_count(0)
    summary = pane.get_by_role("checkbox", name="Summary columns")
    expect(summary).to_have_attribute("aria-checked", "mixed")
    pane.get_by_role("checkbox", name="Parameters").uncheck()
    expect(header(table, "optimizer")).to_have_count(0)
    pane.get_by_role("button", name="Unfold Parameters").click()
    pane.get_by_role("checkbox", name="optimizer").check()
    expect(header(table, "optimizer")).to_have_count(1)
    expect(pane.get_by_role("checkbox", name="Parameters")).to_have_attribute(
        "aria-checked", "mixed"
    )
    aggregate(page, table, "Maximum")
    header(table, "test:accuracy").click()
    expect(header(table, "test:accuracy")).to_have_attribute("aria-sort", "descending")

    reload_lab(page)
    again = main_panel(page)
    expect(header(again, "test:accuracy")).to_have_attribute("aria-sort", "descending")
    expect(header(again, "test:accuracy")).to_contain_text("Maximum")
    expect_headers(
        again,
        [
            "Status",
            "Experiment",
            "Type",
            "Trial",
            "Trial component",
            "Created by",
            "Duration",
            "test:accuracy",
            "optimizer",
            "dataset",
        ],
    )
    pane = properties(again)
    pane.get_by_role("button", name="Reset").click()
    expect(header(again, "Created on")).to_have_count(1)
    expect(header(again, "test:accuracy")).to_contain_text("Last value")


def test_the_type_filter_hides_rows_and_says_how_many(table: Locator) -> None:
    pane = properties(table)
    pane.get_by_role("checkbox", name="Undefined").uncheck()
    expect(rows(table)).to_have_count(0)
    expect(table).to_contain_text("There are no trial components.")
    expect(table).to_contain_text("Hidden by the type filter: 6")
    pane.get_by_role("checkbox", name="Undefined").check()
    expect(rows(table)).to_have_count(6)


def test_escape_closes_the_pane_and_the_focus_goes_back(page: Page, table: Locator) -> None:
    pane = properties(table)
    pane.get_by_role("switch").focus()
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(table.get_by_role("button", name="Table properties")).to_be_focused()


def test_many_columns_are_found_by_name_in_the_properties(page: Page, sweep: str) -> None:
    with fresh_table(page, experiments=[sweep]) as table:
        pane = properties(table)
        pane.get_by_role("searchbox", name="Filter column names").fill("_17")
        expect(pane.get_by_role("checkbox", name="parameter_17")).to_be_visible()
        expect(pane.get_by_role("checkbox", name="parameter_18")).to_have_count(0)
        pane.get_by_role("checkbox", name="parameter_17").uncheck()
        expect(header(table, "parameter_17")).to_have_count(0)


@pytest.fixture
def small_dark_page(browser: Browser, lab: Lab, open_page: PageOpener) -> Iterator[Page]:
    """Open the dark theme in a window as narrow as a phone."""
    with lab_page(browser, lab, name="small-dark-table", dark=True, width=480, height=700) as page:
        yield page


def test_a_narrow_window_has_room_for_the_properties(small_dark_page: Page, digits: str) -> None:
    finish_command(small_dark_page, "application:toggle-left-area")
    table = open_table(small_dark_page, experiments=[digits])
    pane = properties(table)
    pane.get_by_role("checkbox", name="Status", exact=True).uncheck()
    expect(header(table, "Status")).to_have_count(0)
    check_accessible(table)
    table.get_by_role("button", name="Table properties").click()
    expect(pane).to_be_hidden()


@pytest.fixture
def magnified_page(browser: Browser, lab: Lab, open_page: PageOpener) -> Iterator[Page]:
    """Open what a window of 1280 x 1024 is at 400 % zoom (WCAG 2.2, success criterion 1.4.10)."""
    with lab_page(browser, lab, name="magnified-table", width=320, height=256) as page:
        yield page


def test_at_400_percent_zoom_every_part_of_the_table_can_be_reached(
    magnified_page: Page, digits: str
) -> None:
    page = magnified_page
    finish_command(page, "application:toggle-left-area")
    table = open_table(page, experiments=[digits])

    def reached(part: Locator) -> Locator:
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport(ratio=1)
        return part

    for button in table.locator(".smx-TableHead").get_by_role("button").all():
        reached(button)
    reached(table.get_by_role("combobox", name="Search column name")).fill("optim")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = opened_dialog(page)
    reached(dialog.get_by_role("textbox", name="Value")).fill("sgd")
    reached(dialog.get_by_role("button", name="Apply")).click()
    expect(rows(table)).to_have_count(2)
    reached(rows(table).first.get_by_role("gridcell").first).click()
    expect(table).to_contain_text("1 row selected")
    pane = properties(table)
    reached(pane.get_by_role("button", name="Reset"))
    check_accessible(table)
