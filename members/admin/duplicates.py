"""People who are in the register twice: found, looked at side by side, merged or kept apart."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import duplicates, merging, operations
from members.actors import actor
from members.admin.deciding import Decision, Fact, page_for
from members.admin.in_brief import in_brief
from members.models import User
from members.standing import Standing, standing_of, standings_of


class MergeForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason, kept in the history"), max_length=40)


class OtherForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("e-mail of the account that goes"))

    def clean_email(self) -> User:
        found = User.objects.filter(email=self.cleaned_data["email"].lower()).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this address."))
        return found


def list_page(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """GET shows the pairs; POST says of one that it is two people."""
    if request.method == "POST":
        one = get_object_or_404(User, pk=_number(request, "one"))
        other = get_object_or_404(User, pk=_number(request, "other"))
        operations.say_distinct(one=one, other=other, by=actor(request))
        messages.success(request, _("Noted: they are two people."))
        return redirect("admin:members_user_duplicates")
    pairs = duplicates.pairs()
    people = {person.pk for pair in pairs for person in (pair.one, pair.other)}
    standings = standings_of(people, timezone.localdate())
    shown = [
        {
            "pair": pair,
            "sides": [
                (_side(pair.one, standings), pair.other),
                (_side(pair.other, standings), pair.one),
            ],
        }
        for pair in pairs
    ]
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("People who may be in the register twice"),
        "pairs": shown,
    }
    return TemplateResponse(request, "members/admin/duplicates.html", context)


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0


def _side(person: User, standings: Any) -> dict[str, Any]:
    standing: Standing = standings[person.pk]
    return {"person": person, "standing": in_brief(standing)}


def choose_page(request: HttpRequest, admin: ModelAdmin, pk: int) -> HttpResponse:
    """The other account, by its address; then on to the preview."""
    kept = get_object_or_404(User, pk=pk)
    form = OtherForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("admin:members_user_merge", kept.pk, form.cleaned_data["email"].pk)
    decision = Decision(
        title=_("Merge with another account"),
        button=_("Preview"),
        do=lambda _answers: "",
        facts=[(_("The account that stays"), f"{kept.name}, {kept.email}")],
        form=OtherForm,
    )
    return page_for(request, admin, kept, decision, bound=form)


def merge_page(request: HttpRequest, admin: ModelAdmin, pk: int, gone_pk: int) -> HttpResponse:
    kept, gone = get_object_or_404(User, pk=pk), get_object_or_404(User, pk=gone_pk)

    def do(answers: dict[str, Any]) -> str:
        operations.merge_people(kept=kept, gone=gone, reason=answers["reason"], by=actor(request))
        return _("Merged. Everything stands on this account now.")

    decision = Decision(
        title=_("Merge two accounts"),
        button=_("Merge"),
        do=do,
        facts=_facts(kept, gone),
        form=MergeForm,
        is_destructive=True,
        obstacles=merging.obstacles(kept, gone),
    )
    return page_for(request, admin, kept, decision)


def _facts(kept: User, gone: User) -> list[Fact]:
    today = timezone.localdate()
    moved = ", ".join(f"{title} {count}" for title, count in merging.held_by(gone))
    return [
        (_("The account that stays"), f"{kept.name}, {kept.email}"),
        (_("Its standing"), in_brief(standing_of(kept, today))),
        (_("The account that goes"), f"{gone.name}, {gone.email}"),
        (_("Its standing"), in_brief(standing_of(gone, today))),
        (_("Comes along"), moved or _("nothing")),
        (_("Phone, employer and title"), _("are filled in where they are empty")),
        (_("Logging in"), _("only with the address that stays")),
    ]
