"""Clean up…: it shows a plan first, says what is kept, and all lists follow by themselves."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Locator, Page, expect

from tests.ui.axe import check_in_both_themes
from tests.ui.harness import (
    close_documents,
    copied_text,
    expect_equal,
    main_panel,
    main_tab,
    menu_item,
    open_sidebar,
    run_command,
    tab_to,
)

SELF_MS = 20_000


@pytest.fixture
def page(shared_page: Page) -> Page:
    """Return the module's page, without documents."""
    close_documents(shared_page)
    return shared_page


@pytest.fixture
def panel(page: Page) -> Locator:
    """Return the experiments browser, at Home."""
    panel = open_sidebar(page)
    panel.get_by_role("button", name="Home").click()
    return panel


def make(sagemaker: Any, trials: int, shared: str | None = None) -> str:
    """Make an experiment of some trials with a training each; return its name."""
    name = f"clean-{secrets.token_hex(3)}"
    sagemaker.create_experiment(ExperimentName=name)
    for number in range(1, trials + 1):
        trial, component = f"{name}-{number}", f"{name}-training-{number}"
        sagemaker.create_trial(TrialName=trial, ExperimentName=name)
        sagemaker.create_trial_component(TrialComponentName=component, DisplayName="Training")
        for used in filter(None, (component, shared)):
            sagemaker.associate_trial_component(TrialComponentName=used, TrialName=trial)
    return name


@pytest.fixture
def shared(sagemaker: Any) -> str:
    """Make a trial component for several trials to share, and return its name."""
    name = f"preprocessing-{secrets.token_hex(3)}"
    sagemaker.create_trial_component(TrialComponentName=name, DisplayName="Preprocessing")
    return name


def row(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("row").filter(
        has=panel.page.get_by_role("gridcell", name=name, exact=True)
    )


def open_dialog(panel: Locator, name: str) -> Locator:
    """Choose **Clean up…** in the context menu of a row, and wait for the plan."""
    row(panel, name).click(button="right")
    menu_item(panel.page, "Clean up…")
    return planned(panel.page)


def planned(page: Page) -> Locator:
    """Return the dialog, once it has a plan of the choices made."""
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".smx-CleanUp-plan")).to_have_attribute("aria-busy", "false")
    return dialog


def exists(sagemaker: Any, operation: str, **members: str) -> bool:
    try:
        getattr(sagemaker, f"describe_{operation}")(**members)
    except ClientError:
        return False
    return True


def test_the_plan_counts_and_names_before_anything_is_touched(
    page: Page, panel: Locator, sagemaker: Any, shared: str
) -> None:
    other = make(sagemaker, 1, shared)
    name = make(sagemaker, 2, shared)
    dialog = open_dialog(panel, name)
    expect(dialog.get_by_text(f"Clean up {name}", exact=True)).to_be_visible()
    expect(dialog.locator(".smx-CleanUp-counts")).to_have_text(
        "1 experiment, 2 trials, 4 links; 2 trial components to delete, 1 kept"
    )
    for count in ("1 experiment", "2 trials", "4 links", "2 trial components to delete", "1 kept"):
        dialog.get_by_role("button", name=count, exact=True).click()
        expect(dialog.get_by_role("list", name=count, exact=True)).to_contain_text(
            shared if count == "1 kept" else name
        )
    kept = dialog.get_by_role("list", name="1 kept")
    expect(kept).to_contain_text(f"used by {other}-1")
    staying = dialog.get_by_role("region", name="Not deleted")
    expect(staying).to_contain_text("S3")
    expect(staying).to_contain_text("Notebooks")
    expect(dialog).to_contain_text("No endpoint was deployed from these.")
    check_in_both_themes(dialog)

    dialog.get_by_role("checkbox", name="Keep trial components").check()
    expect(dialog.locator(".smx-CleanUp-counts")).to_have_text(
        "1 experiment, 2 trials, 4 links; 0 trial components to delete, 3 kept"
    )
    dialog.get_by_role("button", name="Copy as code").click()
    expect(dialog.get_by_text("Copied")).to_be_visible()
    expect_equal(lambda: name in copied_text(page), True)
    code = copied_text(page)
    compile("\n".join(line for line in code.splitlines() if line[:1] != "%"), name, "exec")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    assert exists(sagemaker, "trial", TrialName=f"{name}-1")


def test_lists_and_tables_follow_and_what_others_use_is_kept(
    page: Page, panel: Locator, sagemaker: Any, shared: str
) -> None:
    make(sagemaker, 1, shared)
    name = make(sagemaker, 2, shared)
    row(panel, name).click(button="right")
    menu_item(page, "Open in trial component list")
    expect(main_panel(page).get_by_role("grid")).to_have_attribute("aria-rowcount", "5")
    dialog = open_dialog(panel, name)
    dialog.get_by_role("button", name="Clean up", exact=True).click()
    report = dialog.get_by_role("region", name="Report")
    expect(report).to_contain_text("1 experiment, 2 trials, 4 links, 2 trial components")
    expect(dialog.get_by_role("listitem").filter(has_text="Completed")).to_have_count(4)
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    check_in_both_themes(dialog)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(row(panel, name)).to_have_count(0, timeout=SELF_MS)
    expect(main_panel(page)).to_contain_text(f"{name} was deleted", timeout=SELF_MS)
    assert not exists(sagemaker, "experiment", ExperimentName=name)
    assert exists(sagemaker, "trial_component", TrialComponentName=shared)


def test_a_plan_that_is_out_of_date_is_not_carried_out(
    page: Page, panel: Locator, sagemaker: Any
) -> None:
    name = make(sagemaker, 1)
    dialog = open_dialog(panel, name)
    expect(dialog.get_by_role("button", name="1 trial", exact=True)).to_be_visible()
    sagemaker.create_trial(TrialName=f"{name}-late", ExperimentName=name)
    dialog.get_by_role("button", name="Clean up", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("has changed since the plan was made")
    expect(dialog.get_by_role("button", name="2 trials", exact=True)).to_be_visible()
    assert exists(sagemaker, "trial", TrialName=f"{name}-1")
    dialog.get_by_role("button", name="Clean up", exact=True).click()
    expect(dialog.get_by_role("region", name="Report")).to_contain_text("2 trials")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_trials_are_cleaned_up_by_keyboard_alone(
    page: Page, panel: Locator, sagemaker: Any
) -> None:
    name = make(sagemaker, 12)
    row(panel, name).dblclick()
    expect(panel.get_by_role("row").filter(has_text=f"{name}-")).to_have_count(12)
    panel.get_by_role("gridcell").first.focus()
    page.keyboard.press("Control+A")
    expect(panel).to_contain_text("12 rows selected")
    page.keyboard.press("Shift+F10")
    menu_item(page, "Clean up…")
    dialog = planned(page)
    expect(dialog).to_contain_text("0 experiments, 12 trials, 12 links; 12 trial components")
    begin = dialog.get_by_role("button", name="Clean up", exact=True)
    expect(begin).to_be_disabled()
    expect(begin).to_have_attribute("title", "Type the name first")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    for key in ("Tab", "Shift+Tab"):  # the focus goes round, and never leaves the dialog
        for _ in range(15):
            page.keyboard.press(key)
            expect(dialog.locator(":focus")).to_have_count(1)
    typed = dialog.get_by_role("textbox", name=f"To confirm, type the name {name}-12")
    tab_to(page, typed)
    page.keyboard.type(f"{name}-1")
    page.keyboard.press("Enter")
    expect(begin).to_be_disabled()
    page.keyboard.type("2")
    expect(begin).to_be_enabled()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("region", name="Report")).to_contain_text("12 trials")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(panel).to_contain_text("There are no trials.", timeout=SELF_MS)
    assert exists(sagemaker, "experiment", ExperimentName=name)


def test_rows_of_a_table_and_the_table_itself_can_be_cleaned_up(
    page: Page, panel: Locator, sagemaker: Any, shared: str
) -> None:
    name = make(sagemaker, 2, shared)
    run_command(page, "smx-lab:open-table", {"connectionId": "local", "experiments": [name]})
    expect(main_tab(page, "Trial Component List")).to_be_visible()
    grid = main_panel(page).get_by_role("grid")
    preprocessing = grid.get_by_role("gridcell", name="Preprocessing")
    expect(preprocessing).to_have_count(2)
    preprocessing.first.click(button="right")
    menu_item(page, "Clean up…")
    dialog = planned(page)
    expect(dialog.locator(".smx-CleanUp-counts")).to_have_text(
        "0 experiments, 0 trials, 2 links; 1 trial component to delete, 0 kept"
    )
    dialog.get_by_role("button", name="Clean up", exact=True).click()
    expect(dialog.get_by_role("region", name="Report")).to_contain_text("1 trial component")
    dialog.get_by_role("button", name="Close").click()
    expect(preprocessing).to_have_count(0, timeout=SELF_MS)

    # From the menu bar, with nothing selected by now: what the table in front was opened on.
    page.get_by_role("menuitem", name="SageMaker", exact=True).click()
    menu_item(page, "Clean up…")
    expect(planned(page).locator(".smx-CleanUp-counts")).to_have_text(
        "1 experiment, 2 trials, 2 links; 2 trial components to delete, 0 kept"
    )
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_with_nothing_selected_it_says_what_to_select(page: Page, panel: Locator) -> None:
    panel.get_by_role("button", name="Home").click()
    run_command(page, "smx-lab:clean-up")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile("Select experiments, trials or trial components"))
    dialog.get_by_role("button", name="Experiments").click()
    expect(open_sidebar(page).get_by_role("heading", name="EXPERIMENTS")).to_be_visible()
