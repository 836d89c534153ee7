"""The curve of bookings over time, drawn as SVG by the server: no script, no other host."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from events.models import Booking, Event

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 220, 44, 28
DAY = timedelta(days=1)
FAR = 3
"""With a capacity of so many times the seats booked, the curve would be flat."""


@dataclass(frozen=True)
class Tick:
    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Chart:
    points: str
    """`x,y x,y …` for a polyline."""
    capacity_y: float | None
    """None where the line would lie far above the curve."""
    days: list[Tick]
    numbers: list[Tick]
    total: int
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def chart(event: Event, today: date) -> Chart | None:
    """How many seats were booked at the end of each day. None before the first. One query."""
    rows = Booking.objects.filter(event=event, confirmed_at__isnull=False).coming_to()
    booked = Counter(
        timezone.localdate(moment) for moment in rows.values_list("confirmed_at", flat=True)
    )
    if not booked:
        return None
    first = min(booked) - DAY
    last = max(min(today, timezone.localdate(event.starts_at)), *booked)
    capacity = (event.capacity or 0) + (event.online_capacity or 0)
    total = sum(booked.values())
    top = max(total, capacity) if capacity <= FAR * total else total
    numbers = sorted({0, min(capacity, top), top})
    scale = _Scale(first, last, top)
    return Chart(
        points=" ".join(scale.points(booked)),
        capacity_y=scale.y(capacity) if capacity <= top else None,
        days=[Tick(scale.x(day), HEIGHT - 6, f"{day.day}/{day.month}") for day in scale.days()],
        numbers=[Tick(LEFT - 6, scale.y(n) + 4, str(n)) for n in numbers],
        total=total,
        first=min(booked),
        last=last,
    )


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    top: int

    def x(self, day: date) -> float:
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(LEFT + share * (WIDTH - LEFT - 16), 1)

    def y(self, number: int) -> float:
        return round(HEIGHT - BOTTOM - number / self.top * (HEIGHT - BOTTOM - 12), 1)

    def points(self, booked: Counter[date]) -> list[str]:
        total, points = 0, []
        for number in range((self.last - self.first).days + 1):
            day = self.first + number * DAY
            total += booked[day]
            points.append(f"{self.x(day)},{self.y(total)}")
        return points

    def days(self) -> list[date]:
        """At most five, evenly spread."""
        length = (self.last - self.first).days
        steps = min(4, length)
        return [self.first + DAY * round(length * n / steps) for n in range(steps + 1)]
