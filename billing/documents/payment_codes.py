"""The square codes that banking apps and Swish read, drawn here: nobody is told who owes what."""

import json
from datetime import date
from decimal import Decimal

from billing import giro
from billing.documents.content import PaymentRequest, Seller


def using_qr(*, seller: Seller, payment: PaymentRequest, invoiced_on: date) -> str:
    """The payment as one line of JSON (UsingQR, type 1), for bankgiro or else plusgiro."""
    if seller.bankgiro:
        account = {"pt": "BG", "acc": giro.format_bankgiro(seller.bankgiro)}
    else:
        account = {"pt": "PG", "acc": f"{seller.plusgiro[:-1]}-{seller.plusgiro[-1:]}"}
    order = {
        "uqr": 1,
        "tp": 1,
        "nme": seller.name,
        "cid": giro.format_organisation_number(seller.organisation_number),
        "iref": payment.ocr,
        "idt": f"{invoiced_on:%Y%m%d}",
        "ddt": f"{payment.due_on:%Y%m%d}",
        # The format wants a JSON number; two decimals survive a float at any amount we can owe.
        "due": float(payment.amount),
        "cur": "SEK",
        **account,
    }
    return json.dumps(order, ensure_ascii=False, separators=(",", ":"))


def swish_qr(*, payee: str, amount: Decimal, ocr: str) -> str:
    """Payee, amount and message, none of which the payer can edit (the closing 0)."""
    return f"C{payee};{amount:.2f};{ocr};0".replace(".", ",")
