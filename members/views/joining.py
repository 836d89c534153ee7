"""Becoming a member: choose a kind, fill in, confirm by mail."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from members import accounts, answers, links, offers, operations
from members.actors import actor, person_or_none
from members.forms import OrdinaryForm, StudentForm
from members.forms.joining import JoinForm, payer_answers
from members.models import Application, MembershipKind, User
from members.standing import standing_of
from members.views.opening import opens
from privacy.access import public, signed_in, signed_link
from privacy.google_check import loads_google

# --- The form ---------------------------------------------------------------------------------


@public
@loads_google
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """`?kind=` says which form; without it the kinds and their terms are shown."""
    kind = _kinds().filter(code=request.GET.get("kind", "")).first()
    if request.method == "POST":
        return _receive(request, kind or _kind_answered(request.POST))
    if kind is None:
        return _choose(request)
    return _show(request, _form(request, kind, initial=_known_of(person_or_none(request))))


@signed_link
@loads_google
@opens(links.APPLY_AGAIN)
@require_safe
def apply_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """From a student's notice: the form, filled in with what they told us last time."""
    user = get_object_or_404(User, public_id=public_id, erased_at=None)
    kind = get_object_or_404(_kinds(), is_for_students=True)
    return _show(request, _form(request, kind, initial=_known_of(user)))


def _kind_answered(data: QueryDict) -> MembershipKind:
    """Of a form that was sent to an address without its kind: nothing typed may be lost."""
    is_student = "mecenat_number" in data
    return next(kind for kind in _kinds() if kind.is_for_students == is_student)


def _choose(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    person = person_or_none(request)
    context = {
        "offers": [offers.offer(kind, today) for kind in _kinds()],
        "standing": standing_of(person, today) if person else None,
    }
    return render(request, "members/choose.html", context)


def _receive(request: HttpRequest, kind: MembershipKind) -> HttpResponse:
    if _sent_already(request.POST):
        return redirect("members:join-sent")
    form = _form(request, kind, data=_with_fresh_token(request.POST))
    if not form.is_valid():
        return _show(request, form)
    if isinstance(form, StudentForm) and form.cleaned_data["is_employed"]:
        ordinary = _form(request, form.ordinary, initial=form.prefill_ordinary())
        return _show(request, ordinary, was_student=True)
    person = person_or_none(request)
    application = operations.apply(
        application=form.application(),
        consents=form.consents(),
        by=person,
        today=timezone.localdate(),
    )
    if person and person.email == application.email:
        return _confirm(request, application)
    return redirect("members:join-sent")


def _sent_already(data: QueryDict) -> bool:
    """The button was pressed twice, or the page was loaded again after sending."""
    email = data.get("email", "").strip().lower()
    return _of_token(data).filter(email=email).exists()


def _with_fresh_token(data: QueryDict) -> QueryDict:
    """Whoever goes back to correct a mistyped address sends another application."""
    if not _of_token(data).exists():
        return data
    fresh = data.copy()
    fresh["form_token"] = str(uuid.uuid4())
    return fresh


def _of_token(data: QueryDict) -> QuerySet[Application]:
    try:
        return Application.objects.filter(form_token=uuid.UUID(data.get("form_token", "")))
    except ValueError:
        return Application.objects.none()


def _show(request: HttpRequest, form: JoinForm, *, was_student: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "offer": offers.offer(form.kind, form.today),
        "was_student": was_student,
    }
    # Also where the page has another address: a student's notice leads to one.
    form.helper.form_action = f"{reverse('members:join')}?kind={form.kind.code}"
    return render(request, "members/join.html", context)


def _form(request: HttpRequest, kind: MembershipKind, **data: Any) -> JoinForm:
    shared = {
        "request": request,
        "action": "join",
        "kind": kind,
        "language": get_language() or "sv",
        "today": timezone.localdate(),
        **data,
    }
    if kind.is_for_students:
        return StudentForm(ordinary=operations.ordinary_kind(), **shared)
    return OrdinaryForm(**shared)


def _kinds() -> QuerySet[MembershipKind]:
    return MembershipKind.objects.offered(timezone.localdate())


_OF_PERSON = ("name", "email", "phone", "employer", "title")
_OF_APPLICATION = ("school", "mecenat_number")


def _known_of(person: User | None) -> dict[str, Any]:
    """What a person who is logged in, or followed a link of theirs, need not type again."""
    if person is None:
        return {}
    last = person.applications.filter(kind__is_for_students=True).order_by("-created_at").first()
    studies = {name: getattr(last, name) for name in _OF_APPLICATION} if last else {}
    known = {name: getattr(person, name) for name in _OF_PERSON}
    return {**known, **studies, **payer_answers(person)}


@public
@require_safe
def join_sent(request: HttpRequest) -> HttpResponse:
    """The same words for every address."""
    return render(request, "members/join_sent.html", {"days": links.CONFIRM.days})


# --- The link in the mail -----------------------------------------------------------------------


@signed_link
@opens(links.CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET shows what was asked for, POST confirms it: mail scanners follow links too."""
    rows = Application.objects.select_related("kind").prefetch_related("kind__fees")
    application = get_object_or_404(rows, public_id=public_id)
    if application.state != Application.State.UNCONFIRMED:
        return redirect("members:confirmed")
    if request.method == "POST":
        return _confirm(request, application)
    context = {
        "offer": offers.offer(application.kind, timezone.localdate()),
        "answers": answers.of_application(application),
        "consents": operations.ticked(application),
    }
    return render(request, "members/confirm.html", context)


def _confirm(request: HttpRequest, application: Application) -> HttpResponse:
    try:
        done = operations.confirm_application(
            application=application,
            with_consents="without-consents" not in request.POST,
            now=timezone.now(),
            today=timezone.localdate(),
        )
    except operations.Refused as refusal:
        return render(request, "members/not_confirmed.html", {"refusal": refusal}, status=409)
    if done.is_new_person:
        accounts.log_in_new_person(request, done.user)
    return redirect("members:welcome" if request.user == done.user else "members:confirmed")


@public
@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """For those who have an account already: the link does not log them in."""
    return render(request, "members/confirmed.html")


@signed_in
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    person = actor(request)
    context = {
        "person": person,
        "standing": standing_of(person, timezone.localdate()),
        "in_review": Application.objects.to_review().filter(user=person).exists(),
        "has_password": person.has_usable_password(),
    }
    return render(request, "members/welcome.html", context)
