"""The few: those one can be in the demo, and one of each case that chance might leave out."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from config.demo import people
from config.demo.people import DemoPerson
from config.demo.seed import names
from config.demo.seed.clock import DAY
from config.demo.seed.crowd import HISTORY, Crowd, Person
from config.demo.seed.employers import Employer
from config.demo.seed.lives import (
    Applied,
    Choice,
    Ended,
    ordinary_years,
    student_year,
)
from config.demo.seed.sales import CARD
from members.models import Application, Consent, ConsentText
from members.periods import anniversary

State = Application.State
BY_CARD = Choice(pays_after=2, method=CARD)
PAYS = Choice()
NEVER = Choice(pays_after=None)


class Cast:
    """Writes the parts. `known` are the people one can be, by their key."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.rules, self.clock = crowd, crowd.rules, crowd.clock
        self.known: dict[str, Person] = {}

    def people(self) -> list[Person]:
        self.known = {
            "member": self._member(),
            "newcomer": self._newcomer(),
            "late": self._late(),
            "student": self._student(),
            "last-weeks": self._last_weeks(),
            "lapsed": self._lapsed(),
            "guest": self._guest(),
        }
        return [*self.known.values(), *self._others()]

    # --- Those one can be -----------------------------------------------------------------------

    def _play(self, key: str, *, employer: str = "", title: str = "", school: str = "") -> Person:
        demo: DemoPerson = people.PEOPLE[key]
        return Person(
            name=demo.name,
            email=demo.email,
            phone=names.phone(self.crowd.random),
            title=title,
            employer=self._employer(employer) if employer else None,
            school=school,
            mecenat_number=f"{self.crowd.random.randint(10**9, 10**10 - 1)}" if school else "",
            is_known=True,
        )

    def _employer(self, name: str) -> Employer:
        return next(one for one in self.crowd.employers if one.name == name)

    def _member(self) -> Person:
        person = self._play("member", employer="Älvhamra kommun", title="Dataskyddsombud")
        person.employer_pays = True
        self._joins(person, 2 * 365 + 120)
        said_on = self.clock.ago(2 * 365 + 120)
        for purpose in (ConsentText.Purpose.NEWS, ConsentText.Purpose.PARTICIPANTS):
            person.consents.append((purpose, Consent.Action.GIVEN, said_on, "my pages"))
        return person

    def _newcomer(self) -> Person:
        person = self._play("newcomer", title="Konsult i dataskydd")
        return self._joins(person, 9, last=NEVER)

    def _late(self) -> Person:
        person = self._play("late", employer="Tallåsen Försäkring AB", title="Bolagsjurist")
        return self._joins(person, 365 + 27, last=NEVER)

    def _student(self) -> Person:
        person = self._play("student", school="Mälarviks universitet")
        person.is_first_in_line = True
        return self._studies(person, 130)

    def _last_weeks(self) -> Person:
        person = self._play("last-weeks", school="Högskolan i Ekinge")
        return self._studies(person, 365 - 20)

    def _lapsed(self) -> Person:
        """Ended so lately that the mail about it can still be read."""
        person = self._play("lapsed", title="Registrator")
        rules = self.rules
        ended_on = self.clock.ago(9)
        due_on = ended_on - timedelta(days=rules.unpaid_ends_after)
        renewed_on = due_on - timedelta(days=rules.payment_days - rules.invoice_before - 1)
        return self._joins(
            person, (self.clock.today - anniversary(renewed_on, -1)).days, last=NEVER
        )

    def _guest(self) -> Person:
        person = self._play("guest", employer="Kompassrosen Bemanning AB", title="HR-specialist")
        person.life.joined_on = self.clock.ago(30)
        return person

    # --- One of each ----------------------------------------------------------------------------

    def _others(self) -> Iterator[Person]:
        yield from self._paying()
        yield from self._leaving()
        yield from self._studying()
        yield from self._applying()
        yield from self._colleagues()
        bounced = self._joins(self.crowd.employed(), 500)
        bounced.bounces = True
        yield bounced

    def _paying(self) -> Iterator[Person]:
        join, new = self._joins, self.crowd.employed
        yield join(new(), 365 + 90, last=Choice(part=Decimal(1000)))
        yield join(new(), 20, last=BY_CARD)
        yield join(new(), 365 - 12, last=NEVER)  # next year invoiced and not yet due
        yield join(new(), 365 - 14, last=BY_CARD)  # next year invoiced and paid
        yield join(new(), 365 + 12, last=NEVER)  # reminded once
        yield join(new(), 365 + 80, last=Choice(part=Decimal(1640)))  # too little to claim
        private = new()
        private.employer_pays = False
        yield join(private, 50, last=NEVER)  # new, and reminded once
        for days in (16, 5, 3):
            yield join(new(), days, last=NEVER)  # new, not yet due
        yield join(new(), 365 + 40, last=NEVER)  # reminded twice
        honorary = new()
        self._exempt(honorary, "Hedersledamot enligt årsmötets beslut")
        yield honorary

    def _leaving(self) -> Iterator[Person]:
        join, new = self._joins, self.crowd.employed
        yield join(new(), 200, last=Choice(leaves_in_the_year=90))  # runs to its end
        yield join(new(), 400, last=Choice(leaves_in_the_year=300), years=1)  # is over
        yield join(new(), 365 - 20, last=Choice(leaves_after=5))  # left when the invoice came
        yield join(new(), 330, last=NEVER)  # ended unpaid
        back = join(new(), HISTORY - 200, last=Choice(leaves_in_the_year=100), years=1)
        back.life.years += ordinary_years(self.rules, self.clock.ago(150), lambda _number: PAYS)
        yield back
        by_staff = join(new(), 250)
        by_staff.life.years[-1].end(self.clock.ago(60), Ended.BY_STAFF)
        yield by_staff

    def _studying(self) -> Iterator[Person]:
        studies, new = self._studies, self.crowd.studying
        yield studies(new(), 450, again=PAYS)
        yield studies(new(), 365 + 45, again=NEVER)  # overdue
        yield studies(new(), 365 + 5, again=NEVER)  # not yet due
        yield studies(new(), 365 + 90)  # over, and not asked for again
        yield studies(new(), 365 - 5)  # over in days
        converted = studies(new(), 300)
        first_day = self.clock.ago(100)
        converted.life.years[-1].end(first_day - DAY, Ended.CONVERTED)
        converted.life.years += ordinary_years(self.rules, first_day, lambda _number: PAYS)
        yield converted
        employed = new()
        self._joins(employed, 170, is_employed=True)
        yield employed

    def _applying(self) -> Iterator[Person]:
        for days in (3, 2, 1):
            yield self._in_review(days)
        yield self._in_review(6, question="Vilken dag slutar dina studier?")
        again = self._studies(self.crowd.studying(), 365 - 12)
        self._asks(again, days=2)
        yield again
        for days in (5, 1):
            yield self._unconfirmed(days)
        for days, reason in (
            (40, "Numret gäller ett kort som har gått ut. Ansök gärna igen med ett giltigt."),
            (8, "Du är anställd på ett företag, och då gäller ordinarie medlemskap."),
        ):
            yield self._rejected(days, reason)

    def _colleagues(self) -> Iterator[Person]:
        """Several members at one employer, who pays for all of them."""
        employer = self._employer("Region Mittskogen")
        for days in (640, 510, 260, 75):
            person = self.crowd.employed(employer=employer)
            person.employer_pays = True
            yield self._joins(person, days)

    # --- Lives ----------------------------------------------------------------------------------

    def _joins(
        self,
        person: Person,
        days_ago: int,
        *,
        last: Choice = PAYS,
        years: int | None = None,
        is_employed: bool | None = None,
    ) -> Person:
        """Pays every year but does as `last` says about the last invoice; of so many, if told."""
        joined_on = self.clock.ago(days_ago)
        person.life.joined_on = joined_on
        count = years or len(ordinary_years(self.rules, joined_on, lambda _number: PAYS))

        def choice(number: int) -> Choice:
            return last if number == count - 1 else PAYS

        person.life.years = ordinary_years(self.rules, joined_on, choice)
        self.crowd.applied(person, joined_on, is_employed=is_employed)
        return person

    def _studies(self, person: Person, days_ago: int, *, again: Choice | None = None) -> Person:
        """A free year, and a second one if the person applied again."""
        life, decided_on = person.life, self.clock.ago(days_ago)
        life.joined_on = decided_on
        days = [decided_on]
        if again:
            days.append(anniversary(decided_on, 1) - timedelta(days=2))
        for day in days:
            life.years.append(student_year(self.rules, life.years, day, again or PAYS))
            self.crowd.applied_as_student(person, day)
        return person

    def _exempt(self, person: Person, reason: str) -> None:
        self._joins(person, HISTORY - 90)
        person.life.exempt_reason = reason
        for year in person.life.years:
            year.exempt_reason, year.fee = reason, Decimal(0)
            year.fate.payments.clear()

    def _in_review(self, days: int, *, question: str = "") -> Person:
        person = self.crowd.studying()
        person.life.joined_on = self.clock.ago(days)
        self._asks(person, days=days, question=question)
        return person

    def _asks(self, person: Person, *, days: int, question: str = "") -> None:
        on: date = self.clock.ago(days)
        asked_on = on + 2 * DAY if question else None
        person.life.applications.append(
            Applied(
                self.rules.student,
                on,
                on,
                state=State.IN_REVIEW,
                is_employed=False,
                question=question,
                asked_on=asked_on,
            )
        )

    def _unconfirmed(self, days: int) -> Person:
        """Nobody has an account before the address is confirmed."""
        person = self.crowd.employed()
        kind, on = self.rules.ordinary, self.clock.ago(days)
        person.life.applications.append(Applied(kind, on, state=State.UNCONFIRMED))
        return person

    def _rejected(self, days: int, reason: str) -> Person:
        person = self.crowd.studying()
        on = self.clock.ago(days)
        person.life.joined_on = on
        decided_on = on + 3 * DAY
        person.life.applications.append(
            Applied(self.rules.student, on, on, decided_on, State.REJECTED, False, reason)
        )
        return person
