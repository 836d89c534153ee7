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

ARTICLES = 3
EVENTS = 4


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What is new and on, what membership gives and costs. Six queries, three of them seldom."""
    now, today = timezone.now(), timezone.localdate()
    articles = Article.objects.published(now).newest_first()[:ARTICLES]
    texts = start_page()
    context = {
        "texts": texts and texts.edition(get_language() or "sv"),
        "articles": [article.edition(get_language() or "sv") for article in articles],
        "events": events.cards.coming(now, limit=EVENTS),
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
