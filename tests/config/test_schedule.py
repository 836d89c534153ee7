"""The night comes once each night, also where an hour is missing or comes twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery.schedules import crontab

from config.celery import app
from config.jobs import NIGHT
from config.schedule import BEAT_SCHEDULE

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TIMED = {name: row for name, row in BEAT_SCHEDULE.items() if isinstance(row["schedule"], crontab)}


def runs(
    schedule: crontab, *, ran_at: datetime, since: datetime, until: datetime
) -> list[datetime]:
    """When beat would send the task; it asks again and again, as here every five minutes."""
    schedule.app = app
    found, now = [], since
    while now <= until:
        with time_machine.travel(now, tick=False):
            if schedule.is_due(ran_at).is_due:
                ran_at = now
                found.append(now.astimezone(STOCKHOLM))
        now += timedelta(minutes=5)
    return found


@pytest.mark.parametrize("name", sorted(TIMED))
@pytest.mark.parametrize(
    "day",
    [
        date(2026, 10, 25),  # 02:30 comes twice
        date(2027, 3, 28),  # 02:30 does not come
        date(2027, 10, 31),
        date(2028, 2, 29),
        date(2027, 1, 1),
    ],
)
def test_once_on_every_night(name: str, day: date) -> None:
    schedule = TIMED[name]["schedule"]
    evening = datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).astimezone(UTC)
    evening -= timedelta(hours=4)
    found = runs(schedule, ran_at=evening, since=evening, until=evening + timedelta(days=2))
    (hour,) = schedule.hour
    assert [(moment.date(), moment.hour) for moment in found] == [
        (day, hour),
        (day + timedelta(days=1), hour),
    ]


def test_the_night_is_at_an_hour_that_every_night_has_once() -> None:
    (hour,), (minute,) = TIMED["nightly"]["schedule"].hour, TIMED["nightly"]["schedule"].minute
    assert (NIGHT.hour, NIGHT.minute) == (hour, minute)
    assert hour not in {2}, "02:00 to 03:00 comes twice in October and not at all in March"


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_by_an_hour_makes_no_second_night(hours: int) -> None:
    """It ran at 03:15; then the clock is put right. The next one is on the next night."""
    schedule = TIMED["nightly"]["schedule"]
    ran_at = datetime(2027, 1, 15, 3, 15, tzinfo=STOCKHOLM)
    found = runs(
        schedule,
        ran_at=ran_at,
        since=ran_at + timedelta(hours=hours),
        until=ran_at + timedelta(hours=25),
    )
    assert [moment.date() for moment in found] == [date(2027, 1, 16)]
