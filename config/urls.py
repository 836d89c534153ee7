"""All addresses. Swedish stands at the root, English under /en/, and the paths are translated."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

import events.views.programme
import news.urls
import news.views.articles
from config import errors, found_by, machine_pages, pages

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

urlpatterns = [
    path("robots.txt", found_by.robots, name="robots"),
    path("sitemap.xml", found_by.sitemap, name="sitemap"),
    path("healthz", machine_pages.healthz, name="healthz"),
    path("readyz", machine_pages.readyz, name="readyz"),
    path("metrics", machine_pages.metrics, name="metrics"),
    path(".well-known/security.txt", machine_pages.security_txt, name="security-txt"),
    path("stripe/", include("billing.machine_urls")),
    path("media/news/<webp:name>", news.views.articles.picture, name="picture"),
    path("media/events/<webp:name>", events.views.programme.picture, name="event-picture"),
]

urlpatterns += i18n_patterns(
    path("", pages.start, name="start"),
    path(_("my-pages/"), pages.my_pages, name="my-pages"),
    path("", include("news.urls")),
    path("", include("events.urls")),
    path("", include("members.urls")),
    path("", include("billing.urls")),
    path("", include("privacy.urls")),
    path(_("account/"), include("allauth.urls")),
    path("admin/", admin.site.urls),
    *([path("demo/", include("config.demo.urls"))] if settings.DEMO or settings.TESTING else []),
    *news.urls.pages,
    prefix_default_language=False,
)
