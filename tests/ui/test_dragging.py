"""Dragging trial components onto a trial of another experiment, and taking that back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.axe import check_accessible
from tests.ui.harness import expect_equal, open_sidebar, run_command, wait_for_frame
from tests.ui.table import box_of

FROM_ELSEWHERE = """() => document.addEventListener('dragstart', ({ dataTransfer }) => {
  const type = 'application/vnd.smx-lab.trial-components+json';
  const dragged = JSON.parse(dataTransfer.getData(type));
  dataTransfer.setData(type, JSON.stringify({ ...dragged, connectionId: 'elsewhere' }));
}, { once: true })"""
"""Makes the next drag carry what a drag from a page on another connection carries."""
pytestmark = pytest.mark.usefixtures("shared_page")


@pytest.fixture(scope="module")
def logged(sagemaker: Any) -> None:
    """Log two experiments, one of them with three trial components."""
    for experiment in ("drag-from", "drag-to"):
        sagemaker.create_experiment(ExperimentName=experiment)
        sagemaker.create_trial(TrialName=f"{experiment}-trial", ExperimentName=experiment)
    for name in ("drag-a", "drag-b", "drag-c"):
        sagemaker.create_trial_component(TrialComponentName=name, DisplayName=name)
        sagemaker.associate_trial_component(TrialComponentName=name, TrialName="drag-from-trial")


@pytest.fixture
def panel(page: Page, logged: None) -> Locator:
    """Open the browser at the three components."""
    panel = open_sidebar(page)
    place = {"experimentName": "drag-from", "trialName": "drag-from-trial"}
    run_command(page, "smx-lab:show-experiments", place)
    expect(row(panel, "drag-a")).to_be_visible()
    return panel


def row(panel: Locator, name: str) -> Locator:
    return panel.locator(f'[role=row][data-name="{name}"]')


def rest_on(page: Page, target: Locator) -> None:
    """Move the pointer onto something, as a hand does: in more than one step."""
    expect(target).to_be_visible()
    wait_for_frame(page)
    box = box_of(target)
    page.mouse.move(box["x"] + 30, box["y"] + 8, steps=3)
    page.mouse.move(box["x"] + 34, box["y"] + 10)


def pick_up(page: Page, panel: Locator) -> None:
    """Begin to drag two of the components."""
    row(panel, "drag-a").click()
    row(panel, "drag-b").click(modifiers=["Control"])
    rest_on(page, row(panel, "drag-a"))
    page.mouse.down()
    rest_on(page, row(panel, "drag-b"))


def go_to_other_trial(page: Page, panel: Locator) -> Locator:
    """Rest on the way until the trial of the other experiment is below the pointer."""
    rest_on(page, panel.get_by_role("button", name="Home"))
    rest_on(page, row(panel, "drag-to"))
    trial = row(panel, "drag-to-trial")
    rest_on(page, trial)
    return trial


def members(sagemaker: Any) -> list[str]:
    """Return the names of the trial components in the other experiment's trial."""
    found = sagemaker.list_trial_components(TrialName="drag-to-trial")["TrialComponentSummaries"]
    return sorted(component["TrialComponentName"] for component in found)


def test_components_are_dragged_into_another_trial_and_taken_out_again(
    page: Page, panel: Locator, sagemaker: Any
) -> None:
    pick_up(page, panel)
    hint = panel.get_by_text("Drop on a trial; rest on Home or an experiment to open it")
    expect(hint).to_be_visible()
    trial = go_to_other_trial(page, panel)
    expect(trial).to_have_class(re.compile("smx-mod-dropTarget"))
    page.mouse.up()
    told = page.get_by_role("alert").filter(has_text="in the trial drag-to-trial now.")
    expect(told).to_contain_text("2 trial components are in the trial drag-to-trial now.")
    expect(hint).to_be_hidden()
    expect_equal(lambda: members(sagemaker), ["drag-a", "drag-b"])
    trial.dblclick()
    expect(row(panel, "drag-a")).to_be_visible()
    told.get_by_role("button", name="Undo").click()
    expect(row(panel, "drag-a")).to_have_count(0)
    expect_equal(lambda: members(sagemaker), [])


def test_a_drag_that_is_given_up_leads_back_and_changes_nothing(
    page: Page, panel: Locator, sagemaker: Any
) -> None:
    pick_up(page, panel)
    go_to_other_trial(page, panel)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.mouse.move(700, 500, steps=3)
    expect(row(panel, "drag-a")).to_be_visible()
    expect(panel.get_by_text("Drop on a trial")).to_be_hidden()
    expect_equal(lambda: members(sagemaker), [])


def test_components_of_another_connection_are_refused(
    page: Page, panel: Locator, sagemaker: Any
) -> None:
    page.evaluate(FROM_ELSEWHERE)
    pick_up(page, panel)
    trial = go_to_other_trial(page, panel)
    expect(trial).to_have_class(re.compile("smx-mod-dropTarget"))
    page.mouse.up()
    told = page.get_by_role("alert").filter(has_text="of another connection")
    expect(told).to_contain_text("Copy their experiment first.")
    expect(panel.get_by_text("Drop on a trial")).to_be_hidden()
    expect_equal(lambda: members(sagemaker), [])


def test_what_cannot_be_done_is_said_in_a_sentence(page: Page, panel: Locator) -> None:
    dragged = {"trialName": "drag-gone", "trialComponentNames": ["drag-a"]}
    run_command(page, "smx-lab:associate-selected", dragged)
    told = page.get_by_role("alert").filter(has_text="drag-gone")
    expect(told).to_contain_text("does not exist")
    check_accessible(panel)
