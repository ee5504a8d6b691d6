"""A user deploys the model of a training job to an endpoint, and watches the progress."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui.axe import check_accessible, check_in_both_themes
from tests.ui.conftest import LabMaker
from tests.ui.harness import (
    Lab,
    close_menu,
    close_tab,
    copied_text,
    finish_command,
    lab_page,
    main_panel,
    main_tab,
    reload_lab,
    run_command,
)
from tests.ui.table import open_table
from tests.ui.trained import BROKEN_SCRIPT, describe, train

JOB = "deploy-training-job"
IN_SERVICE_MS = 120_000


@pytest.fixture(scope="module")
def component(lab: Lab) -> str:
    """Return the trial component of a job whose model can be deployed."""
    return train(lab, JOB)


@pytest.fixture
def form(page: Page, component: str) -> Locator:
    """Open the Deploy model page as the table does, and return its form."""
    return open_form(page, component)


def open_form(page: Page, component: str) -> Locator:
    """Open the Deploy model page by the command of menus and buttons, and return its form."""
    arguments: dict[str, object] = {
        "connectionId": "local",
        "trialComponentName": component,
        "metrics": {"train:loss (Minimum)": "0.3333"},
    }
    finish_command(page, "smx-lab:deploy-model", arguments)
    form = main_panel(page).get_by_role("form", name="Deploy model")
    # A text that is typed before would go where the focus goes.
    expect(name_of(form)).to_be_focused()
    return form


def name_of(form: Locator) -> Locator:
    return form.get_by_role("textbox", name="Endpoint name")


def steps_of(page: Page) -> Locator:
    return main_panel(page).get_by_role("region", name="Progress").get_by_role("listitem")


def press_deploy(form: Locator) -> None:
    form.get_by_role("button", name="Deploy model").click()


def test_the_form_is_ready_but_for_the_name(page: Page, form: Locator) -> None:
    expect(name_of(form)).to_be_focused()
    expect(name_of(form)).to_have_value("")
    expect(form.get_by_role("heading", name="REQUIRED SETTINGS")).to_be_visible()
    expect(form.get_by_role("combobox", name="Instance type")).to_have_value("ml.m5.xlarge")
    expect(form.get_by_role("spinbutton", name="Instance count")).to_have_value("1")
    expect(form).to_contain_text("Runs on this machine")
    expect(form.get_by_role("textbox", name="Variant name")).to_be_hidden()
    summary = main_panel(page)
    for text in (JOB, "model.tar.gz", "train:loss (Minimum)", "0.3333"):
        expect(summary).to_contain_text(text)
    check_in_both_themes(summary)


def test_what_is_wrong_stands_beside_its_field_and_at_the_top(form: Locator) -> None:
    name_of(form).fill("my digits")
    expect(name_of(form)).to_have_attribute("aria-invalid", "true")
    expect(name_of(form)).to_have_accessible_description(re.compile("1 to 63 letters"))
    form.get_by_role("spinbutton", name="Instance count").fill("0")
    press_deploy(form)
    summary = form.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("2 settings have to be corrected")
    check_accessible(form)
    summary.get_by_role("link", name="Instance count").click()
    expect(form.get_by_role("spinbutton", name="Instance count")).to_be_focused()
    form.get_by_role("spinbutton", name="Instance count").fill("1")
    name_of(form).fill("my-digits")
    expect(summary).to_have_count(0)


def test_an_optional_setting_that_is_wrong_is_unfolded(form: Locator) -> None:
    name_of(form).fill("optional-digits")
    form.get_by_role("button", name="OPTIONAL SETTINGS").click()
    role = form.get_by_role("textbox", name="Execution role")
    expect(role).to_have_value(re.compile("role/service-role/Training$"))
    role.fill("me")
    form.get_by_role("button", name="OPTIONAL SETTINGS").click()
    expect(role).to_be_hidden()
    press_deploy(form)
    expect(role).to_be_visible()
    expect(role).to_have_accessible_description(re.compile("the ARN of a role"))


def test_the_form_comes_back_after_a_reload_as_it_was_typed(page: Page, form: Locator) -> None:
    name_of(form).fill("half-typed")
    form.get_by_role("button", name="OPTIONAL SETTINGS").click()
    form.get_by_role("button", name="Add tag").click()
    expect(form.get_by_role("textbox", name="Tags: key 1")).to_be_focused()
    page.keyboard.type("team")
    page.keyboard.press("Tab")
    page.keyboard.type("vision")
    expect(form).to_contain_text("the endpoint half-typed")
    reload_lab(page)
    expect(name_of(form)).to_have_value("half-typed")
    expect(form.get_by_role("textbox", name="Tags: key 1")).to_have_value("team")
    expect(form.get_by_role("textbox", name="Tags: value 1")).to_have_value("vision")


def test_a_deployment_goes_on_without_its_tab_and_ends_in_service(
    page: Page, form: Locator, lab: Lab
) -> None:
    name_of(form).fill("tabless")
    name_of(form).press("Enter")
    steps = steps_of(page)
    expect(steps).to_have_count(4)
    for step, text in enumerate(
        ("Create model", "Create endpoint configuration", "Create endpoint", "InService")
    ):
        expect(steps.nth(step)).to_contain_text(text)
    close_tab(page, "Deploy model")
    toast = page.locator(".Toastify__toast")
    expect(toast).to_contain_text("The endpoint tabless is InService.", timeout=IN_SERVICE_MS)
    toast.get_by_role("button", name="Test inference").click()
    expect(main_tab(page, "tabless")).to_be_visible()
    assert describe(lab, "describe_endpoint", EndpointName="tabless")["EndpointStatus"] == (
        "InService"
    )


def test_a_deployment_is_found_again_after_a_reload_and_its_name_is_then_taken(
    page: Page, form: Locator, component: str
) -> None:
    name_of(form).fill("reloaded")
    expect(form).to_contain_text("the endpoint reloaded")
    press_deploy(form)
    expect(steps_of(page)).to_have_count(4)
    reload_lab(page)
    document = main_panel(page)
    expect(document).to_contain_text("The endpoint is InService.", timeout=IN_SERVICE_MS)
    for name in ("Test inference", "Open endpoint", "Copy code"):
        expect(document.get_by_role("button", name=name)).to_be_visible()
    again = open_form(page, component)
    name_of(again).fill("reloaded")
    expect(name_of(again)).to_have_accessible_description(
        re.compile("There is an endpoint named reloaded already")
    )
    expect(main_tab(page, f"Deploy model: {component}")).to_have_count(2)


def test_a_model_that_does_not_load_says_why_and_is_taken_back(page: Page, lab: Lab) -> None:
    broken = train(lab, "broken-training-job", BROKEN_SCRIPT)
    form = open_form(page, broken)
    name_of(form).fill("broken")
    press_deploy(form)
    document = main_panel(page)
    alert = document.get_by_role("alert")
    expect(alert).to_contain_text("the weights are of another shape", timeout=IN_SERVICE_MS)
    expect(document.get_by_role("button", name="Retry")).to_be_visible()
    document.get_by_role("button", name="Delete what was created").click()
    undoing = document.get_by_role("region", name="Delete what was created")
    expect(undoing).to_contain_text("Completed", timeout=IN_SERVICE_MS)
    expect(undoing.get_by_role("listitem")).to_have_count(3)
    assert describe(lab, "list_endpoints", NameContains="broken")["Endpoints"] == []
    assert describe(lab, "list_models", NameContains="broken")["Models"] == []
    document.get_by_role("button", name="Change the settings").click()
    expect(name_of(form)).to_have_value("broken")


def test_the_code_of_the_page_deploys_the_same(page: Page, form: Locator, lab: Lab) -> None:
    name_of(form).fill("by-code")
    expect(form).to_contain_text("the endpoint by-code")
    form.get_by_role("button", name="Copy code").click()
    expect(form.get_by_role("status")).to_contain_text("Copied")
    code = copied_text(page)
    lab.script("\n".join(line for line in code.splitlines() if not line.startswith("%")))
    described = describe(lab, "describe_endpoint", EndpointName="by-code")
    assert described["EndpointStatus"] in ("Creating", "InService")


def test_a_read_only_server_says_why_nothing_can_be_deployed(
    make_lab: LabMaker, browser: Browser
) -> None:
    lab = make_lab("--SmxLabApp.read_only=True")
    component = train(lab, JOB)
    with lab_page(browser, lab, name="read-only") as page:
        page.wait_for_function(
            "() => !window.jupyterapp.commands.isEnabled('smx-lab:deploy-model', {})"
        )
        # A page that was open before is opened again by a reload.
        arguments: dict[str, object] = {
            "connectionId": "local",
            "trialComponentName": component,
            "pageId": "opened-before",
        }
        run_command(page, "smx-lab:deploy-model", arguments)
        form = main_panel(page).get_by_role("form", name="Deploy model")
        button = form.get_by_role("button", name="Deploy model")
        expect(button).to_be_disabled()
        expect(button).to_have_accessible_description(re.compile("administrator"))
        name_of(form).fill("forbidden")
        name_of(form).press("Enter")
        expect(form).to_contain_text("the endpoint forbidden")
        # So are the tags in the table, and cleaning up.
        table = open_table(page, experiments=[f"{JOB}-experiment"])
        table.get_by_role("gridcell", name="Training job").first.click(button="right")
        for label in ("Edit tags…", "Clean up…"):
            entry = page.locator(".lm-Menu li.lm-Menu-item", has_text=label)
            expect(entry).to_have_attribute("title", "Disabled by your administrator")
            expect(entry).to_have_attribute("aria-disabled", "true")
        close_menu(page)
        # A launcher's card executes disabled commands too.
        arguments = {"connectionId": "local", "experiments": [f"{JOB}-experiment"]}
        run_command(page, "smx-lab:clean-up", arguments)
        toast = page.locator(".Toastify__toast").last
        expect(toast).to_contain_text("Disabled by your administrator")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert describe(lab, "list_endpoints")["Endpoints"] == []
    lab.stop()
