"""Looking around: be somebody by one click, a tour, and the bank's part of the story.

Only in the demonstration. Nothing here may run where real people are, and nothing does: this app
is not installed there (`config.checks`).
"""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from config.demo import bank_file
from config.demo.forms import BankFileForm
from config.demo.people import MEMBERS, PEOPLE, STAFF
from config.demo.tour import steps
from members.models import User
from privacy.access import public

ERRORS = (400, 403, 410, 429, 500, 503)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@require_safe
def look_around(request: HttpRequest) -> HttpResponse:
    return _page(request, BankFileForm(initial=request.GET.dict()))


@public
@require_safe
def error(request: HttpRequest, status: int) -> HttpResponse:
    """The pages that nobody hopes to see, to be looked at."""
    if status not in ERRORS:
        raise Http404
    return render(request, f"{status}.html", status=status)


@public
@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """As one of the listed people and nobody else, without a password."""
    person = PEOPLE.get(request.POST.get("person", ""))
    user = get_object_or_404(User, email=person.email if person else "", is_active=True)
    login(request, user, backend=BACKEND)
    # So that allauth does not ask for a password that nobody has.
    record_authentication(request, user, method="demo")
    return redirect(_wanted_page(request) or reverse("my-pages"))


def _wanted_page(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else ""


@public
@require_GET
def download_bank_file(request: HttpRequest) -> HttpResponse:
    """As the bank would send it when somebody has paid the chosen invoice."""
    form = BankFileForm(request.GET)
    if not form.is_valid():
        return _page(request, form)
    name = f"camt054-{form.cleaned_data['invoice'].number}.xml"
    data = bank_file.written([form.transfer()], name=name, now=timezone.now())
    response = HttpResponse(data, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(request: HttpRequest, form: BankFileForm) -> HttpResponse:
    context = {"members": MEMBERS, "staff": STAFF, "steps": steps(), "form": form}
    return render(request, "demo/look_around.html", context)
