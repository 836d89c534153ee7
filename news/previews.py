"""Signed links that show an article before it is published, to whoever holds them, for a week."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from news.models import Article

LASTS = timedelta(days=7)
_SALT = "news.preview"


class Expired(Exception):
    pass


def link(article: Article, *, language: str) -> str:
    token = signing.dumps(article.pk, salt=_SALT)
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('news:preview', args=[token])}"


def article_id(token: str) -> int | None:
    """None when we did not sign it; raises Expired when we did, but too long ago."""
    try:
        return signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.SignatureExpired as error:
        raise Expired from error
    except signing.BadSignature:
        return None
