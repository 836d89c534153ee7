"""An invoice's own page, reached by its link and without an account, and Stripe's webhook."""

import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from billing import emails, gateway, invoice_page, operations
from billing.models import Invoice
from billing.operations.cards import AlreadySettled
from privacy.access import machine, signed_link

log = logging.getLogger(__name__)


def _invoice(token: str) -> Any:
    """The invoice that the link opens; a guessed link is 404."""
    invoices = Invoice.objects.with_balance().with_written_off()
    invoices = invoices.select_related("credits", "opening")
    return get_object_or_404(invoices, link_token=token)


@signed_link
@never_cache
@require_safe
def invoice(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be paid and how. Whoever comes back from the payment page lands here too."""
    session_id = request.GET.get("checkout", "")
    if session_id:
        return _back_from_payment_page(request, token, session_id)
    found = _invoice(token)
    if request.method == "GET" and not request.user.is_staff:
        operations.note_opening(invoice=found)
    return render(request, "billing/invoice.html", invoice_page.context(found))


def _back_from_payment_page(request: HttpRequest, token: str, session_id: str) -> HttpResponse:
    """Settles at once when Stripe confirms; otherwise the webhook or the night will."""
    found = _invoice(token)
    try:
        payment = operations.settle_checkout(session_id=session_id)
    except gateway.GatewayError:
        payment = None
    if payment and payment.invoice_id == found.pk:
        messages.success(request, _("Thank you. The payment has been received."))
    else:
        messages.info(
            request, _("The payment is not confirmed yet. A receipt is mailed as soon as it is.")
        )
    return redirect("billing:invoice", token=token)


@signed_link
@never_cache
@require_safe
def invoice_pdf(request: HttpRequest, token: str) -> HttpResponse:
    from billing import papers  # noqa: PLC0415  the layout engine must not be used before a fork

    found = _invoice(token)
    return _pdf(papers.invoice_pdf(found), emails.filename(found))


@signed_link
@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The receipt of one payment. What was written off or given back has none."""
    from billing import papers  # noqa: PLC0415  the layout engine must not be used before a fork

    found = _invoice(token)
    payment = get_object_or_404(found.payments.select_related("invoice"), pk=pk)
    if not invoice_page.has_receipt(payment):
        raise Http404
    return _pdf(papers.receipt_pdf(payment), emails.receipt_filename(payment))


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@signed_link
@require_POST
def pay_by_card(request: HttpRequest, token: str) -> HttpResponse:
    """Send the payer to the payment page for what is left."""
    found = _invoice(token)
    if found.is_credit or not gateway.is_configured():
        return redirect("billing:invoice", token=token)
    try:
        checkout = operations.open_checkout(invoice=found)
    except (AlreadySettled, gateway.GatewayError) as problem:
        messages.error(request, str(problem))
        return redirect("billing:invoice", token=token)
    return redirect(checkout.url)


@machine
@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Verified, stored, answered; what it asks for is done by the worker."""
    try:
        event = gateway.verify_webhook(request.body, request.headers.get("Stripe-Signature", ""))
    except gateway.BadWebhook as problem:
        log.warning("webhook refused: %s", type(problem).__name__)
        return HttpResponseBadRequest()
    operations.receive_stripe_event(event=event)
    return HttpResponse(status=200)
