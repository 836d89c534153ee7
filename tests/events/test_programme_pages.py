"""The list, the event's page, its calendar file and the feed."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from events.models import Event
from members.models import User
from tests.events import pages
from tests.factories import events as factory
from tests.factories import members

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> Any:
    """Pages ask the clock; events are made around it, in whole seconds."""
    return timezone.now().replace(microsecond=0)


def event(now: Any, **changes: Any) -> Event:
    return factory.event(**{"starts_at": now + 30 * DAY, "published_at": now - DAY, **changes})


def member(now: Any) -> User:
    return members.membership(starts_on=timezone.localdate(now) - 30 * DAY).user


def page(client: Client, event: Event) -> Any:
    with translation.override("sv"):
        return client.get(reverse("events:event", args=[event.slug]))


# --- The list -------------------------------------------------------------------------------


def test_the_list_has_what_is_coming_in_order(client: Client, now: Any) -> None:
    later = event(now, title_sv="Senare", starts_at=now + 2 * DAY)
    sooner = event(now, title_sv="Snart", starts_at=now + DAY)
    event(now, title_sv="Utkast", published_at=None)
    event(now, title_sv="Förbi", starts_at=now - 2 * DAY)
    response = client.get(reverse("events:list"))
    assert [card.title for card in response.context["events"]] == ["Snart", "Senare"]
    assert [card.url for card in response.context["events"]] == [
        reverse("events:event", args=[made.slug]) for made in (sooner, later)
    ]


def test_the_archive_has_what_was(client: Client, now: Any) -> None:
    event(now, title_sv="Kommande")
    event(now, title_sv="Äldst", starts_at=now - 9 * DAY)
    event(now, title_sv="Nyss", starts_at=now - 2 * DAY)
    response = client.get(reverse("events:archive"))
    assert [card.title for card in response.context["events"]] == ["Nyss", "Äldst"]


@pytest.mark.parametrize(("kind", "titles"), [("meeting", ["Träff"]), ("", 2), ("nonsense", 2)])
def test_the_list_by_kind(client: Client, now: Any, kind: str, titles: Any) -> None:
    event(now, title_sv="Seminarium")
    event(now, title_sv="Träff", kind="meeting")
    shown = [
        card.title for card in client.get(reverse("events:list"), {"kind": kind}).context["events"]
    ]
    assert shown == titles if isinstance(titles, list) else len(shown) == titles


def test_what_a_card_says(client: Client, now: Any) -> None:
    full = event(now, title_sv="Full", capacity=1, starts_at=now + DAY)
    factory.fill(full)
    event(now, title_sv="Få", capacity=3, starts_at=now + 2 * DAY, prices={"public": "0"})
    event(now, title_sv="Inställd", cancelled_at=now, starts_at=now + 3 * DAY)
    event(now, title_sv="Öppen", starts_at=now + 4 * DAY, prices={"member": "0"})
    factory.conference(title_sv="Arena", starts_at=now + 5 * DAY, published_at=now - DAY)
    cards = client.get("/en/events/").context["events"]
    assert [(card.price_label, card.status_label) for card in cards] == [
        ("Free for members", "Fully booked"),
        ("Free of charge", "Few seats left"),
        ("Free for members", "Called off"),
        ("For members", ""),
        ("From SEK\xa0900", ""),
    ]


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_as_many_queries_for_one_event_as_for_a_thousand(
    client: Client, now: Any, who: str
) -> None:
    if who == "member":
        client.force_login(member(now))
    made = event(now)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse("events:list")).status_code == 200
        return len(captured)

    queries()
    counts = [queries()]
    for number in (9, 990):
        Event.objects.bulk_create(
            Event(
                slug=f"fler-{number}-{n}",
                kind="seminar",
                title_sv="Fler",
                starts_at=made.starts_at,
                ends_at=made.ends_at,
                capacity=1,
                published_at=made.published_at,
                product=made.product,
            )
            for n in range(number)
        )
        counts.append(queries())
    assert counts == [counts[0]] * 3


def test_who_only_reads_gets_no_session(client: Client, now: Any) -> None:
    made = event(now)
    for url in (reverse("events:list"), reverse("events:event", args=[made.slug])):
        assert "sessionid" not in client.get(url).cookies
    assert client.get(reverse("events:list")).cookies == {}


# --- One event ------------------------------------------------------------------------------


def test_a_draft_is_not_found(client: Client, now: Any) -> None:
    assert page(client, event(now, published_at=None)).status_code == 404
    assert page(client, event(now, published_at=now + DAY)).status_code == 404


def test_a_visitor_reads_the_price_why_and_how_to_a_better_one(client: Client, now: Any) -> None:
    made = event(now)
    box = client.get(f"/en/events/{made.slug}/").context["box"]
    assert (box.amount, box.vat) == ("SEK\xa0500", "including 25% VAT")
    assert box.why == "The price for everyone. Members pay less."
    assert [(way.link_label, way.url) for way in box.better] == [
        ("Log in", f"/en/account/login/?next=/en/events/{made.slug}/"),
        ("Become a member", "/en/join/"),
    ]
    assert [(c.mode, c.seats, c.action) for c in box.choices] == [
        ("on_site", "10 seats left", "Put into the cart")
    ]


def test_a_member_books_where_a_visitor_pays(client: Client, now: Any) -> None:
    made = event(now)
    client.force_login(member(now))
    box = client.get(f"/en/events/{made.slug}/").context["box"]
    assert (box.amount, box.better) == ("Free of charge", [])
    assert [choice.action for choice in box.choices] == ["Book my seat"]


def test_an_overdue_member_is_sent_to_the_invoice(client: Client, now: Any) -> None:
    year = members.membership(starts_on=timezone.localdate(now) - 60 * DAY, paid=False)
    client.force_login(year.user)
    (way,) = page(client, event(now)).context["box"].better
    assert year.invoice is not None
    assert way.url == year.invoice.get_absolute_url()


def test_on_site_and_online_are_chosen_apart(client: Client, now: Any) -> None:
    made = event(now, capacity=1, online_capacity=5, online_url="https://video.example/room")
    factory.fill(made)
    response = client.get(f"/en/events/{made.slug}/")
    assert [(c.mode, c.seats, c.action) for c in response.context["box"].choices] == [
        ("on_site", "Fully booked", "Join the waiting list"),
        ("online", "5 seats left", "Put into the cart"),
    ]
    assert "video.example" not in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"booking_closes_at": -DAY}, "Booking has closed"),
        ({"starts_at": -DAY / 24}, "The event has begun."),
        ({"cancelled_at": -DAY}, "The event has been called off."),
    ],
)
def test_a_closed_event_says_why(
    client: Client, now: Any, changes: dict[str, timedelta], says: str
) -> None:
    made = event(now, **{name: now + shift for name, shift in changes.items()})
    box = client.get(f"/en/events/{made.slug}/").context["box"]
    assert (box.closed, box.choices) == (says, [])


def test_a_missing_language_is_said_and_marked(client: Client, now: Any) -> None:
    made = event(now, title_sv="Bara svenska", title_en="")
    english = client.get(f"/en/events/{made.slug}/").content.decode()
    assert "This event is described in Swedish only." in english
    assert '<h1 lang="sv">Bara svenska</h1>' in english
    assert "<h1>Bara svenska</h1>" in page(client, made).content.decode()


def test_what_search_engines_read(client: Client, now: Any) -> None:
    made = event(now, title_sv="</script><b>Fälla", summary_sv="Kort & gott", address="Gatan 1")
    html = page(client, made).content.decode()
    ((nonce, found),) = re.findall(
        r'<script type="application/ld\+json" nonce="([^"]+)">(.*?)</script>', html, re.DOTALL
    )
    told = json.loads(found)
    assert nonce
    assert (told["@type"], told["name"]) == ("EducationEvent", "</script><b>Fälla")
    assert told["eventStatus"] == "https://schema.org/EventScheduled"
    assert [(offer["price"], offer["priceCurrency"]) for offer in told["offers"]] == [
        ("500.00", "SEK")
    ]


def test_pages_of_events_ask_as_much_for_a_full_house_as_for_an_empty_one(
    client: Client, now: Any
) -> None:
    made = event(now, capacity=30)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, made)
        return len(captured)

    empty = queries()
    factory.fill(made)
    assert queries() == empty


# --- Calendar -------------------------------------------------------------------------------


def test_the_calendar_file_of_an_event(client: Client, now: Any) -> None:
    made = event(now, address="Gatan 1", summary_sv="Kort")
    response = client.get(reverse("events:calendar", args=[made.slug]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (entry,) = icalendar.Calendar.from_ical(response.content).events
    assert entry["UID"] == f"event-{made.public_id}@localhost"
    assert entry.start == made.starts_at
    assert str(entry["LOCATION"]) == "Stockholm, Gatan 1"


def test_the_feed_has_what_is_published(client: Client, now: Any) -> None:
    made = [event(now), event(now, cancelled_at=now), event(now, starts_at=now - 20 * DAY)]
    event(now, published_at=None)
    event(now, starts_at=now - 200 * DAY)
    response = client.get(reverse("events:feed"))
    entries = icalendar.Calendar.from_ical(response.content).events
    assert {entry["UID"] for entry in entries} == {
        f"event-{one.public_id}@localhost" for one in made
    }
    assert sorted(str(entry["STATUS"]) for entry in entries) == [
        "CANCELLED",
        "CONFIRMED",
        "CONFIRMED",
    ]


def test_the_feed_asks_as_much_for_one_event_as_for_many(client: Client, now: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("events:feed"))
        return len(captured)

    event(now)
    one = queries()
    for _ in range(9):
        event(now)
    assert queries() == one


def test_hours_are_shown_without_needless_zeros(client: Client, now: Any) -> None:
    made = event(now, education_hours=Decimal("2.50"))
    assert "2,5" in pages.text(page(client, made))
