from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from billing import immutability, ledger, ocr, operations
from billing.models import Invoice, InvoiceLine, Payment, Seller, Series
from billing.models.invoices import Immutable
from mail.models import Mail
from tests.factories.billing import (
    balance,
    customer,
    issue_invoice,
    line,
    pay,
    payout,
    product,
)

pytestmark = pytest.mark.django_db


def test_issue_invoice_writes_number_ocr_snapshot_and_lines():
    invoice = issue_invoice(today=date(2026, 3, 2))

    assert invoice.number == "F10001"
    assert ocr.is_valid(invoice.ocr)
    assert invoice.due_on == date(2026, 4, 1)
    assert (invoice.net, invoice.vat, invoice.rounding, invoice.total) == (
        Decimal("1645.00"),
        Decimal("0.00"),
        Decimal("0.00"),
        Decimal("1645.00"),
    )
    assert invoice.customer_name == "Kanslibyrån i Umeå AB"
    assert invoice.seller["bankgiro"] == "9912346"
    assert [(row.text, row.net, row.account) for row in invoice.lines.all()] == [
        ("Medlemsavgift", Decimal("1645.00"), "3001")
    ]


def test_issue_invoice_keeps_the_seller_as_it_was():
    invoice = issue_invoice()

    Seller.objects.update(name="Ett annat namn", bankgiro="50501055")

    invoice.refresh_from_db()
    assert invoice.seller["name"] == "Forum för Dataskydd"
    assert invoice.seller["bankgiro"] == "9912346"


def test_issue_invoice_with_vat_keeps_the_promised_price():
    invoice = issue_invoice(
        lines=[
            line(product=product("conference"), price="4995", text="Konferens"),
            line(price="1645"),
        ]
    )

    assert invoice.total == Decimal("6640.00")
    assert [(row.category, row.rate, row.net, row.vat) for row in invoice.vat_rows.all()] == [
        ("S", Decimal("25.00"), Decimal("3996.00"), Decimal("999.00")),
        ("E", Decimal("0.00"), Decimal("1645.00"), Decimal("0.00")),
    ]


@pytest.mark.both_databases
def test_sums_that_floats_would_miss_are_issued_on_sqlite_too():
    """0.53 + 2.93 + 0.73 is not 4.19 to a float."""
    lines = [line(price="0.53"), line(product=product("seminar"), price="3.66")]

    assert issue_invoice(lines=lines).total == Decimal("4.19")


def test_issue_invoice_twice_for_the_same_thing_is_one_invoice(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = issue_invoice(source="membership:1")
        second = issue_invoice(source="membership:1", price="200")

    assert first == second
    assert Invoice.objects.count() == 1
    assert Mail.objects.get().to == "ekonomi@kansli.example"
    assert Series.objects.get(code="invoice").next == 10002


def test_issue_invoice_rolled_back_leaves_no_gap():
    issue_invoice()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue_invoice()
        raise ZeroDivisionError
    third = issue_invoice()

    assert third.number == "F10002"


@pytest.mark.parametrize("lines", [[], "negative"])
def test_issue_invoice_refuses(lines):
    bad = [line(price="-1")] if lines else []

    with pytest.raises(operations.IssueRefused):
        operations.issue_invoice(source="x", customer=customer(), lines=bad)

    assert Invoice.objects.count() == 0


def test_mail_carries_the_pdf(mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        issue_invoice()

    (message,) = mailoutbox
    ((name, content, mimetype),) = message.attachments
    assert message.subject == "Faktura F10001 från Forum för Dataskydd"
    assert (name, mimetype) == ("faktura-f10001.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")


class TestIssuedRowsNeverChange:
    def test_model_refuses(self):
        invoice = issue_invoice()

        with pytest.raises(Immutable):
            invoice.save()
        with pytest.raises(Immutable):
            invoice.delete()
        with pytest.raises(Immutable):
            Invoice.objects.update(total=1)
        with pytest.raises(Immutable):
            Invoice.objects.all().delete()
        with pytest.raises(Immutable):
            invoice.lines.get().save()

    @pytest.mark.both_databases
    @pytest.mark.parametrize("table", immutability.TABLES)
    @pytest.mark.parametrize(
        "statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"], ids=["update", "delete"]
    )
    def test_database_refuses(self, table, statement):
        pay(issue_invoice())
        operations.export_sie(since=date(2026, 3, 1), until=date(2026, 3, 31))
        payout(movements=[("charge", "pi_1", "100", "0")])

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=table))

    @pytest.mark.both_databases
    def test_triggers_stand_on_every_table(self):
        assert immutability.installed(connection) == set(immutability.TABLES)


class TestCredit:
    def test_credit_invoice_takes_back_the_whole(self):
        invoice = issue_invoice()

        note = operations.credit_invoice(
            invoice=invoice, reason="Fel mottagare", by=None, today=date(2026, 3, 9)
        )

        assert note.number == "K10001"
        assert note.credits == invoice
        assert note.total == Decimal("-1645.00")
        assert Invoice.objects.with_balance().get(pk=invoice.pk).balance == 0

    def test_credit_invoice_twice_is_one_credit_note(self):
        invoice = issue_invoice()

        first = operations.credit_invoice(invoice=invoice, reason="Fel", by=None)
        second = operations.credit_invoice(invoice=invoice, reason="Fel", by=None)

        assert first == second
        assert invoice.credit_notes.count() == 1

    def test_credit_invoice_in_part(self):
        invoice = issue_invoice(
            lines=[line(product=product("conference"), price="4995", quantity="3")]
        )
        row = invoice.lines.get()

        first = operations.credit_invoice(
            invoice=invoice,
            reason="En avbokad",
            by=None,
            lines=[operations.CreditLine(row, Decimal(1))],
        )
        rest = operations.credit_invoice(invoice=invoice, reason="Resten", by=None)

        assert first.total == Decimal("-4995.00")
        assert rest.total == Decimal("-9990.00")
        assert list(rest.lines.values_list("quantity", flat=True)) == [Decimal("-2.00")]

    @pytest.mark.both_databases
    def test_parts_of_a_line_add_up_to_it_to_the_ore(self):
        """Half of 0.33 is 0.165: rounded by itself, two halves would be 0.34."""
        invoice = issue_invoice(
            lines=[line(product=product("seminar"), price="0.33", quantity="1.5")]
        )
        row, half = invoice.lines.get(), Decimal("0.5")

        notes = [
            operations.credit_invoice(
                invoice=invoice, reason="", by=None, lines=[operations.CreditLine(row, half)]
            )
            for _ in range(3)
        ]

        assert [note.total for note in notes] == [
            Decimal("-0.17"),
            Decimal("-0.16"),
            Decimal("-0.17"),
        ]
        assert sum(note.net for note in notes) == -invoice.net
        assert balance(invoice) == 0
        assert list(ledger.findings()) == []

    def test_credit_invoice_refuses_more_than_is_left(self):
        invoice = issue_invoice()
        row = invoice.lines.get()

        with pytest.raises(operations.CreditRefused):
            operations.credit_invoice(
                invoice=invoice,
                reason="För mycket",
                by=None,
                lines=[operations.CreditLine(row, Decimal(2))],
            )

    def test_credit_invoice_refuses_a_line_of_another_invoice(self):
        other = issue_invoice().lines.get()

        with pytest.raises(operations.CreditRefused):
            operations.credit_invoice(
                invoice=issue_invoice(),
                reason="Fel rad",
                by=None,
                lines=[operations.CreditLine(other)],
            )

    def test_credit_note_cannot_be_credited(self):
        note = operations.credit_invoice(invoice=issue_invoice(), reason="Fel", by=None)

        with pytest.raises(operations.CreditRefused):
            operations.credit_invoice(invoice=note, reason="Ångrar", by=None)


class TestPayment:
    def test_register_payment_settles_and_sends_one_receipt(self):
        invoice = issue_invoice()

        payment = pay(invoice)

        assert Invoice.objects.settled().get() == invoice
        assert Mail.objects.filter(key=f"receipt:{payment.pk}").count() == 1

    def test_register_payment_twice_is_entered_once(self):
        invoice = issue_invoice()

        first = pay(invoice, external_id="bank:1")
        second = pay(invoice, amount="1645", external_id="bank:1")

        assert first == second
        assert Payment.objects.count() == 1

    def test_part_payment_leaves_the_rest_and_sends_no_receipt(self):
        invoice = issue_invoice()

        pay(invoice, amount="1000")

        assert Invoice.objects.open().get().balance == Decimal("645.00")
        assert not Mail.objects.filter(key__startswith="receipt").exists()

    def test_payment_of_a_credit_note_is_refused(self):
        note = operations.credit_invoice(invoice=issue_invoice(), reason="Fel", by=None)

        with pytest.raises(operations.PaymentRefused):
            pay(note, amount="100")

    def test_write_off_closes_the_invoice_once(self):
        invoice = issue_invoice()

        for _ in range(2):
            operations.write_off(
                invoice=invoice, reason="Konkurs", by=None, today=date(2026, 12, 1)
            )

        assert Payment.objects.get().amount == Decimal("1645.00")
        assert Invoice.objects.open().count() == 0


def test_balance_of_a_list_takes_one_query(django_assert_num_queries):
    for _ in range(3):
        pay(issue_invoice(), amount="100")

    with django_assert_num_queries(1):
        assert [row.balance for row in Invoice.objects.open()] == [Decimal("1545.00")] * 3


def test_bulk_update_of_lines_is_refused():
    issue_invoice()

    with pytest.raises(Immutable):
        InvoiceLine.objects.all().bulk_update(list(InvoiceLine.objects.all()), ["text"])
