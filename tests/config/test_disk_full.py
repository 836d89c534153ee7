"""The disk is full: what was asked for is not done, nothing is half done, and the page says so."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from mail.models import Mail
from members.models import Application
from tests.factories import members
from tests.members.pages import join_data, join_url
from tests.processes import migrated_sqlite

ENOUGH = 2**30  # pages
FORMS = 8  # within what one address may send without proof


@pytest.fixture
def _patience(settings):
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


def let_it_have(pages: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {pages}")


@pytest.fixture
def _full():
    """SQLite itself then says what a full disk makes it say."""
    let_it_have(0)  # means: not more than there are
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
    let_it_have(pages)
    yield
    let_it_have(ENOUGH)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's disk cannot be filled here")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_patience")
def test_an_application_is_kept_whole_or_not_at_all(request) -> None:
    members.first_rows()
    client = Client(raise_request_exception=False)
    forms = [join_data(client, email=f"a{number}@example.org") for number in range(FORMS)]
    request.getfixturevalue("_full")
    statuses = [client.post(join_url(), form).status_code for form in forms]
    # What is left free within the pages that there are takes the first ones.
    assert set(statuses) in ({503}, {302, 503})
    kept = statuses.count(302)
    assert (Application.objects.count(), Mail.objects.count()) == (kept, kept)


def manage(*words: str | Path, limit: int | None = None, var: Path) -> tuple[int, str]:
    """As a process that may write files of so many bytes only."""
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, words)],
        env={
            **os.environ,
            "SITE_MODE": "test",
            "DATABASE_URL": f"sqlite:///{var}/site.sqlite3",
            "VAR_DIR": str(var),
        },
        preexec_fn=lambda: limit and resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.strip()


@pytest.mark.slow
def test_a_backup_onto_a_full_disk_says_so_and_looks_like_none(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    migrated_sqlite(tmp_path / "site.sqlite3")

    code, said = manage("backup", kept, limit=100_000, var=tmp_path)

    assert (code, said.startswith("CommandError: No backup was made.")) == (1, True), said
    assert [folder.suffix for folder in kept.iterdir()] == [".unfinished"]
    assert manage("backup", kept, var=tmp_path)[0] == 0
    assert sorted(folder.suffix for folder in kept.iterdir()) == ["", ".unfinished"]
