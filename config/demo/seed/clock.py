"""The days of the demo, told from `today`: people acted until yesterday, jobs until last night."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

DAY = timedelta(days=1)
NIGHT = time(3, 15)


@dataclass(frozen=True)
class Clock:
    today: date
    now: datetime

    @classmethod
    def of(cls, today: date) -> "Clock":
        """Another day than today's is told from its noon."""
        is_real = today == timezone.localdate()
        noon = timezone.make_aware(datetime.combine(today, time(12)))
        return cls(today, timezone.now() if is_real else noon)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def ahead(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """What has happened is never later than now."""
        return min(moment(day, hour, minute), self.now)

    def night(self, day: date) -> datetime:
        """When the jobs of that night ran."""
        return self.at(day, NIGHT.hour, NIGHT.minute)

    def has_been(self, day: date) -> bool:
        """Whether people have had that day."""
        return day < self.today


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def workday(day: date) -> date:
    """The day itself or the next Monday: banks book nothing on weekends."""
    return day + DAY * max(0, 7 - day.weekday() if day.weekday() > 4 else 0)
