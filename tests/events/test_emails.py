"""Every letter about a seat, in both languages."""

from collections.abc import Callable
from typing import Any

import pytest

from events import emails, links, operations, tasks
from events.models import Booking
from mail.models import Mail
from tests.factories import events as factory
from tests.factories.events import DAY, NOW

pytestmark = pytest.mark.django_db


def reminder(booking: Booking) -> Mail:
    emails.reminders([(booking, NOW)])
    return Mail.objects.get(key=emails.reminder_key(booking))


LETTERS: dict[str, Callable[[Booking], Mail]] = {
    "confirmed": lambda booking: emails.confirmed(booking, by_another="Bo Bokare"),
    "reminder": reminder,
    "cancelled": lambda booking: emails.cancelled(booking, is_credited=True),
    "called off": lambda booking: emails.called_off(booking, is_credited=True),
    "in line": lambda booking: emails.in_line(booking, 3),
    "offer": lambda booking: emails.offer(booking, NOW),
    "offer lapsed": emails.offer_lapsed,
}
WITH_LINK = {"confirmed", "reminder", "in line", "offer"}


def booked(**changes: Any) -> Booking:
    event = factory.event(title_sv="Rätt & fel <nu>", title_en="Right & wrong <now>")
    return factory.confirmed(event, **changes)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_names_the_event_in_the_receivers_language(letter: str, language: str) -> None:
    booking = booked(language=language, held_until=NOW, state="offered", confirmed_at=None)
    mail = LETTERS[letter](booking)
    title = {"sv": "Rätt & fel <nu>", "en": "Right & wrong <now>"}[language]
    assert (mail.to, mail.language) == (booking.email, language)
    assert title in mail.subject
    assert title in mail.text
    assert title not in mail.html
    assert (links.booking_url(booking, language) in mail.text) == (letter in WITH_LINK)
    assert (links.booking_url(booking, language) in mail.html) == (letter in WITH_LINK)


def test_the_online_link_is_mailed_to_those_online_and_to_nobody_else() -> None:
    event = factory.event(online_capacity=5, online_url="https://video.example/room")
    online, on_site = factory.confirmed(event, mode="online"), factory.confirmed(event)
    waiting = factory.confirmed(event, mode="online", state="waiting", seat=None)
    told = [
        "video.example" in mail.text
        for mail in (
            emails.confirmed(online),
            emails.confirmed(on_site),
            emails.in_line(waiting, 1),
        )
    ]
    assert told == [True, False, False]


def test_an_offer_that_was_answered_is_not_mailed() -> None:
    event = factory.event(capacity=1, starts_at=NOW + 30 * DAY)
    factory.fill(event)
    booking = factory.waiting(event)
    operations.cancel(booking=event.bookings.get(state="confirmed"), by=None, now=NOW)
    mail = Mail.objects.get(key__startswith="booking-offer:")
    operations.decline_offer(booking=booking, by=None, now=NOW)
    assert emails.makers.still_wanted(mail.guard) is False


def test_the_minutely_task_sweeps() -> None:
    """A hold of long ago is taken back by the clock of today."""
    held = factory.hold(factory.event())
    tasks.sweep_seats()
    held.refresh_from_db()
    assert (held.state, held.seat) == ("lapsed", None)
