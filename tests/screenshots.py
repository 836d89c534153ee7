"""Pictures of every page: `make screenshots`, or with options

    python -m tests.screenshots [--only PATTERN] [--fast] [--keep] [--readme]

The demo is started with a database of its own, and Chromium goes through `tests/pages.py` in both
languages, on a phone and on a large screen, light and dark. At the end stands what was wrong: a
status that was not expected, a complaint in the console, a request to another host.
"""

import argparse
import fnmatch
import functools
import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from operator import attrgetter
from pathlib import Path

import django
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page as BrowserPage

# Before the demo reads where its things are kept.
os.environ["VAR_DIR"] = str(Path(__file__).resolve().parent.parent / "var/screenshots/site")

from config.demo import launcher, places
from config.demo.processes import Processes, StopRequest
from tests.chromium import ARGUMENTS, Watch

ROOT, PICTURES = places.ROOT, places.VAR.parent
LANGUAGES, WIDTHS, SCHEMES = ("sv", "en"), (390, 1440), ("light", "dark")
FIRST_PORT = 8700
README_PICTURES = ROOT / "docs" / "pictures"
README_WIDTH, README_HEIGHT = 1200, 780
README = {
    "start": "start",
    "article": "article",
    "event": "event-conference",
    "my-pages": "my-pages",
    "staff": "staff-today",
}


@dataclass(frozen=True)
class Shot:
    """One picture to take. `cookies` make the browser the right person's."""

    name: str
    address: str
    status: int
    press: str
    person: str
    cookies: dict[str, str]


@dataclass(frozen=True)
class Look:
    language: str
    width: int
    scheme: str

    @property
    def folder(self) -> Path:
        return PICTURES / f"{self.language}-{self.width}-{self.scheme}"


@dataclass
class Failures:
    lines: list[str] = field(default_factory=list)

    def note(self, look: Look, shot: Shot, problem: str) -> None:
        self.lines.append(f"{look.folder.name}/{shot.name}: {problem}")


def main() -> int:
    options = arguments()
    if not options.keep:
        shutil.rmtree(places.VAR, ignore_errors=True)
    port = next(number for number in itertools.count(FIRST_PORT) if launcher.is_free(number))
    try:
        with Processes(launcher.surroundings(port)) as demo:
            launcher.prepare(demo)
            launcher.start_all(demo, port, time.monotonic())
            os.environ.update(demo.environment)
            django.setup()
            if options.readme:
                return take_for_readme(launcher.address(port))
            return take_all(demo, launcher.address(port), options)
    except StopRequest:
        return 130


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="names, like 'event*'")
    parser.add_argument("--fast", action="store_true", help="in Swedish and light only")
    parser.add_argument("--keep", action="store_true", help="with the data of the last time")
    parser.add_argument("--readme", action="store_true", help="only those in docs/pictures")
    return parser.parse_args()


# --- All pages ----------------------------------------------------------------------------------


def take_all(demo: Processes, site: str, options: argparse.Namespace) -> int:
    failures = Failures()
    # Looked up before the browser starts: Django refuses the database beside its event loop.
    shots = {language: list(planned(language, options.only, failures)) for language in LANGUAGES}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for look in looks(fast=options.fast):
            for cookies, of_one in by_browser(shots[look.language]):
                take(demo, browser, site, look, cookies, of_one, failures)
        browser.close()
    print("\n".join(["", *(f"FAILED {line}" for line in failures.lines)]))
    print(f"{len(failures.lines)} failed. The pictures are in {PICTURES.relative_to(ROOT)}/")
    return 1 if failures.lines else 0


def looks(*, fast: bool) -> Iterator[Look]:
    languages, schemes = (LANGUAGES[:1], SCHEMES[:1]) if fast else (LANGUAGES, SCHEMES)
    for language, width, scheme in itertools.product(languages, WIDTHS, schemes):
        yield Look(language, width, scheme)


def planned(language: str, pattern: str, failures: Failures) -> Iterator[Shot]:
    from django.utils import translation  # noqa: PLC0415  only once Django is set up

    from tests.pages import PAGES, browser_of  # noqa: PLC0415

    browsers = functools.cache(browser_of)
    with translation.override(language):
        for page in (page for page in PAGES if fnmatch.fnmatch(page.name, pattern)):
            try:
                cookies = {name: one.value for name, one in browsers(page.who).cookies.items()}
                yield Shot(page.name, page.address(), page.status, page.press, page.who, cookies)
            except Exception as error:  # one page that the demo lacks must not cost the others
                failures.lines.append(f"{language} {page.name}: {type(error).__name__}: {error}")


def by_browser(shots: list[Shot]) -> list[tuple[dict[str, str], list[Shot]]]:
    """What one person sees is photographed in one browser: half the time goes into opening one."""
    key = attrgetter("person")
    groups = itertools.groupby(sorted(shots, key=key), key)
    return [(group[0].cookies, group) for group in (list(group) for _person, group in groups)]


def take(
    demo: Processes,
    browser: Browser,
    site: str,
    look: Look,
    cookies: dict[str, str],
    shots: list[Shot],
    failures: Failures,
) -> None:
    look.folder.mkdir(parents=True, exist_ok=True)
    context = context_for(browser, site, look, cookies)
    page = context.new_page()
    for shot in shots:
        if demo.asked_to_stop:
            raise StopRequest
        watch = Watch()
        watch.over(context)
        file = look.folder / f"{shot.name}.png"
        try:
            photograph(page, site, shot, file)
        except (BrowserError, WrongStatus) as error:
            failures.note(look, shot, str(error).splitlines()[0])
        for problem in [*(f"asks {url}" for url in watch.outside), *watch.complaints]:
            failures.note(look, shot, problem)
        watch.rest(context)
        print(f" · {file.relative_to(ROOT)}", flush=True)
    context.close()


def context_for(browser: Browser, site: str, look: Look, cookies: dict[str, str]) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": look.width, "height": 844 if look.width < 600 else 900},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale={"sv": "sv-SE", "en": "en-GB"}[look.language],
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
    )
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
    )
    return context


class WrongStatus(Exception):
    """The page did not answer as it should."""


def photograph(page: BrowserPage, site: str, shot: Shot, file: Path) -> None:
    answer = page.goto(site + shot.address)
    if shot.press:
        page.locator(shot.press).last.click()
        page.locator(".error-summary").wait_for()
    page.screenshot(path=file, full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if answer is None or answer.status != shot.status:
        raise WrongStatus(f"{shot.address} answered {answer.status if answer else 'nothing'}")
    if wide > 0:
        raise WrongStatus(f"is {wide} px wider than the screen")


# --- The few in the README ----------------------------------------------------------------------


def take_for_readme(site: str) -> int:
    look = Look("en", README_WIDTH, "light")
    shots = {shot.name: shot for shot in planned(look.language, "*", Failures())}
    README_PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for name, page_name in README.items():
            context = context_for(browser, site, look, shots[page_name].cookies)
            page = context.new_page()
            page.set_viewport_size({"width": README_WIDTH, "height": README_HEIGHT})
            page.goto(site + shots[page_name].address)
            page.evaluate("document.querySelector('.demo-bar')?.remove()")
            keep_small(page.screenshot(), name)
        paper = context.request.get(site + shots["invoice-to-pay"].address + "pdf/").body()
        browser.close()
    keep_small(first_page(paper), "invoice")
    return 0


def first_page(pdf: bytes) -> bytes:
    command = ["pdftoppm", "-png", "-r", "90", "-singlefile", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def keep_small(picture: bytes, name: str) -> None:
    """In 128 colours: these pages have few, and the file is a third."""
    from PIL import Image  # noqa: PLC0415

    file = README_PICTURES / f"{name}.png"
    Image.open(BytesIO(picture)).convert("RGB").quantize(128).save(file, optimize=True)
    print(f" · {file.relative_to(ROOT)}  {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
