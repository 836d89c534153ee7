"""The desk at which requests under Articles 15 to 22 are answered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy import erasure, operations
from privacy.access import staff
from privacy.admin.acting import Act, change_page, page_for
from privacy.answers import suggestion
from privacy.models import Request
from privacy.operations.requesting import subject_of_request
from privacy.personal_numbers import no_personal_number

ACTS = ("identity", "extend", "grant", "refuse", "erase")


class IdentityForm(forms.Form):
    how = forms.CharField(
        label=gettext_lazy("how we know who it is"),
        max_length=200,
        validators=[no_personal_number],
        help_text=gettext_lazy("For example: called back on the number that we had already."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason, mailed to the person"), widget=forms.Textarea
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("answer, mailed to the person"), widget=forms.Textarea, required=False
    )


class EntryForm(forms.ModelForm):
    """What came by mail or phone."""

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or {}
        person, kind = said.get("person"), said.get("kind")
        if person and Request.objects.open().filter(person=person, kind=kind).exists():
            raise forms.ValidationError(_("This person has asked for it already: see the list."))
        return said


@admin.register(Request)
class RequestAdmin(admin.ModelAdmin):
    """Staff enters what came by mail or phone; the rest is done by the buttons."""

    form = EntryForm
    change_form_template = "privacy/admin/request.html"
    list_display = ["kind", "name", "email", "state", "received_at", "due_on", "days_left"]
    list_filter = ["state", "kind"]
    search_fields = ["name", "email"]
    date_hierarchy = "received_at"
    ordering = ["state", "due_on"]
    autocomplete_fields = ["person"]
    entered = ["kind", "person", "name", "email", "language", "message", "identity"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        told = ["state", "received_at", "due_on", "days_left", "extended_because"]
        answered = ["answered_at", "answered_by", "answer"]
        return [*self.entered, *told, *answered] if obj else self.entered

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("days left"), ordering="due_on")
    def days_left(self, asked: Request) -> Any:
        return asked.days_left(timezone.localtime()) if asked.is_open else None

    def save_model(self, request: HttpRequest, row: Request, form: Any, change: bool) -> None:
        if change:
            return  # what was entered is only read afterwards
        said = {name: form.cleaned_data[name] for name in self.entered}
        stored = operations.receive(now=timezone.now(), **said)
        row.pk, row.received_at, row.due_on = stored.pk, stored.received_at, stored.due_on

    # --- Acts -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        right = staff("privacy.change_request")
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(right(getattr(self, name))),
                name=f"privacy_request_{name}",
            )
            for name in ACTS
        ]
        return [*own, *super().get_urls()]

    def _page(self, request: HttpRequest, asked: Request, act: Act) -> HttpResponse:
        return page_for(request, self, asked, act)

    def identity(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = _open(pk)

        def do(said: dict[str, Any]) -> tuple[str, str]:
            operations.note_identity(request=asked, how=said["how"], by=request.user)
            return _("Noted."), change_page(asked)

        act = Act(
            _("Identity checked"),
            _("Save"),
            do,
            _facts(asked),
            IdentityForm,
            {"how": asked.identity},
        )
        return self._page(request, asked, act)

    def extend(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = _open(pk)

        def do(said: dict[str, Any]) -> tuple[str, str]:
            row = operations.extend(request=asked, because=said["reason"], by=request.user)
            return _("To be answered by %(day)s.") % {"day": row.due_on}, change_page(asked)

        return self._page(
            request, asked, Act(_("Take more time"), _("Send"), do, _facts(asked), ReasonForm)
        )

    def grant(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = _open(pk)

        def do(said: dict[str, Any]) -> tuple[str, str]:
            operations.grant(
                request=asked, answer=said["answer"], by=request.user, now=timezone.now()
            )
            return _("Answered. The letter is on its way."), change_page(asked)

        initial = {"answer": suggestion(asked, is_granted=True)}
        facts = [*_facts(asked), *_goes_along(asked)]
        act = Act(_("It is done"), _("Send the answer"), do, facts, AnswerForm, initial)
        return self._page(request, asked, act)

    def refuse(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = _open(pk)

        def do(said: dict[str, Any]) -> tuple[str, str]:
            operations.refuse(
                request=asked, reason=said["reason"], by=request.user, now=timezone.now()
            )
            return _("Answered. The letter is on its way."), change_page(asked)

        initial = {"reason": suggestion(asked, is_granted=False)}
        act = Act(_("Refuse"), _("Send the answer"), do, _facts(asked), ReasonForm, initial)
        return self._page(request, asked, act)

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what would go and stay; one press does it and leads to the receipt."""
        asked = _open(pk)
        plan = erasure.told(erasure.receipt(erasure.plan(subject_of_request(asked)), []))

        def do(_said: dict[str, Any]) -> tuple[str, str]:
            done = operations.grant_erasure(request=asked, by=request.user, now=timezone.now())
            return _("Erased. The receipt is on its way."), done.get_absolute_url()

        act = Act(
            _("Erase the person"),
            _("Erase for good"),
            do,
            _facts(asked),
            is_destructive=True,
            context={"plan": plan},
        )
        return self._page(request, asked, act)


def _open(pk: int) -> Request:
    return get_object_or_404(Request.objects.open(), pk=pk)


def _facts(asked: Request) -> list[tuple[str, Any]]:
    return [
        (_("What is asked"), asked.get_kind_display()),
        (_("By"), f"{asked.name}, {asked.email}"),
        (_("To be answered by"), asked.due_on),
        (_("How we know who it is"), asked.identity or _("Not noted yet")),
        (_("What the person wrote"), asked.message),
    ]


def _goes_along(asked: Request) -> list[tuple[str, Any]]:
    if asked.kind in Request.WITH_COPY:
        return [(_("Goes along"), _("A link to a copy, good once and for 72 hours"))]
    return []
