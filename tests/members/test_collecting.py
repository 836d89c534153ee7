"""One invoice to an employer for several members."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from billing.models import Invoice
from members import operations, roles
from members.models import Membership, User
from members.overview import for_person
from members.standing import FeeState, fee_state
from tests.factories import billing
from tests.factories import members as make

pytestmark = pytest.mark.django_db

STARTS = date(2026, 3, 2)
TODAY = date(2026, 3, 20)


def colleague(name: str = "Anna Ek", *, starts_on: date = STARTS, **changes) -> Membership:
    person = make.person(name=name)
    make.employer(person, **changes)
    return make.membership(person, starts_on=starts_on, paid=False)


def collect(*rows: Membership, by: User | None = None, **more) -> Invoice:
    return operations.collect_fees(memberships=rows, by=by or make.staff(), today=TODAY, **more)


def reread(row: Membership) -> Membership:
    return Membership.objects.with_fee().get(pk=row.pk)


def test_one_invoice_takes_the_place_of_many() -> None:
    rows = [colleague("Anna Ek"), colleague("Bo Ek"), colleague("Carl Ek")]
    invoice = collect(*rows, reference="Avd 9", order_number="PO 1")
    assert (invoice.total, invoice.customer_name) == (Decimal(4935), "Kanslibyrån i Umeå AB")
    assert (invoice.customer_reference, invoice.order_number) == ("Avd 9", "PO 1")
    assert invoice.buyer is None
    assert [billing.balance(row.invoice) for row in rows] == [0, 0, 0]
    assert [reread(row).invoice for row in rows] == [invoice] * 3
    details = invoice.lines.order_by("position").values_list("detail", flat=True)
    assert [line.split(",")[0] for line in details] == ["Anna Ek", "Bo Ek", "Carl Ek"]


def test_paid_once_all_have_paid() -> None:
    rows = [colleague("Anna Ek"), colleague("Bo Ek")]
    billing.pay(collect(*rows))
    assert {fee_state(reread(row), TODAY) for row in rows} == {FeeState.PAID}


def test_pressing_twice_collects_once() -> None:
    rows, by = [colleague("Anna Ek"), colleague("Bo Ek")], make.staff()
    collect(*rows, by=by)
    with pytest.raises(operations.NotOneInvoice):
        collect(*rows, by=by)
    assert Invoice.objects.invoices().count() == 3


@pytest.mark.parametrize(
    "make_other",
    [
        lambda: colleague("Bo Ek", organisation_number="5560360793"),
        lambda: colleague("Bo Ek", email="annan@kansli.example"),
        lambda: make.membership(make.person(name="Bo Ek"), paid=False),
        lambda: make.membership(make.employer(make.person(name="Bo Ek")).user, paid=True),
        lambda: make.membership(make.employer(make.person(name="Bo Ek")).user, fee=None),
    ],
)
def test_what_does_not_belong_together_is_refused(make_other) -> None:
    row = colleague("Anna Ek")
    with pytest.raises(operations.NotOneInvoice):
        collect(row, make_other())
    assert reread(row).invoice == row.invoice
    assert not Invoice.objects.filter(kind="credit").exists()


def test_one_alone_is_no_collection() -> None:
    with pytest.raises(operations.NotOneInvoice):
        collect(colleague())


def test_the_editor_collects_nothing() -> None:
    with pytest.raises(PermissionDenied):
        collect(colleague("Anna Ek"), colleague("Bo Ek"), by=make.staff(roles.EDITOR))


def test_who_leaves_takes_their_own_line_along() -> None:
    rows = [colleague("Anna Ek"), colleague("Bo Ek")]
    invoice = collect(*rows)
    user = rows[0].user
    operations.leave(user=user, by=user, now=timezone.now(), today=TODAY)
    assert billing.balance(invoice) == Decimal(1645)
    assert reread(rows[1]).ended_on is None
    assert fee_state(reread(rows[1]), TODAY) is FeeState.OPEN


def test_unpaid_too_long_ends_all_of_them_and_credits_each_line_once() -> None:
    rows = [colleague("Anna Ek"), colleague("Bo Ek")]
    invoice = collect(*rows)
    late = invoice.due_on + timedelta(days=46)
    assert operations.end_memberships(today=late) == 2
    assert billing.balance(invoice) == 0
    assert invoice.credit_notes.count() == 2
    assert operations.end_memberships(today=late) == 0


def test_a_new_job_takes_one_line_to_the_new_payer() -> None:
    rows = [colleague("Anna Ek"), colleague("Bo Ek")]
    invoice = collect(*rows)
    user = rows[0].user
    details = user.billing_details
    details.name, details.email = "Nya jobbet AB", "nya@example.org"
    details.save()
    moved = operations.move_invoice(user=user, by=user, today=TODAY)
    assert (moved.customer_name, moved.total, moved.buyer) == ("Nya jobbet AB", Decimal(1645), user)
    assert billing.balance(invoice) == Decimal(1645)
    with pytest.raises(operations.MovedAlready):
        operations.move_invoice(user=user, by=user, today=TODAY)


def test_nobody_sees_the_names_of_colleagues(client) -> None:
    today = timezone.localdate()
    rows = [colleague(name, starts_on=today) for name in ("Anna Ek", "Bo Ek")]
    invoice = operations.collect_fees(memberships=rows, by=make.staff(), today=today)
    user = rows[0].user
    overview = for_person(user, timezone.localdate())
    assert (overview.open_invoice, overview.paid_by_another) == (None, "Kanslibyrån i Umeå AB")
    client.force_login(user)
    page = client.get(reverse("my-pages"))
    assert invoice.number not in [row.number for row in page.context["invoices"]]
    assert "Bo Ek" not in page.content.decode()


# --- At renewal ---------------------------------------------------------------------------------


def agreed(name: str, *, starts_on: date = STARTS, **changes) -> Membership:
    person = make.person(name=name)
    make.employer(person, is_collective=True, **changes)
    return make.membership(person, starts_on=starts_on)


SOON = date(2027, 2, 5)


def renew(today: date) -> list[operations.Renewal]:
    renewals: list[operations.Renewal] = []
    operations.issue_renewals(today=today, told=renewals.extend)
    return renewals


def test_those_who_agreed_are_renewed_on_one_invoice() -> None:
    agreed("Anna Ek")
    agreed("Bo Ek", starts_on=STARTS + timedelta(days=20))
    agreed("Carl Ek", starts_on=STARTS + timedelta(days=60))
    agreed("Doris Ek", email="annan@kansli.example")
    other = make.person(name="Eva Ek")
    make.employer(other)
    make.membership(other, starts_on=STARTS)
    renewals = renew(SOON)
    by_name = {one.earlier.user.name: one.membership for one in renewals}
    assert set(by_name) == {"Anna Ek", "Bo Ek", "Doris Ek", "Eva Ek"}
    together = by_name["Anna Ek"].invoice
    assert together == by_name["Bo Ek"].invoice
    assert together.total == Decimal(3290)
    assert by_name["Eva Ek"].invoice.total == by_name["Doris Ek"].invoice.total == Decimal(1645)
    assert by_name["Bo Ek"].starts_on == date(2027, 3, 22)


def test_a_second_night_and_a_look_ahead_change_nothing() -> None:
    agreed("Anna Ek")
    agreed("Bo Ek")
    assert operations.issue_renewals(today=SOON, dry_run=True) == 2
    assert Membership.objects.count() == 2
    assert operations.issue_renewals(today=SOON) == 2
    assert operations.issue_renewals(today=SOON) == 0
    assert operations.issue_renewals(today=SOON + timedelta(days=1)) == 0


def test_nobody_is_due_before_the_first_of_them_is() -> None:
    agreed("Anna Ek", starts_on=STARTS + timedelta(days=20))
    agreed("Bo Ek", starts_on=STARTS + timedelta(days=21))
    assert operations.issue_renewals(today=SOON) == 0


def test_the_exempt_stand_on_no_invoice() -> None:
    rows = [agreed("Anna Ek"), agreed("Bo Ek"), agreed("Carl Ek")]
    rows[0].user.fee_exemptions.create(reason="Hedersmedlem", starts_on=date(2027, 1, 1))
    renewals = renew(SOON)
    invoices = {one.earlier.user.name: one.membership.invoice for one in renewals}
    assert invoices["Anna Ek"] is None
    assert invoices["Bo Ek"].lines.count() == 2


# --- The page -----------------------------------------------------------------------------------


@pytest.fixture
def secretary(client) -> User:
    person = make.staff()
    client.force_login(person)
    return person


def test_staff_choose_look_and_issue(client, secretary) -> None:
    rows = [colleague("Anna Ek"), colleague("Bo Ek")]
    chosen = {"action": "collect", "_selected_action": [row.pk for row in rows]}
    page = client.post(reverse("admin:members_membership_changelist"), chosen, follow=True)
    assert "3\xa0290\xa0kr" in page.content.decode()
    assert Invoice.objects.invoices().count() == 2
    url = page.redirect_chain[-1][0]
    client.post(url, {"reference": "", "order_number": ""})
    assert reread(rows[0]).invoice == reread(rows[1]).invoice


def test_what_stands_against_it_is_told(client, secretary) -> None:
    url = reverse("admin:members_membership_collect")
    page = client.get(url, {"ids": f"{colleague().pk},{make.membership().pk}"})
    assert page.context["decision"].obstacles
    assert client.get(url, {"ids": "x,99999999999999999999"}).status_code == 302


def test_the_member_says_yes_on_the_payers_page(client) -> None:
    row = colleague(starts_on=timezone.localdate())
    client.force_login(row.user)
    answers = {
        "payer": "employer",
        "name": "Kanslibyrån i Umeå AB",
        "organisation_number": "802999-9995",
        "street": "Storgatan 1",
        "postcode": "90321",
        "city": "Umeå",
        "is_collective": "on",
    }
    client.post(reverse("members:payer"), answers)
    row.user.billing_details.refresh_from_db()
    assert row.user.billing_details.is_collective
    client.post(reverse("members:payer"), {**answers, "payer": "private"})
    row.user.billing_details.refresh_from_db()
    assert not row.user.billing_details.is_collective
