"""Where staff plan the programme and look after who has a seat. Seats change by operations only."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from simple_history.admin import SimpleHistoryAdmin
from translated_fields import TranslatedFieldAdmin

from events import allocation, operations
from events.editions import edition, missing_language
from events.models import Booking, BookingTerms, Event, Price
from events.refusals import BookingRefused


class EventForm(forms.ModelForm):
    """Refuses what would leave people without the seats they have."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk:
            # The admin saves in one transaction, so the lock holds until the event is written.
            event = allocation.locked(self.instance.pk)
            self._refuse_too_few(event, "capacity", Booking.Mode.ON_SITE)
            self._refuse_too_few(event, "online_capacity", Booking.Mode.ONLINE)
        self._refuse_odd_times()
        return cleaned

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


class PriceInline(admin.TabularInline):
    model = Price
    extra = 0
    fields = ["audience", "amount", "until", "demands_paid_fee"]


class MissingLanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("missing language")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("en", _("English"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(title_en="") if self.value() == "en" else queryset


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


def with_reason(
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    action: str,
    question: str,
    do: Callable[[Any, str], object],
) -> HttpResponse | None:
    """Ask for a reason first, then do it to each and tell what was done and what was refused."""
    if "reason" not in request.POST:
        context = {
            **admin.site.each_context(request),
            "title": question,
            "rows": queryset,
            "action": action,
            "selected": helpers.ACTION_CHECKBOX_NAME,
        }
        return render(request, "events/admin/reason.html", context)
    each(request, queryset, lambda row: do(row, request.POST["reason"]))
    return None


def each(request: HttpRequest, rows: QuerySet[Any], do: Callable[[Any], object]) -> None:
    done = 0
    for row in rows:
        try:
            do(row)
        except BookingRefused as refusal:
            messages.error(request, f"{row}: {refusal}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext("Done with %d.", "Done with %d.", done) % done)


@admin.register(Event)
class EventAdmin(TranslatedFieldAdmin, SimpleHistoryAdmin):
    form = EventForm
    inlines = [PriceInline]
    actions = ["copy", "call_off"]
    list_display = [
        "title_sv",
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
    readonly_fields = ["cancelled_at", "cancelled_reason"]
    fieldsets = [
        (None, {"fields": ["kind", "slug", "published_at", "cancelled_at", "cancelled_reason"]}),
        (gettext_lazy("Swedish"), {"fields": ["title_sv", "summary_sv", "description_sv"]}),
        (gettext_lazy("English"), {"fields": ["title_en", "summary_en", "description_en"]}),
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
        return ", ".join(missing_language(event))

    # --- Actions ----------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Copy as a draft"), permissions=["add"])
    def copy(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        each(request, queryset, lambda e: operations.copy_event(event=e, by=_staff(request)))

    @admin.action(description=gettext_lazy("Call off …"), permissions=["change"])
    def call_off(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        return with_reason(
            request,
            queryset,
            action="call_off",
            question=_("Why is it called off? Everybody who has a seat or waits is told."),
            do=lambda e, reason: operations.call_off(event=e, reason=reason, by=_staff(request)),
        )


@admin.register(Booking)
class BookingAdmin(SimpleHistoryAdmin):
    """Who comes. Names can be put right here; everything else is done by the actions."""

    actions = ["check_in", "undo_check_in", "cancel", "go_first", "offer_beyond_capacity"]
    list_display = ["name", "email", "event", "mode", "state", "amount", "created_at", "held_until"]
    list_filter = ["state", "mode", "audience", ("event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["event"]
    search_fields = ["name", "email", "employer", "event__title_sv", "event__title_en"]
    date_hierarchy = "event__starts_at"
    ordering = ["-created_at", "-pk"]
    show_full_result_count = False
    editable = ("name", "employer", "language")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = [field.name for field in Booking._meta.fields]
        return [name for name in names if name not in self.editable]

    @admin.action(description=gettext_lazy("Check in"), permissions=["change"])
    def check_in(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        each(request, queryset, lambda b: operations.check_in(booking=b, by=_staff(request)))

    @admin.action(description=gettext_lazy("Take check-in back"), permissions=["change"])
    def undo_check_in(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        each(request, queryset, lambda b: operations.undo_check_in(booking=b, by=_staff(request)))

    @admin.action(
        description=gettext_lazy("Cancel, and credit what was invoiced"), permissions=["change"]
    )
    def cancel(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        by = _staff(request)
        each(request, queryset, lambda b: operations.cancel(booking=b, by=by, by_staff=True))

    @admin.action(description=gettext_lazy("First in line …"), permissions=["change"])
    def go_first(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse | None:
        return with_reason(
            request,
            queryset,
            action="go_first",
            question=_("Why do they go first?"),
            do=lambda b, reason: operations.go_first(booking=b, reason=reason, by=_staff(request)),
        )

    @admin.action(
        description=gettext_lazy("Offer a seat above the capacity …"), permissions=["change"]
    )
    def offer_beyond_capacity(
        self, request: HttpRequest, queryset: QuerySet[Booking]
    ) -> HttpResponse | None:
        by = _staff(request)
        return with_reason(
            request,
            queryset,
            action="offer_beyond_capacity",
            question=_("Why are they offered a seat above the capacity?"),
            do=lambda b, why: operations.offer_beyond_capacity(booking=b, reason=why, by=by),
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


def _staff(request: HttpRequest) -> Any:
    return request.user
