"""The treasurer's month: import, match the queue, remind, hand over to the books."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing import ledger
from billing.models import BankTransaction, Invoice, Reminder, SieVoucher
from members import roles
from tests.billing.bankdata.camt import Camt, Ntry, Ref, Tx
from tests.billing.sie_reader import read
from tests.factories import billing, members
from tests.factories.billing import balance
from tests.journeys.conftest import LogIn, Mailbox, Say, in_language

EMPLOYER = "ekonomi@kansli.example"


@pytest.fixture
def invoices() -> list[Invoice]:
    """Two of one employer's, one of a person's, and one that nobody pays; all of 45 days ago."""
    long_ago = timezone.localdate() - timedelta(days=45)
    person = billing.customer(name="Anna Åström", email="anna@example.org")
    debtor = billing.customer(name="Glömska AB", email="glomska@example.org")
    payers = [billing.customer(), billing.customer(), person, debtor]
    return [billing.issue_invoice(customer=payer, today=long_ago) for payer in payers]


@pytest.fixture
def bank_file(invoices, tmp_path) -> Path:
    """The employer pays two in one transfer; the person forgets the number and pays too much."""
    both = Tx("3290.00", tuple(Ref(ocr=one.ocr) for one in invoices[:2]), bank_reference="B1")
    unnamed = Tx("2000.00", text=("medlemsavgift",), name="Anna Åström", bank_reference="B2")
    path = tmp_path / "camt054.xml"
    today = f"<Dt>{timezone.localdate()}</Dt>"
    path.write_bytes(Camt((Ntry("5290.00", (both, unnamed), booked=today),)).data())
    return path


def import_file(page: Page, say: Say, file: Path) -> None:
    page.goto(reverse("admin:billing_bankfile_add"))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=say("Preview")).click()
    page.get_by_role("button", name=say("Import")).click()


def match_what_waits(page: Page, say: Say, invoice: Invoice) -> None:
    page.locator("#result_list tbody th a").first.click()
    page.locator("button[name=invoice]").first.click()
    page.locator("input[name=form-0-invoice]").fill(invoice.number)
    page.locator("input[name=form-0-amount]").fill("355")
    page.get_by_role("button", name=say("Enter"), exact=True).click()


def remind(page: Page, say: Say, invoice: Invoice) -> None:
    page.goto(reverse("admin:billing_invoice_remind", args=[invoice.pk]))
    page.get_by_role("button", name=say("Send the reminder")).click()


def export(page: Page, say: Say) -> bytes:
    page.goto(reverse("admin:billing_siebatch_add"))
    today = timezone.localdate()
    first = max(today - timedelta(days=60), today.replace(month=1, day=1))
    page.locator("#id_since").fill(f"{first}")
    page.locator("#id_until").fill(f"{today}")
    page.get_by_role("button", name=say("Preview")).click()
    page.get_by_role("button", name=say("Export"), exact=True).click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name=say("Fetch the file")).click()
    return Path(fetched.value.path()).read_bytes()


def test_a_month(log_in: LogIn, mailbox: Mailbox, invoices, bank_file):
    say = in_language("sv")
    page = log_in(members.staff(roles.TREASURER))

    import_file(page, say, bank_file)
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    assert [balance(invoice) for invoice in invoices[:2]] == [0, 0]

    match_what_waits(page, say, invoices[2])
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert balance(invoices[2]) == Decimal("-355.00")
    assert BankTransaction.objects.waiting().count() == 0

    remind(page, say, invoices[3])
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Reminder.objects.get().invoice == invoices[3]
    assert len(mailbox.to("glomska@example.org")) == 2

    file = read(export(page, say))
    assert len(file.vouchers) == SieVoucher.objects.count() > 0
    assert all(sum(amount for _account, amount in rows) == 0 for _d, _t, rows in file.vouchers)
    assert list(ledger.findings()) == []
    assert len(mailbox.to(EMPLOYER)) == 4  # two invoices, two receipts
