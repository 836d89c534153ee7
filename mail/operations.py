"""Writing a mail into the queue, and sending one.

Promise: nothing is lost, and a killed sender doubles at most the one mail it held. The row is
written in the business transaction; a sender claims it for a while, sends, and marks it. A claim
that runs out is taken again, with the same Message-ID. Nothing is locked while the mail server is
being talked to. Of many letters some go in one talk with it.
"""

import logging
import smtplib
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from mail import makers
from mail.bounces import Bounce
from mail.models import Mail
from privacy.copying import insert_all

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # longer than EMAIL_TIMEOUT for connect, send and quit
ROUND = timedelta(seconds=50)  # a sweep comes every minute
ONE_TALK = 100  # letters; mail servers hang up after some hundred
BACK_OFF = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]


# A name that is registered with `mail.makers`, and what it is given.
Ask = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Receiver:
    email: str
    language: str
    person_id: int | None = None


def queue(
    *,
    key: str,
    template: str,
    receiver: Receiver,
    context: dict[str, Any],
    wording: Ask | None = None,
    cc: str = "",
    attachments: Sequence[Ask] = (),
    guards: Sequence[Ask] = (),
    unsubscribe_url: str = "",
    not_before: datetime | None = None,
) -> Mail:
    """Write a mail in the current transaction; it leaves after the commit.

    `template` names `templates/<template>_subject.txt`, `_message.txt` and, if there is one,
    `_message.html`, rendered in the receiver's language. With a `wording` (see `mail.makers`)
    `context` is for the subject only. A known `key` returns the first row unchanged.
    """
    columns = _columns(
        template=template,
        receiver=receiver,
        context=context,
        wording=wording,
        cc=cc,
        attachments=attachments,
        guards=guards,
        unsubscribe_url=unsubscribe_url,
        not_before=not_before,
    )
    write(mail := Mail(key=key, **columns))
    columns |= {"text": mail.text, "html": mail.html, "wording": mail.wording}
    mail, created = Mail.objects.get_or_create(key=key, defaults=columns)
    if created and mail.not_before <= timezone.now():
        transaction.on_commit(lambda: _nudge(mail.pk), robust=True)
    return mail


def queue_all(letters: Iterable[dict[str, Any]]) -> None:
    """Write many mails by one statement for each 500; each letter is what `queue` takes.

    Known keys are left as they are. Where a letter has a `wording`, its text is written when it
    leaves: hundreds of thousands of letters are queued in a night and sent during a day.
    """
    wanted = list(map(dict, letters))
    if len(wanted) == 1:
        queue(**wanted[0])
        return
    rows = [Mail(key=letter.pop("key"), **_columns(**letter)) for letter in wanted]
    try:
        with transaction.atomic():
            insert_all(rows)
    except IntegrityError:  # some are known: the slower way passes them by
        Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if any(row.not_before <= timezone.now() for row in rows):
        transaction.on_commit(_nudge_all, robust=True)


def _columns(
    *,
    template: str,
    receiver: Receiver,
    context: dict[str, Any],
    wording: Ask | None = None,
    cc: str = "",
    attachments: Sequence[Ask] = (),
    guards: Sequence[Ask] = (),
    unsubscribe_url: str = "",
    not_before: datetime | None = None,
) -> dict[str, Any]:
    asked = [wording] if wording else []
    _demand_known(asked, attachments, guards)
    subject = (
        _subject(template, receiver.language, context)
        if context
        else _plain(template, receiver.language)
    )
    text, html = ("", "") if wording else _texts(template, receiver.language, context)
    return {
        "person_id": receiver.person_id,
        "to": receiver.email,
        "cc": cc if cc.lower() != receiver.email.lower() else "",
        "language": receiver.language,
        "subject": subject,
        "text": text,
        "html": html,
        "wording": list(wording) if wording else [],
        "attachments": [list(wanted) for wanted in attachments],
        "guard": [list(asked) for asked in guards],
        "unsubscribe_url": unsubscribe_url,
        "not_before": not_before or timezone.now(),
    }


def _demand_known(*lists: Sequence[Ask]) -> None:
    unknown = [name for entries in lists for name, _ in entries if not makers.known(name)]
    if unknown:
        raise LookupError(f"Nobody registered {', '.join(unknown)} with mail.makers")


def _nudge(mail_id: int) -> None:
    from mail.tasks import send  # noqa: PLC0415  tasks import this module

    send.delay(mail_id)


def _nudge_all() -> None:
    from mail.tasks import sweep as sweep_task  # noqa: PLC0415  as above

    sweep_task.delay()


def _everything(language: str, context: dict[str, Any]) -> dict[str, Any]:
    return {"site_url": settings.SITE_URL, "language": language, **context}


def _subject(template: str, language: str, context: dict[str, Any]) -> str:
    everything = _everything(language, context)
    with translation.override(language):
        return " ".join(render_to_string(f"{template}_subject.txt", everything).split())


@cache
def _plain(template: str, language: str) -> str:
    """A subject that names nothing is the same in a hundred thousand letters."""
    return _subject(template, language, {})


def _texts(template: str, language: str, context: dict[str, Any]) -> tuple[str, str]:
    everything = _everything(language, context)
    with translation.override(language):
        text = render_to_string(f"{template}_message.txt", everything).strip() + "\n"
        return text, render_to_string(f"{template}_message.html", everything)


def write(mail: Mail) -> Mail:
    """Fill in what is written when the mail leaves. The row is not saved; twice does no harm."""
    if mail.wording:
        template, context = makers.word(mail.wording)
        mail.text, mail.html = _texts(template, mail.language, context)
        mail.wording = []
    return mail


def send_one(
    *, mail_id: int, now: datetime | None = None, server: BaseEmailBackend | None = None
) -> bool:
    """Send one mail if nobody else is at it. True when it left; safe to call any number of times.

    `server` is a talk that goes on; without one, this letter has its own. A refusal by the mail
    server for good (5xx) and a header that may not be sent mark the mail as failed; anything else
    is tried again later, less and less often.
    """
    now = now or timezone.now()
    lease = now + LEASE
    if (
        not Mail.objects.sendable(now)
        .filter(pk=mail_id)
        .update(state=Mail.State.SENDING, leased_until=lease)
    ):
        return False
    ours = Mail.objects.filter(pk=mail_id, state=Mail.State.SENDING, leased_until=lease)
    mail = ours.get()
    try:
        if not makers.still_wanted(mail.guard):
            ours.update(state=Mail.State.DROPPED, leased_until=None)
            return False
        if mail.wording:
            write(mail)
            ours.update(text=mail.text, html=mail.html, wording=[])
        _hand_over(_message(mail), server)
    except Exception as error:  # whatever it is, the row must say so and be tried again
        _note_failure(ours, mail, error, now)
        return False
    ours.update(
        state=Mail.State.SENT,
        sent_at=timezone.now(),
        leased_until=None,
        attempts=mail.attempts + 1,
        problem="",
    )
    return True


def _message(mail: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.to],
        cc=[mail.cc] if mail.cc else [],
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for made in makers.make_attachments(mail.attachments):
        message.attach(made.filename, made.content, made.mimetype)
    return message


def _hand_over(message: EmailMultiAlternatives, server: BaseEmailBackend | None) -> None:
    """After a failure the next letter finds the line fresh."""
    message.connection = server
    try:
        if server is not None:
            server.open()
        message.send()
    except Exception:
        if server is not None:
            server.close()
        raise


def _note_failure(ours: Any, mail: Mail, error: Exception, now: datetime) -> None:
    attempts = mail.attempts + 1
    for_good = _is_final(error) or attempts > len(BACK_OFF)
    log.warning("mail %s not sent: %s", mail.pk, type(error).__name__)
    ours.update(
        state=Mail.State.FAILED if for_good else Mail.State.QUEUED,
        not_before=now if for_good else now + BACK_OFF[attempts - 1],
        leased_until=None,
        attempts=attempts,
        problem=f"{type(error).__name__}: {error}"[:1000],
    )


def _is_final(error: Exception) -> bool:
    if isinstance(error, BadHeaderError):  # as it is written it never leaves
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def note_bounce(*, bounce: Bounce) -> Mail | None:
    """A letter that was sent and came back for good is a refused one. Twice does no harm."""
    if not bounce.is_final or bounce.mail_id is None:
        return None
    ours = Mail.objects.filter(pk=bounce.mail_id, to__iexact=bounce.receiver)
    ours.filter(state=Mail.State.SENT).update(
        state=Mail.State.FAILED, sent_at=None, problem=bounce.reason
    )
    return ours.filter(state=Mail.State.FAILED).first()


def sweep(*, now: datetime | None = None, lasting: timedelta = ROUND) -> int:
    """Send what waits until nothing does, or the time is over. Returns how many left.

    Many may sweep at once: each letter is claimed by one of them.
    """
    until = time.monotonic() + lasting.total_seconds()
    sent = 0
    while time.monotonic() < until and (letters := _next(now or timezone.now())):
        with closing(get_connection()) as server:
            for mail_id in letters:
                if time.monotonic() < until:
                    sent += send_one(mail_id=mail_id, now=now, server=server)
    return sent


def _next(now: datetime) -> list[int]:
    """Oldest first; but what is written already was written for one person, who may be waiting
    for it, and a mailing to everybody is not.
    """
    waiting = Mail.objects.sendable(now).order_by("not_before", "pk").values_list("pk", flat=True)
    return list(waiting.filter(wording=[])[:ONE_TALK]) or list(waiting[:ONE_TALK])


@transaction.atomic
def send_again(*, mail: Mail, by: Any) -> Mail:
    """Staff asks for a refused mail to be tried once more, or for a sent one to be sent again."""
    del by  # the admin's log keeps who asked
    locked = Mail.objects.select_for_update().get(pk=mail.pk)
    if locked.state in {Mail.State.QUEUED, Mail.State.SENDING}:
        return locked
    locked.state, locked.sent_at, locked.not_before = Mail.State.QUEUED, None, timezone.now()
    locked.attempts, locked.problem = 0, ""
    locked.save(update_fields=["state", "sent_at", "not_before", "attempts", "problem"])
    transaction.on_commit(lambda: _nudge(locked.pk), robust=True)
    return locked
