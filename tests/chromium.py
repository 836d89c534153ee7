"""Debian's Chromium for the browser tests, and a watch over what the pages do in it.

Every page of every test is watched: it may ask this machine only, and it may not complain in the
console. A breach of the content security policy shows nowhere else.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# Playwright brings no browser here. The sandbox needs rights that root in a container lacks;
# the rest keeps Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No other host has an address. A route of Playwright's would do as well, but asks Python about
    # every request, and with one the browser keeps no copy of a style sheet.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
# Of a request that a route of the test itself has ended.
BY_THE_TEST = "net::ERR_FAILED"
THIS_MACHINE = {"localhost", "127.0.0.1"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium is not installed. On Debian: sudo apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": program, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {
        **browser_context_args,
        "locale": "sv-SE",
        "timezone_id": "Europe/Stockholm",
        "viewport": {"width": 1280, "height": 900},
    }


@dataclass
class Watch:
    """What the pages of one test did that they should not. Both lists are empty at its end.

    A test that provokes a complaint on purpose takes it out of the list.
    """

    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("requestfailed", self.note_refused)
        context.on("console", self.listen)
        context.on("weberror", self.note_error)

    def rest(self, context: BrowserContext) -> None:
        """The browser goes on to another watch."""
        context.remove_listener("requestfailed", self.note_refused)
        context.remove_listener("console", self.listen)
        context.remove_listener("weberror", self.note_error)

    def note_refused(self, request: Request) -> None:
        if is_outside(request.url) and request.failure != BY_THE_TEST:
            self.outside.append(request.url)

    def listen(self, message: ConsoleMessage) -> None:
        page = message.page.url if message.page else ""
        # A page that answers 404 or 409 on purpose is no fault; a missing file in a page is. The
        # icon is Chromium's own wish where a page of a test names none.
        url = message.location["url"]
        is_wanted = url != page and not url.endswith("/favicon.ico")
        is_missing = message.text.startswith("Failed to load resource")
        if message.type == "error" and (is_wanted or not is_missing):
            self.complaints.append(f"{page}: {message.text}")

    def note_error(self, error: WebError) -> None:
        self.complaints.append(f"{error.page.url if error.page else ''}: {error.error}")


def is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in THIS_MACHINE


@pytest.fixture
def offline() -> Iterator[Watch]:
    """The watch over every browser context of the test; there without being asked for."""
    watch = Watch()
    yield watch
    assert watch.outside == [], "a page asked another host"
    assert watch.complaints == [], "a page complained in the console"


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], offline: Watch
) -> Callable[..., BrowserContext]:
    def watched(**options: object) -> BrowserContext:
        context = new_context(**options)
        offline.over(context)
        return context

    return watched
