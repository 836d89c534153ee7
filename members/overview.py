"""The membership's part of my pages: where one stands, in one sentence, and what can be done."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.money import format_price
from members.models import Application, Membership, User
from members.periods import DAY
from members.standing import FeeState, Standing, State, fee_state, standing

LOOK_OVER_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class MembershipOverview:
    """`sentence` says it all; `next_year` and `in_review` add to it when there is something."""

    standing: Standing
    sentence: str
    next_year: str = ""
    in_review: Application | None = None
    open_invoice: Invoice | None = None
    paid_by_another: str = ""
    """The payer of an invoice shared with colleagues, while it is unpaid."""
    last: Membership | None = None
    """The last of what runs or is to come."""
    asks_to_look_over: bool = False

    @property
    def can_join(self) -> bool:
        return not self.standing.is_member and self.in_review is None

    @property
    def can_convert(self) -> bool:
        return self.standing.state is State.STUDENT

    @property
    def has_left(self) -> bool:
        return self.last is not None and self.last.ended_why == Membership.Ended.LEFT

    @property
    def can_stay(self) -> bool:
        """Leaving can be taken back while what is paid still runs."""
        return self.has_left and self.last is not None and self.last.ended_on == self.last.ends_on

    @property
    def can_leave(self) -> bool:
        return self.last is not None and self.last.ended_on is None


def for_person(user: User, today: date) -> MembershipOverview:
    """Two queries."""
    rows = list(Membership.objects.with_fee().filter(user=user).order_by("starts_on"))
    where = standing(rows, today)
    current = where.membership
    invoice = current.invoice if current and _is_owed(where.fee) else None
    return MembershipOverview(
        standing=where,
        sentence=sentence(where),
        next_year=_next_year(rows, where, today),
        in_review=user.applications.to_review().select_related("kind").first(),
        open_invoice=invoice if invoice and invoice.buyer_id == user.pk else None,
        paid_by_another=invoice.customer_name if invoice and invoice.buyer_id is None else "",
        last=_last(rows, today),
        asks_to_look_over=where.is_member and _is_long_ago(user.details_confirmed_on, today),
    )


def sentence(where: Standing) -> str:
    """`Medlem till och med 14 mars 2027, betald`."""
    if where.state is State.NEVER:
        return _("You are not a member yet.")
    if where.membership is None or where.until is None or where.fee is None:
        assert where.last is not None  # noqa: S101  somebody lapsed was a member once
        return _("Your membership ended on %(day)s.") % {"day": _day(where.last.last_day_on)}
    words = {"day": _day(where.until), "fee": _fee_in_words(where.fee, where.membership.invoice)}
    if where.state is State.STUDENT:
        return _("Student member until and including %(day)s, %(fee)s.") % words
    return _("Member until and including %(day)s, %(fee)s.") % words


def _fee_in_words(fee: FeeState, invoice: Invoice | None) -> str:
    due = _day(invoice.due_on) if invoice and invoice.due_on else ""
    return {
        FeeState.FREE: _("free of charge"),
        FeeState.PAID: _("paid"),
        FeeState.OPEN: _("to be paid by %(day)s") % {"day": due},
        FeeState.OVERDUE: _("unpaid since %(day)s") % {"day": due},
        FeeState.CREDITED: _("the fee has been credited"),
    }[fee]


def _next_year(rows: list[Membership], where: Standing, today: date) -> str:
    """The year after, once it is there and somebody still owes something for it."""
    following = _following(rows, where)
    if following is None or following.invoice is None:
        return ""
    if not _is_owed(fee_state(following, today)):
        return ""
    return _("The next year, from %(day)s, has been invoiced: %(amount)s to pay by %(due)s.") % {
        "day": _day(following.starts_on),
        "amount": format_price(following.fee_left or Decimal(0)),
        "due": _day(following.invoice.due_on),
    }


def _last(rows: list[Membership], today: date) -> Membership | None:
    """See also: MembershipQuerySet.to_come_or_running."""
    left = [row for row in rows if row.last_day_on >= max(today, row.starts_on)]
    return left[-1] if left else None


def _following(rows: list[Membership], where: Standing) -> Membership | None:
    if where.membership is None:
        return None
    first = where.membership.last_day_on + DAY
    return next((row for row in rows if row.starts_on == first and row.ended_on is None), None)


def _is_owed(fee: FeeState | None) -> bool:
    return fee in {FeeState.OPEN, FeeState.OVERDUE}


def _is_long_ago(day: date | None, today: date) -> bool:
    return day is None or day + LOOK_OVER_AFTER <= today


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else ""
