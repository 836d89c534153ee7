"""A sweep goes on until nothing waits or its time is over, and many letters share a talk."""

import smtplib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from mail import operations, tasks
from mail.models import Mail
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db

ANNA = "Anna refuses"


class Line(BaseEmailBackend):
    """What was said on it, in order; it is broken by a letter that is refused."""

    said: list[str] = []
    is_open = False

    def open(self):
        if not self.is_open:
            self.said.append("hello")
        self.is_open = True

    def close(self):
        if self.is_open:
            self.said.append("bye")
        self.is_open = False

    def send_messages(self, messages):
        assert self.is_open
        (message,) = messages
        self.said.append(message.subject)
        if message.subject == ANNA:
            raise smtplib.SMTPServerDisconnected
        return 1


@pytest.fixture
def said(monkeypatch):
    monkeypatch.setattr(operations, "get_connection", Line)
    monkeypatch.setattr(Line, "said", [])
    return Line.said


def wait(*subjects, **changes):
    for subject in subjects:
        create_mail(key=subject, subject=subject, **changes)


def test_a_few_letters_go_in_one_talk(said, monkeypatch):
    monkeypatch.setattr(operations, "ONE_TALK", 3)
    wait("1", "2", "3", "4")
    assert operations.sweep() == 4
    assert said == ["hello", "1", "2", "3", "bye", "hello", "4", "bye"]


def test_after_a_failure_the_next_letter_finds_the_line_fresh(said):
    wait("1", ANNA, "2")
    assert operations.sweep() == 2
    assert said == ["hello", "1", ANNA, "bye", "hello", "2", "bye"]
    assert Mail.objects.get(key=ANNA).state == Mail.State.QUEUED


def test_nothing_waits_and_nobody_is_called(said):
    assert operations.sweep() == 0
    assert said == []


def test_it_ends_when_its_time_is_over(said, monkeypatch):
    clock = iter([0, *range(10)])
    monkeypatch.setattr(operations.time, "monotonic", lambda: next(clock))
    wait("1", "2", "3", "4")
    assert operations.sweep(lasting=timedelta(seconds=3)) == 2
    assert said == ["hello", "1", "2", "bye"]
    assert Mail.objects.filter(state=Mail.State.QUEUED).count() == 2


@pytest.mark.both_databases
def test_what_one_person_waits_for_leaves_before_a_mailing(said):
    hour_ago = timezone.now() - timedelta(hours=1)
    letter = {"text": "", "html": "", "wording": ["test", {}], "not_before": hour_ago}
    wait("To all 1", "To all 2", **letter)
    wait("Your code")
    assert operations._next(timezone.now()) == [Mail.objects.get(key="Your code").pk]
    operations.send_one(mail_id=Mail.objects.get(key="Your code").pk)
    assert len(operations._next(timezone.now())) == 2


def test_one_sweep_at_a_time(mailoutbox):
    create_mail()
    cache.add(tasks.SWEEPING, True)
    tasks.sweep()
    assert mailoutbox == []
    cache.delete(tasks.SWEEPING)
    tasks.sweep()
    assert len(mailoutbox) == 1
    assert cache.get(tasks.SWEEPING) is None


def test_one_that_fails_lets_the_next_one_in(monkeypatch):
    monkeypatch.setattr(operations, "sweep", lambda: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            tasks.sweep()
