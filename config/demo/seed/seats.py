"""Who sat where: bookings of each state, and the invoices of those who paid.

Of events long past nothing is left but the invoices; the bookings have been forgotten, as the
register demands.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.db.models import prefetch_related_objects
from django.utils import translation

from billing.money import ZERO
from billing.operations import Customer, Line
from config.demo.seed.clock import DAY, workday
from config.demo.seed.crowd import Crowd, Person
from config.demo.seed.programme import Plan
from config.demo.seed.rows import add
from config.demo.seed.sales import BANK, BY_HAND, CARD, Credit, Fate, Paid, Sale
from events.editions import day as written_day
from events.editions import edition, local
from events.models import Booking, BookingTerms, Event
from events.prices import Asker, PriceDecision, price_for
from members.payers import customer_of
from members.standing import FeeState, Standing
from members.standing import State as Standings

State, Mode = Booking.State, Booking.Mode
# Bookings are forgotten six months after the event.
KEPT = timedelta(days=175)
CANCELLED, CALLED_OFF = "Cancelled booking", "The event was called off"

# What those one can be in the demo have booked.
BOOKED = {
    "transfers": ["member"],
    "access-requests": ["member", "late"],
    "first-hour": ["member", "student"],
    "procurement": ["member", "lapsed"],
    "agencies": ["member", "late", "last-weeks"],
    "arena": ["guest"],
}


@dataclass(eq=False)
class House:
    """One event while its seats are being taken."""

    plan: Plan
    event: Event
    seats: Counter[str] = field(default_factory=Counter)
    people: set[str] = field(default_factory=set)
    bookings: list[Booking] = field(default_factory=list)

    @property
    def day(self) -> date:
        return local(self.event.starts_at).date()

    def has_room(self, mode: str) -> bool:
        return self.seats[mode] < self.event.capacity_of(mode)

    def next_seat(self, mode: str) -> int:
        self.seats[mode] += 1
        return self.seats[mode]


@dataclass(frozen=True)
class Buyer:
    """Who books: an account, or a guest by name."""

    person: Person
    decision: PriceDecision
    on: date


class BoxOffice:
    def __init__(
        self,
        random: Random,
        crowd: Crowd,
        people: Sequence[Person],
        known: Mapping[str, Person],
        events: Mapping[Plan, Event],
    ) -> None:
        self.random, self.crowd, self.clock = random, crowd, crowd.clock
        self.people, self.known = [person for person in people if person.user], known
        self.terms = BookingTerms.objects.in_force(self.clock.today).first()
        self.houses = [House(plan, event) for plan, event in events.items() if not plan.is_draft]
        prefetch_related_objects([house.event for house in self.houses], "prices")
        self.sales: list[Sale] = []
        self.rows: list[tuple[Booking, Sale, int]] = []
        """Bookings that cost something, with the line of the sale."""
        self.scale = max(0.15, min(1.0, len(self.people) / 820))

    def sell(self) -> list[Sale]:
        for house in self.houses:
            if not self._is_open(house):
                continue
            self._sell_to_known(house)
            self._sell_to_many(house)
        return self.sales

    def write(self) -> list[Booking]:
        """After the ledger has written the invoices."""
        for booking, sale, row in self.rows:
            assert sale.invoice is not None  # noqa: S101  the ledger has been here
            booking.invoice_line = sale.invoice.lines.all()[row]
        kept = [house for house in self.houses if house.day > self.clock.today - KEPT]
        return add([booking for house in kept for booking in house.bookings])

    # --- Who comes --------------------------------------------------------------------------------

    def _is_open(self, house: House) -> bool:
        opens_at = house.event.booking_opens_at
        return opens_at is None or opens_at < self.clock.now

    def _sell_to_known(self, house: House) -> None:
        if house.plan.name in BOOKED and house.day > self.clock.today - KEPT:
            for key in BOOKED[house.plan.name]:
                self._sell(house, self.known[key], house.event.modes[0], self._day(house))

    def _sell_to_many(self, house: House) -> None:
        for mode in house.event.modes:
            for _ in range(self._wanted(house, mode)):
                on = self._day(house)
                comer = self._comer(house, on)
                if comer and house.has_room(mode):
                    self._sell(house, comer, mode, on)
            if house.plan.share == 1:
                self._fill(house, mode)

    def _wanted(self, house: House, mode: str) -> int:
        is_arena = house.plan.prices == "arena"
        share = house.plan.share * (0.3 if mode == Mode.ONLINE and is_arena else 1)
        return round(house.event.capacity_of(mode) * share * self.scale)

    def _fill(self, house: House, mode: str) -> None:
        while house.has_room(mode):
            self._sell(house, self.crowd.employed(), mode, self._day(house))

    def _day(self, house: House) -> date:
        """When it was booked: more of them early, and nothing later than yesterday."""
        last = min(house.day - 2 * DAY, self.clock.ago(1))
        first = min(house.day - 55 * DAY, self.clock.ago(50))
        return first + DAY * int((last - first).days * self.random.random() ** 0.8)

    def _comer(self, house: House, on: date) -> Person | None:
        """A member, or at some events a guest."""
        guests = {"seminar": 0.1, "arena": 0.35, "free": 0.4}.get(house.plan.prices, 0)
        if self.random.random() < guests:
            return self.crowd.employed()
        person = self.random.choice(self.people)
        is_new = person.email not in house.people and not person.is_known
        return person if is_new and person.life.is_member(on) else None

    # --- What it costs ----------------------------------------------------------------------------

    def _sell(self, house: House, person: Person, mode: str, on: date) -> None:
        decision = price_for(house.event.prices.all(), self._asker(person, on), on)
        if decision.amount is None:
            return
        buyer = Buyer(person, decision, on)
        if not decision.amount:
            self._book(house, buyer, mode, cart=None)
            return
        self._sell_cart(house, [buyer, *self._colleagues(house, buyer, mode)], mode)

    def _asker(self, person: Person, on: date) -> Asker:
        kind = person.life.kind_on(on) if person.user else None
        if kind is None:
            return Asker()
        state = Standings.STUDENT if kind.is_for_students else Standings.MEMBER
        return Asker(Standing(state, fee=FeeState.PAID), is_logged_in=True)

    def _colleagues(self, house: House, buyer: Buyer, mode: str) -> list[Buyer]:
        """Guests book for each other at times."""
        employer, random = buyer.person.employer, self.random
        if buyer.person.user or employer is None or random.random() > 0.2:
            return []
        free = house.event.capacity_of(mode) - house.seats[mode] - 1
        count = min(free, random.randint(1, 2))
        people = [self.crowd.employed(employer=employer) for _ in range(count)]
        decision = price_for(house.event.prices.all(), Asker(), buyer.on)
        return [Buyer(person, decision, buyer.on) for person in people]

    def _sell_cart(self, house: House, buyers: Sequence[Buyer], mode: str) -> None:
        cart = uuid.UUID(int=self.random.getrandbits(128), version=4)
        bookings = [self._book(house, buyer, mode, cart=cart) for buyer in buyers]
        payer = buyers[0].person
        customer = self._customer(payer)
        sale = Sale(
            source=f"cart:{cart}",
            issued_on=buyers[0].on,
            is_by_night=False,
            customer=customer,
            lines=tuple(_line(house.event, one, customer.language) for one in bookings),
            buyer=payer.user,
            fate=self._fate(house, bookings, buyers[0]),
        )
        self.sales.append(sale)
        self.rows += [(booking, sale, row) for row, booking in enumerate(bookings)]

    def _customer(self, person: Person) -> Customer:
        if person.user:
            return customer_of(person.user)
        employer = person.employer
        if employer is None or self.random.random() < 0.15:
            return Customer(name=person.name, email=person.email, language=person.language)
        return Customer(
            name=employer.name,
            email=f"faktura@{employer.domain}",
            language=person.language,
            address=f"{employer.street}\n{employer.postcode} {employer.city}",
            organisation_number=employer.organisation_number,
            reference=person.name,
        )

    def _fate(self, house: House, bookings: Sequence[Booking], buyer: Buyer) -> Fate:
        """Paid, still to be paid, or credited for a seat that was given back."""
        cancelled = [row for row, one in enumerate(bookings) if one.state == State.CANCELLED]
        fate = Fate()
        paid_on, method = self._pays(buyer)
        if self.clock.has_been(paid_on):
            fate.payments.append(Paid(paid_on, method))
        if not cancelled:
            return fate
        cancelled_at = bookings[cancelled[0]].cancelled_at
        assert cancelled_at is not None  # noqa: S101  every cancelled booking has a time
        on = local(cancelled_at).date()
        reason = CALLED_OFF if house.event.cancelled_at else CANCELLED
        is_whole = len(cancelled) == len(bookings)
        fate.credit = Credit(on, reason, None if is_whole else tuple(cancelled))
        if is_whole and paid_on >= on:
            fate.payments.clear()
        elif fate.payments and paid_on < on:
            self._give_back(fate, sum(bookings[row].amount for row in cancelled), on)
        return fate

    def _pays(self, buyer: Buyer) -> tuple[date, str]:
        if self.random.random() < 0.4:
            return buyer.on, CARD
        return workday(buyer.on + timedelta(days=int(self.random.triangular(3, 40, 26)))), BANK

    def _give_back(self, fate: Fate, amount: object, on: date) -> None:
        """A week later, by the treasurer."""
        back_on = workday(on + 7 * DAY)
        if self.clock.has_been(back_on):
            fate.payments.append(Paid(back_on, BY_HAND, -amount))  # type: ignore[operator]

    # --- Bookings ---------------------------------------------------------------------------------

    def _book(self, house: House, buyer: Buyer, mode: str, *, cart: uuid.UUID | None) -> Booking:
        person = buyer.person
        booked_at = self.clock.at(buyer.on, self.random.randint(7, 20), self.random.randint(0, 59))
        booking = Booking(
            event=house.event,
            mode=mode,
            user=person.user,
            booked_by=person.user,
            name=person.name,
            email=person.email,
            employer=person.employer.name if person.employer else "",
            language=person.language,
            cart=cart,
            amount=buyer.decision.amount or ZERO,
            audience=buyer.decision.audience,
            terms=self.terms if cart else None,
            created_at=booked_at,
            confirmed_at=booked_at,
        )
        self._decide(house, booking, is_known=person.is_known)
        house.people.add(person.email)
        house.bookings.append(booking)
        return booking

    def _decide(self, house: House, booking: Booking, *, is_known: bool) -> None:
        """What became of it by today."""
        event, random = house.event, self.random
        if event.cancelled_at:
            _cancel(booking, event.cancelled_at)
        elif random.random() < 0.08 and not is_known and house.plan.share < 1:
            last = min(house.day - DAY, self.clock.ago(1))
            booked_on = local(booking.created_at).date()
            on = booked_on + DAY * random.randint(0, (last - booked_on).days)
            _cancel(booking, max(self.clock.at(on, 21, 30), booking.created_at))
        else:
            booking.seat = house.next_seat(booking.mode)
            came = event.ends_at < self.clock.now and (is_known or random.random() < 0.82)
            booking.state = State.ATTENDED if came else State.CONFIRMED
            if came:
                minutes = random.randint(-25, 12)
                booking.attended_at = event.starts_at + timedelta(minutes=minutes)


def _cancel(booking: Booking, at: datetime) -> None:
    booking.state, booking.cancelled_at = State.CANCELLED, at


def _line(event: Event, booking: Booking, language: str) -> Line:
    """As the check-out writes it."""
    with translation.override(language):
        date_written = written_day(local(event.starts_at))
    return Line(
        product=event.product,
        text=str(edition(event, language).title),
        detail=f"{date_written}, {booking.name}",
        unit_price=booking.amount,
    )
