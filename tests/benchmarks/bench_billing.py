"""Invoices issued and printed, and money from the bank."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from billing import operations, papers
from billing.models import Invoice
from tests.benchmarks.conftest import WORK
from tests.billing.bankdata.camt import Camt, Ntry, Ref, Tx
from tests.factories import billing

pytestmark = pytest.mark.benchmark(group=WORK)

TRANSACTIONS = 1_000


def bench_invoice_issued(
    benchmark: BenchmarkFixture, count_queries: Callable[..., None]
) -> None:
    """Number, snapshot, lines, reference, history, and the mail in the queue."""
    billing.issue_invoice()
    count_queries(billing.issue_invoice)
    benchmark.pedantic(billing.issue_invoice, rounds=300)


def bench_invoice_as_pdf(benchmark: BenchmarkFixture, count_queries: Callable[..., None]) -> None:
    """Tagged and archivable (PDF/UA-1, PDF/A-3a), from the stored rows, in a warm process."""
    invoice = billing.issue_invoice()
    paper = papers.invoice_pdf(invoice)
    assert paper.startswith(b"%PDF")
    count_queries(lambda: papers.invoice_pdf(invoice))
    benchmark.pedantic(papers.invoice_pdf, args=(invoice,), rounds=50)


def bench_bank_transaction_matched(
    benchmark: BenchmarkFixture, count_queries: Callable[..., None]
) -> None:
    """A camt.054 file with a thousand payments by OCR: read, stored, each entered."""
    first = bank_file()
    count_queries(lambda: import_whole(first), of=TRANSACTIONS)
    benchmark.extra_info["items"] = TRANSACTIONS
    benchmark.pedantic(import_whole, setup=lambda: ((bank_file(),), {}), rounds=2)


def import_whole(data: bytes) -> None:
    result = operations.import_bank_file(data=data, name="bank.xml")
    assert len(result.matched) == TRANSACTIONS


def bank_file() -> bytes:
    """That pays a thousand fresh invoices."""
    invoices = [billing.issue_invoice() for _ in range(TRANSACTIONS)]
    return Camt(tuple(entry(invoice) for invoice in invoices)).data()


def entry(invoice: Invoice) -> Ntry:
    amount = f"{invoice.total:.2f}"
    assert invoice.ocr is not None
    details: dict[str, Any] = {"bank_reference": f"BG-{invoice.pk}", "name": "Kanslibyrån"}
    return Ntry(amount, (Tx(amount, (Ref(ocr=invoice.ocr),), **details),))
