"""The many: invented people, drawn one after the other, each with a life as a member."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random

from config.demo.seed import names
from config.demo.seed.employers import Employer, all_employers, is_school
from config.demo.seed.lives import (
    ENDED,
    Applied,
    Choice,
    Ended,
    Life,
    Rules,
    Year,
    ordinary_years,
    student_year,
)
from config.demo.seed.sales import BANK, CARD, Credit, Fate
from members.models import BillingDetails, Consent, ConsentText, User

HISTORY = 3 * 365
# Longer ago than this people and applications have been forgotten, as the register demands.
REMEMBERED = 330
APPLICATIONS_KEPT = 400


@dataclass(eq=False)
class Person:
    name: str
    email: str
    phone: str = ""
    title: str = ""
    employer: Employer | None = None
    school: str = ""
    mecenat_number: str = ""
    language: str = "sv"
    employer_pays: bool = False
    life: Life = field(default_factory=Life)
    consents: list[tuple[str, str, date, str]] = field(default_factory=list)
    """Purpose, action, day and how."""
    bounces: bool = False
    is_known: bool = False
    """One can be them in the demo, so chance leaves them alone."""
    is_first_in_line: bool = False
    user: User | None = None
    details: BillingDetails | None = None


class Crowd:
    """Draws people. The same seed draws the same ones."""

    def __init__(self, random: Random, rules: Rules, taken: Iterable[str]) -> None:
        self.random, self.rules, self.clock = random, rules, rules.clock
        self.employers = all_employers()
        self.weights = [employer.weight for employer in self.employers]
        self.schools = [employer for employer in self.employers if is_school(employer)]
        self.taken = set(taken)

    def people(self, *, members: int) -> list[Person]:
        """So many who are members today, and the former ones that turned up on the way."""
        people: list[Person] = []
        current = 0
        while current < members:
            person = self.draw()
            if person.life.is_member(self.clock.today):
                current += 1
            elif not self._is_remembered(person):
                self.taken.remove(person.email)
                continue
            people.append(person)
        return people

    def draw(self) -> Person:
        return self._student() if self.random.random() < 0.11 else self._ordinary()

    def _is_remembered(self, person: Person) -> bool:
        last_day = person.life.last_day()
        return last_day is not None and last_day > self.clock.ago(REMEMBERED)

    # --- Who ------------------------------------------------------------------------------------

    def employed(self, *, employer: Employer | None = None) -> Person:
        random = self.random
        employer = employer or random.choices(self.employers, self.weights)[0]
        employer_pays = random.random() < 0.7
        name = names.full_name(random)
        box = employer.domain if random.random() < 0.9 else random.choice(names.MAILBOXES)
        return Person(
            name=name,
            email=self._address(name, box),
            phone=names.phone(random) if random.random() < 0.75 else "",
            title=random.choice(employer.titles),
            employer=employer,
            language=self._language(),
            employer_pays=employer_pays,
        )

    def studying(self) -> Person:
        random = self.random
        school = random.choice(self.schools)
        name = names.full_name(random)
        return Person(
            name=name,
            email=self._address(name, f"student.{school.domain}"),
            phone=names.phone(random) if random.random() < 0.5 else "",
            school=school.name,
            mecenat_number=f"{random.randint(10**9, 10**10 - 1)}",
            language=self._language(),
        )

    def _language(self) -> str:
        return "en" if self.random.random() < 0.06 else "sv"

    def _address(self, name: str, domain: str) -> str:
        part = names.mail_part(name)
        numbers = ("", *range(2, 1000))
        address = next(
            address
            for number in numbers
            if (address := f"{part}{number}@{domain}") not in self.taken
        )
        self.taken.add(address)
        return address

    # --- Lives ----------------------------------------------------------------------------------

    def _ordinary(self) -> Person:
        person, random = self.employed(), self.random
        was_there_before = random.random() < 0.58
        days = random.randint(HISTORY - 364, HISTORY) if was_there_before else self._joined_ago()
        joined_on = self.clock.ago(days)
        self._live_ordinarily(person, joined_on)
        if not was_there_before:
            self.applied(person, joined_on)
        self._consent(person, joined_on, was_there_before=was_there_before)
        return person

    def _joined_ago(self) -> int:
        """More of them lately: the association grows."""
        return 1 + int(HISTORY * self.random.random() ** 1.4)

    def _live_ordinarily(self, person: Person, joined_on: date) -> None:
        choices = partial(self._choice, person)
        life = person.life
        life.joined_on = joined_on
        life.years = ordinary_years(self.rules, joined_on, choices)
        back_on = life.years[-1].last_day + timedelta(days=self.random.randint(40, 300))
        comes_back = self.random.random() < 0.3
        if life.years[-1].ended_on and comes_back and self.clock.has_been(back_on):
            life.years += ordinary_years(self.rules, back_on, choices)

    def _choice(self, person: Person, number: int) -> Choice:
        """What somebody does about the invoice of the year with that number."""
        random = self.random
        chance = random.random()
        if chance < 0.03:
            return Choice(pays_after=None)
        if number and chance < 0.065:
            return Choice(leaves_after=random.randint(2, 40))
        by_card = not person.employer_pays and random.random() < 0.55
        return Choice(
            pays_after=self._pays_after(by_card=by_card),
            method=CARD if by_card else BANK,
            leaves_in_the_year=random.randint(20, 320) if chance > 0.965 else None,
        )

    def _pays_after(self, *, by_card: bool) -> int:
        """Most in time, some after the first reminder, a few after the second."""
        random = self.random
        chance = random.random()
        due = self.rules.payment_days
        if by_card and chance < 0.7:
            return random.randint(0, 6)
        if chance < 0.72:
            return int(random.triangular(3, due - 1, due - 6))
        if chance < 0.9:
            return due + random.randint(-1, 6)
        if chance < 0.975:
            return due + random.randint(8, 20)
        return due + random.randint(22, 40)

    def _student(self) -> Person:
        person, random, clock = self.studying(), self.random, self.clock
        decided_on = clock.ago(random.randint(1, 690))
        is_employed = random.random() < 0.08
        if is_employed:
            self._live_ordinarily(person, decided_on)
            self.applied(person, decided_on, is_employed=True)
        else:
            self._live_as_student(person, decided_on)
        self._consent(person, decided_on)
        return person

    def _live_as_student(self, person: Person, decided_on: date) -> None:
        life, random = person.life, self.random
        life.joined_on = decided_on
        goes_on = True
        while goes_on and self.clock.has_been(decided_on):
            choice = self._choice(person, 0)
            life.years.append(student_year(self.rules, life.years, decided_on, choice))
            self.applied_as_student(person, decided_on)
            decided_on = life.years[-1].period.last - timedelta(days=random.randint(1, 25))
            goes_on = life.years[-1].ended_on is None and random.random() < 0.6
        if random.random() < 0.12:
            self._becomes_ordinary(person)

    def _becomes_ordinary(self, person: Person) -> None:
        """The last student year ends the day before the ordinary one begins."""
        last: Year = person.life.years[-1]
        first_day = last.period.first + timedelta(days=self.random.randint(30, 300))
        if last.ended_on or not self.clock.has_been(first_day):
            return
        last.end(first_day - timedelta(days=1), Ended.CONVERTED)
        if last.fee and not any(paid.on < first_day for paid in last.fate.payments):
            last.fate = Fate(credit=Credit(first_day, ENDED))
        choices = partial(self._choice, person)
        person.life.years += ordinary_years(self.rules, first_day, choices)

    # --- Applications and consents --------------------------------------------------------------

    def applied(self, person: Person, joined_on: date, *, is_employed: bool | None = None) -> None:
        """Confirmed on the day it was sent; an ordinary membership begins at once."""
        if joined_on > self.clock.ago(APPLICATIONS_KEPT):
            kind = self.rules.ordinary
            person.life.applications.append(
                Applied(kind, joined_on, joined_on, joined_on, is_employed=is_employed)
            )

    def applied_as_student(self, person: Person, decided_on: date) -> None:
        if decided_on > self.clock.ago(APPLICATIONS_KEPT):
            on = decided_on - timedelta(days=self.random.randint(1, 5))
            person.life.applications.append(
                Applied(self.rules.student, on, on, decided_on, is_employed=False)
            )

    def _consent(self, person: Person, on: date, *, was_there_before: bool = False) -> None:
        random, said = self.random, person.consents
        news, lists = ConsentText.Purpose.NEWS, ConsentText.Purpose.PARTICIPANTS
        given, withdrawn = Consent.Action.GIVEN, Consent.Action.WITHDRAWN
        if was_there_before:
            said.append((news, Consent.Action.IMPORTED, self.clock.ago(HISTORY), "import"))
        if random.random() < (0.2 if was_there_before else 0.45):
            said.append((news, given, on, "application" if not was_there_before else "my pages"))
            later = on + timedelta(days=random.randint(5, 500))
            is_remembered = later > self.clock.ago(2 * REMEMBERED)
            if random.random() < 0.2 and is_remembered and self.clock.has_been(later):
                said.append((news, withdrawn, later, "link in a mail"))
        if random.random() < 0.3:
            said.append((lists, given, on, "my pages"))
