"""The old register's file, from the first look to the import."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.forms import ImportForm


class RegisterFileForm(forms.Form):
    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "CSV with the names of the columns on its first line: e-mail and name, and, where "
            "there are such, phone, employer, title, kind, member from, member until, payer, "
            "organisation number, e-mail for invoices, reference, consent."
        ),
    )


class CarriedRegisterForm(ImportForm):
    """The file that was looked at, and whether those who are new are invited."""

    SALT = "members.old-register"

    send_invitations = forms.BooleanField(
        label=_("Mail an invitation to everybody who has not been here yet"), required=False
    )
