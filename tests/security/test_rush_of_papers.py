"""Fifty people open the paper of an invoice at once, and the start page is still there."""

import statistics
import threading
import time
from collections import Counter

import pytest

from billing.models import Invoice
from tests.events.test_over_http import ask, at_once, server, shared
from tests.factories.billing import issue_invoice

__all__ = ["shared"]

PEOPLE, TIMES = 50, 6


@pytest.mark.drill
@pytest.mark.postgres
def test_fifty_papers_at_once(shared: str, capsys: pytest.CaptureFixture[str]) -> None:
    """How long a visitor of the start page waits meanwhile is printed, and not asserted."""
    invoices = [issue_invoice() for _ in range(PEOPLE)]
    waits: list[float] = []
    with server(shared) as port:
        for _ in range(8):  # the layout engine of each process wakes up
            ask(port, "GET", f"/faktura/{invoices[0].link_token}/pdf/")
        alone = sorted(_visit(port) for _ in range(20))
        done = threading.Event()
        visitor = threading.Thread(target=_visits, args=(port, waits, done))
        visitor.start()
        begun = time.monotonic()
        answers = at_once(PEOPLE, lambda who: _paper(port, invoices[who]))
        took = time.monotonic() - begun
        done.set()
        visitor.join()
    assert answers == Counter({"200": PEOPLE})
    p95 = statistics.quantiles(waits, n=20)[18]
    with capsys.disabled():
        print(f"\n{PEOPLE * TIMES} papers in {took:.1f} s; / alone {alone[10]:.3f} s (median), ")
        print(
            f"meanwhile p95 {p95 * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms of {len(waits)}"
        )


def _visit(port: int) -> float:
    begun = time.monotonic()
    assert ask(port, "GET", "/")[0] == 200
    return time.monotonic() - begun


def _visits(port: int, waits: list[float], done: threading.Event) -> None:
    while not done.is_set():
        waits.append(_visit(port))


def _paper(port: int, invoice: Invoice) -> str:
    """Opened again and again, so that the visitor meets fifty at any time."""
    path = f"/faktura/{invoice.link_token}/pdf/"
    statuses = {str(ask(port, "GET", path)[0]) for _ in range(TIMES)}
    return " ".join(sorted(statuses))
