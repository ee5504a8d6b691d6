"""Take the screenshots in docs/images from the running product: real service, real jobs.

Run by ``python3 dev.py screenshots``. With names, only those pictures are made.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.ui.harness import (
    CHROMIUM_ARGS,
    ENDPOINTS,
    EXPERIMENTS,
    ROOT,
    Lab,
    chromium,
    lab_page,
    main_panel,
    main_tab,
    menu_item,
    open_sidebar,
    run_command,
)
from tests.ui.seeds import CURVES, SEEDS

IMAGES = ROOT / "docs" / "images"
NOTEBOOK = "handwritten-digits.ipynb"
EXPERIMENT = re.compile(r"^hand-written-digits-classification-")
ENDPOINT = "best-digits"
SEVEN = [
    0, 0, 7, 8, 13, 16, 15, 1,
    0, 0, 7, 7, 4, 11, 12, 0,
    0, 0, 0, 0, 8, 13, 1, 0,
    0, 4, 8, 8, 15, 15, 6, 0,
    0, 2, 11, 15, 15, 4, 0, 0,
    0, 0, 0, 16, 5, 0, 0, 0,
    0, 0, 9, 15, 1, 0, 0, 0,
    0, 0, 13, 5, 0, 0, 0, 0,
]  # fmt: skip


def main(names: list[str]) -> int:
    """Take the screenshots, each in a new browser context."""
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder))
        lab.notebooks.mkdir(parents=True)
        lab.run("tutorial", "--directory", str(lab.notebooks), "--until", "training")
        lab.start()
        browser = playwright.chromium.launch(
            executable_path=chromium(), chromium_sandbox=False, args=list(CHROMIUM_ARGS)
        )
        of_seeds = {"groups-of-rows", "compare"}
        try:
            for name, picture in PICTURES.items():
                if not names or name in names:
                    if name == "charts":
                        lab.script(CURVES)
                    if name in of_seeds:
                        lab.script(SEEDS)
                        of_seeds.clear()
                    take(browser, lab, name, picture)
        finally:
            browser.close()
            lab.stop()
    return 0


def take(browser: Browser, lab: Lab, name: str, picture: Callable[[Page], None]) -> None:
    """Prepare the page and take the screenshot."""
    with lab_page(browser, lab, name=name, dark=name.endswith("-dark")) as page:
        picture(page)
        # Move the mouse away, so that there is no tooltip and no hovered row.
        page.mouse.move(1, 799)
        IMAGES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")
        print(f"docs/images/{name}.png")


def row(panel: Locator, name: str | re.Pattern[str]) -> Locator:
    """Return the row of a list that has a cell of this name."""
    return panel.get_by_role("row").filter(has=panel.page.get_by_role("gridcell", name=name))


def experiments_browser(page: Page) -> None:
    """Show the five trials beside the notebook."""
    run_command(page, "docmanager:open", {"path": NOTEBOOK, "factory": "Notebook"})
    main_tab(page, NOTEBOOK).wait_for()
    widen_sidebar(page, 430)
    panel = open_sidebar(page, EXPERIMENTS)
    row(panel, EXPERIMENT).dblclick()
    trials = row(panel, re.compile(r"^digits-training-job-\d+-hidden"))
    expect(trials).to_have_count(5)
    trials.first.click()
    trials.last.click(modifiers=["Shift"])


def table(page: Page) -> Locator:
    """Open the table, sorted by the maximum of test:accuracy, without the two times."""
    widen_sidebar(page, 270)
    row(open_sidebar(page, EXPERIMENTS), EXPERIMENT).click(button="right")
    menu_item(page, "Open in trial component list")
    main_tab(page, "Trial Component List").wait_for()
    panel = main_panel(page)
    expect(panel.get_by_role("grid")).to_have_attribute("aria-rowcount", "11")
    pane = panel.get_by_role("region", name="Table properties")
    if not pane.is_visible():
        panel.get_by_role("button", name="Table properties").click()
    for name in ("Experiment", "Created on", "Last modified", "Created by", "Duration"):
        pane.get_by_role("checkbox", name=name, exact=True).uncheck()
    panel.get_by_role("button", name="Table properties").click()
    header = panel.get_by_role("columnheader", name="test:accuracy")
    header.click(button="right")
    menu_item(page, "Data aggregation", "Maximum")
    header.click()
    expect(header).to_have_attribute("aria-sort", "descending")
    return panel


def trial_component_list(page: Page) -> None:
    """Show the table beside the experiments browser."""
    table(page)


def table_properties(page: Page) -> None:
    """Show TABLE PROPERTIES, with the metrics unfolded."""
    panel = table(page)
    panel.get_by_role("button", name="Table properties").click()
    pane = panel.get_by_role("region", name="Table properties")
    pane.get_by_role("button", name="Unfold Metrics").click()


def filters(page: Page) -> None:
    """Show the training jobs above an accuracy, and the dialog of a third filter."""
    panel = table(page)
    ask_filter(panel, "Type").get_by_role("checkbox", name=re.compile("Training job")).check()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    accuracy = ask_filter(panel, "test:accuracy")
    accuracy.get_by_role("combobox", name="Condition").select_option(label="≥")
    accuracy.get_by_role("textbox", name="Value").fill("80")
    accuracy.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(panel.get_by_role("list", name="Filters")).to_contain_text("80")
    ask_filter(panel, "Status")


def ask_filter(panel: Locator, column: str) -> Locator:
    """Choose a column in the box Search column name; return the dialog that opens."""
    panel.get_by_role("combobox", name="Search column name").fill(column)
    panel.get_by_role("option", name=column).first.click()
    return panel.page.get_by_role("dialog")


def export(page: Page) -> None:
    """Show the menu of Export."""
    table(page).get_by_role("button", name="Export", exact=True).click()
    page.get_by_role("menu").first.wait_for()


def seeds(page: Page) -> Locator:
    """Open the table of the seeds, sorted by test:accuracy, with the columns that matter."""
    widen_sidebar(page, 270)
    row(open_sidebar(page, EXPERIMENTS), "compare-seeds").click(button="right")
    menu_item(page, "Open in trial component list")
    main_tab(page, "Trial Component List").wait_for()
    panel = main_panel(page)
    expect(panel.locator(".smx-TableGrid")).to_have_attribute("aria-rowcount", "7")
    panel.get_by_role("button", name="Table properties").click()
    pane = panel.get_by_role("region", name="Table properties")
    pane.get_by_role("checkbox", name="Summary columns").uncheck()
    pane.get_by_role("checkbox", name="Trial", exact=True).check()
    pane.get_by_label("Mark the best value").check()
    panel.get_by_role("columnheader", name="test:accuracy").click()
    return panel


def groups_of_rows(page: Page) -> None:
    """Show the table grouped by a parameter, one group unfolded, with the best group marked."""
    panel = seeds(page)
    pane = panel.get_by_role("region", name="Table properties")
    pane.get_by_label("Group rows by").locator("select").first.select_option(label="optimizer")
    first = panel.get_by_role("treegrid").locator('[aria-rowindex="2"]')
    first.locator(".smx-TableGrid-caret").click()
    expect(first).to_have_attribute("aria-expanded", "true")
    panel.get_by_role("button", name="Table properties").click()


def compare(page: Page) -> None:
    """Show three trial components side by side."""
    panel = seeds(page)
    rows = panel.locator(".smx-TableGrid-row")
    expect(rows.first).to_contain_text("96.25")
    rows.nth(0).get_by_role("gridcell").first.click()
    rows.nth(2).get_by_role("gridcell").first.click(modifiers=["Shift"])
    rows.nth(1).get_by_role("gridcell").first.click(button="right")
    menu_item(page, "Compare")
    main_tab(page, "Compare").wait_for()
    expect(main_panel(page).get_by_role("grid", name="Comparison")).to_contain_text("Parameters")


def deploy_model(page: Page) -> None:
    """Show the Deploy model page of the top row with a name, then deploy the model."""
    top = table(page).locator('[role=row][aria-rowindex="2"]')
    top.get_by_role("gridcell", name="Training", exact=True).click(button="right")
    menu_item(page, "Deploy model")
    form = main_panel(page).get_by_role("form", name="Deploy model")
    form.get_by_role("textbox", name="Endpoint name").fill(ENDPOINT)
    expect(form).to_contain_text(f"the endpoint {ENDPOINT}")


def charts(page: Page) -> None:
    """Show a line chart with bands, and a scatter plot, of four trainings."""
    run_command(
        page, "smx-lab:open-table", {"connectionId": "local", "experiments": ["chart-curves"]}
    )
    panel = main_panel(page)
    expect(panel.get_by_role("grid")).to_have_attribute("aria-rowcount", "5")
    widen_sidebar(page, 200)
    pane = panel.get_by_role("region", name="Chart properties")

    def add(**fields: str) -> None:
        rows = panel.get_by_role("grid").locator("[role=row][aria-rowindex]")
        rows.nth(1).get_by_role("gridcell").first.click()
        rows.nth(4).get_by_role("gridcell").first.click(modifiers=["Shift"])
        panel.get_by_role("button", name="Add chart").click()
        for label, value in fields.items():
            pane.get_by_label(label, exact=True).select_option(label=value)

    add(**{"Y-axis": "test:loss"})
    add(
        **{
            "Data type": "Summary statistics",
            "Chart type": "Scatter plot",
            "X-axis": "net.layers[0]",
            "Y-axis": "test:loss_min",
            "Color": "optimizer",
        }
    )
    expect(panel.locator(".smx-Chart svg .mark-line.role-mark path")).to_have_count(4)
    expect(panel.locator(".smx-Chart").last.locator("svg .role-legend-label text")).to_have_count(2)


def endpoints(page: Page) -> None:
    """Show an endpoint that predicts a digit."""
    deploy_model(page)
    form = main_panel(page).get_by_role("form", name="Deploy model")
    form.get_by_role("button", name="Deploy model").click()
    endpoint = row(open_sidebar(page, ENDPOINTS), ENDPOINT)
    expect(endpoint).to_contain_text("InService")
    endpoint.dblclick()
    panel = main_panel(page)
    panel.get_by_role("tab", name="Test inference").click()
    panel.get_by_label("Content type").first.fill("application/json")
    panel.get_by_role("textbox", name="Body").fill(json.dumps([SEVEN]))
    panel.get_by_role("button", name="Send Request").click()
    expect(panel.locator("pre").filter(has_text="predictions")).to_be_visible()


def clean_up(page: Page) -> None:
    """Show the plan of a clean up, with the trial components it deletes."""
    row(open_sidebar(page, EXPERIMENTS), EXPERIMENT).click(button="right")
    menu_item(page, "Clean up…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("^6 trial components")).click()
    dialog.get_by_role("checkbox", name=re.compile("^Also delete endpoints")).check()
    expect(dialog.locator(".smx-CleanUp-plan")).to_have_attribute("aria-busy", "false")


def widen_sidebar(page: Page, width: int) -> None:
    """Drag the edge of the left sidebar."""
    open_sidebar(page, EXPERIMENTS)
    handle = page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first
    box = handle.bounding_box()
    if box is None:
        raise RuntimeError("the left sidebar has no edge to drag")
    page.mouse.move(box["x"] + 1, 400)
    page.mouse.down()
    page.mouse.move(width, 400, steps=4)
    page.mouse.up()


PICTURES: dict[str, Callable[[Page], None]] = {
    "experiments-browser": experiments_browser,
    "trial-component-list": trial_component_list,
    "trial-component-list-dark": trial_component_list,
    "table-properties": table_properties,
    "filters": filters,
    "export": export,
    "deploy-model": deploy_model,
    "endpoints": endpoints,
    "clean-up": clean_up,
    # Taken last, since their experiment would be in all later screenshots.
    "charts": charts,
    "groups-of-rows": groups_of_rows,
    "compare": compare,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
