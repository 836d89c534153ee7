from datetime import date
from decimal import Decimal

import pytest

from billing.models import BankTransaction, Payment
from billing.suggestions import payout_for, suggestions
from tests.factories.billing import bank_transaction, customer, issue_invoice, pay, payout

pytestmark = pytest.mark.django_db

D = Decimal


def named(name: str, price: str = "1645"):
    return issue_invoice(price=price, customer=customer(name=name))


def found(**changes) -> list:
    row = bank_transaction(**changes)
    return [(s.invoice, s.amount) for s in suggestions(row, row.rest())]


def test_amount_and_name_come_before_amount_before_name():
    by_name = named("Anna Åström", "200")
    by_amount = named("Bo Ek")
    by_both = named("Åström, Anna")
    named("Någon Annan", "300")

    assert found(payer_name="ANNA ÅSTRÖM") == [
        (by_both, D("1645.00")),
        (by_amount, D("1645.00")),
        (by_name, D("200.00")),
    ]


def test_what_the_payment_names_comes_first_even_if_it_is_paid():
    """Then all of it would be money to give back, which the invoice would show."""
    paid, open_one = named("Anna Åström"), named("Anna Åström")
    pay(paid)

    assert found(ocr=paid.ocr, payer_name="Anna Åström") == [
        (paid, D("1645.00")),
        (open_one, D("1645.00")),
    ]


def test_short_words_and_empty_words_say_nothing():
    named("Kommun AB", "200")

    assert found(payer_name="Ek AB kommun") == []


def test_paid_invoices_are_no_suggestion_for_money_that_came():
    pay(named("Anna Åström"))

    assert found(payer_name="Anna Åström") == []


def test_money_taken_back_may_be_what_had_been_paid():
    paid, other = named("Anna Åström"), named("Bo Ek")
    pay(paid, method=Payment.Method.BANK)
    pay(other, method=Payment.Method.CARD)

    assert found(amount="-1645", payer_name="Åström") == [(paid, D("-1645.00"))]


def test_foreign_money_and_matched_rows_have_none():
    named("Anna Åström")
    row = bank_transaction(payer_name="Anna Åström")

    assert found(currency="EUR", payer_name="Anna Åström") == []
    assert suggestions(row, D("0.00")) == []


def test_no_more_than_a_screenful_and_no_more_questions(django_assert_max_num_queries):
    for _ in range(30):
        named("Anna Åström")
    row = bank_transaction(payer_name="Anna Åström")

    with django_assert_max_num_queries(6):
        assert len(suggestions(row, row.rest())) == 8


class TestPayouts:
    """Money from Stripe comes in one sum for payments that are entered already."""

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({}, True),
            ({"amount": "1610.31"}, False),
            ({"booked_on": date(2026, 3, 20)}, True),
            ({"booked_on": date(2026, 3, 21)}, False),
            ({"currency": "EUR"}, False),
        ],
    )
    def test_by_amount_and_day(self, changes, found):
        paid_out = payout(amount="1610.30", arrived_on=date(2026, 3, 15))
        row = bank_transaction(**{"amount": "1610.30", "booked_on": date(2026, 3, 14), **changes})

        assert payout_for(row, row.amount) == (paid_out if found else None)

    def test_one_click_sets_it_aside(self, client, treasurer):
        payout(amount="1610.30", arrived_on=date(2026, 3, 10))
        row = bank_transaction(amount="1610.30")
        url = f"/admin/billing/banktransaction/{row.pk}/"

        page = client.get(f"{url}change/")
        assert page.context["payout"].payout_id == "po_1"
        client.post(f"{url}set-aside/", {"note": "Stripe po_1"})

        assert BankTransaction.objects.waiting().count() == 0
