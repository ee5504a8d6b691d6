"""Dragging trial components onto a trial of another experiment, and taking that back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui.axe import check_accessible
from tests.ui.harness import Lab, lab_page, open_sidebar, run_command

LOGGED = """
import boto3

sm = boto3.client("sagemaker")
for experiment in ("drag-from", "drag-to"):
    sm.create_experiment(ExperimentName=experiment)
    sm.create_trial(TrialName=f"{experiment}-trial", ExperimentName=experiment)
for name in ("drag-a", "drag-b", "drag-c"):
    sm.create_trial_component(TrialComponentName=name, DisplayName=name)
    sm.associate_trial_component(TrialComponentName=name, TrialName="drag-from-trial")
"""
MEMBERS = """
import boto3

sm = boto3.client("sagemaker")
found = sm.list_trial_components(TrialName="drag-to-trial")["TrialComponentSummaries"]
print(" ".join(sorted(component["TrialComponentName"] for component in found)))
"""
FROM_ELSEWHERE = """() => document.addEventListener('dragstart', ({ dataTransfer }) => {
  const type = 'application/vnd.smx-lab.trial-components+json';
  const dragged = JSON.parse(dataTransfer.getData(type));
  dataTransfer.setData(type, JSON.stringify({ ...dragged, connectionId: 'elsewhere' }));
}, { once: true })"""
"""Has the next drag carry what one from a page on another connection carries."""


@pytest.fixture(scope="module")
def page(browser: Browser, lab: Lab) -> Iterator[Page]:
    lab.script(LOGGED)
    with lab_page(browser, lab, name="dragging") as page:
        yield page


@pytest.fixture
def panel(page: Page) -> Locator:
    """Open the browser at the three components."""
    panel = open_sidebar(page)
    place = {"experimentName": "drag-from", "trialName": "drag-from-trial"}
    run_command(page, "smx-lab:show-experiments", place)
    expect(row(panel, "drag-a")).to_be_visible()
    return panel


def row(panel: Locator, name: str) -> Locator:
    return panel.locator(f'[role=row][data-name="{name}"]')


def rest_on(page: Page, target: Locator) -> None:
    """Lead the pointer onto something, as a hand does: by more than one step."""
    expect(target).to_be_visible()
    box = target.bounding_box() or {"x": 0, "y": 0}
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


def members(lab: Lab) -> str:
    return lab.script(MEMBERS).strip()


def test_components_are_dragged_into_another_trial_and_taken_out_again(
    page: Page, panel: Locator, lab: Lab
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
    assert members(lab) == "drag-a drag-b"
    trial.dblclick()
    expect(row(panel, "drag-a")).to_be_visible()
    told.get_by_role("button", name="Undo").click()
    expect(row(panel, "drag-a")).to_have_count(0)
    assert members(lab) == ""


def test_a_drag_that_is_given_up_leads_back_and_changes_nothing(
    page: Page, panel: Locator, lab: Lab
) -> None:
    pick_up(page, panel)
    go_to_other_trial(page, panel)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.mouse.move(700, 500, steps=3)
    expect(row(panel, "drag-a")).to_be_visible()
    expect(panel.get_by_text("Drop on a trial")).to_be_hidden()
    assert members(lab) == ""


def test_components_of_another_connection_are_refused(page: Page, panel: Locator, lab: Lab) -> None:
    page.evaluate(FROM_ELSEWHERE)
    pick_up(page, panel)
    trial = go_to_other_trial(page, panel)
    expect(trial).to_have_class(re.compile("smx-mod-dropTarget"))
    page.mouse.up()
    told = page.get_by_role("alert").filter(has_text="of another connection")
    expect(told).to_contain_text("Copy their experiment first.")
    expect(panel.get_by_text("Drop on a trial")).to_be_hidden()
    assert members(lab) == ""


def test_what_cannot_be_done_is_said_in_a_sentence(page: Page, panel: Locator, lab: Lab) -> None:
    dragged = {"trialName": "drag-gone", "trialComponentNames": ["drag-a"]}
    run_command(page, "smx-lab:associate-selected", dragged)
    told = page.get_by_role("alert").filter(has_text="drag-gone")
    expect(told).to_contain_text("does not exist")
    check_accessible(panel)
