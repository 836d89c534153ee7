from django.urls import include, path, register_converter
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


register_converter(YearConverter, "year")

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
