"""Somebody is registered by hand, after a call or a letter: as an ordinary member or a student."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminDateWidget
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.money import format_price
from members import operations
from members.actors import actor
from members.admin.deciding import Decision, page_for
from members.admin.in_brief import fee_in_words
from members.forms.fields import clean_mecenat_number, one_line
from members.models import User
from members.payers import customer_of


class StudiesForm(forms.Form):
    school = forms.CharField(
        label=gettext_lazy("school"), max_length=120, validators=[one_line], strip=True
    )
    mecenat_number = forms.CharField(label=gettext_lazy("Mecenat number"))
    studies_end_on = forms.DateField(
        label=gettext_lazy("last day of studies"), widget=AdminDateWidget
    )

    def clean_mecenat_number(self) -> str:
        return clean_mecenat_number(self.cleaned_data["mecenat_number"])


def ordinary_page(request: HttpRequest, admin: ModelAdmin, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk, erased_at=None)
    today = timezone.localdate()
    kind = operations.ordinary_kind()
    plan = operations.plan_ordinary(user=person, kind=kind, today=today)
    payer = customer_of(person)

    def do(_answers: dict[str, Any]) -> str:
        membership = operations.register_member(user=person, by=actor(request), today=today)
        return _("Registered: %(membership)s") % {"membership": membership}

    facts = [
        (_("Person"), f"{person.name}, {person.email}"),
        (_("Kind"), kind),
        (_("Period"), plan.period),
        (_("Fee"), format_price(plan.fee)),
        (_("The invoice goes to"), f"{payer.name}, {payer.email}"),
    ]
    decision = Decision(_("Register as a member"), _("Register"), do, facts)
    return page_for(request, admin, person, decision)


def student_page(request: HttpRequest, admin: ModelAdmin, pk: int) -> HttpResponse:
    """The fee that is shown does not know the card yet; what was decided is told afterwards."""
    person = get_object_or_404(User, pk=pk, erased_at=None)
    now = timezone.now()
    today = timezone.localdate(now)
    application = operations.by_hand(user=person, now=now)
    plan = operations.plan_approval(application=application, today=today)

    def do(answers: dict[str, Any]) -> str:
        membership = operations.register_student(
            user=person, studies=answers, by=actor(request), now=now, today=today
        )
        return _("Registered: %(membership)s") % {"membership": membership}

    facts = [
        (_("Person"), f"{person.name}, {person.email}"),
        (_("Kind"), application.kind),
        (_("Period"), plan.period),
        (_("Fee"), fee_in_words(plan)),
    ]
    decision = Decision(_("Register as a student"), _("Register"), do, facts, StudiesForm)
    return page_for(request, admin, person, decision)
