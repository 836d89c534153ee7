"""Invoices issued and printed, and money from the bank."""

from collections.abc import Callable

import pytest

from billing import operations, papers
from billing.models import Invoice
from tests.benchmarks.conftest import WORK
from tests.billing.bankdata.camt import Camt, Ntry, Ref, Tx
from tests.factories import billing

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=WORK)]

TRANSACTIONS = 1_000


def bench_invoice_issued(work: Callable[..., None]) -> None:
    """Number, snapshot, lines, reference, history, and the mail in the queue."""
    billing.issue_invoice()
    work(billing.issue_invoice, times=300)


def bench_invoice_as_pdf(work: Callable[..., None]) -> None:
    """Tagged and archivable (PDF/UA-1, PDF/A-3a), from the stored rows, in a warm process.

    Another invoice each time: the layout engine remembers what it has laid out.
    """
    first, *others = (billing.issue_invoice() for _ in range(51))
    assert papers.invoice_pdf(first).startswith(b"%PDF")
    invoices = iter(others)
    work(lambda: papers.invoice_pdf(next(invoices)), times=50)


def bench_bank_transaction_matched(work: Callable[..., None]) -> None:
    """A camt.054 file with a thousand payments by OCR: read, stored, each entered."""
    invoices = [billing.issue_invoice() for _ in range(TRANSACTIONS)]
    data = Camt(tuple(entry(invoice) for invoice in invoices)).data()
    work(lambda: import_whole(data), items=TRANSACTIONS)


def import_whole(data: bytes) -> None:
    result = operations.import_bank_file(data=data, name="bank.xml")
    assert len(result.matched) == TRANSACTIONS


def entry(invoice: Invoice) -> Ntry:
    amount, number = f"{invoice.total:.2f}", f"BG-{invoice.pk}"
    assert invoice.ocr is not None
    return Ntry(amount, (Tx(amount, (Ref(ocr=invoice.ocr),), bank_reference=number),))
