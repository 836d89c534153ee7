"""Seats in the cart."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from events import operations
from events.models import Booking, Event
from events.refusals import (
    AlreadyBooked,
    AlreadyInLine,
    BookingRefused,
    CartIsEmpty,
    EventFull,
    NoPriceForYou,
    NotBookable,
    NotHeldThere,
    NotYours,
    OfferWaits,
    OthersAreWaiting,
    TooManySeats,
)
from tests.factories import events as factory
from tests.factories import members
from tests.factories.events import DAY, HOUR, MINUTE, NOW, TODAY

pytestmark = pytest.mark.django_db
HALF_HOUR = timedelta(minutes=30)


def hold_more(event: Event, seats: int, **changes: Any) -> list[Booking]:
    return operations.hold_for_others(
        **{"event": event, "mode": "on_site", "by": None, "now": NOW, "seats": seats, **changes}
    )


def state(booking: Booking) -> tuple[str, int | None]:
    booking.refresh_from_db()
    return booking.state, booking.seat


# --- The first seat -------------------------------------------------------------------------


def test_a_visitor_holds_a_seat_for_half_an_hour_at_everybodys_price() -> None:
    event, cart = factory.event(), factory.cart()
    held = factory.hold(event, cart=cart)
    held.refresh_from_db()
    assert (held.state, held.seat, held.held_until) == ("held", 1, NOW + HALF_HOUR)
    assert (held.cart, held.user, held.booked_by) == (cart, None, None)
    assert (held.name, held.email) == ("", "")
    assert (held.amount, held.audience) == (Decimal(500), "public")


@pytest.mark.parametrize("taken", [0, 30])
def test_it_takes_the_same_queries_however_many_are_taken(
    taken: int, django_assert_num_queries: Any
) -> None:
    """Two of them open and close a savepoint."""
    event = factory.event(capacity=40)
    for number in range(1, taken + 1):
        factory.confirmed(event, seat=number)
    with django_assert_num_queries(9):
        held = factory.hold(event)
    assert held.seat == taken + 1


def test_a_member_holds_an_own_seat_at_the_members_price() -> None:
    member = members.membership(starts_on=TODAY).user
    held = factory.hold(factory.conference(), by=member)
    assert (held.user, held.booked_by) == (member, member)
    assert (held.amount, held.audience) == (Decimal(4900), "member")


def test_the_same_again_is_the_same_seat() -> None:
    event, cart = factory.event(), factory.cart()
    first = factory.hold(event, cart=cart)
    assert factory.hold(event, cart=cart, now=NOW + MINUTE) == first
    assert Booking.objects.count() == 1


def test_a_person_has_one_own_seat_whatever_the_browser() -> None:
    event, person = factory.event(), members.person()
    first = factory.hold(event, by=person, cart=factory.cart())
    assert factory.hold(event, by=person, cart=factory.cart()) == first


def test_two_browsers_are_two_carts() -> None:
    event = factory.event()
    assert [factory.hold(event).seat, factory.hold(event).seat] == [1, 2]


def test_logging_in_makes_the_visitors_seat_ones_own() -> None:
    event, cart, person = factory.event(), factory.cart(), members.person()
    held = factory.hold(event, cart=cart)
    assert factory.hold(event, cart=cart, by=person) == held
    held.refresh_from_db()
    assert (held.user, held.booked_by) == (person, person)


def test_a_seat_that_lapsed_in_the_same_cart_is_found_again() -> None:
    event, cart = factory.event(), factory.cart()
    first = factory.hold(event, cart=cart)
    later = NOW + HOUR
    assert factory.hold(event, cart=cart, now=later) == first
    assert state(first) == ("held", 1)
    assert first.held_until == later + HALF_HOUR


REFUSED = {
    "draft": ({"published_at": None}, "on_site", NotBookable),
    "not yet published": ({"published_at": NOW + DAY}, "on_site", NotBookable),
    "not yet open": ({"booking_opens_at": NOW + MINUTE}, "on_site", NotBookable),
    "closed": ({"booking_closes_at": NOW}, "on_site", NotBookable),
    "begun": ({"starts_at": NOW - MINUTE}, "on_site", NotBookable),
    "called off": ({"cancelled_at": NOW - DAY}, "on_site", NotBookable),
    "not online": ({}, "online", NotHeldThere),
    "no seats": ({"capacity": 0}, "on_site", EventFull),
    "members only": ({"prices": {"member": "0"}}, "on_site", NoPriceForYou),
    "no price": ({"prices": {}}, "on_site", NoPriceForYou),
}


@pytest.mark.parametrize(("changes", "mode", "refusal"), REFUSED.values(), ids=REFUSED)
def test_refused(changes: dict[str, Any], mode: str, refusal: type[BookingRefused]) -> None:
    event = factory.event(**changes)
    with pytest.raises(refusal) as refused:
        factory.hold(event, mode=mode)
    assert str(refused.value) != ""
    assert Booking.objects.count() == 0


def test_a_full_event_is_refused_until_a_hold_lapses() -> None:
    event = factory.event(capacity=1)
    factory.hold(event)
    with pytest.raises(EventFull):
        factory.hold(event, now=NOW + HALF_HOUR - MINUTE)
    assert factory.hold(event, now=NOW + HALF_HOUR).seat == 1


@pytest.mark.parametrize(
    ("there", "refusal"),
    [("confirmed", AlreadyBooked), ("waiting", AlreadyInLine), ("offered", OfferWaits)],
)
def test_who_has_something_there_gets_no_second(there: str, refusal: type[BookingRefused]) -> None:
    event, person = factory.event(), members.person()
    seated = {"confirmed": {}, "waiting": {"seat": None}, "offered": {"held_until": NOW + DAY}}
    # In line online, so that no seat on site is offered on the way.
    factory.confirmed(event, user=person, email=person.email, state=there, **seated[there])
    event.bookings.filter(state="waiting").update(mode="online")
    with pytest.raises(refusal):
        factory.hold(event, by=person)


def test_a_seat_booked_by_a_colleague_for_ones_address_counts() -> None:
    event, person = factory.event(), members.person()
    factory.confirmed(event, email=person.email.upper())
    with pytest.raises(AlreadyBooked):
        factory.hold(event, by=person)


# --- More seats -----------------------------------------------------------------------------


def test_exactly_so_many_seats_for_others() -> None:
    event, cart = factory.event(), factory.cart()
    assert [b.seat for b in hold_more(event, 3, cart=cart)] == [1, 2, 3]
    assert len(hold_more(event, 3, cart=cart)) == 3
    assert len(hold_more(event, 1, cart=cart)) == 1
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["held", "lapsed", "lapsed"]


def test_a_seat_for_others_costs_everybodys_price_whoever_books() -> None:
    member = members.membership(starts_on=TODAY).user
    event, cart = factory.conference(), factory.cart()
    own = factory.hold(event, by=member, cart=cart)
    (other,) = hold_more(event, 1, by=member, cart=cart)
    assert (own.amount, other.amount) == (Decimal(4900), Decimal(5900))
    assert (other.user, other.booked_by) == (None, member)


def test_too_few_seats_left_holds_none() -> None:
    event = factory.event(capacity=2)
    with pytest.raises(EventFull):
        hold_more(event, 3, cart=factory.cart())
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("seats", [-1, 21])
def test_nobody_holds_the_whole_house(seats: int) -> None:
    with pytest.raises(TooManySeats):
        hold_more(factory.event(capacity=100), seats, cart=factory.cart())


def test_the_limit_counts_ones_own_seat_too() -> None:
    event, cart, person = factory.event(capacity=100), factory.cart(), members.person()
    factory.hold(event, by=person, cart=cart)
    with pytest.raises(TooManySeats):
        hold_more(event, 20, by=person, cart=cart)


# --- Time -----------------------------------------------------------------------------------


def test_more_time_counts_from_now_for_every_seat() -> None:
    event, cart = factory.event(), factory.cart()
    held = hold_more(event, 2, cart=cart)
    later = NOW + 20 * MINUTE
    assert operations.extend_hold(cart=cart, by=None, now=later) == later + HALF_HOUR
    for booking in held:
        booking.refresh_from_db()
    assert [booking.held_until for booking in held] == [later + HALF_HOUR] * 2


def test_more_time_twice_at_once_is_the_same() -> None:
    cart = factory.cart()
    factory.hold(factory.event(), cart=cart)
    ends = {operations.extend_hold(cart=cart, by=None, now=NOW + MINUTE) for _ in range(2)}
    assert ends == {NOW + MINUTE + HALF_HOUR}


def test_a_late_seat_that_nobody_took_can_be_kept() -> None:
    cart = factory.cart()
    factory.hold(factory.event(), cart=cart)
    later = NOW + 2 * HOUR
    assert operations.extend_hold(cart=cart, by=None, now=later) == later + HALF_HOUR


def test_no_more_time_while_others_wait() -> None:
    event, cart = factory.event(capacity=1), factory.cart()
    held = factory.hold(event, cart=cart)
    factory.waiting(event)
    with pytest.raises(OthersAreWaiting):
        operations.extend_hold(cart=cart, by=None, now=NOW + MINUTE)
    held.refresh_from_db()
    assert held.held_until == NOW + HALF_HOUR


def test_an_empty_cart_has_no_time() -> None:
    with pytest.raises(CartIsEmpty):
        operations.extend_hold(cart=factory.cart(), by=None, now=NOW)


# --- Out of the cart, and back --------------------------------------------------------------


def test_taken_out_the_seat_is_free_and_the_cart_forgets_it() -> None:
    event, cart = factory.event(capacity=1), factory.cart()
    held = factory.hold(event, cart=cart)
    for _ in range(2):
        operations.take_out(booking=held, cart=cart, by=None, now=NOW)
    held.refresh_from_db()
    assert (held.state, held.seat, held.cart) == ("lapsed", None, None)
    assert factory.hold(event).seat == 1


def test_taken_out_the_seat_goes_to_who_waits() -> None:
    event, cart = factory.event(capacity=1), factory.cart()
    held = factory.hold(event, cart=cart)
    first = factory.waiting(event)
    operations.take_out(booking=held, cart=cart, by=None, now=NOW)
    assert state(first) == ("offered", 1)


def test_nobody_takes_out_what_lies_in_anothers_cart() -> None:
    held = factory.hold(factory.event())
    for cart, person in ((factory.cart(), None), (None, None), (None, members.person())):
        with pytest.raises(NotYours):
            operations.take_out(booking=held, cart=cart, by=person, now=NOW)
    assert state(held) == ("held", 1)


def test_a_booked_seat_is_not_taken_out() -> None:
    event, cart = factory.event(), factory.cart()
    booked = factory.confirmed(event, cart=cart)
    operations.take_out(booking=booked, cart=cart, by=None, now=NOW)
    assert state(booked) == ("confirmed", booked.seat)


def test_a_lost_seat_is_taken_back_while_it_is_free() -> None:
    event, cart = factory.event(capacity=1), factory.cart()
    held = factory.hold(event, cart=cart)
    later = NOW + HOUR
    operations.sweep_seats(now=later)
    assert state(held) == ("lapsed", None)
    for _ in range(2):
        operations.hold_again(booking=held, cart=cart, by=None, now=later)
    assert state(held) == ("held", 1)


def test_a_lost_seat_that_another_took_is_gone() -> None:
    event, cart = factory.event(capacity=1), factory.cart()
    held = factory.hold(event, cart=cart)
    factory.hold(event, now=NOW + HOUR)
    with pytest.raises(EventFull):
        operations.hold_again(booking=held, cart=cart, by=None, now=NOW + HOUR)


def test_nobody_takes_back_anothers_seat() -> None:
    event = factory.event()
    held = factory.hold(event)
    operations.sweep_seats(now=NOW + HOUR)
    with pytest.raises(NotYours):
        operations.hold_again(booking=held, cart=factory.cart(), by=None, now=NOW + HOUR)


# --- Whose it is ----------------------------------------------------------------------------


def test_a_seat_is_given_to_a_colleague_and_back() -> None:
    event, cart, person = factory.event(), factory.cart(), members.person()
    held = factory.hold(event, cart=cart, by=person)
    operations.assign_seat(booking=held, cart=cart, by=person, is_mine=False)
    held.refresh_from_db()
    assert (held.user, held.booked_by) == (None, person)
    operations.assign_seat(booking=held, cart=cart, by=person, is_mine=True)
    held.refresh_from_db()
    assert held.user == person


def test_nobody_has_two_own_seats() -> None:
    event, cart, person = factory.event(), factory.cart(), members.person()
    factory.hold(event, cart=cart, by=person)
    (other,) = hold_more(event, 1, cart=cart, by=person)
    with pytest.raises(AlreadyBooked):
        operations.assign_seat(booking=other, cart=cart, by=person, is_mine=True)


def test_nobody_gives_away_anothers_seat() -> None:
    held = factory.hold(factory.event())
    with pytest.raises(NotYours):
        operations.assign_seat(booking=held, cart=factory.cart(), by=members.person(), is_mine=True)


def test_the_history_names_who_did_it() -> None:
    person = members.person()
    held = factory.hold(factory.event(), by=person)
    assert [(row.state, row.history_user) for row in held.history.all()] == [("held", person)]
