"""The last week's nights: each job ran, and a backup was made before it."""

from datetime import timedelta

from config.demo.seed.clock import Clock
from config.health import BACKUP
from config.jobs import NIGHTLY
from config.models import JobRun

NIGHTS = 7
# How many rows a job wrote; the others found nothing to do.
DONE = {"issue_renewals": 2, "send_reminders": 1}


def write_nights(clock: Clock) -> None:
    JobRun.objects.bulk_create(
        _run(name, clock, ago, position)
        for ago in reversed(range(NIGHTS))
        for position, name in enumerate([BACKUP, *(job.name for job in NIGHTLY)])
    )


def _run(name: str, clock: Clock, ago: int, position: int) -> JobRun:
    day = clock.ago(ago)
    began = clock.night(day) + timedelta(seconds=2 * position)
    return JobRun(
        name=name,
        day=day,
        started_at=began,
        finished_at=began + timedelta(seconds=1),
        count=DONE.get(name, 0),
    )
