"""Whether somebody is a member today, of which kind, and whether the fee is in order.

Nothing of this is stored. It is read from the periods and their invoices; events asks here for
its prices, and my pages for their first sentence.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from billing.money import ZERO
from members.models import Membership, User
from members.periods import DAY


class State(Enum):
    NEVER = "never"
    LAPSED = "lapsed"
    STUDENT = "student"
    MEMBER = "member"


class FeeState(Enum):
    FREE = "free"
    PAID = "paid"
    OPEN = "open"
    OVERDUE = "overdue"
    CREDITED = "credited"


IN_ORDER = frozenset({FeeState.FREE, FeeState.PAID})


@dataclass(frozen=True)
class Standing:
    """`membership` is the period running today; `last`, when there is none, the one that was."""

    state: State
    membership: Membership | None = None
    fee: FeeState | None = None
    until: date | None = None
    """Last day of what is in order or not yet due; a next year already paid counts."""
    last: Membership | None = None

    @property
    def is_member(self) -> bool:
        """Of either kind, whether the fee is in order or not."""
        return self.membership is not None

    @property
    def fee_paid(self) -> bool:
        """Paid, or nothing to pay."""
        return self.fee in IN_ORDER

    @property
    def overdue(self) -> bool:
        return self.fee is FeeState.OVERDUE

    @property
    def in_good_standing(self) -> bool:
        """Entitled to what members are entitled to: the fee is in order or not yet due."""
        return self.fee_paid or self.fee is FeeState.OPEN


def standing_of(user: User, today: date) -> Standing:
    return standings_of([user.pk], today)[user.pk]


def standings_of(user_ids: Iterable[int], today: date) -> Mapping[int, Standing]:
    """The twin for many people: one query, whoever they are."""
    wanted = list(user_ids)
    periods: dict[int, list[Membership]] = defaultdict(list)
    for membership in Membership.objects.with_fee().filter(user__in=wanted).order_by("starts_on"):
        periods[membership.user_id].append(membership)
    return {user_id: standing(periods[user_id], today) for user_id in wanted}


def standing(memberships: Sequence[Membership], today: date) -> Standing:
    """From one person's rows, fetched with `Membership.objects.with_fee()`, oldest first."""
    begun = [period for period in memberships if period.starts_on <= period.last_day_on]
    current = next((period for period in begun if period.is_current(today)), None)
    if current is None:
        past = [period for period in begun if period.last_day_on < today]
        return Standing(State.LAPSED, last=past[-1]) if past else Standing(State.NEVER)
    return Standing(
        State.STUDENT if current.kind.is_for_students else State.MEMBER,
        membership=current,
        fee=fee_state(current, today),
        until=_until(current, begun, today),
    )


def fee_state(membership: Membership, today: date) -> FeeState:
    """Of a row fetched with `with_fee()`."""
    invoice = membership.invoice
    if membership.is_carried_over and invoice is None:
        return FeeState.PAID
    if invoice is None or invoice.total == 0:
        return FeeState.FREE
    if (membership.fee_credited or ZERO) >= invoice.total:
        return FeeState.CREDITED
    if (membership.fee_left or ZERO) <= 0:
        return FeeState.PAID
    is_overdue = invoice.due_on is not None and invoice.due_on < today
    return FeeState.OVERDUE if is_overdue else FeeState.OPEN


def _until(current: Membership, begun: Sequence[Membership], today: date) -> date:
    last = current.last_day_on
    for period in begun:
        if period.starts_on == last + DAY and fee_state(period, today) in IN_ORDER:
            last = period.last_day_on
    return last
