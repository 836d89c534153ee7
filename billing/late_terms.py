"""What an invoice says about being paid late, out of the seller as of its day."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.models import Invoice
from billing.money import format_price


def announced(invoice: Invoice) -> str:
    """In the invoice's language, a line each; "" where nothing is ever charged."""
    if invoice.is_late_charge or not invoice.total:
        return ""
    with override(invoice.language):
        return "\n".join(_sentences(invoice))


def _sentences(invoice: Invoice) -> list[str]:
    fee = invoice.seller.get("reminder_fee", 0)
    sentences = []
    if fee:
        text = _("A reminder of an unpaid invoice costs %(fee)s.")
        sentences.append(text % {"fee": format_price(Decimal(fee))})
    if invoice.seller.get("late_interest"):
        sentences.append(
            _("Late payment bears interest under the Swedish Interest Act (1975:635), section 6.")
        )
    return sentences
