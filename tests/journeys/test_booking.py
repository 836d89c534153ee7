"""A member books a free seminar in one click, and it is in the calendar."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Invoice
from events import links
from events.models import Booking, Event
from members.models import User
from tests.factories import events, members
from tests.journeys.conftest import DESK, PHONE, Mailbox, Say, Visit, address, in_language, sees

STOCKHOLM = ZoneInfo("Europe/Stockholm")
EMAIL = "anna.astrom@kommun.example"


def half_past_five_in(days: int) -> datetime:
    day: date = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(17, 30), STOCKHOLM)


@pytest.fixture
def seminar() -> Event:
    return events.event(
        title_sv="Kakor utan smulor",
        title_en="Cookies without crumbs",
        place="Stadshuset, Umeå",
        starts_at=half_past_five_in(40),
        published_at=timezone.now() - timedelta(days=1),
    )


def log_in_and_come_back(page: Page, say: Say) -> None:
    """By the way that the price box shows to whoever is not known yet."""
    page.get_by_role("complementary").get_by_role("link", name=say("Log in")).click()
    page.get_by_label(say("Email"), exact=True).fill(EMAIL)
    page.get_by_label(say("Password"), exact=True).fill(members.PASSWORD)
    page.get_by_role("main").get_by_role("button", name=say("Log in")).click()


def the_entry_in(file: bytes) -> icalendar.Event:
    calendar = icalendar.Calendar.from_ical(file)
    assert [zone["TZID"] for zone in calendar.timezones] == ["Europe/Stockholm"]
    (entry,) = calendar.events
    return entry


@pytest.mark.parametrize(
    ("language", "width", "title"),
    [("sv", DESK, "Kakor utan smulor"), ("en", PHONE, "Cookies without crumbs")],
    ids=["sv", "en, phone"],
)
def test_member_books_a_free_seminar(
    visit: Visit, mailbox: Mailbox, seminar: Event, language, width, title
):
    say = in_language(language)
    person: User = members.person(email=EMAIL, language=language)
    members.membership(person, starts_on=timezone.localdate() - timedelta(days=100))
    invoices = Invoice.objects.count()
    page = visit(width=width)

    # Finds the seminar on the start page, and what it costs those who are not members.
    page.goto(address("start", language=language))
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    log_in_and_come_back(page, say)

    # Now it is free, and one click is enough.
    page.wait_for_url("**" + address("events:event", seminar.slug, language=language))
    expect(page.locator(".price-box .amount")).to_have_text(say("Free of charge"))
    page.get_by_role("button", name=say("Book my seat", "event")).click()

    sees(page, say("The seat is booked."))
    booking = Booking.objects.get()
    assert (booking.event, booking.user, booking.state) == (seminar, person, "confirmed")
    assert (booking.name, booking.email, booking.amount) == (person.name, EMAIL, 0)
    assert (booking.invoice_line, Invoice.objects.count()) == (None, invoices)

    # The confirmation brings the right time to the calendar.
    message = mailbox.last(EMAIL)
    assert message.subject == say("Booked: %(title)s", title=title)
    ((name, content, kind),) = message.attachments
    assert name.endswith(".ics")
    assert kind == "text/calendar"
    entry = the_entry_in(content)
    assert (entry.start, entry.end) == (seminar.starts_at, seminar.ends_at)
    assert (entry.start.hour, entry.start.minute) == (17, 30)
    assert (entry["SUMMARY"], entry["LOCATION"]) == (title, "Stadshuset, Umeå")

    # The page gives the same file.
    with page.expect_download() as download:
        page.get_by_role("link", name=say("Put into my calendar")).click()
    assert the_entry_in(download.value.path().read_bytes()) == entry

    # My pages know of it, and the link in the mail needs no log-in.
    page.goto(address("my-pages", language=language))
    row = page.get_by_role("listitem").filter(has_text=title)
    expect(row).to_contain_text(say("Booked"))
    stranger = visit(width=width)
    url = links.booking_url(booking, language)
    assert url in message.body
    stranger.goto(url)
    expect(stranger.get_by_role("heading", level=1)).to_have_text(title)
