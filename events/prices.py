"""Where prices are decided.

By the logged-in account's membership on the day of booking: running, and its fee paid or not yet
overdue. Never by a number or an address that somebody types.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from django.utils import formats
from django.utils.translation import gettext as _

from billing.money import ZERO, format_price
from events.models import Price
from members.models import User
from members.offers import ordinary_fee
from members.standing import Standing, State, standing_of

Audience = Price.Audience
STRANGER = Standing(State.NEVER)


class Way(Enum):
    """How to come to a better price."""

    LOG_IN = "log in"
    PAY_FEE = "pay the fee"
    JOIN = "join"


@dataclass(frozen=True)
class Step:
    """A way to a better price, and what that price is."""

    way: Way
    amount: Decimal
    text: str


@dataclass(frozen=True)
class Asker:
    """Who asks for prices, looked up once for however many events."""

    standing: Standing = STRANGER
    is_logged_in: bool = False
    joining_fee: Decimal | None = None
    """What a year as an ordinary member costs; None when they need not be told."""


@dataclass(frozen=True)
class PriceDecision:
    """`amount` is SEK including VAT; None when there is no price that this person may have."""

    amount: Decimal | None
    audience: str
    why: str
    better: tuple[Step, ...] = ()
    until: date | None = None
    """Last day of the price, for an early bird."""

    @property
    def is_free(self) -> bool:
        return self.amount == ZERO


def buyer(user: User | None, today: date) -> Asker:
    """All that decides a price. At most one query."""
    return Asker(standing_of(user, today), is_logged_in=True) if user else Asker()


def asker_for(user: User | None, today: date) -> Asker:
    """Also what they would be told about a better price. At most three queries, whatever is asked
    afterwards.
    """
    asker = buyer(user, today)
    return asker if asker.standing.is_member else replace(asker, joining_fee=ordinary_fee(today))


def price_for(prices: Iterable[Price], asker: Asker, today: date) -> PriceDecision:
    """The cheapest of an event's prices that are this person's on that day, and why.

    A student without a price for students has the members' price, and a member without one has
    everybody's, because whoever is of a narrower audience is of the wider ones too.
    """
    in_force = [price for price in prices if price.until is None or today <= price.until]
    chosen = _cheapest(in_force, asker.standing)
    amount = chosen.amount if chosen else None
    return PriceDecision(
        amount=amount,
        audience=chosen.audience if chosen else Audience.PUBLIC,
        why=_why(chosen, asker.standing, in_force),
        better=_better(amount, in_force, asker),
        until=chosen.until if chosen else None,
    )


_NARROWEST_FIRST = (Audience.STUDENT, Audience.MEMBER, Audience.PUBLIC)


def _cheapest(prices: Iterable[Price], standing: Standing) -> Price | None:
    """Of two that cost the same, the one for the narrower audience: it says more."""
    theirs = [price for price in prices if _is_theirs(price, standing)]
    return min(theirs, key=lambda p: (p.amount, _NARROWEST_FIRST.index(p.audience)), default=None)


def _is_theirs(price: Price, standing: Standing) -> bool:
    if price.audience == Audience.PUBLIC:
        return True
    if price.audience == Audience.STUDENT and standing.state is not State.STUDENT:
        return False
    return standing.fee_paid if price.demands_paid_fee else standing.in_good_standing


def _why(chosen: Price | None, standing: Standing, prices: list[Price]) -> str:
    if chosen is None:
        return _("This event is for members.") if prices else _("No price has been set yet.")
    if chosen.audience == Audience.PUBLIC:
        return _why_public(standing, prices)
    if chosen.amount == ZERO:
        return _("You are a member, and members attend free of charge.")
    if chosen.audience == Audience.STUDENT:
        return _("You are a student member, and this is the price for students.")
    return _("You are a member, and this is the price for members.")


def _why_public(standing: Standing, prices: list[Price]) -> str:
    if all(price.audience == Audience.PUBLIC for price in prices):
        return _("The price is the same for everyone.")
    if standing.overdue:
        return _("The price for everyone, because your membership fee is overdue.")
    if standing.in_good_standing:
        return _("The price for everyone: the lower one is for those whose fee is paid.")
    if standing.is_member:
        return _("The price for everyone, because your membership fee was credited.")
    if standing.last is not None:
        day = formats.date_format(standing.last.last_day_on)
        return _("The price for everyone, because your membership ended on %(day)s.") % {"day": day}
    return _("The price for everyone. Members pay less.")


def _better(amount: Decimal | None, prices: list[Price], asker: Asker) -> tuple[Step, ...]:
    """Log in or become a member; or pay the fee. Nothing for whoever has the best price."""
    if asker.standing.is_member:
        return _by_paying(amount, prices, asker.standing)
    # Whoever joins has a fee that is not yet due, which not every price is content with.
    as_member = _least(p for p in prices if p.audience == Audience.MEMBER)
    if as_member is None or not _is_less(as_member.amount, amount):
        return ()
    joining = _by_joining(amount, as_member, asker.joining_fee)
    return joining if asker.is_logged_in else (_by_logging_in(as_member.amount), *joining)


def _by_paying(amount: Decimal | None, prices: list[Price], standing: Standing) -> tuple[Step, ...]:
    wanted = {Audience.MEMBER}
    if standing.state is State.STUDENT:
        wanted.add(Audience.STUDENT)
    reachable = _least(price for price in prices if price.audience in wanted)
    has_open_fee = standing.membership is not None and not standing.fee_paid
    credited = not standing.overdue and not standing.in_good_standing
    if reachable is None or not has_open_fee or credited or not _is_less(reachable.amount, amount):
        return ()
    price = format_price(reachable.amount)
    text = _("Pay your open membership fee, and your price is %(price)s.") % {"price": price}
    return (Step(Way.PAY_FEE, reachable.amount, text),)


def _by_logging_in(amount: Decimal) -> Step:
    text = _("Are you a member? Log in, and your price is %(price)s.")
    return Step(Way.LOG_IN, amount, text % {"price": format_price(amount)})


def _by_joining(amount: Decimal | None, as_member: Price, fee: Decimal | None) -> tuple[Step, ...]:
    if fee is None or as_member.demands_paid_fee:
        return ()
    words = {"fee": format_price(fee), "price": format_price(as_member.amount)}
    if amount is None:
        text = _("Become a member for %(fee)s a year, and your price is %(price)s.") % words
    else:
        words["saving"] = format_price(amount - as_member.amount)
        text = (
            _(
                "Become a member for %(fee)s a year, and your price is %(price)s: "
                "you save %(saving)s here."
            )
            % words
        )
    return (Step(Way.JOIN, as_member.amount, text),)


def _least(prices: Iterable[Price]) -> Price | None:
    return min(prices, key=lambda price: (price.amount, price.demands_paid_fee), default=None)


def _is_less(amount: Decimal, than: Decimal | None) -> bool:
    return than is None or amount < than
