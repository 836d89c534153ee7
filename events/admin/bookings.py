"""Where staff look after who has a seat. Seats change by operations only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from events import operations, search
from events.admin.asking import each, staff_of, with_reason
from events.models import (
    Booking,
)
from privacy.asked_once import AskedOnce


@admin.register(Booking)
class BookingAdmin(SimpleHistoryAdmin):
    """Who comes. Names can be put right here; everything else is done by the actions."""

    actions = [
        "check_in",
        "undo_check_in",
        "cancel",
        "cancel_without_credit",
        "go_first",
        "offer_beyond_capacity",
    ]
    list_display = ["name", "email", "event", "mode", "state", "amount", "created_at", "held_until"]
    list_filter = ["state", "mode", "audience", ("event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["event"]
    search_fields = ["name"]  # shows the box; what it finds is `events.search`'s
    date_hierarchy = "event__starts_at"
    ordering = ["-created_at", "-pk"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # one for each event
    editable = ("name", "employer", "language")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AskedOnce]:
        return AskedOnce

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Booking], search_term: str
    ) -> tuple[QuerySet[Booking], bool]:
        return search.bookings(queryset, search_term), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = [field.name for field in Booking._meta.fields]
        return [name for name in names if name not in self.editable]

    @admin.action(description=gettext_lazy("Check in"), permissions=["change"])
    def check_in(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        each(request, queryset, lambda b: operations.check_in(booking=b, by=staff_of(request)))

    @admin.action(description=gettext_lazy("Take check-in back"), permissions=["change"])
    def undo_check_in(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        each(request, queryset, lambda b: operations.undo_check_in(booking=b, by=staff_of(request)))

    @admin.action(
        description=gettext_lazy("Cancel, and credit what was invoiced"), permissions=["change"]
    )
    def cancel(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        by = staff_of(request)
        each(request, queryset, lambda b: operations.cancel(booking=b, by=by, by_staff=True))

    @admin.action(
        description=gettext_lazy("Cancel, and leave the invoice as it is"), permissions=["change"]
    )
    def cancel_without_credit(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        """After the last day: the seat is free for the next, and the price is owed."""
        by = staff_of(request)
        each(
            request,
            queryset,
            lambda b: operations.cancel(booking=b, by=by, by_staff=True, credit=False),
        )

    @admin.action(description=gettext_lazy("First in line …"), permissions=["change"])
    def go_first(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse | None:
        return with_reason(
            request,
            queryset,
            action="go_first",
            question=_("Why do they go first?"),
            do=lambda b, reason: operations.go_first(
                booking=b, reason=reason, by=staff_of(request)
            ),
        )

    @admin.action(
        description=gettext_lazy("Offer a seat above the capacity …"), permissions=["change"]
    )
    def offer_beyond_capacity(
        self, request: HttpRequest, queryset: QuerySet[Booking]
    ) -> HttpResponse | None:
        by = staff_of(request)
        return with_reason(
            request,
            queryset,
            action="offer_beyond_capacity",
            question=_("Why are they offered a seat above the capacity?"),
            do=lambda b, why: operations.offer_beyond_capacity(booking=b, reason=why, by=by),
        )
