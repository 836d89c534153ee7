"""The Atom feed: the newest articles of one language."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from news.editions import Edition
from news.models import Article
from news.structured_data import ASSOCIATION

NEWEST = 20


class ArticleFeed(Feed):
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return get_language() or settings.LANGUAGE_CODE

    def title(self, language: str) -> str:
        return _("News from %(association)s") % {"association": ASSOCIATION}

    def subtitle(self, language: str) -> str:
        return _("Articles about data protection and the life of the association.")

    def link(self, language: str) -> str:
        return f"{settings.SITE_URL}{reverse('news:list')}"

    def feed_url(self, language: str) -> str:
        return f"{settings.SITE_URL}{reverse('news:feed')}"

    def author_name(self, language: str) -> str:
        return ASSOCIATION

    def items(self, language: str) -> list[Edition]:
        articles = (
            Article.objects.published(timezone.now())
            .in_language(language)
            .newest_first()
            .prefetch_related("topics")[:NEWEST]
        )
        return [article.edition(language) for article in articles]

    def item_title(self, edition: Edition) -> str:
        return edition.title

    def item_description(self, edition: Edition) -> str:
        return escape(edition.summary)  # Atom's summaries are HTML

    def item_link(self, edition: Edition) -> str:
        return edition.canonical_url

    def item_guid(self, edition: Edition) -> str:
        """Stays when the title and with it the address change."""
        created = edition.article.created_at
        return f"tag:{settings.SITE_HOST},{created:%Y}:{edition.language}/{edition.article.pk}"

    def item_pubdate(self, edition: Edition) -> dt.datetime | None:
        return edition.published_at

    def item_updateddate(self, edition: Edition) -> dt.datetime:
        return edition.article.updated_at

    def item_categories(self, edition: Edition) -> list[str]:
        return [topic.name for topic in edition.article.topics.all()]
