"""Joining and attending, waiting for a seat, the door without a network, and the proof of it."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Invoice
from events import links, operations
from events.models import Booking, Event
from members import roles
from members.models import Membership
from tests.chromium import Watch
from tests.factories import events, members
from tests.journeys.conftest import PHONE, LogIn, Mailbox, Visit, address, in_language, sees
from tests.journeys.test_paying_by_card import say_where_the_invoice_goes

say = in_language("sv")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JOINER = "vera@byran.example"


def soon(**changes: object) -> Event:
    now = timezone.now()
    return events.event(starts_at=now + 20 * DAY, published_at=now - DAY, **changes)


# --- Join and attend ------------------------------------------------------------------------


def test_join_and_attend_in_one_cart_until_the_event_is_called_off(
    visit: Visit, log_in: LogIn, mailbox: Mailbox
):
    now = timezone.now()
    conference = events.conference(starts_at=now + 40 * DAY, published_at=now - DAY)
    page = visit()
    page.goto(address("events:event", conference.slug))
    page.get_by_role("button", name=say("Put into the cart")).click()
    page.get_by_role("button", name=say("Become a member too")).click()
    page.get_by_role("link", name=say("To the checkout")).click()
    page.get_by_label(say("Name"), exact=True).fill("Vera Vik")
    page.get_by_label(say("E-mail"), exact=True).fill(JOINER)
    say_where_the_invoice_goes(page, say, "Vera Vik")
    page.get_by_label(say("I have read the terms and accept them.")).check()
    page.get_by_role("button", name=re.compile(r"4.900")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Thank you, it is booked"))
    assert Invoice.objects.get().total == 4900

    # The membership begins with the link in the mail, and its fee has an invoice of its own.
    page.goto(mailbox.link(JOINER, containing="bekrafta"))
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert Membership.objects.get().invoice.total == 1645

    # The staff calls the event off: the seat is credited, the membership stays.
    office = log_in(members.staff(roles.EVENT_MANAGER))
    office.goto(address("admin:events_event_changelist"))
    office.locator("input.action-select").first.check()
    office.locator("select[name=action]").select_option("call_off")
    office.get_by_role("button", name="Kör").or_(office.locator("button[name=index]")).first.click()
    office.locator("#id_reason").fill("Lokalen brann")
    office.locator("input[type=submit]").last.click()
    expect(office.locator(".messagelist")).to_be_visible()
    assert Booking.objects.get().state == "cancelled"
    credits = Invoice.objects.exclude(credits=None)
    assert [(note.total, note.credits.total) for note in credits] == [(-4900, 4900)]
    assert say("Called off: %(title)s", title=conference.title_sv) in mailbox.subjects(JOINER)


# --- Full -----------------------------------------------------------------------------------


def wait_in_line(page: Page, event: Event, name: str, email: str) -> None:
    page.goto(address("events:event", event.slug))
    page.get_by_role("link", name=say("Join the waiting list")).click()
    page.get_by_label(say("Name"), exact=True).fill(name)
    page.get_by_label(say("E-mail"), exact=True).fill(email)
    page.get_by_role("button", name=say("Join the waiting list")).click()
    page.wait_for_url("**" + address("events:event", event.slug))


def test_an_offer_lapses_to_the_next_who_takes_it(visit: Visit, mailbox: Mailbox):
    event = soon(capacity=1, prices={"public": "0"})
    (taken,) = events.fill(event)
    for name in ("first", "second"):
        wait_in_line(visit(), event, name, f"{name}@byran.example")

    # The seat is given back by the link in the mail, and the first in line is asked.
    page = visit()
    page.goto(links.booking_url(taken, "sv"))
    page.get_by_role("link", name=say("Cancel the booking")).click()
    page.get_by_role("button", name=say("Cancel the booking")).click()
    expect(page.locator(".pill")).to_be_visible()
    offer = say("A seat for you: %(title)s", title=event.title_sv)
    assert offer in mailbox.subjects("first@byran.example")

    # Two days pass without an answer: the next one is asked, and takes it by one click.
    Booking.objects.filter(email="first@byran.example").update(held_until=timezone.now() - HOUR)
    operations.sweep_seats()
    assert offer in mailbox.subjects("second@byran.example")
    page.goto(mailbox.link("second@byran.example", containing="bokningar"))
    page.get_by_role("button", name=say("Yes, I take it")).click()
    sees(page, say("The seat is booked."))
    states = dict(Booking.objects.values_list("email", "state"))
    assert states["first@byran.example"] == "lapsed"
    assert states["second@byran.example"] == "confirmed"


# --- The door -------------------------------------------------------------------------------


def guest(page: Page, booking: Booking):
    return page.locator(f"[data-guest='{booking.public_id.hex}']")


def test_the_door_goes_on_without_a_network_and_a_stranger_checks_the_proof(
    visit: Visit, log_in: LogIn, offline: Watch
):
    now = timezone.now()
    event = events.event(starts_at=now - HOUR, education_hours=2, published_at=now - DAY)
    ada, bo = (events.confirmed(event, name=name) for name in ("Ada Ask", "Bo Berg"))
    page = log_in(members.staff(roles.EVENT_MANAGER), width=PHONE)
    page.goto(address("events:door", event.slug))
    expect(page.locator("[data-network]")).to_have_text(say("Everything is sent."))
    # Nothing sticks out beside a telephone's screen.
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE

    # The network goes. One is found by name, one by the code on the ticket, one has no seat.
    page.context.set_offline(True)
    page.get_by_label(say("Name or code")).fill("ada")
    page.keyboard.press("Enter")
    page.get_by_label(say("Name or code")).fill(bo.public_id.hex[:8])
    page.keyboard.press("Enter")
    page.get_by_text(say("Somebody without a seat")).click()
    page.get_by_label(say("Name"), exact=True).fill("Cia Cederlund")
    page.get_by_label(say("E-mail"), exact=True).fill("cia@byran.example")
    page.get_by_role("button", name=say("Let in")).click()
    expect(page.locator("[data-network]")).to_contain_text("3")
    assert Booking.objects.filter(state="attended").count() == 0

    # A second time is told at once, also without a network.
    page.get_by_label(say("Name or code")).fill("ada")
    page.keyboard.press("Enter")
    expect(page.locator("[data-result]")).to_have_attribute("data-how", "again")
    page.get_by_label(say("Name or code")).fill("")

    # It comes back: everything is sent once.
    page.context.set_offline(False)
    expect(page.locator("[data-network]")).to_have_text(say("Everything is sent."))
    expect(guest(page, ada).locator("[data-at]")).to_be_visible()
    # Only what the browser says of a network that is away.
    assert all("ERR_INTERNET_DISCONNECTED" in words for words in offline.complaints)
    offline.complaints.clear()
    names = Booking.objects.filter(state="attended").order_by("name").values_list("name", flat=True)
    assert list(names) == ["Ada Ask", "Bo Berg", "Cia Cederlund"]

    # The attendance is noted; Ada shows her certificate to a stranger, who types the code.
    Event.objects.filter(pk=event.pk).update(ends_at=now - HOUR / 2)
    page.goto(address("events:room", event.slug))
    page.get_by_role("button", name=say("Note the attendance")).click()
    expect(page.locator(".alert, .messages").first).to_be_visible()
    certificate = ada.certificates.get()
    stranger = visit(width=PHONE)
    stranger.goto(address("events:verify"))
    stranger.get_by_label(say("Code")).fill(certificate.code.lower())
    stranger.get_by_role("button", name=say("Check")).click()
    sees(stranger, say("Forum för Dataskydd has issued this certificate of attendance."))
    expect(stranger.get_by_role("main")).not_to_contain_text("Ada Ask")


def test_the_door_goes_on_after_a_log_in_in_another_tab(log_in: LogIn, offline: Watch):
    """A new log-in has a new token; what waited is sent with it, and the page is not reloaded."""
    now = timezone.now()
    event = events.event(starts_at=now - HOUR, published_at=now - DAY)
    ada = events.confirmed(event, name="Ada Ask")
    page = log_in(members.staff(roles.EVENT_MANAGER), width=PHONE)
    page.goto(address("events:door", event.slug))
    expect(page.locator("[data-network]")).to_have_text(say("Everything is sent."))
    page.evaluate("window.isTheSamePage = true")
    origin = page.evaluate("location.origin")
    page.context.add_cookies([{"name": "csrftoken", "value": "b" * 32, "url": origin}])
    sync = "**" + address("events:door-sync", event.slug)
    with page.expect_response(sync) as refused:
        guest(page, ada).get_by_role("button", name="Ada Ask").first.click()
    assert refused.value.status == 403
    with page.expect_response(sync, timeout=30_000) as taken:
        pass
    assert taken.value.status == 200
    expect(page.locator("[data-network]")).to_have_text(say("Everything is sent."))
    assert page.evaluate("window.isTheSamePage")
    # The browser says in its console that the old token was refused.
    assert ["403" in words for words in offline.complaints] == [True] * len(offline.complaints)
    assert offline.complaints
    offline.complaints.clear()
    ada.refresh_from_db()
    assert ada.state == "attended"
