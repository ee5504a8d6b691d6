"""Rows of the trial component list: selected, read, copied and kept in step."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.ui.harness import (
    Lab,
    close_menu,
    expect_equal,
)
from tests.ui.table import (
    box_of,
    cell,
    expect_column,
    fresh_table,
    grid,
    header,
    menu_entries,
    properties,
    row,
    rows,
    wait_for_clipboard,
)

SELF_MS = 60_000
"""What appears by itself does so within the refresh interval, also on a busy machine."""
pytestmark = pytest.mark.usefixtures("shared_page")

LIVE = """
import boto3

sm = boto3.client("sagemaker")
sm.create_experiment(ExperimentName={experiment!r})
sm.create_trial(TrialName={experiment!r}, ExperimentName={experiment!r})
for name in "abcd":
    sm.create_trial_component(TrialComponentName={experiment!r} + "-" + name, DisplayName=name)
    sm.associate_trial_component(TrialComponentName={experiment!r} + "-" + name,
                                 TrialName={experiment!r})
"""

ADD = """
import boto3

sm = boto3.client("sagemaker")
sm.create_trial_component(TrialComponentName={name!r}, DisplayName="Evaluation",
                          Parameters={{"threshold": {{"NumberValue": 0.5}}}})
sm.associate_trial_component(TrialComponentName={name!r}, TrialName={trial!r})
"""


def test_rows_are_selected_by_pointer_and_keyboard(page: Page, table: Locator) -> None:
    row(table, 1).click()
    expect(table).to_contain_text("1 row selected")
    row(table, 3).click(modifiers=["Shift"])
    expect(table).to_contain_text("3 rows selected")
    row(table, 5).click(modifiers=["Control"])
    expect(table).to_contain_text("4 rows selected")
    row(table, 2).click(button="right")
    expect(menu_entries(page).first).to_be_visible()
    close_menu(page)
    expect(table).to_contain_text("4 rows selected")
    page.keyboard.press("Home")
    expect(table).to_contain_text("1 row selected")
    expect(row(table, 0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    expect(table).to_contain_text("2 rows selected")
    page.keyboard.press("Space")
    expect(table).to_contain_text("3 rows selected")
    page.keyboard.press("Control+a")
    expect(table).to_contain_text("6 rows selected")


def test_the_grid_is_one_tab_stop_and_its_cells_are_reached_by_arrows(
    page: Page, table: Locator
) -> None:
    row(table, 0).get_by_role("gridcell").first.click()
    expect(grid(table).locator('[tabindex="0"]')).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(cell(table, 0, "Experiment")).to_be_focused()
    page.keyboard.press("Control+End")
    expect(cell(table, 5, "dataset")).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(cell(table, 0, "Status")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(header(table, "Status")).to_be_focused()
    page.keyboard.press("Space")
    expect(header(table, "Status")).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Enter")
    expect(menu_entries(page).first).to_have_text(re.compile("Sort ascending"))
    close_menu(page)
    expect(header(table, "Status")).to_be_focused()
    width = box_of(header(table, "Status"))["width"]
    page.keyboard.press("Shift+ArrowRight")
    expect(header(table, "Status")).to_have_css("width", f"{width + 16:.0f}px")


def test_letters_jump_to_the_row_whose_cell_starts_so(page: Page, table: Locator) -> None:
    header(table, "Trial component").click()
    expect(header(table, "Trial component")).to_have_attribute("aria-sort", "ascending")
    cell(table, 0, "Trial component").click()
    page.keyboard.press("t")
    expect(cell(table, 3, "Trial component")).to_be_focused()


def test_the_selected_rows_are_copied_with_exact_values(page: Page, table: Locator) -> None:
    pane = properties(table)
    pane.get_by_role("checkbox", name="Summary columns").uncheck()
    pane.get_by_role("checkbox", name="Input artifacts").uncheck()
    header(table, "test:accuracy").click()
    expect_column(table, "test:accuracy", ["97.63", "96.13"])
    row(table, 0).click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    wait_for_clipboard(
        page,
        "test:accuracy (Last value)\thidden_channels\tnormalization_mean\toptimizer\n"
        "97.625\t10\t\tsgd\n"
        "96.125\t2\t\tsgd",
    )


def test_what_does_not_apply_to_a_row_is_disabled_and_says_why(page: Page, table: Locator) -> None:
    cell(table, 0, "Status").click()
    deploy = table.get_by_role("button", name="Deploy model")
    expect(deploy).to_be_disabled()
    expect(deploy).to_have_accessible_description(
        "Only the model of a training job can be deployed"
    )
    page.keyboard.press("Shift+F10")
    entry = menu_entries(page).filter(has_text="Deploy model")
    expect(entry).to_have_attribute("aria-disabled", "true")
    expect(entry).to_have_attribute("title", "Only the model of a training job can be deployed")
    wanted = ["Deploy model", "Stop training job", "Copy code", "Copy cell contents", "Copy name"]
    wanted += ["Copy ARN", "Clean up…"]
    labels = menu_entries(page).locator(".lm-Menu-itemLabel")
    expect_equal(lambda: [text for text in labels.all_inner_texts() if text in wanted], wanted)
    close_menu(page)
    expect(cell(table, 0, "Status")).to_be_focused()


@pytest.fixture
def live(page: Page, lab: Lab) -> Iterator[tuple[str, Locator]]:
    """Open a table of four trial components, which no other test has. Return its experiment too."""
    experiment = f"table-live-{secrets.token_hex(4)}"
    lab.script(LIVE.format(experiment=experiment))
    with fresh_table(page, experiments=[experiment]) as table:
        yield experiment, table


def test_a_new_trial_component_appears_and_leaves_all_as_it_was(
    page: Page, lab: Lab, live: tuple[str, Locator]
) -> None:
    experiment, table = live
    expect(rows(table)).to_have_count(4)
    cell(table, 2, "Trial component").click()
    name = cell(table, 2, "Trial component").inner_text()
    page.mouse.move(0, 0)
    lab.script(ADD.format(name=f"{experiment}-evaluation", trial=experiment))
    expect(rows(table)).to_have_count(5, timeout=SELF_MS)
    expect(header(table, "threshold")).to_have_count(1)
    expect(table).to_contain_text("1 row selected")
    selected = grid(table).locator('[aria-selected="true"]')
    expect(selected).to_contain_text(name)
    expect(selected).to_have_attribute("aria-rowindex", "5")
    expect(cell(table, 3, "Trial component")).to_be_focused()


def test_rows_far_away_are_fetched_when_they_are_scrolled_to(page: Page, sweep: str) -> None:
    with fresh_table(page, experiments=[sweep]) as table:
        expect(grid(table)).to_have_attribute("aria-rowcount", "451")
        header(table, "parameter_00").click()
        expect(header(table, "parameter_00")).to_have_attribute("aria-sort", "ascending")
        expect_equal(lambda: rows(table).count() < 80, True)
        row(table, 0).get_by_role("gridcell").first.click()
        page.keyboard.press("End")
        expect(row(table, 449)).to_have_attribute("aria-selected", "true")
        expect(row(table, 449)).to_contain_text("table-sweep-0449")
        page.keyboard.press("Control+End")
        expect(cell(table, 449, "parameter_29")).to_have_text("449.29")
        page.keyboard.press("Control+Home")
        expect(row(table, 0)).to_contain_text("table-sweep-0000")
        # The focus survives being scrolled away from, and comes back with the next key.
        grid(table).evaluate("grid => { grid.scrollTop = 6000; }")
        expect(row(table, 240)).to_contain_text("table-sweep-0240")
        expect(grid(table)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(cell(table, 1, "Status")).to_be_focused()


def test_a_failed_refresh_keeps_the_rows_and_says_so(page: Page, table: Locator) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    expect(rows(table)).not_to_have_count(0)
    before = rows(table).count()
    page.route("**/smx-lab/api/local/tables**", refuse)
    page.route("**/smx-lab/api/local/tables/**", refuse)
    expect(table).to_contain_text("Could not refresh.", timeout=SELF_MS)
    expect(rows(table)).to_have_count(before)
    page.unroute("**/smx-lab/api/local/tables**")
    page.unroute("**/smx-lab/api/local/tables/**")
    table.get_by_role("button", name="Retry now").click()
    expect(table).not_to_contain_text("Could not refresh.")
