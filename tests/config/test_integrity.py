"""check_ledger finds what got past the constraints, in every room."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config import integrity
from config.models import JobRun
from config.today import for_staff
from events.models import Booking, Event
from mail.models import Mail
from members.models import Application, Membership, User
from news.models import Article
from tests.factories import events, members, news
from tests.factories import privacy as protections
from tests.factories.billing import issue_invoice
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day_of_the_factories():
    with time_machine.travel(events.NOW, tick=False):
        yield


def oversell():
    event = events.event(capacity=2)
    events.fill(event)
    Event.objects.filter(pk=event.pk).update(capacity=1)
    return f"event {event.slug}: 2 seats taken of 1 (on_site)"


def give_a_seat_away():
    booking = events.confirmed(events.event(), amount=500)
    return f"booking {booking.pk}: costs something and stands on no invoice"


def charge_another_price():
    paid = issue_invoice()
    booking = events.confirmed(events.event(), amount=500, invoice_line=paid.lines.get())
    return f"booking {booking.pk}: costs 500.00, charged 1645.00"


def never_take_a_seat_back():
    booking = events.hold(events.event())
    long_ago = timezone.now() - timedelta(minutes=6)
    Booking.objects.filter(pk=booking.pk).update(held_until=long_ago)
    return f"booking {booking.pk}: its time ran out and nobody took the seat back"


def let_somebody_wait_for_a_free_seat():
    event = events.event(capacity=1)
    events.fill(event)
    events.waiting(event)
    Event.objects.filter(pk=event.pk).update(capacity=2)
    return f"event {event.slug}: a seat is free while 1 wait (on_site)"


def keep_a_seat_at_what_is_called_off():
    booking = events.confirmed(events.event())
    Event.objects.update(cancelled_at=timezone.now())
    return f"booking {booking.pk}: confirmed at an event that was called off"


def keep_a_seat_that_was_given_back():
    booking = events.confirmed(events.event())
    gone = Booking.objects.filter(pk=booking.pk)
    with without_constraint("events_booking", "booking_seated_has_seat"):
        gone.update(state=Booking.State.CANCELLED, cancelled_at=timezone.now())
    return f"booking {booking.pk}: has given its seat back and still has it"


def give_one_address_to_two():
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX user_email_once_whatever_case")
    one, other = members.person(), members.person()
    User.objects.filter(pk=other.pk).update(email=one.email.upper())
    return "1 addresses belong to several accounts"


@contextmanager
def without_constraint(table, name):
    """As in a database that was restored without it."""
    is_sqlite = connection.vendor == "sqlite"
    away = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    with connection.cursor() as cursor:
        if not is_sqlite:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the table is in use
        cursor.execute("PRAGMA ignore_check_constraints = ON" if is_sqlite else away)
        yield
        if is_sqlite:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def lose_a_mail():
    mail = create_mail(state=Mail.State.SENDING, leased_until=timezone.now() - timedelta(hours=2))
    return f"mail {mail.pk}: is being sent since"


def ask_for_what_nobody_makes():
    mail = create_mail(attachments=[["poem", {}]])
    return f"mail {mail.pk}: asks for poem, which nobody makes"


def lose_a_picture():
    article = news.create_article()
    Article.objects.filter(pk=article.pk).update(
        picture="gone.webp", picture_alt_sv="x", picture_alt_en="x"
    )
    return f"article {article.pk}: its picture gone.webp is not there"


def pay_two_years_with_one_invoice():
    first = members.membership()
    second = members.membership(fee=None)
    Membership.objects.filter(pk=second.pk).update(invoice=first.invoice)
    return f"invoice {first.invoice.number}: pays 2 years"


def keep_for_too_long():
    application = members.application()
    long_ago = timezone.now() - timedelta(days=30)
    Application.objects.filter(pk=application.pk).update(created_at=long_ago)
    return "members.Application#1: 1 rows should have been cleared"


BREAKAGES = [
    oversell,
    give_a_seat_away,
    charge_another_price,
    never_take_a_seat_back,
    let_somebody_wait_for_a_free_seat,
    keep_a_seat_at_what_is_called_off,
    keep_a_seat_that_was_given_back,
    give_one_address_to_two,
    pay_two_years_with_one_invoice,
    lose_a_mail,
    ask_for_what_nobody_makes,
    lose_a_picture,
    keep_for_too_long,
]


def test_a_whole_association_is_whole(capsys):
    members.membership()
    events.fill(events.event(capacity=3))
    create_mail()
    call_command("check_ledger")
    assert capsys.readouterr().out == "The ledger is whole.\n"


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_what_is_broken_is_found(breakage):
    expected = breakage()
    (found,) = integrity.findings()
    assert found.startswith(expected)


def test_the_command_fails_when_something_is_found(capsys):
    expected = oversell()
    with pytest.raises(CommandError, match="1 found"):
        call_command("check_ledger")
    assert capsys.readouterr().out == f"{expected}\n"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the guard is a trigger to take away")
def test_overlapping_years_are_found_when_the_guard_is_gone():
    year = members.membership()
    with connection.cursor() as cursor:
        for verb in ("INSERT", "UPDATE"):
            cursor.execute(f"DROP TRIGGER membership_periods_never_overlap_{verb}")
    again = Membership.objects.create(
        user=year.user,
        kind=year.kind,
        starts_on=year.starts_on + timedelta(days=9),
        ends_on=year.ends_on,
    )
    assert sorted(integrity.findings()) == [
        f"membership {number}: overlaps another one of the same person"
        for number in (year.pk, again.pk)
    ]


def test_a_night_that_went_wrong_is_on_the_front_page_of_staff():
    worker, today = members.staff(), timezone.localdate()
    started = {"day": today, "started_at": timezone.now()}
    JobRun.objects.create(name="send_reminders", finished_at=timezone.now(), **started)
    assert [task.url for task in for_staff(worker)] == []

    JobRun.objects.create(name="check_ledger", failed="NotWhole", **started)

    assert [(task.count, task.url) for task in for_staff(worker)] == [(1, reverse("admin:running"))]


def test_what_is_kept_for_a_claim_and_what_was_due_last_night_are_no_fault():
    held = members.person(created_at=events.NOW - timedelta(days=3000))
    protections.protection(held)
    yesterday = members.application()
    Application.objects.filter(pk=yesterday.pk).update(
        created_at=timezone.now() - timedelta(days=8)
    )
    assert list(integrity.findings()) == []


def what_is_seen_while_somebody_joins(ask) -> list[str]:
    """Somebody comes between the first question and the second one."""

    def count():
        yield str(User.objects.count())

    def come():
        with ThreadPoolExecutor() as beside:
            beside.submit(join_and_hang_up).result()
        return ()

    with patch.object(integrity, "ROOMS", [count, come, count]):
        return list(ask())


def join_and_hang_up() -> None:
    try:
        members.person()
    finally:
        connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_every_question_is_asked_of_the_same_moment():
    """Or an invoice that is issued during the examination looks like a gap in the numbers."""
    assert what_is_seen_while_somebody_joins(integrity.found) == ["0", "0"]
    # The control: each question for itself sees what has come.
    assert what_is_seen_while_somebody_joins(integrity.findings) == ["1", "2"]
