"""What waits for the treasurer, for the front page of the admin."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import letters
from billing.models import BankTransaction, Invoice, StripeEvent

Waiting = tuple[str | Promise, int, str]
# When the last reminder has been sent and has had its time.
LONG = timedelta(days=30)


def waiting(user: Any, today: date) -> Iterator[Waiting]:
    """Title, count and address of each list that `user` may work through. A query for each."""
    if user.has_perm("billing.change_invoice"):
        invoices = reverse("admin:billing_invoice_changelist")
        yield (
            _("Invoices overdue for more than a month"),
            Invoice.objects.balance_in_one_pass("> 0").filter(due_on__lt=today - LONG).count(),
            f"{invoices}?status=long-overdue",
        )
        yield (
            _("Overpaid invoices: money to give back"),
            Invoice.objects.balance_in_one_pass("< 0").count(),
            f"{invoices}?status=overpaid",
        )
        yield (
            _("Invoices whose mail did not get through"),
            letters.undelivered().count(),
            f"{invoices}?status=undelivered",
        )
    if user.has_perm("billing.change_banktransaction"):
        yield (
            _("Bank transactions to match"),
            BankTransaction.objects.waiting().count(),
            f"{reverse('admin:billing_banktransaction_changelist')}?queue=waiting",
        )
    if user.has_perm("billing.change_stripeevent"):
        yield (
            _("Card payments to look at"),
            StripeEvent.objects.waiting().count(),
            f"{reverse('admin:billing_stripeevent_changelist')}?queue=waiting",
        )
