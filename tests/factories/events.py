"""Events, their prices and seats, each with a default for everything."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps

from billing.models import Product
from billing.operations import Customer
from events import first_rows as events_rows
from events import operations
from events.models import Booking, BookingTerms, Certificate, Event, Price
from tests.factories import billing, members

# A Monday, when nobody's clock is being changed.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

_count = itertools.count(1)


def first_rows() -> None:
    """For tests that commit and find the tables emptied by another."""
    members.first_rows()
    events_rows.create(apps)


def event(
    *,
    prices: dict[str, str] | None = None,
    starts_at: datetime = NOW + 30 * DAY,
    capacity: int | None = 10,
    **changes: Any,
) -> Event:
    """A seminar in a month, free for members and 500 kr for others."""
    number = next(_count)
    made = Event.objects.create(
        **{
            "slug": f"seminarium-{number}",
            "kind": Event.Kind.SEMINAR,
            "title_sv": f"Seminarium {number}",
            "title_en": f"Seminar {number}",
            "place": "Stockholm",
            "starts_at": starts_at,
            "ends_at": starts_at + 2 * HOUR,
            "capacity": capacity,
            "published_at": NOW - DAY,
            "product": Product.objects.get(code="seminar"),
            **changes,
        }
    )
    for audience, amount in (
        {"member": "0", "public": "500"} if prices is None else prices
    ).items():
        price(event=made, audience=audience, amount=amount)
    return made


def conference(**changes: Any) -> Event:
    """Costs something for everybody."""
    number = next(_count)
    return event(
        **{
            "slug": f"nordic-privacy-arena-{number}",
            "kind": Event.Kind.CONFERENCE,
            "title_sv": "Nordic Privacy Arena",
            "title_en": "Nordic Privacy Arena",
            "product": Product.objects.get(code="conference"),
            "prices": {"member": "4900", "student": "900", "public": "5900"},
            "capacity": 400,
            **changes,
        }
    )


def price(*, event: Event, audience: str = "public", amount: str = "500", **changes: Any) -> Price:
    return Price.objects.create(event=event, audience=audience, amount=Decimal(amount), **changes)


def terms() -> BookingTerms:
    return BookingTerms.objects.get()


def cart() -> uuid.UUID:
    return uuid.uuid4()


def attendee(**changes: Any) -> operations.Attendee:
    number = next(_count)
    return operations.Attendee(
        **{"name": f"Gäst {number}", "email": f"gast{number}@kansli.example", **changes}
    )


def payer(**changes: Any) -> Customer:
    return billing.customer(**changes)


def hold(event: Event, *, mode: str = "on_site", **changes: Any) -> Booking:
    """A visitor's seat in a cart of its own."""
    return operations.hold_seat(
        **{"event": event, "mode": mode, "cart": cart(), "by": None, "now": NOW, **changes}
    )


def fill(event: Event, *, mode: str = "on_site") -> list[Booking]:
    """Every seat that is left, held until the event."""
    taken = event.bookings.seated().filter(mode=mode).count()
    return [
        confirmed(event, mode=mode, seat=number)
        for number in range(taken + 1, event.capacity_of(mode) + 1)
    ]


def confirmed(event: Event, **changes: Any) -> Booking:
    """A booked seat that cost nothing, written as it is: no mail, no invoice."""
    number = next(_count)
    return Booking.objects.create(
        **{
            "event": event,
            "mode": "on_site",
            "state": Booking.State.CONFIRMED,
            "seat": 1000 + number,
            "name": f"Gäst {number}",
            "email": f"gast{number}@kansli.example",
            "confirmed_at": NOW - DAY,
            "created_at": NOW - DAY,
            **changes,
        }
    )


def waiting(event: Event, *, now: datetime = NOW, **changes: Any) -> Booking:
    """A visitor in line."""
    return operations.join_waiting_list(
        **{
            "event": event,
            "mode": "on_site",
            "by": None,
            "person": attendee(),
            "now": now,
            **changes,
        }
    )


def held_yesterday(**changes: Any) -> Event:
    """A seminar of two hours that is over."""
    return event(starts_at=NOW - DAY, **{"education_hours": Decimal("2.5"), **changes})


def attended(event: Event, **changes: Any) -> Booking:
    return confirmed(
        event, **{"state": Booking.State.ATTENDED, "attended_at": NOW - DAY, **changes}
    )


def certified(**changes: Any) -> Certificate:
    """Of somebody who was at a seminar yesterday."""
    booking = attended(held_yesterday(), **changes)
    operations.note_attendance(event=booking.event, by=members.staff(), now=NOW)
    return booking.certificates.get()
