"""Triggers that make the database itself refuse to change what was issued.

The one exception is minimising after the bookkeeping period: it runs in a transaction that holds a
row of `billing_ledgerunlock`.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration must
end with `install` again. `check_ledger` looks that they are there.
"""

from typing import Any

TABLES = (
    "billing_invoice",
    "billing_invoiceline",
    "billing_invoicevat",
    "billing_payment",
    "billing_siebatch",
    "billing_sievoucher",
    "billing_stripepayout",
    "billing_stripemovement",
)

_PG_FUNCTION = """
CREATE OR REPLACE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM billing_ledgerunlock) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is issued and cannot change', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_PG_TRIGGER = """
CREATE OR REPLACE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION billing_refuse_change()
"""
_SQLITE_UPDATE = """
CREATE TRIGGER IF NOT EXISTS {table}_immutable_update BEFORE UPDATE ON {table}
WHEN NOT EXISTS (SELECT 1 FROM billing_ledgerunlock)
BEGIN SELECT RAISE(ABORT, '{table} is issued and cannot change'); END
"""
_SQLITE_DELETE = """
CREATE TRIGGER IF NOT EXISTS {table}_immutable_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is issued and cannot change'); END
"""


def statements(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [_PG_FUNCTION, *(_PG_TRIGGER.format(table=table) for table in TABLES)]
    return [sql.format(table=table) for table in TABLES for sql in (_SQLITE_UPDATE, _SQLITE_DELETE)]


def installed(connection: Any) -> set[str]:
    """The tables that are guarded in this database."""
    query = {
        "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s",
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, ["%_immutable%"])
        return {row[0] for row in cursor.fetchall()} & set(TABLES)


def install(_apps: Any, editor: Any) -> None:
    """Called by a migration. Safe to repeat."""
    for statement in statements(editor.connection.vendor):
        editor.execute(statement, params=None)
