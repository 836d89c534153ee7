"""The month, the series, a person's own feed, a conference's hours and speakers."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from events import operations
from events.models import CalendarFeed, Event, Session, Speaker
from events.month import month
from events.refusals import WrongState
from members import roles
from tests.events import pages
from tests.factories import events as factory
from tests.factories import members

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(day: int, hour: int = 13, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=STOCKHOLM)


# --- The month ------------------------------------------------------------------------------


def test_an_event_stands_on_each_of_its_days(django_assert_num_queries: Any) -> None:
    factory.event(starts_at=at(31), ends_at=at(1, month=4), title_sv="Två dagar")
    factory.event(starts_at=at(15, month=5))
    with django_assert_num_queries(2):
        shown = month(Event.objects.all(), date(2026, 3, 1), date(2026, 3, 2))
    days = {day.date: [str(e.title) for e in day.entries] for week in shown.weeks for day in week}
    assert {day for day, titles in days.items() if titles} == {date(2026, 3, 31), date(2026, 4, 1)}
    assert [day.number for week in shown.weeks for day in week if day.is_today] == [2]


def test_no_link_leads_past_the_first_and_the_last_event() -> None:
    """A robot that follows links would else read the months of a hundred years."""
    factory.event(starts_at=at(31), ends_at=at(1, month=4))

    def links(number: int) -> tuple[str, str]:
        shown = month(Event.objects.all(), date(2026, number, 1), date(2026, 2, 27))
        return shown.before[-8:], shown.after[-8:]

    assert [links(number) for number in (2, 3, 4)] == [
        ("", "/2026/3/"),
        ("/2026/2/", "/2026/4/"),
        ("/2026/3/", ""),
    ]
    nothing = month(Event.objects.none(), date(2026, 1, 1), date(2026, 2, 27))
    assert (nothing.before, nothing.after[-8:]) == ("", "/2026/2/")


def test_the_pages_of_months(client: Client) -> None:
    event = factory.event(starts_at=at(31), published_at=at(1))
    draft = factory.event(starts_at=at(30), published_at=None)
    page = client.get(reverse("events:month", args=[2026, 3])).content.decode()
    assert (event.title_sv in page, draft.title_sv in page) == (True, False)
    assert client.get(reverse("events:this-month")).status_code == 302
    for year, number in ((2026, 13), (2026, 0), (1, 1), (9999, 12)):
        assert client.get(reverse("events:month", args=[year, number])).status_code == 404


# --- A series -------------------------------------------------------------------------------


def test_a_series_keeps_the_clock_when_it_is_changed(client: Client) -> None:
    """Summer time begins on 29 March 2026."""
    event = factory.event(starts_at=at(20), cancel_until=at(18), prices={"public": "100"})
    event.prices.update(until=date(2026, 3, 10))
    staff = members.staff(roles.EVENT_MANAGER)
    client.force_login(staff)
    url = reverse("events:series", args=[event.slug])
    client.post(url, {"number": "2", "weeks": "1"})
    first, second = Event.objects.exclude(pk=event.pk).order_by("starts_at")
    assert (first.starts_at, second.starts_at) == (at(27), at(3, month=4))
    assert (second.cancel_until, second.published_at) == (at(1, month=4), None)
    assert second.prices.get().until == date(2026, 3, 24)
    client.post(url, {"number": "0", "weeks": "1"})
    assert Event.objects.count() == 3
    with pytest.raises(WrongState):
        operations.make_series(event=event, number=99, weeks=1, by=staff)


# --- One's own feed -------------------------------------------------------------------------


def test_the_own_feed_has_ones_seats_and_dies_when_renewed(client: Client) -> None:
    person = members.person()
    client.force_login(person)
    client.post(reverse("events:renew-feed"))
    feed = CalendarFeed.objects.get()
    url = reverse("events:own-feed", args=[feed.key])
    assert url in client.get(reverse("my-pages")).content.decode()
    mine = factory.confirmed(factory.event(title_sv="Min"), user=person, email=person.email)
    factory.confirmed(factory.event(title_sv="Annans"))
    calendar = icalendar.Calendar.from_ical(Client().get(url).content)
    assert [entry["SUMMARY"] for entry in calendar.events] == [mine.event.title_sv]
    client.post(reverse("events:renew-feed"))
    assert Client().get(url).status_code == 404
    feed.refresh_from_db()
    assert Client().get(reverse("events:own-feed", args=[feed.key])).status_code == 200


# --- A conference's hours -------------------------------------------------------------------


def test_the_hours_and_speakers_stand_on_the_page(client: Client) -> None:
    event = factory.conference(starts_at=at(20), ends_at=at(21), published_at=at(1))
    ada = Speaker.objects.create(event=event, name="Ada Ask", role_sv="Jurist", role_en="Lawyer")
    hour = timedelta(hours=1)
    for day, title in ((21, "Andra dagen"), (20, "Första dagen")):
        session = Session.objects.create(
            event=event, title_sv=title, starts_at=at(day), ends_at=at(day) + hour, room="A"
        )
        session.speakers.add(ada)
    page = client.get(reverse("events:event", args=[event.slug]))
    words = pages.text(page)
    assert words.index("Första dagen") < words.index("Andra dagen")
    assert "Ada Ask , Jurist" in words or "Ada Ask, Jurist" in words
    script = page.content.decode().split("application/ld+json")[1].split(">", 1)[1]
    described = json.loads(script.split("</script>")[0])
    assert described["performer"] == [{"@type": "Person", "name": "Ada Ask"}]


def test_a_copy_has_the_speakers_and_their_hours() -> None:
    event = factory.conference(starts_at=at(20), ends_at=at(21))
    ada = Speaker.objects.create(event=event, name="Ada Ask")
    session = Session.objects.create(
        event=event, title_sv="Inledning", starts_at=at(20), ends_at=at(20, 14)
    )
    session.speakers.add(ada)
    (copy,) = operations.make_series(event=event, number=1, weeks=2, by=members.staff())
    copied = copy.sessions.get()
    assert (copied.title_sv, copied.starts_at) == ("Inledning", at(3, month=4))
    assert [(speaker.name, speaker.event) for speaker in copied.speakers.all()] == [
        ("Ada Ask", copy)
    ]
    assert (event.sessions.count(), event.speakers.count()) == (1, 1)
