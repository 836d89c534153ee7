"""A living association as of one day, invented whole or not at all."""

from collections.abc import Sequence
from datetime import date
from random import Random

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast as AsText
from django.db.models.functions import Concat
from django.utils import translation
from django.utils.translation import gettext

from billing.models import Invoice
from billing.operations import Customer, Line
from config.demo.articles import write_articles
from config.demo.people import PEOPLE
from config.demo.public_face import write_public_face
from config.demo.seed.care import Desk
from config.demo.seed.cast import Cast
from config.demo.seed.clock import Clock
from config.demo.seed.crowd import Crowd, Person
from config.demo.seed.ledger import Ledger
from config.demo.seed.letters import Letters
from config.demo.seed.lives import Rules, Year
from config.demo.seed.nights import write_nights
from config.demo.seed.occasions import Occasions
from config.demo.seed.office import OLD_MEMBERS, Office
from config.demo.seed.programme import Programme
from config.demo.seed.register import Register, write_staff
from config.demo.seed.rows import nobody_is_told
from config.demo.seed.sales import Sale
from config.demo.seed.seats import BoxOffice
from config.demo.seed.this_morning import Morning
from members.models import Membership, User
from members.payers import customer_of


class AlreadyInhabited(Exception):
    """There are people in this database; nothing has been written."""


@transaction.atomic
def seed_association(*, members: int, seed: int, today: date) -> None:
    """So many members as of today. The same numbers and the same day give the same people."""
    if User.objects.exists():
        raise AlreadyInhabited
    with nobody_is_told():
        _seed(members, Random(seed), Clock.of(today))


def _seed(members: int, random: Random, clock: Clock) -> None:
    rules = Rules.in_force(clock)
    crowd = Crowd(random, rules, taken=[person.email for person in PEOPLE.values()])
    cast = Cast(crowd)
    few = cast.people()
    people = few + crowd.people(members=members - _current(few, clock) - OLD_MEMBERS)
    staff = write_staff(clock)
    Register(random, clock, people, by=staff["secretary"]).write()
    office = BoxOffice(random, crowd, people, cast.known, Programme(clock).write())
    sales = [*_fees(people), *office.sell()]
    ledger = Ledger(random, clock, treasurer=staff["treasurer"])
    ledger.write(sales)
    ledger.hand_over()
    _link_invoices()
    office.write()
    Occasions(random, clock, staff["event-manager"], office.houses).write()
    write_articles(now=clock.now, authors=[staff["editor"], staff["privacy-officer"]])
    write_public_face(now=clock.now)
    Morning(random, clock, staff, people, office.houses).pass_by()
    Office(clock, staff, people).pass_by()
    Letters(clock).write()
    Desk(clock, staff).write()
    write_nights(clock)


def _current(people: Sequence[Person], clock: Clock) -> int:
    return sum(person.life.is_member(clock.today) for person in people)


# --- Fees -----------------------------------------------------------------------------------------


def _fees(people: Sequence[Person]) -> list[Sale]:
    sales = []
    for person in people:
        years = [year for year in person.life.years if year.fee]
        if years and person.user:
            customer = customer_of(person.user)
            sales += [_fee(person.user, year, customer) for year in years]
    return sales


def _fee(user: User, year: Year, customer: Customer) -> Sale:
    assert year.row is not None  # noqa: S101  the register has been written
    return Sale(
        source=f"membership:{year.row.pk}",
        issued_on=year.issued_on,
        is_by_night=year.is_by_night,
        customer=customer,
        lines=(_line(user, year),),
        buyer=user,
        fate=year.fate,
    )


def _line(user: User, year: Year) -> Line:
    """As a beginning year writes it."""
    with translation.override(user.language):
        text = gettext("Membership fee, %(kind)s") % {"kind": year.kind.name}
    return Line(
        product=year.kind.product,
        text=text,
        detail=f"{user.name}, {year.period}",
        unit_price=year.fee,
    )


def _link_invoices() -> None:
    """In one statement: every year knows its invoice by what the invoice was made for."""
    source = Concat(Value("membership:"), AsText(OuterRef("pk"), CharField()))
    Membership.objects.update(
        invoice=Subquery(Invoice.objects.filter(source=source).values("pk")[:1])
    )
