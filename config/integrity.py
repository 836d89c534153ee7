"""Is everything in the database as it must be? Each room tells its own part.

Most of it constraints and triggers see to already; this finds what got past them: a restore, a
hand in the database, a bug. `manage.py check_ledger` and every night.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

import billing.ledger
import events.integrity
import mail.integrity
import members.consent_chain
import members.integrity
import news.integrity
import privacy.integrity

ROOMS: list[Callable[[], Iterable[str]]] = [
    billing.ledger.findings,
    members.integrity.findings,
    members.consent_chain.findings,
    events.integrity.findings,
    mail.integrity.findings,
    news.integrity.findings,
    privacy.integrity.findings,
]


def found() -> list[str]:
    """One line for each thing that is wrong; nothing when all is well."""
    with one_moment():
        return list(findings())


@contextmanager
def one_moment() -> Iterator[None]:
    """Every question is answered as of the same moment: an invoice that is issued between two of
    them would look like a gap in the numbers.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def findings() -> Iterator[str]:
    for room in ROOMS:
        yield from room()
