"""What is mailed: the newsletter, and the link that confirms a subscription."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from mail import makers
from mail.models import Mail
from mail.operations import Receiver, queue
from news import audiences, rich_text
from news.audiences import Reader
from news.models import Newsletter, Subscriber

LASTS = dt.timedelta(days=2)
_ONE_MAIL_IN = dt.timedelta(minutes=5)
_SALT = "news.subscription"


def key_of(newsletter: Newsletter) -> str:
    """What the keys of all its letters begin with."""
    return f"newsletter:{newsletter.pk}:"


def letter(newsletter: Newsletter, reader: Reader, written: Mapping[str, dict[str, Any]]) -> Mail:
    """`written`: its contents by language."""
    language = newsletter.language_for(reader.language)
    return queue(
        key=f"{key_of(newsletter)}{reader.key}",
        template="news/email/newsletter",
        receiver=Receiver(reader.email, language, reader.person_id),
        context={**written[language], "stop_url": reader.stop_url},
        guards=[("wants-newsletter", {"key": reader.key})],
        unsubscribe_url=reader.stop_url,
    )


def test_letter(newsletter: Newsletter, *, to: str, language: str, at: dt.datetime) -> Mail:
    return queue(
        key=f"newsletter-test:{newsletter.pk}:{language}:{to}:{at.timestamp():.0f}",
        template="news/email/newsletter",
        receiver=Receiver(to, language),
        context={**contents(newsletter, language, at), "is_test": True},
    )


def contents(newsletter: Newsletter, language: str, now: dt.datetime) -> dict[str, Any]:
    """What stands in it, the same for all readers of a language; of its articles those that can be
    read now."""
    intro = rich_text.for_mail(getattr(newsletter, f"intro_{language}"))
    return {
        "subject": getattr(newsletter, f"subject_{language}"),
        "intro": intro,
        "intro_as_text": rich_text.as_lines(intro),
        "articles": [
            article.edition(language)
            for article in newsletter.articles.published(now).newest_first()
        ],
        "happenings": audiences.programme.happenings(newsletter.event_keys, language),
    }


@makers.guard("wants-newsletter")
def _still_wants(key: str) -> bool:
    """A consent that was taken back while the letter waited is respected."""
    return audiences.reader_of(key) is not None


# --- Subscribing ----------------------------------------------------------------------------


def confirm_subscription(subscriber: Subscriber, *, at: dt.datetime) -> Mail:
    """Who writes somebody's address again and again has one mail sent in a while, not many."""
    token = signing.dumps([subscriber.pk, at.timestamp()], salt=_SALT)
    with translation.override(subscriber.language):
        url = f"{settings.SITE_URL}{reverse('news:confirm-newsletter', args=[token])}"
    ended = subscriber.ended_at.timestamp() if subscriber.ended_at else 0
    period = at.timestamp() // _ONE_MAIL_IN.seconds
    return queue(
        key=f"subscription:{subscriber.pk}:{ended:.0f}:{period:.0f}",
        template="news/email/confirm",
        receiver=Receiver(subscriber.email, subscriber.language),
        context={"confirm_url": url, "days": LASTS.days},
    )


def subscriber_of(token: str) -> Subscriber | None:
    """None when the link is not ours, too old, of somebody who is gone, or from before they ended
    the newsletter: what was ended begins only when it is asked for anew."""
    try:
        number, asked = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    found = Subscriber.objects.filter(pk=number).first()
    is_from_before = found and found.ended_at and found.ended_at.timestamp() >= asked
    return None if is_from_before else found
