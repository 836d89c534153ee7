"""Joining and attending in one check-out, and what follows when the membership comes to nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Invoice
from events import jobs
from events.models import Booking, Event
from mail.models import Mail
from members.models import Application, Fee, Membership
from members.operations import confirm_application
from tests.events import pages
from tests.events.test_cart_pages import PAYER, check_out, names, put_in
from tests.factories import events as factory
from tests.factories import members

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ME = {"join_name": "Vera Vik", "join_email": "vera@byran.example", "join_employer": "Byrån"}


@pytest.fixture(autouse=True)
def _patience(settings: Any) -> None:
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


def conference() -> Event:
    now = timezone.now()
    return factory.conference(starts_at=now + 30 * DAY, published_at=now - DAY)


def join_in_cart(client: Client, event: Event) -> None:
    put_in(client, event)
    page = client.get(reverse("events:cart"))
    pages.press(client, page, reverse("events:join-too"))


def joined(client: Client, event: Event, **typed: str) -> Booking:
    join_in_cart(client, event)
    assert check_out(client, **ME, **typed).status_code == 302
    return Booking.objects.get(email="vera@byran.example")


def test_a_new_fee_is_told_at_once_where_it_is_agreed_to(client: Client, settings: Any) -> None:
    """Pages that nobody pays on may say the old one for some seconds; the cart never does."""
    settings.REMEMBERED_S = 60
    join_in_cart(client, conference())
    assert "1\xa0645\xa0kr" in client.get(reverse("events:cart")).content.decode()
    Fee.objects.filter(kind__code="ordinary").update(amount=2500)
    for name in ("cart", "checkout"):
        page = client.get(reverse(f"events:{name}")).content.decode()
        assert ("2\xa0500\xa0kr" in page, "1\xa0645\xa0kr" in page) == (True, False)


@pytest.mark.parametrize("seen", ["1645.00", "", None, "x", "sNaN"])
def test_nobody_agrees_to_a_fee_that_they_have_not_seen(client: Client, seen: str | None) -> None:
    join_in_cart(client, conference())
    Fee.objects.filter(kind__code="ordinary").update(amount=2500)
    page = check_out(client, **ME, fee=seen)
    assert page.status_code == 409
    assert "Ett pris har ändrats" in page.content.decode()
    assert "2\xa0500\xa0kr" in page.content.decode()
    assert "vera@byran.example" in page.content.decode()
    assert not Application.objects.exists()
    assert check_out(client, **ME).status_code == 302


def test_the_cart_tells_fee_saving_and_rule(client: Client) -> None:
    put_in(client, conference())
    before = pages.text(client.get(reverse("events:cart")))
    assert "1 645 kr" in before.replace("\xa0", " ")
    assert "1 000 kr" in before.replace("\xa0", " ")
    join_in_cart(client, conference())
    after = pages.text(client.get(reverse("events:cart"))).replace("\xa0", " ")
    assert "4 900 kr" in after


def test_a_visitor_joins_and_attends_at_the_members_price(client: Client) -> None:
    booking = joined(client, conference())
    assert (booking.state, booking.amount, booking.audience) == ("confirmed", 4900, "member")
    application = Application.objects.get()
    assert booking.application == application
    assert (application.email, application.state) == ("vera@byran.example", "unconfirmed")
    assert (application.payer, application.payer_name) == ("employer", PAYER["payer_name"])
    # The seat on one invoice at once; the fee on its own when the address is confirmed.
    assert [invoice.total for invoice in Invoice.objects.all()] == [4900]
    now = timezone.now()
    confirm_application(application=application, now=now, today=timezone.localdate(now))
    assert Membership.objects.get().invoice.total == 1645
    assert jobs.charge_who_did_not_join(now + 10 * DAY) == []


def test_a_colleague_in_the_same_cart_pays_the_price_for_everyone(client: Client) -> None:
    event = conference()
    join_in_cart(client, event)
    client.post(reverse("events:seats", args=[event.slug, "on_site"]), {"seats": "2"})
    page = client.get(reverse("events:checkout"))
    assert len([name for name in names(page) if name.startswith("name_")]) == 1
    assert check_out(client, **ME).status_code == 302
    amounts = dict(Booking.objects.values_list("audience", "amount"))
    assert amounts == {"member": 4900, "public": 5900}


def test_whoever_is_logged_in_is_a_member_at_once(client: Client) -> None:
    person = members.person()
    client.force_login(person)
    join_in_cart(client, conference())
    assert check_out(client).status_code == 302
    assert Membership.objects.get().user == person
    assert Booking.objects.get().amount == 4900
    assert {invoice.total for invoice in Invoice.objects.all()} == {4900, 1645}


def test_a_member_is_not_offered_to_join(client: Client) -> None:
    client.force_login(members.membership(starts_on=timezone.localdate() - 9 * DAY).user)
    put_in(client, conference())
    assert reverse("events:join-too") not in client.get(reverse("events:cart")).content.decode()
    client.post(reverse("events:join-too"), {"joins": "yes"})
    assert check_out(client).status_code == 302
    assert not Application.objects.exists()


def test_taken_out_again_the_price_is_everyones(client: Client) -> None:
    join_in_cart(client, conference())
    page = client.get(reverse("events:cart"))
    pages.press(client, page, reverse("events:join-too"))
    check_out(client)
    assert Booking.objects.get().amount == 5900
    assert not Application.objects.exists()


@pytest.mark.parametrize("why", ["not confirmed", "rejected"])
def test_no_membership_in_the_end_the_difference_is_invoiced_once(client: Client, why: str) -> None:
    booking, now = joined(client, conference()), timezone.now()
    if why == "rejected":
        Application.objects.update(
            state="rejected", confirmed_at=now, decided_at=now, user=members.person()
        )
    else:
        assert jobs.charge_who_did_not_join(now + 2 * DAY) == []
    later = now + (DAY if why == "rejected" else 4 * DAY)
    assert jobs.charge_who_did_not_join(later, dry_run=True) == [booking]
    assert jobs.charge_who_did_not_join(later) == [booking]
    assert jobs.charge_who_did_not_join(later) == []
    totals = sorted(Invoice.objects.values_list("total", flat=True))
    assert totals == [1000, 4900]
    assert Invoice.objects.get(total=1000).customer_name == PAYER["payer_name"]
    mail = Mail.objects.get(key__contains="did-not-join")
    assert mail.to == "vera@byran.example"


def test_who_was_a_member_all_along_owes_nothing(client: Client) -> None:
    """Joined with the address of an account, not logged in: the mail is never followed."""
    person = members.person(email="vera@byran.example")
    members.membership(person, starts_on=timezone.localdate() - 9 * DAY)
    joined(client, conference())
    assert jobs.charge_who_did_not_join(timezone.now() + 5 * DAY) == []
