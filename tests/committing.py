"""For tests that commit: afterwards every table is emptied, also those that refuse to be.

On SQLite that emptying is a DELETE, which the triggers of issued rows stop; PostgreSQL truncates
and is not stopped by them.
"""

from collections.abc import Iterable, Iterator

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _ledger_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    if "postgresql" in settings.DATABASES["default"]["ENGINE"] or not commits(request):
        yield
        return
    from billing import immutability  # noqa: PLC0415  plugins are loaded before the settings
    from members import consent_chain  # noqa: PLC0415

    request.getfixturevalue("transactional_db")
    run([*immutability.statements("sqlite"), *consent_chain.statements("sqlite")])
    yield
    run(f"DROP TRIGGER {table}_immutable_delete" for table in immutability.TABLES)
    run(f"DROP TRIGGER {table}_append_only_delete" for table in consent_chain.TABLES)


def commits(request: pytest.FixtureRequest) -> bool:
    """Whether the test is not wrapped in a transaction that is rolled back."""
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(request.fixturenames)
    return bool(asked) or bool(marker and marker.kwargs.get("transaction"))


def run(statements: Iterable[str]) -> None:
    from django.db import connection  # noqa: PLC0415  as above

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
