from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter
from django.utils.translation import gettext_lazy as _

from news.views import articles, newsletters

app_name = "news"


class YearConverter:
    """Four digits that the calendar has everywhere."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class WebpConverter(StringConverter):
    """The name of a stored picture."""

    regex = r"[\w-]+\.webp"


register_converter(YearConverter, "year")
register_converter(WebpConverter, "webp")

_newsletter = [
    path("", newsletters.subscribe, name="newsletter"),
    path(_("confirm/<str:token>/"), newsletters.confirm, name="confirm-newsletter"),
    path(_("no-more/<str:token>/"), newsletters.stop, name="no-newsletter"),
]
_news: list[URLPattern | URLResolver] = [
    path("", articles.article_list, name="list"),
    path(_("search/"), articles.search, name="search"),
    path(_("feed/"), articles.feed, name="feed"),
    path(_("topics/"), include([path("<slug:slug>/", articles.topic, name="topic")])),
    path(_("preview/"), include([path("<str:token>/", articles.preview, name="preview")])),
    path(_("newsletter/"), include(_newsletter)),
    path("<year:year>/", articles.archive, name="archive"),
    path("<year:year>/<slug:slug>/", articles.article, name="article"),
]

urlpatterns = [path(_("news/"), include(_news))]

# Last of all addresses: whatever nobody else answers may be the name of a page.
pages = [path("<slug:slug>/", articles.page, name="page")]
