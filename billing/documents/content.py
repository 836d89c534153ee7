"""What a document says, before language and layout: plain facts, frozen, no database.

Amounts are SEK. Everything here comes from rows that never change after issue, so a document made
again is the same document.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Seller:
    """Account, organisation and VAT numbers are bare, as stored."""

    name: str
    organisation_number: str
    address: tuple[str, ...] = ()
    registered_office: str = ""
    """Säte."""
    bankgiro: str = ""
    plusgiro: str = ""
    swish: str = ""
    iban: str = ""
    bic: str = ""
    vat_number: str = ""
    """Empty when the association is not registered for VAT."""
    f_skatt_approved: bool = False
    email: str = ""
    phone: str = ""
    website: str = ""


@dataclass(frozen=True, kw_only=True)
class Customer:
    name: str
    address: tuple[str, ...] = ()
    organisation_number: str = ""
    vat_number: str = ""


@dataclass(frozen=True, kw_only=True)
class References:
    """What the payer's finance desk needs in order to find out whose invoice this is."""

    your_reference: str = ""
    order_number: str = ""
    cost_centre: str = ""
    our_reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """Amounts exclude VAT."""

    text: str
    detail: str = ""
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    vat_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class VatRow:
    """One VAT category and rate. The reason why none is charged is in the document's language."""

    rate: Decimal
    net: Decimal
    vat: Decimal
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Totals:
    net: Decimal
    vat: Decimal
    rounding: Decimal
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class PaymentRequest:
    amount: Decimal
    due_on: date
    ocr: str
    online_url: str = ""
    """The invoice's own page, where it can be read and paid by card."""


@dataclass(frozen=True, kw_only=True)
class Document:
    number: str
    language: str
    """`sv` or `en`."""
    issued_on: date
    seller: Seller
    customer: Customer
    references: References = field(default_factory=References)
    note: str = ""
    """Free text, in paragraphs."""


@dataclass(frozen=True, kw_only=True)
class InvoiceDocument(Document):
    lines: tuple[Line, ...]
    vat_rows: tuple[VatRow, ...]
    totals: Totals
    payment: PaymentRequest | None
    """None when nothing is to be paid."""
    terms: str = ""
    """Agreed terms beside the due date, such as late interest."""
    xml: bytes | None = None
    """The same invoice for machines (Peppol BIS), attached to the PDF."""


@dataclass(frozen=True, kw_only=True)
class CreditNoteDocument(Document):
    """Amounts are negative, as on the rows they come from."""

    lines: tuple[Line, ...]
    vat_rows: tuple[VatRow, ...]
    totals: Totals
    invoice_number: str
    invoice_issued_on: date
    xml: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderDocument(Document):
    """`number` is the invoice's; `issued_on` is the day of the reminder."""

    nth: int
    """1 for the first after the due date, 0 before it."""
    invoice_issued_on: date
    invoice_due_on: date
    invoice_total: Decimal
    settled: Decimal = ZERO
    """Paid or credited so far."""
    late_charges: Decimal = ZERO
    """Reminder fee and late interest that are not paid."""
    payment: PaymentRequest


@dataclass(frozen=True, kw_only=True)
class ReceiptDocument(Document):
    """`number` is the invoice's; `issued_on` is the day of the payment."""

    lines: tuple[Line, ...]
    vat_rows: tuple[VatRow, ...]
    totals: Totals
    paid: Decimal
    """Negative when it was a refund."""
    method: str
    """In the document's language."""
    remaining: Decimal = ZERO
