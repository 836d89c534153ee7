"""The staff's room of an event: the door, lists, messages, registering, figures."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Invoice
from events import diets, operations
from events.chart import chart
from events.exporting import safe
from events.models import Booking, Event, Message, Needs, SurveyAnswer
from events.room import room, survey
from mail.models import Mail
from members import roles
from members.models import User
from tests.events import pages
from tests.factories import events as factory
from tests.factories import members

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def staff() -> User:
    return members.staff(roles.EVENT_MANAGER)


@pytest.fixture
def office(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def today() -> Event:
    """Goes on right now."""
    return factory.event(starts_at=timezone.now() - timedelta(minutes=20))


PAGES = ["room", "door", "attendees", "badges", "export", "register", "message-new"]


@pytest.mark.parametrize("name", PAGES)
def test_the_room_is_for_staff_only(client: Client, office: Client, name: str) -> None:
    event = factory.event()
    factory.confirmed(event)
    url = reverse(f"events:{name}", args=[event.slug])
    assert office.get(url).status_code == 200
    member = Client()
    member.force_login(members.person())
    assert (Client().get(url).status_code, member.get(url).status_code) == (302, 403)


# --- The door -------------------------------------------------------------------------------


def send(office: Client, event: Event, *entries: dict[str, Any]) -> Any:
    url = reverse("events:door-sync", args=[event.slug])
    return office.post(url, json.dumps({"entries": entries}), content_type="application/json")


def entry(booking: Booking | None = None, **changes: Any) -> dict[str, Any]:
    made = {"key": str(uuid.uuid4()), "kind": "in", "at": timezone.now().isoformat()}
    return {**made, **({"booking": booking.public_id.hex} if booking else {}), **changes}


def hows(response: Any) -> list[str]:
    return [outcome["how"] for outcome in response.json()["outcomes"]]


def test_what_was_gathered_without_a_network_is_taken_once(office: Client, today: Event) -> None:
    first, second = factory.confirmed(today), factory.confirmed(today)
    gathered = [
        entry(first, at=(timezone.now() - timedelta(minutes=9)).isoformat()),
        entry(second),
        entry(kind="walk-in", name="Vera", email="vera@byran.example"),
    ]
    assert hows(send(office, today, *gathered)) == ["in", "in", "in"]
    # The answer got lost on its way, so everything is sent again.
    answer = send(office, today, *gathered)
    assert hows(answer) == ["in", "in", "in"]
    assert [guest["is_in"] for guest in answer.json()["people"]] == [True, True, True]
    assert Booking.objects.filter(event=today, state="attended").count() == 3
    first.refresh_from_db()
    assert first.history.filter(state="attended").count() == 1
    assert timezone.now() - first.attended_at > timedelta(minutes=8)


def test_a_second_scan_is_shown_clearly(office: Client, today: Event) -> None:
    booking = factory.confirmed(today, name="Bo Berg")
    send(office, today, entry(booking, at=(timezone.now() - 5 * HOUR / 60).isoformat()))
    answer = send(office, today, entry(booking))
    assert hows(answer) == ["again"]
    assert "Bo Berg" in answer.json()["outcomes"][0]["text"]


def test_a_short_code_will_do_and_a_wrong_one_is_refused(office: Client, today: Event) -> None:
    booking, elsewhere = factory.confirmed(today), factory.confirmed(factory.event())
    short = f"{booking.public_id.hex[:4]}-{booking.public_id.hex[4:8]}".upper()
    entries = [
        {**entry(), "booking": short},
        entry(elsewhere),
        {**entry(), "booking": "zzzz-zzzz"},
        entry(factory.confirmed(today, state="waiting", seat=None)),
    ]
    assert hows(send(office, today, *entries)) == ["in", "refused", "refused", "refused"]


def test_taken_back_at_the_door(office: Client, today: Event) -> None:
    booking = factory.confirmed(today)
    send(office, today, entry(booking))
    assert hows(send(office, today, entry(booking, kind="out"))) == ["out"]
    booking.refresh_from_db()
    assert booking.state == "confirmed"


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "A\x00b"},
        {"name": "A\nb"},
        {"name": "x" * 121},
        {"name": " "},
        {"email": "vera"},
        {"email": ""},
        {"employer": "\x00"},
        {"key": "1"},
    ],
)
def test_what_is_typed_at_the_door_is_looked_at(
    office: Client, today: Event, typed: dict[str, str]
) -> None:
    walk_in = entry(kind="walk-in", **{"name": "Vera", "email": "vera@byran.example", **typed})
    assert hows(send(office, today, walk_in)) == ["refused"]
    assert not Booking.objects.exists()


def test_a_walk_in_where_there_is_only_a_link_is_online(office: Client) -> None:
    event = factory.event(starts_at=timezone.now(), capacity=None, online_capacity=5)
    send(office, event, entry(kind="walk-in", name="Vera", email="vera@byran.example"))
    assert Booking.objects.get().mode == "online"


def test_nobody_walks_into_what_was_called_off(office: Client, today: Event) -> None:
    Event.objects.update(cancelled_at=timezone.now())
    walk_in = entry(kind="walk-in", name="Vera", email="vera@byran.example")
    assert hows(send(office, today, walk_in)) == ["refused"]


def test_the_door_says_where_a_seat_costs_something(office: Client, today: Event) -> None:
    register = reverse("events:register", args=[today.slug])
    door = reverse("events:door", args=[today.slug])
    assert register in office.get(door).content.decode()
    today.prices.all().delete()
    assert register not in office.get(door).content.decode()


@pytest.mark.parametrize("body", ["", "[]", '{"entries": 1}', '{"entries": [1]}'])
def test_garbage_is_refused(office: Client, today: Event, body: str) -> None:
    url = reverse("events:door-sync", args=[today.slug])
    assert office.post(url, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    "strange",
    [
        {"at": "yesterday"},
        {"at": "2026-99-99T00:00:00Z"},
        {"at": "2999-01-01T00:00:00+00:00"},
        {"at": None},
    ],
)
def test_a_strange_clock_is_not_believed(
    office: Client, today: Event, strange: dict[str, Any]
) -> None:
    booking = factory.confirmed(today)
    assert hows(send(office, today, entry(booking, **strange))) == ["in"]
    booking.refresh_from_db()
    assert booking.attended_at <= timezone.now()


def test_without_script_the_list_has_buttons(office: Client, today: Event) -> None:
    booking = factory.confirmed(today)
    page = office.get(reverse("events:door", args=[today.slug]))
    check = reverse("events:check", args=[today.slug, booking.public_id.hex])
    assert check in page.content.decode()
    office.post(check, {"in": "1"})
    booking.refresh_from_db()
    assert booking.state == "attended"
    office.post(check, {"out": "1"})
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    answer = office.post(reverse("events:walk-in", args=[today.slug]), {"name": "Vera"})
    assert answer.status_code == 409
    typed = {"name": "Vera", "email": "vera@byran.example"}
    office.post(reverse("events:walk-in", args=[today.slug]), typed)
    assert Booking.objects.get(name="Vera").is_walk_in


def test_the_attendance_is_noted_from_the_room(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() - 5 * HOUR, education_hours=2)
    factory.attended(event)
    page = office.get(reverse("events:room", args=[event.slug]))
    pages.press(office, page, reverse("events:note-attendance", args=[event.slug]))
    event.refresh_from_db()
    assert event.attendance_noted_at is not None
    assert "to-note" not in office.get(reverse("admin:index")).content.decode()


# --- Lists ----------------------------------------------------------------------------------


def test_diets_are_numbers_and_names_of_those_who_said_yes() -> None:
    event = factory.event(asks_needs=True)
    for name, named in (("Ada", True), ("Bo", False)):
        operations.tell_needs(
            booking=factory.confirmed(event, name=name),
            needs=Needs(diet="vegan", allergies=f"nötter {name}", may_be_named=named),
            consents=True,
            now=factory.NOW,
        )
    told = diets.diets(event)
    assert [(count.number, count.names) for count in told.counts] == [(2, ["Ada"])]
    assert [wish.name for wish in told.allergies] == ["Ada", ""]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+46", "'+46"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("\0=1", "'\0=1"),
        ("\N{NO-BREAK SPACE}=1", "'\N{NO-BREAK SPACE}=1"),
        (" \t\r\n@SUM(A1)", "' \t\r\n@SUM(A1)"),
        ("|calc", "'|calc"),
        ("%0A=1", "'%0A=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("\N{FULLWIDTH PLUS SIGN}1", "'\N{FULLWIDTH PLUS SIGN}1"),
        ("\N{FULLWIDTH HYPHEN-MINUS}1", "'\N{FULLWIDTH HYPHEN-MINUS}1"),
        ("\N{FULLWIDTH COMMERCIAL AT}x", "'\N{FULLWIDTH COMMERCIAL AT}x"),
        ("", ""),
        (" ", " "),
        ("500,00", "500,00"),
        ("Ann-Marie = Åsa", "Ann-Marie = Åsa"),
        ("Åsa", "Åsa"),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    assert safe(cell) == written


def test_the_table_has_everybody(office: Client) -> None:
    event = factory.event()
    factory.confirmed(event, name="=cmd", email="a@byran.example")
    factory.confirmed(event, state="waiting", seat=None, name="Vera")
    text = office.get(reverse("events:export", args=[event.slug])).content.decode("utf-8-sig")
    lines = text.strip().split("\r\n")
    assert len(lines) == 3
    assert lines[1].startswith("'=cmd;a@byran.example;")


# --- Figures --------------------------------------------------------------------------------


def test_the_curve_climbs_to_the_number_of_seats() -> None:
    event = factory.event(capacity=4)
    for days in (1, 1, 3):
        factory.confirmed(event, confirmed_at=factory.NOW - days * DAY)
    drawn = chart(event, factory.TODAY)
    assert drawn is not None
    heights = [float(point.split(",")[1]) for point in drawn.points.split()]
    assert (drawn.total, len(heights)) == (3, 5)
    assert heights == sorted(heights, reverse=True)
    assert chart(factory.event(), factory.TODAY) is None


def test_answers_of_two_are_not_shown() -> None:
    event = factory.event()
    for rating in (5, 4):
        SurveyAnswer.objects.create(event=event, rating=rating, useful="Allt")
    assert (survey(event).answers, survey(event).average, survey(event).useful) == (2, None, [])
    SurveyAnswer.objects.create(event=event, rating=3)
    assert (str(survey(event).average), survey(event).useful) == ("4.0", ["Allt", "Allt"])


def test_the_room_shows_the_line_in_its_order(office: Client) -> None:
    now = timezone.now()
    event = factory.event(
        starts_at=now + DAY, published_at=now - DAY, capacity=1, online_capacity=1
    )
    events = {mode: factory.fill(event, mode=mode) for mode in event.modes}
    assert len(events) == 2
    ada, bo, cia = (
        factory.waiting(event, person=factory.attendee(name=name), now=now, mode=mode)
        for name, mode in (("Ada", "on_site"), ("Bo", "on_site"), ("Cia", "online"))
    )
    operations.go_first(booking=bo, reason="Talare", by=members.staff())
    lines = room(Event.objects.with_fill(now).get(pk=event.pk), now).lines
    shown = [[(person.name, person.first_because) for person in line.people] for line in lines]
    assert shown == [[(bo.name, "Talare"), (ada.name, "")], [(cia.name, "")]]
    page = pages.text(office.get(reverse("events:room", args=[event.slug])))
    assert page.index("Bo") < page.index("Ada") < page.index("Cia")


# --- Messages -------------------------------------------------------------------------------

WORDS = {"subject_sv": "Ny sal", "body_sv": "Sal 2", "subject_en": "New room", "body_en": "Room 2"}


def write(office: Client, event: Event, receivers: str) -> Message:
    url = reverse("events:message-new", args=[event.slug])
    office.post(url, {**WORDS, "receivers": receivers})
    return Message.objects.get()


def test_a_message_is_looked_at_tested_and_sent_once(office: Client, staff: User) -> None:
    event = factory.event()
    swede, brit = factory.confirmed(event), factory.confirmed(event, language="en")
    factory.confirmed(event, state="waiting", seat=None)
    message = write(office, event, "coming")
    page = office.get(reverse("events:message", args=[event.slug, message.pk]))
    assert "Sal 2" in pages.text(page)
    pages.press(office, page, reverse("events:message-test", args=[event.slug, message.pk]))
    assert set(Mail.objects.values_list("to", flat=True)) == {staff.email}
    Mail.objects.all().delete()
    for _click in range(2):
        office.post(reverse("events:message-send", args=[event.slug, message.pk]))
    subjects = dict(Mail.objects.values_list("to", "subject"))
    assert subjects == {swede.email: "Ny sal", brit.email: "New room"}
    message.refresh_from_db()
    assert message.receivers_count == 2
    # What is sent is not changed.
    url = reverse("events:message", args=[event.slug, message.pk])
    office.post(url, {**WORDS, "subject_sv": "Annat", "receivers": "coming"})
    message.refresh_from_db()
    assert message.subject_sv == "Ny sal"
    assert "2" in pages.text(office.get(reverse("events:room", args=[event.slug])))


def members_price_lapsed(event: Event) -> Invoice:
    """The difference of a seat that was booked at the members' price and paid."""
    booking = factory.confirmed(event, audience="member", amount=4900, email="z@byran.example")
    return operations.charge_difference(booking=booking, by=None)


def test_a_message_to_the_line_and_to_who_has_not_paid(office: Client) -> None:
    event = factory.conference(starts_at=timezone.now() + 30 * DAY)
    waiting = factory.confirmed(event, state="waiting", seat=None)
    registration = operations.Registration(
        person=factory.attendee(), mode="on_site", language="sv", payer=factory.payer()
    )
    Booking.objects.filter(pk=waiting.pk).update(mode="online")
    operations.register(event=event, registration=registration, by=members.staff())
    Mail.objects.all().delete()
    message = write(office, event, "waiting")
    office.post(reverse("events:message-send", args=[event.slug, message.pk]))
    assert list(Mail.objects.values_list("to", flat=True)) == [waiting.email]
    Message.objects.all().delete()
    Mail.objects.all().delete()
    difference = members_price_lapsed(event)
    message = write(office, event, "unpaid")
    office.post(reverse("events:message-send", args=[event.slug, message.pk]))
    receivers = set(Mail.objects.values_list("to", flat=True))
    assert receivers == {factory.payer().email, difference.customer_email}
    assert room(Event.objects.with_fill(timezone.now()).get(), timezone.now()).unpaid == (
        "6\xa0900\xa0kr"
    )


def test_nobody_to_write_to(office: Client) -> None:
    event = factory.event()
    message = write(office, event, "coming")
    office.post(reverse("events:message-send", args=[event.slug, message.pk]))
    message.refresh_from_db()
    assert message.sent_at is None


# --- Registering ----------------------------------------------------------------------------


def typed(**changes: str) -> dict[str, str]:
    person = {"name": "Vera", "email": "vera@byran.example", "mode": "on_site", "language": "sv"}
    return {**person, **changes}


def test_staff_registers_a_guest_of_ours(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + 30 * DAY)
    url = reverse("events:register", args=[event.slug])
    assert office.post(url, typed()).status_code == 409
    office.post(url, typed(is_guest_of_ours="on"))
    booking = Booking.objects.get()
    assert (booking.state, booking.amount, booking.invoice_line) == ("confirmed", 0, None)
    assert office.post(url, typed(is_guest_of_ours="on")).status_code == 409
    assert Booking.objects.count() == 1


def test_staff_registers_somebody_who_pays(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + 30 * DAY)
    payer = {"payer_name": "Byrån AB", "payer_address": "Storgatan 1\n903 21 Umeå"}
    office.post(reverse("events:register", args=[event.slug]), typed(**payer))
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.customer_name) == (500, "Byrån AB")
    assert Booking.objects.get().invoice_line.invoice == invoice


def test_staff_registers_an_account_at_its_own_price(office: Client) -> None:
    person = members.membership(starts_on=timezone.localdate() - 9 * DAY).user
    event = factory.event(starts_at=timezone.now() + 30 * DAY)
    url = reverse("events:register", args=[event.slug])
    assert office.post(url, typed(has_account="on")).status_code == 409
    for _twice in range(2):
        office.post(url, typed(email=person.email.upper(), has_account="on"))
    booking = Booking.objects.get()
    assert (booking.user, booking.amount, booking.audience) == (person, 0, "member")
    assert booking.invoice_line is None


def test_an_address_alone_gives_no_price(office: Client) -> None:
    person = members.membership(starts_on=timezone.localdate() - 9 * DAY).user
    event = factory.event(starts_at=timezone.now() + 30 * DAY)
    url = reverse("events:register", args=[event.slug])
    assert office.post(url, typed(email=person.email)).status_code == 409
    assert not Booking.objects.exists()


def test_an_account_that_has_the_seat_in_its_cart_is_refused(office: Client) -> None:
    person = members.membership(starts_on=timezone.localdate() - 9 * DAY).user
    now = timezone.now()
    event = factory.event(starts_at=now + 30 * DAY, published_at=now - DAY)
    factory.hold(event, by=person, now=now)
    url = reverse("events:register", args=[event.slug])
    assert office.post(url, typed(email=person.email, has_account="on")).status_code == 409


def test_the_invoice_is_marked_as_the_employer_wants_it(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + 30 * DAY)
    url = reverse("events:register", args=[event.slug])
    payer = {"payer_name": "Byrån AB", "payer_address": "Storgatan 1", "reference": "Avd 7"}
    assert office.post(url, typed(**payer, organisation_number="123")).status_code == 409
    office.post(url, typed(**payer, organisation_number="8029999995", order_number="PO 4"))
    invoice = Invoice.objects.get()
    assert (invoice.customer_organisation_number, invoice.customer_reference) == (
        "8029999995",
        "Avd 7",
    )
    assert invoice.order_number == "PO 4"


def test_full_is_full_unless_staff_says_otherwise(office: Client) -> None:
    event = factory.event(capacity=1, starts_at=timezone.now() + 30 * DAY)
    factory.confirmed(event)
    url = reverse("events:register", args=[event.slug])
    assert office.post(url, typed(is_guest_of_ours="on")).status_code == 409
    office.post(url, typed(is_guest_of_ours="on", beyond_capacity="on"))
    assert Booking.objects.coming_to().count() == 2
