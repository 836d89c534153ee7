"""A file as the bank would send it (ISO 20022, camt.054), about payments that nobody made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils import timezone

from billing.models import Seller


@dataclass(frozen=True)
class Transfer:
    """Without an OCR number the payer wrote `text` instead."""

    payer: str
    amount: Decimal
    bank_reference: str
    ocr: str = ""
    text: str = ""


def written(transfers: Sequence[Transfer], *, name: str, now: datetime) -> bytes:
    """The same transfer in two files has the same number, so that it is imported once."""
    context = {
        "name": name,
        "created_at": timezone.localtime(now),
        "booked_on": timezone.localdate(now),
        "bankgiro": Seller.objects.get().bankgiro,
        "transfers": transfers,
    }
    return render_to_string("demo/camt054.xml", context).encode()
