"""Money from the bank: importing its files, and the queue of what did not match by itself."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.admin import bank_import, bank_row
from billing.models import BankFile, BankTransaction
from billing.models.inbox import BankTransactionQuerySet
from billing.money import format_amount
from privacy.access import staff
from privacy.read_only import ReadOnly


@admin.register(BankFile)
class BankFileAdmin(ReadOnly, admin.ModelAdmin):
    """Adding one is importing it."""

    change_form_template = "admin/billing/bankfile/file.html"
    list_display = ["name", "format", "imported_at", "imported_by", "count", "total"]
    search_fields = ["name"]
    ordering = ["-imported_at", "-pk"]
    show_full_result_count = False
    fields = ["name", "format", "imported_at", "imported_by", "count", "total", "sha256"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("billing.add_bankfile")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BankFile]:
        files = super().get_queryset(request).select_related("imported_by")
        return files.annotate(count=Count("transactions"), total=Sum("transactions__amount"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=gettext_lazy("transactions"), ordering="count")
    def count(self, file: Any) -> int:
        return int(file.count)

    @admin.display(description=gettext_lazy("sum"), ordering="total")
    def total(self, file: Any) -> str:
        return format_amount(file.total) if file.total is not None else ""

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return staff("billing.add_bankfile")(bank_import.page_for)(request, self)


class QueueFilter(admin.SimpleListFilter):
    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("waiting")),
            ("matched", _("matched")),
            ("set-aside", _("set aside")),
        ]

    def queryset(self, request: HttpRequest, rows: Any) -> BankTransactionQuerySet:
        match self.value():
            case "waiting":
                return rows.filter(waits=True)
            case "matched":
                return rows.wholly_matched()
            case "set-aside":
                return rows.filter(closed_at__isnull=False)
        return rows


class BankRows(ChangeList):
    """The queue stands first: what waits is asked of all rows together."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[BankTransaction]:
        self.root_queryset = BankTransaction.objects.with_matched().with_waits_in_one_pass()
        return super().get_queryset(request, exclude_parameters)


@admin.register(BankTransaction)
class BankTransactionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["booked_on", "amount_shown", "payer_name", "said", "state"]
    list_display_links = ["booked_on", "amount_shown"]
    list_filter = [QueueFilter, "problem"]
    search_fields = ["payer_name", "text", "references", "external_id", "payments__invoice__number"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would read every payment
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[BankTransaction]:
        return BankTransaction.objects.with_waits()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BankRows

    def get_ordering(self, request: HttpRequest) -> Any:
        """The queue first."""
        return ["-waits", "-booked_on", "-pk"]

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def amount_shown(self, row: BankTransaction) -> str:
        return bank_row.amount_of(row)

    @admin.display(description=gettext_lazy("reference or text"))
    def said(self, row: BankTransaction) -> str:
        return bank_row.said(row)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Any) -> SafeString | str:
        if row.closed_at:
            return _("Set aside: %(note)s") % {"note": row.closed_note}
        if not row.waits:
            return _("Matched")
        why = row.get_problem_display() if row.problem else _("A part is left.")
        return format_html('<span class="pill pill-warn">{}</span>', why)

    def get_urls(self) -> list[URLPattern]:
        """What is done to a row is posted to an address of its own."""
        right = staff("billing.change_banktransaction", "billing.add_payment")
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(right(view)),
                {"admin": self},
                name=f"billing_banktransaction_{name}",
            )
            for name, view in bank_row.VIEWS.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return staff("billing.view_banktransaction")(bank_row.show)(request, object_id, self)
