"""A million invoices, made by the database itself, to be measured when read."""

from django.db import connection

from billing import ocr
from billing.models import Invoice, InvoiceLine, InvoiceVat, Series
from tests.factories import billing


def fill_with_invoices(count: int, *, unpaid: int = 20) -> None:
    """Of people with names of their own, over three years; all but each `unpaid`th are paid."""
    one = billing.issue_invoice(mail=False)
    start = one.sequence
    copy(
        Invoice,
        one.pk,
        f"generate_series(1, {count}) AS n",
        number=f"'F' || ({start} + n)",
        sequence=f"{start} + n",
        ocr="(2000000000 + n)::text",
        link_token="'copy' || n",
        source="'copy:' || n",
        customer_name="'Medlem ' || n",
        customer_email="'member' || n || '@example.org'",
        issued_on="DATE '2024-01-01' + (n % 1000)::int",
        due_on="DATE '2024-01-31' + (n % 1000)::int",
    )
    copies = "(SELECT * FROM billing_invoice WHERE source LIKE 'copy:%') AS copy"
    copy(InvoiceLine, one.lines.get().pk, copies, invoice_id="copy.id")
    copy(InvoiceVat, one.vat_rows.get().pk, copies, invoice_id="copy.id")
    run(
        "INSERT INTO billing_payment (invoice_id, amount, paid_on, method, external_id, note, "
        "registered_at) SELECT id, total, due_on, 'bank', 'copy:' || id, '', now() "
        f"FROM {copies} WHERE id % {unpaid} > 0"
    )
    Series.objects.filter(code="invoice").update(next=start + count + 1)
    run("VACUUM ANALYZE")  # as the database does by itself soon after


def give_references() -> list[tuple[str, int]]:
    """Each copy the OCR number that its sequence would have given it; with the total in öre."""
    rows = Invoice.objects.filter(source__startswith="copy:").order_by("pk")
    invoices = list(rows.values_list("pk", "sequence", "total"))
    references = {pk: ocr.reference(sequence) for pk, sequence, _total in invoices}
    run("ALTER TABLE billing_invoice DISABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_invoice SET ocr = given.ocr FROM "
            "(SELECT unnest(%s::bigint[]) AS id, unnest(%s::text[]) AS ocr) AS given "
            "WHERE billing_invoice.id = given.id",
            [list(references), list(references.values())],
        )
    run("ALTER TABLE billing_invoice ENABLE TRIGGER USER")
    run("VACUUM ANALYZE")
    return [(references[pk], int(total * 100)) for pk, _sequence, total in invoices]


def copy(model: type, pk: int, beside: str, **different: str) -> None:
    """Copies of a row, one for each row `beside`; `different` are columns as SQL."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    chosen = ", ".join(different.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    run(
        f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} AS one, {beside} "
        f"WHERE one.id = {pk}"
    )


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, None)
