"""Redis, the database or the disk is not there: the site says so in words, and which; it charges
nobody for what it could not write, and goes on by itself when it is back.
"""

import os
import shutil
import signal
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.drills import figures
from tests.drills.visitors import Browser, NotNow, filled
from tests.drills.whole_site import Site, whole_site

PAGES = ("/", "/nyheter/", "/evenemang/", "/evenemang/drill/", "/bli-medlem/", "/konto/login/")
TOLD_WITHIN = 10  # seconds
ROUNDS = 3
SORRY = "Vi arbetar med webbplatsen"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with whole_site() as site:
        site.prepare(0, 3)
        site.run("redis", "web", "worker", "beat")
        yield site


def gone(name: str) -> Callable[[Site], None]:
    return lambda site: site.end(name)


def back(name: str) -> Callable[[Site], None]:
    return lambda site: site.start(name)


def deaf(site: Site) -> None:
    """It takes connections, and answers nothing."""
    os.kill(site.running["redis"].pid, signal.SIGSTOP)


def hears(site: Site) -> None:
    os.kill(site.running["redis"].pid, signal.SIGCONT)


ACCIDENTS = {
    # First: nobody has found out yet that the cache is away.
    "redis does not answer": ("cache", deaf, hears),
    "redis is gone": ("cache", gone("redis"), back("redis")),
    "the database is gone": ("database", gone("database"), back("database")),
}


def look(visitor: Browser, path: str, waited: list[float]) -> tuple[int, str]:
    begun = time.monotonic()
    answer = visitor.look(path)
    waited.append(time.monotonic() - begun)
    return answer


@pytest.mark.parametrize("name", ACCIDENTS)
def drill_what_is_away_is_named_and_every_page_has_words(site: Site, name: str):
    part, accident, recovery = ACCIDENTS[name]
    accident(site)
    begun = time.monotonic()
    status, said = site.told("/readyz")
    seconds = time.monotonic() - begun
    visitor, waited = Browser(site, 1, Counter()), list[float]()
    answers = {path: look(visitor, path, waited) for path in PAGES * ROUNDS}
    recovery(site)
    again = site.wait_until_ready(time.time())
    statuses = {path: status for path, (status, _text) in answers.items()}
    counted = dict(Counter(statuses.values()))
    figures.note(
        name,
        f"named after {seconds:.1f} s; pages {counted}, median "
        f"{1000 * statistics.median(waited):.0f} ms, slowest {max(waited):.1f} s; "
        f"up again after {again:.1f} s",
    )

    assert (status, f'"{part}": "ok"' in said, part in said) == (503, False, True)
    assert seconds < TOLD_WITHIN
    # Somebody finds out that the cache is silent; the others do not wait for it.
    assert part != "cache" or statistics.median(waited) < 1
    assert set(statuses.values()) <= {200, 503}
    assert all(SORRY in text for status, text in answers.values() if status == 503)
    assert {path: visitor.look(path)[0] for path in PAGES} == dict.fromkeys(PAGES, 200)
    assert site.asked("faults") == []


# --- The disk -----------------------------------------------------------------------------------


class SmallDisk:
    """A disk of the database's own, which this machine may not let us have."""

    def __init__(self) -> None:
        self.folder = Path()

    def __call__(self, folder: Path) -> None:
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(folder)]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no small disk to be had: {done.stderr.strip()}")
        self.folder = folder
        shutil.chown(folder, "postgres")
        folder.chmod(0o700)


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    disk = SmallDisk()
    yield disk
    subprocess.run(["umount", "--lazy", str(disk.folder)], check=True)
    shutil.rmtree(disk.folder.parent)


def fill(folder: Path) -> Path:
    """To the last byte."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return ballast


def join(site: Site, number: int) -> int:
    """An application by the form. Returns the status of the answer."""
    browser = Browser(site, number, Counter())
    answers = {"name": "Åsa Öberg", "email": f"full{number}@drill.example", "payer": "private"}
    try:
        page = browser.get("/bli-medlem/?kind=ordinary")
        browser.post("/bli-medlem/?kind=ordinary", {**filled(page, "form_token"), **answers})
    except NotNow:
        return 503
    return 200


def drill_a_full_disk_below_the_database_loses_nothing_that_was_promised(disk: SmallDisk):
    with whole_site(disk) as site:
        site.prepare(0, 3)
        site.run("redis", "web")
        before = [join(site, number) for number in range(2)]
        ballast = fill(disk.folder)
        full, attempts = Counter[int](), 2
        while not full[503] and attempts < 200:
            full[join(site, attempts)] += 1
            attempts += 1
        ready = site.told("/readyz")[0]
        ballast.unlink()
        if site.running["database"].poll() is not None:  # it may give up; systemd starts it
            site.running.pop("database")
            site.start("database")
        site.wait_until_ready()
        kept = int(site.asked("applications"))
        after = [join(site, number) for number in range(attempts, attempts + 2)]
        figures.note(
            "disk full",
            f"{full[200]} applications went into the room that was left, then the page "
            f"said so; readyz {ready}; {kept} kept; then {after}",
        )

        assert (before, after) == ([200, 200], [200, 200])
        assert full[503]
        assert kept == 2 + full[200]
        assert site.asked("faults") == []
