"""Proof that nobody has changed what people said yes and no to.

Each row of `Consent` has a mark: the fingerprint of its content, chained to the mark before. The
database refuses to change a consent or a published text. When a proof has outlived its period the
row goes and the mark stays, so the chain still holds; a row that was changed or taken out by other
ways breaks it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from members.models import Consent, ConsentMark, ConsentText

TABLES = ("members_consent", "members_consenttext", "members_consentmark")

_UNCHANGED = "SELECT 1 FROM members_consentmark m WHERE m.consent_number = OLD.id"
_IS_CLEARED = f"EXISTS ({_UNCHANGED} AND m.cleared_at IS NOT NULL)"
_SAME_TEXT = " AND ".join(
    f"NEW.{column} = OLD.{column}"
    for column in ("purpose", "version", "language", "body", "sha256", "published_at")
)
_SAME_MARK = " AND ".join(
    f"NEW.{column} = OLD.{column}" for column in ("content", "before", "mark")
)
# What each table lets happen all the same.
_LETS: dict[str, dict[str, str]] = {
    "members_consent": {"UPDATE": "FALSE", "DELETE": _IS_CLEARED},
    "members_consenttext": {
        "UPDATE": f"OLD.published_at IS NULL OR ({_SAME_TEXT})",
        "DELETE": "OLD.published_at IS NULL",
    },
    "members_consentmark": {"UPDATE": _SAME_MARK, "DELETE": "FALSE"},
}


def statements(vendor: str) -> list[str]:
    """Triggers that refuse everything else. Safe to repeat."""
    make = _postgresql if vendor == "postgresql" else _sqlite
    return [sql for table, lets in _LETS.items() for sql in make(table, lets)]


def _postgresql(table: str, lets: dict[str, str]) -> list[str]:
    name = f"{table}_append_only"
    return [
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            IF COALESCE({lets["UPDATE"]}, FALSE) THEN RETURN NEW; END IF;
          ELSE
            IF COALESCE({lets["DELETE"]}, FALSE) THEN RETURN OLD; END IF;
          END IF;
          RAISE EXCEPTION '{table} is proof and cannot change'
            USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    ]


def _sqlite(table: str, lets: dict[str, str]) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_append_only_{verb.lower()} "
        f"BEFORE {verb} ON {table} WHEN NOT COALESCE({allowed}, FALSE) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is proof and cannot change'); END"
        for verb, allowed in lets.items()
    ]


def install(_apps: Any, editor: Any) -> None:
    """Called by a migration. Safe to repeat.

    SQLite drops a table's triggers when a later migration rebuilds the table: such a migration
    must end with this again. `check_ledger` looks that they are there.
    """
    for statement in statements(editor.connection.vendor):
        editor.execute(statement, params=None)


# --- The chain ----------------------------------------------------------------------------------


@transaction.atomic
def seal() -> int:
    """Append a mark for every consent that has none yet, in order. Returns how many."""
    first, _created = ConsentMark.objects.get_or_create(
        consent_number=None, defaults={"content": "", "before": "", "mark": _hash("", "")}
    )
    # Whoever seals holds the first mark, so that the chain never forks.
    ConsentMark.objects.select_for_update().get(pk=first.pk)
    sealed = ConsentMark.objects.exclude(consent_number=None).values("consent_number")
    waiting = Consent.objects.exclude(pk__in=sealed).select_related("text").order_by("pk")
    before = ConsentMark.objects.order_by("-pk").values_list("mark", flat=True)[0]
    marks = []
    for consent in waiting:
        content = content_of(consent)
        mark = _hash(before, content)
        marks.append(
            ConsentMark(consent_number=consent.pk, content=content, before=before, mark=mark)
        )
        before = mark
    return len(ConsentMark.objects.bulk_create(marks))


def content_of(consent: Consent) -> str:
    """The fingerprint of one yes or no: who (by number), which text, what, when and how."""
    said = [
        consent.pk,
        consent.user_id,
        consent.text.sha256,
        consent.action,
        consent.at.astimezone(dt.UTC).isoformat(),
        consent.channel,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _hash(before: str, content: str) -> str:
    return hashlib.sha256(f"{before}:{content}".encode()).hexdigest()


@transaction.atomic
def forget(consents: QuerySet[Consent]) -> int:
    """Proofs that have outlived their period go; their marks stay, with the day they went."""
    seal()
    numbers = list(consents.values_list("pk", flat=True))
    ConsentMark.objects.filter(consent_number__in=numbers).update(cleared_at=timezone.now())
    Consent.objects.filter(pk__in=numbers).delete()
    return len(numbers)


# --- Looking after it ---------------------------------------------------------------------------


def findings() -> Iterator[str]:
    """One line for each thing that is wrong; nothing when all is well."""
    yield from _triggers()
    yield from _texts()
    yield from _chain()


def _triggers() -> Iterator[str]:
    query = {
        "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s",
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, ["%_append_only%"])
        guarded = {row[0] for row in cursor.fetchall()}
    for table in sorted(set(TABLES) - guarded):
        yield f"table {table} is not guarded against change"


def _texts() -> Iterator[str]:
    for text in ConsentText.objects.all():
        if hashlib.sha256(text.body.encode()).hexdigest() != text.sha256:
            yield f"text {text}: the words do not fit their SHA-256"


def _chain() -> Iterator[str]:
    before = ""
    rows = {row.pk: row for row in Consent.objects.select_related("text")}
    for mark in ConsentMark.objects.order_by("pk"):
        if (mark.before, mark.mark) != (before, _hash(before, mark.content)):
            yield f"mark {mark.pk}: the chain is broken before it"
        before = mark.mark
        if mark.consent_number is not None:
            yield from _row(mark, rows.pop(mark.consent_number, None))
    sealed = ConsentMark.objects.aggregate(last=Max("consent_number"))["last"] or 0
    for number in rows:
        # What came after the last mark waits to be sealed with the next yes or no.
        if number < sealed:
            yield f"consent {number}: has no mark"


def _row(mark: ConsentMark, consent: Consent | None) -> Iterator[str]:
    if consent is None and mark.cleared_at is None:
        yield f"consent {mark.consent_number}: was taken out"
    elif consent is not None and content_of(consent) != mark.content:
        yield f"consent {mark.consent_number}: was changed"
