"""What the treasurer waits for where there are very many invoices: the list, and a bank file.

SCALE says how many (10,000 unless set).
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from billing.models import Payment
from tests.benchmarks.bench_nights import SCALE, Night, night  # noqa: F401  a fixture
from tests.benchmarks.bench_pages import cookie_of
from tests.benchmarks.bench_server import Server, served, server  # noqa: F401  fixtures
from tests.benchmarks.conftest import RUNS, SERVED
from tests.benchmarks.many_invoices import fill_with_invoices, give_references
from tests.billing.bankdata.bgmax import BgMax, Pay, Section
from tests.billing.bankdata.camt import Camt, Ntry, Ref, Tx
from tests.factories import members

pytestmark = pytest.mark.usefixtures("site")

LOOKED_FOR = {
    "first page": "",
    "second page": "?p=2",
    "open": "?status=open",
    "a year": "?issued_on__year=2025",
    "name": "?q=Medlem+7777",
    "number": "?q=2000007777",
    "sorted by balance": "?o=-6",
}


@pytest.mark.benchmark(group=SERVED)
@pytest.mark.parametrize("query", LOOKED_FOR.values(), ids=LOOKED_FOR)
def bench_served_invoices(served: Callable[..., None], query: str) -> None:  # noqa: F811
    fill_with_invoices(SCALE)
    chief = members.person(is_staff=True, is_superuser=True)
    served(reverse("admin:billing_invoice_changelist") + query, cookie_of(chief), times=20)


@pytest.mark.benchmark(group=RUNS)
@pytest.mark.parametrize("make", ["bgmax", "camt"])
def bench_bank_file(night: Night, tmp_path: Path, make: str) -> None:  # noqa: F811
    """Read, stored, each matched by its OCR number, each receipt queued."""
    fill_with_invoices(SCALE, unpaid=1)
    file = tmp_path / "bank"
    file.write_bytes({"bgmax": bgmax, "camt": camt}[make](give_references()))
    night("import_bank_file", None, file)
    assert Payment.objects.filter(method="bank").count() == SCALE


def bgmax(references: list[tuple[str, int]]) -> bytes:
    return BgMax((Section(tuple(Pay(amount, ocr) for ocr, amount in references)),)).data()


def camt(references: list[tuple[str, int]]) -> bytes:
    return Camt(tuple(entry(f"{amount / 100:.2f}", ocr) for ocr, amount in references)).data()


def entry(amount: str, ocr: str) -> Ntry:
    return Ntry(amount, (Tx(amount, (Ref(ocr=ocr),), bank_reference=f"BG-{ocr}"),))
