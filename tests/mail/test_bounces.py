import io
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from mail import bounces, operations
from mail.bounces import Bounce
from mail.models import Mail
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: info@dpforum.se
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

I am sorry, your message could not be delivered to läsare.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; lasare@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1
 <lasare@example.org>: no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Brev i mars

--b--
"""


@pytest.fixture
def letter() -> Mail:
    return create_mail(to="Lasare@example.org", state=Mail.State.SENT, sent_at="2026-03-10T12:00Z")


def report(letter: Mail, *, action: str = "failed", status: str = "5.1.1", **changes: str) -> bytes:
    message_id = changes.get("message_id", letter.message_id)
    return REPORT.format(action=action, status=status, message_id=message_id).encode()


def test_a_report_names_the_letter_and_the_reason(letter):
    assert bounces.read(report(letter)) == Bounce(
        mail_id=letter.pk,
        receiver="lasare@example.org",
        is_final=True,
        reason="smtp; 550 5.1.1 <lasare@example.org>: no such user",
    )


def test_a_letter_that_came_back_is_a_refused_one(letter):
    noted = [operations.note_bounce(bounce=bounces.read(report(letter))) for _time in range(2)]

    assert noted == [letter, letter]
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == (Mail.State.FAILED, None)
    assert "no such user" in letter.problem


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "delayed", "status": "4.2.2"},
        {"status": "4.2.2"},
        {"message_id": "<mail-1@somebody-else.example>"},
        {"message_id": "<nothing>"},
    ],
)
def test_other_reports_change_nothing(letter, changes):
    assert operations.note_bounce(bounce=bounces.read(report(letter, **changes))) is None

    letter.refresh_from_db()
    assert letter.state == Mail.State.SENT


@pytest.mark.parametrize(
    "content", [b"", b"Hello", b"\xff\xfe\x00", b"Content-Type: multipart/x\n\n"]
)
def test_what_is_no_report_is_passed_by(content):
    assert operations.note_bounce(bounce=bounces.read(content)) is None


def test_a_report_about_somebody_else_is_forged(letter):
    Mail.objects.update(to="anna@example.org")

    assert operations.note_bounce(bounce=bounces.read(report(letter))) is None
    letter.refresh_from_db()
    assert letter.state == Mail.State.SENT


def test_the_command_reads_a_report(letter, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(report(letter))))

    call_command("note_bounce")

    letter.refresh_from_db()
    assert letter.state == Mail.State.FAILED
    assert "came back" in capsys.readouterr().out
