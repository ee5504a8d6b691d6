"""The tutorial's way from the experiment to its best model, by keyboard alone, in the dark theme.

The test never uses the pointer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui.conftest import LabMaker
from tests.ui.harness import (
    arrow_to_entry,
    lab_page,
    main_panel,
    main_tab,
    sidebar_panel,
    tab_to,
    wait_for_frame,
)
from tests.ui.trained import TRAINING_SCRIPT, train

JOBS = ("narrow", "wide")
ENDPOINT = "by-keyboard"
DEPLOYED_MS = 120_000


@pytest.fixture
def page(make_lab: LabMaker, browser: Browser) -> Iterator[Page]:
    """Open a dark JupyterLab below a base URL, on two trained models."""
    lab = make_lab(base_url="/user/ada/")
    for at, name in enumerate(JOBS):
        # Each loss is smaller than that of the job before, at every epoch.
        train(lab, name, TRAINING_SCRIPT.replace("1 / (epoch + 1)", f"1 / (epoch + 1 + {at})"))
    with lab_page(browser, lab, name="walk-by-keyboard", dark=True) as page:
        yield page
    lab.stop()


def palette(page: Page, label: str) -> None:
    """Execute a command by JupyterLab's palette."""
    box = page.locator("#modal-command-palette input")
    active = page.locator(".lm-CommandPalette-item.lm-mod-active[data-command^='smx-lab:']")

    def searched() -> None:
        # It closes when a document that is still loading takes the focus.
        if not box.is_visible():
            page.keyboard.press("Control+Shift+C")
            expect(box).to_be_focused()
            page.keyboard.type(f"SageMaker {label}")
        expect(active.locator(".lm-CommandPalette-itemLabel")).to_have_text(label, timeout=3_000)

    expect_soon(searched)
    page.keyboard.press("Enter")


def expect_soon(check: Callable[[], None], tries: int = 10) -> None:
    """Repeat a check that may fail while the page is still loading."""
    for left in reversed(range(tries)):
        try:
            return check()
        except AssertionError:
            if not left:
                raise
    return None


def choose(page: Page, *path: str) -> None:
    """Choose from the menu that is open, through its submenus, by the arrows."""
    for depth, label in enumerate(path):
        arrow_to_entry(page, depth, label)
        page.keyboard.press("ArrowRight" if depth < len(path) - 1 else "Enter")


def focused_cell(page: Page, name: str | re.Pattern[str], role: str = "gridcell") -> Locator:
    """Return the cell of a name that has the focus."""
    cell = page.locator(f':focus[role="{role}"]').filter(has_text=name)
    expect(cell).to_have_count(1)
    return cell


def test_the_walk_by_keyboard_alone(page: Page) -> None:
    open_experiment(page)
    select_all_and_open_table(page)
    aggregate_and_sort(page)
    deploy_the_first_row(page)
    ask_the_endpoint(page)
    clean_up(page)


def open_experiment(page: Page) -> None:
    # A Lab that is still opening its launcher gives the focus to that.
    expect(page.locator(".jp-Launcher:focus")).to_be_visible()
    palette(page, "Experiments")
    expect(sidebar_panel(page).get_by_role("row").filter(has_text="wide-exp")).to_be_visible()
    focused_cell(page, "wide-experiment")


def select_all_and_open_table(page: Page) -> None:
    page.keyboard.press("Control+A")
    expect(sidebar_panel(page)).to_contain_text("2 rows selected")
    page.keyboard.press("Shift+F10")
    choose(page, "Open in trial component list")
    expect(main_tab(page, "Trial Component List")).to_be_visible()
    expect(main_panel(page).get_by_role("grid")).to_have_attribute("aria-rowcount", "3")


def aggregate_and_sort(page: Page) -> None:
    focused_cell(page, re.compile("Completed"))
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowUp")
    header = main_panel(page).get_by_role("columnheader", name="train:loss")
    for _ in range(20):
        wait_for_frame(page)
        if header.and_(page.locator(":focus")).count():
            break
        page.keyboard.press("ArrowRight")
    expect(header).to_be_focused()
    page.keyboard.press("Shift+F10")
    choose(page, "Data aggregation", "Maximum")
    expect(header).to_contain_text("Maximum")
    expect(header).to_be_focused()
    page.keyboard.press("Space")
    expect(header).to_have_attribute("aria-sort", "descending")


def deploy_the_first_row(page: Page) -> None:
    page.keyboard.press("ArrowDown")
    focused_cell(page, "1")  # the loss of the narrow model's first epoch
    page.keyboard.press("Shift+F10")
    choose(page, "Deploy model")
    expect(main_panel(page).get_by_role("textbox", name="Endpoint name")).to_be_focused()
    page.keyboard.type(ENDPOINT)
    page.keyboard.press("Enter")
    test = main_panel(page).get_by_role("button", name="Test inference")
    expect(test).to_be_visible(timeout=DEPLOYED_MS)


def ask_the_endpoint(page: Page) -> None:
    palette(page, "Endpoints")
    focused_cell(page, ENDPOINT)
    page.keyboard.press("Enter")
    expect(main_panel(page).get_by_role("textbox", name="Body")).to_be_focused()
    page.keyboard.type("[[1, 2, 3]]")
    expect(main_panel(page).get_by_role("button", name="Send Request")).to_have_attribute(
        "aria-disabled", "false"
    )
    page.keyboard.press("Control+Enter")
    answer = main_panel(page).get_by_role("region", name="Response")
    expect(answer).to_contain_text("321")


def clean_up(page: Page) -> None:
    """Delete both experiments with the endpoint, and leave nothing."""
    palette(page, "Experiments")
    focused_cell(page, re.compile("experiment"))
    page.keyboard.press("Control+A")
    page.keyboard.press("Shift+F10")
    choose(page, "Clean up…")
    dialog = page.get_by_role("dialog", name="Clean up 2 experiments")
    tab_to(page, dialog.get_by_role("checkbox", name="Also delete endpoints deployed from these"))
    page.keyboard.press("Space")
    expect(dialog.get_by_role("list", name="1 endpoint to delete")).to_contain_text(ENDPOINT)
    begin = dialog.get_by_role("button", name="Clean up", exact=True)
    expect(begin).to_be_enabled()
    tab_to(page, begin)
    page.keyboard.press("Enter")
    report = dialog.get_by_role("region", name="Report")
    expect(report).to_contain_text("2 experiments, 2 trials", timeout=DEPLOYED_MS)
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(sidebar_panel(page)).to_contain_text("There are no experiments.")
    palette(page, "Endpoints")
    expect(sidebar_panel(page)).to_contain_text("There are no endpoints.")
