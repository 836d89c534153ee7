"""An event as it stands in a list: values made ready for `includes/event_card.html`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.money import format_price
from events.editions import edition
from events.models import Event, Price

FEW_SEATS = 5


@dataclass(frozen=True)
class Card:
    title: str
    lang: str
    """Set where the title is in another language than the page."""
    url: str
    starts_at: datetime
    place: str
    kind_label: str
    price_label: str
    status_label: str
    status_class: str
    seats_label: str


def coming(now: datetime, *, limit: int) -> list[Card]:
    """The next events, for the start page. Two queries."""
    events = Event.objects.published(now).coming(now).not_called_off()
    return cards(events.with_fill(now).prefetch_related("prices")[:limit], now)


def cards(events: Iterable[Event], now: datetime) -> list[Card]:
    """From rows fetched `with_fill()` and their prices."""
    return [_card(event, now) for event in events]


def _card(event: Event, now: datetime) -> Card:
    text = edition(event)
    status, tone, seats = _status(event, now)
    return Card(
        title=str(text.title),
        lang=text.title.lang,
        url=text.url,
        starts_at=event.starts_at,
        place=text.where,
        kind_label=event.get_kind_display(),
        price_label=price_label(event.prices.all(), timezone.localdate(now)),
        status_label=status,
        status_class=f"pill-{tone}",
        seats_label=seats,
    )


def price_label(prices: Iterable[Price], today: date) -> str:
    """What the event costs in a few words, the same for everybody."""
    in_force = [price for price in prices if price.until is None or today <= price.until]
    public = _least(price for price in in_force if price.audience == Price.Audience.PUBLIC)
    member = _least(price for price in in_force if price.audience != Price.Audience.PUBLIC)
    if public is None:
        return _("For members") if member is not None else ""
    if not public:
        return _("Free of charge")
    if member is not None and not member:
        return _("Free for members")
    if member is not None and member < public:
        return _("From %(price)s") % {"price": format_price(member)}
    return format_price(public)


def _least(prices: Iterable[Price]) -> Decimal | None:
    return min((price.amount for price in prices), default=None)


def _status(event: Event, now: datetime) -> tuple[str, str, str]:
    """In a word, how loud to say it, and how many seats."""
    if event.cancelled_at is not None:
        return _("Called off"), "bad", ""
    if event.ends_at <= now:
        return "", "muted", ""
    if not event.is_bookable(now):
        return str(closed_because(event, now)), "muted", ""
    free = sum(event.seats_free(mode) for mode in event.modes)
    if free == 0:
        return _("Fully booked"), "muted", waiting_label(event)
    if free <= FEW_SEATS:
        return _("Few seats left"), "warn", seats_label(free)
    return "", "ok", ""


def seats_label(free: int) -> str:
    return ngettext("%d seat left", "%d seats left", free) % free


def waiting_label(event: Event) -> str:
    waiting = getattr(event, "waiting", 0)
    return ngettext("%d is waiting", "%d are waiting", waiting) % waiting if waiting else ""


def closed_because(event: Event, now: datetime) -> str | Promise:
    """Why it cannot be booked, in the reader's words; empty when it can."""
    if event.cancelled_at is not None:
        return _("The event has been called off.")
    if event.starts_at <= now:
        return _("The event has begun.") if now < event.ends_at else _("The event is over.")
    if event.booking_opens_at and now < event.booking_opens_at:
        opens = timezone.localtime(event.booking_opens_at)
        return _("Booking opens %(when)s") % {"when": formats.date_format(opens, "j F H:i")}
    return "" if event.is_bookable(now) else _("Booking has closed")
