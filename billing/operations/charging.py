"""Charging for an invoice that is paid late: what it announced, and what has not been charged."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import late_charges
from billing.models import InterestRate, Invoice, Product
from billing.money import ZERO
from billing.operations.issuing import Customer, Line, issue_invoice


@transaction.atomic
def charge_late_payment(*, invoice: Invoice, by: Any, today: date) -> Invoice | None:
    """Issue a charge for what has come up by today; None when there is nothing.

    At most one a day, whatever runs how often. It is not mailed: the reminder brings it along.
    Only with the invoice locked.
    """
    with override(invoice.language):
        lines = [*_fee(invoice), *_interest(invoice, today)]
    if not lines:
        return None
    return issue_invoice(
        source=late_charges.source(invoice.pk, today),
        customer=_customer(invoice),
        lines=lines,
        buyer=invoice.buyer,
        by=by,
        today=today,
        mail=False,
    )


def open_charges(invoice: Invoice) -> list[Any]:
    """The charges for this invoice that are not settled, with their balances."""
    return open_charges_of([invoice])


def open_charges_of(invoices: Iterable[Invoice]) -> list[Any]:
    """The same for many. Where paying late was not said to cost anything, there are none."""
    announced = [one for one in invoices if late_charges.are_announced(one.seller)]
    if not announced:
        return []
    return list(Invoice.objects.open().late_charges_of(*announced).order_by("pk"))


def _fee(invoice: Invoice) -> Iterator[Line]:
    fee = invoice.seller.get("reminder_fee", 0)
    if fee and not _charged(invoice, late_charges.FEE).exists():
        yield _line(invoice, late_charges.FEE, Decimal(fee), f"{_('Invoice')} {invoice.number}")


def _interest(invoice: Invoice, today: date) -> Iterator[Line]:
    if not invoice.seller.get("late_interest"):
        return
    assert invoice.due_on is not None  # noqa: S101  only credit notes have none
    earlier = _charged(invoice, late_charges.INTEREST).aggregate(last=Max("issued_on"))["last"]
    after = earlier or invoice.due_on
    amount = late_charges.interest(
        owed=_owed(invoice),
        rates=list(
            InterestRate.objects.order_by("valid_from").values_list("valid_from", "percent")
        ),
        after=after,
        until=today,
    )
    if amount > ZERO:
        period = _("Invoice %(number)s, after %(after)s until %(until)s")
        values = {"number": invoice.number, "after": after, "until": today}
        yield _line(invoice, late_charges.INTEREST, amount, period % values)


def _charged(invoice: Invoice, code: str) -> Any:
    return Invoice.objects.late_charges_of(invoice).filter(lines__product_code=code)


def _owed(invoice: Invoice) -> Callable[[date], Decimal]:
    """What was left as a day began. What has been credited was never owed."""
    credited = invoice.credit_notes.aggregate(sum=Sum("total"))["sum"] or ZERO
    payments = list(invoice.payments.values_list("paid_on", "amount"))

    def owed(day: date) -> Decimal:
        paid = sum((amount for paid_on, amount in payments if paid_on < day), ZERO)
        return max(invoice.total + credited - paid, ZERO)

    return owed


def _line(invoice: Invoice, code: str, amount: Decimal, detail: str) -> Line:
    product = Product.objects.get(code=code)
    name = getattr(product, f"name_{invoice.language}")
    return Line(product=product, text=name, detail=detail, unit_price=amount)


def _customer(invoice: Invoice) -> Customer:
    return Customer(
        name=invoice.customer_name,
        email=invoice.customer_email,
        language=invoice.language,
        address=invoice.customer_address,
        organisation_number=invoice.customer_organisation_number,
        vat_number=invoice.customer_vat_number,
        reference=invoice.customer_reference,
        order_number=invoice.order_number,
        cost_centre=invoice.cost_centre,
        peppol_id=invoice.peppol_id,
    )
