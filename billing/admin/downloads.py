"""Documents as PDF: one, or many in a zip."""

import io
import zipfile
from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from billing import emails
from billing.models import Invoice

# About ten seconds of work.
MOST = 200


def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(get_object_or_404(Invoice.objects.select_related("credits"), pk=pk))


def download(request: HttpRequest, chosen: QuerySet[Invoice]) -> HttpResponse | None:
    invoices = list(chosen.select_related("credits")[: MOST + 1])
    if len(invoices) > MOST:
        messages.error(request, _("Choose at most %(most)d at a time.") % {"most": MOST})
        return None
    return _one(invoices[0]) if len(invoices) == 1 else _zip(invoices)


def _one(invoice: Invoice) -> HttpResponse:
    return answer(_paper(invoice), "application/pdf", f"{emails.filename(invoice)}.pdf")


def _zip(invoices: Iterable[Invoice]) -> HttpResponse:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for invoice in invoices:
            archive.writestr(f"{emails.filename(invoice)}.pdf", _paper(invoice))
    return answer(packed.getvalue(), "application/zip", f"{_('invoices')}.zip")


def _paper(invoice: Invoice) -> bytes:
    from billing import papers  # noqa: PLC0415  the layout engine must not be used before a fork

    return papers.invoice_pdf(invoice)


def answer(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
