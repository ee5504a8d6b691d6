"""Charts above the trial component list: from Add chart to a picture of real values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.axe import check_in_both_themes
from tests.ui.harness import (
    Lab,
    copied_text,
    expect_equal,
    finish_command,
    main_panel,
    main_tab,
    menu_item,
    opened_dialog,
    reload_lab,
)
from tests.ui.seeds import CURVES
from tests.ui.table import grid, open_table, row

pytestmark = pytest.mark.usefixtures("shared_page")
ODD = "val.f1[macro]/top 'k'"


@pytest.fixture(scope="module")
def curves(lab: Lab) -> str:
    """Log the curves of four trainings."""
    lab.script(CURVES)
    return "chart-curves"


@pytest.fixture
def table(page: Page, curves: str) -> Iterator[Locator]:
    """Open the table of four trainings, without charts, filters and selected rows."""
    table = open_table(page, experiments=[curves])
    expect(grid(table)).to_have_attribute("aria-rowcount", "5")
    yield table
    page.keyboard.press("Escape")  # a dialog that a failed test has left
    finish_command(page, "smx-lab:clear-table-filters")
    remove = main_panel(page).get_by_role("button", name="Remove chart")
    for left in reversed(range(remove.count())):
        remove.first.click()
        expect(remove).to_have_count(left)
    finish_command(page, "application:close")
    expect(main_tab(page, "Trial Component List")).to_have_count(0)


def add_chart(table: Locator, last: int = 3) -> Locator:
    """Select the first rows, add a chart of them by the button, and return it."""
    before = charts(table).count()
    row(table, 0).get_by_role("gridcell").first.click()
    if last:
        row(table, last).get_by_role("gridcell").first.click(modifiers=["Shift"])
    expect(table).to_contain_text(re.compile(rf"{last + 1} rows? selected"))
    table.get_by_role("button", name="Add chart").click()
    expect(charts(table)).to_have_count(before + 1)
    return charts(table).nth(before)


def charts(table: Locator) -> Locator:
    return table.locator(".smx-Chart")


def pane(table: Locator) -> Locator:
    return table.get_by_role("region", name="Chart properties")


def choose(table: Locator, **fields: str) -> None:
    """Choose in CHART PROPERTIES: ``x_axis="step"`` is **X-axis**."""
    names = {
        "data": "Data type",
        "kind": "Chart type",
        "x": "X-axis",
        "y": "Y-axis",
        "color": "Color",
    }
    for field, value in fields.items():
        pane(table).get_by_label(names[field], exact=True).select_option(label=value)


def texts(chart: Locator, role: str) -> Locator:
    """Return the texts of an axis or legend."""
    return chart.locator(f"svg .{role} text")


def lines(chart: Locator) -> Locator:
    return chart.locator("svg .mark-line.role-mark path")


def points(chart: Locator) -> Locator:
    return chart.locator("svg .mark-symbol.role-mark path")


def test_a_line_chart_shows_the_logged_series_and_grows_with_them(
    page: Page, table: Locator, lab: Lab
) -> None:
    add = table.get_by_role("button", name="Add chart")
    expect(add).to_have_attribute("aria-disabled", "true")
    expect(add).to_have_accessible_description("Select a row first")
    chart = add_chart(table)
    expect(chart.get_by_role("heading")).to_have_text("New chart")
    expect(pane(table)).to_contain_text("CHART PROPERTIES")
    expect(table.get_by_role("region", name="Table properties")).to_be_hidden()

    choose(table, y=ODD)
    expect(chart.get_by_role("heading")).to_have_text(f"{ODD} v/s step")
    expect(lines(chart)).to_have_count(4)
    expect(points(chart)).to_have_count(4 * 12)
    expect(texts(chart, "role-legend-title")).to_have_text("trialComponentName")
    expect(texts(chart, "role-legend-label")).to_have_text(
        ["curves-adam-1", "curves-adam-2", "curves-sgd-1", "curves-sgd-2"]
    )
    expect(texts(chart, "role-axis-title")).to_have_text(["step", ODD])
    expect(chart).to_have_attribute(
        "aria-label", re.compile(rf"^{re.escape(ODD)} v/s step\. Line\. step from 0 to 11\.")
    )
    dashes = "all => new Set(all.map(one => one.getAttribute('stroke-dasharray'))).size"
    expect_equal(lambda: lines(chart).evaluate_all(dashes), 4)
    check_in_both_themes(table)

    # The same lines over what else they may run, and as means of those that share a parameter.
    choose(table, x="epoch")
    expect(chart).to_have_attribute("aria-label", re.compile("epoch from 1 to 12"))
    choose(table, color="optimizer")
    pane(table).get_by_label("Band of mean ± standard deviation").check()
    expect(lines(chart)).to_have_count(2)
    expect(chart.locator("svg .mark-area.role-mark path")).to_have_count(2)
    expect(texts(chart, "role-legend-title")).to_have_text("optimizer")
    pane(table).get_by_label("Band of mean ± standard deviation").uncheck()
    expect(points(chart)).to_have_count(4 * 12)

    # It is the same picture that grows.
    chart.locator("svg.marks").evaluate("svg => { svg.dataset.before = 'here'; }")
    value = 7.5  # larger than all before
    lab.script(
        "import boto3, time\n"
        'boto3.client("sagemaker-metrics").batch_put_metrics(TrialComponentName="curves-sgd-1",'
        f' MetricData=[{{"MetricName": {ODD!r}, "Timestamp": int(time.time()), "Step": 11,'
        f' "Value": {value}}}])'
    )
    grown = re.compile(rf"{re.escape(ODD)} from [-\d.]+ to {re.escape(f'{value:g}')}\. ")
    expect(chart).to_have_attribute("aria-label", grown, timeout=60_000)
    expect(points(chart)).to_have_count(4 * 12)
    expect(chart.locator("svg.marks[data-before]")).to_have_count(1)


def test_a_scatter_plot_follows_the_filters_and_stays_after_a_reload(
    page: Page, table: Locator
) -> None:
    row(table, 0).get_by_role("gridcell").first.click()
    row(table, 3).get_by_role("gridcell").first.click(modifiers=["Shift"])
    row(table, 1).get_by_role("gridcell").first.click(button="right")
    menu_item(page, "Add chart")
    chart = charts(table).last
    choose(table, data="Summary statistics", kind="Scatter plot")
    choose(table, x="net.layers[0]", y="test:loss_min", color="optimizer")
    expect(chart.get_by_role("heading")).to_have_text("test:loss_min v/s net.layers[0]")
    expect(points(chart)).to_have_count(4)
    expect(texts(chart, "role-legend-label")).to_have_text(["adam", "sgd"])

    # What the pointer is on stands out on the other side.
    points(chart).nth(1).hover()
    expect(row(table, 1)).to_have_class(re.compile("smx-mod-pointed"))
    row(table, 2).hover()
    expect(row(table, 1)).not_to_have_class(re.compile("smx-mod-pointed"))
    faded = chart.locator("svg .mark-symbol.role-mark path[opacity='0.2']")
    expect(faded).to_have_count(3)

    box = table.get_by_role("combobox", name="Search column name")
    box.fill("optimizer")
    box.press("ArrowDown")
    box.press("Enter")
    dialog = opened_dialog(page)
    dialog.get_by_role("textbox", name="Value").fill("adam")
    dialog.get_by_role("button", name="Apply").click()
    expect(points(chart)).to_have_count(2)
    expect(texts(chart, "role-legend-label")).to_have_text(["adam"])

    reload_lab(page)
    again = main_panel(page)
    chart = charts(again).first
    expect(points(chart)).to_have_count(2)
    again.get_by_role("button", name=re.compile("^Remove the filter")).click()
    expect(points(chart)).to_have_count(4)
    # With the keyboard alone: to the chart, into its properties, and back to it.
    chart.focus()
    page.keyboard.press("Enter")
    expect(pane(again)).to_be_visible()
    choose(again, kind="Parallel coordinates")
    choose_axes(again, "net.layers[0]", "test:loss_last", f"{ODD}_max")
    expect(lines(chart)).to_have_count(4)
    pane(again).get_by_label("Chart type").press("Escape")
    expect(pane(again)).to_be_hidden()
    expect(chart).to_be_focused()


def choose_axes(table: Locator, *names: str) -> None:
    for at, name in enumerate(names, 1):
        pane(table).get_by_label(f"Axis {at}", exact=True).select_option(label=name)


def test_a_chart_is_seen_as_values_filled_to_the_tab_saved_and_copied(
    page: Page, table: Locator, tmp_path: Path
) -> None:
    chart = add_chart(table)
    choose(table, y="test:loss")
    other = add_chart(table, last=0)
    expect(lines(chart)).to_have_count(4)
    expect(other.get_by_role("heading")).to_have_text("New chart")
    chart.get_by_role("button", name="Full view").click()
    expect(other).to_be_hidden()
    expect(grid(table)).to_be_hidden()
    expect(lines(chart)).to_have_count(4)
    page.keyboard.press("Escape")
    expect(other).to_be_visible()
    expect(grid(table)).to_be_visible()

    chart.get_by_role("button", name="Show as table").click()
    expect(chart.get_by_role("row")).to_have_count(1 + 4 * 12)
    expect(chart.get_by_role("columnheader")).to_have_text(
        ["trialComponentName", "step", "test:loss"]
    )
    expect(chart.get_by_role("row").nth(1)).to_contain_text("curves-sgd-1")
    check_in_both_themes(chart)
    chart.get_by_role("button", name="Show as chart").click()

    starts = {"PNG": b"\x89PNG", "SVG": b"<svg", "CSV": b"trialComponentName,step,test:loss\n"}
    for kind, start in starts.items():
        chart.get_by_role("button", name="Download").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=f"Download as {kind}").click()
        file = tmp_path / kind
        download.value.save_as(file)
        assert file.read_bytes().startswith(start)
        assert download.value.suggested_filename == f"chart-curves-chart-1.{kind.lower()}"
    assert "test:loss v/s step" in (tmp_path / "SVG").read_text(encoding="utf-8")

    chart.get_by_role("button", name="Copy code").click()
    expect_equal(lambda: "matplotlib" in copied_text(page), True)
    assert json.dumps("curves-adam-2") in copied_text(page)
