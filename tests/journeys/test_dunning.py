"""The treasurer finds an unpaid invoice, reminds of it, and credits it in the end."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Invoice, Reminder
from members import roles
from tests.factories import billing, members
from tests.journeys.conftest import LogIn, Mailbox, address, in_language

DEBTOR = "ekonomi@stigfinnaren.example"


@pytest.fixture
def invoice() -> Invoice:
    """Overdue for more than a week, among others."""
    long_ago = timezone.localdate() - timedelta(days=45)
    for _ in range(3):
        billing.issue_invoice(today=long_ago)
    stigfinnaren = billing.customer(name="Stigfinnaren i Ånge AB", email=DEBTOR)
    return billing.issue_invoice(customer=stigfinnaren, today=long_ago)


def search(page: Page, words: str) -> None:
    page.locator("#searchbar").fill(words)
    page.locator("#searchbar").press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


def subject_of_last(mailbox: Mailbox) -> str:
    return mailbox.last(DEBTOR).subject


@pytest.mark.parametrize("language", ["sv", "en"])
def test_treasurer_finds_reminds_and_credits(
    log_in: LogIn, mailbox: Mailbox, invoice: Invoice, language
):
    say = in_language(language)
    treasurer = members.staff(roles.TREASURER)
    page = log_in(treasurer)

    # Finds it by a piece of the name, and by the OCR number as it stands on a paper.
    page.goto(address("admin:index", language=language))
    invoices = page.get_by_role("link", name=say("invoices").capitalize(), exact=True)
    page.locator("#content-main").locator(invoices).click()
    search(page, "stigfinn")
    ocr = str(invoice.ocr)
    search(page, f"{ocr[:4]} {ocr[4:]}")
    page.get_by_role("link", name=invoice.number).click()
    expect(page.get_by_role("main")).to_contain_text("Stigfinnaren i Ånge AB")

    # Reminds: first it is said what will happen, then it happens.
    page.get_by_role("link", name=say("Remind now")).click()
    expect(page.get_by_role("row").filter(has_text=invoice.number)).to_contain_text(DEBTOR)
    assert Reminder.objects.count() == 0
    page.get_by_role("button", name=say("Send the reminder")).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [reminder.invoice for reminder in Reminder.objects.all()] == [invoice]
    assert subject_of_last(mailbox) == f"Påminnelse om obetald faktura: {invoice.number}"
    papers = [(name, kind) for name, _content, kind in mailbox.last(DEBTOR).attachments]
    assert papers == [
        (f"{name}-{invoice.number}.pdf".lower(), "application/pdf")
        for name in ("paminnelse", "faktura")
    ]

    # Credits the whole of it; the customer is told why.
    page.get_by_role("link", name=say("Credit"), exact=True).click()
    page.get_by_label(say("reason").capitalize()).fill("Fakturan gick till fel företag.")
    page.get_by_role("button", name=say("Issue the credit note")).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    note = Invoice.objects.get(credits=invoice)
    assert (note.total, note.issued_by) == (-invoice.total, treasurer)
    assert billing.balance(invoice) == 0
    assert subject_of_last(mailbox) == f"Kreditfaktura {note.number} för faktura {invoice.number}"
    assert "Fakturan gick till fel företag." in str(mailbox.last(DEBTOR).body)

    # The customer's page owes nothing any more, and nothing more can be done to it.
    page.get_by_role("link", name=say("As the customer sees it")).click()
    expect(page.locator(".pill")).to_have_text(say("Credited", "invoice"))
    page.goto(reverse("admin:billing_invoice_remind", args=[invoice.pk]))
    expect(page.get_by_role("button", name=say("Send the reminder"))).to_have_count(0)
