"""Every task may come twice, and a broker may forget everything: the rows are the same after."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import BulkAct, BulkRow, StripeEvent
from config.celery import app
from mail.models import Mail
from members import roles
from tests.factories import billing, members, news
from tests.factories.mail import create_mail
from tests.security.test_reading import fingerprint

pytestmark = pytest.mark.django_db


def a_mail():
    return [create_mail(key="twice").pk]


def a_stripe_event():
    return [
        StripeEvent.objects.create(
            event_id="evt_1", type="unknown.kind", payload={"data": {"object": {}}}
        ).pk
    ]


def an_act_on_many_invoices():
    """Each is sent its invoice again."""
    sent = billing.issue_invoice()
    act = BulkAct.objects.create(
        name="send-again", on=timezone.localdate(), asked_by=members.staff(roles.TREASURER)
    )
    BulkRow.objects.create(act=act, invoice=sent)
    return [act.pk]


def a_newsletter():
    news.create_subscriber()
    return [news.create_newsletter(sent_at=timezone.now()).pk]


# What each task is given; a new one without a line here is red.
ARGUMENTS = {
    "mail.tasks.send": a_mail,
    "mail.tasks.sweep": list,
    "billing.tasks.apply_stripe_event": a_stripe_event,
    "billing.tasks.sweep_stripe_events": list,
    "billing.tasks.reconcile": list,
    "billing.tasks.work_off": an_act_on_many_invoices,
    "billing.tasks.sweep_bulk_acts": list,
    "news.tasks.deliver": a_newsletter,
    "news.tasks.sweep": list,
    "events.tasks.sweep_seats": list,
    "config.tasks.heartbeat": list,
    "config.tasks.nightly": list,
    "config.tasks.take_part_in_renewals": list,
}


def tasks():
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def test_every_task_is_named_here():
    assert set(tasks()) == set(ARGUMENTS)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_a_task_that_comes_twice_changes_nothing_the_second_time(name):
    year = members.membership(starts_on=timezone.localdate() - timedelta(days=350))
    members.membership(starts_on=timezone.localdate() - timedelta(days=40), paid=False)
    arguments = ARGUMENTS[name]()
    tasks()
    app.tasks[name](*arguments)
    once = without_times(fingerprint())
    app.tasks[name](*arguments)
    assert without_times(fingerprint()) == once
    assert year.pk


def without_times(tables):
    """A row of a night says when it ran last; nothing else may change."""
    return {name: rows for name, rows in tables.items() if name != "config_jobrun"}


def test_what_the_broker_forgot_the_sweep_finds(django_capture_on_commit_callbacks, mailoutbox):
    """No message comes through at all; the row is the promise."""
    mails = [create_mail(key=f"lost:{number}") for number in range(3)]
    assert mailoutbox == []
    tasks()
    app.tasks["mail.tasks.sweep"]()
    assert len(mailoutbox) == len(mails)
    assert set(Mail.objects.values_list("state", flat=True)) == {Mail.State.SENT}
