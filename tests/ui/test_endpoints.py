"""Endpoints in the sidebar and in tabs of their own: a user watches, invokes and deletes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui.axe import check_in_both_themes
from tests.ui.conftest import LabMaker
from tests.ui.harness import (
    ENDPOINTS,
    Lab,
    close_menu,
    close_tab,
    held_back,
    lab_page,
    main_panel,
    main_tab,
    menu_item,
    open_sidebar,
    reload_lab,
    run_command,
)
from tests.ui.trained import deploy, describe, train

JOB = "endpoints-training-job"
ENDPOINT = "weighing"
SOON_MS = 60_000


@pytest.fixture(scope="module")
def endpoint(lab: Lab) -> str:
    """Return an endpoint that is InService for all tests of this module."""
    train(lab, JOB)
    deploy(lab, ENDPOINT, JOB)
    return ENDPOINT


@pytest.fixture
def panel(page: Page, endpoint: str) -> Locator:
    return open_sidebar(page, ENDPOINTS)


def row_of(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("row").filter(has=panel.page.get_by_role("gridcell", name=name))


def open_endpoint(page: Page, panel: Locator, name: str, tab: str) -> Locator:
    """Open an endpoint's tab by a double click, and return one of its parts."""
    row_of(panel, name).dblclick()
    expect(main_tab(page, name)).to_be_visible()
    main_panel(page).get_by_role("tab", name=tab).click()
    return main_panel(page).get_by_role("tabpanel", name=tab)


def test_an_endpoint_is_listed_with_its_status_and_how_long_it_has_run(
    page: Page, panel: Locator
) -> None:
    expect(panel.get_by_role("heading", name="ENDPOINTS")).to_be_visible()
    for header in ("Name", "Endpoint status"):
        expect(panel.get_by_role("columnheader", name=header)).to_be_visible()
    expect(row_of(panel, ENDPOINT)).to_contain_text("InService")
    cell = panel.get_by_role("gridcell", name=re.compile(r"^InService, has run for \d+ (min|hr)"))
    expect(cell.first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"^\d+ endpoints? running$"))).to_be_visible()
    check_in_both_themes(panel)


def test_the_status_bar_opens_the_panel(page: Page, endpoint: str) -> None:
    page.get_by_role("button", name=re.compile(r"^\d+ endpoints? running$")).click()
    expect(page.get_by_role("region", name=ENDPOINTS)).to_be_visible()


def test_name_and_status_filter_the_list_and_survive_a_reload(page: Page, panel: Locator) -> None:
    box = panel.get_by_role("searchbox", name="Filter by name")
    box.fill("no such endpoint")
    expect(panel).to_contain_text("No endpoint matches these filters.")
    panel.get_by_role("button", name="Clear all").click()
    expect(row_of(panel, ENDPOINT)).to_be_visible()
    status = panel.get_by_role("combobox", name="Endpoint status")
    status.select_option("Failed")
    expect(row_of(panel, ENDPOINT)).to_have_count(0)
    status.select_option("InService")
    box.fill(ENDPOINT[:4].upper())
    expect(row_of(panel, ENDPOINT)).to_be_visible()
    reload_lab(page)
    panel = open_sidebar(page, ENDPOINTS)
    expect(panel.get_by_role("searchbox", name="Filter by name")).to_have_value("WEIG")
    expect(panel.get_by_role("combobox", name="Endpoint status")).to_have_value("InService")


def test_the_menu_is_the_same_from_mouse_keyboard_and_button(page: Page, panel: Locator) -> None:
    entries = ["Open", "Test inference", "Copy code", "Copy ARN", "Delete…"]

    def check() -> None:
        menu = page.get_by_role("menu")
        for entry in entries:
            expect(menu.get_by_role("menuitem", name=entry, exact=True)).to_be_visible()
        close_menu(page)

    row = row_of(panel, ENDPOINT)
    row.click(button="right")
    check()
    row.get_by_role("gridcell").first.focus()
    page.keyboard.press("Shift+F10")
    check()
    panel.get_by_role("button", name="Actions on the selected endpoint").click()
    check()


def test_the_list_is_found_filtered_and_opened_by_keyboard_alone(
    page: Page, panel: Locator
) -> None:
    row_of(panel, ENDPOINT).get_by_role("gridcell").first.focus()
    page.keyboard.press("/")
    box = panel.get_by_role("searchbox", name="Filter by name")
    expect(box).to_be_focused()
    page.keyboard.type(ENDPOINT)
    page.keyboard.press("Escape")
    expect(row_of(panel, ENDPOINT).get_by_role("gridcell").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(main_tab(page, ENDPOINT)).to_be_visible()
    expect(main_panel(page).get_by_role("textbox", name="Body")).to_be_focused()
    page.keyboard.type("[[1, 0, 0]]")
    page.keyboard.press("Control+Enter")
    answer = main_panel(page).get_by_role("region", name="Response")
    expect(answer.get_by_role("status").first).to_have_text("Complete", timeout=SOON_MS)


def test_a_request_is_answered_and_kept_in_the_history(page: Page, panel: Locator) -> None:
    part = open_endpoint(page, panel, ENDPOINT, "Test inference")
    body = part.get_by_role("textbox", name="Body")
    send = part.get_by_role("button", name="Send Request")
    expect(send).to_be_disabled()
    expect(send).to_have_accessible_description("Type a body or choose a file.")
    expect(part.get_by_label("Content type")).to_have_value("application/json")
    body.fill("[[1, 2, 3], [0, 0, 1]]")
    send.click()
    answer = part.get_by_role("region", name="Response")
    expect(answer.get_by_role("status").first).to_have_text("Complete", timeout=SOON_MS)
    expect(answer).to_contain_text(re.compile(r"Execution Length\s*[\d.,]+ ms"))
    check_in_both_themes(main_panel(page))
    # The model weighs by 1, 10 and 100.
    expect(answer.locator("pre")).to_have_text(
        re.compile(r"^\{\s+\"predictions\": \[\s+321,\s+100")
    )
    body.fill("[[1, 2")
    page.keyboard.press("Control+Enter")
    expect(answer.get_by_role("status").first).to_have_text("Failed", timeout=SOON_MS)
    expect(answer.get_by_role("alert")).to_contain_text("Expecting")
    history = part.get_by_role("group", name="History")
    expect(history.get_by_role("row")).to_have_count(3)
    history.get_by_role("row").last.get_by_role("button", name="Show").click()
    expect(answer.get_by_role("status").first).to_have_text("Complete")
    history.get_by_role("row").last.get_by_role("button", name="Use again").click()
    expect(body).to_have_value("[[1, 2, 3], [0, 0, 1]]")


def test_a_file_is_sent_and_the_same_is_shown_as_code(
    page: Page, panel: Locator, tmp_path: Path
) -> None:
    file = tmp_path / "weights.json"
    file.write_text("[[2, 0, 0]]", encoding="utf-8")
    part = open_endpoint(page, panel, ENDPOINT, "Test inference")
    part.get_by_label("File with the body").set_input_files(file)
    expect(part).to_contain_text("weights.json (11 bytes)")
    part.get_by_role("button", name="Send Request").click()
    answer = part.get_by_role("region", name="Response")
    expect(answer.locator("pre")).to_contain_text("2", timeout=SOON_MS)
    part.get_by_text("The same as code").click()
    code = part.get_by_label("Code", exact=True)
    expect(code).to_contain_text('runtime = boto3.client("sagemaker-runtime")')
    expect(code).to_contain_text('body = Path("weights.json").read_bytes()')
    part.get_by_role("button", name="Remove the file and use the editor").click()
    expect(part.get_by_role("textbox", name="Body")).to_be_visible()


def test_the_settings_lead_back_to_the_trial_component(page: Page, panel: Locator) -> None:
    part = open_endpoint(page, panel, ENDPOINT, "AWS settings")
    for text in (f":endpoint/{ENDPOINT}", f"{ENDPOINT}-config", f"{ENDPOINT}-model", "AllTraffic"):
        expect(part).to_contain_text(text)
    part.get_by_role("button", name=f"{JOB}-aws-training-job").click()
    expect(main_tab(page, "Describe Trial Component")).to_be_visible()


def test_an_open_tab_is_found_again_after_a_reload_and_a_closed_one_is_not(
    page: Page, panel: Locator
) -> None:
    component = f"{JOB}-aws-training-job"
    run_command(page, "smx-lab:deploy-model", {"trialComponentName": component})
    close_tab(page, "Deploy model")
    part = open_endpoint(page, panel, ENDPOINT, "Test inference")
    part.get_by_role("textbox", name="Body").fill("[[1, 1, 1]]")
    reload_lab(page)
    expect(main_tab(page, ENDPOINT)).to_be_visible()
    expect(main_tab(page, "Deploy model")).to_have_count(0)
    part = main_panel(page).get_by_role("tabpanel", name="Test inference")
    expect(part.get_by_role("textbox", name="Body")).to_have_value("[[1, 1, 1]]")
    close_tab(page, ENDPOINT)
    part = open_endpoint(page, panel, ENDPOINT, "Test inference")
    expect(part.get_by_role("textbox", name="Body")).not_to_have_value("[[1, 1, 1]]")


def test_deleting_says_what_goes_and_what_stays_and_does_so(
    page: Page, panel: Locator, lab: Lab
) -> None:
    deploy(lab, "short-lived", JOB)
    row = row_of(panel, "short-lived")
    row.dblclick()
    expect(main_tab(page, "short-lived")).to_be_visible()
    row.click(button="right")
    menu_item(page, "Delete…")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete endpoint short-lived?")
    expect(dialog).to_contain_text(re.compile(r"Model data stays: \S*model\.tar\.gz"))
    config = dialog.get_by_role("checkbox", name="endpoint configuration short-lived-config")
    model = dialog.get_by_role("checkbox", name="model short-lived-model")
    expect(config).to_be_checked()
    expect(model).to_be_checked()
    config.uncheck()
    expect(model).to_be_disabled()
    config.check()
    model.check()
    dialog.get_by_role("button", name="Cancel").click()
    expect(row).to_contain_text("InService")

    row.click(button="right")
    menu_item(page, "Delete…")
    progress = panel.get_by_role("region", name="Delete endpoint short-lived")
    with held_back(page, "**/smx-lab/api/operations/*"):
        dialog.get_by_role("button", name="Delete").click()
        expect(progress.get_by_role("listitem")).to_have_count(4)
    toast = page.locator(".Toastify__toast").filter(has_text="short-lived was deleted")
    expect(toast).to_be_visible(timeout=SOON_MS)
    expect(row).to_have_count(0, timeout=SOON_MS)
    expect(progress).to_have_count(0)
    expect(main_panel(page)).to_contain_text("The endpoint short-lived was deleted.")
    main_panel(page).get_by_role("button", name="Close tab").click()
    expect(main_tab(page, "short-lived")).to_have_count(0)
    assert describe(lab, "list_models", NameContains="short-lived")["Models"] == []


def test_what_others_use_is_kept(page: Page, panel: Locator, lab: Lab) -> None:
    lab.script(
        "import boto3\n"
        "sm = boto3.client('sagemaker')\n"
        f"sm.create_endpoint(EndpointName='twin', EndpointConfigName='{ENDPOINT}-config')\n"
    )
    row = row_of(panel, "twin")
    expect(row).to_contain_text("InService", timeout=120_000)
    row.click(button="right")
    menu_item(page, "Delete…")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{ENDPOINT}-config is kept: {ENDPOINT} uses it")
    expect(dialog.get_by_role("checkbox")).to_have_count(0)
    dialog.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0, timeout=SOON_MS)
    assert describe(lab, "describe_model", ModelName=f"{ENDPOINT}-model")["ModelName"]


def test_without_endpoints_the_list_says_how_to_make_one_and_what_is_switched_off(
    make_lab: LabMaker, browser: Browser
) -> None:
    lab = make_lab("--SmxLabApp.allow_delete=False")
    with lab_page(browser, lab, name="no-endpoints") as page:
        panel = open_sidebar(page, ENDPOINTS)
        expect(panel).to_contain_text("There are no endpoints.")
        expect(panel).to_contain_text("Deploy model")
        train(lab, JOB)
        deploy(lab, ENDPOINT, JOB)
        row_of(panel, ENDPOINT).click(button="right")
        entry = page.get_by_role("menuitem", name="Delete…")
        expect(entry).to_be_disabled()
        expect(entry).to_have_attribute("title", re.compile("administrator"))
    lab.stop()
