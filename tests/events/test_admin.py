"""Where staff plan and look after seats."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files import File
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from billing.models import Invoice
from events import operations
from events.editions import missing_language
from events.models import Booking, BookingTerms, Event
from members import roles
from members.models import User
from tests.factories import events as factory
from tests.factories import members

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)
EVENTS = "admin:events_event_changelist"
BOOKINGS = "admin:events_booking_changelist"


@pytest.fixture
def staff() -> User:
    return members.staff(roles.EVENT_MANAGER)


@pytest.fixture
def office(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def act(client: Client, view: str, action: str, *rows: Any, **more: str) -> Any:
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(reverse(view), data)


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def change(client: Client, event: Event, **changes: Any) -> Any:
    """Save the form as it is shown, with other values in some fields."""
    url = reverse("admin:events_event_change", args=[event.pk])
    page = client.get(url)
    form = page.context["adminform"].form
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if bound.html_name.endswith(("_at", "_until")) and value:
            moment = timezone.localtime(value)
            data[f"{bound.html_name}_0"] = moment.strftime("%Y-%m-%d")
            data[f"{bound.html_name}_1"] = moment.strftime("%H:%M:%S")
        elif value is not None and not isinstance(value, File):
            data[bound.html_name] = value
    for inline in page.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        data |= {f"{prefix}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return client.post(url, {**data, **changes})


# --- Events ---------------------------------------------------------------------------------


def test_the_list_shows_how_full_it_is(office: Client) -> None:
    event = factory.event(capacity=3, starts_at=timezone.now() + DAY, title_en="")
    factory.confirmed(event)
    factory.confirmed(event, state="waiting", seat=None)
    row = office.get(reverse(EVENTS)).content.decode()
    assert '<td class="field-on_site">1 / 3</td>' in row
    assert '<td class="field-in_line">1</td>' in row
    assert '<td class="field-languages">en</td>' in row


def test_the_list_asks_as_much_for_one_as_for_many(office: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            office.get(reverse(EVENTS))
        return len(captured)

    factory.event()
    queries()  # the first page of a log-in notes that it is in use
    one = queries()
    for _ in range(9):
        factory.event()
    assert queries() == one


@pytest.mark.parametrize(
    "words", ["åsa", "Öberg Åsa", "asa@", "byrån", "ÅSA seminariet", "autumn seminar"]
)
def test_a_seat_is_found_by_its_person_and_its_event(office: Client, words: str) -> None:
    event = factory.event(title_sv="Höstseminariet", title_en="Autumn seminar")
    who = {"name": "Åsa Öberg", "email": "asa@example.org", "employer": "Byrån AB"}
    seat = factory.confirmed(event, **who)
    factory.confirmed(factory.event(title_sv="Mötet", title_en="Meeting"), name="Någon Annan")
    page = office.get(reverse("admin:events_booking_changelist"), {"q": words})
    assert list(page.context["cl"].result_list) == [seat]


def test_seats_that_are_taken_cannot_be_taken_away(office: Client) -> None:
    event = factory.event(capacity=3, starts_at=timezone.now() + DAY)
    for number in (1, 2):
        factory.confirmed(event, seat=number)
    response = change(office, event, capacity="1")
    assert response.status_code == 200
    assert "capacity" in response.context["adminform"].form.errors
    assert change(office, event, capacity="2").status_code == 302


def test_more_seats_are_offered_to_those_who_wait(office: Client) -> None:
    event = factory.event(capacity=1, starts_at=timezone.now() + DAY)
    factory.fill(event)
    waiter = factory.confirmed(event, state="waiting", seat=None, confirmed_at=None)
    assert change(office, event, capacity="2").status_code == 302
    waiter.refresh_from_db()
    assert waiter.state == "offered"


def test_odd_times_are_told(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + DAY)
    late = (event.ends_at + DAY).strftime("%Y-%m-%d")
    response = change(office, event, cancel_until_0=late, cancel_until_1="12:00:00")
    assert "cancel_until" in response.context["adminform"].form.errors


def prices_typed(*rows: tuple[str, str, str]) -> dict[str, str]:
    typed = {"prices-TOTAL_FORMS": str(len(rows)), "prices-INITIAL_FORMS": "0"}
    for number, (audience, amount, until) in enumerate(rows):
        row = {"audience": audience, "amount": amount, "until": until}
        typed |= {f"prices-{number}-{name}": value for name, value in row.items()}
    return typed


def test_a_price_typed_twice_is_told(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + DAY, prices={})
    early = ("member", "80", "2026-02-01")
    twice = prices_typed(("member", "100", ""), early, ("member", "90", ""))
    response = change(office, event, **twice)
    (formset,) = [f.formset for f in response.context["inline_admin_formsets"]][:1]
    assert [bool(errors) for errors in formset.errors] == [False, False, True]
    assert event.prices.count() == 0
    assert change(office, event, **prices_typed(("member", "100", ""), early)).status_code == 302
    assert event.prices.count() == 2


def test_an_end_before_the_beginning_is_told_in_words(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + DAY)
    response = change(office, event, ends_at_0="2020-01-01", ends_at_1="12:00:00")
    errors = response.context["adminform"].form.non_field_errors()
    assert errors == [gettext("The end must be after the beginning.")]


def test_the_editor_sees_which_language_is_missing(office: Client) -> None:
    whole = factory.event(summary_sv="Kort", summary_en="Short")
    half = factory.event(summary_sv="Kort")
    english = factory.event(description_en="Long")
    listed = {
        language: set(
            office.get(reverse(EVENTS), {"missing": language})
            .context["cl"]
            .queryset.values_list("pk", flat=True)
        )
        for language in ("en", "sv")
    }
    assert listed == {"en": {half.pk}, "sv": {english.pk}}
    assert [missing_language(event) for event in (whole, half, english)] == [[], ["en"], ["sv"]]
    page = office.get(reverse("admin:events_event_change", args=[half.pk])).content.decode()
    assert '<div class="readonly">en</div>' in page


def test_a_new_time_reminds_the_editor_of_those_who_have_seats(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + DAY)
    assert told(change(office, event, place="Umeå"))[1:] == []
    factory.confirmed(event)
    assert told(change(office, event, capacity="11"))[1:] == []
    warned = told(change(office, event, place="Luleå"))
    write = reverse("events:message-new", args=[event.slug])
    assert [write in message for message in warned].count(True) == 1


def test_copied_as_a_draft(office: Client) -> None:
    event = factory.conference()
    act(office, EVENTS, "copy", event)
    copy = Event.objects.exclude(pk=event.pk).get()
    assert (copy.published_at, copy.prices.count()) == (None, 3)


def test_called_off_with_a_reason(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + DAY)
    booking = factory.confirmed(event)
    asked = act(office, EVENTS, "call_off", event)
    assert "reason" in asked.content.decode()
    event.refresh_from_db()
    assert event.cancelled_at is None
    act(office, EVENTS, "call_off", event, reason="Talaren är sjuk")
    event.refresh_from_db()
    booking.refresh_from_db()
    assert (event.cancelled_reason, booking.state) == ("Talaren är sjuk", "cancelled")
    assert event.history.first().history_user is not None


def test_an_empty_reason_is_refused(office: Client) -> None:
    event = factory.event(starts_at=timezone.now() + DAY)
    act(office, EVENTS, "call_off", event, reason=" ")
    event.refresh_from_db()
    assert event.cancelled_at is None


# --- Bookings -------------------------------------------------------------------------------


def test_checked_in_and_back(office: Client, staff: User) -> None:
    booking = factory.confirmed(factory.event(starts_at=timezone.now()))
    act(office, BOOKINGS, "check_in", booking)
    booking.refresh_from_db()
    assert (booking.state, booking.history.first().history_user) == ("attended", staff)
    act(office, BOOKINGS, "undo_check_in", booking)
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_a_refusal_is_told_and_the_others_are_done(office: Client) -> None:
    today = factory.confirmed(factory.event(starts_at=timezone.now()))
    later = factory.confirmed(factory.event(starts_at=timezone.now() + 9 * DAY))
    response = act(office, BOOKINGS, "check_in", today, later)
    states = dict(Booking.objects.values_list("pk", "state"))
    assert states == {today.pk: "attended", later.pk: "confirmed"}
    assert len(told(response)) == 2


def test_staff_cancels_after_the_last_day(office: Client) -> None:
    booking = factory.confirmed(factory.event(starts_at=timezone.now() - DAY / 48))
    act(office, BOOKINGS, "cancel", booking)
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_staff_cancels_and_leaves_the_invoice_as_it_is(office: Client) -> None:
    event = factory.conference(starts_at=timezone.now() + DAY, published_at=timezone.now() - DAY)
    registration = operations.Registration(
        person=factory.attendee(), mode="on_site", language="sv", payer=factory.payer()
    )
    booking = operations.register(event=event, registration=registration, by=members.staff())
    act(office, BOOKINGS, "cancel_without_credit", booking)
    booking.refresh_from_db()
    assert (booking.state, booking.seat) == ("cancelled", None)
    assert [invoice.total for invoice in Invoice.objects.all()] == [5900]


def test_first_in_line_and_above_the_capacity_with_a_reason(office: Client) -> None:
    event = factory.event(capacity=1, starts_at=timezone.now() + DAY)
    factory.fill(event)
    waiter = factory.confirmed(event, state="waiting", seat=None, confirmed_at=None)
    act(office, BOOKINGS, "go_first", waiter, reason="Talare")
    waiter.refresh_from_db()
    assert (waiter.priority, waiter.priority_reason) == (1, "Talare")
    act(office, BOOKINGS, "offer_beyond_capacity", waiter, reason="Talare")
    waiter.refresh_from_db()
    assert (waiter.state, waiter.seat) == ("offered", 2)


def test_seats_are_not_moved_by_hand(office: Client) -> None:
    booking = factory.confirmed(factory.event())
    url = reverse("admin:events_booking_change", args=[booking.pk])
    office.post(url, {"name": "Rätt Namn", "language": "sv", "state": "cancelled", "seat": "7"})
    booking.refresh_from_db()
    assert (booking.name, booking.state) == ("Rätt Namn", "confirmed")
    assert office.get(reverse("admin:events_booking_add")).status_code == 403
    delete = reverse("admin:events_booking_delete", args=[booking.pk])
    assert office.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", [roles.TREASURER, roles.MEMBERSHIP_SECRETARY])
def test_who_may_only_look_cannot_act(client: Client, role: str) -> None:
    client.force_login(members.staff(role))
    booking = factory.confirmed(factory.event(starts_at=timezone.now()))
    assert client.get(reverse(BOOKINGS)).status_code == 200
    act(client, BOOKINGS, "check_in", booking)
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_accepted_terms_are_read_only(client: Client) -> None:
    client.force_login(members.person(is_staff=True, is_superuser=True))
    terms = BookingTerms.objects.get()
    url = reverse("admin:events_bookingterms_change", args=[terms.pk])
    assert 'name="body_sv"' in client.get(url).content.decode()
    factory.confirmed(factory.event(), terms=terms)
    assert 'name="body_sv"' not in client.get(url).content.decode()


# --- Certificates ---------------------------------------------------------------------------


def test_a_certificate_is_corrected_by_a_new_one(office: Client) -> None:
    first = factory.certified(name="Asa Oberg")
    url = reverse("admin:events_certificate_change", args=[first.pk])
    office.post(url, {"name": "Åsa Öberg", "hours": "-2.5", "reason": "Stavning"})
    assert first.booking.certificates.count() == 1
    office.post(url, {"name": "Åsa Öberg", "hours": "2.5", "reason": "Stavning"})
    first.refresh_from_db()
    second = first.booking.certificates.get(revoked_at=None)
    assert (first.name, first.revoked_because) == ("Asa Oberg", "Stavning")
    assert (second.name, second.code != first.code) == ("Åsa Öberg", True)
    # What is revoked is looked at only.
    assert "reason" not in office.get(url).content.decode().split("<form")[-1]


def test_an_event_without_any_seats_is_told_so(client):
    client.force_login(members.staff(roles.EVENT_MANAGER))
    page = client.get(reverse("admin:events_event_add"))
    empty = {
        f"{formset.formset.prefix}-{name}": "0"
        for formset in page.context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    page = client.post(reverse("admin:events_event_add"), empty)

    form = page.context["adminform"].form
    assert form.errors["capacity"] == [gettext("Say how many can come, on site or online.")]
