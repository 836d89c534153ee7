"""One invoice to an employer for the fees of several members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.operations import Customer, credit_invoice, issue_invoice
from billing.operations.paying import locked_balance
from members.models import BillingDetails, Membership, User
from members.operations.histories import note_actor
from members.operations.refusals import NotOneInvoice
from members.operations.rights import demand
from members.operations.starting import fee_line, lock_people
from members.payers import customer_of

EMPLOYER = BillingDetails.Payer.EMPLOYER


@dataclass(frozen=True)
class Collection:
    """Fees that can go on one invoice; each has an invoice of its own today, which is credited."""

    members: Sequence[Membership]
    customer: Customer
    total: Decimal


def plan_collection(memberships: Iterable[Membership]) -> Collection:
    """What one invoice for these would be. Raises NotOneInvoice, with everything against it."""
    rows = sorted(memberships, key=lambda row: (row.user.name, row.pk))
    faults = [words for row in rows for words in _faults(row)]
    payers = {key: row for row in rows if (key := payer_key(row.user))}
    if len(payers) > 1:
        names = ", ".join(sorted(customer_of(row.user).name for row in payers.values()))
        faults.append(_("They have different payers: %s.") % names)
    if len(rows) < 2:
        faults.append(_("Choose at least two members."))
    if faults:
        raise NotOneInvoice(" ".join(faults))
    total = sum((row.invoice.total for row in rows if row.invoice), Decimal(0))
    return Collection(rows, customer_of(rows[0].user), total)


def payer_key(user: User) -> tuple[str, ...]:
    """Two with the same get the same invoice. Empty for those who pay for themselves."""
    details = BillingDetails.objects.filter(user=user, payer=EMPLOYER).first()
    return payer_of(details) if details else ()


def payer_of(details: BillingDetails) -> tuple[str, ...]:
    return (details.organisation_number, details.email.lower(), details.reference.casefold())


def _faults(row: Membership) -> list[str]:
    words = {"name": row.user.name}
    if not payer_key(row.user):
        return [_("%(name)s has no employer that pays.") % words]
    if row.ended_on is not None or row.invoice is None or row.invoice_line_id:
        return [_("%(name)s has no invoice of their own to collect.") % words]
    if locked_balance(row.invoice) != row.invoice.total:
        return [_("%(name)s has an invoice that is paid or credited, in whole or in part.") % words]
    return []


@transaction.atomic
def collect_fees(
    *,
    memberships: Iterable[Membership],
    reference: str = "",
    order_number: str = "",
    by: User,
    today: date,
) -> Invoice:
    """Credit the members' own unpaid invoices and issue one to their employer instead.

    Raises NotOneInvoice. Pressed twice, the second finds nothing to collect.
    """
    demand(by, "members.change_membership")
    keys = [row.pk for row in memberships]
    lock_people(Membership.objects.filter(pk__in=keys).values_list("user", flat=True))
    rows = Membership.objects.filter(pk__in=keys).select_related("user", "kind", "invoice")
    plan = plan_collection(rows)
    fees = {row.pk: row.invoice.total for row in plan.members if row.invoice}
    for row in plan.members:
        assert row.invoice is not None  # noqa: S101  the plan saw to it
        with translation.override(row.invoice.language):
            reason = _("Put on one invoice with colleagues.")
        credit_invoice(invoice=row.invoice, reason=reason, by=by, today=today)
    customer = replace(
        plan.customer,
        reference=reference or plan.customer.reference,
        order_number=order_number or plan.customer.order_number,
    )
    return invoice_together(plan.members, fees, customer=customer, by=by, today=today)


def invoice_together(
    members: Sequence[Membership],
    fees: dict[int, Decimal],
    *,
    customer: Customer,
    by: User | None,
    today: date,
) -> Invoice:
    """One invoice, a line for each. Nobody's pages show it: it names the others too.

    The people are locked. `fees` by membership.
    """
    invoice = issue_invoice(
        source=_source(members),
        customer=customer,
        lines=[fee_line(row, fees[row.pk]) for row in members],
        by=by,
        today=today,
    )
    for row, line in zip(members, invoice.lines.order_by("position"), strict=True):
        row.invoice, row.invoice_line = invoice, line
        note_actor(row, by, _("On one invoice with colleagues"))
        row.save(update_fields=["invoice", "invoice_line"])
    return invoice


def _source(members: Sequence[Membership]) -> str:
    """The same members are never put on one invoice twice."""
    keys = ",".join(str(row.pk) for row in members)
    return f"memberships:{sha256(keys.encode()).hexdigest()[:32]}"
