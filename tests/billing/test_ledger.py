"""Every rule of the ledger, broken once behind the back of the guards, is found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection, models
from django.utils import timezone

from billing import immutability, late_charges, ledger, operations
from billing.models import Invoice, InvoiceLine, Payment, Reminder, Seller, Series
from tests.factories.billing import bank_transaction, issue_invoice, line, pay, product

pytestmark = pytest.mark.django_db

DUE = date(2026, 4, 1)


@contextmanager
def unguarded() -> Iterator[None]:
    """As a hand in the database with the triggers off."""
    is_sqlite = connection.vendor == "sqlite"
    switched = [
        f"DROP TRIGGER {table}_immutable_{verb}" if is_sqlite else ""
        for table in immutability.TABLES
        for verb in ("update", "delete")
    ]
    run(switched if is_sqlite else ["SET LOCAL session_replication_role = replica"])
    yield
    back = immutability.statements("sqlite")
    run(back if is_sqlite else ["SET LOCAL session_replication_role = origin"])


def run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def change(row: models.Model, **columns: object) -> None:
    """The rows' own model refuses as well, so past it."""
    with unguarded():
        models.QuerySet(type(row)).filter(pk=row.pk).update(**columns)


def a_table_without_its_guard() -> str:
    verbs = ("_update", "_delete") if connection.vendor == "sqlite" else ("",)
    on = "" if connection.vendor == "sqlite" else " ON billing_payment"
    run([f"DROP TRIGGER billing_payment_immutable{verb}{on}" for verb in verbs])
    return "table billing_payment is not guarded against change"


def a_number_without_its_invoice() -> str:
    issue_invoice()
    Series.objects.filter(code="invoice").update(next=models.F("next") + 1)
    return "series invoice: 1 issued, 2 numbers taken"


def another_sum_on_a_line() -> str:
    invoice = issue_invoice()
    change(invoice.lines.get(), net=D("1.00"))
    return f"{invoice.number}: lines and totals disagree"


def no_lines() -> str:
    invoice = issue_invoice(price="0")
    with unguarded():
        models.QuerySet(InvoiceLine).filter(invoice=invoice).delete()
    return f"{invoice.number}: has no lines"


def a_mistyped_reference() -> str:
    invoice = issue_invoice()
    change(invoice, ocr="123456")
    return f"{invoice.number}: OCR number 123456 is not valid"


def credit() -> Invoice:
    return operations.credit_invoice(invoice=issue_invoice(), reason="Fel", by=None)


def a_credit_of_a_credit() -> str:
    first, second = credit(), credit()
    change(second, credits=first)
    return f"{second.number}: credits a credit note"


def a_payment_of_a_credit() -> str:
    payment, note = pay(issue_invoice()), credit()
    change(payment, invoice=note)
    return f"payment {payment.pk}: stands on credit note {note.number}"


def more_credited_than_invoiced() -> str:
    twice, note = credit().credits, credit()
    assert twice is not None
    change(note, credits=twice)
    return f"{twice.number}: more is credited than was invoiced"


def a_reminder_of_nothing() -> str:
    invoice = issue_invoice()
    Reminder.objects.create(invoice=invoice, level=7, sent_at=timezone.now(), balance=D(0))
    return f"{invoice.number}: reminded of nothing"


def more_entered_than_came() -> str:
    came = bank_transaction(amount="1645")
    for number in range(2):
        Payment.objects.create(
            invoice=issue_invoice(),
            amount=D(1645),
            paid_on=came.booked_on,
            method=Payment.Method.BANK,
            external_id=f"by-hand:{number}",
            bank_transaction=came,
        )
    return f"bank transaction {came.external_id}: more was entered than came"


# --- Charges for paying late ------------------------------------------------------------------


def late() -> Invoice:
    """One that announced a fee of 60 kr."""
    Seller.objects.update(reminder_fee=60)
    return issue_invoice()


def charge(invoice: Invoice, *, price: str = "60", days: int = 7) -> Invoice:
    on = DUE + timedelta(days=days)
    return issue_invoice(
        source=late_charges.source(invoice.pk, on),
        lines=[line(price=price, product=product(late_charges.FEE))],
        today=on,
    )


def a_charge_for_a_charge() -> str:
    return f"{charge(charge(late())).number}: is charged for no invoice that can be late"


def a_charge_for_nothing() -> str:
    gone = late()
    gone.pk += 1000
    return f"{charge(gone).number}: is charged for no invoice that can be late"


def a_charge_before_the_due_date() -> str:
    invoice = late()
    return f"{charge(invoice, days=0).number}: is charged before {invoice.number} was due"


def a_charge_for_what_is_credited() -> str:
    invoice = late()
    operations.credit_invoice(invoice=invoice, reason="Fel", by=None)
    return f"{charge(invoice).number}: is owed, though {invoice.number} is credited"


def a_fee_above_the_announced() -> str:
    invoice = late()
    charge(invoice, price="61")
    return f"{invoice.number}: a fee of 61.00, and 60 was announced"


def a_second_fee() -> str:
    invoice = late()
    charge(invoice, days=7)
    charge(invoice, days=8)
    return f"{invoice.number}: 2 reminder fees"


BREAKAGES = [
    a_table_without_its_guard,
    a_number_without_its_invoice,
    another_sum_on_a_line,
    no_lines,
    a_mistyped_reference,
    a_credit_of_a_credit,
    a_payment_of_a_credit,
    more_credited_than_invoiced,
    a_reminder_of_nothing,
    more_entered_than_came,
    a_charge_for_a_charge,
    a_charge_for_nothing,
    a_charge_before_the_due_date,
    a_charge_for_what_is_credited,
    a_fee_above_the_announced,
    a_second_fee,
]


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_what_is_broken_is_found(breakage: Callable[[], str]) -> None:
    said = breakage()
    assert list(ledger.findings()) == [said]


def test_what_is_as_it_should_be_is_not() -> None:
    invoice = late()
    charge(invoice)
    pay(invoice, paid_on=DUE + timedelta(days=9))
    credit()
    assert list(ledger.findings()) == []
