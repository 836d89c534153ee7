"""Two periods of one person never overlap: the database itself refuses it.

PostgreSQL has exclusion constraints. SQLite has one writer at a time, so a trigger that looks for
another period cannot be raced. A period that was ended on its eve counts no day and stands in
nobody's way.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration must end
with `install` again.
"""

from typing import Any

NAME = "membership_periods_never_overlap"

_POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"ALTER TABLE members_membership DROP CONSTRAINT IF EXISTS {NAME}",
    f"""
    ALTER TABLE members_membership ADD CONSTRAINT {NAME} EXCLUDE USING gist (
      user_id WITH =, daterange(starts_on, COALESCE(ended_on, ends_on) + 1, '[)') WITH &&
    )
    """,
]
_SQLITE = [
    f"""
    CREATE TRIGGER IF NOT EXISTS {NAME}_{verb} BEFORE {verb} ON members_membership
    WHEN EXISTS (
      SELECT 1 FROM members_membership AS other
      WHERE other.user_id = NEW.user_id AND other.id IS NOT NEW.id
        AND other.starts_on <= COALESCE(NEW.ended_on, NEW.ends_on)
        AND COALESCE(other.ended_on, other.ends_on) >= NEW.starts_on
        AND COALESCE(other.ended_on, other.ends_on) >= other.starts_on
        AND COALESCE(NEW.ended_on, NEW.ends_on) >= NEW.starts_on
    )
    BEGIN SELECT RAISE(ABORT, '{NAME}'); END
    """  # noqa: S608  both names are constants of this module
    for verb in ("INSERT", "UPDATE")
]


def install(_apps: Any, editor: Any) -> None:
    """Called by a migration. Safe to repeat."""
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement, params=None)
