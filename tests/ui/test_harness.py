"""The harness itself: a Lab opens in Chromium, logged in, in both themes, and talks to nobody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.harness import Lab, run_command


def test_jupyterlab_opens_with_its_launcher(page: Page) -> None:
    expect(page.get_by_role("tab", name="Launcher")).to_be_visible()


@pytest.mark.parametrize("page", ["dark"], indirect=True)
def test_a_page_can_be_opened_in_the_dark_theme(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")


def test_a_command_can_be_run(page: Page) -> None:
    run_command(page, "help:about")
    expect(page.get_by_role("dialog")).to_contain_text("Project Jupyter")


def test_without_the_token_nothing_is_shown(browser: Browser, lab: Lab) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{lab.origin}{lab.base_url}lab")
    expect(page).to_have_url(f"{lab.origin}{lab.base_url}login?next=%2Flab")
    context.close()
