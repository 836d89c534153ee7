"""The forms of the treasurer's pages."""

from billing.forms.acts import (
    ActForm,
    CreditForm,
    PaymentForm,
    ReasonForm,
    RefundForm,
    SendAgainForm,
)
from billing.forms.amounts import AmountField, DayField, QuantityField
from billing.forms.bank import BankFileForm, ImportForm, NoteForm, RestForm, ShareForm, Shares
from billing.forms.books import DayForm, PeriodForm
from billing.forms.invoicing import InvoiceForm, InvoiceLineForm, InvoiceLines
from billing.forms.series import SeriesForm

__all__ = [
    "ActForm",
    "AmountField",
    "BankFileForm",
    "CreditForm",
    "DayField",
    "DayForm",
    "ImportForm",
    "InvoiceForm",
    "InvoiceLineForm",
    "InvoiceLines",
    "NoteForm",
    "PaymentForm",
    "PeriodForm",
    "QuantityField",
    "ReasonForm",
    "RefundForm",
    "RestForm",
    "SendAgainForm",
    "SeriesForm",
    "ShareForm",
    "Shares",
]
