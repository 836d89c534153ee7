from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from django.utils.translation import gettext_lazy as _

from news import views

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

urlpatterns = [
    path(
        _("news/"),
        include(
            [
                path("", views.article_list, name="list"),
                path(_("search/"), views.search, name="search"),
                path(_("feed/"), views.feed, name="feed"),
                path(_("topics/"), include([path("<slug:slug>/", views.topic, name="topic")])),
                path(_("preview/"), include([path("<str:token>/", views.preview, name="preview")])),
                path("<year:year>/", views.archive, name="archive"),
                path("<year:year>/<slug:slug>/", views.article, name="article"),
            ]
        ),
    ),
]

# Last of all addresses: whatever nobody else answers may be the name of a page.
pages = [path("<slug:slug>/", views.page, name="page")]
