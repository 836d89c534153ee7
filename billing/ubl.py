"""The e-invoice as Peppol wants it: UBL 2.1, BIS Billing 3.0, made of the stored rows.

The elements stand in the order that UBL's schema demands. Rules named in comments are those of
EN 16931 (BR-…) and of Peppol (PEPPOL-EN16931-R…, SE-R-…).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from lxml import etree

from billing import late_terms
from billing.models import Invoice
from billing.money import ZERO
from billing.vat import TREATMENTS

_CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_CAC, _CBC = f"{_UBL}:CommonAggregateComponents-2", f"{_UBL}:CommonBasicComponents-2"
_INVOICE, _CREDIT_NOTE = "380", "381"
_CREDIT_TRANSFER, _PIECE = "30", "C62"
_ORGANISATION_NUMBER = "0007"
_OUTSIDE_VAT = "VATEX-EU-O"
_POSTCODE = re.compile(r"(\d{3} ?\d{2})\s+(.+)")

Attributes = Mapping[str, str]
# A name with text, with text and attributes, or with what it holds. None leaves it out.
Node = tuple[str, Any] | tuple[str, str, Attributes] | None


class PeppolRefused(Exception):
    """This cannot be an e-invoice. The message is for the person at the screen."""


@dataclass(frozen=True)
class _Tax:
    """A VAT category as it stands in the e-invoice."""

    category: str
    rate: Decimal

    @property
    def percent(self) -> str | None:
        """BR-O-05: what is outside VAT has no rate."""
        return None if self.category == "O" else f"{self.rate.normalize():f}"


def document(invoice: Invoice) -> bytes:
    """The e-invoice or e-credit note. The same rows always give the same bytes.

    Raises PeppolRefused where something is missing that the receiver must have.
    """
    _demand(invoice)
    with translation.override(invoice.language):
        nodes = list(_nodes(invoice))
    kind = "CreditNote" if invoice.is_credit else "Invoice"
    names = {None: f"{_UBL}:{kind}-2", "cac": _CAC, "cbc": _CBC}
    root = etree.Element(f"{{{names[None]}}}{kind}", nsmap=names)
    _write(root, nodes)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def is_possible(invoice: Invoice) -> bool:
    try:
        _demand(invoice)
    except PeppolRefused:
        return False
    return True


def filename(invoice: Invoice) -> str:
    return f"peppol-{invoice.number}.xml"


def _demand(invoice: Invoice) -> None:
    if not invoice.peppol_id:
        raise PeppolRefused(_("%(number)s has no Peppol id.") % {"number": invoice.number})
    if not (invoice.customer_reference or invoice.order_number):
        raise PeppolRefused(
            _("%(number)s has neither a reference nor a purchase order number; Peppol demands one.")
            % {"number": invoice.number}
        )
    if not invoice.seller["vat_number"] and invoice.vat:
        raise PeppolRefused(
            _("%(number)s has VAT, but the seller had no VAT number.") % {"number": invoice.number}
        )


# --- The whole ------------------------------------------------------------------------------


def _nodes(invoice: Invoice) -> Iterator[Node]:
    yield ("CustomizationID", _CUSTOMIZATION)
    yield ("ProfileID", _PROFILE)
    yield ("ID", invoice.number)
    yield ("IssueDate", f"{invoice.issued_on}")
    if invoice.is_credit:
        yield ("CreditNoteTypeCode", _CREDIT_NOTE)
        yield _given("Note", invoice.reason)
    else:
        yield ("DueDate", f"{invoice.due_on}")
        yield ("InvoiceTypeCode", _INVOICE)
    yield ("DocumentCurrencyCode", "SEK")
    yield _given("AccountingCost", invoice.cost_centre)
    yield _given("BuyerReference", invoice.customer_reference)
    yield _given("OrderReference", [_given("ID", invoice.order_number)])
    if invoice.credits:
        original = [("ID", invoice.credits.number), ("IssueDate", f"{invoice.credits.issued_on}")]
        yield ("BillingReference", [("InvoiceDocumentReference", original)])
    yield ("AccountingSupplierParty", [("Party", _seller(invoice.seller))])
    yield ("AccountingCustomerParty", [("Party", _buyer(invoice))])
    if invoice.is_credit:
        # BR-CO-25: without a due date there are terms.
        terms = _("Credits invoice %(number)s.") % {"number": invoice.credits.number}  # type: ignore[union-attr]
        yield ("PaymentTerms", [("Note", terms)])
    else:
        yield ("PaymentMeans", _payment_means(invoice))
        terms = late_terms.announced(invoice)
        yield ("PaymentTerms", [("Note", terms)]) if terms else None
    yield ("TaxTotal", _tax_total(invoice))
    yield ("LegalMonetaryTotal", _totals(invoice))
    yield from _lines(invoice)


def _given(name: str, content: Any) -> Node:
    """R008: no element is empty."""
    return (name, content) if content and content != [None] else None


def _sign(invoice: Invoice) -> int:
    """Stored credit notes are negative; the e-credit note says what is credited."""
    return -1 if invoice.is_credit else 1


def _money(name: str, amount: Decimal) -> Node:
    return (name, f"{amount + ZERO:.2f}", {"currencyID": "SEK"})


# --- Parties --------------------------------------------------------------------------------


def _seller(seller: Mapping[str, Any]) -> list[Node]:
    number = seller["organisation_number"]
    vat = [("CompanyID", seller["vat_number"]), _scheme("VAT")]
    # SE-R-005 has the words.
    f_skatt = [("CompanyID", "Godkänd för F-skatt"), _scheme("TAX")]
    return [
        ("EndpointID", number, {"schemeID": _ORGANISATION_NUMBER}),
        ("PartyName", [("Name", seller["name"])]),
        ("PostalAddress", _address(seller["address"])),
        ("PartyTaxScheme", vat) if seller["vat_number"] else None,
        ("PartyTaxScheme", f_skatt) if seller["f_skatt_approved"] else None,
        (
            "PartyLegalEntity",
            [
                ("RegistrationName", seller["name"]),
                ("CompanyID", number, {"schemeID": _ORGANISATION_NUMBER}),
                _given("CompanyLegalForm", _office(seller["registered_office"])),
            ],
        ),
        ("Contact", [("ElectronicMail", seller["email"])]),
    ]


def _office(place: str) -> str:
    return f"Säte: {place}" if place else ""


def _buyer(invoice: Invoice) -> list[Node]:
    scheme, _colon, endpoint = invoice.peppol_id.partition(":")
    number = invoice.customer_organisation_number
    vat = [("CompanyID", invoice.customer_vat_number), _scheme("VAT")]
    # BR-O-02: an invoice outside VAT names nobody's VAT number.
    has_vat = invoice.customer_vat_number and invoice.seller["vat_number"]
    return [
        ("EndpointID", endpoint, {"schemeID": scheme}),
        ("PartyName", [("Name", invoice.customer_name)]),
        ("PostalAddress", _address(invoice.customer_address)),
        ("PartyTaxScheme", vat) if has_vat else None,
        (
            "PartyLegalEntity",
            [
                ("RegistrationName", invoice.customer_name),
                ("CompanyID", number, {"schemeID": _ORGANISATION_NUMBER}) if number else None,
            ],
        ),
        ("Contact", [("ElectronicMail", invoice.customer_email)]),
    ]


def _scheme(name: str) -> Node:
    return ("TaxScheme", [("ID", name)])


def _address(text: str) -> list[Node]:
    """Lines as people write them; the one that begins with a postcode is taken apart."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    place = next((found for line in lines if (found := _POSTCODE.fullmatch(line))), None)
    streets = [line for line in lines if not (place and line == place.string)]
    return [
        _given("StreetName", streets[0] if streets else ""),
        _given("AdditionalStreetName", ", ".join(streets[1:])),
        ("CityName", place[2]) if place else None,
        ("PostalZone", place[1]) if place else None,
        ("Country", [("IdentificationCode", "SE")]),
    ]


def _payment_means(invoice: Invoice) -> list[Node]:
    branch = ("FinancialInstitutionBranch", [("ID", "SE:BANKGIRO")])
    return [
        ("PaymentMeansCode", _CREDIT_TRANSFER),
        ("PaymentID", invoice.ocr),
        ("PayeeFinancialAccount", [("ID", invoice.seller["bankgiro"]), branch]),
    ]


# --- Tax and sums ---------------------------------------------------------------------------


def _tax(category: str, rate: Decimal, seller: Mapping[str, Any]) -> _Tax:
    """BR-O-02 and BR-O-11: a seller with a VAT number has nothing outside VAT, only exemptions;
    one without has all of it outside.
    """
    if not seller["vat_number"]:
        return _Tax("O", ZERO)
    return _Tax("E" if category == "O" else category, rate)


def _tax_total(invoice: Invoice) -> list[Node]:
    sums: dict[_Tax, tuple[Decimal, Decimal, list[str]]] = {}
    for row in invoice.vat_rows.order_by("-rate", "category"):
        tax = _tax(row.category, row.rate, invoice.seller)
        net, vat, reasons = sums.get(tax, (ZERO, ZERO, []))
        sums[tax] = (net + row.net, vat + row.vat, [*reasons, row.exemption_text])
    sign = _sign(invoice)
    return [
        _money("TaxAmount", sign * invoice.vat),
        *(
            (
                "TaxSubtotal",
                [
                    _money("TaxableAmount", sign * net),
                    _money("TaxAmount", sign * vat),
                    ("TaxCategory", _tax_category(tax, ", ".join(filter(None, reasons)))),
                ],
            )
            for tax, (net, vat, reasons) in sums.items()
        ),
    ]


def _tax_category(tax: _Tax, reason: str = "", *, of_line: bool = False) -> list[Node]:
    """BR-E-10, BR-O-10: only what bears no VAT says why, and only among the sums."""
    explains = tax.category in {"E", "O"} and not of_line
    return [
        ("ID", tax.category),
        _given("Percent", tax.percent),
        ("TaxExemptionReasonCode", _OUTSIDE_VAT) if explains and tax.category == "O" else None,
        ("TaxExemptionReason", reason or _("No VAT is charged.")) if explains else None,
        _scheme("VAT"),
    ]


def _totals(invoice: Invoice) -> list[Node]:
    sign = _sign(invoice)
    rounding = sign * invoice.rounding
    return [
        _money("LineExtensionAmount", sign * invoice.net),
        _money("TaxExclusiveAmount", sign * invoice.net),
        _money("TaxInclusiveAmount", sign * (invoice.net + invoice.vat)),
        _money("PayableRoundingAmount", rounding) if rounding else None,
        _money("PayableAmount", sign * invoice.total),
    ]


def _lines(invoice: Invoice) -> Iterator[Node]:
    name, quantity_name = (
        ("CreditNoteLine", "CreditedQuantity")
        if invoice.is_credit
        else ("InvoiceLine", "InvoicedQuantity")
    )
    sign = _sign(invoice)
    for line in invoice.lines.order_by("position"):
        treatment = TREATMENTS[line.vat_code]
        tax = _tax(treatment.category, treatment.rate, invoice.seller)
        quantity = f"{(sign * line.quantity).normalize():f}"
        # More decimals than öre, so that quantity times price is the amount of the line (R120).
        price = (line.net / line.quantity).quantize(Decimal("0.000001")).normalize()
        item = [
            _given("Description", line.detail),
            ("Name", line.text),
            ("ClassifiedTaxCategory", _tax_category(tax, of_line=True)),
        ]
        yield (
            name,
            [
                ("ID", str(line.position)),
                (quantity_name, quantity, {"unitCode": _PIECE}),
                _money("LineExtensionAmount", sign * line.net),
                ("Item", item),
                ("Price", [("PriceAmount", f"{price:f}", {"currencyID": "SEK"})]),
            ],
        )


# --- Writing --------------------------------------------------------------------------------


def _write(parent: Any, nodes: list[Node]) -> None:
    for node in nodes:
        if node is None:
            continue
        name, content, *attributes = node
        space = _CAC if isinstance(content, list) else _CBC
        element = etree.SubElement(parent, f"{{{space}}}{name}", *attributes)
        if isinstance(content, list):
            _write(element, content)
        else:
            element.text = _clean(str(content))


def _clean(text: str) -> str:
    """On one line and without what XML cannot hold."""
    return " ".join("".join(sign for sign in text if sign >= " " or sign in "\t\n\r").split())
