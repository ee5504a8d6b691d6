"""Fixtures of the UI tests: Chromium, JupyterLab servers, pages.

``page`` is an open JupyterLab on the session's shared server ``lab``; a test makes its own
experiments there under names of its own. ``fresh_lab`` is a server nobody else writes to.
The async fixtures of pytest-jupyter and Playwright's own event loop exclude each other, so these
tests run in a pytest process of their own: ``python dev.py test ui``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.ui.harness import (
    CHROMIUM_ARGS,
    Lab,
    chromium,
    lab_page,
    python,
    screen_text,
    start_over,
)
from tests.ui.table import DIGITS, SWEEP

expect.set_options(timeout=15_000)

LabMaker = Callable[..., Lab]
PageOpener = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> None:
    """Keep pytest-jupyter's event loop away from Playwright's."""


@pytest.fixture(autouse=True)
def jp_server_cleanup() -> None:
    """Keep pytest-jupyter's cleaning away, which needs its event loop."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each page has a context of its own."""
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

    ``make_lab(base_url="/user/ada/", "--SmxLabApp.read_only=True")``: options go to the server.
    All are stopped at the end, with their local services, jobs and endpoints.
    """
    labs: list[Lab] = []

    def make(*options: str, base_url: str = "/", interpreter: str | None = None) -> Lab:
        lab = Lab(tmp_path_factory.mktemp("lab"), base_url, interpreter=interpreter or python())
        labs.append(lab)
        lab.start(*options)
        return lab

    yield make
    for lab in labs:
        lab.stop()


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


@pytest.fixture(autouse=True)
def start_over_after_failure(request: pytest.FixtureRequest) -> None:
    """Give a test that is tried again a page without what made it fail, if it has one."""
    is_again = getattr(request.node, "execution_count", 1) > 1
    if is_again and "page" in request.fixturenames:
        start_over(request.getfixturevalue("page"))


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> PageOpener:
    """Return ``open_page(lab, dark=False, width=1280, height=800)``, a context manager."""

    def open_(lab: Lab, **options: Any) -> AbstractContextManager[Page]:
        return lab_page(browser, lab, name=request.node.nodeid, **options)

    return open_


@pytest.fixture
def page(open_page: PageOpener, lab: Lab, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the shared Lab. ``@pytest.mark.parametrize("page", ["dark"], indirect=True)``: dark."""
    dark = getattr(request, "param", "light") == "dark"
    with ExitStack() as stack:
        page = stack.enter_context(open_page(lab, dark=dark))
        yield page
        report = request.node.stash.get(CALL_FAILED, False)
        if report:
            # A failed assertion is raised in the test, not here: keep the picture all the same.
            from tests.ui.harness import keep_picture

            keep_picture(page, request.node.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why each test that was tried again had failed: its last try often fails of the first."""
    reports = terminalreporter.stats.get("rerun", [])
    if reports:
        terminalreporter.section("why tests were tried again")
    for report in reports:
        terminalreporter.line(f"{report.nodeid}, try {report.rerun + 1}:")
        terminalreporter.line(report.longreprtext[-WHY_CHARACTERS:])
        for title, text in report.sections:
            if title == SCREEN:
                terminalreporter.line(f"{title}: {text[:WHY_CHARACTERS]}")


CALL_FAILED = pytest.StashKey[bool]()
SCREEN = "Focus and screen"
# Of each try: the lines around the failure, and the top of the screen.
WHY_CHARACTERS = 2_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember whether the test itself failed, for the picture of its page."""
    report = yield
    if report.when == "call":
        item.stash[CALL_FAILED] = report.failed
        page = getattr(item, "funcargs", {}).get("page")
        if report.failed and isinstance(page, Page):
            report.sections.append((SCREEN, screen_text(page)))
    return report
