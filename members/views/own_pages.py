"""My pages: one's own details, who pays, consents, changing kind, leaving, the card."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.money import format_price
from members import choices, operations
from members.actors import actor
from members.card import card_of, card_pdf
from members.forms import DetailsForm, PayerForm
from members.models import BillingDetails, Consent, User
from members.overview import for_person
from members.standing import standing_of
from privacy.access import signed_in


def _sent(request: HttpRequest) -> QueryDict | None:
    """An empty form that was sent is a form that was sent."""
    return request.POST if request.method == "POST" else None


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    # A row of its own: what is typed wrong must not show in the page's header.
    person = User.objects.get(pk=actor(request).pk)
    form = DetailsForm(_sent(request), instance=person)
    if request.method == "POST" and form.is_valid():
        operations.change_details(person=person, by=actor(request), today=timezone.localdate())
        messages.success(request, _("Saved."))
        return redirect("my-pages")
    return render(request, "members/details.html", {"form": form})


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def payer(request: HttpRequest) -> HttpResponse:
    person = User.objects.get(pk=actor(request).pk)
    stored = BillingDetails.objects.filter(user=person).first()
    membership = operations.movable(person)
    form = PayerForm(
        _sent(request),
        instance=stored or BillingDetails(user=person, name=person.name),
        movable=membership.invoice if membership else None,
    )
    if request.method == "POST" and form.is_valid():
        return _keep_payer(request, form)
    return render(request, "members/payer.html", {"form": form})


def _keep_payer(request: HttpRequest, form: PayerForm) -> HttpResponse:
    details = form.save(commit=False)
    operations.change_payer(details=details, work=form.work(), by=actor(request))
    messages.success(request, _("Saved. It holds from the next invoice on."))
    if form.cleaned_data.get("move"):
        _move_invoice(request, details.user)
    return redirect("my-pages")


def _move_invoice(request: HttpRequest, person: User) -> None:
    try:
        invoice = operations.move_invoice(
            user=person, by=actor(request), today=timezone.localdate()
        )
    except operations.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("Invoice %(number)s is on its way to %(payer)s.")
        words = {"number": invoice.number, "payer": invoice.customer_name}
        messages.success(request, told % words)


# --- Consents ---------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """One press gives a consent, one press takes it back."""
    all_choices = choices.of_person(actor(request))
    if request.method == "POST":
        _choose(request, all_choices)
        return redirect("members:consents")
    return render(request, "members/consents.html", {"choices": all_choices})


def _choose(request: HttpRequest, all_choices: list[choices.Choice]) -> None:
    chosen = next((c for c in all_choices if c.purpose == request.POST.get("purpose")), None)
    if chosen is None:
        return
    how: dict[str, Any] = {
        "user": actor(request),
        "channel": Consent.Channel.MY_PAGES,
        "now": timezone.now(),
    }
    if request.POST.get("answer") == "no":
        operations.withdraw_consent(purpose=chosen.purpose, **how)
        messages.success(request, _("Taken back. It holds from now on."))
    elif chosen.text is not None:
        operations.give_consent(text=chosen.text, **how)
        messages.success(request, _("Thank you. You can take it back here at any time."))


# --- Changing kind and leaving ------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest) -> HttpResponse:
    """From student to ordinary: GET says what happens and when, POST does it."""
    today = timezone.localdate()
    if not for_person(actor(request), today).can_convert:
        messages.info(request, str(operations.NoStudent.default))
        return redirect("my-pages")
    if request.method == "POST":
        operations.convert_student(user=actor(request), by=actor(request), today=today)
        told = _("You are an ordinary member from today. The invoice is on its way.")
        messages.success(request, told)
        return redirect("my-pages")
    kind = operations.ordinary_kind()
    year = operations.plan_ordinary(user=actor(request), kind=kind, today=today)
    context = {"kind": kind, "year": year, "fee": format_price(year.fee)}
    return render(request, "members/convert.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    try:
        plan = operations.plan_leaving(user=actor(request), today=today)
        if request.method == "POST":
            operations.leave(
                user=actor(request), by=actor(request), now=timezone.now(), today=today
            )
            messages.success(request, _("You have left the association."))
            return redirect("my-pages")
    except operations.NotMember as refusal:
        messages.info(request, str(refusal))
        return redirect("my-pages")
    return render(request, "members/leave.html", {"plan": plan})


@signed_in
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Take the leaving back."""
    try:
        operations.take_back_leaving(
            user=actor(request), by=actor(request), today=timezone.localdate()
        )
        messages.success(request, _("Good that you stay. Your membership goes on."))
    except operations.NothingToRegret as refusal:
        messages.error(request, str(refusal))
    return redirect("my-pages")


# --- The card ---------------------------------------------------------------------------------


@signed_in
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """What a door can verify: the code leads to a page of ours that says yes or no."""
    overview = for_person(actor(request), timezone.localdate())
    context = {
        "person": actor(request),
        "membership": overview,
        "card": card_of(actor(request), overview.standing),
    }
    return render(request, "members/card.html", context)


@signed_in
@require_safe
def card_file(request: HttpRequest) -> HttpResponse:
    """The same card as a PDF. 404 for those who have nothing to show."""
    today = timezone.localdate()
    content = card_pdf(
        actor(request),
        standing_of(actor(request), today),
        language=get_language() or "sv",
        today=today,
    )
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/pdf")
    name = _("membership-card.pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or ""
    return response
