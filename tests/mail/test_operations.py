import smtplib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mail import makers, operations
from mail.models import Mail
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db

State = Mail.State


@pytest.fixture
def refusing(monkeypatch):
    """A mail server that answers with the given error."""

    def refuse(error):
        def send(self):
            raise error

        monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", send)

    return refuse


def queue(*, key="invoice:1", language="sv", **changes):
    return operations.queue(
        **{
            "key": key,
            "template": "billing/email/reminder",
            "receiver": operations.Receiver(email="anna@example.org", language=language),
            "context": {"heading": "Påminnelse", "text": "Betala gärna", "balance": "1 645 kr"},
            **changes,
        }
    )


def test_queue_writes_a_row_and_sends_after_the_commit(
    mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        mail = queue()
        assert mailoutbox == []

    mail.refresh_from_db()
    assert [message.to for message in mailoutbox] == [["anna@example.org"]]
    assert (mail.state, mail.attempts, mail.leased_until) == (State.SENT, 1, None)
    assert mailoutbox[0].extra_headers["Message-ID"] == mail.message_id


def test_queue_with_a_known_key_writes_nothing():
    first = queue()
    second = queue(context={"heading": "Annat", "text": "", "balance": ""})

    assert first == second
    assert Mail.objects.get().subject.startswith("Påminnelse")


def test_queue_rolled_back_leaves_no_mail(mailoutbox):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        raise ZeroDivisionError

    assert Mail.objects.count() == 0
    assert mailoutbox == []


def test_queue_refuses_what_nobody_registered():
    with pytest.raises(LookupError, match="no-such-paper"):
        queue(attachments=[("no-such-paper", {})])


def test_key_is_unique_in_the_database():
    create_mail()

    with pytest.raises(IntegrityError), transaction.atomic():
        create_mail()


def test_send_one_twice_sends_once(mailoutbox):
    mail = create_mail()

    assert operations.send_one(mail_id=mail.pk)
    assert not operations.send_one(mail_id=mail.pk)

    assert len(mailoutbox) == 1


def test_send_one_leaves_alone_what_another_sender_holds(mailoutbox):
    mail = create_mail(state=State.SENDING, leased_until=timezone.now() + timedelta(minutes=1))

    assert not operations.send_one(mail_id=mail.pk)

    assert mailoutbox == []


def test_sweep_takes_over_from_a_sender_that_died(mailoutbox):
    create_mail(state=State.SENDING, leased_until=timezone.now() - timedelta(seconds=1))

    assert operations.sweep() == 1

    assert Mail.objects.get().state == State.SENT


def test_sweep_waits_until_the_mail_is_due(mailoutbox):
    create_mail(not_before=timezone.now() + timedelta(hours=1))

    assert operations.sweep() == 0


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPResponseException(421, b"busy"), State.QUEUED),
        (smtplib.SMTPResponseException(451, b"later"), State.QUEUED),
        (smtplib.SMTPResponseException(550, b"no such user"), State.FAILED),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"unknown")}), State.FAILED),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), State.QUEUED),
        (TimeoutError("slow"), State.QUEUED),
        (ConnectionRefusedError("away"), State.QUEUED),
    ],
)
def test_refusals_for_now_are_tried_again_and_for_good_are_not(refusing, error, state):
    mail = create_mail()
    refusing(error)

    assert not operations.send_one(mail_id=mail.pk)

    mail.refresh_from_db()
    assert mail.state == state
    assert mail.attempts == 1
    assert type(error).__name__ in mail.problem
    assert mail.leased_until is None


def test_trying_again_waits_longer_each_time_and_ends(refusing):
    mail = create_mail()
    refusing(TimeoutError("slow"))
    now = timezone.now()
    waits = []
    while mail.state != State.FAILED:
        operations.send_one(mail_id=mail.pk, now=now)
        mail.refresh_from_db()
        waits.append(mail.not_before - now)
        now = mail.not_before

    assert waits[:-1] == operations.BACK_OFF
    assert waits[-1] == timedelta(0)


def test_a_mail_that_is_no_longer_wanted_is_dropped(mailoutbox, monkeypatch):
    monkeypatch.setitem(makers._guards, "never", lambda: False)
    mail = queue(guards=[("never", {})])

    operations.send_one(mail_id=mail.pk)

    mail.refresh_from_db()
    assert mail.state == State.DROPPED
    assert mailoutbox == []


def test_an_attachment_that_cannot_be_made_is_told_and_tried_again(mailoutbox, monkeypatch):
    monkeypatch.setitem(makers._makers, "broken", lambda: 1 / 0)
    mail = queue(attachments=[("broken", {})])

    operations.send_one(mail_id=mail.pk)

    mail.refresh_from_db()
    assert (mail.state, mailoutbox) == (State.QUEUED, [])
    assert "ZeroDivisionError" in mail.problem


def test_unsubscribing_takes_one_click(mailoutbox):
    mail = create_mail(unsubscribe_url="https://example.org/nej/1")

    operations.send_one(mail_id=mail.pk)

    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe"] == "<https://example.org/nej/1>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("state", [State.SENT, State.FAILED])
def test_send_again(state, mailoutbox, django_capture_on_commit_callbacks):
    sent_at = timezone.now() if state == State.SENT else None
    mail = create_mail(state=state, sent_at=sent_at, problem="x")

    with django_capture_on_commit_callbacks(execute=True):
        operations.send_again(mail=mail, by=None)

    assert len(mailoutbox) == 1
    assert Mail.objects.get().state == State.SENT


def test_a_newline_in_a_subject_reaches_no_header(mailoutbox):
    mail = queue(context={"heading": "Hej\nBcc: x@example.org", "text": "", "balance": ""})

    operations.send_one(mail_id=mail.pk)

    assert mailoutbox[0].subject.startswith("Hej Bcc: x@example.org")
    assert mailoutbox[0].recipients() == ["anna@example.org"]
