"""A year is closed when every check is green; each finds what it is for."""

from datetime import date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import journal, operations, year_end
from billing.models import Payment, Product, StripeEvent
from tests.factories.billing import bank_transaction, issue_invoice, line, pay, payout, product

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def by_card(invoice, reference: str, **changes) -> Payment:
    return pay(invoice, method=Payment.Method.CARD, external_id=f"stripe:{reference}", **changes)


def export() -> None:
    operations.export_sie(since=YEAR[0], until=YEAR[1])


def red() -> dict[int, list[str]]:
    """What is not green, by its place in the list."""
    found = year_end.checks(*YEAR)
    return {place: check.findings for place, check in enumerate(found) if not check.is_green}


LEDGER, VOUCHERS, EXPORTED, BANK, CARDS, PAYOUTS, OWED_BACK, LOST = range(8)


@pytest.fixture
def year():
    """A year like others: paid by bank and card, credited, given back, written off, unpaid."""
    Product.objects.filter(code="seminar").update(recognition=Product.Recognition.CASH)
    pay(issue_invoice())
    by_card(issue_invoice(), "pi_1")
    payout(amount="1610", movements=[("charge", "pi_1", "1645", "35")])
    seminar = issue_invoice(lines=[line(product=product("seminar"), price="500"), line()])
    pay(seminar, amount="1000")
    operations.credit_invoice(invoice=issue_invoice(), reason="Fel", by=None, today=YEAR[1])
    operations.write_off(invoice=issue_invoice(), reason="x", by=None, today=YEAR[1])
    issue_invoice()


def test_all_green(year):
    export()

    assert red() == {}


def test_what_is_not_exported_is_named(year):
    export()
    pay(issue_invoice(today=date(2026, 11, 2)), paid_on=date(2026, 11, 5))

    found = red()

    assert list(found) == [EXPORTED]
    assert [finding.split(" ")[0] for finding in found[EXPORTED]] == ["2026-11-02", "2026-11-05"]


def test_vouchers_that_do_not_follow_the_ledger_are_found(year):
    """A control: accounts that are used for two things at once make nothing up."""
    export()

    def wrong(documents, payments, known, honest=journal.position):
        held = honest(documents, payments, known)
        held[known["bank"]] = held.get(known["bank"], 0) + len(payments)
        return held

    with patch.object(journal, "position", wrong):
        assert red().keys() >= {VOUCHERS}


def test_money_that_waits_in_the_queue(year):
    export()
    bank_transaction(amount="10")

    assert list(red()) == [BANK]


def test_messages_from_stripe_that_wait(year):
    export()
    at = datetime(2026, 5, 1, 12, tzinfo=ZoneInfo("Europe/Stockholm"))
    for event_id, applied_at in (("evt_1", at), ("evt_2", None)):
        StripeEvent.objects.create(
            event_id=event_id,
            type="charge.dispute.created",
            payload={},
            applied_at=applied_at,
            problem="Tvist" if applied_at else "",
        )
    StripeEvent.objects.update(received_at=at)

    assert [len(findings) for findings in red().values()] == [2]
    assert list(red()) == [CARDS]


@pytest.mark.parametrize(
    "movement",
    [("charge", "pi_unknown", "1645", "35"), ("charge", "pi_2", "1600", "35")],
    ids=["not-in-the-ledger", "another-amount"],
)
def test_a_payout_that_the_ledger_does_not_know(year, movement):
    by_card(issue_invoice(), "pi_2")
    amount = "1610" if movement[2] == "1645" else "1565"
    payout(payout_id="po_2", amount=amount, movements=[movement])
    export()

    assert PAYOUTS in red()


def test_a_payout_that_does_not_add_up(year):
    payout(payout_id="po_2", amount="1")
    export()

    assert list(red()) == [PAYOUTS]


def test_a_card_payment_that_was_never_paid_out(year):
    old = timezone.localdate() - timedelta(days=30)
    by_card(issue_invoice(), "pi_lost", paid_on=old)
    first, last = date(old.year, 1, 1), date(old.year, 12, 31)

    (finding,) = year_end.checks(first, last)[PAYOUTS].findings
    assert "1\u00a0645" in finding


def test_money_to_give_back(year):
    pay(issue_invoice(), amount="2000")
    export()

    assert list(red()) == [OWED_BACK]


def test_a_claim_older_than_a_year(year):
    issue_invoice(today=date(2025, 10, 1))
    export()

    assert list(red()) == [LOST]


class TestPages:
    def test_the_year_that_ended_last(self, client, treasurer):
        page = client.get(reverse("admin:billing_siebatch_year-end"))

        assert page.context["year"] == timezone.localdate().year - 1
        assert [check.is_green for check in page.context["checks"]] == [True] * 8

    @pytest.mark.parametrize("asked", ["abc", "99999", "-1", ""])
    def test_any_other_year_is_that_one_too(self, client, treasurer, asked):
        page = client.get(reverse("admin:billing_siebatch_year-end"), {"year": asked})

        assert page.context["year"] == timezone.localdate().year - 1

    def test_export_is_looked_at_first(self, client, treasurer):
        issue_invoice()
        add = reverse("admin:billing_siebatch_add")
        period = {"since": "2026-03-01", "until": "2026-03-31"}

        page = client.get(add, period)
        assert page.context["count"] == 1
        assert [row[0] for row in page.context["accounts"]] == ["1510", "3001"]

        page = client.post(add, period, follow=True)
        batch = page.context["original"]
        file = client.get(reverse("admin:billing_siebatch_download", args=[batch.pk]))
        assert file.content == bytes(batch.content)
        assert batch.created_by == treasurer
        assert "sie-" in file["Content-Disposition"]

        page = client.post(add, period)
        assert page.context["form"].non_field_errors()

    def test_what_came_late_for_earlier_days_is_told_and_taken_along(self, client, treasurer):
        invoice = issue_invoice(today=date(2026, 3, 2))
        add = reverse("admin:billing_siebatch_add")
        client.post(add, {"since": "2026-03-01", "until": "2026-03-31"})
        pay(invoice, paid_on=date(2026, 3, 30))
        april = {"since": "2026-04-01", "until": "2026-04-30"}

        page = client.get(add, april)

        assert (page.context["count"], page.context["earlier"]) == (0, 1)
        assert 'href="?since=2026-03-30&amp;until=2026-04-30"' in page.text
        page = client.get(add, {**april, "since": "2026-03-30"})
        assert (page.context["count"], page.context["earlier"]) == (1, 0)

    @pytest.mark.parametrize(
        "period",
        [
            {"since": "x", "until": ""},
            {"since": "2026-03-01"},
            {"since": "9999-01-01", "until": "9999-12-31"},
        ],
    )
    def test_a_period_that_is_none_is_told(self, client, treasurer, period):
        page = client.get(reverse("admin:billing_siebatch_add"), period)

        assert page.context["form"].errors

    def test_a_payout_and_what_it_is_made_of(self, client, treasurer):
        invoice = issue_invoice()
        by_card(invoice, "pi_1")
        row = payout(amount="1610", movements=[("charge", "pi_1", "1645", "35")])

        page = client.get(reverse("admin:billing_stripepayout_change", args=[row.pk]))

        assert page.context["findings"] == []
        assert page.context["movements"][0]["payment"].invoice == invoice

    def test_as_many_queries_for_many_payouts(
        self, client, treasurer, django_assert_max_num_queries
    ):
        url = reverse("admin:billing_stripepayout_changelist")
        for number in range(12):
            payout(payout_id=f"po_{number}", movements=[("charge", f"pi_{number}", "100", "0")])

        with django_assert_max_num_queries(12):
            client.get(url)

    def test_others_see_none_of_it(self, client, onlooker):
        for name in ("siebatch_add", "siebatch_changelist", "siebatch_year-end"):
            assert client.get(reverse(f"admin:billing_{name}")).status_code == 403
