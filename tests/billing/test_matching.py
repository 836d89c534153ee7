"""Matching by hand, as an operation."""

from decimal import Decimal

import pytest

from billing import operations
from billing.models import BankTransaction, Payment
from billing.operations import MatchRefused, PaymentRefused, Share
from tests.factories.billing import balance, bank_transaction, issue_invoice, pay

pytestmark = pytest.mark.django_db

D = Decimal


def match(row, *shares, rest: str = ""):
    return operations.match_by_hand(
        row=row,
        shares=[Share(invoice, D(amount)) for invoice, amount in shares],
        rest=D(rest) if rest else row.rest(),
        by=None,
    )


def test_what_was_too_much_can_be_entered_on_the_same_invoice():
    """It shows as overpaid then: money to give back."""
    invoice = issue_invoice()
    row = bank_transaction(ocr=invoice.ocr, amount="2000")
    operations.match(row=row)

    match(row, (invoice, "355"))

    assert balance(invoice) == D("-355.00")
    assert BankTransaction.objects.waiting().count() == 0


def test_matching_in_steps():
    first, second = issue_invoice(), issue_invoice()
    row = bank_transaction(amount="2000")

    match(row, (first, "1645"))
    match(row, (second, "355"))

    assert (balance(first), balance(second)) == (0, D("1290.00"))
    assert row.rest() == 0


def test_an_old_screen_is_refused():
    first, second = issue_invoice(), issue_invoice()
    row = bank_transaction(amount="2000")
    match(row, (first, "1000"))

    for stale in ("2000", "1645", "0"):
        with pytest.raises(MatchRefused):
            match(row, (second, "100"), rest=stale)

    assert Payment.objects.count() == 1


@pytest.mark.parametrize("amounts", [[], ["0"], ["-1"], ["1645.01"], ["1000", "700"]])
def test_shares_that_do_not_fit(amounts):
    invoice = issue_invoice()
    row = bank_transaction(amount="1645")

    with pytest.raises(MatchRefused):
        match(row, *((invoice, amount) for amount in amounts))

    assert Payment.objects.count() == 0


def test_a_credit_note_takes_no_payment():
    note = operations.credit_invoice(invoice=issue_invoice(), reason="Fel", by=None)
    row, other = bank_transaction(amount="1645"), issue_invoice()

    with pytest.raises(PaymentRefused):
        match(row, (other, "100"), (note, "100"))

    assert Payment.objects.count() == 0  # all of it or nothing


def test_what_is_set_aside_or_foreign_is_not_matched():
    invoice = issue_invoice()
    aside, euros = bank_transaction(), bank_transaction(currency="EUR")
    operations.set_aside(row=aside, note="Återbetald", by=None)

    for row in (aside, euros):
        with pytest.raises(MatchRefused):
            match(row, (invoice, "100"))


def test_what_the_bank_took_back_is_negative():
    invoice = issue_invoice()
    pay(invoice)
    row = bank_transaction(amount="-1645", problem="returned")

    with pytest.raises(MatchRefused):
        match(row, (invoice, "1645"))
    match(row, (invoice, "-1645"))

    assert balance(invoice) == invoice.total


def test_ore_leave_nothing_behind():
    """SQLite adds decimals as floats: 0.1 + 0.2 is not 0.3."""
    invoices = [issue_invoice(price=price) for price in ("0.10", "0.20")]
    row = bank_transaction(amount="0.30")

    match(row, (invoices[0], "0.10"))
    match(row, (invoices[1], "0.20"))

    assert BankTransaction.objects.waiting().count() == 0
    assert BankTransaction.objects.wholly_matched().count() == 1


def test_taken_up_again_waits_again():
    row = bank_transaction()
    operations.set_aside(row=row, note="Fel", by=None)

    for _ in range(2):
        operations.take_up_again(row=row, by=None)

    assert list(BankTransaction.objects.waiting()) == [row]
