from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing import overview
from billing.admin import downloads, new_invoice, receivables
from billing.admin.act_page import MOST, act_page
from billing.admin.invoice_filters import PayerFilter, StatusFilter
from billing.admin.invoice_story import story
from billing.invoice_acts import ACTS
from billing.invoice_page import context as invoice_context
from billing.models import Invoice
from billing.models.invoices import InvoiceQuerySet
from billing.money import ZERO, format_amount
from billing.search import FIELDS, matching
from privacy.access import staff
from privacy.read_only import ReadOnly

Action = Callable[[Any, HttpRequest, QuerySet[Invoice]], HttpResponse | None]


# Nobody pages through more. Beyond that nothing is added up, which would read every row.
MOST_LISTED = 10_000
# What the books must be kept for (Bokföringslag 7 kap. 2 §), and the running year.
YEARS_KEPT = 8


class OfKnownLength(Paginator):
    """Of the rows of InvoiceList, whose keys have been read, or of others of this admin's."""

    @cached_property
    def count(self) -> int:
        keys: list[int] | None = getattr(self.object_list, "keys", None)
        return super().count if keys is None else len(keys)


def _listed() -> InvoiceQuerySet:
    return Invoice.objects.with_balance().with_written_off()


class InvoiceList(ChangeList):
    """The first so many, whose sums it adds up.

    A filter may have to read all rows, so it is asked once: pages, sums and days are of what it
    found.
    """

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Invoice]:
        found = super().get_queryset(request, exclude_parameters)
        ordering = found.query.order_by
        if any("balance" in str(column) for column in ordering):
            # Only of those that are listed: to reckon it for all takes seconds.
            found = found.order_by(*self.root_queryset.query.order_by)
        keys = list(found.values_list("pk", flat=True)[:MOST_LISTED])
        self.is_cut_off = len(keys) == MOST_LISTED
        listed: Any = _listed().among(keys).order_by(*ordering)
        listed.keys = keys
        return cast("InvoiceQuerySet", listed)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.sums: list[tuple[str, str]] = []
        if not self.is_cut_off:
            self._add_up()
        elif "issued_on__year" not in self.params:
            self.date_hierarchy = None  # of the first so many only, which would mislead

    def years(self) -> list[tuple[int, str]]:
        """To choose from where there are too many to list, each with its address."""
        this = timezone.localdate().year
        return [
            (year, self.get_query_string({"issued_on__year": str(year)}, ["p", "issued_on"]))
            for year in range(this, this - YEARS_KEPT, -1)
        ]

    def _add_up(self) -> None:
        # A credit note has taken its part off the balance of its invoice already.
        owed = Q(kind=Invoice.Kind.INVOICE)
        sums = self.queryset.aggregate(invoiced=Sum("total"), left=Sum("balance", filter=owed))
        self.sums = [
            (_("Total"), format_amount(sums["invoiced"] or ZERO)),
            (_("Left to pay"), format_amount(sums["left"] or ZERO)),
        ]


def _act_on_many(name: str) -> Action:
    """The act as an action of the list: its page, and from there what it does."""
    act = ACTS[name]

    def action(
        self: "InvoiceAdmin", request: HttpRequest, chosen: QuerySet[Invoice]
    ) -> HttpResponse | None:
        invoices = list(chosen.prefetch_related("reminders")[: MOST + 1])
        if len(invoices) > MOST:
            messages.error(request, _("Choose at most %(most)d at a time.") % {"most": MOST})
            return None
        return act_page(request, self, act(timezone.localdate()), invoices, request.get_full_path())

    action.__name__ = name.replace("-", "_")
    return admin.action(description=act.title, permissions=[act.permission.split(".")[1]])(action)


def _days_late(invoice: Any, today: date) -> str:
    if invoice.is_credit or invoice.balance <= 0 or invoice.due_on >= today:
        return ""
    days = (today - invoice.due_on).days
    return ngettext("%d day", "%d days", days) % days


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly, admin.ModelAdmin):
    """Where a treasurer works. Nothing here is edited; it is credited, paid, reminded of."""

    change_list_template = "admin/billing/invoice/list.html"
    change_form_template = "admin/billing/invoice/invoice.html"
    list_display = [
        "number",
        "customer_name",
        "issued",
        "due",
        "total_shown",
        "balance_shown",
        "status",
    ]
    list_display_links = ["number", "customer_name"]
    list_filter = [StatusFilter, "kind", PayerFilter]
    # To count what each filter would find reads every row, once for each.
    show_facets = admin.ShowFacets.NEVER
    paginator = OfKnownLength
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "issued_on"
    ordering = ["-issued_on", "-pk"]
    search_fields = FIELDS
    search_help_text = gettext_lazy(
        "Number, OCR number, customer, e-mail, organisation number or reference."
    )
    fields = ["number"]
    actions = [
        *(_act_on_many(name) for name, act in ACTS.items() if not act.only_one),
        "download",
        "download_peppol",
    ]

    # --- Who may what -----------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("billing.add_invoice")

    def has_change_invoice_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.change_invoice")

    def has_add_payment_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.add_payment")

    # --- The list ---------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        return _listed().order_by(*self.ordering)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return InvoiceList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Invoice], search_term: str
    ) -> tuple[QuerySet[Invoice], bool]:
        return (matching(queryset, search_term) if search_term.strip() else queryset), False

    @admin.display(description=gettext_lazy("invoice date"), ordering="issued_on")
    def issued(self, invoice: Any) -> str:
        return date_format(invoice.issued_on, "SHORT_DATE_FORMAT")

    @admin.display(description=gettext_lazy("due date"), ordering="due_on")
    def due(self, invoice: Any) -> str:
        return date_format(invoice.due_on, "SHORT_DATE_FORMAT") if invoice.due_on else ""

    @admin.display(description=gettext_lazy("total"), ordering="total")
    def total_shown(self, invoice: Any) -> str:
        return format_amount(invoice.total)

    @admin.display(description=gettext_lazy("left to pay"), ordering="balance")
    def balance_shown(self, invoice: Any) -> str:
        return "" if invoice.is_credit else format_amount(invoice.balance)

    @admin.display(description=gettext_lazy("status"))
    def status(self, invoice: Any) -> SafeString:
        """With the days since it was due."""
        today = timezone.localdate()
        found = overview.status(invoice, today)
        pill = '<span class="pill pill-{}">{}</span> <span class="quiet nowrap">{}</span>'
        return format_html(pill, found.tone, found.label, _days_late(invoice, today))

    @admin.action(description=gettext_lazy("Download as PDF"), permissions=["view"])
    def download(self, request: HttpRequest, chosen: QuerySet[Invoice]) -> HttpResponse | None:
        return downloads.download(request, chosen)

    @admin.action(description=gettext_lazy("Download as Peppol e-invoices"), permissions=["view"])
    def download_peppol(
        self, request: HttpRequest, chosen: QuerySet[Invoice]
    ) -> HttpResponse | None:
        return downloads.download_peppol(request, chosen)

    # --- One invoice ------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        acts = [
            path(
                f"<int:pk>/{name}/",
                wrap(staff(act.permission)(self.act)),
                {"name": name},
                name=f"billing_invoice_{name}",
            )
            for name, act in ACTS.items()
        ]
        right = staff("billing.view_invoice")
        own = [
            path("<int:pk>/pdf/", wrap(right(downloads.pdf)), name="billing_invoice_pdf"),
            path(
                "<int:pk>/reminder/<int:reminder>/",
                wrap(right(downloads.reminder)),
                name="billing_invoice_reminder",
            ),
            path("<int:pk>/peppol/", wrap(right(downloads.peppol)), name="billing_invoice_peppol"),
            path(
                "ages/",
                wrap(right(receivables.ages)),
                {"admin": self},
                name="billing_invoice_ages",
            ),
            path(
                "<int:pk>/account/",
                wrap(right(receivables.account)),
                {"admin": self},
                name="billing_invoice_account",
            ),
        ]
        return [*acts, *own, *super().get_urls()]

    def act(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        invoice = get_object_or_404(self.get_queryset(request), pk=pk)
        back = reverse("admin:billing_invoice_change", args=[pk])
        return act_page(request, self, ACTS[name](timezone.localdate()), [invoice], back)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return staff("billing.add_invoice")(new_invoice.page_for)(request, self)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        invoice = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if invoice is not None:
            context |= {
                **invoice_context(invoice),
                "story": story(invoice),
                "buttons": self._buttons(request, invoice),
                "title": capfirst(str(invoice)),
                "subtitle": None,
            }
        return super().change_view(request, object_id, form_url, context)

    def _buttons(self, request: HttpRequest, invoice: Any) -> list[tuple[Any, str]]:
        """What `request.user` can do to this one."""
        return [
            (act.title, reverse(f"admin:billing_invoice_{name}", args=[invoice.pk]))
            for name, act in ACTS.items()
            if request.user.has_perm(act.permission)
            and act(timezone.localdate()).is_possible(invoice)
        ]

    def view_on_site(self, invoice: Invoice) -> str:
        return invoice.public_url()
