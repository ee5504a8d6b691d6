"""Fixtures of the UI tests: Chromium, JupyterLab servers, pages.

``page`` is an open JupyterLab on ``lab``, the server that all tests of the session share. A test
gives its experiments names of its own. No other module writes to ``fresh_lab``.
The async fixtures of pytest-jupyter and Playwright's event loop exclude each other, so these tests
run in a pytest process of their own: ``python dev.py test ui``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.support.local.clients import make_client
from tests.ui.harness import (
    CHROMIUM_ARGS,
    Lab,
    chromium,
    keep_picture,
    lab_page,
    python,
    screen_text,
)
from tests.ui.table import DIGITS, SWEEP, fresh_table

expect.set_options(timeout=30_000)

LabMaker = Callable[..., Lab]
PageOpener = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> None:
    """Override pytest-jupyter's event loop, which excludes Playwright's."""


@pytest.fixture(autouse=True)
def jp_server_cleanup() -> None:
    """Override pytest-jupyter's clean-up, which needs its event loop."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all tests. Each page has a context of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            headless=True,
            chromium_sandbox=False,
            args=list(CHROMIUM_ARGS),
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def make_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabMaker]:
    """Return a function that starts a JupyterLab with a data directory of its own.

    ``make_lab("--SmxLabApp.read_only=True", base_url="/user/ada/")``: options go to the server.
    All Labs are stopped at the end, with their local services, jobs and endpoints.
    """
    with ExitStack() as stack:

        def make(*options: str, base_url: str = "/", interpreter: str | None = None) -> Lab:
            lab = Lab(tmp_path_factory.mktemp("lab"), base_url, interpreter=interpreter or python())
            stack.callback(lab.stop)
            lab.start(*options)
            return lab

        yield make


@pytest.fixture(scope="session")
def lab(make_lab: LabMaker) -> Lab:
    """Return the JupyterLab that all tests share."""
    return make_lab()


@pytest.fixture(scope="session")
def digits(lab: Lab) -> str:
    """Log three trials with a training each, for tests that change none of them."""
    lab.script(DIGITS)
    return "table-digits"


@pytest.fixture(scope="session")
def sweep(lab: Lab) -> str:
    """Log 450 trial components with 30 parameters."""
    lab.script(SWEEP)
    return "table-sweep"


@pytest.fixture(scope="module")
def fresh_lab(make_lab: LabMaker) -> Iterator[Lab]:
    """Return a JupyterLab whose experiments only this module's tests make."""
    lab = make_lab()
    yield lab
    lab.stop()


@pytest.fixture(scope="module")
def page_lab(lab: Lab) -> Lab:
    """Return the JupyterLab of ``shared_page``. A module may define another."""
    return lab


@pytest.fixture(scope="module")
def sagemaker(page_lab: Lab) -> Any:
    """Return a boto3 client of the local service of ``page_lab``."""
    return make_client("sagemaker", page_lab.service())


@pytest.fixture(scope="module")
def shared_page(browser: Browser, page_lab: Lab, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open one page for all tests of a module.

    A module with ``pytestmark = pytest.mark.usefixtures("shared_page")`` has it as its ``page``.
    """
    with lab_page(browser, page_lab, name=request.module.__name__) as page:
        yield page


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> PageOpener:
    """Return ``open_page(lab, dark=False, width=1280, height=800)``, a context manager."""

    def open_(lab: Lab, **options: Any) -> AbstractContextManager[Page]:
        return lab_page(browser, lab, name=request.node.nodeid, **options)

    return open_


@pytest.fixture
def page(open_page: PageOpener, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the shared Lab, or return the page that the module's tests share.

    ``@pytest.mark.parametrize("page", ["dark"], indirect=True)`` opens it in the dark theme.
    """
    if "shared_page" in request.fixturenames:
        yield request.getfixturevalue("shared_page")
        return
    dark = getattr(request, "param", "light") == "dark"
    with open_page(request.getfixturevalue("lab"), dark=dark) as page:
        yield page


@pytest.fixture
def table(page: Page, digits: str) -> Iterator[Locator]:
    """Open the table of three trials in the view that it has at first, and return its tab."""
    with fresh_table(page, experiments=[digits]) as table:
        yield table


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Keep the picture of a failed test's page, and report the texts that it shows."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.failed and report.when != "teardown" and isinstance(page, Page):
        keep_picture(page, item.nodeid)
        report.sections.append(("Focus and screen", screen_text(page)))
    return report
