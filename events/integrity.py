"""Proof that the seats are whole (`manage.py check_ledger`): none sold twice, none given away.

What the constraints cannot say, because it is about many rows or about time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from billing.models import InvoiceLine
from billing.money import ZERO
from events.models import Booking, Event

SWEPT_WITHIN = timedelta(minutes=5)


def findings(now: datetime | None = None) -> Iterator[str]:
    """One line a finding."""
    now = now or timezone.now()
    yield from _lapsed(now)
    for event in Event.objects.with_fill(now).order_by("pk"):
        for mode in event.modes:
            yield from _above_capacity(event, mode)
            yield from _free_while_waited_for(event, mode, now)
    yield from _live_at_called_off()
    yield from _amounts()
    yield from _freed_with_seat()
    yield from _pictures()


def _lapsed(now: datetime) -> Iterator[str]:
    for booking in Booking.objects.lapsed(now - SWEPT_WITHIN):
        yield f"booking {booking.pk}: its time ran out and nobody took the seat back"


def _above_capacity(event: Event, mode: str) -> Iterator[str]:
    """Staff may go above it knowingly: by a reason, by hand, or for whoever walked in."""
    taken, capacity = int(getattr(event, f"taken_{mode}")), event.capacity_of(mode)
    if taken <= capacity:
        return
    rows = event.bookings.filter(mode=mode).seated()
    knowingly = rows.exclude(priority_reason="") | rows.filter(is_walk_in=True)
    by_staff = rows.filter(booked_by__is_staff=True)
    if taken - capacity > (knowingly | by_staff).count():
        yield f"event {event.slug}: {taken} seats taken of {capacity} ({mode})"


def _free_while_waited_for(event: Any, mode: str, now: datetime) -> Iterator[str]:
    if event.cancelled_at is not None or event.starts_at <= now:
        return
    waiting = event.bookings.filter(mode=mode, state=Booking.State.WAITING).count()
    if waiting and event.seats_free(mode):
        yield f"event {event.slug}: a seat is free while {waiting} wait ({mode})"


def _live_at_called_off() -> Iterator[str]:
    live = Booking.objects.live().filter(event__cancelled_at__isnull=False)
    for booking in live.exclude(state=Booking.State.ATTENDED):
        yield f"booking {booking.pk}: {booking.state} at an event that was called off"


def _amounts() -> Iterator[str]:
    """What a seat cost is what stands on its lines."""
    rows = Booking.objects.filter(state__in=Booking.COMING)
    for booking in rows.exclude(invoice_line=None, difference_line=None).select_related(
        "invoice_line", "difference_line"
    ):
        charged = sum((_gross(line) for line in _lines(booking)), ZERO)
        if charged != booking.amount:
            yield f"booking {booking.pk}: costs {booking.amount}, charged {charged}"
    for booking in rows.filter(invoice_line=None, amount__gt=0):
        if booking.difference_line_id is None:
            yield f"booking {booking.pk}: costs something and stands on no invoice"


def _freed_with_seat() -> Iterator[str]:
    """The constraints forbid it; a restore without them would not."""
    wrong = Booking.objects.exclude(state__in=Booking.SEATED).filter(seat__isnull=False)
    for booking in wrong.order_by("pk").values_list("pk", flat=True):
        yield f"booking {booking}: has given its seat back and still has it"


def _pictures() -> Iterator[str]:
    shown = Event.objects.exclude(picture="").order_by("pk").values_list("slug", "picture")
    for slug, name in shown:
        if not default_storage.exists(name):
            yield f"event {slug}: its picture {name} is not there"


def _lines(booking: Booking) -> list[InvoiceLine]:
    return [line for line in (booking.invoice_line, booking.difference_line) if line is not None]


def _gross(line: InvoiceLine) -> Any:
    return line.unit_price * line.quantity
