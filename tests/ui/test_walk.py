"""The tutorial, from the first cell to the clean-up, with a real kernel, real jobs and endpoint.

It has nine steps, as in the notebook. It runs at the root of a server and, as on a hub, below a
base URL.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.ui.conftest import LabMaker
from tests.ui.harness import (
    ENDPOINTS,
    EXPERIMENTS,
    ROOT,
    Lab,
    expect_equal,
    lab_page,
    main_panel,
    main_tab,
    menu_item,
    open_sidebar,
    reload_lab,
)
from tests.ui.notebook import Notebook
from tests.ui.table import cells, column, expect_cells, grid, properties, row

SECONDS = 1000
TRAINING_MS = 300 * SECONDS
SELF_MS = 60 * SECONDS
"""What appears by itself does so within the refresh interval, also on a busy machine."""
TRIALS = re.compile(r"^digits-training-job-\d+-hidden-channels-\d+$")
EXPERIMENT = re.compile(r"^hand-written-digits-classification-\d+$")
ENDPOINT = "best-digits"
# The first picture of scikit-learn's handwritten digits, row by row.
ZERO = [
    0, 0, 5, 13, 9, 1, 0, 0,
    0, 0, 13, 15, 10, 15, 5, 0,
    0, 3, 15, 2, 0, 11, 8, 0,
    0, 4, 12, 0, 0, 8, 8, 0,
    0, 5, 8, 0, 0, 9, 8, 0,
    0, 4, 11, 0, 1, 12, 7, 0,
    0, 2, 14, 5, 10, 12, 0, 0,
    0, 0, 6, 13, 10, 0, 0, 0,
]  # fmt: skip


@pytest.fixture(scope="module", params=["/", "/user/ada/"], ids=["root", "base-url"])
def walk_lab(request: pytest.FixtureRequest, make_lab: LabMaker) -> Iterator[Lab]:
    """Start a Lab for the whole walk, at the root or below a base URL."""
    lab = make_lab(base_url=request.param)
    copy_tutorial(lab)
    yield lab
    lab.stop()


@pytest.fixture(scope="module")
def page(browser: Browser, walk_lab: Lab) -> Iterator[Page]:
    """Open one page for the whole walk, in a large window."""
    with lab_page(browser, walk_lab, name="walk", width=1920, height=1080) as page:
        yield page


@pytest.fixture(scope="module")
def walk(walk_lab: Lab, page: Page) -> Walk:
    """Open the notebook, and run its first cell."""
    walk = Walk(walk_lab, page)
    walk.notebook.open()
    walk.notebook.run("setup")
    return walk


@pytest.fixture(autouse=True)
def step(walk: Walk, request: pytest.FixtureRequest) -> Iterator[None]:
    """Skip a step if one before it has failed: each step needs what those before it did."""
    if walk.failed:
        pytest.skip("an earlier step has failed")
    before = request.session.testsfailed
    yield
    walk.failed = request.session.testsfailed > before


def copy_tutorial(lab: Lab) -> None:
    """Put notebook and script where the Lab's file browser looks."""
    for name in ("handwritten-digits.ipynb", "digits.py"):
        shutil.copy(ROOT / "smx_lab" / "tutorial" / name, lab.notebooks / name)


class Walk:
    """A Lab, its page, and the places of the walk."""

    def __init__(self, lab: Lab, page: Page) -> None:
        self.lab = lab
        self.page = page
        self.notebook = Notebook(page, "handwritten-digits.ipynb")

    failed = False
    """Whether a step has failed."""

    def browser_row(self, name: str | re.Pattern[str]) -> Locator:
        """Return the row, or rows, of the experiments browser with a name."""
        panel = open_sidebar(self.page, EXPERIMENTS)
        cell = self.page.get_by_role("gridcell", name=name)
        return panel.get_by_role("row").filter(has=cell)

    def home(self) -> None:
        """Go to the top of the experiments browser."""
        panel = open_sidebar(self.page, EXPERIMENTS)
        breadcrumb = panel.get_by_role("navigation", name="Breadcrumb")
        breadcrumb.get_by_role("button", name="Home").click()

    @property
    def table(self) -> Locator:
        """The trial component list in front."""
        return main_panel(self.page)

    def header(self, name: str) -> Locator:
        """Return a column's header."""
        return grid(self.table).get_by_role("columnheader", name=name)


def test_1_a_tracker_alone_makes_an_unassigned_trial_component(walk: Walk) -> None:
    open_sidebar(walk.page, EXPERIMENTS)
    expect(walk.browser_row("Unassigned trial components")).to_have_count(0)
    walk.notebook.run("preprocessing")
    unassigned = walk.browser_row("Unassigned trial components")
    expect(unassigned).to_be_visible(timeout=SELF_MS)
    unassigned.dblclick()
    expect(walk.browser_row("Preprocessing")).to_be_visible()
    walk.home()


def test_2_an_experiment_appears_by_itself_and_has_no_trials(walk: Walk) -> None:
    walk.notebook.run("experiment")
    experiment = walk.browser_row(EXPERIMENT)
    expect(experiment).to_be_visible(timeout=SELF_MS)
    experiment.dblclick()
    expect(open_sidebar(walk.page)).to_contain_text("There are no trials.")


def test_3_each_trial_appears_by_itself_while_the_jobs_train(walk: Walk) -> None:
    walk.notebook.start("training")
    trials = walk.browser_row(TRIALS)

    def are_listed(count: int) -> bool:
        walk.notebook.check()
        return trials.count() >= count

    for count in range(1, 6):
        expect_equal(partial(are_listed, count), True, TRAINING_MS / SECONDS)
    walk.notebook.wait(TRAINING_MS)
    walk.home()
    expect(walk.browser_row(EXPERIMENT)).to_be_visible()
    expect(walk.browser_row("Unassigned trial components")).to_have_count(0, timeout=SELF_MS)


def test_4_five_trials_open_as_ten_rows(walk: Walk) -> None:
    walk.browser_row(EXPERIMENT).dblclick()
    trials = walk.browser_row(TRIALS)
    expect(trials).to_have_count(5)
    trials.first.click()
    trials.last.click(modifiers=["Shift"])
    expect(open_sidebar(walk.page)).to_contain_text("5 rows selected")
    trials.nth(2).click(button="right")
    menu_item(walk.page, "Open in trial component list")
    expect(main_tab(walk.page, "Trial Component List")).to_be_visible()
    expect(grid(walk.table)).to_have_attribute("aria-rowcount", "11")  # with the headers' row
    components = walk.header("Trial component")
    expect_equal(
        lambda: sorted(column(walk.table, components)), ["Preprocessing"] * 5 + ["Training"] * 5
    )


def test_5_columns_that_are_unchecked_stay_away_after_a_reload(walk: Walk) -> None:
    pane = properties(walk.table)
    expect(pane).to_contain_text("TABLE PROPERTIES")
    for name in ("Created on", "Last modified"):
        expect(walk.header(name)).to_have_count(1)
        pane.get_by_role("checkbox", name=name).uncheck()
        expect(walk.header(name)).to_have_count(0)
    reload_lab(walk.page)
    expect(walk.header("Trial component")).to_have_count(1)
    for name in ("Created on", "Last modified"):
        expect(walk.header(name)).to_have_count(0)


STATISTICS = {
    "Last value": lambda values: values[-1],
    "Minimum": min,
    "Average": statistics.fmean,
    "Standard deviation": statistics.stdev,
    "Count": len,
    "Maximum": max,
}
"""Each entry of **Data aggregation**, and the same by hand; the tutorial's comes last."""


def logged(lab: Lab, pattern: str) -> list[list[float]]:
    """Return a metric's values in the log of each training job, oldest first."""
    logs = [path for path in (lab.data_dir / "training-jobs").rglob("log") if path.is_file()]
    found = [
        [float(match) for match in re.findall(pattern, path.read_text(encoding="utf-8"))]
        for path in logs
    ]
    return [values for values in found if values]


def test_6_the_table_sorts_by_the_maximum_of_what_the_logs_say(walk: Walk) -> None:
    series = logged(walk.lab, r"Test Accuracy: (.*?)%;")
    assert [len(values) for values in series] == [10] * 5
    for label, by_hand in STATISTICS.items():
        walk.header("test:accuracy").click(button="right")
        menu_item(walk.page, "Data aggregation", label)
        expect(walk.header("test:accuracy")).to_contain_text(label)
        expected = sorted(float(by_hand(values)) for values in series)
        expect_equal(lambda: exact_numbers(walk), pytest.approx(expected, rel=1e-6))

    accuracy = walk.header("test:accuracy")
    accuracy.click()
    expect(accuracy).to_have_attribute("aria-sort", "descending")
    expect_cells(
        walk.table, walk.header("Trial component"), ["Training"] * 5 + ["Preprocessing"] * 5
    )
    values = [float(text) for text in column(walk.table, accuracy, 5)]
    assert values == sorted(values, reverse=True)


def exact_numbers(walk: Walk) -> list[float]:
    """Return the exact values of test:accuracy, which the tooltips have, in rising order."""
    titles: list[str] = cells(walk.table, walk.header("test:accuracy")).evaluate_all(
        "cells => cells.map(cell => cell.title || cell.querySelector('[title]')?.title)"
    )
    return sorted(float(title.replace(",", "")) for title in titles if title)


def test_7_the_top_model_can_be_deployed_under_a_name(walk: Walk) -> None:
    top = row(walk.table, 0).get_by_role("gridcell", name="Training", exact=True)
    top.click(button="right")
    menu_item(walk.page, "Deploy model")
    expect(main_tab(walk.page, "Deploy model")).to_be_visible()
    form = main_panel(walk.page).get_by_role("form", name="Deploy model")
    expect(form).to_contain_text("REQUIRED SETTINGS")
    name = form.get_by_role("textbox", name="Endpoint name")
    expect(name).to_be_focused()
    name.fill(ENDPOINT)
    expect(form.get_by_role("combobox", name="Instance type")).to_have_value("ml.m5.xlarge")
    expect(form.get_by_role("spinbutton", name="Instance count")).to_have_value("1")


def test_8_the_endpoint_comes_into_service_and_reads_a_digit(walk: Walk) -> None:
    panel = open_sidebar(walk.page, ENDPOINTS)
    form = main_panel(walk.page).get_by_role("form", name="Deploy model")
    form.get_by_role("button", name="Deploy model").click()
    endpoint = panel.get_by_role("row").filter(has_text=ENDPOINT)
    expect(endpoint).to_contain_text(re.compile("Creating|InService"), timeout=SELF_MS)
    expect(endpoint).to_contain_text("InService", timeout=120 * SECONDS)
    endpoint.dblclick()
    expect(main_tab(walk.page, ENDPOINT)).to_be_visible()
    document = main_panel(walk.page)
    document.get_by_role("tab", name="Test inference").click()
    document.get_by_label("Content type").first.fill("application/json")
    document.get_by_role("textbox", name="Body").fill(json.dumps([ZERO]))
    document.get_by_role("button", name="Send Request").click()
    answer = document.get_by_label("Response").first
    expect(answer).to_contain_text("Complete", timeout=60 * SECONDS)
    expect(document.locator("pre").filter(has_text="predictions")).to_contain_text(
        re.compile(r'"digit":\s*0\b')
    )


def test_9_clean_up_leaves_only_what_is_used_elsewhere(walk: Walk) -> None:
    walk.lab.script(USE_PREPROCESSING_ELSEWHERE)
    if walk.lab.base_url == "/":
        clean_up_in_the_browser(walk)
    else:
        clean_up_in_the_notebook(walk)
    endpoints = open_sidebar(walk.page, ENDPOINTS).get_by_role("row").filter(has_text=ENDPOINT)
    expect(endpoints).to_have_count(0, timeout=TRAINING_MS)
    walk.home()
    expect(walk.browser_row("another-experiment")).to_be_visible(timeout=SELF_MS)
    expect(walk.browser_row(EXPERIMENT)).to_have_count(0, timeout=SELF_MS)
    walk.browser_row("another-experiment").dblclick()
    walk.browser_row("another-trial").dblclick()
    expect(walk.browser_row("Preprocessing")).to_be_visible()


def clean_up_in_the_browser(walk: Walk) -> None:
    walk.home()
    walk.browser_row(EXPERIMENT).click(button="right")
    menu_item(walk.page, "Clean up…")
    dialog = walk.page.get_by_role("dialog")
    counts = dialog.locator(".smx-CleanUp-counts")
    expect(counts).to_have_text(
        "1 experiment, 5 trials, 10 links; 5 trial components to delete, 1 kept"
    )
    dialog.get_by_role("button", name="1 kept").click()
    expect(dialog.get_by_role("list", name="1 kept")).to_contain_text("used by another-trial")
    dialog.get_by_role("checkbox", name="Also delete endpoints deployed from these").check()
    going = dialog.get_by_role("list", name="1 endpoint to delete")
    expect(going).to_contain_text(ENDPOINT)
    dialog.get_by_role("button", name="Clean up", exact=True).click()
    report = dialog.get_by_role("region", name="Report")
    expect(report).to_contain_text("1 experiment, 5 trials", timeout=TRAINING_MS)
    dialog.get_by_role("button", name="Close").click()


def clean_up_in_the_notebook(walk: Walk) -> None:
    panel = open_sidebar(walk.page, ENDPOINTS)
    panel.get_by_role("row").filter(has_text=ENDPOINT).click(button="right")
    menu_item(walk.page, "Delete…")
    walk.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    walk.notebook.open()
    walk.notebook.run("cleanup-experiment")


USE_PREPROCESSING_ELSEWHERE = """
import boto3

sm = boto3.client("sagemaker")
found = sm.list_trial_components(SortBy="CreationTime", SortOrder="Ascending", MaxResults=1)
name = found["TrialComponentSummaries"][0]["TrialComponentName"]
sm.create_experiment(ExperimentName="another-experiment")
sm.create_trial(TrialName="another-trial", ExperimentName="another-experiment")
sm.associate_trial_component(TrialComponentName=name, TrialName="another-trial")
"""
