"""The waiting list: in order, each seat once, and nobody past those who wait."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from events import operations, waiting_list
from events.models import Booking, Event
from events.refusals import (
    AlreadyBooked,
    BookingRefused,
    EventFull,
    NoPriceForYou,
    NotBookable,
    NotHeldThere,
    OfferIsOver,
    ReasonMissing,
    SeatsAreLeft,
    WrongState,
)
from mail.models import Mail
from tests.factories import events as factory
from tests.factories import members
from tests.factories.events import DAY, HOUR, MINUTE, NOW, TODAY

pytestmark = pytest.mark.django_db


def full(**changes: Any) -> Event:
    event = factory.event(**{"capacity": 1, **changes})
    factory.fill(event)
    return event


def free_a_seat(event: Event, *, now: datetime = NOW) -> None:
    seated = event.bookings.filter(state="confirmed").order_by("pk").first()
    operations.cancel(booking=seated, by=None, now=now)


def states(*bookings: Booking) -> list[str]:
    for booking in bookings:
        booking.refresh_from_db()
    return [booking.state for booking in bookings]


def mailed(what: str) -> list[str]:
    rows = Mail.objects.filter(key__startswith=f"booking-{what}:").order_by("pk")
    return list(rows.values_list("to", flat=True))


# --- Joining --------------------------------------------------------------------------------


def test_a_visitor_stands_in_line_and_is_told_the_place() -> None:
    event = full()
    person = factory.attendee(name="Vera Väntar", email="Vera@byran.example")
    booking = factory.waiting(event, person=person)
    booking.refresh_from_db()
    assert (booking.state, booking.seat, booking.held_until) == ("waiting", None, None)
    assert (booking.name, booking.email, booking.user) == (
        "Vera Väntar",
        "vera@byran.example",
        None,
    )
    assert waiting_list.place_in_line(booking) == 1
    assert mailed("in-line") == ["vera@byran.example"]


def test_asked_twice_the_same_place_and_one_mail() -> None:
    event, person = full(), factory.attendee()
    first = factory.waiting(event, person=person)
    assert factory.waiting(event, person=person) == first
    assert len(mailed("in-line")) == 1


def test_the_line_is_in_the_order_of_coming() -> None:
    event = full()
    line = [factory.waiting(event, now=NOW + number * MINUTE) for number in range(3)]
    assert [waiting_list.place_in_line(booking) for booking in line] == [1, 2, 3]


def test_a_member_waits_with_the_account() -> None:
    event, person = full(), members.membership(starts_on=TODAY).user
    booking = factory.waiting(event, by=person, person=None)
    assert (booking.user, booking.email, booking.audience) == (person, person.email, "member")


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], type[BookingRefused]]] = {
    "seats left": ({"capacity": 2}, {}, SeatsAreLeft),
    "called off": ({"cancelled_at": NOW}, {}, NotBookable),
    "begun": ({"starts_at": NOW - MINUTE}, {}, NotBookable),
    "not online": ({}, {"mode": "online"}, NotHeldThere),
    "members only": ({"prices": {"member": "0"}}, {}, NoPriceForYou),
}


@pytest.mark.parametrize(("event", "asked", "refusal"), REFUSED.values(), ids=REFUSED)
def test_refused(
    event: dict[str, Any], asked: dict[str, Any], refusal: type[BookingRefused]
) -> None:
    made = factory.event(**{"capacity": 1, **event})
    factory.confirmed(made, seat=1)
    with pytest.raises(refusal):
        factory.waiting(made, **asked)
    assert Booking.objects.waiting().count() == 0


def test_who_has_a_seat_does_not_wait() -> None:
    event, person = full(), members.person()
    factory.confirmed(event, user=person, email=person.email, mode="online")
    with pytest.raises(AlreadyBooked):
        factory.waiting(event, by=person, person=None)


# --- A seat becomes free --------------------------------------------------------------------


def test_a_cancelled_seat_is_offered_to_the_first_in_line() -> None:
    event = full()
    first, second = factory.waiting(event), factory.waiting(event, now=NOW + MINUTE)
    free_a_seat(event)
    assert states(first, second) == ["offered", "waiting"]
    assert (first.seat, first.held_until) == (1, NOW + timedelta(hours=48))
    assert mailed("offer") == [first.email]


def test_nobody_gets_past_those_who_wait() -> None:
    event = full()
    first = factory.waiting(event)
    Booking.objects.filter(event=event, state="confirmed").delete()
    with pytest.raises(EventFull):
        factory.hold(event)
    # The refusal takes all back; the sweep finds the free seat as well.
    operations.sweep_seats(now=NOW)
    assert states(first) == ["offered"]


def test_the_seat_of_a_lapsed_hold_is_offered() -> None:
    event = factory.event(capacity=1)
    factory.hold(event)
    first = factory.waiting(event)
    assert operations.sweep_seats(now=NOW + 29 * MINUTE) == 0
    assert operations.sweep_seats(now=NOW + 30 * MINUTE) == 1
    assert states(first) == ["offered"]


def test_an_offer_that_lapsed_goes_to_the_next_and_is_told() -> None:
    event = full()
    first, second = factory.waiting(event), factory.waiting(event, now=NOW + MINUTE)
    free_a_seat(event)
    operations.sweep_seats(now=NOW + timedelta(hours=48))
    assert states(first, second) == ["lapsed", "offered"]
    assert mailed("offer-lapsed") == [first.email]
    assert mailed("offer") == [first.email, second.email]


def test_more_capacity_is_offered_at_once() -> None:
    event = full()
    line = [factory.waiting(event, now=NOW + number * MINUTE) for number in range(3)]
    event.capacity = 3
    event.save()
    operations.settle_event(event=event, now=NOW)
    assert states(*line) == ["offered", "offered", "waiting"]


def test_the_sweep_run_again_offers_nothing_twice() -> None:
    event = full()
    factory.waiting(event)
    free_a_seat(event)
    operations.sweep_seats(now=NOW)
    assert len(mailed("offer")) == 1


def test_a_seat_online_is_not_offered_to_who_waits_on_site() -> None:
    event = full(online_capacity=1)
    first = factory.waiting(event)
    operations.settle_event(event=event, now=NOW)
    assert states(first) == ["waiting"]


@pytest.mark.parametrize(
    ("left", "held"),
    [
        (timedelta(days=30), timedelta(hours=48)),
        (timedelta(hours=96), timedelta(hours=48)),
        (timedelta(hours=20), timedelta(hours=10)),
        (timedelta(minutes=30), timedelta(minutes=15)),
    ],
)
def test_an_offer_is_shorter_when_the_event_is_near(left: timedelta, held: timedelta) -> None:
    event = Event(starts_at=NOW + left)
    assert waiting_list.offer_until(event, NOW) == NOW + held


def test_nothing_is_offered_once_the_event_has_begun() -> None:
    event = full(starts_at=NOW + HOUR)
    first = factory.waiting(event)
    event.bookings.filter(state="confirmed").delete()
    operations.settle_event(event=event, now=NOW + HOUR)
    assert states(first) == ["waiting"]


# --- Answering ------------------------------------------------------------------------------


def offered(event: Event, **changes: Any) -> Booking:
    booking = factory.waiting(event, **changes)
    free_a_seat(event)
    return booking


def test_a_free_seat_is_accepted_in_one_click() -> None:
    event = full(prices={"public": "0"})
    booking = offered(event)
    for _ in range(2):
        accepted = operations.accept_offer(booking=booking, cart=factory.cart(), by=None, now=NOW)
    assert (accepted.state, accepted.held_until, accepted.seat) == ("confirmed", None, 1)
    assert accepted.terms == factory.terms()
    assert mailed("confirmed") == [booking.email]


def test_a_seat_that_costs_goes_into_the_cart_for_as_long_as_it_was_offered() -> None:
    cart = factory.cart()
    booking = offered(full())
    operations.accept_offer(booking=booking, cart=cart, by=None, now=NOW + HOUR)
    assert states(booking) == ["held"]
    assert (booking.cart, booking.amount) == (cart, Decimal(500))
    assert booking.held_until == NOW + timedelta(hours=48)


def test_accepted_again_on_another_device_the_seat_lies_in_the_cart_there() -> None:
    booking, telephone, desk = offered(full()), factory.cart(), factory.cart()
    for cart in (telephone, desk, desk):
        operations.accept_offer(booking=booking, cart=cart, by=None, now=NOW)
    assert states(booking) == ["held"]
    assert (booking.cart, booking.held_until) == (desk, NOW + timedelta(hours=48))


def test_who_took_the_offer_and_never_checked_out_is_told_that_it_is_lost() -> None:
    booking = offered(full())
    operations.accept_offer(booking=booking, cart=factory.cart(), by=None, now=NOW)
    for _twice in range(2):
        operations.sweep_seats(now=NOW + 3 * DAY)
    assert (states(booking), mailed("offer-lapsed")) == (["lapsed"], [booking.email])


def test_an_offer_accepted_at_the_last_minute_leaves_time_to_check_out() -> None:
    booking = offered(full())
    late = NOW + timedelta(hours=48) - MINUTE
    operations.accept_offer(booking=booking, cart=factory.cart(), by=None, now=late)
    assert states(booking) == ["held"]
    assert booking.held_until == late + timedelta(minutes=30)


def test_the_price_of_an_offer_is_that_of_the_account_that_waited() -> None:
    person = members.membership(starts_on=TODAY).user
    booking = offered(full(), by=person, person=None)
    accepted = operations.accept_offer(booking=booking, cart=factory.cart(), by=None, now=NOW)
    assert (accepted.state, accepted.audience) == ("confirmed", "member")


def test_an_offer_that_lapsed_cannot_be_accepted() -> None:
    booking = offered(full())
    operations.sweep_seats(now=NOW + 2 * DAY)
    with pytest.raises(OfferIsOver):
        operations.accept_offer(booking=booking, cart=factory.cart(), by=None, now=NOW + 2 * DAY)


def test_declined_the_seat_goes_to_the_next() -> None:
    event = full()
    second = factory.waiting(event, now=NOW + MINUTE)
    first = factory.waiting(event, now=NOW)
    free_a_seat(event)
    for _ in range(2):
        operations.decline_offer(booking=first, by=None, now=NOW)
    assert states(first, second) == ["cancelled", "offered"]


def test_who_waits_can_leave_the_line() -> None:
    event = full()
    first, second = factory.waiting(event), factory.waiting(event, now=NOW + MINUTE)
    operations.decline_offer(booking=first, by=None, now=NOW)
    assert states(first, second) == ["cancelled", "waiting"]
    assert waiting_list.place_in_line(second) == 1


def test_a_booked_seat_is_not_declined() -> None:
    with pytest.raises(WrongState):
        operations.decline_offer(booking=factory.confirmed(full()), by=None, now=NOW)


# --- Staff ----------------------------------------------------------------------------------


def test_staff_puts_somebody_first_with_a_reason() -> None:
    event, staff = full(), members.person()
    first, second = factory.waiting(event), factory.waiting(event, now=NOW + MINUTE)
    operations.go_first(booking=second, reason="Talare", by=staff, now=NOW)
    second.refresh_from_db()
    assert (waiting_list.place_in_line(second), waiting_list.place_in_line(first)) == (1, 2)
    assert (second.priority_reason, second.history.first().history_user) == ("Talare", staff)


def test_staff_offers_a_seat_above_the_capacity_with_a_reason() -> None:
    event = full()
    booking = factory.waiting(event)
    for _ in range(2):
        operations.offer_beyond_capacity(
            booking=booking, reason="Talare", by=members.person(), now=NOW
        )
    booking.refresh_from_db()
    assert (booking.state, booking.seat, booking.priority_reason) == ("offered", 2, "Talare")
    assert mailed("offer") == [booking.email]


@pytest.mark.parametrize("operation", [operations.go_first, operations.offer_beyond_capacity])
def test_no_favour_without_a_reason(operation: Any) -> None:
    booking = factory.waiting(full())
    with pytest.raises(ReasonMissing):
        operation(booking=booking, reason="  ", by=members.person(), now=NOW)
    assert states(booking) == ["waiting"]


@pytest.mark.parametrize("operation", [operations.go_first, operations.offer_beyond_capacity])
def test_no_favour_for_who_does_not_wait(operation: Any) -> None:
    booking = factory.confirmed(full())
    with pytest.raises(WrongState):
        operation(booking=booking, reason="Talare", by=members.person(), now=NOW)
