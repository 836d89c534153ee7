"""Calendar files: one event, a booking with its online link, or the whole programme."""

import datetime as dt
from collections.abc import Iterable
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from events.editions import Edition, edition
from events.models import Booking, Event

CONTENT_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//Forum för Dataskydd//Evenemang//SV"


def with_sequence(events: QuerySet[Event]) -> QuerySet[Event]:
    """Annotates `sequence`: how often the event was changed. It tells a calendar what is newer."""
    versions = Event.history.filter(id=OuterRef("pk")).order_by().values("id")
    changes = versions.annotate(number=Count("pk")).values("number")
    number = Coalesce(Subquery(changes, output_field=IntegerField()), 0)
    return events.annotate(sequence=number)


def programme_file(events: Iterable[Event], language: str) -> bytes:
    """What is on, to subscribe to. Events come from `with_sequence()`."""
    with translation.override(language):
        calendar = _calendar()
        calendar.add("X-WR-CALNAME", _("Events of Forum för Dataskydd"))
        calendar.add("REFRESH-INTERVAL", dt.timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(_entry(edition(event, language)))
    return _finished(calendar)


def event_file(event: Event, language: str) -> bytes:
    calendar = _calendar()
    calendar.add_component(_entry(edition(event, language)))
    return _finished(calendar)


def booking_file(booking: Booking, language: str) -> bytes:
    """The event as the one who booked it needs it; cancelled when the booking is."""
    entry = _entry_of(booking, language)
    is_coming = booking.state in Booking.COMING
    if not is_coming:
        entry["STATUS"] = icalendar.vText("CANCELLED")
        entry["SEQUENCE"] = icalendar.vInt(entry["SEQUENCE"] + 1)
    calendar = _calendar("PUBLISH" if is_coming else "CANCEL")
    calendar.add_component(entry)
    return _finished(calendar)


def _entry_of(booking: Booking, language: str) -> Any:
    """For a seat online with the link to the room.

    Never with the link to the booking: that is a key, and people show each other their calendars.
    """
    entry: Any = _entry(edition(booking.event, language))
    with translation.override(language):
        lines = [str(entry["DESCRIPTION"])]
        if booking.mode == Booking.Mode.ONLINE and booking.event.online_url:
            lines.append(_("Online: %(url)s") % {"url": booking.event.online_url})
            entry["LOCATION"] = icalendar.vText(booking.event.online_url)
    entry["DESCRIPTION"] = icalendar.vText("\n".join(line for line in lines if line))
    return entry


def own_file(bookings: QuerySet[Booking], language: str) -> bytes:
    """Every seat of one person, to subscribe to."""
    with translation.override(language):
        calendar = _calendar()
        calendar.add("X-WR-CALNAME", _("My events with Forum för Dataskydd"))
        calendar.add("REFRESH-INTERVAL", dt.timedelta(hours=12), parameters={"VALUE": "DURATION"})
    rows = list(bookings)
    events = with_sequence(Event.objects.filter(pk__in=[row.event_id for row in rows]))
    by_number = {event.pk: event for event in events}
    for booking in rows:
        booking.event = by_number[booking.event_id]
        calendar.add_component(_entry_of(booking, language))
    return _finished(calendar)


def _calendar(method: str = "PUBLISH") -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method)
    return calendar


def _entry(text: Edition) -> icalendar.Event:
    event: Any = text.event
    zone = ZoneInfo(settings.TIME_ZONE)
    entry = icalendar.Event()
    # The same for ever, so that a newer file replaces the older entry.
    entry.add("UID", f"event-{event.public_id}@{settings.SITE_HOST}")
    entry.add("SEQUENCE", event.sequence)
    entry.add("DTSTAMP", (event.published_at or event.starts_at).astimezone(dt.UTC))
    entry.add("DTSTART", event.starts_at.astimezone(zone))
    entry.add("DTEND", event.ends_at.astimezone(zone))
    entry.add("SUMMARY", str(text.title))
    entry.add("DESCRIPTION", "\n".join(filter(None, [str(text.summary), text.full_url])))
    entry.add("URL", text.full_url)
    place = ", ".join(filter(None, [event.place, event.address]))
    entry.add("LOCATION", place or text.where)
    entry.add("STATUS", "CANCELLED" if event.cancelled_at else "CONFIRMED")
    entry.add("ORGANIZER", _organiser())
    return entry


def _organiser() -> icalendar.vCalAddress:
    """RFC 5546 wants one in every file with a METHOD."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organiser = icalendar.vCalAddress(f"mailto:{address}")
    organiser.params["CN"] = name
    return organiser


def _finished(calendar: icalendar.Calendar) -> bytes:
    """With the rules of the time zone in it, for calendars that do not know it."""
    if calendar.events:
        calendar.add_missing_timezones()
    return calendar.to_ical()
