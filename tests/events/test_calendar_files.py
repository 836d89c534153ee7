"""Calendar files, and the two nights when the clock is changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from events import calendar_files, links
from events.models import Booking, Event
from mail import makers
from tests.factories import events as factory

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def read(content: bytes) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(content)


def with_sequence(event: Event) -> Event:
    return calendar_files.with_sequence(Event.objects.all()).get(pk=event.pk)


@pytest.mark.parametrize(
    ("starts", "offset"),
    [
        (datetime(2027, 3, 27, 13, 0, tzinfo=STOCKHOLM), timedelta(hours=1)),
        (datetime(2027, 3, 28, 13, 0, tzinfo=STOCKHOLM), timedelta(hours=2)),
        (datetime(2026, 10, 24, 13, 0, tzinfo=STOCKHOLM), timedelta(hours=2)),
        (datetime(2026, 10, 25, 13, 0, tzinfo=STOCKHOLM), timedelta(hours=1)),
    ],
)
def test_local_time_with_the_rules_of_its_zone(starts: datetime, offset: timedelta) -> None:
    event = with_sequence(factory.event(starts_at=starts.astimezone(UTC)))
    content = calendar_files.event_file(event, "sv")
    calendar = read(content)
    (entry,) = calendar.events
    assert f"DTSTART;TZID=Europe/Stockholm:{starts:%Y%m%dT130000}" in content.decode()
    assert entry.start.utcoffset() == offset
    (zone,) = calendar.timezones
    assert zone["TZID"] == "Europe/Stockholm"
    observed = {(rule.name, str(rule["TZOFFSETTO"].to_ical())) for rule in zone.subcomponents}
    assert {("STANDARD", "+0100"), ("DAYLIGHT", "+0200")} <= observed


def test_a_changed_event_is_newer_under_the_same_name() -> None:
    event = factory.event()
    before = read(calendar_files.event_file(with_sequence(event), "sv")).events[0]
    event.place = "Umeå"
    event.save()
    after = read(calendar_files.event_file(with_sequence(event), "sv")).events[0]
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_every_time_the_same_bytes() -> None:
    event = with_sequence(factory.event())
    assert calendar_files.event_file(event, "sv") == calendar_files.event_file(event, "sv")


def booked(**changes: object) -> Booking:
    event = factory.event(online_capacity=5, online_url="https://video.example/room")
    booking = factory.confirmed(event, **changes)
    booking.event = with_sequence(event)
    return booking


def test_the_online_link_is_for_those_with_a_seat_online() -> None:
    online = calendar_files.booking_file(booked(mode="online"), "sv").decode()
    on_site = calendar_files.booking_file(booked(), "sv").decode()
    assert ("video.example" in online, "video.example" in on_site) == (True, False)


def test_nobody_who_sees_the_calendar_can_cancel() -> None:
    booking = booked()
    assert links.token_of_booking(booking).encode() not in calendar_files.booking_file(
        booking, "sv"
    )


def test_a_cancelled_booking_takes_the_entry_away() -> None:
    booking = booked(state="cancelled", seat=None, confirmed_at=None, cancelled_at=factory.NOW)
    calendar = read(calendar_files.booking_file(booking, "sv"))
    (entry,) = calendar.events
    assert str(calendar["METHOD"]) == "CANCEL"
    assert (str(entry["STATUS"]), entry["SEQUENCE"]) == ("CANCELLED", booking.event.sequence + 1)


def test_the_mails_attachment_is_made_when_it_leaves() -> None:
    booking = booked()
    (made,) = makers.make_attachments(
        [("booking-calendar", {"booking_id": booking.pk, "language": "en"})]
    )
    assert (made.filename, made.mimetype) == (
        f"{booking.event.title_en.lower().replace(' ', '-')}.ics",
        "text/calendar",
    )
    assert len(read(made.content).events) == 1


def test_an_empty_programme_is_still_a_calendar() -> None:
    assert read(calendar_files.programme_file([], "en")).events == []
