"""Documents as PDF or as Peppol e-invoices: one, or many in a zip."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from billing import emails, ubl
from billing.models import Invoice, Reminder

# About ten seconds of work.
MOST = 200
SHOWN_REFUSALS = 10


def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(get_object_or_404(Invoice.objects.select_related("credits"), pk=pk))


def reminder(request: HttpRequest, pk: int, reminder: int) -> HttpResponse:
    from billing import papers  # noqa: PLC0415  the layout engine must not be used before a fork

    reminders = Reminder.objects.select_related("invoice").filter(invoice=pk)
    found = get_object_or_404(reminders, pk=reminder)
    name = f"{emails.reminder_filename(found)}.pdf"
    return answer(papers.reminder_pdf(found), "application/pdf", name)


def peppol(request: HttpRequest, pk: int) -> HttpResponse:
    """The e-invoice, or back to the invoice with what it lacks."""
    invoice = get_object_or_404(Invoice.objects.select_related("credits"), pk=pk)
    try:
        return answer(ubl.document(invoice), "application/xml", ubl.filename(invoice))
    except ubl.PeppolRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:billing_invoice_change", pk)


def download(request: HttpRequest, chosen: QuerySet[Invoice]) -> HttpResponse | None:
    invoices = _chosen(request, chosen)
    if not invoices:
        return None
    return _one(invoices[0]) if len(invoices) == 1 else _zip(_papers(invoices))


def download_peppol(request: HttpRequest, chosen: QuerySet[Invoice]) -> HttpResponse | None:
    """Those that can be e-invoices; the others are told of, and nothing is left out unsaid."""
    invoices = _chosen(request, chosen)
    if not invoices:
        return None
    files, refusals = [], []
    for invoice in invoices:
        try:
            files.append((ubl.filename(invoice), ubl.document(invoice)))
        except ubl.PeppolRefused as refusal:
            refusals.append(str(refusal))
    if refusals:
        for told in refusals[:SHOWN_REFUSALS]:
            messages.error(request, told)
        messages.info(request, _("Leave these out and choose again."))
        return None
    return _zip(files)


def _chosen(request: HttpRequest, chosen: QuerySet[Invoice]) -> list[Invoice]:
    invoices = list(chosen.select_related("credits")[: MOST + 1])
    if len(invoices) > MOST:
        messages.error(request, _("Choose at most %(most)d at a time.") % {"most": MOST})
        return []
    return invoices


def _one(invoice: Invoice) -> HttpResponse:
    return answer(_paper(invoice), "application/pdf", f"{emails.filename(invoice)}.pdf")


def _papers(invoices: Iterable[Invoice]) -> Iterator[tuple[str, bytes]]:
    for invoice in invoices:
        yield f"{emails.filename(invoice)}.pdf", _paper(invoice)


def _zip(files: Iterable[tuple[str, bytes]]) -> HttpResponse:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return answer(packed.getvalue(), "application/zip", f"{_('invoices')}.zip")


def _paper(invoice: Invoice) -> bytes:
    from billing import papers  # noqa: PLC0415  the layout engine must not be used before a fork

    return papers.invoice_pdf(invoice)


def answer(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
