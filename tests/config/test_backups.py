"""Backup, loss, restore: every row and every picture is back, on both databases."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from config import backups, health
from config.models import JobRun
from tests.factories import members
from tests.processes import database_url, migrated_sqlite

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


@pytest.fixture
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "news").mkdir(parents=True)
    (settings.MEDIA_ROOT / "news" / "a.webp").write_bytes(b"picture")
    return settings.MEDIA_ROOT


@pytest.fixture
def database(monkeypatch):
    """Stands for the real one, which the test below takes."""
    monkeypatch.setattr(
        backups, "_write_database", lambda folder: (folder / backups.FILE).write_bytes(b"rows")
    )


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.django_db
@pytest.mark.usefixtures("media", "database")
def test_a_backup_is_whole_and_noted(tmp_path):
    folder = backups.make(tmp_path / "kept", now=NOW)
    assert folder.name == "2026-03-02T031500"
    assert {path.name for path in folder.iterdir()} == {backups.SUMS, backups.MEDIA, backups.FILE}
    backups.check(folder)
    assert JobRun.objects.get(name=health.BACKUP).went_well


@pytest.mark.django_db
@pytest.mark.usefixtures("media", "database")
@pytest.mark.parametrize("name", [backups.FILE, backups.MEDIA, backups.SUMS])
@pytest.mark.parametrize("harm", [lambda path: path.unlink(), flip])
def test_a_damaged_backup_is_refused(tmp_path, name, harm):
    folder = backups.make(tmp_path / "kept", now=NOW)
    harm(folder / name)
    with pytest.raises(backups.BackupError):
        backups.check(folder)


@pytest.mark.django_db
@pytest.mark.usefixtures("media", "database")
def test_what_is_older_than_promised_goes(tmp_path):
    kept = tmp_path / "kept"
    old = backups.make(kept, now=NOW - timedelta(days=36))
    young = backups.make(kept, now=NOW - timedelta(days=34))
    (kept / "2026-02-27T031500.unfinished").mkdir()
    (kept / "other").mkdir()
    last = backups.make(kept, now=NOW)
    assert not old.exists()
    assert set(kept.iterdir()) == {young, last, kept / "other"}


@pytest.mark.django_db
@pytest.mark.usefixtures("media", "database")
def test_a_backup_that_fails_leaves_no_folder_that_looks_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "_write_media", lambda folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backups.make(tmp_path / "kept", now=NOW)
    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".unfinished"]
    assert not JobRun.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("media", "database")
def test_nothing_is_restored_over_what_is_there(tmp_path):
    folder = backups.make(tmp_path / "kept", now=NOW)
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", folder)


# --- For real -----------------------------------------------------------------------------------


def manage(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        env={**os.environ, "SITE_MODE": "test", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def contents():
    """Every row of every table of ours, but the note of the backup itself."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        return {table: rows(cursor, table) for table in sorted(tables - {"config_jobrun"})}


def rows(cursor, table):
    cursor.execute(f'SELECT row::text FROM "{table}" AS row')
    return sorted(text for (text,) in cursor.fetchall())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_postgresql_site_comes_back_whole(tmp_path, media):
    members.first_rows()
    for _ in range(3):
        members.membership()
    before = contents()
    folder = backups.make(tmp_path / "kept")
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE restored_site TEMPLATE template0")
    try:
        url = urlsplit(database_url())._replace(path="/restored_site").geturl()
        place = {"DATABASE_URL": url, "VAR_DIR": str(tmp_path / "var")}
        manage("restore", folder, **place)
        assert "whole" in manage("check_ledger", **place)
        assert (tmp_path / "var/tests/media/news/a.webp").read_bytes() == b"picture"
        assert contents_of("restored_site", before) == before
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE restored_site WITH (FORCE)")


def contents_of(name, tables):
    import psycopg  # noqa: PLC0415

    place = connection.get_connection_params()
    told = {key: place[key] for key in ("host", "port", "user", "password") if place.get(key)}
    with psycopg.connect(**told, dbname=name) as other, other.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        return {table: rows(cursor, table) for table in tables}


@pytest.mark.slow
def test_an_sqlite_site_comes_back_whole(tmp_path):
    old = {
        "DATABASE_URL": migrated_sqlite(tmp_path / "old.sqlite3"),
        "VAR_DIR": str(tmp_path / "old"),
    }
    new = {"DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3", "VAR_DIR": str(tmp_path / "new")}
    folder = manage("backup", tmp_path / "kept", **old).strip()
    manage("restore", folder, **new)
    assert "whole" in manage("check_ledger", **new)
    assert manage("dumpdata", "auth", "billing", **new) == manage(
        "dumpdata", "auth", "billing", **old
    )
