"""A visitor reads the news, becomes a member at the employer's cost, and the invoice is paid."""

import io
import re
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing import ocr
from billing.models import BankTransaction, Invoice, Payment
from config.demo.articles import write_articles
from members import roles
from members.models import Consent, Membership, User
from tests.billing.bankdata.camt import Camt, Ntry, Ref, Tx
from tests.factories import members
from tests.journeys.conftest import LogIn, Mailbox, Visit, in_language

EMAIL = "anna.astrom@kommun.example"
PAYER = "fakturor@kommun.example"


def bank_file(invoice: Invoice) -> bytes:
    """What the bank sends when the employer has paid."""
    payment = Tx(
        amount=str(invoice.total),
        refs=(Ref(ocr=invoice.ocr or ""),),
        name="Storköpings kommun",
        bank_reference="20260001",
    )
    return Camt(entries=(Ntry(amount=str(invoice.total), txs=(payment,)),)).data()


def pdf_text(message) -> str:
    ((_name, content, kind),) = message.attachments
    assert kind == "application/pdf"
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def read_the_article(page: Page) -> None:
    page.goto(reverse("news:list"))
    page.get_by_role("searchbox").fill("Clearview")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("link", name="Clearview").first.click()
    sources = page.get_by_role("region", name="Läs mer här").get_by_role("listitem")
    expect(sources).to_have_count(3)


def apply_for_membership(page: Page) -> None:
    """Nothing is ticked beforehand, and nothing has to be."""
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Bli medlem").click()
    page.get_by_role("link", name="Ansök om ordinarie medlemskap").click()
    expect(page.get_by_role("checkbox").first).to_be_visible()
    assert page.get_by_role("checkbox", checked=True).count() == 0
    fill_in(page)
    page.get_by_role("button", name="Ansök om medlemskap").click()
    page.wait_for_url("**" + reverse("members:join-sent"))


def fill_in(page: Page) -> None:
    page.get_by_label("Namn", exact=True).fill("Anna Åström")
    page.get_by_label("E-post", exact=True).fill(EMAIL)
    page.get_by_label("Arbetsgivare").first.fill("Storköpings kommun")
    page.get_by_label("Min arbetsgivare betalar").check()
    page.get_by_label("Namn på fakturan").fill("Storköpings kommun")
    page.get_by_label("Organisationsnummer").fill("212000-9994")
    page.get_by_label("Gata eller box").fill("Box 12")
    page.get_by_label("Postnummer").fill("111 22")
    page.get_by_label("Ort").fill("Storköping")
    page.get_by_label("E-post för fakturor").fill(PAYER)
    page.get_by_label("Er referens").fill("Ref 4711")


def import_bank_file(page: Page, file: Path) -> None:
    """Nothing is stored before the button that says so."""
    say = in_language("sv")
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name=say("bank files").capitalize(), exact=True).click()
    page.goto(reverse("admin:billing_bankfile_add"))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=say("Preview")).click()
    expect(page.get_by_role("row").filter(has_text="Storköpings kommun")).to_be_visible()
    assert (BankTransaction.objects.count(), Payment.objects.count()) == (0, 0)
    page.get_by_role("button", name=say("Import"), exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_employer_paid_member_from_news_to_receipt(
    visit: Visit, log_in: LogIn, mailbox: Mailbox, tmp_path: Path, javascript
):
    write_articles(now=timezone.now(), authors=[members.staff(roles.EDITOR)])
    page = visit(java_script_enabled=javascript)

    read_the_article(page)
    apply_for_membership(page)
    assert not User.objects.filter(email=EMAIL).exists()

    # Confirms by the link in the mail: looking is not enough, the button is.
    page.goto(mailbox.link(EMAIL, containing="/bekrafta/"))
    assert not User.objects.filter(email=EMAIL).exists()
    page.get_by_role("button", name="Bekräfta").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    person = User.objects.get(email=EMAIL)
    membership = Membership.objects.get(user=person)
    assert Consent.objects.count() == 0

    # The employer gets the invoice as a PDF, with a reference that a bank accepts.
    invoice = Invoice.objects.get()
    assert membership.invoice == invoice
    assert invoice.total == Decimal("1645.00")
    assert ocr.is_valid(invoice.ocr or "")
    text = pdf_text(mailbox.last(PAYER))
    for piece in (invoice.number, invoice.ocr, "Storköpings kommun", "Ref 4711", "1\xa0645,00"):
        assert piece in text

    # The bank has the money; staff look the file over and import it.
    file = tmp_path / "camt.xml"
    file.write_bytes(bank_file(invoice))
    import_bank_file(log_in(members.staff(roles.TREASURER), java_script_enabled=javascript), file)
    payment = Payment.objects.get()
    assert (payment.invoice, payment.amount, payment.method) == (invoice, invoice.total, "bank")
    assert mailbox.subjects(PAYER) == [
        f"Faktura {invoice.number} från Forum för Dataskydd",
        f"Kvitto: faktura {invoice.number} är betald",
    ]
    assert invoice.number in pdf_text(mailbox.last(PAYER))

    # My pages say so in one sentence, and in the list of invoices.
    own = log_in(person, java_script_enabled=javascript)
    own.goto(reverse("my-pages"))
    expect(own.get_by_text(re.compile(r"^Medlem till och med .+, betald\.$"))).to_be_visible()
    row = own.get_by_role("row").filter(has_text=invoice.number)
    expect(row.get_by_role("cell", name="Betald")).to_be_visible()
