"""What a UI test needs: a real JupyterLab of its own, real Chromium, and a watch on both.

The Lab runs with its own home, settings and data directory, so that nothing of the user's is read
or changed, and with a login token and XSRF checks, as users have them.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import msgspec
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Route,
    expect,
)

from smx_lab.core.connection import LocalService

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / ".dev" / "failures"
CHROMIUM_ARGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 120
"""How long a Lab may take to start on a busy machine. It usually takes three seconds."""

SERVER_CONFIG = """\
c = get_config()  # noqa
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.LabApp.expose_app_in_browser = True
c.LabApp.extension_manager = "readonly"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
"""


def chromium() -> str | None:
    """Return the browser to use: ``$SMX_CHROMIUM``, one on PATH, or None for Playwright's own."""
    chosen = os.environ.get("SMX_CHROMIUM")
    if chosen:
        return chosen
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for found in map(shutil.which, names) if found), None)


def python() -> str:
    """Return the Python whose JupyterLab is tested: ``$SMX_TEST_PYTHON``, or this one."""
    return os.environ.get("SMX_TEST_PYTHON", sys.executable)


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Lab:
    """A running JupyterLab. ``origin`` has no slash at its end, ``base_url`` has one at both."""

    folder: Path
    base_url: str = "/"
    port: int = field(default_factory=free_port)
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    interpreter: str = field(default_factory=python)
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data_dir(self) -> Path:
        """The ``SMX_LAB_DATA_DIR`` of this Lab, of its kernels and of its local service."""
        return self.folder / "data"

    @property
    def notebooks(self) -> Path:
        """The folder that the file browser shows."""
        return self.folder / "notebooks"

    @property
    def log(self) -> Path:
        """What the server wrote."""
        return self.folder / "jupyter.log"

    def url(self, path: str = "lab", **query: str) -> str:
        """Return the address of a page of this Lab, with the login token.

        A parameter without a value has no equals sign: JupyterLab 4.4 does not know ``reset=``.
        """
        bare = [name for name, value in query.items() if not value]
        valued = {name: value for name, value in query.items() if value}
        asked = "&".join([*bare, urlencode({**valued, "token": self.token})])
        return f"{self.origin}{self.base_url}{path}?{asked}"

    def environment(self) -> dict[str, str]:
        """Return the environment of this Lab: nothing of the user's home, no AWS settings."""
        home = self.folder / "home"
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "JUPYTER", "SMX_"))}
        env.pop("MPLBACKEND", None)
        env.update(
            HOME=str(home),
            SMX_LAB_DATA_DIR=str(self.data_dir),
            JUPYTER_CONFIG_DIR=str(home / "config"),
            JUPYTER_DATA_DIR=str(home / "share"),
            JUPYTER_RUNTIME_DIR=str(home / "runtime"),
            JUPYTERLAB_SETTINGS_DIR=str(home / "settings"),
            JUPYTERLAB_WORKSPACES_DIR=str(home / "workspaces"),
            JUPYTER_PLATFORM_DIRS="1",
            IPYTHONDIR=str(home / "ipython"),
            MPLCONFIGDIR=str(home / "matplotlib"),
            AWS_EC2_METADATA_DISABLED="true",
        )
        return env

    def start(self, *options: str) -> None:
        """Start the server and wait until it responds.

        Raises
        ------
        RuntimeError
            If the server ends, or does not respond in time. It has the end of the log.
        """
        env = self.environment()
        for name, value in env.items():
            if name.endswith("_DIR") and value.startswith(str(self.folder)):
                Path(value).mkdir(parents=True, exist_ok=True)
        self.notebooks.mkdir(parents=True, exist_ok=True)
        silence_news(Path(env["JUPYTERLAB_SETTINGS_DIR"]))
        config = self.folder / "jupyter_config.py"
        config.write_text(SERVER_CONFIG, encoding="utf-8")
        command = [
            self.interpreter, "-m", "jupyterlab",
            "--config", str(config),
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.base_url={self.base_url}",
            f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={self.notebooks}",
            *options,
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=env, cwd=self.notebooks, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._responds():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                tail = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise RuntimeError(f"JupyterLab did not start:\n{tail}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End the server with its kernels, and the local service with its jobs and endpoints."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            self.process = None
        self.run("local", "stop")

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``smx-lab ARGUMENTS`` in this Lab's environment."""
        return self.python("-m", "smx_lab", *arguments, check=check)

    def python(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Python in this Lab's environment, in its notebooks folder."""
        self.notebooks.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [self.interpreter, *arguments],
            env=self.environment(), cwd=self.notebooks, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        if check and done.returncode != 0:
            raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stderr}")
        return done

    def script(self, source: str) -> str:
        """Run a Python script that finds the local service by ``smx-lab local env`` alone.

        Returns
        -------
        str
            What the script printed.
        """
        file = self.folder / f"script-{secrets.token_hex(4)}.py"
        file.write_text(source, encoding="utf-8")
        run = self.interpreter
        lines = f'exports=$({run} -m smx_lab local env)\neval "$exports"\n{run} {file}'
        done = subprocess.run(
            ["bash", "-e", "-c", lines],
            env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"the script ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def write_aws_file(self, name: str, text: str) -> None:
        """Write the file ``~/.aws/config`` or ``~/.aws/credentials`` of this Lab."""
        folder = self.folder / "home" / ".aws"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    def service(self) -> LocalService:
        """Return how to reach the local service; start it if it does not run."""
        return msgspec.json.decode(self.run("local", "start", "--json").stdout, type=LocalService)

    def _responds(self) -> bool:
        request = urllib.request.Request(f"{self.origin}{self.base_url}api")
        try:
            with urllib.request.urlopen(request, timeout=2):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def silence_news(settings: Path) -> None:
    """Write the setting that JupyterLab fetches no news, so that it does not ask about it."""
    file = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")


@dataclass
class Watch:
    """Record what a page must not do: requests to other hosts, and errors in our code."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Listen to a page."""
        page.on("request", self._request)
        page.on("websocket", lambda socket: self._address(socket.url))
        page.on("pageerror", self._error)
        page.on("console", self._console)

    def check(self) -> None:
        """Raise AssertionError if the page did what it must not."""
        assert self.foreign == [], f"requests left the Lab's own origin: {self.foreign}"
        assert self.errors == [], "\n".join(["errors in the page from our code:", *self.errors])

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        own = urlsplit(self.origin).netloc
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != own:
            self.foreign.append(url)

    def _error(self, error: Error) -> None:
        text = f"{error.message}\n{error.stack or ''}"
        if "extensions/smx-lab" in text:
            self.errors.append(text)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser logs refused requests too. Each test checks what the page does with them.
        ours = "extensions/smx-lab" in f"{message.location.get('url', '')} {message.text}"
        refused = message.text.startswith("Failed to load resource")
        if message.type == "error" and ours and not refused:
            self.errors.append(message.text)


@contextlib.contextmanager
def lab_page(
    browser: Browser,
    lab: Lab,
    *,
    name: str,
    dark: bool = False,
    path: str = "lab",
    width: int = 1280,
    height: int = 800,
) -> Iterator[Page]:
    """Open a Lab in a browser context of its own, with access to the clipboard.

    A picture is kept if the block fails. If it does not, the page's requests and errors are
    checked at its end.
    """
    context = browser.new_context(viewport={"width": width, "height": height})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(30_000)
    watch = Watch(lab.origin)
    context.on("page", watch.attach)
    page = context.new_page()
    try:
        open_lab(page, lab, path=path, dark=dark)
        yield page
        watch.check()
    except BaseException:
        keep_picture(page, name)
        raise
    finally:
        context.close()


def keep_picture(page: Page, name: str) -> None:
    """Write a picture of a failed test's page to ``.dev/failures``."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    target = SCREENSHOTS / (re.sub(r"[^\w.-]+", "-", name) + ".png")
    with contextlib.suppress(Error):  # the page may be what has gone
        page.screenshot(path=target)


ON_SCREEN = """() => {
  const focused = document.activeElement;
  const panels = '.lm-Widget.jp-mod-left, #jp-main-dock-panel > .lm-DockPanel-widget, .jp-Dialog';
  const shown = [...document.querySelectorAll(`#jp-left-stack > .lm-Widget, ${panels}`)]
    .filter(panel => panel.checkVisibility())
    .map(panel => panel.innerText.replace(/\\n+/g, ' | ').slice(0, 1500));
  return [focused.outerHTML.slice(0, 300), ...shown].join('\\n');
}"""


def screen_text(page: Page) -> str:
    """Return the focused element and the texts on the screen, for a log, which has no pictures."""
    with contextlib.suppress(Error):
        return str(page.evaluate(ON_SCREEN))
    return "The page is gone."


def open_lab(
    page: Page, lab: Lab, *, path: str = "lab", dark: bool = False, reset: bool = True
) -> None:
    """Go to the Lab, wait until it can be used, and choose the theme.

    ``reset`` forgets the tabs and panels of earlier pages. Without it, they come back, as after a
    user's reload.
    """
    page.goto(lab.url(path, **({"reset": ""} if reset else {})))
    wait_for_lab(page)
    set_theme(page, dark=dark)


def wait_for_lab(page: Page) -> None:
    """Wait until the splash has gone and the application is restored."""
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    page.wait_for_function("() => window.jupyterapp !== undefined")
    settle(page, "() => window.jupyterapp.restored")


def settle(page: Page, function: str) -> None:
    """Call a function of the page, and wait until the promise that it returns has settled.

    Playwright is not asked to wait for the promise itself: about once in some hundred times that
    failed with "Resulting promise was garbage collected".
    """
    page.evaluate(
        f"""() => {{
          window.smxSettled = false;
          const settled = () => {{ window.smxSettled = true; }};
          ({function})().then(settled, settled);
        }}"""
    )
    page.wait_for_function("() => window.smxSettled === true")


def set_theme(page: Page, *, dark: bool) -> None:
    """Change the theme, and wait until it is on the screen."""
    theme = "JupyterLab Dark" if dark else "JupyterLab Light"
    run_command(page, "apputils:change-theme", {"theme": theme})
    page.wait_for_selector(
        f'body[data-jp-theme-light="{"false" if dark else "true"}"]', state="attached"
    )


def run_command(page: Page, command: str, arguments: Mapping[str, object] | None = None) -> None:
    """Execute a JupyterLab command as the palette would; what it opens is for the test to await."""
    page.evaluate(
        "([id, args]) => { void window.jupyterapp.commands.execute(id, args); }",
        [command, arguments or {}],
    )


def finish_command(page: Page, command: str, arguments: Mapping[str, object] | None = None) -> None:
    """Execute a JupyterLab command, and wait until it has done all that it does."""
    call = f"{json.dumps(command)}, {json.dumps(arguments or {})}"
    settle(page, f"() => window.jupyterapp.commands.execute({call})")


def close_documents(page: Page) -> None:
    """Close all documents of the main area."""
    page.evaluate("() => window.jupyterapp.shell.closeAll()")
    expect(page.locator("#jp-main-dock-panel > [id^='smx-']")).to_have_count(0)


def reload_lab(page: Page) -> None:
    """Reload the page as a user does: what was open comes back."""
    # JupyterLab saves the workspace 0.75 s after the last change, which a user's reload leaves time
    # for. No signal says that a save is due, so wait until what is saved stays the same.
    settle(
        page,
        """async () => {
          const saved = async () => JSON.stringify(
            (await window.jupyterapp.serviceManager.workspaces.list()).values
          );
          for (let before = null, now = await saved(); before !== now; ) {
            await new Promise(resolve => setTimeout(resolve, 1500));
            [before, now] = [now, await saved()];
          }
        }""",
    )
    page.reload()
    wait_for_lab(page)


def expect_equal(read: Callable[[], object], wanted: object, timeout_s: float = 30) -> None:
    """Read until the value is the one wanted: ``expect`` for what no single locator shows."""
    deadline = time.monotonic() + timeout_s
    while (found := read()) != wanted:
        assert time.monotonic() < deadline, f"{found!r} is not {wanted!r}"
        time.sleep(0.05)


@contextlib.contextmanager
def held_back(page: Page, url: str) -> Iterator[None]:
    """Hold back the requests to an address until the block ends, to see what passes quickly."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(url, hold)
    yield
    while held:
        held.pop().continue_()
    page.unroute(url, hold)


def copied_text(page: Page) -> str:
    """Return the text on the clipboard."""
    text: str = page.evaluate("() => navigator.clipboard.readText()")
    return text


EXPERIMENTS = "SageMaker Experiment List"
ENDPOINTS = "SageMaker Endpoint List"


def open_sidebar(page: Page, title: str = EXPERIMENTS) -> Locator:
    """Open a panel of the left sidebar by its icon, and return it."""
    tab = page.locator(".jp-SideBar.jp-mod-left").get_by_role("tab", name=title)
    if tab.get_attribute("aria-selected") != "true":
        tab.click()
    # The attribute follows a frame later. Another click before that would close the panel.
    expect(tab).to_have_attribute("aria-selected", "true")
    return sidebar_panel(page)


def sidebar_panel(page: Page) -> Locator:
    """Return the panel of the left sidebar that is open."""
    return page.locator("#jp-left-stack > .lm-Widget:not(.lm-mod-hidden)")


def main_panel(page: Page) -> Locator:
    """Return the document of the main area that is in front."""
    return page.locator("#jp-main-dock-panel > .lm-DockPanel-widget:not(.lm-mod-hidden)").first


def close_tab(page: Page, title: str | re.Pattern[str]) -> None:
    """Close a document of the main area by the button of its tab."""
    tab = main_tab(page, title)
    tab.locator(".lm-TabBar-tabCloseIcon").click()
    expect(tab).to_have_count(0)


def main_tab(page: Page, title: str | re.Pattern[str]) -> Locator:
    """Return the tab of a document in the main area."""
    return page.locator("#jp-main-dock-panel").get_by_role("tab", name=title)


def opened_dialog(page: Page, name: str | None = None) -> Locator:
    """Return the dialog that is opening, once one of its fields has the focus.

    Before that, the focus may move while a test types, and the text goes to another field.
    """
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog.locator("input:focus, select:focus, textarea:focus")).to_have_count(1)
    return dialog


def wait_for_frame(page: Page) -> None:
    """Wait until the page has drawn what has changed. JupyterLab draws in the next frame."""
    settle(
        page,
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))",
    )


def close_menu(page: Page) -> None:
    """Close the menu that is open, with its submenus, by Escape."""
    menus = page.locator(".lm-Menu")
    for _ in range(3):
        if not menus.count():
            break
        # A key pressed before goes to what had the focus.
        expect(page.locator(".lm-Menu:focus, .lm-Menu :focus")).to_have_count(1)
        page.keyboard.press("Escape")
        wait_for_frame(page)
    expect(menus).to_have_count(0)


def arrow_to_entry(page: Page, depth: int, label: str) -> None:
    """Press the arrow down until an entry of an open menu is active.

    ``depth`` is 0 for the menu and 1 for its submenu. A disabled entry is never active.
    """
    menu = page.locator(".lm-Menu").nth(depth)
    entry = menu.locator("li", has=page.get_by_text(label, exact=True))
    expect(entry).to_be_visible()
    focused = page.locator(":focus")
    expect(menu.and_(focused).or_(menu.locator(focused))).to_have_count(1)
    active = entry.and_(page.locator(".lm-mod-active"))
    for _ in range(menu.locator("li").count()):
        wait_for_frame(page)
        if active.count():
            break
        page.keyboard.press("ArrowDown")
    expect(active).to_have_count(1)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus."""
    expect(target).to_be_visible()
    for _ in range(20):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()


def menu_item(page: Page, *path: str) -> None:
    """Choose from the context menu that is open, through its submenus: by the labels' texts."""
    for depth, label in enumerate(path):
        item = (
            page.locator(".lm-Menu")
            .nth(depth)
            .locator("li.lm-Menu-item[data-type]", has=page.get_by_text(label, exact=True))
        )
        item.hover()
        if depth == len(path) - 1:
            item.click()
