"""The trial component list, as its user sorts, arranges, reads and keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.ui.axe import check_accessible
from tests.ui.conftest import PageOpener
from tests.ui.harness import (
    Lab,
    lab_page,
    main_panel,
    main_tab,
    menu_item,
    reload_lab,
    run_command,
)

SELF_MS = 20_000
"""A thing that appears by itself does so within the refresh interval; this is far beyond it."""

DIGITS = """
import time
import boto3

sm = boto3.client("sagemaker")
metrics = boto3.client("sagemaker-metrics")
EXPERIMENT = "table-digits"
NOW = int(time.time())

def component(name, display_name, trials, **members):
    sm.create_trial_component(TrialComponentName=name, DisplayName=display_name, **members)
    for trial in trials:
        sm.associate_trial_component(TrialComponentName=name, TrialName=trial)

def log(name, metric, values):
    metrics.batch_put_metrics(TrialComponentName=name, MetricData=[
        {"MetricName": metric, "Timestamp": NOW, "Step": step, "Value": value}
        for step, value in enumerate(values)
    ])

sm.create_experiment(ExperimentName=EXPERIMENT)
TRIALS = [f"table-digits-hidden-channels-{n}" for n in (2, 5, 10)]
for trial in TRIALS:
    sm.create_trial(TrialName=trial, ExperimentName=EXPERIMENT)
component("table-preprocessing", "Preprocessing", TRIALS,
          Parameters={"normalization_mean": {"NumberValue": 0.1307}},
          InputArtifacts={"dataset": {"Value": "s3://bucket/digits"}})
for trial, channels, optimizer, accuracy in zip(
    TRIALS, (2, 5, 10), ("sgd", "adam", "sgd"), ([95.5, 97.25, 96.125], [90.0, 98.5, 91.0],
                                                 [97.0, 97.5, 97.625])
):
    name = f"table-training-{channels}"
    component(name, "Training", [trial], Status={"PrimaryStatus": "Completed"},
              StartTime=NOW - 60, EndTime=NOW,
              Parameters={"hidden_channels": {"NumberValue": channels},
                          "optimizer": {"StringValue": '"%s"' % optimizer}})
    log(name, "test:accuracy", accuracy)
"""

SWEEP = """
from concurrent.futures import ThreadPoolExecutor
import boto3

sm = boto3.client("sagemaker")
sm.create_experiment(ExperimentName="table-sweep")
sm.create_trial(TrialName="table-sweep-trial", ExperimentName="table-sweep")

def component(index):
    name = f"table-sweep-{index:04d}"
    parameters = {f"parameter_{n:02d}": {"NumberValue": index + n / 100} for n in range(30)}
    sm.create_trial_component(TrialComponentName=name, Parameters=parameters)
    sm.associate_trial_component(TrialComponentName=name, TrialName="table-sweep-trial")

with ThreadPoolExecutor(8) as pool:
    list(pool.map(component, range(450)))
"""

ADD = """
import boto3

sm = boto3.client("sagemaker")
sm.create_trial_component(TrialComponentName={name!r}, DisplayName="Evaluation",
                          Parameters={{"threshold": {{"NumberValue": 0.5}}}})
sm.associate_trial_component(TrialComponentName={name!r}, TrialName={trial!r})
"""

AGGREGATIONS = ("Last value", "Maximum", "Minimum", "Average", "Standard deviation", "Count")
EXPERIMENT = "table-digits"
TRIAL = "table-digits-hidden-channels-2"


@pytest.fixture(scope="module")
def digits(lab: Lab) -> str:
    """Log three trials with a training each, and a preprocessing that all three share."""
    lab.script(DIGITS)
    return EXPERIMENT


@pytest.fixture(scope="module")
def sweep(lab: Lab) -> str:
    """Log 450 trial components with 30 parameters."""
    lab.script(SWEEP)
    return "table-sweep"


@pytest.fixture
def table(page: Page, digits: str) -> Locator:
    """Open the table of the three trials, and answer its tab."""
    return open_table(page, experiments=[digits])


def open_table(page: Page, **origin: object) -> Locator:
    """Execute the command that the browser's menu has; answer the tab once it has its rows."""
    run_command(page, "smx-lab:open-table", {"connectionId": "local", **origin})
    panel = main_panel(page)
    expect(panel.get_by_role("grid")).to_have_attribute("aria-busy", "false")
    return panel


def grid(table: Locator) -> Locator:
    return table.get_by_role("grid")


def header(table: Locator, name: str) -> Locator:
    # The name of a metric's header ends with its aggregation.
    pattern = re.compile(rf"^{re.escape(name)}\s*({'|'.join(AGGREGATIONS)})?$")
    return grid(table).get_by_role("columnheader", name=pattern)


def headers(table: Locator) -> list[str]:
    """Answer the names of the columns, without their aggregations."""
    texts = grid(table).get_by_role("columnheader").all_inner_texts()
    return [text.split("\n")[0] for text in texts]


def rows(table: Locator) -> Locator:
    return grid(table).locator('[role=row][aria-rowindex]:not([aria-rowindex="1"])')


def row(table: Locator, index: int) -> Locator:
    """Answer a row by its place, from 0."""
    return grid(table).locator(f'[role=row][aria-rowindex="{index + 2}"]')


def cell(table: Locator, index: int, column: str) -> Locator:
    place = header(table, column).get_attribute("aria-colindex")
    return row(table, index).locator(f'[role=gridcell][aria-colindex="{place}"]')


def column(table: Locator, name: str) -> list[str]:
    """Answer the texts of a column, from the top."""
    place = header(table, name).get_attribute("aria-colindex")
    cells = grid(table).locator(f'[role=gridcell][aria-colindex="{place}"]')
    found: dict[int, str] = dict(
        cells.evaluate_all(
            "cells => cells.map(c => [Number(c.parentElement.ariaRowIndex), c.innerText.trim()])"
        )
    )
    return [found[index] for index in sorted(found)]


def expect_column(table: Locator, name: str, texts: list[str]) -> None:
    for index, text in enumerate(texts):
        expect(cell(table, index, name)).to_have_text(text)


def properties(table: Locator) -> Locator:
    """Open TABLE PROPERTIES."""
    pane = table.get_by_role("region", name="Table properties")
    if not pane.is_visible():
        table.get_by_role("button", name="Table properties").click()
    return pane


def aggregate(page: Page, table: Locator, label: str) -> None:
    header(table, "test:accuracy").click(button="right")
    menu_item(page, "Data aggregation", label)
    expect(header(table, "test:accuracy")).to_contain_text(label)


def menu_entries(page: Page) -> Locator:
    return page.locator(".lm-Menu").first.locator("li.lm-Menu-item[data-type=command]")


def test_one_row_for_each_trial_and_trial_component_with_the_columns_in_order(
    table: Locator,
) -> None:
    expect(table.get_by_role("heading", name="TRIAL COMPONENTS")).to_be_visible()
    expect(table).to_contain_text("0 rows selected")
    expect(rows(table)).to_have_count(6)
    assert sorted(column(table, "Trial component")) == ["Preprocessing"] * 3 + ["Training"] * 3
    assert headers(table) == [
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
    ]


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


def test_a_metric_sorts_decreasing_first_then_increasing_then_not_at_all(table: Locator) -> None:
    before = column(table, "Trial")
    accuracy = header(table, "test:accuracy")
    accuracy.click()
    expect(accuracy).to_have_attribute("aria-sort", "descending")
    assert column(table, "test:accuracy") == ["97.63", "96.13", "91.00", "", "", ""]
    accuracy.click()
    expect(accuracy).to_have_attribute("aria-sort", "ascending")
    assert column(table, "test:accuracy") == ["91.00", "96.13", "97.63", "", "", ""]
    accuracy.click()
    expect(accuracy).not_to_have_attribute("aria-sort", re.compile("."))
    assert column(table, "Trial") == before


def test_shift_and_click_adds_a_second_key_and_shows_its_number(table: Locator) -> None:
    header(table, "optimizer").click()
    expect(header(table, "optimizer")).to_have_attribute("aria-sort", "ascending")
    header(table, "hidden_channels").click(modifiers=["Shift"])
    expect(header(table, "hidden_channels")).to_have_attribute("aria-sort", "ascending")
    assert column(table, "optimizer")[:3] == ["adam", "sgd", "sgd"]
    assert column(table, "hidden_channels")[:3] == ["5", "2", "10"]
    expect(header(table, "optimizer")).to_contain_text("1")
    expect(header(table, "hidden_channels")).to_contain_text("2")


def test_the_aggregation_changes_values_and_the_order_by_them(page: Page, table: Locator) -> None:
    header(table, "test:accuracy").click()
    expect_column(table, "test:accuracy", ["97.63", "96.13", "91.00"])
    aggregate(page, table, "Maximum")
    expect_column(table, "test:accuracy", ["98.50", "97.63", "97.25"])
    expect_column(table, "hidden_channels", ["5", "10", "2"])
    header(table, "test:accuracy").click(button="right")
    page.get_by_text("Data aggregation", exact=True).hover()
    maximum = page.locator(".lm-Menu").nth(1).get_by_role("menuitemcheckbox", name="Maximum")
    expect(maximum).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    aggregate(page, table, "Count")
    expect_column(table, "test:accuracy", ["3", "3", "3"])


def test_every_entry_of_a_headers_menu_does_what_it_says(page: Page, table: Locator) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    accuracy = header(table, "test:accuracy")
    accuracy.click(button="right")
    menu_item(page, "Sort ascending")
    expect(accuracy).to_have_attribute("aria-sort", "ascending")
    accuracy.click(button="right")
    menu_item(page, "Sort descending")
    expect(accuracy).to_have_attribute("aria-sort", "descending")
    accuracy.click(button="right")
    menu_item(page, "Copy values")
    wait_for_clipboard(page, "97.625\n96.125\n91\n\n\n")
    accuracy.click(button="right")
    menu_item(page, "Clear sort")
    expect(accuracy).not_to_have_attribute("aria-sort", re.compile("."))
    accuracy.click(button="right")
    menu_item(page, "Move left")
    expect(accuracy).to_have_attribute("aria-colindex", "9")
    accuracy.click(button="right")
    menu_item(page, "Move right")
    expect(accuracy).to_have_attribute("aria-colindex", "10")
    accuracy.click(button="right")
    menu_item(page, "Copy name")
    wait_for_clipboard(page, "test:accuracy")
    accuracy.click(button="right")
    menu_item(page, "Hide")
    expect(accuracy).to_have_count(0)


def wait_for_clipboard(page: Page, text: str) -> None:
    page.wait_for_function(
        "text => navigator.clipboard.readText().then(found => found === text)", arg=text
    )


def test_a_column_without_statistics_says_so_in_its_menu(page: Page, table: Locator) -> None:
    header(table, "Trial component").click(button="right")
    page.get_by_text("Data aggregation", exact=True).hover()
    maximum = page.locator(".lm-Menu").nth(1).get_by_text("Maximum", exact=True).locator("..")
    expect(maximum).to_have_attribute("title", "Only metrics have statistics")


def test_a_column_is_resized_and_moved_by_the_pointer(page: Page, table: Locator) -> None:
    trial = header(table, "Trial")
    box = trial.bounding_box()
    assert box is not None
    drag(page, (box["x"] + box["width"] - 3, box["y"] + 10), (box["x"] + 300, box["y"] + 10))
    expect(trial).to_have_css("width", "300px")
    trial.locator(".smx-TableGrid-resizer").dblclick()
    expect(trial).not_to_have_css("width", "300px")
    status = header(table, "Status")
    target = header(table, "Type").bounding_box()
    source = status.bounding_box()
    assert target is not None
    assert source is not None
    middle = source["y"] + source["height"] / 2
    drag(page, (source["x"] + 20, middle), (target["x"] + target["width"] - 10, middle))
    assert headers(table)[:3] == ["Experiment", "Type", "Status"]
    expect(status).not_to_have_attribute("aria-sort", re.compile("."))


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def test_table_properties_choose_columns_and_they_are_kept(page: Page, table: Locator) -> None:
    pane = properties(table)
    expect(pane).to_contain_text("TABLE PROPERTIES")
    expect(pane.get_by_role("switch", name="Auto refresh enabled")).to_be_checked()
    expect(pane).to_contain_text(re.compile("Updated .*(ago|now)"))
    for name in ("Created on", "Last modified"):
        pane.get_by_role("checkbox", name=name, exact=True).uncheck()
        expect(header(table, name)).to_have_count(0)
    summary = pane.get_by_role("checkbox", name="Summary columns")
    expect(summary).to_have_attribute("aria-checked", "mixed")
    pane.get_by_role("checkbox", name="Parameters").uncheck()
    expect(header(table, "optimizer")).to_have_count(0)
    pane.get_by_role("button", name="Unfold Parameters").click()
    pane.get_by_role("checkbox", name="optimizer").check()
    expect(header(table, "optimizer")).to_have_count(1)
    expect(pane.get_by_role("checkbox", name="Parameters")).to_have_attribute(
        "aria-checked", "mixed"
    )
    aggregate(page, table, "Maximum")
    header(table, "test:accuracy").click()
    expect(header(table, "test:accuracy")).to_have_attribute("aria-sort", "descending")

    reload_lab(page)
    again = main_panel(page)
    expect(header(again, "test:accuracy")).to_have_attribute("aria-sort", "descending")
    expect(header(again, "test:accuracy")).to_contain_text("Maximum")
    assert headers(again) == [
        "Status",
        "Experiment",
        "Type",
        "Trial",
        "Trial component",
        "Created by",
        "Duration",
        "test:accuracy",
        "optimizer",
        "dataset",
    ]
    pane = properties(again)
    pane.get_by_role("button", name="Reset").click()
    expect(header(again, "Created on")).to_have_count(1)
    expect(header(again, "test:accuracy")).to_contain_text("Last value")


def test_the_type_filter_hides_rows_and_says_how_many(table: Locator) -> None:
    pane = properties(table)
    pane.get_by_role("checkbox", name="Undefined").uncheck()
    expect(rows(table)).to_have_count(0)
    expect(table).to_contain_text("There are no trial components.")
    expect(table).to_contain_text("Hidden by the type filter: 6")
    pane.get_by_role("checkbox", name="Undefined").check()
    expect(rows(table)).to_have_count(6)


def test_escape_closes_the_pane_and_the_focus_goes_back(page: Page, table: Locator) -> None:
    pane = properties(table)
    pane.get_by_role("switch").focus()
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(table.get_by_role("button", name="Table properties")).to_be_focused()


def test_rows_are_selected_by_pointer_and_keyboard(page: Page, table: Locator) -> None:
    row(table, 1).click()
    expect(table).to_contain_text("1 row selected")
    row(table, 3).click(modifiers=["Shift"])
    expect(table).to_contain_text("3 rows selected")
    row(table, 5).click(modifiers=["Control"])
    expect(table).to_contain_text("4 rows selected")
    row(table, 2).click(button="right")
    page.keyboard.press("Escape")
    expect(table).to_contain_text("4 rows selected")
    page.keyboard.press("Home")
    expect(table).to_contain_text("1 row selected")
    expect(row(table, 0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    expect(table).to_contain_text("2 rows selected")
    page.keyboard.press("Space")
    expect(table).to_contain_text("3 rows selected")
    page.keyboard.press("Control+a")
    expect(table).to_contain_text("6 rows selected")


def test_the_grid_is_one_tab_stop_and_its_cells_are_reached_by_arrows(
    page: Page, table: Locator
) -> None:
    row(table, 0).get_by_role("gridcell").first.click()
    assert grid(table).locator('[tabindex="0"]').count() == 1
    page.keyboard.press("ArrowRight")
    expect(cell(table, 0, "Experiment")).to_be_focused()
    page.keyboard.press("Control+End")
    expect(cell(table, 5, "dataset")).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(cell(table, 0, "Status")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(header(table, "Status")).to_be_focused()
    page.keyboard.press("Space")
    expect(header(table, "Status")).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Enter")
    expect(menu_entries(page).first).to_have_text(re.compile("Sort ascending"))
    page.keyboard.press("Escape")
    expect(header(table, "Status")).to_be_focused()
    width = header(table, "Status").bounding_box()
    page.keyboard.press("Shift+ArrowRight")
    expect(header(table, "Status")).to_have_css("width", f"{(width or {})['width'] + 16:.0f}px")


def test_letters_jump_to_the_row_whose_cell_starts_so(page: Page, table: Locator) -> None:
    header(table, "Trial component").click()
    expect(header(table, "Trial component")).to_have_attribute("aria-sort", "ascending")
    cell(table, 0, "Trial component").click()
    page.keyboard.press("t")
    expect(cell(table, 3, "Trial component")).to_be_focused()


def test_the_selected_rows_are_copied_with_exact_values(page: Page, table: Locator) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    pane = properties(table)
    pane.get_by_role("checkbox", name="Summary columns").uncheck()
    pane.get_by_role("checkbox", name="Input artifacts").uncheck()
    header(table, "test:accuracy").click()
    expect_column(table, "test:accuracy", ["97.63", "96.13"])
    row(table, 0).click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    wait_for_clipboard(
        page,
        "test:accuracy (Last value)\thidden_channels\tnormalization_mean\toptimizer\n"
        "97.625\t10\t\tsgd\n"
        "96.125\t2\t\tsgd",
    )


def test_what_does_not_apply_to_a_row_is_disabled_and_says_why(page: Page, table: Locator) -> None:
    cell(table, 0, "Status").click()
    deploy = table.get_by_role("button", name="Deploy model")
    expect(deploy).to_be_disabled()
    expect(deploy).to_have_accessible_description(
        "Only the model of a training job can be deployed"
    )
    page.keyboard.press("Shift+F10")
    entry = menu_entries(page).filter(has_text="Deploy model")
    expect(entry).to_have_attribute("aria-disabled", "true")
    expect(entry).to_have_attribute("title", "Only the model of a training job can be deployed")
    texts = [text.split("\n")[0].strip() for text in menu_entries(page).all_inner_texts()]
    wanted = ["Deploy model", "Stop training job", "Copy code", "Copy cell contents", "Copy name"]
    assert [text for text in texts if text in wanted] == wanted
    page.keyboard.press("Escape")
    expect(cell(table, 0, "Status")).to_be_focused()


def test_a_new_trial_component_appears_and_leaves_all_as_it_was(
    page: Page, lab: Lab, table: Locator
) -> None:
    before = rows(table).count()
    cell(table, 2, "Trial").click()
    trial = cell(table, 2, "Trial").inner_text()
    page.mouse.move(0, 0)
    lab.script(ADD.format(name="table-evaluation-1", trial=TRIAL))
    expect(rows(table)).to_have_count(before + 1, timeout=SELF_MS)
    expect(header(table, "threshold")).to_have_count(1)
    expect(table).to_contain_text("1 row selected")
    selected = grid(table).locator('[aria-selected="true"]')
    expect(selected).to_contain_text(trial)
    expect(selected).to_have_attribute("aria-rowindex", "5")
    expect(cell(table, 3, "Trial")).to_be_focused()


def test_rows_far_away_are_fetched_when_they_are_scrolled_to(page: Page, sweep: str) -> None:
    table = open_table(page, experiments=[sweep])
    expect(grid(table)).to_have_attribute("aria-rowcount", "451")
    header(table, "parameter_00").click()
    expect(header(table, "parameter_00")).to_have_attribute("aria-sort", "ascending")
    assert rows(table).count() < 80
    row(table, 0).get_by_role("gridcell").first.click()
    page.keyboard.press("End")
    expect(row(table, 449)).to_have_attribute("aria-selected", "true")
    expect(row(table, 449)).to_contain_text("table-sweep-0449")
    page.keyboard.press("Control+End")
    expect(cell(table, 449, "parameter_29")).to_have_text("449.29")
    page.keyboard.press("Control+Home")
    expect(row(table, 0)).to_contain_text("table-sweep-0000")
    # The focus survives being scrolled away from, and comes back with the next key.
    grid(table).evaluate("grid => { grid.scrollTop = 6000; }")
    expect(row(table, 240)).to_contain_text("table-sweep-0240")
    expect(grid(table)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(table, 1, "Status")).to_be_focused()


def test_many_columns_are_found_by_name_in_the_properties(page: Page, sweep: str) -> None:
    table = open_table(page, experiments=[sweep])
    pane = properties(table)
    pane.get_by_role("searchbox", name="Filter column names").fill("_17")
    expect(pane.get_by_role("checkbox", name="parameter_17")).to_be_visible()
    expect(pane.get_by_role("checkbox", name="parameter_18")).to_have_count(0)
    pane.get_by_role("checkbox", name="parameter_17").uncheck()
    expect(header(table, "parameter_17")).to_have_count(0)


def test_a_failed_refresh_keeps_the_rows_and_says_so(page: Page, table: Locator) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    expect(rows(table)).not_to_have_count(0)
    before = rows(table).count()
    page.route("**/smx-lab/api/local/tables**", refuse)
    page.route("**/smx-lab/api/local/tables/**", refuse)
    expect(table).to_contain_text("Could not refresh.", timeout=SELF_MS)
    expect(rows(table)).to_have_count(before)
    page.unroute("**/smx-lab/api/local/tables**")
    page.unroute("**/smx-lab/api/local/tables/**")
    table.get_by_role("button", name="Retry now").click()
    expect(table).not_to_contain_text("Could not refresh.")


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
    run_command(page, "smx-lab:refresh-table")
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


@pytest.fixture
def small_dark_page(browser: Browser, lab: Lab, open_page: PageOpener) -> Iterator[Page]:
    """Open the dark theme in a window as narrow as a phone."""
    with lab_page(browser, lab, name="small-dark-table", dark=True, width=480, height=700) as page:
        yield page


def test_a_narrow_window_has_room_for_the_properties(small_dark_page: Page, digits: str) -> None:
    run_command(small_dark_page, "application:toggle-left-area")
    table = open_table(small_dark_page, experiments=[digits])
    pane = properties(table)
    pane.get_by_role("checkbox", name="Status", exact=True).uncheck()
    expect(header(table, "Status")).to_have_count(0)
    check_accessible(table)
    table.get_by_role("button", name="Table properties").click()
    expect(pane).to_be_hidden()
