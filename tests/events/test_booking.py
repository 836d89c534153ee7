"""From held to booked: one click, or the check-out of a cart."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from billing.models import Invoice
from events import links, operations
from events.models import Booking, BookingTerms
from events.models.terms import AcceptedTerms
from events.operations import Attendee, CheckedOut
from events.refusals import (
    BookingRefused,
    CartChanged,
    CartIsEmpty,
    EventFull,
    NoPriceForYou,
    NotFree,
    PayerMissing,
    PriceChanged,
    SameAddressTwice,
    SeatLapsed,
    TermsNotAccepted,
)
from mail.models import Mail
from members.models import User
from tests.factories import events as factory
from tests.factories import members
from tests.factories.events import HOUR, NOW, TODAY

pytestmark = pytest.mark.django_db


def member(**changes: Any) -> User:
    return members.membership(members.person(**changes), starts_on=TODAY).user


def mails() -> list[tuple[str, str]]:
    """What lies in the queue of this room, by what it is and to whom."""
    rows = Mail.objects.filter(key__startswith="booking-").order_by("pk")
    return [(mail.key.split(":")[0], mail.to) for mail in rows]


# --- One click ------------------------------------------------------------------------------


def test_a_member_books_a_free_seat_in_one_click() -> None:
    event, person = factory.event(), member()
    operations.book_free(event=event, mode="on_site", by=person, now=NOW)
    booking = Booking.objects.get()
    assert (booking.state, booking.seat, booking.held_until) == ("confirmed", 1, None)
    assert (booking.user, booking.name, booking.email) == (person, person.name, person.email)
    assert (booking.amount, booking.audience, booking.confirmed_at) == (Decimal(0), "member", NOW)
    assert booking.cart is None
    assert mails() == [("booking-confirmed", person.email)]
    assert not Invoice.objects.filter(source__startswith="cart").exists()


def test_two_clicks_are_one_seat_and_one_mail() -> None:
    event, person = factory.event(), member()
    first, second = (
        operations.book_free(event=event, mode="on_site", by=person, now=NOW) for _ in range(2)
    )
    assert first == second
    assert len(mails()) == 1


def test_the_one_click_takes_the_seat_that_lies_in_the_cart() -> None:
    event, person, cart = factory.event(), member(), factory.cart()
    other = factory.hold(factory.conference(), by=person, cart=cart)
    held = factory.hold(event, by=person, cart=cart)
    assert operations.book_free(event=event, mode="on_site", by=person, now=NOW) == held
    assert operations.checked_out(cart) is None
    assert list(Booking.objects.in_cart(cart, person)) == [other]


def test_what_costs_something_is_not_booked_in_one_click() -> None:
    with pytest.raises(NotFree):
        operations.book_free(event=factory.event(), mode="on_site", by=members.person(), now=NOW)
    assert Booking.objects.count() == 0


def test_a_full_event_is_not_booked_in_one_click() -> None:
    event = factory.event(capacity=1)
    factory.fill(event)
    with pytest.raises(EventFull):
        operations.book_free(event=event, mode="on_site", by=member(), now=NOW)


def test_an_overdue_member_has_no_free_seat() -> None:
    late = members.membership(starts_on=TODAY.replace(month=1), paid=False)
    with pytest.raises(NotFree):
        operations.book_free(event=factory.event(), mode="on_site", by=late.user, now=NOW)


# --- Check-out ------------------------------------------------------------------------------


def check_out(cart: uuid.UUID, *held: Booking, **changes: Any) -> CheckedOut:
    """As the page sends it: every held seat seen, a name for each that is nobody's own."""
    attendees = {b.public_id: factory.attendee() for b in held if b.user is None}
    return operations.check_out(
        **{
            "cart": cart,
            "by": None,
            "attendees": attendees,
            "payer": factory.payer(),
            "seen": {b.public_id: b.amount for b in held},
            "terms": factory.terms(),
            "now": NOW,
            **changes,
        }
    )


def test_a_guest_books_the_conference_and_gets_an_invoice() -> None:
    event, cart = factory.conference(), factory.cart()
    held = factory.hold(event, cart=cart)
    guest = Attendee(name="Görel Gäst", email="Gorel@Byran.example", employer="Byrån AB")
    done = check_out(cart, held, attendees={held.public_id: guest})
    booking = Booking.objects.get()
    assert (booking.state, booking.held_until, booking.confirmed_at) == ("confirmed", None, NOW)
    assert (booking.name, booking.email) == ("Görel Gäst", "gorel@byran.example")
    assert (booking.employer, booking.terms, booking.cart) == ("Byrån AB", factory.terms(), cart)
    assert (booking.amount, booking.audience) == (Decimal(5900), "public")
    assert done.invoice is not None
    assert (done.invoice.total, done.invoice.source) == (Decimal(5900), f"cart:{cart}")
    assert done.invoice.customer_name == factory.payer().name
    assert (done.invoice.issued_on, done.invoice.buyer) == (TODAY, None)
    line = done.invoice.lines.get()
    assert booking.invoice_line == line
    assert (line.text, line.product_code) == ("Nordic Privacy Arena", "conference")
    assert line.detail == "onsdag 1 april 2026, Görel Gäst"
    assert mails() == [("booking-confirmed", "gorel@byran.example")]
    assert Mail.objects.filter(key=f"invoice:{done.invoice.pk}").count() == 1


def test_the_invoice_has_one_line_for_each_seat_that_costs() -> None:
    conference, seminar = factory.conference(), factory.event(prices={"public": "0"})
    cart = factory.cart()
    first = factory.hold(conference, cart=cart)
    free = factory.hold(seminar, cart=cart)
    more = operations.hold_for_others(
        event=conference, mode="on_site", cart=cart, by=None, seats=3, now=NOW
    )
    done = check_out(cart, free, *more)
    assert first in more
    assert done.invoice is not None
    assert done.invoice.total == Decimal(17700)
    lines = list(done.invoice.lines.order_by("position"))
    assert [booking.invoice_line for booking in done.bookings if booking.amount] == lines
    free.refresh_from_db()
    assert (free.state, free.invoice_line) == ("confirmed", None)


def test_a_cart_that_costs_nothing_makes_no_invoice() -> None:
    cart = factory.cart()
    held = factory.hold(factory.event(prices={"public": "0"}), cart=cart)
    done = check_out(cart, held, payer=None)
    assert (done.invoice, Invoice.objects.count()) == (None, 0)
    assert [booking.state for booking in done.bookings] == ["confirmed"]


def test_sent_again_the_same_bookings_and_invoice_come_back() -> None:
    cart = factory.cart()
    held = factory.hold(factory.conference(), cart=cart)
    first = check_out(cart, held)
    for again in (check_out(cart, held), check_out(cart), check_out(cart, seen={}, terms=None)):
        assert (list(again.bookings), again.invoice) == (list(first.bookings), first.invoice)
    assert (Booking.objects.count(), Invoice.objects.count(), len(mails())) == (1, 1, 1)


def test_ones_own_seat_takes_the_accounts_name_and_price() -> None:
    person, cart = member(), factory.cart()
    event = factory.conference()
    own = factory.hold(event, by=person, cart=cart)
    (other,) = operations.hold_for_others(
        event=event, mode="on_site", cart=cart, by=person, seats=1, now=NOW
    )
    done = check_out(cart, own, other, by=person)
    own.refresh_from_db()
    assert (own.name, own.email, own.user) == (person.name, person.email, person)
    assert done.invoice is not None
    assert (done.invoice.total, done.invoice.buyer) == (Decimal(10800), person)


def test_a_cart_filled_before_the_log_in_gets_the_members_price() -> None:
    """The first seat of the event becomes one's own; the new price must have been seen."""
    person, cart = member(), factory.cart()
    held = factory.hold(factory.conference(), cart=cart)
    with pytest.raises(PriceChanged):
        check_out(cart, held, by=person, attendees={})
    done = check_out(cart, held, by=person, attendees={}, seen={held.public_id: Decimal(4900)})
    assert [(b.user, b.amount) for b in done.bookings] == [(person, Decimal(4900))]


def test_the_carts_of_one_persons_browsers_are_checked_out_together() -> None:
    person, here, there = member(), factory.cart(), factory.cart()
    one = factory.hold(factory.conference(), by=person, cart=here)
    two = factory.hold(factory.event(), by=person, cart=there)
    done = check_out(here, one, two, by=person)
    assert [booking.cart for booking in done.bookings] == [here, here]


def test_a_late_cart_that_nobody_disturbed_is_checked_out() -> None:
    cart = factory.cart()
    held = factory.hold(factory.conference(), cart=cart)
    assert check_out(cart, held, now=NOW + HOUR).invoice is not None


def test_a_seat_that_another_got_is_told_and_nothing_is_booked() -> None:
    event, cart = factory.conference(capacity=1), factory.cart()
    held = factory.hold(event, cart=cart)
    kept = factory.hold(factory.conference(), cart=cart)
    factory.hold(event, now=NOW + HOUR)
    with pytest.raises(SeatLapsed):
        check_out(cart, held, kept, now=NOW + HOUR)
    kept.refresh_from_db()
    assert (kept.state, Invoice.objects.count()) == ("held", 0)


def test_a_cart_lost_to_the_clock_says_so() -> None:
    cart = factory.cart()
    held = factory.hold(factory.conference(), cart=cart)
    operations.sweep_seats(now=NOW + HOUR)
    with pytest.raises(SeatLapsed):
        check_out(cart, held, now=NOW + HOUR)


def test_a_price_that_changed_is_told_before() -> None:
    event, cart = factory.conference(), factory.cart()
    held = factory.hold(event, cart=cart)
    event.prices.filter(audience="public").update(amount=Decimal(6400))
    with pytest.raises(PriceChanged):
        check_out(cart, held)
    done = check_out(cart, held, seen={held.public_id: Decimal(6400)})
    assert [booking.amount for booking in done.bookings] == [Decimal(6400)]


def test_a_membership_that_became_overdue_changes_the_price() -> None:
    year = members.membership(starts_on=TODAY, paid=False)
    cart, after = factory.cart(), NOW + 31 * 24 * HOUR
    event = factory.conference(starts_at=after + 10 * HOUR)
    held = factory.hold(event, by=year.user, cart=cart)
    assert held.amount == Decimal(4900)
    with pytest.raises(PriceChanged):
        check_out(cart, held, by=year.user, now=after)


def test_members_only_is_refused_when_the_membership_is_gone() -> None:
    year = members.membership(starts_on=TODAY)
    cart = factory.cart()
    held = factory.hold(factory.event(prices={"member": "100"}), by=year.user, cart=cart)
    year.ended_on, year.ended_why = TODAY.replace(day=1), "by_staff"
    year.save()
    with pytest.raises(NoPriceForYou):
        check_out(cart, held, by=year.user)


def test_a_seat_put_in_meanwhile_must_be_seen() -> None:
    cart = factory.cart()
    held = factory.hold(factory.conference(), cart=cart)
    factory.hold(factory.conference(), cart=cart)
    with pytest.raises(CartChanged):
        check_out(cart, held)


MISSING: dict[str, tuple[dict[str, Any], type[BookingRefused]]] = {
    "names": ({"attendees": {}}, CartChanged),
    "payer": ({"payer": None}, PayerMissing),
    "terms": ({"terms": None}, TermsNotAccepted),
}


@pytest.mark.parametrize(("changes", "refusal"), MISSING.values(), ids=MISSING)
def test_nothing_is_booked_without(changes: dict[str, Any], refusal: type[BookingRefused]) -> None:
    cart = factory.cart()
    held = factory.hold(factory.conference(), cart=cart)
    with pytest.raises(refusal):
        check_out(cart, held, **changes)
    held.refresh_from_db()
    assert (held.state, Invoice.objects.count(), mails()) == ("held", 0, [])


def test_an_empty_cart_is_not_checked_out() -> None:
    with pytest.raises(CartIsEmpty):
        check_out(factory.cart())


def test_nobody_checks_out_anothers_cart() -> None:
    cart = factory.cart()
    held = factory.hold(factory.conference(), cart=cart)
    with pytest.raises(CartIsEmpty):
        check_out(factory.cart(), held, by=members.person())


def test_two_seats_at_one_event_need_two_addresses() -> None:
    event, cart = factory.conference(), factory.cart()
    held = operations.hold_for_others(
        event=event, mode="on_site", cart=cart, by=None, seats=2, now=NOW
    )
    same = {
        held[0].public_id: factory.attendee(email="a@byran.example"),
        held[1].public_id: factory.attendee(email="A@byran.example"),
    }
    with pytest.raises(SameAddressTwice):
        check_out(cart, *held, attendees=same)


def test_an_address_that_has_a_seat_already_is_not_told_to_strangers() -> None:
    """A refusal would tell who is coming; the person gets two confirmations and cancels one."""
    event, cart = factory.conference(), factory.cart()
    factory.confirmed(event, email="anna@byran.example")
    held = factory.hold(event, cart=cart)
    who = factory.attendee(email="anna@byran.example")
    done = check_out(cart, held, attendees={held.public_id: who})
    assert [booking.state for booking in done.bookings] == ["confirmed"]


def test_who_was_booked_by_another_is_told_by_whom() -> None:
    person, cart = member(name="Bo Bokare"), factory.cart()
    event = factory.conference()
    own = factory.hold(event, by=person, cart=cart)
    (other,) = operations.hold_for_others(
        event=event, mode="on_site", cart=cart, by=person, seats=1, now=NOW
    )
    check_out(cart, own, other, by=person)
    texts = {mail.to: mail.text for mail in Mail.objects.filter(key__startswith="booking-")}
    other.refresh_from_db()
    assert "Bo Bokare" in texts[other.email].split(other.name)[0]
    assert "has booked" not in texts[person.email]


def test_the_mail_brings_the_calendar_file_and_the_link() -> None:
    cart = factory.cart()
    held = factory.hold(factory.conference(), cart=cart)
    check_out(cart, held)
    mail = Mail.objects.get(key__startswith=f"booking-confirmed:{held.pk}:")
    assert mail.attachments == [["booking-calendar", {"booking_id": held.pk, "language": "sv"}]]
    assert links.booking_url(held, "sv") in mail.text


def test_the_history_of_a_booking_tells_its_way() -> None:
    event, person = factory.event(), member()
    booking = operations.book_free(event=event, mode="on_site", by=person, now=NOW)
    told = [(row.state, row.history_user) for row in booking.history.order_by("history_id")]
    assert told == [("held", person), ("confirmed", person)]


def test_accepted_terms_never_change() -> None:
    cart = factory.cart()
    check_out(cart, factory.hold(factory.conference(), cart=cart))
    terms: BookingTerms = factory.terms()
    terms.body_sv = "Annat"
    with pytest.raises(AcceptedTerms):
        terms.save()


def test_an_account_has_one_seat_by_the_databases_own_rule() -> None:
    event, person = factory.event(), members.person()
    factory.confirmed(event, user=person)
    with pytest.raises(IntegrityError, match=r"booking_once_an_account|event_id.*user_id"):
        factory.confirmed(event, user=person)
