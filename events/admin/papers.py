"""Certificates, and the terms of booking."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from translated_fields import TranslatedFieldAdmin

from events import operations
from events.admin.asking import staff_of
from events.models import (
    BookingTerms,
    Certificate,
)


class CorrectionForm(forms.ModelForm):
    """Saved as a correction: the certificate is revoked and another one issued."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    class Meta:
        model = Certificate
        fields = ["name", "hours"]


@admin.register(Certificate)
class CertificateAdmin(admin.ModelAdmin):
    form = CorrectionForm
    readonly_fields = ["code", "booking", "issued_at", "revoked_at", "revoked_because"]
    list_display = ["code", "name", "booking", "hours", "issued_at", "revoked_at"]
    list_select_related = ["booking__event"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["code", "name", "booking__email", "booking__event__title_sv"]
    ordering = ["-issued_at", "-pk"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        asks = ["name", "hours", "reason"] if self.has_change_permission(request, obj) else []
        return [*self.readonly_fields, *asks]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_valid = obj is None or obj.is_valid
        return is_valid and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        answer = form.cleaned_data
        operations.correct_certificate(
            certificate=Certificate.objects.select_related("booking").get(pk=obj.pk),
            name=answer["name"],
            hours=answer["hours"],
            reason=answer["reason"],
            by=staff_of(request),
        )


@admin.register(BookingTerms)
class BookingTermsAdmin(TranslatedFieldAdmin, admin.ModelAdmin):
    """Terms that somebody has accepted are not changed; newer ones are added."""

    list_display = ["valid_from"]
    ordering = ["-valid_from"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_free = obj is None or not obj.bookings.exists()
        return is_free and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_free = obj is None or not obj.bookings.exists()
        return is_free and super().has_delete_permission(request, obj)
