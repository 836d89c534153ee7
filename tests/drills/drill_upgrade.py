"""A new version comes while people read: tables get a column, texts and files are made anew, and
the web is asked to load itself again, as docs/operations.md tells. Nobody is refused.
"""

import signal
import statistics
import threading
import time
from collections import Counter
from contextlib import suppress

import psycopg

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


def answering(site: Site) -> set[str]:
    """The processes of the web that answer; their parent stays the same."""
    parent = site.running["web"].pid
    with open(f"/proc/{parent}/task/{parent}/children") as file:
        return set(file.read().split())


def reload(site: Site) -> float:
    """`systemctl reload`. Returns the seconds until none of the earlier processes is left."""
    earlier, begun = answering(site), time.monotonic()
    site.running["web"].send_signal(signal.SIGHUP)
    while earlier & answering(site) or not answering(site):
        assert time.monotonic() < begun + PATIENCE, "the earlier ones are still there"
        time.sleep(0.2)
    return time.monotonic() - begun


def change_tables(site: Site) -> None:
    with psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as line:
        for statement in NEW_TABLES:
            line.execute(statement)


def drill_an_upgrade_while_people_read_refuses_nobody():
    with whole_site() as site:
        site.prepare(0, 3)
        site.run("redis", "web", "worker")
        with Readers(site) as readers:
            time.sleep(3)
            change_tables(site)
            site.set_up()
            reloads = [reload(site) for _ in range(2)]
            time.sleep(3)
        worst = max(readers.seconds)
        figures.note(
            "upgrade under load",
            f"answers {dict(readers.seen)}, median "
            f"{1000 * statistics.median(readers.seconds):.0f} ms, slowest {worst:.1f} s, "
            f"reloaded in {', '.join(f'{seconds:.1f} s' for seconds in reloads)}",
        )

        assert set(readers.seen) <= {"200", "302"}
        assert readers.seen["200"] > 50
        assert site.asked("faults") == []
