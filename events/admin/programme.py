"""Where staff plan the programme."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from simple_history.admin import SimpleHistoryAdmin
from translated_fields import TranslatedFieldAdmin

from events import allocation, operations, pictures
from events.admin.asking import each, staff_of, with_reason
from events.editions import LANGUAGES, edition, missing_language
from events.models import (
    Booking,
    Document,
    Event,
    Price,
    Session,
    Speaker,
)

TOLD_WHEN_CHANGED = {"starts_at", "ends_at", "place", "address", "online_url"}


class EventForm(forms.ModelForm):
    """Refuses what would leave people without the seats they have."""

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        return pictures.clean(picture) if isinstance(picture, UploadedFile) else picture

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk:
            # The admin saves in one transaction, so the lock holds until the event is written.
            event = allocation.locked(self.instance.pk)
            self._refuse_too_few(event, "capacity", Booking.Mode.ON_SITE)
            self._refuse_too_few(event, "online_capacity", Booking.Mode.ONLINE)
        self._refuse_nowhere()
        self._refuse_odd_times()
        return cleaned

    def _refuse_nowhere(self) -> None:
        names = ("capacity", "online_capacity")
        given = [self.cleaned_data.get(name) for name in names]
        if given == [None, None] and not self.errors.keys() & set(names):
            self.add_error("capacity", _("Say how many can come, on site or online."))

    def _refuse_too_few(self, event: Event, name: str, mode: str) -> None:
        if name not in self.changed_data:
            return
        taken = event.capacity_of(mode) - allocation.seats_left(event, mode)
        if taken > (self.cleaned_data.get(name) or 0):
            text = ngettext("%d seat is taken already.", "%d seats are taken already.", taken)
            self.add_error(name, ValidationError(text % taken))

    def _refuse_odd_times(self) -> None:
        """Booking and cancelling belong before the end."""
        ends_at = self.cleaned_data.get("ends_at")
        for name in ("booking_opens_at", "booking_closes_at", "cancel_until"):
            moment = self.cleaned_data.get(name)
            if moment and ends_at and moment > ends_at:
                self.add_error(name, _("This is after the event."))


class PriceFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """Each row by itself is compared with what is stored; here with the other rows typed."""
        super().clean()
        seen = set()
        for form in self.forms:
            price = (form.cleaned_data.get("audience"), form.cleaned_data.get("until"))
            if not form.cleaned_data or form.cleaned_data.get("DELETE"):
                continue
            if price in seen:
                form.add_error("audience", _("This audience has another price until the same day."))
            seen.add(price)


class PriceInline(admin.TabularInline):
    model = Price
    formset = PriceFormSet
    extra = 0
    fields = ["audience", "amount", "until", "demands_paid_fee"]


class SpeakerInline(admin.TabularInline):
    model = Speaker
    extra = 0
    fields = ["name", "role_sv", "role_en"]


class SessionInline(admin.TabularInline):
    """Choose from the speakers who have been saved above."""

    model = Session
    extra = 0
    fields = ["starts_at", "ends_at", "title_sv", "title_en", "room", "speakers"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        self.event = obj
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).prefetch_related("speakers")

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "speakers":
            kwargs["queryset"] = Speaker.objects.filter(event=self.event)
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.choices = list(field.choices)  # read once, not again for each session
        return field


class DocumentInline(admin.TabularInline):
    model = Document
    extra = 0
    fields = ["title_sv", "title_en", "url", "readers"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


class MissingLanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("missing language")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("en", _("English")), ("sv", _("Swedish"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.missing(self.value()) if self.value() in LANGUAGES else queryset


class ComingFilter(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("coming", _("coming")),
            ("past", _("past")),
            ("to-note", _("attendance to be noted")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        if self.value() == "coming":
            return queryset.coming(now)
        if self.value() == "to-note":
            return queryset.attendance_open(now)
        return queryset.past(now) if self.value() == "past" else queryset


@admin.register(Event)
class EventAdmin(TranslatedFieldAdmin, SimpleHistoryAdmin):
    form = EventForm
    inlines = [PriceInline, SpeakerInline, SessionInline, DocumentInline]
    actions = ["copy", "call_off"]
    list_display = [
        "title_sv",
        "the_room",
        "kind",
        "starts_at",
        "state",
        "on_site",
        "online",
        "in_line",
        "languages",
    ]
    list_filter = [ComingFilter, "kind", MissingLanguageFilter]
    search_fields = ["title_sv", "title_en", "place", "slug"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    prepopulated_fields = {"slug": ["title_sv"]}
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    readonly_fields = ["languages", "cancelled_at", "cancelled_reason", "attendance_noted_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "kind",
                    "slug",
                    "picture",
                    "languages",
                    "published_at",
                    "cancelled_at",
                    "cancelled_reason",
                ]
            },
        ),
        (
            gettext_lazy("Swedish"),
            {"fields": ["title_sv", "summary_sv", "description_sv", "picture_alt_sv"]},
        ),
        (
            gettext_lazy("English"),
            {"fields": ["title_en", "summary_en", "description_en", "picture_alt_en"]},
        ),
        (
            gettext_lazy("Time and place"),
            {
                "fields": [
                    "starts_at",
                    "ends_at",
                    "place",
                    "address",
                    "map_url",
                    "online_url",
                    "education_hours",
                ]
            },
        ),
        (
            gettext_lazy("Seats and booking"),
            {
                "fields": [
                    "capacity",
                    "online_capacity",
                    "booking_opens_at",
                    "booking_closes_at",
                    "cancel_until",
                    "product",
                    "asks_needs",
                    "attendance_noted_at",
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return Event.objects.with_fill(timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """More seats may have come: those who wait are asked first."""
        super().save_related(request, form, formsets, change)
        operations.settle_event(event=form.instance)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Who has a seat plans by what stood there before; the editor decides what to tell them."""
        super().save_model(request, obj, form, change)
        is_moved = TOLD_WHEN_CHANGED & set(form.changed_data)
        if is_moved and obj.cancelled_at is None and obj.bookings.coming_to().exists():
            url = reverse("events:message-new", args=[obj.slug])
            text = _("People have seats at this event. Tell them what has changed:")
            link = format_html('{} <a href="{}">{}</a>', text, url, _("Write a message"))
            messages.warning(request, link)

    def view_on_site(self, event: Event) -> str | None:
        return edition(event).url if event.is_published(timezone.now()) else None

    # --- Columns ----------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("state"))
    def state(self, event: Event) -> str:
        now = timezone.now()
        if event.cancelled_at is not None:
            return pgettext("event", "called off")
        if not event.is_published(now):
            is_draft = event.published_at is None
            return pgettext("event", "draft") if is_draft else pgettext("event", "to be published")
        if event.ends_at <= now:
            return pgettext("event", "past")
        if event.is_bookable(now):
            return pgettext("event", "open for booking")
        return pgettext("event", "published")

    @admin.display(description=gettext_lazy("on site"))
    def on_site(self, event: Any) -> str:
        return "–" if event.capacity is None else f"{event.taken_on_site} / {event.capacity}"

    @admin.display(description=gettext_lazy("online"))
    def online(self, event: Any) -> str:
        total = event.online_capacity
        return "–" if total is None else f"{event.taken_online} / {total}"

    @admin.display(description=gettext_lazy("waiting"))
    def in_line(self, event: Any) -> int:
        return int(event.waiting)

    @admin.display(description=gettext_lazy("missing language"))
    def languages(self, event: Event) -> str:
        return ", ".join(missing_language(event)) or "–"

    @admin.display(description=gettext_lazy("room"))
    def the_room(self, event: Event) -> str:
        """Check-in, lists, messages and figures."""
        url = reverse("events:room", args=[event.slug])
        return format_html('<a href="{}">{}</a>', url, _("Open"))

    # --- Actions ----------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Copy as a draft"), permissions=["add"])
    def copy(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        each(request, queryset, lambda e: operations.copy_event(event=e, by=staff_of(request)))

    @admin.action(description=gettext_lazy("Call off …"), permissions=["change"])
    def call_off(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        return with_reason(
            request,
            queryset,
            action="call_off",
            question=_("Why is it called off? Everybody who has a seat or waits is told."),
            do=lambda e, reason: operations.call_off(event=e, reason=reason, by=staff_of(request)),
        )
