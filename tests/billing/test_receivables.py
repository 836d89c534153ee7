"""Who owes what: by age, and one payer's whole account."""

from datetime import date
from decimal import Decimal

import pytest

from billing import operations, receivables
from tests.billing.pages import LIST, page_of
from tests.factories.billing import customer, issue_invoice, pay

pytestmark = pytest.mark.django_db

D = Decimal
KOMMUN = customer(name="Umeå kommun", organisation_number="2120002627")


def ages(day: date) -> list[tuple[str, list[Decimal], Decimal]]:
    return [
        (debtor.invoice.customer_name, debtor.amounts, debtor.owed_back)
        for debtor in receivables.aged(day)
    ]


@pytest.mark.parametrize(
    ("day", "column"),
    [
        (date(2026, 4, 1), 0),
        (date(2026, 4, 2), 1),
        (date(2026, 5, 1), 1),
        (date(2026, 5, 2), 2),
        (date(2026, 6, 1), 3),
        (date(2026, 6, 30), 3),
        (date(2026, 7, 1), 4),
    ],
)
def test_the_age_is_counted_from_the_due_date(day, column):
    invoice = issue_invoice(price="100")
    assert invoice.due_on == date(2026, 4, 1)

    ((_name, amounts, _owed),) = ages(day)

    assert amounts == [D(100) if place == column else D(0) for place in range(5)]


def test_one_row_a_payer_the_largest_first():
    issue_invoice(price="100")
    for _ in range(2):
        issue_invoice(price="100", customer=KOMMUN)

    assert [(name, sum(amounts)) for name, amounts, _owed in ages(date(2026, 3, 2))] == [
        ("Umeå kommun", D(200)),
        ("Kanslibyrån i Umeå AB", D(100)),
    ]


def test_as_of_a_day_that_has_passed():
    invoice = issue_invoice(price="100")
    pay(invoice, amount="30", paid_on=date(2026, 3, 10))
    operations.credit_invoice(invoice=invoice, reason="x", by=None, today=date(2026, 3, 20))

    def left(day):
        return [(sum(amounts), owed) for _name, amounts, owed in ages(day)]

    assert left(date(2026, 3, 1)) == []
    assert left(date(2026, 3, 9)) == [(D(100), D(0))]
    assert left(date(2026, 3, 10)) == [(D(70), D(0))]
    assert left(date(2026, 3, 20)) == [(D(0), D(-30))]


def test_one_query_however_many(django_assert_num_queries):
    for _ in range(5):
        issue_invoice()

    with django_assert_num_queries(1):
        receivables.aged(date(2026, 3, 2))


def test_the_account_of_a_payer_ends_at_the_balance():
    first = issue_invoice(price="100", today=date(2026, 3, 2), customer=KOMMUN)
    other = issue_invoice(price="50", today=date(2026, 3, 5), customer=KOMMUN)
    issue_invoice(price="999")
    pay(first, amount="100", paid_on=date(2026, 3, 4))
    operations.credit_invoice(invoice=other, reason="x", by=None, today=date(2026, 3, 6))

    lines = receivables.account_of(other)

    assert [(line.on.day, line.amount, line.balance) for line in lines] == [
        (2, D(100), D(100)),
        (4, D(-100), D(0)),
        (5, D(50), D(50)),
        (6, D(-50), D(0)),
    ]


def test_persons_are_known_by_their_address():
    one = issue_invoice(customer=customer(email="Anna@example.org"))
    issue_invoice(customer=customer(email="anna@EXAMPLE.org"))
    issue_invoice(customer=customer(email="annan@example.org"))

    assert len(receivables.account_of(one)) == 2


class TestPages:
    def test_ages(self, client, treasurer):
        issue_invoice(price="100", customer=KOMMUN)

        page = client.get(f"{LIST}ages/", {"day": "2026-04-02"})

        ((invoice, figures),) = page.context["rows"]
        assert invoice.customer_name == "Umeå kommun"
        assert figures[1] == figures[-1] == "100,00\u00a0kr"
        assert page.context["totals"][-1] == "100,00\u00a0kr"

    def test_a_day_that_is_none_is_told(self, client, treasurer):
        page = client.get(f"{LIST}ages/", {"day": "igår"})

        assert "day" in page.context["form"].errors

    def test_account(self, client, treasurer):
        invoice = issue_invoice(price="100")
        pay(invoice, amount="40")

        page = client.get(page_of(invoice, "account"))

        assert page.context["left"] == "60,00\u00a0kr"

    @pytest.mark.parametrize("path", ["ages/", "{pk}/account/"])
    def test_only_for_those_who_may_see_invoices(self, client, path):
        url = LIST + path.format(pk=issue_invoice().pk)

        assert client.get(url).status_code == 302
