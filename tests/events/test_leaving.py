"""Giving a seat back, calling an event off, and who came."""

from decimal import Decimal
from typing import Any

import pytest

from billing.models import Invoice
from events import operations
from events.cancelling import cancel_terms
from events.models import Booking, Event
from events.refusals import NotYours, ReasonMissing, TooEarly, TooLateToCancel, WrongState
from mail.models import Mail
from tests.factories import billing, members
from tests.factories import events as factory
from tests.factories.events import DAY, HOUR, MINUTE, NOW

pytestmark = pytest.mark.django_db


def sold(event: Event | None = None, *, seats: int = 1, **changes: Any) -> list[Booking]:
    """Seats that a visitor booked and got an invoice for."""
    event, cart = event or factory.conference(cancel_until=NOW + 10 * DAY), factory.cart()
    held = operations.hold_for_others(
        event=event, mode="on_site", cart=cart, by=changes.get("by"), seats=seats, now=NOW
    )
    operations.check_out(
        cart=cart,
        by=changes.get("by"),
        attendees={booking.public_id: factory.attendee() for booking in held},
        payer=factory.payer(),
        seen={booking.public_id: booking.amount for booking in held},
        terms=factory.terms(),
        now=NOW,
    )
    return list(Booking.objects.filter(cart=cart).order_by("pk"))


def invoice_of(booking: Booking) -> Invoice:
    assert booking.invoice_line is not None
    return booking.invoice_line.invoice


def credits() -> list[tuple[Decimal, str]]:
    notes = Invoice.objects.filter(kind="credit").order_by("pk")
    return [(note.total, note.reason) for note in notes]


def mailed(what: str) -> list[str]:
    rows = Mail.objects.filter(key__startswith=f"booking-{what}:").order_by("pk")
    return list(rows.values_list("to", flat=True))


# --- Cancelling -----------------------------------------------------------------------------


def test_cancelled_in_time_the_seat_is_credited_and_free() -> None:
    (booking,) = sold()
    operations.cancel(booking=booking, by=None, now=NOW + DAY)
    booking.refresh_from_db()
    assert (booking.state, booking.seat, booking.cancelled_at) == ("cancelled", None, NOW + DAY)
    assert credits() == [(Decimal(-5900), "Avbokning")]
    assert billing.balance(invoice_of(booking)) == 0
    assert mailed("cancelled") == [booking.email]
    assert "kreditfaktura" in Mail.objects.get(key=f"booking-cancelled:{booking.pk}").text.lower()


def test_cancelled_twice_it_is_credited_once() -> None:
    (booking,) = sold()
    for _ in range(2):
        operations.cancel(booking=booking, by=None, now=NOW)
    assert (len(credits()), len(mailed("cancelled"))) == (1, 1)


def test_one_of_three_seats_is_credited_for_itself() -> None:
    booking, *others = sold(seats=3)
    operations.cancel(booking=booking, by=None, now=NOW)
    assert credits() == [(Decimal(-5900), "Avbokning")]
    assert {b.state for b in Booking.objects.filter(pk__in=[o.pk for o in others])} == {"confirmed"}


def test_a_paid_seat_leaves_money_to_pay_back() -> None:
    (booking,) = sold()
    billing.pay(invoice_of(booking))
    operations.cancel(booking=booking, by=None, now=NOW)
    assert billing.balance(invoice_of(booking)) == Decimal(-5900)


def test_a_free_seat_is_given_back_until_the_event_begins() -> None:
    event = factory.event(cancel_until=NOW)
    booking = factory.confirmed(event)
    operations.cancel(booking=booking, by=None, now=event.starts_at - MINUTE)
    booking.refresh_from_db()
    assert (booking.state, credits()) == ("cancelled", [])


def test_after_the_last_day_a_sold_seat_is_not_cancelled_here() -> None:
    (booking,) = sold()
    with pytest.raises(TooLateToCancel):
        operations.cancel(booking=booking, by=None, now=NOW + 10 * DAY)
    booking.refresh_from_db()
    assert (booking.state, credits()) == ("confirmed", [])


def test_staff_cancels_later_and_decides_about_the_money() -> None:
    first, second = sold(seats=2)
    staff = members.person()
    late = NOW + 20 * DAY
    operations.cancel(booking=first, by=staff, by_staff=True, now=late)
    operations.cancel(booking=second, by=staff, by_staff=True, credit=False, now=late)
    assert credits() == [(Decimal(-5900), "Avbokning")]


def test_only_the_person_and_who_booked_may_cancel() -> None:
    booker, stranger = members.person(), members.person()
    (booking,) = sold(by=booker)
    with pytest.raises(NotYours):
        operations.cancel(booking=booking, by=stranger, now=NOW)
    operations.cancel(booking=booking, by=booker, now=NOW)
    booking.refresh_from_db()
    assert booking.state == "cancelled"


@pytest.mark.parametrize("state", ["waiting", "held"])
def test_what_is_not_booked_is_not_cancelled(state: str) -> None:
    event = factory.event(capacity=1)
    booking = factory.hold(event)
    if state == "waiting":
        booking = factory.waiting(event)
    with pytest.raises(WrongState):
        operations.cancel(booking=booking, by=None, now=NOW)


def test_the_rule_for_the_money_is_told_before() -> None:
    (booking,) = sold()
    free = factory.confirmed(factory.event())
    before, after = cancel_terms(booking, NOW), cancel_terms(booking, NOW + 10 * DAY)
    assert (before.is_open, before.credit, "5\xa0900" in before.text) == (True, Decimal(5900), True)
    assert (after.is_open, after.credit) == (False, Decimal(0))
    assert (cancel_terms(free, NOW).is_open, cancel_terms(free, NOW).credit) == (True, Decimal(0))


# --- Calling off ----------------------------------------------------------------------------


def call_off(event: Event, **changes: Any) -> Event:
    return operations.call_off(
        **{
            "event": event,
            "reason": "Talaren är sjuk",
            "by": members.person(),
            "now": NOW,
            **changes,
        }
    )


def test_called_off_everybody_is_told_and_every_invoice_credited_once() -> None:
    event = factory.conference(capacity=4)
    pair = sold(event, seats=2)
    (single,) = sold(event)
    held = factory.hold(event)
    waiter = factory.waiting(event)
    for _ in range(2):
        call_off(event)
    event.refresh_from_db()
    assert (event.cancelled_at, event.cancelled_reason) == (NOW, "Talaren är sjuk")
    told = [*pair, single, waiter]
    assert sorted(mailed("called-off")) == sorted(booking.email for booking in told)
    assert sorted(total for total, _reason in credits()) == [Decimal(-11800), Decimal(-5900)]
    states = dict(Booking.objects.values_list("pk", "state"))
    assert [states[b.pk] for b in told] == ["cancelled"] * 4
    assert states[held.pk] == "lapsed"


def test_a_seat_cancelled_before_is_not_credited_again() -> None:
    event = factory.conference()
    first, _second = sold(event, seats=2)
    operations.cancel(booking=first, by=None, now=NOW)
    call_off(event)
    assert [total for total, _reason in credits()] == [Decimal(-5900), Decimal(-5900)]


def test_another_event_on_the_same_invoice_is_left_alone() -> None:
    conference, seminar, cart = factory.conference(), factory.event(), factory.cart()
    held = [factory.hold(conference, cart=cart), factory.hold(seminar, cart=cart)]
    operations.check_out(
        cart=cart,
        by=None,
        attendees={booking.public_id: factory.attendee() for booking in held},
        payer=factory.payer(),
        seen={booking.public_id: booking.amount for booking in held},
        terms=factory.terms(),
        now=NOW,
    )
    call_off(seminar)
    assert [total for total, _reason in credits()] == [Decimal(-500)]


def test_called_off_it_leaves_the_calendars_of_those_who_had_seats() -> None:
    event = factory.event()
    seated = factory.confirmed(event)
    offered = factory.confirmed(
        event, state="held", held_until=NOW + DAY, confirmed_at=None, cart=factory.cart()
    )
    waits = factory.confirmed(event, state="waiting", seat=None, confirmed_at=None)
    call_off(event)
    mails = Mail.objects.filter(key__startswith="booking-called-off:")
    files = {mail.to: bool(mail.attachments) for mail in mails}
    assert files == {seated.email: True, offered.email: False, waits.email: False}


def test_no_calling_off_without_a_reason() -> None:
    event = factory.event()
    with pytest.raises(ReasonMissing):
        call_off(event, reason=" ")
    event.refresh_from_db()
    assert event.cancelled_at is None


# --- The day --------------------------------------------------------------------------------


def test_checked_in_twice_the_first_time_counts() -> None:
    event, staff = factory.event(starts_at=NOW + HOUR), members.person()
    booking = factory.confirmed(event)
    for now in (NOW, NOW + MINUTE):
        operations.check_in(booking=booking, by=staff, now=now)
    booking.refresh_from_db()
    assert (booking.state, booking.attended_at) == ("attended", NOW)


def test_check_in_opens_on_the_day() -> None:
    booking = factory.confirmed(factory.event(starts_at=NOW + DAY))
    with pytest.raises(TooEarly):
        operations.check_in(booking=booking, by=members.person(), now=NOW)


def test_who_waits_is_not_checked_in() -> None:
    event = factory.event(starts_at=NOW + HOUR, capacity=1)
    factory.fill(event)
    with pytest.raises(WrongState):
        operations.check_in(booking=factory.waiting(event), by=members.person(), now=NOW)


def test_a_check_in_by_mistake_is_taken_back() -> None:
    event, staff = factory.event(starts_at=NOW + HOUR), members.person()
    booking = factory.confirmed(event)
    operations.check_in(booking=booking, by=staff, now=NOW)
    for _ in range(2):
        operations.undo_check_in(booking=booking, by=staff, now=NOW)
    booking.refresh_from_db()
    assert (booking.state, booking.attended_at) == ("confirmed", None)


def test_a_copy_is_a_draft_with_the_same_prices_and_no_bookings() -> None:
    event = factory.conference()
    factory.confirmed(event)
    copies = [operations.copy_event(event=event, by=members.person()) for _ in range(2)]
    assert len({event.slug, *(copy.slug for copy in copies)}) == 3
    for copy in copies:
        assert (copy.title_sv, copy.published_at) == (event.title_sv, None)
        assert sorted(copy.prices.values_list("audience", "amount")) == sorted(
            event.prices.values_list("audience", "amount")
        )
        assert copy.bookings.count() == 0
