"""The invoice's page beside a similar one by other libraries, where these are installed:

    var/venv/bin/python -m uv pip install reportlab weasyprint

Neither page here is tagged or archivable, which ours is; both have the same words and two codes.
"""

import html
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from billing import papers
from billing.documents.sheets import Sheet, lay_out
from tests.benchmarks.conftest import WORK
from tests.factories import billing

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.benchmark(group=WORK)]

LINES = 12


@pytest.fixture
def sheet() -> Sheet:
    invoice = billing.issue_invoice(lines=[billing.line() for _ in range(LINES)])
    with translation.override(invoice.language):
        return lay_out(papers.invoice_paper(invoice))


def bench_twelve_lines_by_typst(work: Callable[..., None]) -> None:
    """Ours, tagged and archivable, from the stored rows."""
    invoice = billing.issue_invoice(lines=[billing.line() for _ in range(LINES)])
    assert papers.invoice_pdf(invoice).startswith(b"%PDF")
    work(lambda: papers.invoice_pdf(invoice), times=50)


def bench_twelve_lines_by_weasyprint(work: Callable[..., None], sheet: Sheet) -> None:
    """HTML to PDF, in a warm process."""
    weasyprint = pytest.importorskip("weasyprint")
    page = as_html(sheet)
    assert weasyprint.HTML(string=page).write_pdf().startswith(b"%PDF")
    work(lambda: weasyprint.HTML(string=page).write_pdf(), times=20)


def bench_twelve_lines_by_reportlab(work: Callable[..., None], sheet: Sheet) -> None:
    """Flowables, with a font that is not embedded."""
    pytest.importorskip("reportlab")
    assert by_reportlab(sheet).startswith(b"%PDF")
    work(lambda: by_reportlab(sheet), times=50)


def table_of(sheet: Sheet) -> list[tuple[str, ...]]:
    assert sheet.lines is not None
    return [sheet.lines.headers, *(row.cells for row in sheet.lines.rows)]


def facts_of(sheet: Sheet) -> list[tuple[str, str]]:
    assert sheet.panel is not None
    return [*sheet.facts, *sheet.totals, *sheet.panel.facts]


def as_html(sheet: Sheet) -> str:
    assert sheet.panel is not None
    cells = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
        for row in table_of(sheet)
    )
    facts = "".join(
        f"<dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd>"
        for label, value in facts_of(sheet)
    )
    codes = "".join(f'<div style="width: 3cm">{code.svg}</div>' for code in sheet.panel.codes)
    parties = "<br>".join(map(html.escape, sheet.customer))
    return (
        f"<h1>{html.escape(sheet.heading)}</h1><p>{parties}</p>"
        f"<table>{cells}</table><dl>{facts}</dl>{codes}"
    )


def by_reportlab(sheet: Sheet) -> bytes:
    from reportlab.graphics.barcode.qr import QrCode  # noqa: PLC0415  not always installed
    from reportlab.lib.styles import getSampleStyleSheet  # noqa: PLC0415  as above
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table  # noqa: PLC0415  as above

    styles: Any = getSampleStyleSheet()
    made = io.BytesIO()
    assert sheet.panel is not None
    SimpleDocTemplate(made).build(
        [
            Paragraph(html.escape(sheet.heading), styles["Title"]),
            Paragraph("<br/>".join(map(html.escape, sheet.customer)), styles["Normal"]),
            Table([list(row) for row in table_of(sheet)]),
            Table([list(fact) for fact in facts_of(sheet)]),
            *(QrCode(code.alt) for code in sheet.panel.codes),
        ]
    )
    return made.getvalue()
