from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from members.views import joining, links, own_pages, reauthentication

app_name = "members"

urlpatterns = [
    path(
        _("join/"),
        include(
            [
                path("", joining.join, name="join"),
                path(_("check-your-mail/"), joining.join_sent, name="join-sent"),
                path(_("confirm/<str:token>/"), joining.confirm, name="confirm"),
                path(_("confirmed/"), joining.confirmed, name="confirmed"),
                path(_("welcome/"), joining.welcome, name="welcome"),
                path(_("again/<str:token>/"), joining.apply_again, name="apply-again"),
                path(_("come-back/<str:token>/"), links.come_back, name="come-back"),
            ]
        ),
    ),
    path(_("account/confirm-by-code/"), reauthentication.confirm_by_code, name="confirm-by-code"),
    path(_("invitation/<str:token>/"), links.claim, name="claim"),
    path(_("keep-address/<str:token>/"), links.keep_address, name="keep-address"),
    path(_("no-more-mail/<str:token>/"), links.unsubscribe, name="unsubscribe"),
    path(_("card/<str:token>/"), links.check_card, name="check-card"),
    path(
        _("my-pages/"),
        include(
            [
                path(_("details/"), own_pages.details, name="details"),
                path(_("payer/"), own_pages.payer, name="payer"),
                path(_("consents/"), own_pages.consents, name="consents"),
                path(_("ordinary-member/"), own_pages.convert, name="convert"),
                path(_("leave/"), own_pages.leave, name="leave"),
                path(_("stay/"), own_pages.stay, name="stay"),
                path(_("card/"), own_pages.card, name="card"),
                path(_("card.pdf"), own_pages.card_file, name="card-file"),
            ]
        ),
    ),
]
