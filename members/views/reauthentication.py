"""Being asked once more before something that concerns the safety of the account."""

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from members import mailed_codes
from members.actors import actor
from privacy.access import signed_in


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_code(request: HttpRequest) -> HttpResponse:
    """One press mails a code; the right code leads on to what was asked for."""
    if not mailed_codes.are_offered_to(actor(request)):
        return redirect(_with_next(request, "account_reauthenticate"))
    if request.method == "POST" and "send" in request.POST:
        return _send(request)
    code = mailed_codes.waiting(request)
    form = ConfirmLoginCodeForm(request.POST or None, code=code)
    if request.method == "POST" and code and form.is_valid():
        mailed_codes.accept(request, actor(request))
        return resume_request(request) or redirect("my-pages")
    if request.method == "POST" and code:
        mailed_codes.count_failure(request)
    context = {
        "verify_form": form,
        "is_sent": bool(mailed_codes.waiting(request)),
        "next": get_next_redirect_url(request) or "",
    }
    return render(request, "account/confirm_by_code.html", context)


def _send(request: HttpRequest) -> HttpResponse:
    try:
        mailed_codes.send(request, actor(request))
    except mailed_codes.TooMany:
        told = _("You have been sent several codes already. Wait ten minutes and try again.")
        messages.error(request, told)
    return redirect(_with_next(request, "members:confirm-by-code"))


def _with_next(request: HttpRequest, name: str) -> str:
    address = reverse(name)
    wanted = get_next_redirect_url(request)
    return f"{address}?{urlencode({'next': wanted})}" if wanted else address
