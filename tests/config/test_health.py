"""Is everything running? Each question is answered wrongly once."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from billing.models import StripeEvent
from config import health, jobs
from config.models import LONGEST, JobRun
from members import roles
from members.operations import issue_renewals, renewing
from privacy.batches import in_batches
from privacy.models import RetentionRun
from tests.factories import members
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROXIED = {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}


def run(name="issue_renewals", *, at=NOW - timedelta(hours=9), **changes):
    finished = {"started_at": at, "finished_at": at}
    return JobRun.objects.create(**{"name": name, "day": at.date(), **finished, **changes})


@pytest.fixture
def running():
    """Everything as it should be."""
    health.beat(NOW)
    run()
    run(health.BACKUP)


def problems(now=NOW):
    return {answer.name: str(answer.problem) for answer in health.answers(now) if answer.problem}


@pytest.mark.usefixtures("running")
def test_when_all_is_well_nothing_is_said():
    assert problems() == {}
    assert len(health.answers(NOW)) == len(health.QUESTIONS)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("name", "breakage"),
    [
        ("background", lambda: cache.delete(health.HEARTBEAT)),
        ("background", lambda: health.beat(NOW - timedelta(minutes=6))),
        ("mail", lambda: create_mail(not_before=NOW - timedelta(hours=1))),
        ("night", lambda: JobRun.objects.exclude(name=health.BACKUP).delete()),
        ("night", lambda: run("end_memberships", failed="ValueError")),
        ("night", lambda: run("end_memberships", finished_at=None)),
        (
            "clearing",
            lambda: RetentionRun.objects.create(
                night=NOW.date(), rule="mail.Mail", found=3, removed=1, held=1, ran_at=NOW
            ),
        ),
        ("backup", lambda: JobRun.objects.filter(name=health.BACKUP).delete()),
        ("backup", lambda: JobRun.objects.filter(name=health.BACKUP).update(failed="OSError")),
    ],
)
def test_what_is_wrong_is_said(name, breakage):
    breakage()
    assert list(problems()) == [name]


@pytest.mark.usefixtures("running")
def test_a_missed_night_and_backup_are_noticed_after_thirty_hours():
    assert problems(NOW + timedelta(hours=21)).keys() == {"background"}
    assert problems(NOW + timedelta(hours=22)).keys() == {"background", "night", "backup"}


@pytest.mark.usefixtures("running")
def test_a_message_from_stripe_may_wait_a_quarter_of_an_hour():
    StripeEvent.objects.create(event_id="evt_1", type="x", payload={})
    StripeEvent.objects.update(received_at=NOW - timedelta(minutes=15))
    assert problems() == {}
    StripeEvent.objects.update(received_at=NOW - timedelta(minutes=16))
    assert problems().keys() == {"cards"}


@pytest.mark.usefixtures("running")
def test_missing_migrations_and_a_full_disk(monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *args: ["one"])
    monkeypatch.setattr(health, "DISK_FREE", 10**18)
    assert problems().keys() == {"migrations", "disk"}


@pytest.mark.usefixtures("running")
def test_a_cache_that_is_silent_is_waited_for_once(monkeypatch):
    asked = []

    def silence(*arguments, **options):
        asked.append(arguments)
        raise TimeoutError

    for name in ("get", "set"):
        monkeypatch.setattr(health.cache, name, silence, raising=False)
    assert problems().keys() == {"cache", "background"}
    assert len(asked) == 1


# --- Who is told --------------------------------------------------------------------------------


@pytest.fixture
def _no_database(monkeypatch):
    def refuse():
        raise DatabaseError("password of the site is wrong")

    monkeypatch.setattr(health.connection, "cursor", refuse)


def test_ready_says_one_word_to_strangers_and_everything_here(client):
    assert client.get("/readyz", **PROXIED).content == b"ok"
    assert client.get("/readyz").json()["database"] == "ok"
    assert client.get("/readyz").json()["backup"] != "ok"


@pytest.mark.usefixtures("_no_database")
def test_without_a_database_it_is_not_ready_and_tells_no_secret(client):
    response = client.get("/readyz", **PROXIED)
    assert (response.status_code, response.content) == (503, b"not ready")
    assert list(client.get("/readyz").json()) == ["database"]
    assert b"password" not in client.get("/readyz").content


def test_alive_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"


@pytest.mark.usefixtures("running")
def test_metrics_are_for_this_machine(client):
    create_mail()
    assert client.get("/metrics", **PROXIED).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    ended = f"{(NOW - timedelta(hours=9)).timestamp():.0f}"
    lines = client.get("/metrics").content.decode().splitlines()
    assert 'dpforum_mails{state="queued"} 1' in lines
    assert 'dpforum_well{part="database"} 1' in lines
    assert f"dpforum_heard_seconds {NOW.timestamp():.3f}" in lines
    assert f'dpforum_job_ended_seconds{{job="backup",well="1"}} {ended}' in lines
    assert any(
        line.startswith('dpforum_job_ended_seconds{job="backup",well="1"}') for line in lines
    )


def test_security_txt_says_whom_to_tell(client):
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:" in text and "Expires: 20" in text


@pytest.mark.usefixtures("running")
def test_staff_sees_what_ran_and_what_did_not(client):
    run("end_memberships", failed="ValueError", at=timezone.now())
    client.force_login(members.staff(roles.TREASURER))
    page = client.get("/en" + reverse("admin:running")).content.decode()
    assert "did not end well: end_memberships" in page
    assert "ValueError" in page


# --- The evidence -------------------------------------------------------------------------------


def test_a_night_leaves_a_row_a_job(django_assert_max_num_queries):
    today = date(2026, 3, 2)
    jobs.run_nightly(today=today)
    names = [job.name for job in jobs.NIGHTLY]
    assert list(JobRun.objects.order_by("pk").values_list("name", flat=True)) == names
    assert all(run.went_well and run.day == today for run in JobRun.objects.all())

    jobs.run_nightly(today=today)
    assert JobRun.objects.count() == len(names)


def test_a_dry_night_leaves_none():
    jobs.run_nightly(today=date(2026, 3, 2), dry_run=True)
    assert not JobRun.objects.exists()


def test_a_job_that_fails_and_one_that_is_killed_are_seen(monkeypatch):
    def fail(**arguments):
        raise ValueError

    def be_killed(**arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "NIGHTLY", [jobs.Job("bad", fail), jobs.Job("killed", be_killed)])
    with pytest.raises(KeyboardInterrupt):
        jobs.run_nightly(today=date(2026, 3, 2))
    bad, killed = JobRun.objects.order_by("pk")
    assert (bad.failed, bad.went_well) == ("ValueError", False)
    assert (killed.finished_at, killed.went_well) == (None, False)


@pytest.fixture
def three_due(monkeypatch):
    """Each is a batch of its own. The night of their renewal."""
    monkeypatch.setattr(renewing, "in_batches", partial(in_batches, size=1))
    for _ in range(3):
        members.membership(starts_on=date(2026, 3, 2))
    return date(2027, 2, 20)


def test_the_page_shows_how_far_a_run_is(client, three_due, monkeypatch):
    client.force_login(members.staff(roles.TREASURER))
    address, shown = "/en" + reverse("admin:running"), []

    def look(**arguments):
        def told(part):
            arguments["told"](part)
            page = client.get(address).content.decode()
            shown.extend(re.findall(r"<td>(\d+)</td><td>Under way</td>", page))

        return issue_renewals(**{**arguments, "told": told})

    monkeypatch.setattr(jobs, "NIGHTLY", [jobs.Job("issue_renewals", look, tells=True)])
    jobs.run_nightly(today=three_due)
    assert shown == ["1", "2", "3"]
    assert [(run.count, run.went_well) for run in JobRun.objects.all()] == [(3, True)]


def test_whoever_takes_part_counts_with_the_night(three_due, monkeypatch):
    def with_another(**arguments):
        assert jobs.take_part("issue_renewals", today=three_due).count == 3
        return issue_renewals(**arguments)

    shared = jobs.Job("issue_renewals", issue_renewals, tells=True)
    monkeypatch.setattr(jobs, "NIGHTLY", [shared])
    night = jobs.Job("issue_renewals", with_another, tells=True)
    assert jobs._run(night, today=three_due, dry_run=False).count == 0
    assert [(run.count, run.went_well) for run in JobRun.objects.all()] == [(3, True)]


def test_a_run_under_way_is_no_fault_until_it_must_have_been_killed():
    run("issue_renewals", finished_at=None, at=NOW)
    health.beat(NOW)
    assert "night" not in problems(NOW + LONGEST / 2)
    assert "issue_renewals" in problems(NOW + LONGEST)["night"]


def test_the_heartbeat_is_in_the_schedule():
    call_command("run_scheduled", "heartbeat")
    assert cache.get(health.HEARTBEAT)
