"""Numbers without gaps and nothing twice, however many ask at once and however many fail."""

from functools import partial

import pytest
from django.db import transaction

from billing import ledger, operations
from billing.models import Invoice, Series
from billing.operations import crediting
from mail.models import Mail
from tests.billing.at_once import Meeting, at_once
from tests.factories.billing import balance, issue_invoice, line

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("committing"),
]

THREADS, EACH = 4, 50


class Failed(Exception):
    """What came after the invoice in the same transaction went wrong."""


def issue_many(thread: int) -> None:
    """Of ten, one fails at first, when its number is taken."""
    for number in range(EACH):
        source = f"race:{thread}:{number}"
        if number % 10 == 3:
            with pytest.raises(Failed), transaction.atomic():
                issue_invoice(source=source, mail=False)
                raise Failed
        issue_invoice(source=source, mail=False)


def test_numbers_have_no_gaps():
    outcomes = at_once(*(partial(issue_many, thread) for thread in range(THREADS)))

    taken = Invoice.objects.order_by("sequence").values_list("sequence", flat=True)
    assert outcomes == {"NoneType": THREADS}
    assert list(taken) == list(range(10001, 10001 + THREADS * EACH))
    assert list(ledger.findings()) == []


def test_without_the_lock_they_would_collide(monkeypatch):
    """The control: the test above has teeth."""
    monkeypatch.setattr(Series, "locked", lambda code: Series.objects.get(code=code))

    outcomes = at_once(*(partial(issue_many, thread) for thread in range(THREADS)))

    assert outcomes["IntegrityError"] > 0
    assert Invoice.objects.count() < THREADS * EACH


def test_the_same_thing_is_invoiced_once():
    outcomes = at_once(*[partial(issue_invoice, source="membership:17")] * 8)

    assert outcomes == {"Invoice": 8}
    assert Invoice.objects.get().number == "F10001"
    assert Mail.objects.count() == 1
    assert list(ledger.findings()) == []


def test_credit_notes_and_invoices_are_counted_apart():
    invoices = [issue_invoice(mail=False) for _ in range(8)]

    credit = partial(operations.credit_invoice, reason="Fel", by=None, mail=False)

    outcomes = at_once(
        *(partial(credit, invoice=invoice) for invoice in invoices),
        *[partial(issue_invoice, mail=False)] * 8,
    )

    assert outcomes == {"Invoice": 16}
    assert Invoice.objects.filter(kind="credit").count() == 8
    assert list(ledger.findings()) == []


def test_an_invoice_is_credited_once_however_many_press_the_button():
    invoice = issue_invoice(mail=False, lines=[line(quantity="3")])
    two = [operations.CreditLine(invoice.lines.get(), 2)]

    credit = partial(
        operations.credit_invoice,
        invoice=invoice,
        reason="Två avbokade",
        by=None,
        lines=two,
        nth=1,
        mail=False,
    )

    outcomes = at_once(*[credit] * 8)

    assert outcomes == {"Invoice": 8}
    assert invoice.credit_notes.count() == 1
    assert balance(invoice) == 1645


def test_without_the_lock_the_database_must_refuse(monkeypatch):
    """The control: the lock keeps credits apart, and the constraint stands behind it."""
    invoice = issue_invoice(mail=False)
    meeting, real = Meeting(4), crediting._creditable

    def found_by_all(keys):
        found = real(keys)
        meeting.wait()
        return found

    monkeypatch.setattr(crediting, "_creditable", found_by_all)
    monkeypatch.setattr(Invoice.objects, "select_for_update", Invoice.objects.all)
    credit = partial(operations.credit_invoice, invoice=invoice, reason="Fel", by=None, mail=False)

    outcomes = at_once(*[credit] * 4)

    assert outcomes == {"Invoice": 1, "IntegrityError": 3}
    assert invoice.credit_notes.count() == 1
