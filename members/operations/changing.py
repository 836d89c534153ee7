"""People put their own details right, and say who pays."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.operations import CreditLine, credit_invoice
from billing.operations.paying import locked_balance
from members.models import BillingDetails, Membership, User
from members.operations.histories import note_actor
from members.operations.refusals import MovedAlready, NothingToMove
from members.operations.starting import invoice_for, locked


@transaction.atomic
def change_details(*, person: User, by: User, today: date) -> User:
    """Keep what the form has put on `person`, and that it was looked over today."""
    person.details_confirmed_on = today
    note_actor(person, by)
    person.save(
        update_fields=["name", "phone", "employer", "title", "language", "details_confirmed_on"]
    )
    return person


@transaction.atomic
def change_payer(
    *, details: BillingDetails, work: Mapping[str, str] | None = None, by: User
) -> BillingDetails:
    """From the next invoice on. What is issued already stands as it is; see move_invoice.

    `work`: employer and title, of somebody who has changed job.
    """
    person = locked(details.user)
    note_actor(details, by)
    details.save()
    changed = [name for name, value in (work or {}).items() if getattr(person, name) != value]
    if work and changed:
        for name in changed:
            setattr(person, name, work[name])
        note_actor(person, by)
        person.save(update_fields=changed)
    return details


def movable(user: User) -> Membership | None:
    """The membership whose invoice nobody has paid anything of, if there is one.

    Of an invoice shared with colleagues a line may have been credited: it is not this one's.
    """
    unpaid = Invoice.objects.open().filter(paid=0)
    alone = Q(invoice_line=None, invoice__in=unpaid.filter(credited=0).values("pk"))
    shared = Q(invoice_line__isnull=False, invoice__in=unpaid.values("pk"))
    rows = Membership.objects.not_ended().filter(alone | shared, user=user)
    rows = rows.select_related("user", "kind", "invoice", "invoice_line")
    return rows.order_by("starts_on").first()


@transaction.atomic
def move_invoice(*, user: User, by: User, today: date) -> Invoice:
    """Credit the unpaid fee and issue it to whoever pays now. Once for each year of membership.

    Raises NothingToMove, or MovedAlready: a due date cannot be pushed ahead for ever.
    """
    locked(user)
    membership = movable(user)
    if membership is None or membership.invoice is None:
        raise NothingToMove
    old, line = membership.invoice, membership.invoice_line
    if "instead-of" in old.source:
        raise MovedAlready
    fee = line.gross if line else old.total
    left = locked_balance(old)
    if left < fee or (line is None and left != fee):
        raise NothingToMove
    with translation.override(old.language):
        reason = _("Issued again to another payer.")
    lines = [CreditLine(line)] if line else None
    credit_invoice(invoice=old, reason=reason, by=by, today=today, lines=lines)
    membership.invoice_line = None
    membership.invoice = invoice_for(membership, fee=fee, by=by, today=today, instead_of=old)
    note_actor(membership, by)
    membership.save(update_fields=["invoice", "invoice_line"])
    return membership.invoice
