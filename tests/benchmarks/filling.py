"""Big associations in seconds: PostgreSQL makes the rows itself, by the hundred thousand."""

from datetime import date
from typing import Any

from django.db import connection, models

from billing import ocr
from billing.models import Invoice, InvoiceLine, InvoiceVat, Series
from mail.models import Mail
from members.models import BillingDetails, Membership, User
from members.periods import Period
from tests.benchmarks.many_invoices import copy
from tests.factories import billing, members


def members_due(count: int, year: Period, *, kind: str = "ordinary") -> None:
    """So many whose paid year is `year`; every third has an employer that pays."""
    fill(
        User,
        f"generate_series(1, {count}) AS n",
        public_id="gen_random_uuid()",
        email="'member' || n || '@example.org'",
        name="'Medlem ' || n",
    )
    people = "members_user WHERE starts_with(email, 'member')"
    fill(
        BillingDetails,
        f"{people} AND mod(id, 3) = 0",
        user_id="id",
        payer="'employer'",
        name="'Företaget ' || id || ' AB'",
        organisation_number="'8029999995'",
        email="'ekonomi' || id || '@example.org'",
    )
    fill(
        Membership,
        people,
        user_id="id",
        kind_id=str(members.kind(kind).pk),
        is_carried_over="true",
        **years(year),
    )
    settle()


def renewed(count: int, year: Period, *, issued_on: date) -> None:
    """So many whose next year has been invoiced as the night does it, and nobody has paid."""
    members_due(count, year)
    one = billing.issue_invoice(mail=False, today=issued_on)
    billing.pay(one)
    numbers = range(one.sequence + 1, one.sequence + 1 + count)
    given = ", ".join(f"({number}, '{ocr.reference(number)}')" for number in numbers)
    people = (
        "(SELECT id, email, given.number, given.ocr FROM (SELECT id, email, row_number() OVER "
        f"(ORDER BY id) + {one.sequence} AS number FROM members_user WHERE starts_with(email, "
        f"'member')) AS person JOIN (VALUES {given}) AS given (number, ocr) USING (number)) AS new"
    )
    copy(
        Invoice,
        one.pk,
        people,
        number="'F' || new.number",
        sequence="new.number",
        ocr="new.ocr",
        link_token="'token' || new.number",
        source="'renewed:' || new.number",
        buyer_id="new.id",
        customer_email="new.email",
    )
    copies = "(SELECT * FROM billing_invoice WHERE starts_with(source, 'renewed:')) AS copy"
    copy(InvoiceLine, one.lines.get().pk, copies, invoice_id="copy.id")
    copy(InvoiceVat, one.vat_rows.get().pk, copies, invoice_id="copy.id")
    Series.objects.filter(code="invoice").update(next=numbers.stop)
    last = "(SELECT * FROM members_membership) AS earlier JOIN "
    fill(
        Membership,
        f"{last}{copies} ON copy.buyer_id = earlier.user_id",
        user_id="earlier.user_id",
        kind_id="earlier.kind_id",
        invoice_id="copy.id",
        starts_on="earlier.ends_on + 1",
        ends_on="(earlier.ends_on + interval '1 year')::date",
    )
    settle()


def letters(count: int, *, written_on: date) -> None:
    """Of some thousand characters each, and sent."""
    fill(
        Mail,
        f"generate_series(1, {count}) AS n",
        key=f"'newsletter:{written_on}:' || n",
        to="'reader' || n || '@example.org'",
        subject="'Nyhetsbrev'",
        text="repeat('Hej ', 500)",
        html="repeat('<p>Hej</p>', 300)",
        created_at=f"'{written_on}'",
        not_before=f"'{written_on}'",
        sent_at=f"'{written_on}'",
        state="'sent'",
    )


def years(year: Period) -> dict[str, str]:
    return {"starts_on": f"'{year.first}'", "ends_on": f"'{year.last}'"}


def fill(model: type[models.Model], source: str, **columns: str) -> None:
    """A row for each of the source. `columns` are SQL; all others get their default."""
    rest = [field for field in model._meta.concrete_fields if field.column not in columns]
    rest = [field for field in rest if not field.primary_key]
    names = [*columns, *(field.column for field in rest)]
    values = [*columns.values(), *("%s" for _ in rest)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(map(quoted, names))}) "
            f"SELECT {', '.join(values)} FROM {source}",
            [default(field) for field in rest],
        )


def default(field: Any) -> Any:
    """What a new row has there; times are now."""
    value = field.pre_save(field.model(), add=True)
    return field.get_db_prep_save(value, connection)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def settle() -> None:
    """As it would be long since: the planner knows how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
