"""The machine is lost and made again from last night's backup, by the commands of
docs/operations.md; who was erased after the backup is erased again.
"""

import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests import postgres
from tests.drills import figures
from tests.drills.visitors import Browser, filled
from tests.drills.whole_site import Site, whole_site
from tests.drills.work import PEOPLE
from tests.factories.members import PASSWORD

PICTURE = b"a picture"


def back_up_while_it_is_written_to(site: Site, kept: Path) -> Path:
    """Renewals and payments go on while the backup is made."""
    (site.place / "var" / "media" / "news").mkdir(parents=True)
    (site.place / "var" / "media" / "news" / "a.webp").write_bytes(PICTURE)
    writers = [site.work("renew"), site.work("pay"), site.work("write_letters")]
    folder = Path(site.manage("backup", str(kept)).strip())
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    return folder


def restore(site: Site, folder: Path) -> float:
    """On an empty machine. Returns the seconds until it answers again."""
    begun = time.monotonic()
    site.install()
    site.manage("restore", str(folder))
    site.set_up()
    assert everything_in(site).count("Leaver ") > PEOPLE, "the backup holds those who left since"
    site.manage("replay_erasures")
    assert "whole" in site.manage("check_ledger")
    site.run("redis", "web")
    return time.monotonic() - begun


def everything_in(site: Site) -> str:
    command = [
        f"{postgres.newest_binaries()}/pg_dump",
        "--inserts",
        site.environment["DATABASE_URL"],
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def be_as_before(site: Site, before: dict[str, Any]) -> None:
    told = site.examined()
    assert told["faults"] == []
    assert told["done"]["erased"] == PEOPLE
    assert told["done"]["paid"] <= before["done"]["paid"]
    assert (site.place / "var" / "media" / "news" / "a.webp").read_bytes() == PICTURE
    left = everything_in(site)
    assert ("Leaver " in left, "leaver" in left) == (False, False)


def be_of_use(site: Site, paper: str) -> None:
    """Somebody logs in, and somebody's finance desk fetches an invoice."""
    browser = Browser(site, 1, Counter())
    page = browser.get("/konto/login/")
    answers = {"login": "stays@example.org", "password": PASSWORD}
    browser.post("/konto/login/", {**filled(page, "password"), **answers})
    assert "Anna" in browser.get("/mina-sidor/")
    assert browser.get(paper).startswith("%PDF")


def drill_a_lost_machine_comes_back_from_its_backup_without_those_who_were_erased():
    with whole_site() as site:
        site.prepare()
        kept = site.place / "kept"
        folder = back_up_while_it_is_written_to(site, kept)
        assert site.work("erase").wait() == 0
        before = site.examined()
        site.lose()
        seconds = restore(site, folder)
        figures.note(
            "a lost machine", f"restored, erased again and answering after {seconds:.0f} s"
        )
        assert seconds < 300
        be_as_before(site, before)
        be_of_use(site, before["paper"])
