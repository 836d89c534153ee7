"""What links in our mails open: coming back, ending news, checking a card."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from billing.money import format_price
from members import accounts, choices, links, operations
from members.card import initials
from members.models import Consent, ConsentText, User
from members.payers import customer_of
from members.standing import standing_of
from members.views.opening import opens
from privacy.access import signed_link


@signed_link
@opens(links.COME_BACK)
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET says from when and for how much, and who gets the invoice; one press does it."""
    person = get_object_or_404(User, public_id=public_id, erased_at=None)
    today = timezone.localdate()
    if standing_of(person, today).is_member:
        return render(request, "members/back.html", {"person": person})
    if request.method == "POST":
        operations.come_back(user=person, by=None, today=today)
        return redirect(request.path)
    year = operations.plan_ordinary(user=person, kind=operations.ordinary_kind(), today=today)
    context = {"year": year, "fee": format_price(year.fee), "payer": customer_of(person)}
    return render(request, "members/come_back.html", context)


@signed_link
@opens(links.INVITATION)
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody taken over from the old register sees what we have, and says yes or no to mail."""
    person = get_object_or_404(User, public_id=public_id, erased_at=None)
    if person.last_login is not None:
        return render(request, "members/confirmed.html")
    all_choices = [choice for choice in choices.of_person(person) if choice.text]
    if request.method == "POST":
        ticked = [one.text for one in all_choices if one.text and one.purpose in request.POST]
        operations.claim(user=person, texts=ticked, now=timezone.now())
        accounts.log_in_new_person(request, person)
        return redirect("members:welcome" if request.user == person else "members:confirmed")
    context = {
        "person": person,
        "standing": standing_of(person, timezone.localdate()),
        "payer": customer_of(person),
        "choices": all_choices,
    }
    return render(request, "members/claim.html", context)


@signed_link
@csrf_exempt
@opens(links.UNSUBSCRIBE)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """The token is the proof, so a mail program may post here by itself (RFC 8058)."""
    public_id, _colon, purpose = signed.partition(":")
    person = get_object_or_404(User, public_id=public_id)
    if request.method == "POST":
        operations.withdraw_consent(
            user=person, purpose=purpose, channel=Consent.Channel.MAIL_LINK, now=timezone.now()
        )
    context = {
        "done": request.method == "POST",
        "purpose": ConsentText.Purpose(purpose).label,
    }
    return render(request, "members/unsubscribe.html", context)


@signed_link
@opens(links.KEEP_ADDRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def keep_address(request: HttpRequest, version_id: str) -> HttpResponse:
    """From the mail to the old address: somebody else asked for a new one."""
    version = get_object_or_404(User.history, pk=version_id, id__in=User.objects.values("pk"))
    context: dict[str, Any] = {"version": version}
    if request.method == "POST":
        try:
            operations.keep_address(version=version)
            context["done"] = True
        except operations.AddressTaken as refusal:
            context["refusal"] = refusal
    return render(request, "members/keep_address.html", context)


@signed_link
@opens(links.CARD)
@require_safe
def check_card(request: HttpRequest, public_id: str) -> HttpResponse:
    """For a door: is this person a member today? Initials and yes or no, nothing else."""
    person = get_object_or_404(User, public_id=public_id)
    standing = standing_of(person, timezone.localdate())
    context = {"initials": initials(person.name), "standing": standing}
    return render(request, "members/check_card.html", context)
