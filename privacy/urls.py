from django.urls import path
from django.utils.translation import gettext_lazy as _

from privacy import own_views, views

app_name = "privacy"

urlpatterns = [
    path(_("privacy/"), views.notice, name="notice"),
    path(_("privacy/cookies/"), views.cookies, name="cookies"),
    path(_("privacy/trust/"), views.trust, name="trust"),
    path(_("privacy/receipt/<uuid:number>/"), own_views.receipt, name="receipt"),
    path(_("privacy/copy/<str:token>/"), own_views.copy, name="copy"),
    path(_("my-pages/my-data/"), own_views.my_data, name="my-data"),
    path(_("my-pages/my-data/copy/"), own_views.export, name="export"),
    path(_("my-pages/my-data/ask/"), own_views.ask, name="ask"),
    path(_("my-pages/my-data/erase/"), own_views.erase, name="erase"),
    path(_("my-pages/my-data/erase/now/"), own_views.erase_now, name="erase-now"),
]
