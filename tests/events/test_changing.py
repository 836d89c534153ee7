"""A seat that goes to somebody else, to another date, or to its full price."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.models import Invoice
from events import differences, jobs, operations
from events.models import Booking, Event, Needs
from events.refusals import (
    AlreadyBooked,
    EventFull,
    MembersSeat,
    NoDifference,
    NotBookable,
    OtherPrice,
    SameAddressTwice,
    TooLateToCancel,
    WrongState,
)
from mail.models import Mail
from members.models import User
from tests.factories import billing, members
from tests.factories import events as factory
from tests.factories.events import DAY, HOUR, NOW, TODAY

pytestmark = pytest.mark.django_db


def sent(key: str) -> list[str]:
    return list(Mail.objects.filter(key__contains=key).values_list("to", flat=True))


# --- Somebody else --------------------------------------------------------------------------


def swap(booking: Booking, **changes: Any) -> Booking:
    person = changes.pop("person", factory.attendee(email="Vera@byran.example", name="Vera"))
    return operations.swap_attendee(**{"booking": booking, "person": person, "by": None} | changes)


def test_somebody_else_comes_and_the_old_link_is_dead() -> None:
    booking = factory.confirmed(factory.event(asks_needs=True), name="Bo", email="bo@byran.example")
    Needs.objects.create(booking=booking, diet="vegan", consented_at=NOW)
    number, seat = booking.public_id, booking.seat
    swapped = swap(booking, now=NOW)
    assert (swapped.name, swapped.email, swapped.seat) == ("Vera", "vera@byran.example", seat)
    assert swapped.public_id != number
    assert not Needs.objects.exists()
    assert sent("swapped-out") == ["bo@byran.example"]
    assert sent("booking-confirmed") == ["vera@byran.example"]


def test_a_members_seat_is_not_handed_on() -> None:
    person = members.membership(starts_on=TODAY).user
    booking = operations.book_free(event=factory.event(), mode="on_site", by=person, now=NOW)
    with pytest.raises(MembersSeat):
        swap(booking, now=NOW)
    same_for_all = factory.event(prices={"public": "0"})
    free = operations.book_free(event=same_for_all, mode="on_site", by=person, now=NOW)
    swapped = swap(free, by=person, now=NOW)
    assert (swapped.user, swapped.booked_by) == (None, person)


def test_not_to_whoever_has_a_seat_and_not_when_it_has_begun() -> None:
    event, cart = factory.event(), factory.cart()
    booking = factory.confirmed(event, cart=cart)
    there = factory.confirmed(event, cart=cart)
    with pytest.raises(SameAddressTwice):
        swap(booking, person=factory.attendee(email=there.email.upper()), now=NOW)
    with pytest.raises(WrongState):
        swap(booking, now=event.starts_at)


def test_a_refusal_does_not_tell_who_else_is_coming() -> None:
    event = factory.event()
    booking, stranger = factory.confirmed(event), factory.confirmed(event)
    asked = swap(booking, person=factory.attendee(email=stranger.email), now=NOW)
    assert (asked.pk, asked.email) == (booking.pk, stranger.email)


# --- Another date ---------------------------------------------------------------------------


def free_for_all(**changes: Any) -> Event:
    return factory.event(prices={"public": "0"}, **changes)


def move(booking: Booking, to: Event, **changes: Any) -> Booking:
    return operations.move_booking(
        **{"booking": booking, "to": to, "by": None, "now": NOW} | changes
    )


def test_moved_the_seat_is_free_for_who_waits() -> None:
    event, other = free_for_all(capacity=1), free_for_all()
    booking = factory.confirmed(event, seat=1)
    waiter = factory.waiting(event)
    moved = move(booking, other)
    assert (moved.event, moved.seat, moved.public_id) == (other, 1, booking.public_id)
    waiter.refresh_from_db()
    assert waiter.state == "offered"
    assert sent("booking-moved") == [booking.email]
    assert move(moved, other) == moved
    assert len(sent("booking-moved")) == 1


def test_moved_to_and_fro_each_move_is_told() -> None:
    event, other = free_for_all(), free_for_all()
    booking = factory.confirmed(event)
    for minute, to in enumerate([other, event, other]):
        move(booking, to, now=NOW + timedelta(minutes=minute))
    assert sent("booking-moved") == [booking.email] * 3


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"capacity": 0}, EventFull),
        ({"kind": "meeting"}, NotBookable),
        ({"published_at": None}, NotBookable),
        ({"starts_at": NOW - DAY}, NotBookable),
        ({"prices": {"public": "100"}}, OtherPrice),
    ],
)
def test_where_a_seat_cannot_be_moved_to(other: dict[str, Any], refusal: type[Exception]) -> None:
    booking = factory.confirmed(free_for_all())
    with pytest.raises(refusal):
        move(booking, factory.event(**{"prices": {"public": "0"}, **other}))
    booking.refresh_from_db()
    assert booking.event.title_sv != ""


def test_nobody_has_two_seats_or_moves_too_late() -> None:
    booking, other = factory.confirmed(free_for_all()), free_for_all()
    with pytest.raises(TooLateToCancel):
        move(booking, other, now=booking.event.starts_at)
    factory.confirmed(other, email=booking.email)
    with pytest.raises(AlreadyBooked):
        move(booking, other)


def test_dates_to_move_to_are_alike_and_have_seats() -> None:
    booking, other = factory.confirmed(free_for_all()), free_for_all()
    factory.event(capacity=0)
    factory.conference()
    assert operations.dates_to_move_to(booking, NOW) == [other]


# --- The full price -------------------------------------------------------------------------


def seat_of_lapsed(event: Event | None = None, **changes: Any) -> tuple[Booking, User]:
    """Booked free as a member whose year ends before the event."""
    year = members.membership(starts_on=TODAY - 360 * DAY)
    event = event or factory.event(starts_at=NOW + 30 * DAY, **changes)
    booking = operations.book_free(event=event, mode="on_site", by=year.user, now=NOW)
    return booking, year.user


LATER = NOW + 20 * DAY


def test_who_has_lapsed_is_told_once() -> None:
    booking, person = seat_of_lapsed()
    assert jobs.look_at_prices_again(NOW) == []
    assert jobs.look_at_prices_again(LATER, dry_run=True) == [booking]
    assert sent("lapsed-price") == []
    assert jobs.look_at_prices_again(LATER) == [booking]
    assert jobs.look_at_prices_again(LATER + DAY) == []
    assert sent("lapsed-price") == [person.email]


def test_who_has_renewed_is_not_told() -> None:
    booking, person = seat_of_lapsed()
    members.membership(person, starts_on=TODAY + 10 * DAY)
    assert jobs.look_at_prices_again(LATER) == []
    assert not differences.has_lapsed_price(booking, LATER)


def test_the_same_price_for_everyone_lapses_for_nobody() -> None:
    seat_of_lapsed(factory.event(prices={"member": "0", "public": "0"}))
    assert jobs.look_at_prices_again(LATER) == []


@pytest.mark.parametrize("people", [1, 8])
def test_however_many_are_looked_at_it_takes_the_same_queries(
    people: int, django_assert_num_queries: Any
) -> None:
    event = factory.event(starts_at=NOW + 30 * DAY, capacity=20)
    for _n in range(people):
        seat_of_lapsed(event)
    with django_assert_num_queries(5):
        told = jobs.look_at_prices_again(LATER, dry_run=True)
    assert len(told) == people


def test_the_difference_is_charged_once() -> None:
    booking, person = seat_of_lapsed()
    assert differences.has_lapsed_price(booking, LATER)
    invoice = operations.charge_difference(booking=booking, by=person, now=LATER)
    assert operations.charge_difference(booking=booking, by=person, now=LATER) == invoice
    booking.refresh_from_db()
    assert (invoice.total, invoice.customer_email) == (500, person.email)
    assert (booking.amount, booking.audience) == (500, "public")
    assert booking.difference_line == invoice.lines.get()
    assert not differences.has_lapsed_price(booking, LATER)


def test_a_seat_that_was_paid_is_charged_to_the_same_payer_and_credited_whole() -> None:
    event = factory.conference(starts_at=NOW + 30 * DAY, cancel_until=NOW + 10 * DAY)
    year = members.membership(starts_on=TODAY - 360 * DAY)
    held = factory.hold(event, by=year.user)
    operations.check_out(
        cart=held.cart,
        by=year.user,
        attendees={},
        payer=factory.payer(),
        seen={held.public_id: Decimal(4900)},
        terms=factory.terms(),
        now=NOW,
    )
    booking = Booking.objects.get()
    # Too late to cancel, but whose price has changed gives the seat back free of charge.
    assert differences.has_lapsed_price(booking, LATER)
    difference = operations.charge_difference(booking=booking, by=year.user, now=LATER)
    assert (difference.total, difference.customer_name) == (1000, factory.payer().name)
    operations.cancel(booking=booking, by=year.user, now=LATER)
    credits = Invoice.objects.exclude(credits=None).values_list("total", flat=True)
    assert sorted(credits) == [-4900, -1000]


def test_given_back_free_of_charge_after_the_last_day_for_it() -> None:
    booking, person = seat_of_lapsed(cancel_until=NOW + DAY)
    operations.cancel(booking=booking, by=person, now=LATER)
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_a_seat_at_everyones_price_has_no_difference() -> None:
    with pytest.raises(NoDifference):
        operations.charge_difference(booking=factory.confirmed(factory.event()), by=None, now=NOW)


# --- Can you still come? --------------------------------------------------------------------


def test_who_has_a_free_seat_in_two_days_is_asked_once() -> None:
    event = factory.event(starts_at=NOW + 2 * DAY + HOUR)
    booking = factory.confirmed(event)
    factory.confirmed(event, amount=Decimal(500))
    factory.confirmed(factory.event(starts_at=NOW + 5 * DAY))
    assert jobs.ask_who_still_comes(NOW) == [booking]
    assert jobs.ask_who_still_comes(NOW + timedelta(hours=3)) == []
    (mail,) = Mail.objects.filter(key__contains="still-coming")
    assert "/avboka/" in mail.text
    assert mail.guard[0][0] == "booking-coming"


def test_billing_is_paid() -> None:
    """A paid fee keeps the price; an overdue one does not."""
    year = members.membership(starts_on=TODAY, paid=False)
    event = factory.event(starts_at=NOW + 60 * DAY)
    booking = operations.book_free(event=event, mode="on_site", by=year.user, now=NOW)
    overdue = NOW + 50 * DAY
    assert differences.has_lapsed_price(booking, overdue)
    billing.pay(year.invoice)
    assert not differences.has_lapsed_price(booking, overdue)
