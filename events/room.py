"""What staff sees of an event on one page: how full, what it brings, who waits, what they wrote."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Avg, Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.money import ZERO, format_price
from events.chart import Chart, chart
from events.emails import message_key
from events.models import Booking, Event, Message
from events.operations.writing import unpaid
from mail.models import Mail

State = Booking.State
FEWEST_ANSWERS = 3
"""With fewer, words could be guessed to be somebody's."""


@dataclass(frozen=True)
class Fill:
    label: str
    taken: int
    capacity: int
    in_cart: int


@dataclass(frozen=True)
class Progress:
    """How far a message has come in the queue of mail."""

    message: Message
    sent: int
    waiting: int
    failed: int


@dataclass(frozen=True)
class Survey:
    answers: int
    average: Decimal | None
    useful: list[str]
    better: list[str]


@dataclass(frozen=True)
class InLine:
    """One who waits. `first_because`: why staff put them first."""

    name: str
    since: datetime
    first_because: str


@dataclass(frozen=True)
class Line:
    label: str
    people: list[InLine]


@dataclass(frozen=True)
class Room:
    fill: list[Fill]
    lines: list[Line]
    """Of each way in which somebody waits, in their order."""
    waiting: int
    offered: int
    came: int
    stayed_away: int | None
    revenue: str
    unpaid: str
    chart: Chart | None
    messages: list[Progress]
    survey: Survey
    may_note: bool


def room(event: Event, now: datetime) -> Room:
    """`event` comes `with_fill()`."""
    states = Counter(dict(event.bookings.values_list("state").annotate(Count("pk"))))
    coming = Booking.objects.filter(event=event).coming_to()
    is_noted = event.attendance_noted_at is not None
    return Room(
        fill=[_fill(event, mode, now) for mode in event.modes],
        lines=_lines(event),
        waiting=states[State.WAITING],
        offered=states[State.OFFERED],
        came=states[State.ATTENDED],
        stayed_away=states[State.CONFIRMED] if is_noted else None,
        revenue=format_price(coming.aggregate(sum=Sum("amount"))["sum"] or ZERO),
        unpaid=format_price(sum((invoice.balance for invoice in unpaid(event)), ZERO)),
        chart=chart(event, timezone.localdate(now)),
        messages=[progress(message) for message in event.messages.all()],
        survey=survey(event),
        may_note=event.ends_at <= now and not is_noted and event.cancelled_at is None,
    )


def _fill(event: Event, mode: str, now: datetime) -> Fill:
    held = event.bookings.filter(mode=mode, state=State.HELD, held_until__gt=now)
    return Fill(
        label=str(Booking.Mode(mode).label),
        taken=int(getattr(event, f"taken_{mode}")),
        capacity=event.capacity_of(mode),
        in_cart=held.count(),
    )


def _lines(event: Event) -> list[Line]:
    people: dict[str, list[InLine]] = {}
    for booking in event.bookings.all().waiting():
        who = InLine(booking.name, booking.created_at, booking.priority_reason)
        people.setdefault(booking.mode, []).append(who)
    return [Line(str(Booking.Mode(mode).label), line) for mode, line in people.items()]


def progress(message: Message) -> Progress:
    mails = Mail.objects.filter(key__startswith=message_key(message))
    counted = mails.aggregate(
        sent=Count("pk", filter=Q(state=Mail.State.SENT)),
        waiting=Count("pk", filter=Q(state__in=[Mail.State.QUEUED, Mail.State.SENDING])),
        failed=Count("pk", filter=Q(state=Mail.State.FAILED)),
    )
    return Progress(message, **counted)


def survey(event: Event) -> Survey:
    answers = event.survey_answers.all()
    number = answers.count()
    if number < FEWEST_ANSWERS:
        return Survey(number, None, [], [])
    average = answers.aggregate(average=Avg("rating"))["average"]
    return Survey(
        answers=number,
        average=Decimal(str(average)).quantize(Decimal("0.1")),
        useful=[answer.useful for answer in answers if answer.useful],
        better=[answer.better for answer in answers if answer.better],
    )


def state_of(event: Event, now: datetime) -> str:
    if event.cancelled_at is not None:
        return _("Called off")
    if not event.is_published(now):
        return _("Not published")
    if event.ends_at <= now:
        return _("Over")
    return _("Open for booking") if event.is_bookable(now) else _("Closed for booking")
