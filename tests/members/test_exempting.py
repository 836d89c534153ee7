"""The board lets somebody off the fee; staff moves an invoice for somebody who asks by phone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from members import operations, roles
from members.models import FeeExemption, Membership, User
from members.standing import FeeState, fee_state
from tests.factories import billing
from tests.factories import members as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 20)


def exempt(row: Membership, *, by: User | None = None, until: date | None = None) -> FeeExemption:
    return operations.exempt(
        membership=row, reason="Hedersmedlem", until=until, by=by or make.staff(), today=TODAY
    )


def reread(row: Membership) -> Membership:
    return Membership.objects.with_fee().get(pk=row.pk)


def test_an_unpaid_fee_is_credited_and_the_year_goes_on() -> None:
    row = make.membership(paid=False)
    exempt(row)
    assert billing.balance(row.invoice) == 0
    row = reread(row)
    assert (row.invoice, row.exempt_reason, row.ended_on) == (None, "Hedersmedlem", None)
    assert fee_state(row, TODAY) is FeeState.FREE


def test_a_paid_year_stays_paid_and_the_next_costs_nothing() -> None:
    row = make.membership()
    exempt(row)
    assert reread(row).invoice == row.invoice
    renewals = []
    operations.issue_renewals(today=date(2027, 2, 10), told=renewals.extend)
    [renewal] = renewals
    assert (renewal.year.fee, renewal.membership.invoice) == (0, None)


def test_it_ends_with_its_day() -> None:
    exempt(make.membership(), until=date(2027, 3, 1))
    renewals = []
    operations.issue_renewals(today=date(2027, 2, 10), told=renewals.extend)
    [renewal] = renewals
    assert renewal.year.fee == 1645


def test_an_exemption_noted_earlier_forgives_what_is_unpaid() -> None:
    row, by = make.membership(paid=False), make.staff()
    noted = FeeExemption.objects.create(user=row.user, reason="Styrelsen", starts_on=row.starts_on)
    assert exempt(row, by=by) == noted
    assert (reread(row).invoice, reread(row).exempt_reason) == (None, "Styrelsen")
    assert billing.balance(row.invoice) == 0


def test_twice_is_once() -> None:
    row, by = make.membership(paid=False), make.staff()
    assert exempt(row, by=by) == exempt(row, by=by)
    assert FeeExemption.objects.get().decided_by == by
    assert row.invoice.credit_notes.count() == 1


def test_no_reason_no_exemption() -> None:
    with pytest.raises(operations.ReasonMissing):
        operations.exempt(
            membership=make.membership(), reason=" ", until=None, by=make.staff(), today=TODAY
        )


def test_others_exempt_nobody() -> None:
    with pytest.raises(PermissionDenied):
        exempt(make.membership(), by=make.staff(roles.TREASURER))


@pytest.fixture
def secretary(client) -> User:
    person = make.staff()
    client.force_login(person)
    return person


def page_url(name: str, row: Membership) -> str:
    return reverse(f"admin:members_membership_{name}", args=[row.pk])


def test_the_page_says_what_and_does_it(client, secretary) -> None:
    row = make.membership(starts_on=timezone.localdate(), paid=False)
    assert "1\xa0645\xa0kr" in client.get(page_url("exempt", row)).content.decode()
    assert client.post(page_url("exempt", row), {"reason": ""}).context["form"].errors
    assert client.post(page_url("exempt", row), {"reason": "x", "until": "igår"}).status_code == 200
    client.post(page_url("exempt", row), {"reason": "Styrelsen 3 mars"})
    assert reread(row).exempt_reason == "Styrelsen 3 mars"


def test_staff_moves_an_invoice_after_a_look(client, secretary) -> None:
    row = make.membership(starts_on=timezone.localdate(), paid=False)
    make.employer(row.user)
    assert "Kanslibyrån" in client.get(page_url("move", row)).content.decode()
    assert reread(row).invoice == row.invoice
    client.post(page_url("move", row))
    assert reread(row).invoice.customer_name == "Kanslibyrån i Umeå AB"


def test_a_paid_invoice_is_not_moved(client, secretary) -> None:
    row = make.membership(starts_on=timezone.localdate() - timedelta(3))
    assert client.get(page_url("move", row)).context["decision"].obstacles
    client.post(page_url("move", row))
    assert reread(row).invoice == row.invoice
