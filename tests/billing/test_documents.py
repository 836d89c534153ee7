"""What the documents say, and how they fill their pages."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from billing.documents.content import InvoiceDocument, Totals
from billing.money import ZERO
from tests.billing.document_factories import (
    CUSTOMER,
    EXEMPT_ROW,
    MEMBERSHIP,
    PAYMENT,
    SELLER,
    SEMINAR,
    TOTALS,
    credit_note,
    invoice,
    pages,
    receipt,
    reminder,
    says,
    text,
)

pytestmark = pytest.mark.slow

# --- Wording ----------------------------------------------------------------------------------


def test_swedish_invoice() -> None:
    says(
        invoice(language="sv", terms="Dröjsmålsränta enligt räntelagen."),
        "Faktura",
        "Fakturanummer 10042",
        "Fakturadatum 2026-03-31",
        "Förfallodatum 2026-04-30",
        "Betalningsvillkor 30 dagar",
        "Er referens Åsa Öberg",
        "Ordernummer PO-77",
        "Kostnadsställe 7710",
        "Vår referens Kansliet",
        "Västra Ämbetsverket Storgatan 1 462 80 VÄNERSBORG Org.nr 212000-9994",
        "Benämning Antal À-pris exkl. moms Moms Belopp exkl. moms",
        "Medlemsavgift 1 april 2026 – 31 mars 2027 1 1 645,00 – 1 645,00",
        "Seminarium 2 798,00 25 % 1 596,00",
        "25 % 1 596,00 399,00",
        "Utan moms 1 645,00 0,00",
        "Ej momspliktigt",
        "Summa exkl. moms 3 241,00",
        "Moms 25 % 399,00",
        "Att betala 3 640,00 kr",
        "Bankgiro 991-2346",
        "OCR-nummer 1001004207",
        "Mottagare Exempelföreningen",
        "Dröjsmålsränta enligt räntelagen.",
        "Org.nr 802999-9995",
        "Momsreg.nr SE802999999501",
        "Säte Stockholm",
        "Godkänd för F-skatt",
        "ekonomi@example.org",
    )


def test_english_invoice() -> None:
    says(
        invoice(),
        "Invoice number 10042",
        "Invoice date 31 March 2026",
        "Due date 30 April 2026",
        "Payment terms 30 days",
        "Description Quantity Unit price excl. VAT VAT Amount excl. VAT",
        "Seminarium 2 798.00 25% 1,596.00",
        "VAT 25% 399.00",
        "To pay SEK 3,640.00",
        "OCR number 1001004207",
        "Registered office Stockholm",
        "Approved for Swedish F-tax",
    )


def test_a_seller_outside_vat_and_f_skatt_shows_neither() -> None:
    seller = replace(SELLER, vat_number="", f_skatt_approved=False)
    lines = {
        "lines": (MEMBERSHIP,),
        "vat_rows": (EXEMPT_ROW,),
        "totals": Totals(net=D(1645), vat=ZERO, rounding=ZERO, total=D(1645)),
    }
    found = text(invoice(seller=seller, **lines))
    assert "Description Quantity Unit price Amount" in found
    assert "Ej momspliktigt" in found
    assert [word for word in ("VAT", "F-tax", "excl.", "25%") if word in found] == []


def test_the_rounding_line_stands_only_where_there_is_some() -> None:
    rounded = replace(TOTALS, rounding=D("-0.05"), total=D("3639.95"))
    assert "Rounding" not in text(invoice())
    says(invoice(totals=rounded), "Rounding −0.05", "To pay SEK 3,639.95")


def test_an_invoice_with_nothing_to_pay_asks_for_nothing() -> None:
    nothing = Totals(net=ZERO, vat=ZERO, rounding=ZERO, total=ZERO)
    free = replace(MEMBERSHIP, unit_price=ZERO, amount=ZERO)
    document = invoice(lines=(free,), totals=nothing, vat_rows=(), payment=None)
    found = text(document)
    says(document, "1 0.00 0.00", "To pay SEK 0.00")
    assert "OCR" not in found
    assert "Due date" not in found


def test_a_seller_with_only_a_plusgiro_or_an_iban_is_paid_there() -> None:
    plusgiro = replace(SELLER, bankgiro="", plusgiro="1234566")
    iban = replace(SELLER, bankgiro="", iban="SE35 5000 0000 0549 1000 0003", bic="ESSESESS")
    says(invoice(seller=plusgiro), "Plusgiro 12 34 56-6")
    says(invoice(seller=iban), "IBAN SE35 5000 0000 0549 1000 0003", "BIC ESSESESS")


def test_credit_note_names_its_original_and_asks_for_no_payment() -> None:
    credited = replace(TOTALS, net=D("-3241"), vat=D("-399"), total=D("-3640"))
    lines = (replace(SEMINAR, quantity=D(-2), amount=D("-1596.00")),)
    document = credit_note(totals=credited, lines=lines, language="sv", issued_on=date(2026, 4, 12))
    says(
        document,
        "Kreditfaktura",
        "Kreditfakturanummer 10051",
        "Datum 2026-04-12",
        "Krediterar faktura 10042",
        "Fakturadatum 2026-03-31",
        "Den här kreditfakturan krediterar faktura 10042 från 2026-03-31.",
        "−2 798,00 25 % −1 596,00",
        "Summa exkl. moms −3 241,00",
        "Krediteras −3 640,00 kr",
    )
    assert "OCR" not in text(document)
    says(
        replace(document, language="en"),
        "This credit note credits invoice 10042 of 31 March 2026.",
        "Credited −SEK 3,640.00",
    )


def test_reminder_says_what_is_overdue_and_how_to_pay() -> None:
    document = reminder(language="sv")
    says(
        document,
        "Betalningspåminnelse",
        "Fakturanummer 10042",
        "Förfallodatum 2026-04-30",
        "Påminnelsedatum 2026-05-07",
        "Faktura 10042 förföll 2026-04-30",
        "3 640,00 kr återstår att betala.",
        "Bankgiro 991-2346",
        "OCR-nummer 1001004207",
    )
    assert "Påminnelseavgift" not in text(document)


def test_reminder_with_part_payment_fee_and_interest() -> None:
    document = reminder(
        nth=2,
        settled=D("640"),
        late_charges=D("72.50"),
        payment=replace(PAYMENT, amount=D("3072.50")),
    )
    says(
        document,
        "Reminder 2",
        "Despite our earlier reminder",
        "SEK 3,000.00 remains to be paid.",
        "Invoice total 3,640.00",
        "Already paid or credited −640.00",
        "Reminder fee and late interest 72.50",
        "To pay SEK 3,072.50",
    )


def test_a_reminder_before_the_due_date_does_not_call_it_late() -> None:
    document = reminder(issued_on=date(2026, 4, 25))
    says(document, "Invoice 10042 falls due on 30 April 2026.", "SEK 3,640.00 remains to be paid.")
    assert "fell due" not in text(document)


def test_the_associations_own_words_replace_the_standard_ones() -> None:
    document = reminder(note="Hej!\n\nVi saknar din avgift.")
    says(document, "Hej! Vi saknar din avgift.")
    assert "fell due" not in text(document)


def test_receipt_says_what_was_paid_when_and_how() -> None:
    document = receipt(
        language="sv", issued_on=date(2026, 4, 2), paid=D("3000"), remaining=D("640")
    )
    says(
        document,
        "Kvitto",
        "Fakturanummer 10042",
        "Betalningsdatum 2026-04-02",
        "Betalningssätt Bankgiro",
        "Fakturans summa 3 640,00 kr",
        "Betalt 3 000,00 kr",
        "Återstår att betala 640,00 kr",
        "Moms 25 % 399,00",
    )
    assert "OCR" not in text(document)
    assert "Remaining" not in text(receipt())


def test_receipt_of_a_refund() -> None:
    document = receipt(paid=D("-640"))
    says(document, "Receipt", "Refunded SEK 640.00", "Date of payment 31 March 2026")
    assert "Thank you" not in text(document)


def test_the_website_is_shown_without_its_scheme() -> None:
    found = text(invoice(seller=replace(SELLER, website="https://www.example.org/")))
    assert "www.example.org" in found
    assert "https" not in found


# --- Layout -----------------------------------------------------------------------------------


def thirty_lines() -> InvoiceDocument:
    lines = tuple(replace(SEMINAR, text=f"Deltagare {n:02}", detail="Sal A") for n in range(30))
    return invoice(lines=lines)


def test_ordinary_invoices_fill_one_page_without_a_page_number() -> None:
    assert len(pages(invoice())) == 1
    assert "Page" not in text(invoice())


def test_thirty_lines_flow_over_pages_with_heads_and_numbers() -> None:
    found = pages(thirty_lines())
    count = len(found)
    assert count > 1
    for number, page in enumerate(found, start=1):
        assert f"Page {number} of {count}" in page
        assert ("Deltagare" in page) == ("Description" in page)
        assert "Org. no. 802999-9995" in page
    assert ["Exempelföreningen · Invoice 10042" in page for page in found[1:]] == [True] * (
        count - 1
    )
    assert re.findall(r"Deltagare \d\d", " ".join(found)) == [
        f"Deltagare {n:02}" for n in range(30)
    ]


@pytest.mark.parametrize("count", range(8, 18))
def test_the_sums_and_the_payment_box_are_never_parted(count: int) -> None:
    last = pages(invoice(lines=(replace(SEMINAR, detail="Sal A"),) * count))[-1]
    assert "Total excl. VAT" in last
    assert "OCR number" in last


def test_a_long_name_wraps_and_a_word_longer_than_its_column_breaks() -> None:
    name = "Kommunalförbundet för samverkan inom dataskydd och förvaltning " * 3
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    document = invoice(customer=replace(CUSTOMER, name=name, address=(word,)))
    found = pages(document)
    assert len(found) == 1
    letters = re.sub(r"[\s\u200b]", "", found[0])
    assert name.replace(" ", "") in letters
    assert word in letters
    assert word not in found[0]
