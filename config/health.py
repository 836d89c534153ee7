"""Is everything running? Asked by the office's page, by `/readyz` and by `/metrics`."""

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import StripeEvent
from config.models import JobRun
from mail.models import Mail
from privacy.models import RetentionRun

log = logging.getLogger(__name__)

Text = str | Promise

HEARTBEAT = "config.heartbeat"
# The schedule's shortest step is a minute; five of them may be lost in a restart.
SILENT = timedelta(minutes=5)
LATE = timedelta(minutes=15)
# A night is late when the next morning is over.
NIGHT_MISSED = timedelta(hours=30)
BACKUP_MISSED = timedelta(hours=30)
DISK_FREE = 500 * 1024 * 1024
BACKUP = "backup"


@dataclass(frozen=True)
class Answer:
    """`is_vital`: without it no page can be answered, so that a proxy should ask elsewhere."""

    name: str
    title: Text
    problem: Text = ""
    is_vital: bool = False

    @property
    def is_well(self) -> bool:
        return not self.problem


def beat(now: datetime | None = None) -> None:
    """Beat has called and a worker has heard: noted every minute."""
    cache.set(HEARTBEAT, (now or timezone.now()).isoformat(), timeout=24 * 3600)


def answers(now: datetime) -> list[Answer]:
    """Every question, in the order of how much hangs on it. Without a database the rest is idle."""
    found: dict[str, Answer] = {}
    for name, title, question, is_vital in QUESTIONS:
        untellable = name == "background" and not found["cache"].is_well
        asked = _background_without_cache if untellable else question
        found[name] = _ask(name, title, asked, now, is_vital=is_vital)
        if name == "database" and not found[name].is_well:
            break
    return list(found.values())


Question = Callable[[datetime], Text]


def _ask(name: str, title: Text, question: Question, now: datetime, *, is_vital: bool) -> Answer:
    try:
        problem = question(now)
    except Exception as error:  # whatever it is, the others are still asked
        log.warning("health: %s: %s", name, type(error).__name__)
        problem = type(error).__name__
    return Answer(name, title, problem, is_vital)


# --- The questions: each returns what is wrong, or nothing --------------------------------------


def _database(now: datetime) -> Text:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _("does not answer")
    return ""


def _migrations(now: datetime) -> Text:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _("changes are missing: run migrate") if missing else ""


def _cache(now: datetime) -> Text:
    cache.set("config.health", now.isoformat(), timeout=60)
    return "" if cache.get("config.health") == now.isoformat() else _("forgets what it is told")


def _background(now: datetime) -> Text:
    heard = cache.get(HEARTBEAT)
    if heard is None:
        return _("the worker or beat has not been heard for a day")
    if now - datetime.fromisoformat(heard) > SILENT:
        return _("the worker or beat was last heard at %(time)s") % {"time": _clock(heard)}
    return ""


def _background_without_cache(now: datetime) -> Text:
    """Not asked: whoever looks would wait for a silent cache once more."""
    return _("cannot be told without the cache")


def _clock(moment: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(moment)):%Y-%m-%d %H:%M}"


def _mail(now: datetime) -> Text:
    stuck = Mail.objects.stuck(now).count()
    return _("%(count)d mails should have left long ago") % {"count": stuck} if stuck else ""


def _cards(now: datetime) -> Text:
    late = StripeEvent.objects.unapplied().filter(received_at__lt=now - LATE).count()
    return _("%(count)d messages from Stripe wait") % {"count": late} if late else ""


def _night(now: datetime) -> Text:
    runs = JobRun.objects.exclude(name=BACKUP)
    last = runs.order_by("-day", "-started_at").first()
    if last is None:
        return _("no night has been run yet")
    if now - last.started_at > NIGHT_MISSED:
        return _("the last night that was run is %(day)s") % {"day": last.day}
    ended = [run for run in runs.filter(day=last.day).order_by("pk") if not run.is_under_way(now)]
    bad = [run.name for run in ended if not run.went_well]
    return _("did not end well: %(jobs)s") % {"jobs": ", ".join(bad)} if bad else ""


def _clearing(now: datetime) -> Text:
    late = RetentionRun.objects.last_night().with_rows_left().order_by("rule")
    rules = ", ".join(run.rule for run in late)
    return _("what should be gone is still there: %(rules)s") % {"rules": rules} if rules else ""


def _backup(now: datetime) -> Text:
    made = JobRun.objects.filter(name=BACKUP, finished_at__isnull=False, failed="")
    last = made.order_by("-finished_at").first()
    if last is None:
        return _("none has been made with manage.py backup")
    assert last.finished_at is not None  # noqa: S101  filtered above
    if now - last.finished_at > BACKUP_MISSED:
        return _("the last one is of %(day)s") % {"day": last.day}
    return ""


def _disk(now: datetime) -> Text:
    free = shutil.disk_usage(settings.VAR_DIR).free
    return "" if free > DISK_FREE else _("%(left)d MB are left") % {"left": free // 1024**2}


QUESTIONS: list[tuple[str, Text, Question, bool]] = [
    ("database", _("Database"), _database, True),
    ("migrations", _("Tables are those of this version"), _migrations, True),
    ("cache", _("Cache"), _cache, True),
    ("background", _("Work in the background"), _background, False),
    ("mail", _("Mail leaves"), _mail, False),
    ("cards", _("Card payments are entered"), _cards, False),
    ("night", _("Last night's jobs"), _night, False),
    ("clearing", _("What has outlived its period is cleared away"), _clearing, False),
    ("backup", _("Backup"), _backup, False),
    ("disk", _("Room on the disk"), _disk, False),
]


# --- For machines that measure -----------------------------------------------------------------


def metrics(now: datetime) -> Iterator[str]:
    """In the text format of Prometheus. Counts only, of rows and seconds; nobody's name."""
    yield "# TYPE dpforum_well gauge"
    for answer in answers(now):
        yield f'dpforum_well{{part="{answer.name}"}} {int(answer.is_well)}'
    if heard := cache.get(HEARTBEAT):
        yield "# TYPE dpforum_heard_seconds gauge"
        yield f"dpforum_heard_seconds {datetime.fromisoformat(heard).timestamp():.3f}"
    yield "# TYPE dpforum_mails gauge"
    for state in Mail.State.values:
        yield f'dpforum_mails{{state="{state}"}} {Mail.objects.filter(state=state).count()}'
    oldest = Mail.objects.sendable(now).order_by("not_before").first()
    waited = (now - oldest.not_before).total_seconds() if oldest else 0
    yield "# TYPE dpforum_mail_waiting_seconds gauge"
    yield f"dpforum_mail_waiting_seconds {waited:.0f}"
    yield "# TYPE dpforum_card_messages_waiting gauge"
    yield f"dpforum_card_messages_waiting {StripeEvent.objects.unapplied().count()}"
    yield "# TYPE dpforum_job_ended_seconds gauge"
    for run in latest_runs():
        if run.finished_at is not None:
            labels = f'job="{run.name}",well="{int(run.went_well)}"'
            yield f"dpforum_job_ended_seconds{{{labels}}} {run.finished_at.timestamp():.0f}"


def latest_runs() -> list[JobRun]:
    """The latest run of each job, in the order in which they ran."""
    latest: dict[str, JobRun] = {}
    for run in JobRun.objects.order_by("-day", "-started_at")[:200]:
        latest.setdefault(run.name, run)
    return sorted(latest.values(), key=lambda run: run.started_at)
