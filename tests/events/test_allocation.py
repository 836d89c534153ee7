"""Where a seat is taken: never two on one, never one too many, however many ask at once."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import close_old_connections, connection, connections

from events import allocation, operations
from events.models import Booking, Event
from events.refusals import EventFull
from tests.factories import events as factory
from tests.factories.events import NOW

SEATS, PEOPLE = 50, 200


# --- Together with the rows -----------------------------------------------------------------


@pytest.mark.django_db
def test_the_lowest_free_seat_is_taken() -> None:
    event = factory.event(capacity=3)
    for number in (1, 3):
        factory.confirmed(event, seat=number)
    assert allocation.free_seat(event, "on_site") == 2


@pytest.mark.django_db
def test_a_full_event_has_no_free_seat() -> None:
    event = factory.event(capacity=1)
    factory.confirmed(event)
    with pytest.raises(EventFull):
        allocation.free_seat(event, "on_site")


@pytest.mark.django_db
def test_a_lower_capacity_counts_seats_and_not_their_numbers() -> None:
    event = factory.event(capacity=2)
    factory.confirmed(event, seat=40)
    assert allocation.free_seat(event, "on_site") == 1


@pytest.mark.django_db
def test_staff_may_go_beyond_the_capacity() -> None:
    event = factory.event(capacity=1)
    factory.confirmed(event, seat=1)
    assert allocation.free_seat(event, "on_site", beyond_capacity=True) == 2
    factory.confirmed(event, seat=2)
    assert allocation.seats_left(event, "on_site") == -1


@pytest.mark.django_db
@pytest.mark.parametrize("capacity", [0, None])
def test_no_capacity_is_no_seat(capacity: int | None) -> None:
    event = factory.event(capacity=capacity, online_capacity=5)
    with pytest.raises(EventFull):
        allocation.free_seat(event, "on_site")
    assert allocation.free_seat(event, "online") == 1


@pytest.mark.django_db
def test_seats_on_site_and_online_are_counted_apart() -> None:
    event = factory.event(capacity=1, online_capacity=1)
    factory.confirmed(event, seat=1)
    assert allocation.seats_left(event, "online") == 1


@pytest.mark.django_db
def test_lapsed_seats_are_taken_back_and_offers_among_them_named() -> None:
    event = factory.event(capacity=3)
    held = factory.hold(event)
    offered = factory.confirmed(event, state="offered", confirmed_at=None, held_until=NOW)
    kept = factory.confirmed(event)
    assert allocation.release_lapsed(event, NOW + operations.HOLD) == [offered]
    states = {b.pk: (b.state, b.seat) for b in Booking.objects.all()}
    assert states == {
        held.pk: ("lapsed", None),
        offered.pk: ("lapsed", None),
        kept.pk: ("confirmed", kept.seat),
    }


# --- All at once ----------------------------------------------------------------------------


@pytest.fixture
def seats(tmp_path: Path, transactional_db: None) -> Iterator[Event]:
    """An event in a database that several connections share: on SQLite, one in a file."""
    factory.first_rows()
    if connection.vendor != "sqlite":
        yield factory.event(capacity=SEATS)
        return
    event = factory.event(capacity=SEATS)
    copy = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    settings = connections.settings["default"]
    original = settings["NAME"]
    settings["NAME"] = str(copy)
    yield event
    settings["NAME"] = original


def at_once(number: int, do: Callable[[int], str]) -> Counter[str]:
    """So many people in connections of their own, who all begin at the same moment."""
    outcomes: list[str] = []
    start = threading.Barrier(number)

    def run(who: int) -> None:
        start.wait()
        try:
            outcomes.append(do(who))
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            close_old_connections()
            connections.close_all()

    threads = [threading.Thread(target=run, args=[who]) for who in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def hold_one(event: Event) -> Callable[[int], str]:
    def do(_who: int) -> str:
        cart = uuid.uuid4()
        booking = operations.hold_seat(event=event, mode="on_site", cart=cart, by=None, now=NOW)
        return str(booking.state)

    return do


def seats_taken(event: Event) -> list[int | None]:
    """Asked by a connection of its own, as the people were."""
    found: list[int | None] = []

    def ask(_who: int) -> str:
        rows = Booking.objects.filter(event=event).seated().order_by("seat")
        found.extend(rows.values_list("seat", flat=True))
        return "asked"

    at_once(1, ask)
    return found


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("repeat", range(3))
def test_two_hundred_want_fifty_seats(seats: Event, repeat: int) -> None:
    outcomes = at_once(PEOPLE, hold_one(seats))
    assert outcomes == {"held": SEATS, "EventFull": PEOPLE - SEATS}
    assert seats_taken(seats) == list(range(1, SEATS + 1))


@pytest.mark.both_databases
@pytest.mark.slow
def test_sixty_want_fifty_seats(seats: Event) -> None:
    outcomes = at_once(60, hold_one(seats))
    assert outcomes == {"held": SEATS, "EventFull": 10}
    assert seats_taken(seats) == list(range(1, SEATS + 1))


@pytest.mark.postgres
@pytest.mark.slow
def test_without_the_lock_it_goes_wrong(seats: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows that the tests above would notice. The constraint alone turns it into errors."""
    monkeypatch.setattr(allocation, "locked", lambda pk: Event.objects.get(pk=pk))
    outcomes = at_once(PEOPLE, hold_one(seats))
    assert outcomes["IntegrityError"] > 0
    assert len(seats_taken(seats)) <= SEATS


@pytest.mark.postgres
@pytest.mark.slow
def test_one_cart_sent_by_many_clicks_is_one_booking(seats: Event) -> None:
    """Twenty check-outs of the same cart at the same moment: one invoice, no error."""
    cart = uuid.uuid4()
    held = operations.hold_seat(event=seats, mode="on_site", cart=cart, by=None, now=NOW)
    attendee, payer = factory.attendee(), factory.payer()

    def check_out(_who: int) -> str:
        done = operations.check_out(
            cart=cart,
            by=None,
            attendees={held.public_id: attendee},
            payer=payer,
            seen={held.public_id: held.amount},
            terms=factory.terms(),
            now=NOW,
        )
        assert done.invoice is not None
        return done.invoice.number

    outcomes = at_once(20, check_out)
    assert list(outcomes.values()) == [20]
    assert Booking.objects.filter(event=seats).coming_to().count() == 1


@pytest.mark.postgres
@pytest.mark.slow
def test_two_carts_with_the_same_events_do_not_wait_for_each_other(seats: Event) -> None:
    """Locks are taken in one order, whichever order the seats were put in."""
    other = factory.event(capacity=SEATS)

    def book(who: int) -> str:
        cart, events = uuid.uuid4(), [seats, other] if who % 2 else [other, seats]
        held = [
            operations.hold_seat(event=event, mode="on_site", cart=cart, by=None, now=NOW)
            for event in events
        ]
        operations.check_out(
            cart=cart,
            by=None,
            attendees={booking.public_id: factory.attendee() for booking in held},
            payer=factory.payer(),
            seen={booking.public_id: booking.amount for booking in held},
            terms=factory.terms(),
            now=NOW,
        )
        return "booked"

    assert at_once(20, book) == {"booked": 20}
