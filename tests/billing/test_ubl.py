"""E-invoices that Peppol takes: judged by UBL's schema and the rules of EN 16931."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from lxml import etree
from pypdf import PdfReader

from billing import operations, papers, ubl
from billing.models import Invoice, Product, Seller
from billing.operations import CreditLine
from tests.billing.en16931 import faults
from tests.billing.pages import LIST, page_of, told
from tests.factories.billing import customer, issue_invoice, line, product

pytestmark = pytest.mark.django_db

KOMMUN = {
    "name": "Umeå kommun",
    "address": "Fakturaservice\nSkolgatan 31 A\n901 84 Umeå",
    "email": "faktura@umea.example",
    "organisation_number": "2120002627",
    "reference": "12345",
    "peppol_id": "0007:2120002627",
}


def to_kommun(**changes) -> Invoice:
    asked = {name: changes.pop(name) for name in list(changes) if name in {*KOMMUN, "order_number",
             "cost_centre", "vat_number", "language"}}  # fmt: skip
    return issue_invoice(customer=customer(**{**KOMMUN, **asked}), **changes)


def without_vat_number() -> None:
    Seller.objects.update(vat_number="", f_skatt_approved=False)


def conference(price: str = "4995", **changes):
    return line(product=product("conference"), price=price, text="Konferens", **changes)


def read(content: bytes, path: str) -> list[str]:
    """Texts at a path of local names."""
    steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
    return [found.text for found in etree.fromstring(content).xpath(f"./{steps}")]


def documents() -> dict[str, bytes]:
    """One of each kind that must pass."""
    mixed = to_kommun(
        lines=[
            conference(quantity="3", detail="Anna, Bo & Cecilia <3"),
            line(price="1645"),
            line(price="0", text="Medlemspris"),
        ],
        order_number="PO-7",
        cost_centre="4711",
        vat_number="SE212000262701",
    )
    rounded = to_kommun(lines=[conference("99.99") for _ in range(3)])
    many = to_kommun(lines=[conference("33.33", quantity="7") for _ in range(30)])
    whole = operations.credit_invoice(invoice=mixed, reason="Fel mottagare", by=None)
    first = many.lines.order_by("position")[0]
    part = operations.credit_invoice(
        invoice=many, reason="", by=None, lines=[CreditLine(first, Decimal(2))]
    )
    Product.objects.filter(code="membership").update(vat_code="O")
    outside_beside_vat = to_kommun(lines=[conference(), line(price="1645", product=product())])
    only_outside = to_kommun(lines=[line(product=product())], reference="", order_number="9")
    english = to_kommun(lines=[conference()], language="en", address="Somewhere")
    without_vat_number()
    plain = to_kommun(lines=[line(price="200", product=product())], vat_number="SE212000262701")
    exempt = to_kommun(lines=[line(product=product())])
    no_vat_credit = operations.credit_invoice(invoice=exempt, reason="Fel", by=None)
    made = {
        "mixed": mixed,
        "rounded": rounded,
        "many": many,
        "whole": whole,
        "part": part,
        "outside-beside-vat": outside_beside_vat,
        "only-outside": only_outside,
        "english": english,
        "no-vat-number": plain,
        "no-vat-credit": no_vat_credit,
    }
    return {f"{name}.xml": ubl.document(invoice) for name, invoice in made.items()}


@pytest.mark.slow
def test_schema_and_rules_find_no_fault(tmp_path):
    assert faults(documents(), tmp_path) == []


@pytest.mark.slow
def test_the_judge_finds_faults(tmp_path):
    """The control: a sum changed, an element out of its order, O beside a VAT number."""
    good = ubl.document(to_kommun(lines=[conference()]))
    outside = good.replace(b">S</cbc:ID>", b">O</cbc:ID>")
    bad = {
        "sum.xml": good.replace(b">4995.00</cbc:PayableAmount>", b">4994.00</cbc:PayableAmount>"),
        "order.xml": good.replace(b"cbc:ProfileID", b"cbc:UUID"),
        "outside.xml": outside,
    }

    found = faults(bad, tmp_path)

    assert any(fault.startswith("sum.xml: BR-CO-16") for fault in found)
    assert any(fault.startswith("order.xml: line") for fault in found)
    assert any(fault.startswith("outside.xml: BR-O-02") for fault in found)


def test_what_the_receiver_books_it_by():
    content = ubl.document(to_kommun(order_number="PO-7", cost_centre="4711"))

    assert read(content, "BuyerReference") == ["12345"]
    assert read(content, "OrderReference/ID") == ["PO-7"]
    assert read(content, "AccountingCost") == ["4711"]
    assert read(content, "PaymentMeans/PaymentID") == ["1001000106"]
    assert read(content, "PaymentMeans/PayeeFinancialAccount/ID") == ["9912346"]
    assert read(content, "AccountingCustomerParty/Party/EndpointID") == ["2120002627"]
    address = "AccountingCustomerParty/Party/PostalAddress"
    assert [
        read(content, f"{address}/{name}")
        for name in ("StreetName", "AdditionalStreetName", "PostalZone", "CityName")
    ] == [["Fakturaservice"], ["Skolgatan 31 A"], ["901 84"], ["Umeå"]]


@pytest.mark.parametrize(
    ("code", "vat_number", "category"),
    [("E", True, "E"), ("O", True, "E"), ("Z", True, "Z"), ("E", False, "O"), ("O", False, "O")],
)
def test_the_category_follows_the_sellers_registration(code, vat_number, category):
    Product.objects.filter(code="membership").update(vat_code=code)
    if not vat_number:
        without_vat_number()

    content = ubl.document(to_kommun(lines=[line(product=product())]))

    assert read(content, "TaxTotal/TaxSubtotal/TaxCategory/ID") == [category]
    assert read(content, "InvoiceLine/Item/ClassifiedTaxCategory/ID") == [category]


def test_a_credit_note_names_its_original_and_has_no_signs():
    invoice = to_kommun(today=date(2026, 3, 2))
    note = operations.credit_invoice(invoice=invoice, reason="Fel", by=None)

    content = ubl.document(note)

    assert read(content, "BillingReference/InvoiceDocumentReference/ID") == [invoice.number]
    assert read(content, "LegalMonetaryTotal/PayableAmount") == ["1645.00"]
    assert b"-1" not in content.replace(b"-10-28", b"")[content.index(b"TaxTotal") :]


def test_made_again_it_is_the_same():
    invoice = to_kommun(lines=[conference()])

    assert ubl.document(invoice) == ubl.document(Invoice.objects.get(pk=invoice.pk))


def has_vat_without_number() -> Invoice:
    without_vat_number()
    return to_kommun(lines=[conference()])


@pytest.mark.parametrize(
    "make",
    [
        lambda: to_kommun(peppol_id=""),
        lambda: to_kommun(reference=""),
        has_vat_without_number,
    ],
    ids=["no-peppol-id", "no-reference", "vat-without-number"],
)
def test_what_cannot_be_an_e_invoice(make):
    invoice = make()

    assert not ubl.is_possible(invoice)
    with pytest.raises(ubl.PeppolRefused, match=invoice.number):
        ubl.document(invoice)


class TestCommand:
    def test_writes_the_file(self, tmp_path):
        invoice, path = to_kommun(), tmp_path / "e.xml"

        call_command("export_peppol", invoice.number.lower(), f"--output={path}")

        assert path.read_bytes() == ubl.document(invoice)

    @pytest.mark.parametrize("arguments", [["F9"], ["F10001"], ["F10002", "--output=/no/where"]])
    def test_refusals(self, arguments):
        issue_invoice()
        to_kommun()

        with pytest.raises(CommandError):
            call_command("export_peppol", *arguments)


def choice(invoices) -> dict:
    return {"action": "download_peppol", "_selected_action": [each.pk for each in invoices]}


class TestInAdmin:
    def test_one_is_fetched(self, client, treasurer):
        invoice = to_kommun()

        answer = client.get(page_of(invoice, "peppol"))

        assert answer.content == ubl.document(invoice)

    def test_what_it_lacks_is_told(self, client, treasurer):
        page = client.get(page_of(to_kommun(reference=""), "peppol"), follow=True)

        assert len(told(page)) == 1

    def test_many_in_a_zip(self, client, treasurer):
        invoices = [to_kommun(), to_kommun()]

        answer = client.post(LIST, choice(invoices))

        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            assert sorted(packed.namelist()) == [ubl.filename(invoice) for invoice in invoices]

    def test_none_is_left_out_unsaid(self, client, treasurer):
        invoices = [to_kommun(), issue_invoice()]

        page = client.post(LIST, choice(invoices), follow=True)

        assert invoices[1].number in told(page)[0]


def test_the_pdf_carries_it_and_is_the_same_when_made_again():
    invoice = to_kommun(lines=[conference()])
    note = operations.credit_invoice(invoice=invoice, reason="Fel", by=None)

    for paper in (invoice, note):
        pdf = papers.invoice_pdf(paper)
        carried = PdfReader(io.BytesIO(pdf)).attachments
        assert carried == {ubl.filename(paper): [ubl.document(paper)]}
        assert pdf == papers.invoice_pdf(Invoice.objects.get(pk=paper.pk))


def test_the_pdf_of_others_carries_nothing():
    pdf = papers.invoice_pdf(issue_invoice())

    assert PdfReader(io.BytesIO(pdf)).attachments == {}
