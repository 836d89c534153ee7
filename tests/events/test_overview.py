"""A person's seats on my pages, and what the register tells of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import cards, links, overview
from events.models import Booking
from privacy import gaps
from tests.factories import events as factory
from tests.factories import members
from tests.factories.events import DAY, NOW

pytestmark = pytest.mark.django_db


def titles(rows: list[overview.Row]) -> list[str]:
    return [str(row.text.title) for row in rows]


def test_each_seat_stands_where_it_belongs() -> None:
    person = members.person()
    mine = {"user": person, "email": person.email}
    factory.confirmed(factory.event(title_sv="Bokad"), **mine)
    factory.confirmed(factory.event(title_sv="Köad"), state="waiting", seat=None, **mine)
    held_until = {"held_until": NOW + DAY}
    factory.confirmed(factory.event(title_sv="Erbjuden"), state="offered", **held_until, **mine)
    factory.confirmed(factory.event(title_sv="Korg"), state="held", **held_until, **mine)
    past = factory.event(title_sv="Förbi", starts_at=NOW - 9 * DAY)
    factory.confirmed(past, state="attended", attended_at=NOW - 9 * DAY, **mine)
    gone = {"state": "cancelled", "seat": None, "cancelled_at": NOW}
    factory.confirmed(factory.event(title_sv="Avbokad"), **gone, **mine)
    factory.confirmed(factory.event(title_sv="Annans"))
    shown = overview.for_person(person, NOW)
    assert titles(shown.coming) == ["Bokad"]
    assert titles(shown.waiting) == ["Köad"]
    assert titles(shown.offers) == ["Erbjuden"]
    assert titles(shown.past) == ["Förbi"]
    assert [row.status for row in shown.past] == ["Deltog"]


def test_a_seat_booked_for_ones_address_is_ones_own() -> None:
    person = members.person()
    factory.confirmed(factory.event(), email=person.email.upper())
    (row,) = overview.for_person(person, NOW).coming
    assert row.for_whom == ""


def test_a_seat_booked_for_a_colleague_names_the_colleague() -> None:
    person = members.person()
    seat = factory.confirmed(factory.event(), booked_by=person, name="Kollega", cart=factory.cart())
    (row,) = overview.for_person(person, NOW).coming
    assert (row.for_whom, row.url) == ("Kollega", links.booked_for_path(seat))


def test_what_staff_registered_or_let_in_is_not_theirs() -> None:
    staff = members.staff()
    factory.confirmed(factory.event(), booked_by=staff)
    assert overview.for_person(staff, NOW).coming == []


def test_an_address_with_an_account_of_its_own_is_not_found_by_address() -> None:
    """Somebody else's account holds the seat, whatever address was typed."""
    person, other = members.person(), members.person()
    factory.confirmed(factory.event(), user=other, email=person.email)
    assert overview.for_person(person, NOW).coming == []


def test_two_queries_however_many_seats() -> None:
    person = members.person()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            overview.for_person(person, NOW)
        return len(captured)

    counts = []
    for _ in range(3):
        factory.confirmed(factory.event(), user=person, email=person.email)
        counts.append(queries())
    # The seats, and the address of the own calendar.
    assert counts == [2, 2, 2]


def test_the_start_page_gets_the_next_events() -> None:
    factory.event(title_sv="Sen", starts_at=NOW + 20 * DAY)
    factory.event(title_sv="Snart", starts_at=NOW + DAY)
    factory.event(title_sv="Inställd", starts_at=NOW + DAY, cancelled_at=NOW)
    factory.event(title_sv="Senast", starts_at=NOW + timedelta(days=30))
    assert [card.title for card in cards.coming(NOW, limit=2)] == ["Snart", "Sen"]


def test_the_register_knows_every_table_and_column_of_this_room() -> None:
    mine = [str(gap) for gap in gaps.undeclared() if gap.what.startswith("events.")]
    assert mine == []


def test_every_move_leads_to_a_state_and_the_end_is_the_end() -> None:
    assert set(Booking.MOVES) == set(Booking.State)
    assert {to for moves in Booking.MOVES.values() for to in moves} <= set(Booking.State)
    assert Booking.MOVES[Booking.State.CANCELLED] == frozenset()
