"""The nightly jobs in their order. Each asks what should be, and writes the difference."""

import logging
from collections.abc import Callable, Sized
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db.models import F
from django.utils import timezone

import billing.operations
import events.jobs
import members.jobs
import privacy.operations
from config import integrity
from config.models import JobRun

log = logging.getLogger(__name__)

NIGHT = time(3, 15)


@dataclass(frozen=True)
class Job:
    """`run(today=…, dry_run=…)` returns what it did or would do, or how much that was.

    One that `tells` is also given `told`, and calls it with each part as it is done.
    """

    name: str
    run: Callable[..., Sized | int]
    tells: bool = False


def at_night(job: Callable[..., Sized]) -> Callable[..., Sized]:
    """The events room counts in moments; the night is that of `today`."""

    def run(*, today: date, dry_run: bool = False) -> Sized:
        now = timezone.make_aware(datetime.combine(today, NIGHT))
        return job(now, dry_run=dry_run)

    return run


class NotWhole(Exception):
    """Something is in the database that must not be there."""


def check_ledger(*, today: date, dry_run: bool = False) -> Sized:
    """Last of all, over what the night has written."""
    findings = integrity.found()
    for finding in findings:
        log.error("check_ledger: %s", finding)
    if findings:
        raise NotWhole(f"{len(findings)} found")
    return findings


# Renewals before endings: who renews tonight does not end tonight. Reminders last, so that
# nothing is reminded of that an earlier job has just credited; and what nobody needs any more goes
# when all that might have needed it has run.
NIGHTLY = [
    Job("issue_renewals", members.jobs.issue_renewals, tells=True),
    Job("student_notices", members.jobs.student_notices, tells=True),
    Job("end_memberships", members.jobs.end_memberships, tells=True),
    Job("send_reminders", billing.operations.send_reminders, tells=True),
    Job("charge_who_did_not_join", at_night(events.jobs.charge_who_did_not_join)),
    Job("look_at_prices_again", at_night(events.jobs.look_at_prices_again)),
    Job("ask_who_still_comes", at_night(events.jobs.ask_who_still_comes)),
    Job("remind_of_events", at_night(events.jobs.remind_day_before)),
    Job("clear_expired", privacy.operations.clear_expired),
    Job("check_ledger", check_ledger),
]


@dataclass(frozen=True)
class Outcome:
    name: str
    count: int
    failed: str = ""


def run_nightly(*, today: date | None = None, dry_run: bool = False) -> list[Outcome]:
    """Run every job. One that fails is logged and does not keep the others from running."""
    today = today or timezone.localdate()
    return [_run(job, today=today, dry_run=dry_run) for job in NIGHTLY]


def _run(job: Job, *, today: date, dry_run: bool) -> Outcome:
    if dry_run:
        return _outcome(job, today=today, dry_run=True)
    run, _created = JobRun.objects.update_or_create(
        name=job.name,
        day=today,
        defaults={"started_at": timezone.now(), "finished_at": None, "count": 0, "failed": ""},
    )
    outcome = _outcome(job, today=today, dry_run=False, **_telling(job, today))
    run.finished_at, run.failed = timezone.now(), outcome.failed
    # One that tells has counted, together with whoever took part.
    columns = ["finished_at", "failed"] if job.tells else ["finished_at", "failed", "count"]
    run.count = outcome.count
    run.save(update_fields=columns)
    return outcome


def take_part(name: str, *, today: date | None = None) -> Outcome:
    """A second process at a job of tonight, of a kind that lets several share the work.

    What it does counts with the night's. Whether there is a night or not, the work is done once.
    """
    today = today or timezone.localdate()
    job = next(job for job in NIGHTLY if job.name == name)
    return _outcome(job, today=today, dry_run=False, **_telling(job, today))


def _telling(job: Job, today: date) -> dict[str, Any]:
    return {"told": partial(_note_progress, job.name, today)} if job.tells else {}


def _note_progress(name: str, day: date, part: Sized) -> None:
    """A run over hundreds of thousands takes minutes: the office's page shows how far it is."""
    JobRun.objects.filter(name=name, day=day).update(count=F("count") + len(part))


def _outcome(job: Job, **arguments: Any) -> Outcome:
    try:
        done = job.run(**arguments)
        return Outcome(job.name, done if isinstance(done, int) else len(done))
    except Exception as error:
        log.exception("nightly job %s failed", job.name)
        return Outcome(job.name, 0, failed=type(error).__name__)
