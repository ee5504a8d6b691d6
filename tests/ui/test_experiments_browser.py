"""The experiments browser: it shows what scripts write, and a user moves and selects in it."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.local.clients import make_client
from tests.ui.axe import check_accessible, check_in_both_themes
from tests.ui.conftest import LabMaker
from tests.ui.harness import (
    Lab,
    close_menu,
    close_tab,
    copied_text,
    expect_equal,
    lab_page,
    main_panel,
    main_tab,
    menu_item,
    open_sidebar,
    reload_lab,
    run_command,
    set_theme,
)

APPEARS_MS = 8_000
"""How long a write to the local service may take to be on the screen, on a busy machine.

It is below the ten seconds after which a list on AWS is read again.
"""
pytestmark = pytest.mark.usefixtures("sagemaker", "shared_page")

HIERARCHY_MENU = [
    "Open in trial component list",
    "Open",
    "Edit description and tags…",
    "Clean up…",
    "Copy to another connection…",
    "Copy code",
    "Copy cell contents",
    "Copy ARN",
]
COMPONENT_MENU = [
    "Open in trial details",
    "Associate with trial…",
    "Deploy model",
    "Stop training job",
    "Clean up…",
    "Copy code",
    "Copy cell contents",
    "Copy ARN",
]


@pytest.fixture(scope="module")
def page_lab(fresh_lab: Lab) -> Lab:
    """Return the JupyterLab whose service only this module writes to."""
    return fresh_lab


@pytest.fixture(scope="module")
def sagemaker(sagemaker: Any) -> Any:
    """Return a client of this module's own service, with an experiment of three trials in it."""
    client = sagemaker
    client.create_experiment(ExperimentName="churn")
    client.create_experiment(ExperimentName="mnist")
    client.create_trial_component(
        TrialComponentName="preprocessing-1",
        DisplayName="Preprocessing",
        Parameters={
            "normalization_mean": {"NumberValue": 0.1307},
            "optimizer": {"StringValue": '"sgd"'},
        },
        InputArtifacts={"dataset": {"Value": "file:///data/mnist", "MediaType": "text/csv"}},
        Status={"PrimaryStatus": "Completed"},
    )
    for channels in (2, 5, 10):
        name = f"cnn-{channels}-hidden-channels"
        client.create_trial(TrialName=name, ExperimentName="mnist")
        client.associate_trial_component(TrialName=name, TrialComponentName="preprocessing-1")
    client.create_trial_component(TrialComponentName="lonely", DisplayName="Lonely")
    return client


@pytest.fixture
def panel(page: Page) -> Locator:
    """Return the browser, at Home, in the light theme."""
    page.keyboard.press("Escape")
    set_theme(page, dark=False)
    panel = open_sidebar(page)
    panel.get_by_role("button", name="Home").click()
    expect(grid(panel, "EXPERIMENTS").get_by_role("row", name="churn")).to_be_visible()
    return panel


def grid(panel: Locator, heading: str) -> Locator:
    """Return the list with a heading: each level has one of its own."""
    return panel.get_by_role("grid", name=heading, exact=True)


def rows(panel: Locator) -> Locator:
    """Return the rows of a list, or of the one that the panel shows."""
    return panel.locator("[role=rowgroup] [role=row][aria-selected]")


def names(panel: Locator) -> list[str]:
    """Return the names of the rows, from the top."""
    cells = panel.locator("[role=gridcell][aria-colindex='1']")
    found: list[str] = cells.evaluate_all("cells => cells.map(cell => cell.ariaLabel ?? '')")
    return found


def enter(panel: Locator, name: str) -> None:
    """Open an experiment, a trial or a trial component."""
    panel.get_by_role("row", name=name).dblclick()


def expect_menu(page: Page, entries: list[str]) -> None:
    """Wait until the menu that is open has these entries, without JupyterLab's own last one."""
    labels = page.locator(".lm-Menu li[data-type=command] .lm-Menu-itemLabel")
    expect(labels.filter(has_not_text="Shift+Right Click")).to_have_text(entries)


def expect_focus(page: Page, label: str | re.Pattern[str]) -> None:
    """Wait until an element with this label has the focus. The list moves it when it is drawn."""
    expect(page.locator(":focus")).to_have_attribute("aria-label", label)


fresh = itertools.count(1)


def test_experiments_are_listed_with_the_unassigned_entry_first(panel: Locator) -> None:
    expect(panel.get_by_role("heading", name="EXPERIMENTS")).to_be_visible()
    expect(panel.get_by_text("End of the list")).to_be_visible()
    expect(panel.get_by_text("0 rows selected")).to_be_visible()
    expect_equal(lambda: names(panel)[:1], ["Unassigned trial components"])
    expect_equal(lambda: {"mnist", "churn"} <= {*names(panel)}, True)
    entry = panel.get_by_role("row", name="Unassigned trial components")
    assert entry.evaluate("row => getComputedStyle(row).fontStyle") == "italic"
    for header in ("Name", "Created on", "Last modified"):
        expect(panel.get_by_role("columnheader", name=header)).to_be_visible()
    time = panel.get_by_role("row", name="mnist").get_by_role("gridcell").nth(1)
    assert re.search(r"\d{4}.*\d+:\d\d:\d\d", time.get_attribute("title") or "")


def test_an_experiment_appears_by_itself(panel: Locator, sagemaker: Any) -> None:
    name = f"appearing-{next(fresh)}"
    sagemaker.create_experiment(ExperimentName=name)
    expect(panel.get_by_role("row", name=name)).to_be_visible(timeout=APPEARS_MS)
    expect_equal(lambda: names(panel)[1:2], [name])
    sagemaker.delete_experiment(ExperimentName=name)
    expect(panel.get_by_role("row", name=name)).to_have_count(0, timeout=APPEARS_MS)


def test_the_unassigned_entry_comes_and_goes_with_its_members(
    panel: Locator, sagemaker: Any
) -> None:
    entry = panel.get_by_role("row", name="Unassigned trial components")
    sagemaker.associate_trial_component(
        TrialName="cnn-2-hidden-channels", TrialComponentName="lonely"
    )
    expect(entry).to_have_count(0, timeout=APPEARS_MS)
    sagemaker.disassociate_trial_component(
        TrialName="cnn-2-hidden-channels", TrialComponentName="lonely"
    )
    expect(entry).to_be_visible(timeout=APPEARS_MS)


def test_a_new_row_moves_neither_what_is_pointed_at_nor_what_is_selected(
    page: Page, panel: Locator, sagemaker: Any
) -> None:
    row = panel.get_by_role("row", name="mnist")
    row.get_by_role("gridcell", name="mnist").click()
    box = row.bounding_box()
    assert box is not None
    x, y = box["x"] + 60, box["y"] + box["height"] / 2
    page.mouse.move(x - 5, y)
    page.mouse.move(x, y)
    name = f"above-{next(fresh)}"
    sagemaker.create_experiment(ExperimentName=name)
    expect(panel.get_by_role("row", name=name)).to_have_count(1, timeout=APPEARS_MS)
    under = "([x, y]) => document.elementFromPoint(x, y).closest('[role=row]').dataset.name"
    expect_equal(lambda: page.evaluate(under, [x, y]), "mnist")
    expect_focus(page, "mnist")
    expect(panel.get_by_text("1 row selected").first).to_be_visible()
    page.mouse.move(900, 500)
    expect(panel.get_by_role("row", name=name)).to_be_in_viewport()
    sagemaker.delete_experiment(ExperimentName=name)
    expect(panel.get_by_role("row", name=name)).to_have_count(0)


def test_one_goes_down_by_double_clicks_and_up_by_the_breadcrumb(panel: Locator) -> None:
    enter(panel, "mnist")
    expect(panel.get_by_role("heading", name="TRIALS", exact=True)).to_be_visible()
    enter(panel, "cnn-5-hidden-channels")
    expect(panel.get_by_role("heading", name="TRIAL COMPONENTS")).to_be_visible()
    expect(panel.get_by_role("row", name="Preprocessing")).to_be_visible()
    breadcrumb = panel.get_by_role("navigation", name="Breadcrumb")
    steps = "buttons => buttons.map(button => [button.ariaLabel, button.ariaCurrent])"
    expect_equal(
        lambda: breadcrumb.get_by_role("button").evaluate_all(steps),
        [["Home", None], ["mnist", None], ["cnn-5-hidden-channels", "location"]],
    )
    breadcrumb.get_by_role("button", name="mnist").click()
    expect(panel.get_by_role("heading", name="TRIALS", exact=True)).to_be_visible()


def test_an_experiment_without_trials_says_how_to_make_one(page: Page, panel: Locator) -> None:
    enter(panel, "churn")
    expect(panel.get_by_text("There are no trials.")).to_be_visible()
    panel.get_by_role("button", name="Copy code").click()
    expect(panel.get_by_text("Copied")).to_be_visible()
    line = 'sm.create_trial(TrialName="my-trial", ExperimentName="churn")'
    expect_equal(lambda: line in copied_text(page), True)


def enter_mnist(panel: Locator) -> Locator:
    """Open the experiment with three trials, and return their list."""
    enter(panel, "mnist")
    trials = grid(panel, "TRIALS")
    expect(rows(trials)).to_have_count(3)
    return trials


def test_rows_are_selected_as_in_any_list(panel: Locator) -> None:
    first, second, third = rows(enter_mnist(panel)).all()
    first.click()
    third.click(modifiers=["Shift"])
    expect(panel.get_by_text("3 rows selected").first).to_be_visible()
    second.click(modifiers=["ControlOrMeta"])
    expect(panel.get_by_text("2 rows selected").first).to_be_visible()
    expect(second).to_have_attribute("aria-selected", "false")
    second.click()
    expect(panel.get_by_text("1 row selected").first).to_be_visible()


def test_the_context_menu_has_the_entries_of_its_level(page: Page, panel: Locator) -> None:
    trials = enter_mnist(panel)
    rows(trials).nth(0).click()
    rows(trials).nth(1).click(modifiers=["Shift"])
    rows(trials).nth(1).click(button="right")
    expect_menu(page, HIERARCHY_MENU)
    expect(panel.get_by_text("2 rows selected").first).to_be_visible()
    close_menu(page)
    rows(trials).nth(2).click(button="right")
    expect(panel.get_by_text("1 row selected").first).to_be_visible()
    close_menu(page)
    panel.get_by_role("button", name="More actions").click()
    expect_menu(page, HIERARCHY_MENU)
    close_menu(page)
    enter(panel, "cnn-2-hidden-channels")
    panel.get_by_role("row", name="Preprocessing").click(button="right")
    expect_menu(page, COMPONENT_MENU)
    deploy = page.locator(".lm-Menu li", has_text="Deploy model")
    expect(deploy).to_have_attribute("aria-disabled", "true")
    expect(deploy).to_have_attribute("title", "Only the model of a training job can be deployed")
    close_menu(page)


def test_cells_code_and_arns_are_copied(page: Page, panel: Locator) -> None:
    panel.get_by_role("row", name="mnist").click(button="right")
    menu_item(page, "Copy ARN")
    expect_equal(lambda: copied_text(page).endswith(":experiment/mnist"), True)
    panel.get_by_role("row", name="mnist").get_by_role("gridcell", name="mnist").click(
        button="right"
    )
    menu_item(page, "Copy cell contents")
    expect_equal(lambda: copied_text(page), "mnist")
    panel.get_by_role("row", name="mnist").click(button="right")
    menu_item(page, "Copy code")
    line = 'describe_experiment(ExperimentName="mnist")'
    expect_equal(lambda: line in copied_text(page), True)


def test_the_filter_asks_the_server_for_names(page: Page, panel: Locator) -> None:
    panel.get_by_role("combobox", name="Search").fill("chu")
    expect(panel.get_by_role("row", name="mnist")).to_have_count(0)
    expect_equal(lambda: names(panel), ["Unassigned trial components", "churn"])
    panel.get_by_role("combobox").fill("nobody is called so")
    expect(panel.get_by_role("row", name="churn")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel.get_by_role("row", name="mnist")).to_be_visible()
    # On the row that had it before, or on the first one.
    expect(panel.get_by_role("grid").locator(":focus")).to_have_count(1)


def test_headers_sort_and_the_third_click_gives_the_first_order_back(panel: Locator) -> None:
    header = panel.get_by_role("columnheader", name="Name")
    modified = panel.get_by_role("columnheader", name="Last modified")
    expect(modified).to_have_attribute("aria-sort", "descending")
    header.click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(rows(panel).nth(1)).to_have_attribute("data-name", "churn")
    expect_equal(lambda: names(panel)[:1], ["Unassigned trial components"])
    header.click()
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(rows(panel).nth(1)).to_have_attribute("data-name", "mnist")
    header.click()
    expect(modified).to_have_attribute("aria-sort", "descending")


def test_the_whole_way_by_keyboard_alone(page: Page, panel: Locator) -> None:
    panel.get_by_role("gridcell", name="Unassigned trial components").click()
    panel.get_by_role("combobox").focus()
    page.keyboard.press("Tab")
    expect_focus(page, "Unassigned trial components")
    # A word ends where the focus goes elsewhere, however fast the next one is typed.
    page.keyboard.type("ch")
    page.keyboard.press("Home")
    page.keyboard.type("mn")
    expect_focus(page, "mnist")
    page.keyboard.press("Enter")
    trials = grid(panel, "TRIALS")
    expect(rows(trials)).to_have_count(3)
    expect(trials.locator(":focus")).to_have_count(1)
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    expect(panel.get_by_text("3 rows selected").first).to_be_visible()
    page.keyboard.press("Shift+F10")
    expect_menu(page, HIERARCHY_MENU)
    close_menu(page)
    last = trials.locator(":focus").get_attribute("aria-label") or ""
    expect(panel.get_by_text("3 rows selected").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect_focus(page, re.compile("(ago|now)$"))
    page.keyboard.press("ArrowLeft")
    expect_focus(page, last)
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name="TRIAL COMPONENTS")).to_be_visible()
    expect(panel.get_by_role("row", name="Preprocessing")).to_be_visible()
    page.keyboard.press("Alt+ArrowUp")
    expect(trials.get_by_role("row", selected=True)).to_have_attribute("data-name", last)
    expect_focus(page, last)
    page.keyboard.press("Control+a")
    expect(panel.get_by_text("3 rows selected").first).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    head = "[role=columnheader]"
    expect(panel.locator(f"{head}:focus, {head} :focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(panel.get_by_role("columnheader", name="Name")).to_have_attribute(
        "aria-sort", "ascending"
    )
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Backspace")
    expect(panel.get_by_role("heading", name="EXPERIMENTS")).to_be_visible()
    expect(panel.get_by_role("row", selected=True)).to_have_attribute("data-name", "mnist")
    expect_focus(page, "mnist")
    page.keyboard.press("/")
    expect(panel.get_by_role("combobox")).to_be_focused()


def test_a_trial_component_is_described_in_a_tab(page: Page, panel: Locator) -> None:
    enter(panel, "mnist")
    enter(panel, "cnn-2-hidden-channels")
    enter(panel, "Preprocessing")
    expect(main_tab(page, "Describe Trial Component")).to_be_visible()
    document = main_panel(page)
    expect(document.get_by_role("heading", name="Preprocessing")).to_be_visible()
    expect(document.get_by_text("Completed")).to_be_visible()
    expect(document.get_by_text("There are no metrics.")).to_be_visible()
    document.get_by_role("tab", name="Parameters").click()
    expect(document.get_by_role("row", name="optimizer")).to_have_text("optimizersgd")
    document.get_by_role("tab", name="Parameters").press("ArrowRight")
    expect(document.get_by_role("tab", name="Artifacts")).to_be_focused()
    inputs = document.get_by_role("region", name="Input Artifacts")
    expect(inputs).to_contain_text("file:///data/mnist")
    document.get_by_role("tab", name="AWS Settings").click()
    expect(document.get_by_text("preprocessing-1", exact=True)).to_be_visible()
    check_in_both_themes(document)
    panel.get_by_role("button", name="Home").click()
    document.get_by_role("button", name="cnn-2-hidden-channels").click()
    expect(panel.get_by_role("row", name="Preprocessing")).to_be_visible()
    close_tab(page, "Describe Trial Component")


def test_an_open_description_comes_back_after_a_reload_and_a_closed_one_does_not(
    page: Page, panel: Locator
) -> None:
    argument: dict[str, object] = {"connectionId": "local", "tab": "settings"}
    for component in ("preprocessing-1", "lonely"):
        argument["trialComponentName"] = component
        run_command(page, "smx-lab:open-trial-component", argument)
    one = main_tab(page, re.compile("^Describe Trial Component"))
    expect(one).to_have_count(2)
    close_tab(page, "Describe Trial Component: Lonely")
    expect(one).to_have_count(1)
    reload_lab(page)
    expect(one).to_have_count(1)
    one.click()
    expect(main_panel(page).get_by_role("tabpanel", name="AWS Settings")).to_be_visible()
    one.locator(".lm-TabBar-tabCloseIcon").click()
    expect(one).to_have_count(0)
    run_command(page, "smx-lab:open-trial-component", argument)
    expect(main_panel(page).get_by_role("heading", name="Lonely")).to_be_visible()
    one.locator(".lm-TabBar-tabCloseIcon").click()


def test_a_deleted_experiment_is_said_to_be_gone(panel: Locator, sagemaker: Any) -> None:
    name = f"deleted-{next(fresh)}"
    sagemaker.create_experiment(ExperimentName=name)
    enter(panel, name)
    expect(panel.get_by_text("There are no trials.")).to_be_visible()
    sagemaker.delete_experiment(ExperimentName=name)
    gone = panel.get_by_role("alert")
    expect(gone).to_contain_text(f"The experiment “{name}” was deleted.")
    gone.get_by_role("button", name="Home").click()
    expect(panel.get_by_role("row", name="mnist")).to_be_visible()


def test_the_connection_can_be_changed_and_tested(page: Page, panel: Locator) -> None:
    chip = panel.get_by_role("button", name="Connection: Local")
    chip.click()
    entries = page.locator(".lm-Menu li[data-type=command]")
    expect(entries).to_have_text(["Local", "AWS", "Connection…", "Test connection"])
    entries.filter(has_text="Test connection").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The connection works.")
    expect(dialog).to_contain_text("000000000000")
    check_in_both_themes(dialog)
    dialog.get_by_role("button", name="Close").click()
    expect(chip).to_be_focused()
    chip.click()
    entries.filter(has_text="AWS").click()
    expect(panel.get_by_role("alert")).to_contain_text("No AWS credentials were found.")
    expect(page.locator("#jp-bottom-panel").get_by_text("AWS")).to_be_visible()
    panel.get_by_role("button", name="Use the local service").click()
    expect(panel.get_by_role("row", name="mnist")).to_be_visible()


KNOWN_ROWS = """count => {
  const body = document.querySelector('.smx-ExperimentsPanel .smx-List-body');
  return body.offsetHeight >= count * body.firstElementChild.offsetHeight;
}"""


def test_a_long_list_is_read_by_pages_and_drawn_in_part(
    page: Page, panel: Locator, sagemaker: Any
) -> None:
    sagemaker.create_experiment(ExperimentName="many")
    for number in range(230):
        sagemaker.create_trial(TrialName=f"trial-{number:03}", ExperimentName="many")
    enter(panel, "many")
    trials = grid(panel, "TRIALS")
    expect(trials).to_have_attribute("aria-rowcount", "-1")
    rows(trials).first.get_by_role("gridcell").first.click()
    for known in (200, 230):
        page.keyboard.press("End")
        page.wait_for_function(KNOWN_ROWS, arg=known)
        expect(panel.locator(":focus")).to_have_count(1)
    expect(trials).to_have_attribute("aria-rowcount", "231")
    page.keyboard.press("End")
    expect(panel.get_by_role("row", name="trial-000")).to_be_in_viewport()
    expect(panel.get_by_role("row", name="trial-000")).to_have_attribute("aria-rowindex", "231")
    expect(panel.get_by_text("End of the list")).to_be_visible()
    expect_equal(lambda: rows(panel).count() < 100, True)
    expect_focus(page, "trial-000")


def test_the_place_survives_a_reload(page: Page, panel: Locator) -> None:
    enter(panel, "mnist")
    enter(panel, "cnn-10-hidden-channels")
    expect(panel.get_by_role("row", name="Preprocessing")).to_be_visible()
    reload_lab(page)
    panel = open_sidebar(page)
    expect(panel.get_by_role("heading", name="TRIAL COMPONENTS")).to_be_visible()
    expect(panel.get_by_role("button", name="cnn-10-hidden-channels")).to_be_visible()
    expect(panel.get_by_role("row", name="Preprocessing")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_texts_can_be_read(page: Page, panel: Locator, dark: bool) -> None:
    """WCAG AA: a contrast of 4.5 to 1, on plain and on selected rows."""
    set_theme(page, dark=dark)
    panel.get_by_role("row", name="mnist").click()
    page.mouse.move(900, 500)
    for element in (
        panel.get_by_role("row", name="mnist").get_by_role("gridcell").nth(1),
        panel.get_by_role("row", name="churn").get_by_role("gridcell").nth(1),
        panel.get_by_role("columnheader", name="Name"),
        panel.get_by_role("button", name="Connection: Local"),
        panel.get_by_text("End of the list"),
    ):
        expect_readable(element)
    check_accessible(panel)


def expect_readable(element: Locator) -> None:
    """Wait for the contrast that WCAG AA asks for. Colours may change gradually."""
    expect_equal(lambda: element.evaluate(CONTRAST) >= 4.5, True)


CONTRAST = """element => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const painted = colors => {
    canvas.clearRect(0, 0, 1, 1);
    for (const color of colors) {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = rgb => {
    const [r, g, b] = rgb.map(part => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const grounds = [];
  for (let node = element; node; node = node.parentElement) {
    grounds.unshift(getComputedStyle(node).backgroundColor);
  }
  const ground = luminance(painted(['white', ...grounds]));
  const text = luminance(painted(['white', ...grounds, getComputedStyle(element).color]));
  return (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
}"""


def test_a_narrow_window_keeps_the_names(browser: Browser, fresh_lab: Lab, sagemaker: Any) -> None:
    with lab_page(browser, fresh_lab, name="narrow", width=500, height=600) as page:
        panel = open_sidebar(page)
        expect(panel.get_by_role("row", name="mnist")).to_be_visible()
        expect(panel.get_by_role("columnheader", name="Name")).to_be_visible()
        expect(panel.get_by_role("columnheader", name="Last modified")).to_have_count(0)
        expect(grid(panel, "EXPERIMENTS")).to_have_attribute("aria-colcount", "3")


def test_old_rows_stay_while_the_server_is_away_and_come_back_by_themselves(
    browser: Browser, make_lab: LabMaker
) -> None:
    lab = make_lab()
    make_client("sagemaker", lab.service()).create_experiment(ExperimentName="kept")
    with lab_page(browser, lab, name="away") as page:
        panel = open_sidebar(page)
        expect(panel.get_by_role("row", name="kept")).to_be_visible()
        page.route("**/smx-lab/api/**", lambda route: route.abort())
        expect(panel.get_by_text(re.compile("Could not refresh"))).to_be_visible()
        expect(panel.get_by_role("row", name="kept")).to_be_visible()
        page.unroute("**/smx-lab/api/**")
        panel.get_by_role("button", name="Retry now").click()
        expect(panel.get_by_text(re.compile("Could not refresh"))).to_have_count(0)
    lab.stop()


def test_the_launcher_and_the_menu_show_the_browser_and_the_example(
    browser: Browser, fresh_lab: Lab, sagemaker: Any
) -> None:
    with lab_page(browser, fresh_lab, name="launcher") as page:
        page.locator(".jp-LauncherCard", has_text="Experiments").click()
        expect(page.locator("#smx-lab-experiments")).to_be_visible()
        page.get_by_role("menuitem", name="SageMaker").click()
        menu_item(page, "Example notebook (runs locally)")
        expect(main_tab(page, "handwritten-digits.ipynb")).to_be_visible()
        folder = fresh_lab.notebooks / "smx-lab-tutorial"
        expect_equal(
            lambda: {file.name for file in folder.iterdir() if file.is_file()},
            {"handwritten-digits.ipynb", "digits.py"},
        )


def test_a_link_opens_what_it_names_and_nothing_else(
    browser: Browser, fresh_lab: Lab, sagemaker: Any
) -> None:
    with lab_page(browser, fresh_lab, name="links") as page:
        run_command(page, "smx-lab:follow-link", {
            "path": "/lab", "search": "", "hash":
            '#smx=["smx-lab:open-trial-component",{"connectionId":"local",'
            '"trialComponentName":"preprocessing-1"}]',
        })  # fmt: skip
        expect(main_panel(page).get_by_role("heading", name="Preprocessing")).to_be_visible()
        run_command(page, "smx-lab:follow-link", {
            "path": "/lab", "search": "", "hash": '#smx=["application:close-all",{}]',
        })  # fmt: skip
        expect(main_panel(page).get_by_role("heading", name="Preprocessing")).to_be_visible()
