"""An AWS that is slow, fails or forbids: what stands above the rows, and what may be done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.sagemaker_server import Options, Upstream
from tests.ui.axe import check_accessible
from tests.ui.conftest import LabMaker
from tests.ui.harness import Lab, close_documents, finish_command, main_panel, run_command

KEYS = "aws_access_key_id = AKIDGOOD\naws_secret_access_key = secret\n"
ROWS = 1_000
AWS = "aws:slow"
pytestmark = pytest.mark.usefixtures("shared_page")


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    """Run an AWS that can be made slow, failing or forbidding."""
    made = Upstream(Options(components=ROWS, experiments=2))
    yield made
    made.close()


@pytest.fixture(scope="module")
def page_lab(make_lab: LabMaker, upstream: Upstream) -> Lab:
    """Return a Lab with a profile whose SageMaker is the tests' own."""
    lab = make_lab()
    config = f"[profile slow]\nregion = us-east-1\nendpoint_url = {upstream.url}\n{KEYS}"
    lab.write_aws_file("config", config)
    return lab


@pytest.fixture(autouse=True)
def as_it_was(upstream: Upstream, page: Page) -> Iterator[None]:
    """Leave an AWS that works, and no tabs."""
    yield
    upstream.options.latency_s = 0
    upstream.faults = lambda _: None
    upstream.forbidden = set()
    upstream.refused_keys = set()
    close_documents(page)


def opened(page: Page, **origin: list[str]) -> Locator:
    """Open a table, and return its panel."""
    finish_command(page, "smx-lab:open-table", {"connectionId": AWS, **origin})
    panel = main_panel(page)
    expect(panel.get_by_role("heading", name="TRIAL COMPONENTS")).to_be_visible()
    return panel


def row_count(panel: Locator, count: int) -> None:
    """Wait for so many rows; the header is one more."""
    expect(panel.get_by_role("grid")).to_have_attribute("aria-rowcount", str(count + 1))


def test_a_table_that_takes_long_says_how_far_it_is_and_can_be_stopped(
    page: Page, upstream: Upstream
) -> None:
    upstream.options.latency_s = 4.0
    panel = opened(page, experiments=["experiment-0"])
    # At first there are no rows. Then there are some, and the rest is on its way.
    expect(panel.get_by_text("Still loading…")).to_be_visible()
    notice = panel.get_by_role("status").filter(has_text="of about 500 rows")
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="Stop").click()
    upstream.options.latency_s = 0.2
    stopped = panel.get_by_role("status").filter(has_text="Loading was stopped")
    expect(stopped).to_contain_text(re.compile(r"only \d00 rows were read\."))
    check_accessible(stopped)
    upstream.options.latency_s = 0
    stopped.get_by_role("button", name="Load the rest").click()
    expect(stopped).to_have_count(0)
    row_count(panel, 500)


def test_a_refresh_that_fails_keeps_the_rows_and_says_why_their_age_and_the_next_try(
    page: Page, upstream: Upstream
) -> None:
    panel = opened(page, experiments=["experiment-0"])
    row_count(panel, 500)
    upstream.refused_keys = {"AKIDGOOD"}
    run_command(page, "smx-lab:refresh-table")
    notice = panel.locator(".smx-Stale")
    expect(notice).to_contain_text("Your AWS credentials have expired.")
    expect(notice).to_contain_text(re.compile(r"Could not refresh\. Next try in \d+ s"))
    expect(notice.get_by_role("time")).to_contain_text("As of")
    expect(notice).to_contain_text("Write new ones into the profile slow.")
    row_count(panel, 500)
    check_accessible(notice)
    upstream.refused_keys = set()
    notice.get_by_role("button", name="Retry now").click()
    expect(notice).to_have_count(0)


def test_where_search_is_denied_rows_are_read_one_by_one_with_a_policy_to_copy(
    page: Page, upstream: Upstream
) -> None:
    upstream.forbidden = {"Search"}
    panel = opened(page, trials=["trial-1-0", "trial-3-0", "trial-5-0"])
    notice = panel.get_by_role("status").filter(
        has_text="Search is denied: trial components are read one by one, which takes longer."
    )
    expect(notice).to_be_visible()
    row_count(panel, 3)
    notice.get_by_text("Policy", exact=True).click()
    expect(notice.get_by_label("Code")).to_contain_text('"sagemaker:Search"')
    check_accessible(notice)
