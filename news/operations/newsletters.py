"""Sending a newsletter: to me for a look, and to everybody who has said yes."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from mail.models import Mail
from news import audiences, emails
from news.audiences import Reader
from news.models import Article, Newsletter
from news.operations.refusals import Refused

AT_ONCE = 50
"""So many letters are written in one transaction."""
REFUSALS = 3
"""An address that has refused so many newsletters gets no more of them."""


class NobodyToSendTo(Refused):
    pass


class NothingWritten(Refused):
    pass


class NotPublished(Refused):
    pass


def readers() -> list[Reader]:
    """Everybody with a live consent whose address takes our letters."""
    refused = _refusing_addresses()
    return [reader for reader in audiences.all_readers() if reader.email not in refused]


def _refusing_addresses() -> set[str]:
    failed = Mail.objects.filter(key__startswith="newsletter:", state=Mail.State.FAILED)
    counted: dict[str, int] = {}
    for address in failed.values_list("to", flat=True):
        counted[address] = counted.get(address, 0) + 1
    return {address for address, count in counted.items() if count >= REFUSALS}


@transaction.atomic
def send_test(*, newsletter: Newsletter, by: Any, now: dt.datetime) -> list[Mail]:
    """To whoever asks, one letter in each language it is written in."""
    return [
        emails.test_letter(newsletter, to=by.email, language=language, at=now)
        for language in newsletter.languages
    ]


@transaction.atomic
def send_newsletter(*, newsletter: Newsletter, by: Any, now: dt.datetime) -> Newsletter:
    """From now on it is on its way and stays as it is; the letters are written beside this."""
    locked = Newsletter.objects.select_for_update().get(pk=newsletter.pk)
    if locked.state != Newsletter.State.DRAFT:
        return locked
    if not any(
        [locked.intro_sv, locked.intro_en, locked.event_keys, locked.articles.exists()]  # type: ignore[attr-defined]
    ):
        raise NothingWritten(_("There is nothing in the newsletter yet."))
    _demand_published(locked, now)
    if not readers():
        raise NobodyToSendTo(_("Nobody has said yes to newsletters."))
    locked.sent_at, locked.sent_by = now, by
    locked.save()
    transaction.on_commit(lambda: _nudge(locked.pk), robust=True)
    return locked


def _demand_published(newsletter: Newsletter, now: dt.datetime) -> None:
    hidden = newsletter.articles.exclude(pk__in=Article.objects.published(now))
    if hidden:
        raise NotPublished(
            _(
                "Nobody could open these articles, which are not published: %(titles)s. Publish "
                "them, or take them out of the newsletter."
            )
            % {"titles": ", ".join(map(str, hidden))}
        )


def _nudge(newsletter_id: int) -> None:
    from news.tasks import deliver  # noqa: PLC0415  tasks import this module

    deliver.delay(newsletter_id)


def deliver(*, newsletter_id: int, now: dt.datetime) -> int:
    """Write the letters that are missing. Killed half-way and run again, nobody gets two."""
    newsletter = Newsletter.objects.unfinished().filter(pk=newsletter_id).first()
    if newsletter is None:
        return 0
    written = set(
        Mail.objects.filter(key__startswith=emails.key_of(newsletter)).values_list("key", flat=True)
    )
    missing = [
        reader for reader in readers() if f"{emails.key_of(newsletter)}{reader.key}" not in written
    ]
    contents = {code: emails.contents(newsletter, code, now) for code in newsletter.languages}
    for start in range(0, len(missing), AT_ONCE):
        with transaction.atomic():
            for reader in missing[start : start + AT_ONCE]:
                emails.letter(newsletter, reader, contents)
    Newsletter.objects.filter(pk=newsletter.pk).update(written_at=Greatest("sent_at", Value(now)))
    return len(missing)


def deliver_unfinished(*, now: dt.datetime) -> int:
    """What a lost message or a killed worker left behind."""
    unfinished = Newsletter.objects.unfinished().order_by("pk").values_list("pk", flat=True)
    return sum(deliver(newsletter_id=number, now=now) for number in unfinished)
