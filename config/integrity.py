"""Is everything in the database as it must be? Each room tells its own part.

Most of it constraints and triggers see to already; this finds what got past them: a restore, a
hand in the database, a bug. `manage.py check_ledger` and every night.
"""

from collections.abc import Callable, Iterable, Iterator

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


def findings() -> Iterator[str]:
    """One line for each thing that is wrong; nothing when all is well."""
    for room in ROOMS:
        yield from room()
