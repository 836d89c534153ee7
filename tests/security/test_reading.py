"""To read changes nothing: no GET and no HEAD of any page writes, whoever asks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.security.addresses import described, office
from tests.security.association import MEMBER, SUPERUSER, VISITOR, Association

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# Who is logged in where, who of the staff has looked at whom, and that a payer has opened the
# link to an invoice.
NOTED = {
    "django_session",
    "usersessions_usersession",
    "privacy_accesslog",
    "django_content_type",
    "billing_invoiceopening",
}
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.I)


@contextmanager
def writes() -> Iterator[set[str]]:
    """The tables that were written to meanwhile."""
    written: set[str] = set()

    def note(execute: Any, sql: Any, *arguments: Any) -> Any:
        if found := WRITE.match(str(sql)):
            written.add(found[1])
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        yield written
    written -= NOTED


def fingerprint() -> dict[str, int]:
    """Every table's rows, so that nothing hides in what the words above do not name."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in sorted(tables - NOTED)}


def _rows(cursor: Any, table: str) -> int:
    cursor.execute(f'SELECT * FROM "{table}"')
    return hash(tuple(sorted(map(repr, cursor.fetchall()))))


@pytest.mark.parametrize("role", [VISITOR, MEMBER, SUPERUSER])
def test_no_page_writes_when_it_is_read(site: Association, role: str):
    client = site.client(role)
    pages = [(one.name, one.path(site)) for one in described()]
    if role == SUPERUSER:
        pages += [(page.name, page.path) for page in office(site)]
    before, wrote = fingerprint(), {}
    for name, path in pages:
        with writes() as written:
            client.get(path)
            client.head(path)
        if written:
            wrote[name] = written
    assert wrote == {}
    assert fingerprint() == before


def test_a_page_that_writes_is_found(site: Association):
    before = fingerprint()
    with writes() as written:
        site.member.title = "Jurist"
        site.member.save()
    assert "members_user" in written
    assert fingerprint() != before
