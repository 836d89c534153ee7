"""An old backup is restored and the erasures replayed: the same is left as without it."""

import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from config import backups
from privacy.operations import erase_account
from tests.config.test_backups import contents, contents_of, manage
from tests.factories import members
from tests.privacy.canaries import bird
from tests.privacy.test_canary import STAYS
from tests.processes import database_url

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


def found(letter: str, tables: dict[str, list[str]]) -> set[str]:
    return set(re.findall(rf"cnry{letter}\d{{4}}x", repr(tables)))


def test_who_was_erased_after_the_backup_is_erased_again_and_nobody_else(tmp_path, settings):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    members.first_rows()
    anna, bo = bird("A"), bird("B")
    folder = backups.make(tmp_path / "kept")
    whole = contents()
    erase_account(pk=anna.user.pk, by=None, now=timezone.now())
    erased = contents()

    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE restored_birds TEMPLATE template0")
    try:
        place = {
            "DATABASE_URL": urlsplit(database_url())._replace(path="/restored_birds").geturl(),
            "VAR_DIR": str(tmp_path / "var"),
            "ERASURE_LEDGER": settings.ERASURE_LEDGER,
        }
        manage("restore", folder, **place)
        assert found("A", contents_of("restored_birds", whole)) == found("A", whole)
        manage("replay_erasures", **place)
        left = contents_of("restored_birds", whole)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE restored_birds WITH (FORCE)")

    assert found("A", left) == found("A", erased)
    assert {anna.cells[token][0] for token in found("A", left)} == set(STAYS)
    assert found("B", left) == found("B", whole)
    assert anna.user.email not in repr({**left, "billing_invoice": ""})
    assert bo.user.email in repr(left["members_user"])
