"""Credit notes over many invoices at once: the same as one at a time, by a few statements."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from billing import ledger, operations
from billing.models import Invoice, Payment, ReminderStep, Seller
from billing.operations import Credit, CreditLine
from mail.models import Mail
from tests.factories.billing import balance, issue_invoice, line, pay, product

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 9)


def credit(*credits: Credit) -> list[Invoice]:
    return operations.credit_invoices(credits=credits, by=None, today=DAY)


def whole(invoice: Invoice, reason: str = "Fel") -> Credit:
    return Credit(invoice=invoice, reason=reason)


def described(note: Invoice) -> tuple:
    return (
        (note.number, note.source, note.reason, note.issued_on, note.credits, note.buyer),
        (note.net, note.vat, note.rounding, note.total, note.customer_name, note.seller),
        list(note.lines.values_list("position", "text", "quantity", "net", "credits")),
        list(note.vat_rows.values_list("category", "rate", "net", "vat", "exemption_text")),
        list(Mail.objects.filter(key=f"credit-note:{note.pk}").values_list("subject", "to")),
    )


def test_many_are_what_one_at_a_time_is():
    invoices = [
        issue_invoice(),
        issue_invoice(lines=[line(product=product("conference"), price="4995", quantity="3")]),
        issue_invoice(lines=[line(price="10"), line(product=product("seminar"), price="0.33")]),
    ]
    wanted = [whole(invoice, f"Fel {invoice.number}") for invoice in invoices]
    with transaction.atomic():
        together = [described(note) for note in credit(*wanted)]
        transaction.set_rollback(True)

    assert [described(credit(one)[0]) for one in wanted] == together
    assert [first[0] for first, *_rest in together] == ["K10001", "K10002", "K10003"]
    assert [len(letters) for *_rest, letters in together] == [1, 1, 1]
    assert list(ledger.findings()) == []


def test_two_lines_of_one_invoice_are_two_notes():
    """Colleagues share an invoice, and both leave on the same night."""
    invoice = issue_invoice(lines=[line(price="0.33", quantity="1.5"), line(price="200")])
    first, second = invoice.lines.order_by("position")
    half = CreditLine(first, Decimal("0.5"))

    notes = credit(
        Credit(invoice=invoice, reason="", lines=[half]),
        Credit(invoice=invoice, reason="", lines=[CreditLine(second)]),
        Credit(invoice=invoice, reason="", lines=[half]),
        whole(invoice),
        whole(invoice),
    )

    assert [note.source for note in notes] == [
        f"credit:{invoice.pk}:{number}" for number in (1, 2, 3, 4, 4)
    ]
    totals = [note.total for note in notes[:4]]
    assert totals == [Decimal(amount) for amount in ("-0.17", "-200.00", "-0.16", "-0.17")]
    assert balance(invoice) == 0
    assert list(ledger.findings()) == []


def test_the_nth_note_is_written_once():
    invoice = issue_invoice(lines=[line(quantity="3")])
    one = Credit(
        invoice=invoice, reason="En", lines=[CreditLine(invoice.lines.get(), Decimal(1))], nth=1
    )

    first, again = credit(one, one)

    assert first == again
    assert credit(one) == [first]
    assert invoice.credit_notes.count() == 1


def test_all_or_none():
    good, empty = issue_invoice(), issue_invoice(price="0")
    too_much = Credit(invoice=good, reason="x", lines=[CreditLine(good.lines.get(), Decimal(2))])
    note = credit(whole(issue_invoice()))[0]
    credit(whole(empty))

    for refused in (too_much, whole(note)):
        with pytest.raises(operations.CreditRefused):
            credit(whole(good), refused)

    assert good.credit_notes.count() == 0
    assert Invoice.objects.filter(kind="credit").count() == 2


def test_no_credit_is_nothing():
    assert credit() == []
    assert Invoice.objects.count() == 0


def test_what_was_given_up_is_taken_back_for_each():
    invoices = [issue_invoice() for _ in range(3)]
    for invoice in invoices[:2]:
        operations.write_off(invoice=invoice, reason="Konkurs", by=None, today=DAY)

    credit(*map(whole, invoices))

    amounts = Payment.objects.order_by("pk").values_list("invoice", "amount")
    given_up = Decimal("1645.00")
    first, second, _third = (invoice.pk for invoice in invoices)
    assert list(amounts) == [
        (first, given_up),
        (second, given_up),
        (first, -given_up),
        (second, -given_up),
    ]
    assert [balance(invoice) for invoice in invoices] == [0, 0, 0]


def test_each_takes_its_open_late_charges_along():
    Seller.objects.update(reminder_fee=60)
    ReminderStep.objects.filter(days__gt=0).update(charges=True)
    invoices = [issue_invoice(today=DAY - timedelta(days=60)) for _ in range(3)]
    operations.send_reminders(today=DAY)
    charges = [operations.open_charges(invoice)[0] for invoice in invoices]
    pay(charges[2])

    notes = credit(*(whole(invoice, f"Fel {invoice.number}") for invoice in invoices))

    assert [note.credits for note in notes] == invoices
    assert [balance(charge) for charge in charges] == [0, 0, 0]
    of_charges = Invoice.objects.filter(credits__in=charges).order_by("sequence")
    assert [(note.credits, note.reason) for note in of_charges] == [
        (charge, f"Fel {invoice.number}")
        for charge, invoice in zip(charges[:2], invoices, strict=False)
    ]
    assert list(ledger.findings()) == []


@pytest.mark.both_databases
def test_as_many_questions_for_two_as_for_twenty():
    assert questions_for(2) == questions_for(20) <= 25


def questions_for(count: int) -> int:
    invoices = list(Invoice.objects.filter(pk__in=[issue_invoice().pk for _ in range(count)]))
    with CaptureQueriesContext(connection) as asked:
        credit(*map(whole, invoices))
    return len(asked)
