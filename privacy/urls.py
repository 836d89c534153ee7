from django.urls import path
from django.utils.translation import gettext_lazy as _

from privacy import views

app_name = "privacy"

urlpatterns = [
    path(_("privacy/"), views.notice, name="notice"),
    path(_("privacy/cookies/"), views.cookies, name="cookies"),
    path(_("my-pages/my-data/"), views.my_data, name="my-data"),
    path(_("my-pages/my-data/copy/"), views.export, name="export"),
]
