"""The machine is lost and made again from last night's backup, by the commands of
docs/operations.md; who was erased after the backup is erased again.
"""

import random
import re
import shutil
import subprocess
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.backups import DUMP
from tests import postgres
from tests.drills import figures
from tests.drills.visitors import Browser, filled
from tests.drills.whole_site import Site, whole_site
from tests.drills.work import PEOPLE
from tests.factories.members import PASSWORD

PICTURE = b"a picture"
DAMAGED = 10


def back_up_while_it_is_written_to(site: Site, kept: Path) -> Path:
    """Renewals and payments go on while the backup is made."""
    (site.place / "var" / "media" / "news").mkdir(parents=True)
    (site.place / "var" / "media" / "news" / "a.webp").write_bytes(PICTURE)
    writers = [site.work("renew"), site.work("pay"), site.work("write_letters")]
    folder = Path(site.manage("backup", str(kept)).strip())
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    return folder


def damaged(folder: Path, number: int) -> Path:
    """A copy in which one bit is another, anywhere."""
    copy = folder.with_name(f"damaged{number}")
    shutil.copytree(folder, copy)
    files = sorted(path for path in copy.iterdir() if path.stat().st_size)
    file = files[number % len(files)]
    data = bytearray(file.read_bytes())
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    file.write_bytes(data)
    return copy


def refused(site: Site, folder: Path) -> bool:
    """Before anything is touched."""
    done = site.managed("restore", str(folder))
    said = "damaged" in done.stderr or "no whole backup" in done.stderr
    return bool(done.returncode) and said and "Traceback" not in done.stderr


def tables(sql: str) -> dict[str, str]:
    """Each table's rows, in no order, as one hash."""
    told = re.findall(r"^COPY (\S+) .*?;\n(.*?)^\\\.$", sql, re.MULTILINE | re.DOTALL)
    return {
        name: sha256("\n".join(sorted(rows.splitlines())).encode()).hexdigest()
        for name, rows in told
    }


def tables_of_the_backup(folder: Path) -> dict[str, str]:
    program = f"{postgres.newest_binaries()}/pg_restore"
    command = [program, "--data-only", "--file=-", str(folder / DUMP)]
    return tables(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def restore(site: Site, folder: Path) -> float:
    """On an empty machine. Returns the seconds until it answers again."""
    begun = time.monotonic()
    site.install()
    site.manage("restore", str(folder))
    equal = tables(dumped(site)) == tables_of_the_backup(folder)
    assert equal, "the database is not what was backed up"
    site.set_up()
    assert everything_in(site).count("Leaver ") > PEOPLE, "the backup holds those who left since"
    site.manage("replay_erasures")
    assert "whole" in site.manage("check_ledger")
    site.run("redis", "web")
    return time.monotonic() - begun


def everything_in(site: Site) -> str:
    return dumped(site, "--inserts")


def dumped(site: Site, *how: str) -> str:
    program = f"{postgres.newest_binaries()}/pg_dump"
    command = [program, *how, site.environment["DATABASE_URL"]]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def be_as_before(site: Site, before: dict[str, Any]) -> None:
    told = site.examined()
    assert told["faults"] == []
    assert told["done"]["erased"] == PEOPLE
    assert told["done"]["paid"] <= before["done"]["paid"]
    assert (site.place / "var" / "media" / "news" / "a.webp").read_bytes() == PICTURE
    left = everything_in(site)
    assert ("Leaver " in left, "leaver" in left) == (False, False)


def lost(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    return {name: count - after["done"][name] for name, count in before["done"].items()}


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
        assert tables(dumped(site)) != tables_of_the_backup(folder), (
            "a comparison that sees nothing"
        )
        found = [refused(site, damaged(folder, number)) for number in range(DAMAGED)]
        site.lose()
        seconds = restore(site, folder)
        figures.note(
            "a lost machine",
            f"restored, erased again and answering after {seconds:.0f} s",
            f"{found.count(True)} of {DAMAGED} damaged backups refused; every table equal by hash",
            f"lost of {PEOPLE} each, since the backup: {lost(before, site.examined())}",
        )
        assert found == [True] * DAMAGED
        assert seconds < 300
        be_as_before(site, before)
        be_of_use(site, before["paper"])
