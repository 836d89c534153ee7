"""How memberships go on, end and begin again: the years of one person, as plain data.

The rules are the association's own; what people do about them comes from outside as choices.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from billing.models import Seller
from config.demo.seed.clock import DAY, Clock, workday
from config.demo.seed.sales import BANK, CARD, Credit, Fate, Paid
from members.fees import fee_on
from members.models import Application, Fee, Membership, MembershipKind, RenewalTerms
from members.periods import Period, following, year_number

Ended = Membership.Ended
ENDED = "The membership has ended."


@dataclass(frozen=True)
class Rules:
    """The association's numbers as they stand in the database."""

    clock: Clock
    ordinary: MembershipKind
    student: MembershipKind
    fees: dict[int, list[Fee]]
    payment_days: int
    invoice_before: int
    unpaid_ends_after: int

    @classmethod
    def in_force(cls, clock: Clock) -> "Rules":
        terms = RenewalTerms.objects.get()
        rows = MembershipKind.objects.order_by("-position")
        kinds = {kind.is_for_students: kind for kind in rows}
        return cls(
            clock=clock,
            ordinary=kinds[False],
            student=kinds[True],
            fees={kind.pk: list(kind.fees.all()) for kind in kinds.values()},
            payment_days=Seller.objects.get().payment_days,
            invoice_before=terms.invoice_before,
            unpaid_ends_after=terms.unpaid_ends_after,
        )

    def fee(self, kind: MembershipKind, day: date) -> Decimal:
        return fee_on(self.fees[kind.pk], day)


@dataclass(frozen=True)
class Choice:
    """What a person does about one year's invoice; numbers are days after it was issued."""

    pays_after: int | None = 20
    """None: never."""
    method: str = BANK
    part: Decimal | None = None
    """Pays only so much."""
    leaves_after: int | None = None
    """Leaves instead of paying."""
    leaves_in_the_year: int | None = None
    """Pays, and says so many days into the year that it was the last one."""


@dataclass(eq=False)
class Year:
    kind: MembershipKind
    period: Period
    fee: Decimal
    issued_on: date
    is_by_night: bool = False
    fate: Fate = field(default_factory=Fate)
    exempt_reason: str = ""
    ended_on: date | None = None
    ended_why: str = ""
    row: Membership | None = None

    @property
    def last_day(self) -> date:
        return self.ended_on or self.period.last

    def is_current(self, today: date) -> bool:
        return self.period.first <= today <= self.last_day

    def end(self, day: date, why: str) -> None:
        self.ended_on = max(min(day, self.period.last), self.period.first - DAY)
        self.ended_why = why


@dataclass(frozen=True)
class Applied:
    """An application and how far it came."""

    kind: MembershipKind
    on: date
    confirmed_on: date | None = None
    decided_on: date | None = None
    state: str = Application.State.APPROVED
    is_employed: bool | None = None
    reason: str = ""
    question: str = ""
    asked_on: date | None = None


Choices = Callable[[int], Choice]


# --- Ordinary members -------------------------------------------------------------------------


def ordinary_years(rules: Rules, first_day: date, choices: Choices) -> list[Year]:
    """Year after year from the first day on, until the person leaves or does not pay, or today."""
    years: list[Year] = []
    for number in count():
        year = _ordinary_year(rules, first_day, number)
        if year.issued_on > rules.clock.today:
            break
        years.append(year)
        if not _goes_on(rules, years, choices(number)):
            break
    return years


def _ordinary_year(rules: Rules, first_day: date, number: int) -> Year:
    period = year_number(first_day, number)
    before = timedelta(days=rules.invoice_before + 1) if number else timedelta()
    fee = rules.fee(rules.ordinary, period.first)
    return Year(rules.ordinary, period, fee, period.first - before, is_by_night=number > 0)


def _goes_on(rules: Rules, years: list[Year], choice: Choice) -> bool:
    """Writes into the last year what the person did. False when it was the last one."""
    year, clock = years[-1], rules.clock
    if choice.leaves_after is not None:
        return not _leaves_instead_of_paying(clock, years, choice.leaves_after)
    if choice.pays_after is None:
        return not _is_ended_unpaid(rules, year)
    pay(clock, year, choice)
    if choice.leaves_in_the_year is None:
        return True
    said_on = year.period.first + timedelta(days=choice.leaves_in_the_year)
    if not clock.has_been(said_on):
        return True
    year.end(year.period.last, Ended.LEFT)
    return False


def pay(clock: Clock, year: Year, choice: Choice) -> None:
    if choice.pays_after is None:
        return
    day = year.issued_on + timedelta(days=choice.pays_after)
    paid_on = day if choice.method == CARD else workday(day)
    if clock.has_been(paid_on):
        year.fate.payments.append(Paid(paid_on, choice.method, choice.part))


def _is_ended_unpaid(rules: Rules, year: Year) -> bool:
    due_on = year.issued_on + timedelta(days=rules.payment_days)
    last_day = due_on + timedelta(days=rules.unpaid_ends_after)
    if last_day + DAY > rules.clock.today:
        return False
    year.end(last_day, Ended.UNPAID)
    year.fate.credit = Credit(last_day + DAY, ENDED, is_by_night=True)
    return True


def _leaves_instead_of_paying(clock: Clock, years: list[Year], after: int) -> bool:
    """The new year never begins, or ends that day; the one before runs to its end."""
    year = years[-1]
    day = year.issued_on + timedelta(days=after)
    if not clock.has_been(day):
        return False
    year.end(day if len(years) == 1 else years[-2].period.last, Ended.LEFT)
    year.fate.credit = Credit(day, ENDED)
    if len(years) > 1:
        years[-2].end(years[-2].period.last, Ended.LEFT)
    return True


# --- Students ---------------------------------------------------------------------------------


def student_year(rules: Rules, earlier: list[Year], decided_on: date, choice: Choice) -> Year:
    """The year that an approval gives: free the first time, on from the last or anew."""
    runs_on = earlier and earlier[-1].last_day >= decided_on - DAY
    period = following([year.period for year in earlier]) if runs_on else year_number(decided_on, 0)
    fee = rules.fee(rules.student, period.first) if earlier else Decimal(0)
    year = Year(rules.student, period, fee, decided_on)
    if fee:
        pay(rules.clock, year, choice)
        if choice.pays_after is None:
            _is_ended_unpaid(rules, year)
    return year


# --- What a person has been -------------------------------------------------------------------


@dataclass(eq=False)
class Life:
    years: list[Year] = field(default_factory=list)
    applications: list[Applied] = field(default_factory=list)
    exempt_reason: str = ""
    joined_on: date | None = None

    def is_member(self, day: date) -> bool:
        return any(year.is_current(day) for year in self.years)

    def kind_on(self, day: date) -> MembershipKind | None:
        return next((year.kind for year in self.years if year.is_current(day)), None)

    def last_day(self) -> date | None:
        return max((year.period.last for year in self.years), default=None)
