"""Where prices are decided: audience × standing × date, as a table."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from events.models import Price
from events.prices import Asker, Way, price_for
from members.standing import FeeState, Standing, State

TODAY = date(2026, 3, 2)
LATER = date(2026, 4, 1)


def standing(state: State, fee: FeeState | None = None) -> Standing:
    """Without rows: prices look at nothing but the state, the fee and the last day."""
    is_member = state in {State.MEMBER, State.STUDENT}
    membership: Any = SimpleNamespace() if is_member else None
    last: Any = SimpleNamespace(last_day_on=date(2025, 12, 31)) if state is State.LAPSED else None
    return Standing(state, membership=membership, fee=fee, last=last)


STRANGER = Asker(joining_fee=Decimal(1645))
VISITOR_WITH_ACCOUNT = Asker(is_logged_in=True, joining_fee=Decimal(1645))


def person(state: State, fee: FeeState | None = None) -> Asker:
    fee_to_join = None if fee else Decimal(1645)
    return Asker(standing(state, fee), is_logged_in=True, joining_fee=fee_to_join)


LAPSED = person(State.LAPSED)
PAID = person(State.MEMBER, FeeState.PAID)
OPEN = person(State.MEMBER, FeeState.OPEN)
OVERDUE = person(State.MEMBER, FeeState.OVERDUE)
CREDITED = person(State.MEMBER, FeeState.CREDITED)
STUDENT_FREE = person(State.STUDENT, FeeState.FREE)
STUDENT_OPEN = person(State.STUDENT, FeeState.OPEN)
STUDENT_OVERDUE = person(State.STUDENT, FeeState.OVERDUE)

EVERYBODY = {
    "stranger": STRANGER,
    "account": VISITOR_WITH_ACCOUNT,
    "lapsed": LAPSED,
    "paid": PAID,
    "open": OPEN,
    "overdue": OVERDUE,
    "credited": CREDITED,
    "student": STUDENT_FREE,
    "student open": STUDENT_OPEN,
    "student overdue": STUDENT_OVERDUE,
}


def price(audience: str, amount: str, **changes: Any) -> Price:
    return Price(audience=audience, amount=Decimal(amount), **changes)


SEMINAR = [price("member", "0"), price("public", "500")]
CONFERENCE = [price("student", "900"), price("member", "4900"), price("public", "5900")]
DEMANDING = [price("member", "4900", demands_paid_fee=True), price("public", "5900")]
EARLY = [
    price("member", "3900", until=TODAY),
    price("member", "4900"),
    price("public", "4500", until=TODAY),
    price("public", "5900"),
]
MEMBERS_ONLY = [price("member", "0")]
SAME_FOR_ALL = [price("public", "300")]

# Who pays what: the columns are the offers above, in the order of OFFERS.
OFFERS = [SEMINAR, CONFERENCE, DEMANDING, EARLY, MEMBERS_ONLY, SAME_FOR_ALL]
TABLE = {
    "stranger": ["500", "5900", "5900", "4500", None, "300"],
    "account": ["500", "5900", "5900", "4500", None, "300"],
    "lapsed": ["500", "5900", "5900", "4500", None, "300"],
    "paid": ["0", "4900", "4900", "3900", "0", "300"],
    "open": ["0", "4900", "5900", "3900", "0", "300"],
    "overdue": ["500", "5900", "5900", "4500", None, "300"],
    "credited": ["500", "5900", "5900", "4500", None, "300"],
    "student": ["0", "900", "4900", "3900", "0", "300"],
    "student open": ["0", "900", "5900", "3900", "0", "300"],
    "student overdue": ["500", "5900", "5900", "4500", None, "300"],
}
CELLS = [
    (who, column, amount) for who, amounts in TABLE.items() for column, amount in enumerate(amounts)
]


@pytest.mark.parametrize(("who", "column", "amount"), CELLS)
def test_who_pays_what(who: str, column: int, amount: str | None) -> None:
    decision = price_for(OFFERS[column], EVERYBODY[who], TODAY)
    assert decision.amount == (None if amount is None else Decimal(amount))
    assert decision.why


@pytest.mark.parametrize(
    ("day", "member", "public"), [(TODAY, "3900", "4500"), (LATER, "4900", "5900")]
)
def test_an_early_bird_ends_after_its_last_day(day: date, member: str, public: str) -> None:
    assert price_for(EARLY, PAID, day).amount == Decimal(member)
    assert price_for(EARLY, STRANGER, day).amount == Decimal(public)


def test_the_last_day_of_an_early_bird_is_told() -> None:
    assert price_for(EARLY, PAID, TODAY).until == TODAY
    assert price_for(EARLY, PAID, LATER).until is None


def test_of_two_equal_prices_the_narrower_audience_is_named() -> None:
    prices = [price("public", "0"), price("member", "0"), price("student", "0")]
    assert price_for(prices, STUDENT_FREE, TODAY).audience == "student"
    assert price_for(prices, PAID, TODAY).audience == "member"
    assert price_for(prices, STRANGER, TODAY).audience == "public"


def test_without_any_price_there_is_none() -> None:
    decision = price_for([], PAID, TODAY)
    assert (decision.amount, decision.better) == (None, ())


# --- The next step --------------------------------------------------------------------------

STEPS = {
    "stranger": [Way.LOG_IN, Way.JOIN],
    "account": [Way.JOIN],
    "lapsed": [Way.JOIN],
    "paid": [],
    "open": [],
    "overdue": [Way.PAY_FEE],
    "credited": [],
    "student": [],
    "student open": [],
    "student overdue": [Way.PAY_FEE],
}


@pytest.mark.parametrize(("who", "ways"), STEPS.items())
def test_the_shortest_way_to_a_better_price(who: str, ways: list[Way]) -> None:
    decision = price_for(CONFERENCE, EVERYBODY[who], TODAY)
    assert [step.way for step in decision.better] == ways


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_is_sent_anywhere_when_the_price_is_the_same_for_all(who: str) -> None:
    assert price_for(SAME_FOR_ALL, EVERYBODY[who], TODAY).better == ()


def test_who_owes_a_fee_is_sent_to_pay_it_where_the_price_demands_it() -> None:
    (step,) = price_for(DEMANDING, OPEN, TODAY).better
    assert (step.way, step.amount) == (Way.PAY_FEE, Decimal(4900))


def test_joining_is_not_offered_where_the_new_fee_would_have_to_be_paid_first() -> None:
    ways = [step.way for step in price_for(DEMANDING, VISITOR_WITH_ACCOUNT, TODAY).better]
    assert ways == []


def test_a_student_in_debt_is_told_the_student_price() -> None:
    (step,) = price_for(CONFERENCE, STUDENT_OVERDUE, TODAY).better
    assert step.amount == Decimal(900)


def test_joining_says_what_it_costs_and_saves() -> None:
    (step,) = price_for(CONFERENCE, VISITOR_WITH_ACCOUNT, TODAY).better
    assert step.amount == Decimal(4900)
    assert [figure in step.text for figure in ("1\xa0645", "4\xa0900", "1\xa0000")] == [True] * 3


def test_members_only_says_how_to_come_in() -> None:
    decision = price_for(MEMBERS_ONLY, STRANGER, TODAY)
    assert [step.way for step in decision.better] == [Way.LOG_IN, Way.JOIN]


REASONS = {
    "stranger": "Members pay less",
    "lapsed": "membership ended on 31 December 2025",
    "overdue": "your membership fee is overdue",
    "credited": "your membership fee was credited",
    "paid": "this is the price for members",
    "student": "this is the price for students",
}


@pytest.mark.parametrize(("who", "words"), REASONS.items())
def test_why_this_price(who: str, words: str) -> None:
    with translation.override("en"):
        assert words in price_for(CONFERENCE, EVERYBODY[who], TODAY).why
