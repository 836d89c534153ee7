"""What is booked of what happened."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing import journal, operations
from billing.models import Invoice, Payment, Product
from billing.operations import CreditLine
from tests.factories.billing import balance, issue_invoice, line, pay, payout, product

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ALL = (date(2000, 1, 1), date(2099, 12, 31))


def booked() -> list[tuple[str, dict[str, str]]]:
    """Text and amounts by account."""
    return [
        (found.text, {entry.account: str(entry.amount) for entry in found.entries})
        for found in journal.vouchers(*ALL)
    ]


def when_paid(code: str = "membership") -> Product:
    Product.objects.filter(code=code).update(recognition=Product.Recognition.CASH)
    return product(code)


def conference(price: str = "1250", **changes):
    return line(product=product("conference"), price=price, text="Konferens", **changes)


def test_an_invoice_and_its_payment():
    pay(issue_invoice(lines=[conference(), line(price="1645")]))

    assert booked() == [
        (
            "Faktura F10001",
            {"3041": "-1000.00", "3001": "-1645.00", "2611": "-250.00", "1510": "2895.00"},
        ),
        ("Betalning F10001", {"1930": "2895.00", "1510": "-2895.00"}),
    ]


def test_by_card_it_stands_with_stripe_until_the_payout():
    pay(issue_invoice(price="1645"), method=Payment.Method.CARD, external_id="stripe:pi_1")
    payout(amount="1610.30", movements=[("charge", "pi_1", "1645", "34.70")])

    assert booked()[1:] == [
        ("Betalning F10001", {"1580": "1645.00", "1510": "-1645.00"}),
        ("Stripe-utbetalning po_1", {"1930": "1610.30", "1580": "-1645.00", "6570": "34.70"}),
    ]


def test_a_payout_with_refund_dispute_and_fees():
    payout(
        amount="575.00",
        movements=[
            ("charge", "pi_1", "1000", "20"),
            ("refund", "re_1", "-100", "0"),
            ("adjustment", "dp_1", "-100", "175"),
            ("stripe_fee", "", "-30", "0"),
        ],
    )

    assert booked() == [
        ("Stripe-utbetalning po_1", {"1930": "575.00", "1580": "-800.00", "6570": "225.00"})
    ]


def test_a_payout_that_failed_is_not_booked_in_the_bank_twice():
    payout(amount="100", movements=[("charge", "pi_1", "100", "0")])
    payout(amount="100", movements=[("payout_failure", "po_1", "100", "0")], payout_id="po_2")

    assert booked() == [("Stripe-utbetalning po_1", {"1930": "100.00", "1580": "-100.00"})]


def test_credit_and_refund():
    invoice = issue_invoice(lines=[conference()])
    pay(invoice)
    operations.credit_invoice(invoice=invoice, reason="Avbokad", by=None, today=date(2026, 3, 20))
    pay(invoice, amount="-1250", paid_on=date(2026, 3, 25))

    assert booked()[2:] == [
        (
            "Kreditfaktura K10001 till F10001",
            {"2611": "250.00", "3041": "1000.00", "2420": "-1250.00"},
        ),
        ("Återbetalning F10001", {"1930": "-1250.00", "2420": "1250.00"}),
    ]


def test_more_than_was_owed_is_an_advance():
    pay(issue_invoice(price="1645"), amount="2000")

    assert booked()[1] == (
        "Betalning F10001",
        {"1930": "2000.00", "2420": "-355.00", "1510": "-1645.00"},
    )


def test_what_is_written_off_is_a_loss():
    invoice = issue_invoice(price="1645")
    pay(invoice, amount="645")
    operations.write_off(invoice=invoice, reason="Konkurs", by=None, today=date(2026, 9, 1))

    assert booked()[2] == ("Kundförlust F10001", {"6351": "1000.00", "1510": "-1000.00"})


@pytest.mark.parametrize("then", ["paid", "credited"])
def test_what_was_written_off_and_is_not_lost_after_all(then):
    """It is no money to give back, and no loss."""
    invoice = issue_invoice(price="1645")
    operations.write_off(invoice=invoice, reason="x", by=None, today=date(2026, 9, 1))

    if then == "paid":
        pay(invoice, amount="1000")
    else:
        operations.credit_invoice(invoice=invoice, reason="x", by=None)

    assert balance(invoice) == 0
    held: dict[str, Decimal] = {}
    for _text, amounts in booked():
        for account, amount in amounts.items():
            held[account] = held.get(account, Decimal()) + Decimal(amount)
    assert held["1510"] == 0
    assert held["6351"] == (Decimal(645) if then == "paid" else 0)


def test_rounding_to_the_promised_price():
    issue_invoice(lines=[conference(price="99.99") for _ in range(3)])

    ((_text, amounts),) = booked()
    assert amounts["3740"] == "-0.01"
    assert sum(Decimal(amount) for amount in amounts.values()) == 0


class TestBookedWhenPaid:
    def test_nothing_is_booked_before(self):
        issue_invoice(lines=[line(product=when_paid(), price="1645")])

        assert booked() == []

    def test_then_all_of_it(self):
        pay(issue_invoice(lines=[line(product=when_paid(), price="1645")]))

        assert booked() == [("Betalning F10001", {"1930": "1645.00", "3001": "-1645.00"})]

    def test_credited_unpaid_it_never_stood_anywhere(self):
        invoice = issue_invoice(lines=[line(product=when_paid())])
        operations.credit_invoice(invoice=invoice, reason="Utträde", by=None)

        assert booked() == []

    def test_money_is_shared_with_what_was_booked_when_invoiced(self):
        invoice = issue_invoice(lines=[conference("1000"), line(product=when_paid(), price="1000")])
        pay(invoice, amount="500")
        pay(invoice)

        assert [amounts for _text, amounts in booked()] == [
            {"3041": "-800.00", "2611": "-200.00", "1510": "1000.00"},
            {"1930": "500.00", "3001": "-250.00", "1510": "-250.00"},
            {"1930": "1500.00", "3001": "-750.00", "1510": "-750.00"},
        ]

    def test_credited_after_payment_it_is_owed_back(self):
        invoice = issue_invoice(lines=[line(product=when_paid(), price="1645")])
        pay(invoice)
        operations.credit_invoice(invoice=invoice, reason="Fel", by=None)

        assert booked()[1:] == [
            ("Kreditfaktura K10001 till F10001", {"3001": "1645.00", "2420": "-1645.00"})
        ]

    def test_vat_follows_its_line(self):
        sold = line(product=when_paid("conference"), price="1250")
        invoice = issue_invoice(lines=[sold])
        pay(invoice, amount="625")
        pay(invoice)

        each = {"1930": "625.00", "3041": "-500.00", "2611": "-125.00"}
        assert [amounts for _text, amounts in booked()] == [each, each]


amounts = st.integers(min_value=1, max_value=500_000).map(lambda ore: str(Decimal(ore) / 100))
rows = st.tuples(st.sampled_from(["membership", "seminar", "conference"]), amounts)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), amounts),
        st.tuples(st.just("refund"), amounts),
        st.tuples(st.just("write-off"), st.just("")),
        st.tuples(st.just("credit"), st.just("")),
        st.tuples(st.just("credit-first"), st.just("")),
    ),
    max_size=5,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sold=st.lists(rows, min_size=1, max_size=4), then=happenings)
@example(
    sold=[("seminar", "1.87"), ("conference", "0.01")],
    then=[("credit-first", ""), ("credit", "")],
)
def test_whatever_happens_both_sides_are_equal_and_end_at_what_is_owed(db, sold, then):
    when_paid("seminar")
    when_paid()
    lines = [line(product=product(code), price=price) for code, price in sold]
    invoice = issue_invoice(lines=lines)
    for what, amount in then:
        happen(invoice, what, amount)

    fresh = journal.with_rows(Invoice.objects.filter(pk=invoice.pk)).get()
    known = journal.accounts()
    held: dict[str, Decimal] = {}
    for voucher in journal.of_invoice(fresh, known):
        assert sum(entry.amount for entry in voucher.entries) == 0
        for entry in voucher.entries:
            held[entry.account] = held.get(entry.account, Decimal()) + entry.amount

    money = sum(p.amount for p in fresh.payments.all() if p.method != Payment.Method.WRITE_OFF)
    assert held.get("1930", 0) == money
    only_accrued = all(row.recognition == "accrual" for row in fresh.lines.all())
    left = balance(invoice)
    if only_accrued and money >= 0:
        assert held.get("1510", 0) + held.get("2420", 0) == left
    if left <= 0 and money >= 0:
        assert held.get("1510", 0) == 0


def happen(invoice, what: str, amount: str) -> None:
    try:
        match what:
            case "pay":
                pay(invoice, amount=amount)
            case "refund":
                pay(invoice, amount=f"-{amount}")
            case "write-off":
                operations.write_off(invoice=invoice, reason="x", by=None, today=date(2026, 5, 1))
            case "credit":
                operations.credit_invoice(invoice=invoice, reason="x", by=None)
            case "credit-first":
                first = invoice.lines.order_by("position")[0]
                lines = [CreditLine(first)]
                operations.credit_invoice(invoice=invoice, reason="x", by=None, lines=lines)
    except operations.CreditRefused:
        pass


def test_products_that_share_an_account_are_named_together():
    names = journal.account_names()

    assert names["3041"] == "Seminarium, Konferens"
    assert names["1510"] == "Kundfordringar"


def test_few_queries_however_many_invoices(django_assert_max_num_queries):
    for _ in range(12):
        pay(issue_invoice())
    assert Invoice.objects.filter(total=F("net")).count() == 12

    with django_assert_max_num_queries(10):
        assert len(journal.vouchers(*ALL)) == 24
