"""Proof that no seat was sold twice and none given away by mistake (`manage.py check_ledger`)."""

from collections.abc import Iterator

from django.db.models import Count

from events.models import Booking, Event


def findings() -> Iterator[str]:
    for check in (_oversold, _unpaid_for, _freed_with_seat):
        yield from check()


def _oversold() -> Iterator[str]:
    taken = (
        Booking.objects.seated()
        .values("event", "mode")
        .annotate(taken=Count("pk"))
        .order_by("event", "mode")
    )
    events = Event.objects.in_bulk({row["event"] for row in taken})
    for row in taken:
        event, mode = events[row["event"]], row["mode"]
        if row["taken"] > event.capacity_of(mode):
            seats = event.capacity_of(mode)
            yield f"event {event.slug}: {row['taken']} seats taken of {seats} ({mode})"


def _unpaid_for() -> Iterator[str]:
    """A seat that costs something was confirmed together with its invoice."""
    owing = Booking.objects.coming_to().filter(amount__gt=0, invoice_line=None).order_by("pk")
    for booking in owing.values_list("pk", flat=True):
        yield f"booking {booking}: costs something and stands on no invoice"


def _freed_with_seat() -> Iterator[str]:
    """The constraints forbid it; a restore without them would not."""
    wrong = Booking.objects.exclude(state__in=Booking.SEATED).filter(seat__isnull=False)
    for booking in wrong.order_by("pk").values_list("pk", flat=True):
        yield f"booking {booking}: has given its seat back and still has it"
