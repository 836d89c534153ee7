"""Many new rows at once, the cheapest way the database has.

PostgreSQL takes them by COPY, for half of what an INSERT costs on our side; other databases get
Django's `bulk_create`. The rows are the same, and know their keys afterwards.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def insert_all(rows: Iterable[Row]) -> list[Row]:
    """All are new and of one model. One that breaks a constraint is refused with all the others."""
    wanted = list(rows)
    # Not the proxy that `django.db.connection` is: it would be asked again for every value.
    connection = connections[DEFAULT_DB_ALIAS]
    if len(wanted) < 2 or connection.vendor != "postgresql":
        return type(wanted[0])._base_manager.bulk_create(wanted) if wanted else []
    _take_keys(wanted, connection)
    _copy(wanted, connection)
    for row in wanted:
        row._state.adding, row._state.db = False, connection.alias
    return wanted


def _take_keys(rows: Sequence[Model], connection: BaseDatabaseWrapper) -> None:
    table, key = rows[0]._meta.db_table, rows[0]._meta.pk
    assert key is not None  # noqa: S101  every model has one
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(table), key.column, len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def _copy(rows: Sequence[Model], connection: BaseDatabaseWrapper) -> None:
    quoted = connection.ops.quote_name
    fields = rows[0]._meta.concrete_fields
    names = ", ".join(quoted(str(field.column)) for field in fields)
    statement = f"COPY {quoted(rows[0]._meta.db_table)} ({names}) FROM STDIN"
    errors = connection.wrap_database_errors
    with errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = (field.pre_save(row, add=True) for field in fields)
            pairs = zip(fields, values, strict=True)
            copy.write_row([field.get_db_prep_save(value, connection) for field, value in pairs])
