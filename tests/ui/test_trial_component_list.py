"""The trial component list: what it shows, of what, and when there is nothing to show."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.harness import Lab, expect_equal, finish_command, main_tab
from tests.ui.table import cell, column, expect_headers, grid, header, open_table, row, rows

TRIAL = "table-digits-hidden-channels-2"


@pytest.fixture
def table(page: Page, digits: str) -> Locator:
    """Open the table of the three trials, and return its tab."""
    return open_table(page, experiments=[digits])


def test_one_row_for_each_trial_and_trial_component_with_the_columns_in_order(
    table: Locator,
) -> None:
    expect(table.get_by_role("heading", name="TRIAL COMPONENTS")).to_be_visible()
    expect(table).to_contain_text("0 rows selected")
    expect(rows(table)).to_have_count(6)
    components = header(table, "Trial component")
    expect_equal(
        lambda: sorted(column(table, components)), ["Preprocessing"] * 3 + ["Training"] * 3
    )
    expect_headers(
        table,
        [
            "Status",
            "Experiment",
            "Type",
            "Trial",
            "Trial component",
            "Created on",
            "Last modified",
            "Created by",
            "Duration",
            "test:accuracy",
            "hidden_channels",
            "normalization_mean",
            "optimizer",
            "dataset",
        ],
    )


def test_cells_show_names_times_and_values_as_people_read_them(table: Locator) -> None:
    header(table, "hidden_channels").click()
    expect(cell(table, 0, "hidden_channels")).to_have_text("2")
    expect(cell(table, 0, "Trial component")).to_have_text("Training")
    expect(cell(table, 0, "Trial component")).to_have_attribute("title", "table-training-2")
    expect(cell(table, 0, "Type")).to_have_text("Undefined")
    expect(cell(table, 0, "Status")).to_have_text("Completed")
    expect(cell(table, 0, "Status").locator("svg")).to_have_count(1)
    expect(cell(table, 0, "Created on")).to_have_text(re.compile(r"ago|now"))
    expect(cell(table, 0, "Created on")).to_have_attribute("title", re.compile(r"20\d\d"))
    expect(cell(table, 0, "Duration")).to_have_text("1 min")
    expect(cell(table, 0, "optimizer")).to_have_text("sgd")
    expect(cell(table, 0, "test:accuracy")).to_have_attribute("title", "96.125")


def test_an_experiment_without_trial_components_shows_how_to_log_one(page: Page, lab: Lab) -> None:
    lab.script("import boto3\nboto3.client('sagemaker').create_experiment(ExperimentName='bare')")
    table = open_table(page, experiments=["bare"])
    expect(table).to_contain_text("There are no trial components.")
    expect(table).to_contain_text("create_trial_component")
    expect(table.get_by_role("button", name="Copy code")).to_be_visible()


def test_an_experiment_that_was_deleted_is_named(page: Page, lab: Lab) -> None:
    sm = "import boto3\nsm = boto3.client('sagemaker')\n"
    lab.script(sm + "sm.create_experiment(ExperimentName='short-lived')")
    table = open_table(page, experiments=["short-lived"])
    expect(table).to_contain_text("There are no trial components.")
    lab.script(sm + "sm.delete_experiment(ExperimentName='short-lived')")
    finish_command(page, "smx-lab:refresh-table")
    expect(table).to_contain_text("short-lived was deleted")
    table.get_by_role("button", name="Close tab").click()
    expect(main_tab(page, "Trial Component List")).to_have_count(0)


def test_the_same_origin_is_one_tab_unless_another_is_asked_for(page: Page, digits: str) -> None:
    open_table(page, experiments=[digits])
    tab = main_tab(page, "Trial Component List")
    expect(tab).to_have_count(1)
    expect(tab).to_have_attribute("title", re.compile(f"Experiments: {digits}"))
    open_table(page, experiments=[digits])
    expect(tab).to_have_count(1)
    open_table(page, experiments=[digits], newTab=True)
    expect(main_tab(page, f"Trial Component List: {digits}")).to_have_count(2)
    open_table(page, trials=[TRIAL])
    expect(tab).to_have_count(3)
    expect(main_tab(page, f"Trial Component List: {TRIAL}")).to_have_count(1)


def test_a_hostile_name_is_text(page: Page, lab: Lab) -> None:
    lab.script(
        "import boto3\nsm = boto3.client('sagemaker')\n"
        "sm.create_experiment(ExperimentName='hostile')\n"
        "sm.create_trial(TrialName='hostile-trial', ExperimentName='hostile')\n"
        "sm.create_trial_component(TrialComponentName='hostile-component', Parameters={\n"
        "    '<img src=x onerror=alert(1)>': {'StringValue': '<b>bold</b>'}})\n"
        "sm.associate_trial_component(TrialComponentName='hostile-component',"
        " TrialName='hostile-trial')\n"
    )
    table = open_table(page, experiments=["hostile"])
    expect(header(table, "<img src=x onerror=alert(1)>")).to_have_count(1)
    expect(row(table, 0)).to_contain_text("<b>bold</b>")
    expect(grid(table).locator("img")).to_have_count(0)
