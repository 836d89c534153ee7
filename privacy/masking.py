"""The admin as the register wants it: sensitive columns under cover, protected people unseen.

`StaffSite.register` puts this before every admin class whose table holds people, so no page of the
staff is written with it in mind, and none can forget it.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.declarations import column
from privacy.operations.looking import note_look
from privacy.personal_numbers import no_personal_number
from privacy.protected import without_hidden
from privacy.register import register

SHOWN_FOR = dt.timedelta(minutes=15)
COVER = "•••"


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why you need to see it"),
        max_length=150,
        validators=[no_personal_number],
        help_text=gettext_lazy("The person can read this reason on their pages."),
    )


def sensitive_columns(model: type[Model]) -> list[str]:
    """What is hidden until asked for: special categories, and what a room called sensitive."""
    declared = register.of(model)
    if declared is None:
        return []
    return [
        name for name, held in declared.personal() if held.sensitive or held.category.is_special
    ]


def guarded(model: type[Model], admin_class: type[ModelAdmin]) -> type[ModelAdmin]:
    """The admin class with the cover on, if the table holds people."""
    declared = register.of(model)
    if declared is None or not declared.holds_person:
        return admin_class
    covers = {f"covered_{name}": _cover(model, name) for name in sensitive_columns(model)}
    named = {"__module__": admin_class.__module__, **covers}
    return type(admin_class.__name__, (Guarded, admin_class), named)


def _cover(model: type[Model], name: str) -> Callable[[Any, Any], str]:
    def covered(self: Any, row: Any) -> str:
        return COVER if getattr(row, name, None) else ""

    covered.short_description = column(model, name).verbose_name  # type: ignore[attr-defined]
    return covered


class Guarded(ModelAdmin):
    """Comes before the admin class it guards."""

    # --- Protected people -----------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        may_see = request.user.has_perm("privacy.view_protection")
        return rows if may_see else without_hidden(rows)

    # --- Under cover ----------------------------------------------------------------------------

    def get_list_display(self, request: HttpRequest) -> Any:
        return [self._covered(name) for name in super().get_list_display(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *self._covers(request, obj)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if not self._covers(request, obj):
            return sets
        return [
            (title, {**options, "fields": [self._covered(f) for f in _flat(options)]})
            for title, options in sets
        ]

    def _covered(self, name: Any) -> Any:
        return f"covered_{name}" if name in sensitive_columns(self.model) else name

    def _covers(self, request: HttpRequest, obj: Any) -> list[str]:
        """Names of the covers that are on. A new row has nothing to hide from its writer."""
        if obj is None or _is_shown(request, obj):
            return []
        return [f"covered_{name}" for name in sensitive_columns(self.model)]

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, *args: Any, **options: Any
    ) -> None:
        """The page of a history tells old and new values; those stay under cover there."""
        super().set_history_delta_changes(  # type: ignore[misc]
            request, historical_records, *args, **options
        )
        hidden = {column(self.model, name).verbose_name for name in sensitive_columns(self.model)}
        for version in historical_records:
            told = getattr(version, "history_delta_changes", None) or []
            version.history_delta_changes = [c for c in told if c["field"] not in hidden]

    # --- Lifting the cover ----------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        urls = super().get_urls()
        if not sensitive_columns(self.model):
            return urls
        name = f"{self.opts.app_label}_{self.opts.model_name}_reveal"
        own = path("<path:object_id>/reveal/", self.admin_site.admin_view(self.reveal), name=name)
        return [own, *urls]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = {**(extra_context or {})}
        if sensitive_columns(self.model):
            row = self.get_object(request, object_id)
            if row is not None and self._covers(request, row):
                context["reveal_url"] = self._address_of("reveal", object_id)
        return super().change_view(request, object_id, form_url, context)

    def reveal(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the reason, writes it down and shows the columns for a quarter of an hour."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        form = RevealForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            note_reason(request, [row], reason=form.cleaned_data["reason"])
            shown = request.session.get("shown", {})
            request.session["shown"] = {**shown, _key(row): timezone.now().timestamp()}
            return redirect(self._address_of("change", object_id))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": _("Show what is hidden"),
            "form": form,
            "columns": [column(self.model, n).verbose_name for n in sensitive_columns(self.model)],
            "back_url": self._address_of("change", object_id),
        }
        return TemplateResponse(request, "privacy/admin/reveal.html", context)

    def _address_of(self, name: str, object_id: str) -> str:
        full = f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(full, args=[object_id])


def note_reason(request: HttpRequest, rows: Iterable[Any], *, reason: str) -> None:
    """Staff has asked to see the sensitive columns of these rows (of one table), and said why."""
    from privacy.looks import whose  # noqa: PLC0415 - it walks the admin's registry

    by_pk = {row.pk: row for row in rows}
    for model in {type(row) for row in by_pk.values()}:
        accounts, guests = whose({model: by_pk})
        number = f" {next(iter(by_pk))}" if len(by_pk) == 1 else ""
        note_look(
            by=request.user,  # type: ignore[arg-type]
            persons=accounts,
            guests=guests,
            purpose=reason,
            what=f"{model._meta.label}{number}: {', '.join(sensitive_columns(model))}",
            view="reveal",
            at=timezone.now(),
        )


def _flat(options: Any) -> list[Any]:
    return flatten_fieldsets([(None, options)])


def _key(row: Any) -> str:
    return f"{row._meta.label}:{row.pk}"


def _is_shown(request: HttpRequest, row: Any) -> bool:
    since = request.session.get("shown", {}).get(_key(row))
    return since is not None and timezone.now().timestamp() - since < SHOWN_FOR.total_seconds()
