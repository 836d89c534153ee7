"""The books: accounts, exports as SIE, payouts from Stripe, and the closing of a year."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from simple_history.admin import SimpleHistoryAdmin

from billing import fiscal, journal, operations, year_end
from billing.admin.downloads import answer
from billing.admin.reading import page
from billing.forms import PeriodForm
from billing.models import LedgerAccount, Payment, Seller, SieBatch, StripePayout
from billing.money import ZERO, format_amount
from privacy.access import staff
from privacy.read_only import ReadOnly

SHOWN_VOUCHERS = 500


@admin.register(LedgerAccount)
class LedgerAccountAdmin(SimpleHistoryAdmin):
    """Income has its account on each product."""

    list_display = ["use", "number", "name"]
    ordering = ["number", "pk"]
    fields = ["use", "number", "name"]
    readonly_fields = ["use"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SieBatch)
class SieBatchAdmin(ReadOnly, admin.ModelAdmin):
    """Adding one is exporting: choose the days, look, export."""

    change_list_template = "admin/billing/siebatch/list.html"
    list_display = ["pk", "since", "until", "count", "total", "created_at", "created_by", "file"]
    ordering = ["-pk"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("billing.add_siebatch")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SieBatch]:
        batches = super().get_queryset(request).defer("content").select_related("created_by")
        return batches.annotate(count=Count("vouchers"), total=Sum("vouchers__amount"))

    @admin.display(description=gettext_lazy("vouchers"), ordering="count")
    def count(self, batch: Any) -> int:
        return int(batch.count)

    @admin.display(description=gettext_lazy("sum"), ordering="total")
    def total(self, batch: Any) -> str:
        return format_amount(batch.total or ZERO)

    @admin.display(description=gettext_lazy("file"))
    def file(self, batch: SieBatch) -> SafeString:
        url = reverse("admin:billing_siebatch_download", args=[batch.pk])
        return format_html('<a href="{}">{}</a>', url, batch.filename)

    def get_urls(self) -> list[URLPattern]:
        wrap, right = self.admin_site.admin_view, staff("billing.view_siebatch")
        return [
            path(
                "<int:pk>/download/", wrap(right(self.download)), name="billing_siebatch_download"
            ),
            path("year-end/", wrap(right(self.year_end)), name="billing_siebatch_year-end"),
            *super().get_urls(),
        ]

    def download(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = get_object_or_404(SieBatch, pk=pk)
        return answer(bytes(batch.content), "application/octet-stream", batch.filename)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return staff("billing.add_siebatch")(export_page)(request, self)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return staff("billing.view_siebatch")(batch_page)(request, object_id, self)

    def year_end(self, request: HttpRequest) -> HttpResponse:
        """Of the year that ended last, unless another is asked for."""
        first_month = Seller.objects.get().fiscal_year_start_month
        this = fiscal.year_of(timezone.localdate(), first_month)
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and 2000 <= int(asked) < 2100 else this[0].year - 1
        first, last = fiscal.year_of(date(year, first_month, 1), first_month)
        return page(
            request,
            self,
            "siebatch/year_end.html",
            title=_("Year end %(first)s to %(last)s") % {"first": first, "last": last},
            checks=year_end.checks(first, last),
            years=[this[0].year - back for back in range(4)],
            year=year,
        )


def export_page(request: HttpRequest, admin: admin.ModelAdmin) -> HttpResponse:
    """Choose the days, see what would be handed over, export it."""
    is_asked = bool(request.GET.get("since")) or request.method == "POST"
    form = PeriodForm((request.POST or request.GET) if is_asked else None)
    vouchers, earlier = None, []
    if is_asked and form.is_valid():
        try:
            if request.method == "POST":
                return _export(request, form)
            vouchers = operations.pending(**form.period)
            earlier = operations.left_behind(since=form.cleaned_data["since"])
        except operations.ExportRefused as refusal:
            form.add_error(None, str(refusal))
    return page(
        request,
        admin,
        "siebatch/export.html",
        title=_("Export to the books"),
        form=form,
        is_previewed=vouchers is not None,
        earlier=len(earlier),
        earliest=earlier[0].booked_on if earlier else None,
        **_shown(vouchers or []),
    )


def _export(request: HttpRequest, form: PeriodForm) -> HttpResponse:
    batch = operations.export_sie(by=request.user, now=timezone.now(), **form.period)
    messages.success(request, _("%(file)s is ready to be fetched.") % {"file": batch.filename})
    return redirect("admin:billing_siebatch_change", batch.pk)


def _shown(vouchers: list[journal.Voucher]) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for voucher in vouchers:
        for entry in voucher.entries:
            debit, credit = sums.get(entry.account, (ZERO, ZERO))
            sums[entry.account] = (
                debit + max(entry.amount, ZERO),
                credit - min(entry.amount, ZERO),
            )
    names = journal.account_names()
    return {
        "count": len(vouchers),
        "vouchers": [
            {
                "on": voucher.booked_on,
                "text": voucher.text,
                "entries": [
                    (entry.account, format_amount(entry.amount)) for entry in voucher.entries
                ],
            }
            for voucher in vouchers[:SHOWN_VOUCHERS]
        ],
        "more": max(0, len(vouchers) - SHOWN_VOUCHERS),
        "accounts": [
            (account, names.get(account, ""), format_amount(debit), format_amount(credit))
            for account, (debit, credit) in sorted(sums.items())
        ],
    }


def batch_page(request: HttpRequest, object_id: str, admin: admin.ModelAdmin) -> HttpResponse:
    batch: Any = admin.get_object(request, object_id)
    if batch is None:
        raise Http404
    return page(
        request,
        admin,
        "siebatch/batch.html",
        original=batch,
        title=batch.filename,
        facts=[
            (pgettext("period", "from"), batch.since),
            (pgettext("period", "to"), batch.until),
            (_("vouchers"), batch.count),
            (_("sum"), format_amount(batch.total or ZERO)),
            (_("exported at"), timezone.localtime(batch.created_at)),
            (_("exported by"), batch.created_by),
            ("SHA-256", batch.sha256),
        ],
        vouchers=[
            (voucher.booked_on, voucher.text, format_amount(voucher.amount))
            for voucher in batch.vouchers.order_by("pk")
        ],
    )


class PayoutList(ChangeList):
    """With what is wrong with each: one query for the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        for payout, findings in year_end.payout_findings(self.result_list).items():
            payout.findings = findings


@admin.register(StripePayout)
class StripePayoutAdmin(ReadOnly, admin.ModelAdmin):
    """What came to the bank, and whether the ledger agrees with what it is made of."""

    list_display = ["payout_id", "arrived_on", "amount_shown", "fees", "movements_count", "agrees"]
    ordering = ["-arrived_on", "-pk"]
    list_per_page = 50
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PayoutList

    def get_queryset(self, request: HttpRequest) -> QuerySet[StripePayout]:
        return super().get_queryset(request).prefetch_related("movements")

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def amount_shown(self, payout: StripePayout) -> str:
        return format_amount(payout.amount)

    @admin.display(description=gettext_lazy("fees"))
    def fees(self, payout: StripePayout) -> str:
        return format_amount(sum((row.fee for row in payout.movements.all()), ZERO))

    @admin.display(description=gettext_lazy("movements"))
    def movements_count(self, payout: StripePayout) -> int:
        return len(payout.movements.all())

    @admin.display(description=gettext_lazy("agrees with the ledger"), boolean=True)
    def agrees(self, payout: Any) -> bool:
        return not payout.findings

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return staff("billing.view_stripepayout")(payout_page)(request, object_id, self)


def payout_page(request: HttpRequest, object_id: str, admin: admin.ModelAdmin) -> HttpResponse:
    payout: Any = admin.get_object(request, object_id)
    if payout is None:
        raise Http404
    movements = list(payout.movements.order_by("pk"))
    keys = [movement.external_id for movement in movements]
    payments = {
        payment.external_id: payment
        for payment in Payment.objects.filter(external_id__in=keys).select_related("invoice")
    }
    return page(
        request,
        admin,
        "stripepayout/payout.html",
        original=payout,
        title=_("Payout %(number)s") % {"number": payout.payout_id},
        facts=[(_("in the bank"), payout.arrived_on), (_("amount"), format_amount(payout.amount))],
        findings=year_end.payout_findings([payout])[payout],
        movements=[
            {
                "kind": movement.kind,
                "reference": movement.reference,
                "amount": format_amount(movement.amount),
                "fee": format_amount(movement.fee),
                "payment": payments.get(movement.external_id),
            }
            for movement in movements
        ],
    )
