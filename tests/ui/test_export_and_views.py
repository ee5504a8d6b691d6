"""A table leaves JupyterLab as a file, as code, as a view to share and as a link."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import PageOpener
from tests.ui.harness import (
    Lab,
    arrow_to_entry,
    close_menu,
    copied_text,
    finish_command,
    main_panel,
    main_tab,
    open_lab,
    opened_dialog,
    reload_lab,
)
from tests.ui.table import open_table

EXPERIMENT = "export-digits"
HOSTILE = '=HYPERLINK("http://x.test")'

DIGITS = f"""
import boto3
sm = boto3.client("sagemaker")
metrics = boto3.client("sagemaker-metrics")
sm.create_experiment(ExperimentName={EXPERIMENT!r})
for n, note in enumerate(("plain", {HOSTILE!r}, "a|b"), 1):
    trial, name = f"export-trial-{{n}}", f"export-training-{{n}}"
    sm.create_trial(TrialName=trial, ExperimentName={EXPERIMENT!r})
    sm.create_trial_component(
        TrialComponentName=name, DisplayName="Training",
        Parameters={{"note": {{"StringValue": note}}, "channels": {{"NumberValue": n}}}})
    sm.associate_trial_component(TrialComponentName=name, TrialName=trial)
    metrics.batch_put_metrics(TrialComponentName=name, MetricData=[
        {{"MetricName": "test:accuracy", "Timestamp": 1_715_932_800 + step, "Step": step,
          "Value": value}} for step, value in enumerate((0.1 + n / 7, n / 7))])
"""


@pytest.fixture(scope="module")
def digits(lab: Lab) -> str:
    """Log three trials, one with a parameter that a spreadsheet would run."""
    lab.script(DIGITS)
    return EXPERIMENT


@pytest.fixture
def table(page: Page, digits: str) -> Locator:
    """Open the table, sorted by the maximum of test:accuracy, with three columns."""
    view = {
        "groups": {
            "summary": {"on": False, "except": ["summary:Trial"]},
            "parameter": {"on": False, "except": ["parameter:note"]},
        },
        "statistics": {"metric:test:accuracy": "Max"},
        "sort": [{"column": "metric:test:accuracy", "descending": True}],
    }
    panel = open_table(page, experiments=[digits], view=view)
    expect(headers(panel)).to_have_text([re.compile("Trial"), re.compile("accuracy"),
                                         re.compile("note")])  # fmt: skip
    expect(panel.locator("[role=row][aria-rowindex]")).to_have_count(4)
    return panel


def headers(table: Locator) -> Locator:
    return table.get_by_role("columnheader")


def choose(table: Locator, button: str, *path: str) -> None:
    """Choose from the menu of a button with the keyboard alone."""
    table.get_by_role("button", name=button, exact=True).press("Enter")
    for depth, label in enumerate(path):
        arrow_to_entry(table.page, depth, label)
        table.page.keyboard.press("Enter")


def told(page: Page, text: str) -> None:
    """Wait for a notification."""
    expect(page.locator(".Toastify__toast", has_text=text).first).to_be_visible()


EXPECTED = pd.DataFrame(
    {
        "Trial": ["export-trial-3", "export-trial-2", "export-trial-1"],
        "test:accuracy (Maximum)": [0.1 + 3 / 7, 0.1 + 2 / 7, 0.1 + 1 / 7],
        "note": ["a|b", f"'{HOSTILE}", "plain"],
    }
)


def test_all_rows_are_downloaded_as_they_stand_on_the_screen(page: Page, table: Locator) -> None:
    with page.expect_download() as download:
        choose(table, "Export", "Download all 3 rows as", "CSV")
    assert download.value.suggested_filename == f"{EXPERIMENT}.csv"
    frame = pd.read_csv(Path(download.value.path()))
    pd.testing.assert_frame_equal(frame, EXPECTED)
    expect(table.get_by_role("button", name="Export", exact=True)).to_be_focused()


def test_selected_rows_are_copied_and_parquet_says_why_it_cannot_be(
    page: Page, table: Locator
) -> None:
    table.locator("[role=row][aria-rowindex='2'] [role=gridcell]").first.click()
    choose(table, "Export", "Copy 1 selected row as", "Markdown")
    told(page, "Markdown was copied.")
    assert copied_text(page).splitlines() == [
        "| Trial | test:accuracy (Maximum) | note |",
        "| --- | ---: | --- |",
        f"| export-trial-3 | {0.1 + 3 / 7!r} | a\\|b |",
    ]
    choose(table, "Export", "Copy all 3 rows as")
    parquet = page.get_by_role("menuitem", name="Parquet").last
    expect(parquet).to_have_attribute("aria-disabled", "true")
    expect(parquet).to_have_attribute("title", re.compile("Parquet is no text"))
    close_menu(page)


def test_a_file_is_saved_in_the_working_folder_beside_what_is_there(
    page: Page, table: Locator, lab: Lab
) -> None:
    file = lab.notebooks / f"{EXPERIMENT}.parquet"
    file.write_text("mine")
    choose(table, "Export", "Save all 3 rows in the folder as", "Parquet")
    told(page, f"Saved as {EXPERIMENT}-1.parquet.")
    frame = pd.read_parquet(lab.notebooks / f"{EXPERIMENT}-1.parquet")
    assert frame["note"].tolist() == ["a|b", HOSTILE, "plain"]
    assert file.read_text() == "mine"


def test_the_code_gives_the_same_table(page: Page, table: Locator, lab: Lab) -> None:
    choose(table, "Export", "As code")
    told(page, "The code was copied.")
    code = copied_text(page)
    printed = lab.script(code + "\nprint(table.reset_index(drop=True).to_json(orient='split'))")
    frame = pd.read_json(io.StringIO(printed), orient="split", precise_float=True)
    wanted = EXPECTED.assign(note=["a|b", HOSTILE, "plain"])
    pd.testing.assert_frame_equal(frame, wanted)


def accept(page: Page, text: str, button: str = "Save") -> None:
    """Type a text into the dialog, and close it by a button."""
    dialog = opened_dialog(page)
    dialog.get_by_role("textbox").fill(text)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def test_a_view_is_saved_changed_renamed_made_the_default_and_deleted(
    page: Page, table: Locator, digits: str
) -> None:
    choose(table, "Views", "Save as…")
    accept(page, "best runs")
    expect(table).to_contain_text("View: best runs")
    headers(table).filter(has_text="note").click()
    expect(table).to_contain_text("View: best runs (changed)")
    choose(table, "Views", "Save")
    expect(table).not_to_contain_text("(changed)")
    choose(table, "Views", "Rename…")
    accept(page, "by note")
    expect(table).to_contain_text("View: by note")
    choose(table, "Views", "Set as default for new tables")
    choose(table, "Views", "Standard view")
    expect(headers(table)).not_to_have_count(3)
    expect(table).not_to_contain_text("View:")
    reload_lab(page)
    fresh = open_table(page, trials=["export-trial-1"])
    expect(fresh).to_contain_text("View: by note")
    expect(headers(fresh)).to_have_count(3)
    expect(headers(fresh).filter(has_text="note")).to_have_attribute("aria-sort", "ascending")
    choose(fresh, "Views", "Delete…")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(fresh).not_to_contain_text("View:")
    fresh.get_by_role("button", name="Views", exact=True).click()
    expect(page.get_by_role("menuitemcheckbox").or_(page.get_by_role("menuitem"))
           .filter(has_text="by note")).to_have_count(0)  # fmt: skip
    close_menu(page)


def open_file(page: Page, name: str) -> None:
    """Double-click a file in the file browser."""
    finish_command(page, "filebrowser:activate")
    finish_command(page, "filebrowser:refresh")
    page.locator(".jp-DirListing-item", has_text=name).dblclick()


def test_a_view_file_is_shared_and_opened_from_the_file_browser(
    page: Page, table: Locator, lab: Lab
) -> None:
    choose(table, "Views", "Save as file…")
    accept(page, "best.smxview")
    told(page, "Saved as best.smxview.")
    file = lab.notebooks / "best.smxview"
    content: dict[str, Any] = json.loads(file.read_text())
    assert (content["version"], content["connection"]) == (1, "local")
    assert content["origin"] == {"experiments": [EXPERIMENT], "trials": [], "unassigned": False}
    assert content["view"]["statistics"] == {"metric:test:accuracy": "Max"}
    # A colleague sorts the other way round, and misses a metric that is not there any more.
    content["view"]["sort"] = [
        {"column": "metric:test:accuracy", "descending": False},
        {"column": "metric:test:loss", "descending": False},
    ]
    changed = json.dumps(content)
    file.write_text(changed)
    open_file(page, "best.smxview")
    opened = main_panel(page)
    expect(opened.locator("[aria-rowindex='2']")).to_contain_text("export-trial-1")
    expect(opened.get_by_role("status").filter(has_text="names a column")).to_contain_text(
        "The view best.smxview names a column that this table does not have: test:loss."
    )
    expect(main_tab(page, "Trial Component List")).to_have_attribute(
        "title", re.compile("View: best.smxview")
    )
    expect(main_tab(page, "best.smxview")).to_have_count(0)
    reload_lab(page)
    expect(main_panel(page)).to_contain_text("View: best.smxview")
    assert file.read_text() == changed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<<<<<<< ours\n{}", "broken.smxview is no valid JSON"),
        ('{"version": 99, "view": {}}', "broken.smxview has version 99, which this release"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why_and_stays(
    page: Page, lab: Lab, text: str, sentence: str
) -> None:
    file = lab.notebooks / "broken.smxview"
    file.write_text(text)
    open_file(page, "broken.smxview")
    expect(main_panel(page).get_by_role("alert")).to_contain_text(sentence)
    main_panel(page).get_by_role("button", name="Open as text").click()
    expect(main_panel(page).get_by_role("textbox")).to_contain_text(text.split("\n")[0][:8])
    assert file.read_text() == text


def test_a_link_opens_the_same_table_for_somebody_else(
    page: Page, table: Locator, lab: Lab, open_page: PageOpener
) -> None:
    choose(table, "Views", "Copy link")
    told(page, "The link was copied.")
    link = copied_text(page)
    assert link.startswith(f"{lab.origin}{lab.base_url}lab#smx=")
    with open_page(lab) as other:
        open_lab(other, lab, reset=False)
        other.evaluate("link => { location.hash = new URL(link).hash; location.reload(); }", link)
        main_tab(other, "Trial Component List").wait_for()
        opened = main_panel(other)
        expect(headers(opened)).to_have_count(3)
        expect(opened.locator("[aria-rowindex='2']")).to_contain_text("export-trial-3")
