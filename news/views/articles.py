from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from news import audiences, pictures, previews
from news.editions import LANGUAGES, Edition
from news.feeds import ArticleFeed
from news.forms import SearchForm
from news.models import Article, ArticleQuerySet, Page, State, Topic
from news.structured_data import article_json, picture_url
from privacy.access import public, signed_link
from privacy.remembered import Remembered

PER_PAGE = 10
RELATED = 3


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _published() -> ArticleQuerySet:
    return Article.objects.published(timezone.now())


# --- Lists ----------------------------------------------------------------------------------

# By what a list can be narrowed down.
years = Remembered(lambda: list(_published().years()))
topics = Remembered(lambda: list(Topic.objects.filter(articles__in=_published()).distinct()))


def _list_page(request: HttpRequest, articles: ArticleQuerySet, **context: Any) -> HttpResponse:
    paginator = Paginator(articles, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    language = _language()
    context = {
        "page_obj": page,
        "page_range": paginator.get_elided_page_range(page.number),
        "editions": [article.edition(language) for article in page],
        "years": years(),
        "topics": topics(),
        "search_form": SearchForm(),
        **context,
    }
    return render(request, "news/list.html", context)


@public
@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    return _list_page(request, _published().newest_first())


@public
@require_safe
def archive(request: HttpRequest, year: int) -> HttpResponse:
    articles = _published().in_year(year).newest_first()
    if not articles.exists():
        raise Http404
    return _list_page(request, articles, year=year)


@public
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = Topic.objects.known_as(slug, language=_language()).first()
    if found is None:
        raise Http404
    if found.slug != slug:
        return redirect("news:topic", found.slug, permanent=True)
    return _list_page(request, _published().about(found).newest_first(), topic=found)


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    return _list_page(request, _published().search(words), search_form=form, words=words)


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    return ArticleFeed()(request)


# --- One article ----------------------------------------------------------------------------


@public
@require_safe
def article(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    language = _language()
    articles = Article.objects.select_related("author")
    found = articles.known_as(slug, language=language).first() or (
        articles.once_known_as(slug).order_by("-published_at").first()
    )
    state = found.state(timezone.now()) if found else State.DRAFT
    if found is None or state in {State.DRAFT, State.SCHEDULED}:
        raise Http404
    if state == State.WITHDRAWN:
        return render(request, "news/withdrawn.html", status=410)
    edition = found.edition(language)
    if request.path != edition.url:
        return redirect(edition.url, permanent=True)
    _name_translations(request, found)
    return _article_page(request, edition)


def _name_translations(request: HttpRequest, row: Article | Page) -> None:
    """For the links to the other language, whose address is its own."""
    request.translations = {  # type: ignore[attr-defined]
        language: row.edition(language).url for language in LANGUAGES
    }


def _article_page(
    request: HttpRequest, edition: Edition, *, is_preview: bool = False
) -> HttpResponse:
    article = edition.article
    sources = edition.references()
    author = article.author.name if article.author else ""
    context = {
        "edition": edition,
        "article": article,
        "author": author,
        "sources": sources,
        "topics": article.topics.all(),
        "related": partial(_related, edition),
        "happenings": audiences.programme.happenings(article.event_keys, edition.wanted)
        if article.event_keys
        else [],
        "is_preview": is_preview,
    }
    if not is_preview:
        context |= {
            "alternates": [article.edition(language) for language in article.languages],
            "structured_data": article_json(edition, sources, author=author),
            "picture_url": picture_url(edition),
        }
    return render(request, "news/article.html", context)


def _related(edition: Edition) -> list[Edition]:
    """Asked for when the template remembers no answer."""
    others = _published().related_to(edition.article)[:RELATED]
    return [other.edition(edition.wanted) for other in others]


@signed_link
@never_cache
@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    try:
        article_id = previews.article_id(token)
    except previews.Expired:
        return render(request, "news/preview_expired.html", status=410)
    article = get_object_or_404(Article.objects.select_related("author"), pk=article_id)
    response = _article_page(request, article.edition(_language()), is_preview=True)
    response["X-Robots-Tag"] = "noindex"
    return response


# --- Pictures -------------------------------------------------------------------------------


@public
@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture never changes under its name, which nobody can guess."""
    path = f"{pictures.FOLDER}/{name}"
    if not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        return HttpResponse(file.read(), content_type=pictures.MEDIA_TYPE)


# --- Pages ----------------------------------------------------------------------------------


@public
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A hidden one is seen by those who may edit it."""
    language = _language()
    pages = Page.objects.all()
    found = pages.known_as(slug, language=language).first() or pages.once_known_as(slug).first()
    if found is None or not (found.is_shown or request.user.has_perm("news.change_page")):
        raise Http404
    edition = found.edition(language)
    if request.path != edition.url:
        return redirect(edition.url, permanent=True)
    _name_translations(request, found)
    return render(request, "news/page.html", {"edition": edition, "page": found})
