"""Asking for the newsletter, confirming it, and ending it."""

import datetime as dt

from django.db import transaction

from news import audiences, emails
from news.models import Subscriber


@transaction.atomic
def subscribe(*, email: str, language: str, consent: str, now: dt.datetime) -> Subscriber:
    """Writes down the wish and mails the link that confirms it. Nothing else is sent before that.

    Whoever asks again gets the link again; the answer is the same for an address we know.
    """
    subscriber, is_new = Subscriber.objects.select_for_update().get_or_create(
        email__iexact=email,
        defaults={"email": email, "language": language, "consent": consent, "asked_at": now},
    )
    # Anybody may write an address here: what its owner has confirmed is not changed by that.
    if not is_new:
        if not subscriber.is_live():
            subscriber.language, subscriber.consent, subscriber.asked_at = language, consent, now
        with transaction.atomic():  # also unchanged: a new row takes as long, and so tells nothing
            subscriber.save()
    emails.confirm_subscription(subscriber, at=now)
    return subscriber


@transaction.atomic
def confirm(*, subscriber: Subscriber, now: dt.datetime) -> Subscriber:
    """Twice does no harm: the first moment stays."""
    locked = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if not locked.is_live():
        locked.confirmed(now)
        locked.save()
    return locked


@transaction.atomic
def stop_mail(*, key: str, now: dt.datetime) -> str:
    """End the letters to this reader in every way the address gets them. Returns the address;
    empty when they had ended already."""
    reader = audiences.reader_of(key)
    if reader is None:
        return ""
    for audience in audiences.audiences.values():
        audience.stop(reader.email, now)
    return reader.email
