"""A new version comes while people read: tables get a column, texts and files are made anew, and
the web is asked to load itself again, as docs/operations.md tells. Nobody is refused.
"""

import signal
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest

from config import reloading
from config.gunicorn import workers
from tests.drills import figures
from tests.drills.visitors import Browser, NotNow
from tests.drills.whole_site import PATIENCE, Site, whole_site

PAGES = ("/", "/nyheter/", "/evenemang/", "/evenemang/drill/", "/bli-medlem/", "/healthz")
READERS = 5  # of two pages a second each
# What a version that adds something does to tables that are read all the time.
NEW_TABLES = (
    "SET lock_timeout = '2s'",
    "ALTER TABLE events_event ADD COLUMN drill_colour text",
    "ALTER TABLE news_article ADD COLUMN drill_size integer NOT NULL DEFAULT 0",
    "CREATE INDEX CONCURRENTLY drill_index ON billing_invoice (issued_on, net)",
)


class Readers:
    def __init__(self, site: Site) -> None:
        self.site, self.seen, self.seconds = site, Counter[str](), list[float]()
        self.is_over = threading.Event()
        self.threads = [
            threading.Thread(target=self._read, args=[index]) for index in range(READERS)
        ]

    def _read(self, index: int) -> None:
        browser, number = Browser(self.site, index, self.seen), index
        while not self.is_over.wait(0.5):
            begun = time.monotonic()
            with suppress(NotNow):  # it is counted
                browser.get(PAGES[number % len(PAGES)])
            self.seconds.append(time.monotonic() - begun)
            number += 1

    def __enter__(self) -> "Readers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_how: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()


class Loaded:
    """The fewest processes that had loaded the site at once, looked at all the time."""

    def __init__(self, site: Site) -> None:
        self.parent, self.fewest = site.running["web"].pid, workers
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self.is_over.wait(0.02):
            self.fewest = min(self.fewest, len(reloading.loaded(self.parent)))

    def __enter__(self) -> "Loaded":
        self.thread.start()
        return self

    def __exit__(self, *_how: object) -> None:
        self.is_over.set()
        self.thread.join()


def reload(site: Site) -> float:
    """`systemctl reload`. Returns the seconds until none of the earlier processes is left."""
    begun = time.monotonic()
    for command in (
        ["gunicorn", "--check-config", "--config", "config/gunicorn.py", "config.wsgi"],
        ["config.reloading", str(site.running["web"].pid)],
    ):
        assert site.spawn(sys.executable, "-m", *command, log="reload").wait() == 0
    return time.monotonic() - begun


def gunicorns_own_reload(site: Site) -> float:
    parent, begun = site.running["web"].pid, time.monotonic()
    earlier = reloading.children(parent)
    site.running["web"].send_signal(signal.SIGHUP)
    while earlier & reloading.children(parent) or len(reloading.loaded(parent)) < workers:
        assert time.monotonic() < begun + PATIENCE, "it did not load itself again"
        time.sleep(0.2)
    return time.monotonic() - begun


def change_tables(site: Site) -> None:
    with psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as line:
        for statement in NEW_TABLES:
            line.execute(statement)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with whole_site() as site:
        site.prepare(0, 3)
        site.run("redis", "web", "worker")
        yield site


def read_while(site: Site, work: Callable[[], list[float]], name: str) -> tuple[Readers, Loaded]:
    with Readers(site) as readers, Loaded(site) as loaded:
        time.sleep(3)
        seconds = work()
        time.sleep(3)
    waited = sorted(readers.seconds)
    figures.note(
        name,
        f"answers {dict(readers.seen)}, median {1000 * statistics.median(waited):.0f} ms, "
        f"p95 {1000 * waited[len(waited) * 95 // 100]:.0f} ms, slowest {waited[-1]:.1f} s; "
        f"reloaded in {', '.join(f'{each:.1f} s' for each in seconds)}, "
        f"{loaded.fewest} processes at least could answer",
    )
    return readers, loaded


def drill_an_upgrade_while_people_read_refuses_nobody_and_nobody_waits_for_it(site: Site):
    def upgrade() -> list[float]:
        change_tables(site)
        site.set_up()
        return [reload(site) for _ in range(2)]

    readers, loaded = read_while(site, upgrade, "upgrade under load")

    assert set(readers.seen) <= {"200", "302"}
    assert readers.seen["200"] > 50
    assert loaded.fewest >= workers
    assert site.asked("faults") == []


def drill_control_with_gunicorns_own_reload_there_is_nobody_to_answer(site: Site):
    _readers, loaded = read_while(
        site, lambda: [gunicorns_own_reload(site)], "the same, by gunicorn's own reload"
    )
    assert loaded.fewest == 0


def drill_a_version_that_does_not_load_never_reaches_the_web(site: Site):
    before = reloading.children(site.running["web"].pid)
    site.environment["SECRET_KEY"], right = "", site.environment["SECRET_KEY"]
    with pytest.raises(AssertionError):
        reload(site)
    site.environment["SECRET_KEY"] = right
    assert reloading.children(site.running["web"].pid) == before
    assert site.told("/healthz") == (200, "ok")
