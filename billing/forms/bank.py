"""Money from the bank: the file, and what did not match by itself."""

import base64

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing import bankfiles, ocr
from billing.forms.amounts import AmountField
from billing.models import Invoice
from billing.operations import Share


class BankFileForm(forms.Form):
    file = forms.FileField(
        label=_("bank file"),
        help_text=_("camt.053, camt.054 or BgMax, as the bank gave it."),
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > bankfiles.MAX_BYTES:
            limit = bankfiles.MAX_BYTES // (1024 * 1024)
            raise ValidationError(
                _("The file is larger than %(limit)s MB, which no bank file is."),
                params={"limit": limit},
            )
        return file


class ImportForm(forms.Form):
    """Carries a file from its preview to its import, so that nothing is stored in between.

    Signed, so what is imported is what was looked at; good for an hour.
    """

    SALT = "billing.bank-file"

    signed = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def carrying(cls, *, name: str, data: bytes) -> "ImportForm":
        content = {"name": name, "data": base64.b85encode(data).decode()}
        return cls(initial={"signed": signing.dumps(content, salt=cls.SALT, compress=True)})

    def told(self) -> str:
        """What is wrong, for a message: the field itself is not seen."""
        return " ".join(str(problem) for problem in self.errors["signed"])

    def clean_signed(self) -> tuple[str, bytes]:
        try:
            content = signing.loads(self.cleaned_data["signed"], salt=self.SALT, max_age=3600)
        except signing.BadSignature as error:
            raise ValidationError(_("The preview is too old. Choose the file again.")) from error
        return content["name"], base64.b85decode(content["data"])


class ShareForm(forms.Form):
    """One part of a bank transaction."""

    invoice = forms.CharField(
        label=_("invoice"), max_length=30, help_text=_("Invoice number or OCR number.")
    )
    amount = AmountField(label=_("amount"))

    def clean_invoice(self) -> Invoice:
        typed = self.cleaned_data["invoice"].strip()
        named = Q(number__iexact=typed) | Q(ocr=ocr.normalise(typed))
        found = Invoice.objects.invoices().filter(named).first()
        if found is None:
            raise ValidationError(_("There is no such invoice."))
        return found

    def share(self) -> Share:
        return Share(self.cleaned_data["invoice"], self.cleaned_data["amount"])


class RestForm(forms.Form):
    """What the screen said was left of the transaction."""

    rest = forms.DecimalField(widget=forms.HiddenInput)


Shares = forms.formset_factory(ShareForm, extra=3, max_num=50, validate_max=True)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("what was done"),
        max_length=200,
        help_text=_("Sent back to the payer, belongs elsewhere …"),
    )
