"""The programme as a calendar of one month."""

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min
from django.urls import reverse
from django.utils import formats, timezone

from events.editions import Text, edition
from events.models import Event, EventQuerySet

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Entry:
    title: Text
    url: str
    time: str
    is_called_off: bool


@dataclass(frozen=True)
class Day:
    number: int
    is_today: bool
    is_of_month: bool
    date: date
    entries: list[Entry]


@dataclass(frozen=True)
class Month:
    title: str
    weekdays: list[str]
    weeks: list[list[Day]]
    before: str
    after: str
    has_entries: bool


def month(events: EventQuerySet, first: date, today: date) -> Month:
    """`first`: the first of the month. Two queries."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    start, end = _midnight(weeks[0][0]), _midnight(weeks[-1][-1] + timedelta(days=1))
    shown = list(events.filter(starts_at__lt=end, ends_at__gt=start).order_by("starts_at", "pk"))
    by_day = _by_day(shown)
    earliest, latest = _reach(events, today)
    following = (first + timedelta(days=31)).replace(day=1)
    return Month(
        title=formats.date_format(first, "F Y"),
        weekdays=[formats.date_format(day, "D") for day in weeks[0]],
        weeks=[[_day(day, first, today, by_day[day]) for day in week] for week in weeks],
        before=_address(first - timedelta(days=1)) if earliest < first else "",
        after=_address(following) if latest >= following else "",
        has_entries=bool(shown),
    )


def _reach(events: EventQuerySet, today: date) -> tuple[date, date]:
    """The first and the last day that is worth a link: beyond, a robot would walk for ever."""
    found = events.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    days = [today, *(timezone.localdate(moment) for moment in found.values() if moment)]
    return min(days), max(days)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _by_day(events: Iterable[Event]) -> dict[date, list[Entry]]:
    """Events of several days stand on each of them."""
    found: dict[date, list[Entry]] = defaultdict(list)
    for event in events:
        text = edition(event)
        day, last = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
        clock = formats.date_format(timezone.localtime(event.starts_at), "H:i")
        while day <= last:
            is_first = day == timezone.localdate(event.starts_at)
            called_off = event.cancelled_at is not None
            found[day].append(Entry(text.title, text.url, clock if is_first else "", called_off))
            day += timedelta(days=1)
    return found


def _day(day: date, first: date, today: date, entries: list[Entry]) -> Day:
    return Day(day.day, day == today, day.month == first.month, day, entries)


def _address(day: date) -> str:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    return reverse("events:month", args=[day.year, day.month])
