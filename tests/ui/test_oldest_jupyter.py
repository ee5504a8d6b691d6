"""The oldest JupyterLab that smx-lab supports, 4.4, and the Notebook 7.4 beside it."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, expect

from tests.ui.conftest import LabMaker
from tests.ui.harness import (
    Lab,
    Watch,
    lab_page,
    main_panel,
    menu_item,
    open_sidebar,
    reload_lab,
    wait_for_lab,
)
from tests.ui.table import DIGITS, aggregate, header, properties, rows

PYTHON = os.environ.get("SMX_OLDEST_PYTHON", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="run by: python3 dev.py test wheel ui")
EXPERIMENT = "table-digits"


@pytest.fixture(scope="module")
def old_lab(make_lab: LabMaker) -> Lab:
    """Return a JupyterLab 4.4 with the wheel in it, and three trials in its local service."""
    lab = make_lab(interpreter=PYTHON)
    lab.script(DIGITS)
    return lab


def test_jupyterlab_4_4_has_the_browser_and_the_table(browser: Browser, old_lab: Lab) -> None:
    with lab_page(browser, old_lab, name="jupyterlab-4.4") as page:
        open_sidebar(page).get_by_role("row", name=EXPERIMENT).click(button="right")
        menu_item(page, "Open in trial component list")
        table = main_panel(page)
        expect(rows(table)).to_have_count(6)
        aggregate(page, table, "Maximum")
        header(table, "test:accuracy").click()
        expect(header(table, "test:accuracy")).to_have_attribute("aria-sort", "descending")
        expect(rows(table).first).to_contain_text("98.5")
        properties(table).get_by_role("checkbox", name="Created on").uncheck()
        expect(header(table, "Created on")).to_have_count(0)
        reload_lab(page)
        again = main_panel(page)
        expect(rows(again).first).to_contain_text("98.5")
        expect(header(again, "Created on")).to_have_count(0)


def test_notebook_7_shows_the_browser_and_opens_tables_in_jupyterlab(
    browser: Browser, old_lab: Lab
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        watch = Watch(old_lab.origin)
        context.on("page", watch.attach)
        page = context.new_page()
        page.goto(old_lab.url("tree"))
        page.get_by_role("menuitem", name="SageMaker").click()
        page.get_by_role("menuitem", name="Experiments").click()
        page.get_by_role("row", name=EXPERIMENT).click(button="right")
        with context.expect_page() as opened:
            menu_item(page, "Open in trial component list")
        wait_for_lab(opened.value)
        expect(rows(main_panel(opened.value))).to_have_count(6)
        watch.check()
