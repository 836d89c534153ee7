"""Two people with a token of their own in every column that can hold one."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.account.models import EmailConfirmation
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.core.cache import cache
from django.db import connection
from django.db.models import CharField, EmailField, JSONField, TextField

from billing.models import BulkAct, BulkRow, Invoice, LedgerUnlock, StripeCheckout
from billing.operations import note_opening, send_reminders
from events.models import CalendarFeed, Needs
from members.fingerprints import fingerprint as free_year_print
from members.models import DistinctPeople, FeeExemption, FreeYear, User
from news.models import Subscriber
from privacy.collection import rows_of, subject_of, tables
from privacy.export import archive
from privacy.models import Copy
from tests.factories import billing, events, mail, members
from tests.factories import privacy as privacy_factory
from tests.privacy.people import browser_of, look_at

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 2)

# The one table that nothing is known of as long as the person is not erased.
NOT_FILLED = {"privacy.Erasure"}
# Columns that only hold what leads to another row, or that stay empty beside an account.
OWN_RULES = {
    ("usersessions.UserSession", "session_key"),
    ("privacy.Copy", "email"),
    ("privacy.Protection", "email"),
    ("members.FreeYear", "fingerprint"),
}


@dataclass
class Bird:
    """A person, and by token the table, column and declaration of the cell it stands in."""

    letter: str
    user: User
    cells: dict[str, tuple[str, str, Any]] = field(default_factory=dict)

    @property
    def subject(self):
        return subject_of(self.user.pk)

    def token(self, table: str, column: str, held: Any) -> str:
        made = f"cnry{self.letter}{len(self.cells):04d}x"
        self.cells[made] = (table, column, held)
        return made

    def found_in(self, text: str) -> set[str]:
        return set(re.findall(rf"cnry{self.letter}\d{{4}}x", text))


def bird(letter: str) -> Bird:
    """Rows by the factories, then tokens into every column of text that they have."""
    user = members.person(email=f"cnry{letter}mail@example.org", name=f"Bird {letter}")
    made = Bird(letter, user)
    _rows(made)
    _fill(made)
    user.refresh_from_db()
    return made


def _rows(made: Bird) -> None:
    user = made.user
    members.employer(user)
    members.in_review(user)
    year = members.membership(user, paid=False)
    row = billing.bank_transaction(closed_at=NOW, closed_note="x")
    billing.pay(year.invoice, amount="100", bank_transaction=row)
    send_reminders(today=DAY + dt.timedelta(days=90))
    note_opening(invoice=year.invoice)
    channel = made.token("members.Consent", "channel", None)
    members.consent(user, channel=channel)
    FeeExemption.objects.create(user=user, reason="x", starts_on=DAY)
    DistinctPeople.objects.create(one=user, other=members.person())
    Subscriber.objects.create(email=user.email, language="sv", consent="x", asked_at=NOW)
    event = events.event()
    seat = events.confirmed(event, user=user, name=user.name, email=user.email)
    seat.certificates.create(hours=2)
    Needs.objects.create(booking=seat, consented_at=NOW)
    events.confirmed(events.event(), name=user.name, email=user.email)
    mail.create_mail(key=f"test:{made.letter}", person=user, to=user.email)
    mail.create_mail(key=f"copy:{made.letter}", to="desk@example.org", cc=user.email)
    session = SessionStore()
    session["cart"] = made.token("sessions.Session", "session_data", None)
    session.create()
    browser_of(user, key=session.session_key)
    look_at(user)
    privacy_factory.request(user)
    privacy_factory.protection(user, kind="identity")
    ends = NOW + dt.timedelta(hours=72)
    Copy.objects.create(person=user, token_hash=made.letter, made_at=NOW, expires_at=ends)
    _rows_that_hold_no_words(made, year.invoice)
    about = ContentType.objects.get_for_model(year)
    LogEntry.objects.create(
        user=members.staff(), content_type=about, object_id=str(year.pk), action_flag=CHANGE
    )


def _rows_that_hold_no_words(made: Bird, invoice: Invoice) -> None:
    """Secrets, fingerprints and numbers: they must go, or stay by the list, like all others."""
    user = made.user
    EmailConfirmation.objects.create(
        email_address=user.emailaddress_set.get(), created=NOW, key=f"k{made.letter}"
    )
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    CalendarFeed.objects.create(user=user)
    FreeYear.objects.create(fingerprint=free_year_print(user.email), given_on=DAY)
    StripeCheckout.objects.create(invoice=invoice, attempt=1, amount=1, expires_at=NOW)
    act = BulkAct.objects.create(name="x", reason="x", on=DAY, asked_by=members.staff())
    BulkRow.objects.create(act=act, invoice=invoice)


def _fill(made: Bird) -> None:
    """Straight into the columns: what can be stored must be found, however it came there."""
    unlock = LedgerUnlock.objects.create(reason="test")
    for declared, model in tables():
        if declared.label in {"members.Consent", "privacy.Erasure", "sessions.Session"}:
            continue
        for row in rows_of(declared, model, made.subject):
            values = dict(_cells(made, declared, row))
            if values:
                _write(model, row.pk, values)
    unlock.delete()


def _cells(made: Bird, declared: Any, row: Any):
    columns = {field.name: field for field in row._meta.concrete_fields}
    for name, held in declared.personal():
        column = columns.get(name)
        if column is None or column.choices or (declared.label, name) in OWN_RULES:
            continue
        if isinstance(column, EmailField):
            yield column, getattr(row, name) or made.user.email
        elif isinstance(column, JSONField):
            yield column, [made.token(row._meta.label, name, held)]
        elif isinstance(column, CharField | TextField) and (column.max_length or 99) >= 10:
            yield column, made.token(row._meta.label, name, held)


def _write(model: Any, pk: Any, values: dict[Any, Any]) -> None:
    """Round the managers and models that refuse."""
    columns = ", ".join(f'"{column.column}" = %s' for column in values)
    stored = [column.get_db_prep_save(value, connection) for column, value in values.items()]
    key = model._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{key.column}" = %s',
            [*stored, key.get_db_prep_save(pk, connection)],
        )


# --- Where tokens are ----------------------------------------------------------------------------


def copy_of(one: Bird) -> str:
    """Everything in the copy that can be read as text."""
    with zipfile.ZipFile(io.BytesIO(archive(one.subject, now=NOW))) as folder:
        names = [name for name in folder.namelist() if not name.endswith(".pdf")]
        return "\n".join(folder.read(name).decode() for name in names)


def dump() -> dict[str, str]:
    """The database table by table, declared or not, what is on its way by mail, cache and files."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = repr(cursor.fetchall())
    found["outbox"] = repr([(m.to, m.subject, m.body) for m in getattr(outbox, "outbox", [])])
    found["cache"] = repr(getattr(cache, "_cache", {}))
    media = Path(settings.MEDIA_ROOT)
    found["files"] = repr([(f.name, f.read_bytes()) for f in media.rglob("*") if f.is_file()])
    return found


def session_texts() -> str:
    """Sessions are signed and packed; here they are readable."""
    return repr([session.get_decoded() for session in Session.objects.all()])


# --- What is wrong -------------------------------------------------------------------------------


def faults_of_copy(one: Bird, other: Bird) -> list[str]:
    text = copy_of(one)
    found = one.found_in(text)
    faults = [f"somebody else's: {token}" for token in sorted(other.found_in(text))]
    if other.user.email in text:
        faults.append("somebody else's address")
    for token, (table, column, held) in one.cells.items():
        withheld = table == "sessions.Session" or (held is not None and held.exported is not None)
        if token in found and withheld:
            faults.append(f"withheld, but there: {table}.{column}")
        if token not in found and not withheld:
            faults.append(f"missing: {table}.{column}")
    return faults


def faults_of_erasure(one: Bird, other: Bird, stays: dict[str, set[str]], before: str) -> list[str]:
    """`stays`: by table, the columns that may keep what they hold."""
    now = {**dump(), "sessions": session_texts()}
    faults = []
    for table, text in now.items():
        for token in sorted(one.found_in(text)):
            label, column, _held = one.cells[token]
            if column not in stays.get(label, set()):
                faults.append(f"left in {table}: {label}.{column}")
        if one.user.email in text and table not in ADDRESS_STAYS:
            faults.append(f"address left in {table}")
    seen = other.found_in("".join(now.values()))
    if seen != other.found_in(before) or other.user.email not in now["members_user"]:
        faults.append("somebody else was touched")
    return faults


ADDRESS_STAYS = {"billing_invoice"}
