"""Documents to try, and what can be read in them."""

import re
from datetime import date
from decimal import Decimal as D
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from billing.documents import render
from billing.documents.content import (
    CreditNoteDocument,
    Customer,
    Document,
    InvoiceDocument,
    Line,
    PaymentRequest,
    ReceiptDocument,
    References,
    ReminderDocument,
    Seller,
    Totals,
    VatRow,
)
from billing.money import ZERO

SELLER = Seller(
    name="Exempelföreningen",
    organisation_number="8029999995",
    address=("Box 1", "111 22 STOCKHOLM"),
    registered_office="Stockholm",
    bankgiro="9912346",
    swish="1234567890",
    vat_number="SE802999999501",
    f_skatt_approved=True,
    email="ekonomi@example.org",
    website="example.org",
)
CUSTOMER = Customer(
    name="Västra Ämbetsverket",
    address=("Storgatan 1", "462 80 VÄNERSBORG"),
    organisation_number="2120009994",
)
REFERENCES = References(
    your_reference="Åsa Öberg", order_number="PO-77", cost_centre="7710", our_reference="Kansliet"
)
PAYMENT = PaymentRequest(
    amount=D("3640.00"),
    due_on=date(2026, 4, 30),
    ocr="1001004207",
    online_url="https://example.org/invoice/abc/",
)
MEMBERSHIP = Line(
    text="Medlemsavgift",
    detail="1 april 2026 – 31 mars 2027",
    quantity=D(1),
    unit_price=D("1645.00"),
    amount=D("1645.00"),
    vat_rate=D(0),
)
SEMINAR = Line(
    text="Seminarium",
    quantity=D(2),
    unit_price=D("798.00"),
    amount=D("1596.00"),
    vat_rate=D(25),
)
EXEMPT_ROW = VatRow(rate=D(0), net=D("1645.00"), vat=ZERO, reason="Ej momspliktigt")
TAXED_ROW = VatRow(rate=D(25), net=D("1596.00"), vat=D("399.00"))
TOTALS = Totals(net=D("3241.00"), vat=D("399.00"), rounding=ZERO, total=D("3640.00"))
PARTS = {
    "language": "en",
    "issued_on": date(2026, 3, 31),
    "seller": SELLER,
    "customer": CUSTOMER,
    "references": REFERENCES,
}
LINES = {"lines": (MEMBERSHIP, SEMINAR), "vat_rows": (TAXED_ROW, EXEMPT_ROW), "totals": TOTALS}


def invoice(**changes: Any) -> InvoiceDocument:
    return InvoiceDocument(**{"number": "10042", "payment": PAYMENT, **PARTS, **LINES, **changes})


def credit_note(**changes: Any) -> CreditNoteDocument:
    original = {"invoice_number": "10042", "invoice_issued_on": date(2026, 3, 31)}
    return CreditNoteDocument(**{"number": "10051", **PARTS, **LINES, **original, **changes})


def reminder(**changes: Any) -> ReminderDocument:
    original = {
        "number": "10042",
        "issued_on": date(2026, 5, 7),
        "nth": 1,
        "invoice_issued_on": date(2026, 3, 31),
        "invoice_due_on": date(2026, 4, 30),
        "invoice_total": D("3640.00"),
        "payment": PAYMENT,
    }
    return ReminderDocument(**{**PARTS, **original, **changes})


def receipt(**changes: Any) -> ReceiptDocument:
    paid = {"number": "10042", "paid": D("3640.00"), "method": "Bankgiro"}
    return ReceiptDocument(**{**PARTS, **LINES, **paid, **changes})


def read(document: Document) -> PdfReader:
    return PdfReader(BytesIO(render(document)))


def pages(document: Document) -> list[str]:
    """The text of each page, one space for any space."""
    return [re.sub(r"[^\S\n]+", " ", page.extract_text()) for page in read(document).pages]


def text(document: Document) -> str:
    return " ".join(" ".join(pages(document)).split())


def says(document: Document, *pieces: str) -> None:
    found = text(document)
    assert [piece for piece in pieces if piece not in found] == []
