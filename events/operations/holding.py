"""Seats in the cart: held for half an hour, for oneself or for others."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from events import allocation, waiting_list
from events import cart as carts
from events.models import Booking, Event
from events.moves import move
from events.prices import buyer, price_for
from events.refusals import (
    AlreadyBooked,
    AlreadyInLine,
    CartIsEmpty,
    NoPriceForYou,
    NotBookable,
    NotHeldThere,
    NotYours,
    OfferWaits,
    OthersAreWaiting,
    TooManySeats,
)
from members.models import User

HOLD = timedelta(minutes=30)
State = Booking.State


@transaction.atomic
def hold_seat(
    *, event: Event, mode: str, cart: uuid.UUID, by: User | None, now: datetime | None = None
) -> Booking:
    """Put a seat into the cart: one's own, or for a visitor the first one of the cart.

    Asked twice, the same booking. Raises EventFull, NotBookable, NoPriceForYou, AlreadyBooked or
    AlreadyInLine.
    """
    now = now or timezone.now()
    event = _open_event(event, mode, now)
    _adopt(event, cart, by)
    ours = _of_cart_at(event, cart, by)
    held = own_booking(event, by) if by else _first_held(ours, mode)
    if held is not None:
        return _same_again(held)
    return _hold(event, mode, ours, cart=cart, booked_by=by, person=by, now=now)


@transaction.atomic
def hold_for_others(
    *,
    event: Event,
    mode: str,
    cart: uuid.UUID,
    by: User | None,
    seats: int,
    now: datetime | None = None,
) -> list[Booking]:
    """Have exactly so many seats in the cart beside one's own. Asked twice, the same seats."""
    now = now or timezone.now()
    if not 0 <= seats <= carts.MOST_SEATS:
        raise TooManySeats
    event = _open_event(event, mode, now)
    _adopt(event, cart, by)
    held = list(
        Booking.objects.in_cart(cart, by).filter(event=event, mode=mode, user=None, email="")
    )
    for booking in held[seats:]:
        take_out(booking=booking, cart=cart, by=by, now=now)
    ours, more = _of_cart_at(event, cart, by), range(seats - len(held))
    added = [_hold(event, mode, ours, cart=cart, booked_by=by, person=None, now=now) for _ in more]
    return [*held[:seats], *added]


@transaction.atomic
def hold_again(
    *, booking: Booking, cart: uuid.UUID, by: User | None, now: datetime | None = None
) -> Booking:
    """Take a seat back that was lost to the clock, if there is one left. Twice is the same."""
    now = now or timezone.now()
    event = _open_event(booking.event, booking.mode, now)
    booking = _of_cart(booking, cart, by)
    if booking.state == State.HELD:
        return booking
    if booking.state != State.LAPSED:
        raise AlreadyBooked
    if booking.user and own_booking(event, booking.user):
        raise AlreadyBooked
    price = decide(event, booking.user, now)
    return _seated(event, booking, price, now=now, by=by)


@transaction.atomic
def extend_hold(
    *, cart: uuid.UUID | None, by: User | None, now: datetime | None = None
) -> datetime:
    """Half an hour more from now for every seat in the cart that nobody waits for.

    Returns when the first seat is lost. Raises CartIsEmpty or OthersAreWaiting.
    """
    now = now or timezone.now()
    events = allocation.all_locked(
        Booking.objects.in_cart(cart, by).values_list("event", flat=True)
    )
    held = list(Booking.objects.in_cart(cart, by))
    if not held:
        raise CartIsEmpty
    for booking in held:
        if _is_waited_for(events[booking.event_id], booking.mode):
            raise OthersAreWaiting
    for booking in held:
        assert booking.held_until is not None  # noqa: S101  the database demands it
        booking.held_until = max(booking.held_until, now + HOLD)
        booking._history_user = by
        booking.save()
    return min(booking.held_until for booking in held if booking.held_until)


@transaction.atomic
def take_out(
    *, booking: Booking, cart: uuid.UUID | None, by: User | None, now: datetime | None = None
) -> None:
    """Out of the cart; the seat is free for the next. What is booked stays booked."""
    now = now or timezone.now()
    event = allocation.locked(booking.event_id)
    if Booking.objects.filter(pk=booking.pk, state=State.LAPSED, cart=None).exists():
        return  # taken out already
    booking = _of_cart(booking, cart, by)
    if booking.state == State.HELD:
        move(booking, State.LAPSED, now=now, by=by, cart=None)
    elif booking.state == State.LAPSED:
        booking.cart = None
        booking.save()
    waiting_list.settle(event, now)


@transaction.atomic
def assign_seat(*, booking: Booking, cart: uuid.UUID | None, by: User, is_mine: bool) -> Booking:
    """Say whether a seat in the cart is one's own, with one's own price, or somebody else's."""
    event = allocation.locked(booking.event_id)
    _adopt(event, cart, by)
    booking = _of_cart(booking, cart, by)
    if booking.state != State.HELD:
        raise AlreadyBooked
    if is_mine and booking.user != by and own_booking(event, by):
        raise AlreadyBooked
    booking.user = by if is_mine else None
    booking.booked_by = by
    booking._history_user = by
    booking.save()
    return booking


def own_booking(event: Event, person: User) -> Booking | None:
    """What the person has at the event, be it a seat or a place in line."""
    own = Booking.objects.live().of_person(person).filter(event=event)
    return own.select_related("user").order_by("pk").first()


def _adopt(event: Event, cart: uuid.UUID | None, by: User | None) -> None:
    """Write down whose the seats are that were put in before the log-in."""
    if by is None:
        return
    held = list(Booking.objects.in_cart(cart, None).filter(event=event).select_related("user"))
    people = carts.whose(held, by)
    for booking in held:
        if booking.booked_by_id is None:
            booking.user, booking.booked_by = people[booking.pk], by
            booking._history_user = by
            booking.save()


def _open_event(event: Event, mode: str, now: datetime) -> Event:
    """Locked, bookable, and with those served first who have waited."""
    event = allocation.locked(event.pk)
    if mode not in event.modes:
        raise NotHeldThere
    if not event.is_bookable(now):
        raise NotBookable
    waiting_list.settle(event, now)
    return event


def _same_again(booking: Booking) -> Booking:
    if booking.state == State.HELD:
        return booking
    if booking.state == State.WAITING:
        raise AlreadyInLine
    raise OfferWaits if booking.state == State.OFFERED else AlreadyBooked


def _of_cart_at(event: Event, cart: uuid.UUID, by: User | None) -> list[Booking]:
    """What is held at the event, and what this cart lost to the clock there, oldest first."""
    lost = Booking.objects.filter(cart=cart, state=State.LAPSED)
    ours = Booking.objects.in_cart(cart, by) | lost
    return list(ours.filter(event=event).order_by("pk"))


def _first_held(ours: Iterable[Booking], mode: str) -> Booking | None:
    held = (booking for booking in ours if booking.state == State.HELD)
    return next((booking for booking in held if booking.mode == mode), None)


def _hold(
    event: Event,
    mode: str,
    ours: list[Booking],
    *,
    cart: uuid.UUID,
    booked_by: User | None,
    person: User | None,
    now: datetime,
) -> Booking:
    """One seat more beside `ours`, which it becomes one of."""
    if sum(booking.state == State.HELD for booking in ours) >= carts.MOST_SEATS:
        raise TooManySeats
    price = decide(event, person, now)
    booking = _lost_before(ours, mode, person)
    if booking is None:
        booking = Booking(
            event=event, mode=mode, cart=cart, user=person, booked_by=booked_by, created_at=now
        )
        ours.append(booking)
    return _seated(event, booking, price, now=now, by=booked_by)


def _lost_before(ours: Iterable[Booking], mode: str, person: User | None) -> Booking | None:
    """A seat of the same cart that was lost to the clock: it is found again, not doubled."""
    lost = (booking for booking in ours if booking.state == State.LAPSED)
    whose = person.pk if person else None
    return next((one for one in lost if (one.mode, one.user_id) == (mode, whose)), None)


def decide(event: Event, person: User | None, now: datetime) -> tuple[Decimal, str]:
    """What a seat costs the person, and as which audience. Raises NoPriceForYou."""
    today = timezone.localdate(now)
    decision = price_for(event.prices.all(), buyer(person, today), today)
    if decision.amount is None:
        raise NoPriceForYou
    return decision.amount, decision.audience


def _seated(
    event: Event, booking: Booking, price: tuple[Decimal, str], *, now: datetime, by: User | None
) -> Booking:
    booking.seat = allocation.free_seat(event, booking.mode)
    booking.held_until = now + HOLD
    booking.amount, booking.audience = price
    if booking.state == State.LAPSED:
        return move(booking, State.HELD, now=now, by=by)
    booking.state = State.HELD
    booking._history_user = by
    booking.save()
    return booking


def _of_cart(booking: Booking, cart: uuid.UUID | None, by: User | None) -> Booking:
    """The booking as it is now. Raises NotYours unless it is of this cart or person."""
    booking = Booking.objects.select_related("event", "user").get(pk=booking.pk)
    in_this_cart = cart is not None and booking.cart == cart
    if not in_this_cart and (by is None or booking.booked_by_id != by.pk):
        raise NotYours
    return booking


def _is_waited_for(event: Event, mode: str) -> bool:
    return Booking.objects.filter(event=event, mode=mode).waiting().exists()
