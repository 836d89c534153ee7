"""Purposes that every site with accounts has. The rooms add their own and may use these."""

from django.utils.translation import gettext_lazy as _

from privacy.purposes import Basis, Keep, Purpose
from privacy.recipients import GOOGLE, HOSTING, MAIL

ACCOUNT = Purpose(
    key="account",
    title=_("Your account"),
    why=_("To let you, and nobody else, log in and see what is yours."),
    basis=Basis.CONTRACT,
    keep=Keep(after=_("your account is closed")),
    needed=_(
        "An e-mail address is required for an account. You can do without an account: "
        "anybody can book as a guest and pay by invoice."
    ),
    whom=_("Members and others with an account."),
    recipients=(HOSTING, MAIL),
)

SECURITY = Purpose(
    key="security",
    title=_("Security of the site"),
    why=_("To keep strangers out of your account, find attacks and stop machines that send forms."),
    basis=Basis.LEGITIMATE_INTEREST,
    because=_(
        "Our interest and yours in a site that is safe and works. We weighed it against yours: "
        "little is noted, it goes soon, and nobody is followed."
    ),
    keep=Keep(days=90, after=_("it was noted")),
    needed=_("Required: your browser sends it with every page. Without it no page can be shown."),
    whom=_("Everybody who visits the site."),
    source=_("Your browser sends it."),
    recipients=(HOSTING,),
)

ACCOUNTABILITY = Purpose(
    key="accountability",
    title=_("Who did what"),
    why=_("To be able to show who changed, decided or looked at something, and when."),
    basis=Basis.LEGAL_OBLIGATION,
    because=_("GDPR, Articles 5.2, 24 and 32.4: we must be able to show how we handle your data."),
    keep=Keep(months=24, after=_("it was done")),
    needed=_("Required of those who act for the association: it is noted when you work here."),
    whom=_("Staff and board members, and those whose records they handled."),
    source=_("The system notes it by itself."),
    recipients=(HOSTING,),
)

GOOGLE_CHECK = Purpose(
    key="google-check",
    title=_("Google's check, if you choose it"),
    why=_("To let you show that you are no machine by Google's check instead of ours."),
    basis=Basis.CONSENT,
    keep=Keep(days=0, after=_("the form was sent; we keep nothing of it")),
    needed=_("Voluntary. Our own check does the same, and nothing of Google's is loaded for it."),
    withdraw=_(
        "Reload the page and use our own check. Google's cookie on your computer is removed "
        "in the settings of your browser."
    ),
    whom=_("Those who press the button for Google's check."),
    source=_("Your browser sends it to Google."),
    recipients=(GOOGLE,),
)
