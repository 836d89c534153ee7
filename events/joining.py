"""Becoming a member in the same check-out as the seats, at the members' price at once.

The rule, as it is told before: the fee comes on an invoice of its own once the address is
confirmed. If that does not happen in time, or the application is rejected, the difference to the
price for everyone is invoiced, or the seat is given back free of charge.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from billing.money import format_price
from events.models import Price
from events.prices import Asker, PriceDecision
from members.models import User
from members.offers import ordinary_fee_now
from members.standing import FeeState, Standing, State, standing_of

SESSION_KEY = "joins"
TIME_TO_CONFIRM = timedelta(days=3)
NEW_MEMBER = Asker(Standing(State.MEMBER, fee=FeeState.OPEN), is_logged_in=True)
"""Somebody whose fee is not yet due."""


@dataclass(frozen=True)
class Offer:
    """What the cart says of joining."""

    is_taken: bool
    fee: str
    saving: str
    seen: str
    """The fee, to come back with the form: nobody agrees to one that they have not seen."""


def wants_to(request: HttpRequest, cart: uuid.UUID | None) -> bool:
    """Whether this cart is checked out together with a membership."""
    return cart is not None and request.session.get(SESSION_KEY) == str(cart)


def choose(request: HttpRequest, cart: uuid.UUID, *, joins: bool) -> None:
    if joins:
        request.session[SESSION_KEY] = str(cart)
    else:
        request.session.pop(SESSION_KEY, None)


def may_join(user: User | None, today: date) -> bool:
    """Members in good standing have the price already; who owes a fee pays that first."""
    return user is None or not standing_of(user, today).is_member


def as_new_member(decision: PriceDecision) -> PriceDecision:
    """The same price, with the reason that is true here."""
    if decision.audience != Price.Audience.MEMBER:
        return decision
    return replace(decision, why=_("You become a member at the same time."), better=())


def offer(saving: Decimal, today: date, *, is_taken: bool) -> Offer | None:
    """None where it saves nothing, or nobody has decided a fee."""
    fee = ordinary_fee_now(today) if saving > 0 else None
    if fee is None:
        return None
    return Offer(
        is_taken=is_taken, fee=format_price(fee), saving=format_price(saving), seen=str(fee)
    )
