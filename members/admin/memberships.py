from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from members import operations, search
from members.actors import actor
from members.admin import changing, collecting
from members.admin.deciding import Decision, page_for
from members.models import FeeExemption, FreeYear, Membership
from members.models.memberships import MembershipQuerySet
from members.standing import FeeState, fee_state
from privacy.access import staff
from privacy.asked_once import AskedOnce
from privacy.read_only import ReadOnly

MOST_TOGETHER = 200
_FEES = {
    FeeState.FREE: gettext_lazy("none"),
    FeeState.PAID: gettext_lazy("paid"),
    FeeState.OPEN: gettext_lazy("to pay"),
    FeeState.OVERDUE: gettext_lazy("overdue"),
    FeeState.CREDITED: gettext_lazy("credited"),
}


class RunningFilter(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("now", _("running today")),
            ("soon", _("ends within 30 days")),
            ("ended", _("ended before its time")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Membership]
    ) -> QuerySet[Membership]:
        today, rows = timezone.localdate(), cast(MembershipQuerySet, queryset)
        match self.value():
            case "now":
                return rows.current(today)
            case "soon":
                return rows.running_out(today, within=30)
            case "ended":
                return rows.filter(ended_on__isnull=False)
        return rows


class FeeFilter(admin.SimpleListFilter):
    title = gettext_lazy("fee")
    parameter_name = "fee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("overdue", _FEES[FeeState.OVERDUE]),
            ("credited", _FEES[FeeState.CREDITED]),
            ("none", _FEES[FeeState.FREE]),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Membership]
    ) -> QuerySet[Membership]:
        today, rows = timezone.localdate(), cast(MembershipQuerySet, queryset)
        match self.value():
            case "overdue":
                return rows.current(today).fee_overdue(today)
            case "credited":
                return rows.current(today).fee_credited_away()
            case "none":
                return rows.filter(invoice__isnull=True, is_carried_over=False)
        return rows


class MembershipList(AskedOnce):
    """Reckons the fees of one page: those of all that come before it would take seconds."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        keys = list(self.result_list.values_list("pk", flat=True))
        found = self.queryset.in_bulk(keys)
        self.result_list = [found[key] for key in keys]


class EndForm(forms.Form):
    last_day = forms.DateField(label=gettext_lazy("last day"), widget=AdminDateWidget)
    reason = forms.CharField(label=gettext_lazy("reason, kept in the history"), max_length=100)


@admin.register(Membership)
class MembershipAdmin(SimpleHistoryAdmin):
    """Periods follow from operations; here they are found, read and ended."""

    change_form_template = "members/admin/membership.html"
    list_display = ["user", "kind", "starts_on", "ends_on", "ended_on", "ended_why", "fee"]
    list_filter = [RunningFilter, FeeFilter, "kind", "ended_why"]
    search_fields = ["user__name"]  # shows the box; what it finds is `members.search`'s
    show_facets = admin.ShowFacets.NEVER  # each would read every invoice
    show_full_result_count = False
    date_hierarchy = "starts_on"
    ordering = ["-starts_on", "-pk"]
    actions = ["collect"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in Membership._meta.fields] + ["fee"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return Membership.objects.with_fee().select_related("user")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Membership], search_term: str
    ) -> tuple[QuerySet[Membership], bool]:
        return search.memberships(queryset, search_term), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return MembershipList

    @admin.display(description=gettext_lazy("fee"))
    def fee(self, membership: Membership) -> Any:
        return _FEES[fee_state(membership, timezone.localdate())]

    def _in_words(self, row: Membership) -> str:
        return f"{row.starts_on} – {row.ends_on}, {self.fee(row)}"

    def get_urls(self) -> list[URLPattern]:
        wrap, right = self.admin_site.admin_view, staff("members.change_membership")
        exempts = staff("members.change_membership", "members.add_feeexemption")
        own = [
            path("<int:pk>/end/", wrap(right(self.end)), name="members_membership_end"),
            path("<int:pk>/move/", wrap(right(self.move)), name="members_membership_move"),
            path("<int:pk>/exempt/", wrap(exempts(self.exempt)), name="members_membership_exempt"),
            path("collect/", wrap(right(self.collect_page)), name="members_membership_collect"),
        ]
        return [*own, *super().get_urls()]

    @admin.action(
        description=gettext_lazy("One invoice to the employer for several members"),
        permissions=["change"],
    )
    def collect(self, request: HttpRequest, rows: QuerySet[Membership]) -> HttpResponse:
        keys = ",".join(str(key) for key in rows.values_list("pk", flat=True)[:MOST_TOGETHER])
        return redirect(f"{reverse('admin:members_membership_collect')}?ids={keys}")

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        return changing.move_page(request, self, pk)

    def exempt(self, request: HttpRequest, pk: int) -> HttpResponse:
        return changing.exempt_page(request, self, pk)

    def collect_page(self, request: HttpRequest) -> HttpResponse:
        return collecting.page(request, self)

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = get_object_or_404(Membership.objects.with_fee().not_ended(), pk=pk)
        today = timezone.localdate()

        def do(answers: dict[str, Any]) -> str:
            row = operations.end_by_staff(
                membership=membership,
                last_day=answers["last_day"],
                reason=answers["reason"],
                by=actor(request),
                today=today,
            )
            return _("Ended. Last day: %(day)s") % {"day": row.ended_on}

        facts = [
            (_("Person"), membership.user),
            (_("Period"), f"{membership.starts_on} – {membership.ends_on}"),
            (_("Fee"), self.fee(membership)),
            (_("What is unpaid"), _("is credited at once")),
            *(
                (_("Never begins"), self._in_words(row))
                for row in operations.years_after(membership)
            ),
        ]
        decision = Decision(
            _("End the membership"),
            _("End the membership"),
            do,
            facts,
            EndForm,
            {"last_day": today},
            is_destructive=True,
        )
        return page_for(request, self, membership, decision)


@admin.register(FeeExemption)
class FeeExemptionAdmin(SimpleHistoryAdmin):
    list_display = ["user", "reason", "starts_on", "ends_on", "decided_by"]
    list_select_related = ["user", "decided_by"]
    search_fields = ["user__name", "user__email", "reason"]
    autocomplete_fields = ["user"]
    readonly_fields = ["decided_by"]

    def save_model(self, request: HttpRequest, row: FeeExemption, form: Any, change: bool) -> None:
        row.decided_by = actor(request)
        super().save_model(request, row, form, change)


@admin.register(FreeYear)
class FreeYearAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["given_on", "fingerprint"]
    date_hierarchy = "given_on"
