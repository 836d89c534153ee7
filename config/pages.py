"""Pages that read several rooms: the start page and my pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

import billing.overview
import events.cards
import events.overview
import members.offers
import members.overview
from config.association import start_page
from members.models import User
from news.models import Article
from privacy.access import public, signed_in
from privacy.remembered import Remembered

ARTICLES = 3
EVENTS = 4

# In the language of the page, by which they are asked for.
next_events = Remembered(lambda _language: events.cards.coming(timezone.now(), limit=EVENTS))


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What is new and on, what membership gives and costs. Six queries, five of them seldom."""
    now, today, language = timezone.now(), timezone.localdate(), get_language() or "sv"
    articles = Article.objects.published(now).newest_first()[:ARTICLES]
    texts = start_page()
    context = {
        "texts": texts and texts.edition(language),
        "articles": [article.edition(language) for article in articles],
        "events": next_events(language),
        "offers": members.offers.on_offer(today),
    }
    return render(request, "start.html", context)


@signed_in
@require_safe
def my_pages(request: HttpRequest) -> HttpResponse:
    user, now = request.user, timezone.now()
    assert isinstance(user, User)  # noqa: S101  the decorator saw to it
    context = {
        "overview": members.overview.for_person(user, timezone.localdate(now)),
        "bookings": events.overview.for_person(user, now),
        "invoices": billing.overview.for_person(user),
    }
    return render(request, "my_pages.html", context)
