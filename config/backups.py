"""Everything that must not be lost, into one folder, and back into an empty site.

A folder is whole or has another name: it is written as `….unfinished` and renamed last. Its file
SHA256SUMS says what it holds.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]
from django.utils import timezone

from config.health import BACKUP
from config.models import JobRun

# Promised in the privacy notice.
KEPT = timedelta(days=35)
SUMS, MEDIA, DUMP, FILE = "SHA256SUMS", "media.tar.gz", "database.dump", "database.sqlite3"
STAMP = "%Y-%m-%dT%H%M%S"


class BackupError(Exception):
    """What is wrong, for the person at the terminal."""


def make(directory: Path, *, now: datetime | None = None) -> Path:
    """Write a backup below `directory`, note it, and forget those that are too old."""
    now = now or timezone.now()
    whole = directory / timezone.localtime(now).strftime(STAMP)
    unfinished = whole.with_suffix(".unfinished")
    unfinished.mkdir(parents=True, mode=0o700)
    _write_database(unfinished)
    _write_media(unfinished)
    _write_sums(unfinished)
    unfinished.rename(whole)
    forget_old(directory, now=now)
    JobRun.objects.update_or_create(
        name=BACKUP,
        day=timezone.localdate(now),
        defaults={"started_at": now, "finished_at": timezone.now(), "count": 1, "failed": ""},
    )
    return whole


def restore(folder: Path) -> None:
    """Fill an empty database and the pictures' folder. Raises BackupError before touching either
    if the backup is damaged or there is something to be lost.
    """
    check(folder)
    if connection.introspection.table_names():
        raise BackupError("The database is not empty. Restore into a new one.")
    _read_database(folder)
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / MEDIA) as archive:
        # Files and folders within, nothing else; `filter=` does not exist in Debian 12's Python.
        archive.extractall(settings.MEDIA_ROOT, members=filter(_is_harmless, archive))  # noqa: S202


def _is_harmless(member: tarfile.TarInfo) -> bool:
    path = Path(member.name)
    is_within = not path.is_absolute() and ".." not in path.parts
    return is_within and (member.isfile() or member.isdir())


def check(folder: Path) -> None:
    """Raises BackupError unless every file is as it was written."""
    try:
        expected = dict(_read_sums(folder))
    except (OSError, ValueError):
        raise BackupError(f"{folder} is no whole backup: it has no {SUMS}.") from None
    for name, known in expected.items():
        path = folder / name
        if not path.is_file() or _sum(path) != known:
            raise BackupError(f"{path} is damaged. Take an earlier backup.")


def forget_old(directory: Path, *, now: datetime) -> list[Path]:
    """Remove what is older than promised, and what an interrupted backup has left."""
    oldest = timezone.localtime(now - KEPT).strftime(STAMP)
    today = timezone.localtime(now).strftime("%Y-%m-%d")
    old = [
        folder
        for folder in directory.glob("20*")
        if folder.name < oldest or (folder.suffix == ".unfinished" and folder.name < today)
    ]
    for folder in old:
        shutil.rmtree(folder)
    return old


# --- The database -------------------------------------------------------------------------------


def _write_database(folder: Path) -> None:
    if connection.vendor == "sqlite":
        _copy_sqlite(connection.settings_dict["NAME"], folder / FILE)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--file", str(folder / DUMP))


def _read_database(folder: Path) -> None:
    if connection.vendor == "sqlite":
        if not (folder / FILE).exists():
            raise BackupError("This is the backup of a PostgreSQL database.")
        connection.close()
        _copy_sqlite(folder / FILE, connection.settings_dict["NAME"])
    else:
        if not (folder / DUMP).exists():
            raise BackupError("This is the backup of an SQLite database.")
        connection.close()
        name = str(connection.settings_dict["NAME"])
        _run("pg_restore", "--exit-on-error", "--no-owner", "--dbname", name, str(folder / DUMP))
        # Otherwise the first minute's questions are planned as if the tables were almost empty.
        _run("vacuumdb", "--analyze-only", "--quiet", "--dbname", name)


def _copy_sqlite(source: Any, target: Any) -> None:
    """By SQLite itself: a copied file would lack what stands in the journal beside it."""
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            register(new)  # some constraints call Django's own
            (verdict,) = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{target}: {error}") from error
    if verdict != "ok":
        raise BackupError(f"The copy of the database is damaged: {verdict}")


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs, told by the environment where the database is."""
    # As Django itself would connect, whether the host stands in the address or in its options.
    place = connection.get_connection_params()
    named = {
        "PGHOST": "host",
        "PGPORT": "port",
        "PGUSER": "user",
        "PGPASSWORD": "password",
        "PGDATABASE": "dbname",
    }
    told = {name: str(place[key]) for name, key in named.items() if place.get(key)}
    command = [program, *arguments]
    done = subprocess.run(  # noqa: S603  our own words and the settings' database
        command, env={**os.environ, **told}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")


# --- Files --------------------------------------------------------------------------------------


def _write_media(folder: Path) -> None:
    with tarfile.open(folder / MEDIA, "w:gz") as archive:
        if settings.MEDIA_ROOT.exists():
            archive.add(settings.MEDIA_ROOT, arcname=".")


def _write_sums(folder: Path) -> None:
    lines = [f"{_sum(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / SUMS).write_text("".join(lines))


def _read_sums(folder: Path) -> Iterator[tuple[str, str]]:
    for line in (folder / SUMS).read_text().splitlines():
        known, name = line.split("  ", 1)
        yield name, known


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
