"""The invented association: the same each time, whole, and with one of everything in it."""

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from billing import ledger
from billing.models import (
    BankTransaction,
    Invoice,
    Payment,
    Reminder,
    Series,
    StripeEvent,
)
from config import jobs
from config.demo.people import PEOPLE, STAFF
from config.demo.seed import employers, names
from events.models import Booking, Event, Price
from mail.models import Mail
from members import roles
from members.models import (
    Application,
    BillingDetails,
    Consent,
    FeeExemption,
    FreeYear,
    Membership,
    User,
)
from members.standing import FeeState, State, standings_of
from news.models import Article
from privacy import retention

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
TODAY = NOW.date()
MEMBERS = 60


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def seed(*, members: int = MEMBERS, seed: int = 1, today: date = TODAY) -> None:
    call_command("seed_demo", members=members, seed=seed, today=today)


def digest() -> str:
    """Of all that a reader sees; keys of links are secrets and differ each time."""
    texts = [repr(list(rows)) for rows in _rows()]
    return sha256("\n".join(texts).encode()).hexdigest()


def _rows() -> list[QuerySet]:
    person = ("email", "name", "phone", "employer", "title", "language", "created_at")
    return [
        User.objects.order_by("email").values_list(*person),
        BillingDetails.objects.order_by("user__email").values_list(
            "user__email", "payer", "name", "organisation_number", "street", "city", "reference"
        ),
        Membership.objects.order_by("user__email", "starts_on", "pk").values_list(
            "user__email", "kind__code", "starts_on", "ends_on", "ended_on", "ended_why"
        ),
        Application.objects.order_by("email", "created_at").values_list(
            "email", "kind__code", "state", "created_at", "mecenat_number"
        ),
        Consent.objects.order_by("user__email", "at", "text__purpose").values_list(
            "user__email", "text__purpose", "action", "at"
        ),
        Invoice.objects.order_by("number").values_list(
            "number", "ocr", "issued_on", "due_on", "customer_name", "total", "buyer__email"
        ),
        Payment.objects.order_by("invoice__number", "amount").values_list(
            "invoice__number", "amount", "paid_on", "method"
        ),
        BankTransaction.objects.order_by("external_id").values_list(
            "external_id", "amount", "booked_on", "problem"
        ),
        Reminder.objects.order_by("invoice__number", "level").values_list(
            "invoice__number", "level", "balance"
        ),
        Event.objects.order_by("slug").values_list("slug", "starts_at", "cancelled_at"),
        Booking.objects.order_by("event__slug", "email", "mode", "seat", "amount").values_list(
            "event__slug", "name", "email", "state", "mode", "seat", "amount", "audience"
        ),
        Article.objects.order_by("slug_sv").values_list("title_sv", "published_at"),
        Mail.objects.order_by("to", "subject").values_list("to", "subject", "state"),
    ]


# --- The same, and not the same -----------------------------------------------------------------


def digest_of(**arguments: int) -> str:
    with transaction.atomic():
        seed(**arguments)
        result = digest()
        transaction.set_rollback(True)
    return result


def test_the_same_seed_and_day_give_the_same_association() -> None:
    first = digest_of(seed=1)

    assert digest_of(seed=1) == first
    assert digest_of(seed=2) != first


# --- One of everything --------------------------------------------------------------------------


def states() -> dict[str, QuerySet]:
    today, now = TODAY, NOW
    members = Membership.objects.current(today)
    invoices, bookings = Invoice.objects.invoices().with_balance(), Booking.objects
    coming = Event.objects.published(now).coming(now).not_called_off()
    ended = Membership.Ended
    applications, states_ = Application.objects, Application.State
    return {
        "ordinary, paid": members.filter(
            kind__code="ordinary", invoice__in=Invoice.objects.settled()
        ),
        "ordinary, not yet due": members.filter(
            kind__code="ordinary", invoice__in=Invoice.objects.open().filter(due_on__gte=today)
        ),
        "ordinary, overdue": members.filter(
            kind__code="ordinary", invoice__in=Invoice.objects.overdue(today)
        ),
        "next year paid": Membership.objects.filter(
            starts_on__gt=today, invoice__in=Invoice.objects.settled()
        ),
        "next year invoiced": Membership.objects.filter(
            starts_on__gt=today, invoice__in=Invoice.objects.open()
        ),
        "student, free year": members.filter(kind__code="student", invoice=None),
        "student, 200 kr paid": members.filter(
            kind__code="student", invoice__total=200, invoice__in=Invoice.objects.settled()
        ),
        "student, 200 kr not yet due": members.filter(
            kind__code="student", invoice__in=Invoice.objects.open().filter(due_on__gte=today)
        ),
        "student, 200 kr overdue": members.filter(
            kind__code="student", invoice__in=Invoice.objects.overdue(today)
        ),
        "student, over": Membership.objects.not_ended().filter(
            kind__code="student", ends_on__lt=today
        ),
        "student, soon over": members.filter(kind__code="student").running_out(today, within=30),
        "student who became ordinary": Membership.objects.filter(ended_why=ended.CONVERTED),
        "employed student at the ordinary price": applications.filter(
            is_employed=True, kind__code="ordinary", user__memberships__invoice__total=1645
        ),
        "exempt": members.exclude(exempt_reason="").filter(invoice=None),
        "exemption": FeeExemption.objects.in_force(today),
        "leaving": members.filter(ended_why=ended.LEFT),
        "left": Membership.objects.filter(ended_why=ended.LEFT, ended_on__lt=today),
        "left when the invoice came": Membership.objects.filter(
            ended_why=ended.LEFT, ended_on__lt=F("starts_on"), invoice__credit_notes__total__lt=0
        ),
        "ended unpaid": Membership.objects.filter(
            ended_why=ended.UNPAID, invoice__in=Invoice.objects.credited()
        ),
        "ended by staff": Membership.objects.filter(ended_why=ended.BY_STAFF),
        "paid by an employer": BillingDetails.objects.filter(
            payer="employer", user__memberships__in=members
        ),
        "paid in private": BillingDetails.objects.filter(
            payer="private", user__memberships__in=members
        ),
        "several at one employer": BillingDetails.objects.filter(payer="employer")
        .values("organisation_number")
        .annotate(people=Count("pk"))
        .filter(people__gte=4),
        "free year remembered": FreeYear.objects.all(),
        "application to confirm": applications.filter(state=states_.UNCONFIRMED),
        "application in review": applications.filter(state=states_.IN_REVIEW, question=""),
        "application with a question": applications.to_review().exclude(question=""),
        "application for another year": applications.to_review().filter(
            user__memberships__kind__code="student"
        ),
        "application approved": applications.filter(state=states_.APPROVED, decided_by=None),
        "application approved by staff": applications.filter(
            state=states_.APPROVED, decided_by__email="gorel@kansliet.example"
        ),
        "application rejected": applications.filter(state=states_.REJECTED).exclude(
            decision_reason=""
        ),
        "consent to news": Consent.objects.live().filter(text__purpose="news"),
        "consent to participant lists": Consent.objects.live().filter(text__purpose="participants"),
        "consent withdrawn": Consent.objects.filter(action="withdrawn"),
        "consent taken over": Consent.objects.filter(action="imported"),
        "paid by bank": Payment.objects.filter(method="bank", bank_transaction__isnull=False),
        "paid by card": Payment.objects.filter(method="card"),
        "paid in part": invoices.filter(paid__gt=0, balance__gt=0),
        "written off": Payment.objects.filter(method="write_off"),
        "money given back": Payment.objects.filter(amount__lt=0),
        "money to give back": Invoice.objects.overpaid(),
        "one row of an invoice credited or more": invoices.filter(credited__gt=0),
        "issued anew to another payer": Invoice.objects.filter(source__contains="instead-of"),
        "bank: too much": BankTransaction.objects.waiting().filter(problem="too_much"),
        "bank: paid twice": BankTransaction.objects.waiting().filter(problem="settled"),
        "bank: unknown reference": BankTransaction.objects.waiting().filter(problem="unknown"),
        "bank: several invoices": BankTransaction.objects.waiting().filter(problem="several"),
        "card payment disputed": StripeEvent.objects.waiting(),
        "reminded beforehand": Reminder.objects.filter(level=-7),
        "reminded once": Reminder.objects.filter(level=7, invoice__in=Invoice.objects.open()),
        "reminded twice": Reminder.objects.filter(level=21, invoice__in=Invoice.objects.open()),
        "seat in a cart": bookings.filter(state="held", held_until__gt=now),
        "waiting": bookings.filter(state="waiting"),
        "offered": bookings.filter(state="offered", held_until__gt=now),
        "confirmed": bookings.filter(state="confirmed", event__in=coming),
        "attended": bookings.filter(state="attended"),
        "did not come": bookings.filter(state="confirmed", event__ends_at__lt=now),
        "cancelled": bookings.filter(state="cancelled", event__cancelled_at=None),
        "lapsed": bookings.filter(state="lapsed"),
        "guest's seat": bookings.filter(user=None, invoice_line__isnull=False),
        "draft event": Event.objects.filter(published_at=None),
        "event called off": Event.objects.filter(cancelled_at__isnull=False, starts_at__gt=now),
        "event not yet open": coming.filter(booking_opens_at__gt=now),
        "seminar free for members": coming.filter(
            kind="seminar", prices__audience="member", prices__amount=0
        ),
        "event free for all": coming.filter(prices__audience="public", prices__amount=0),
        "network meeting for members": coming.filter(kind="meeting", online_capacity__gt=0),
        "online only": coming.filter(capacity=None),
        "hybrid": coming.filter(capacity__gt=0, online_capacity__gt=0),
        "conference": coming.filter(kind="conference"),
        "early bird": Price.objects.filter(event__in=coming, until__gte=today),
        "student price": Price.objects.filter(event__in=coming, audience="student"),
        "article": Article.objects.published(now),
        "article to come": Article.objects.scheduled(now),
        "article draft": Article.objects.drafts(),
        "article withdrawn": Article.objects.withdrawn(now),
        "mail sent": Mail.objects.filter(state="sent"),
        "mail refused": Mail.objects.filter(state="failed"),
        "mail not needed": Mail.objects.filter(state="dropped"),
        "address that bounces": User.objects.filter(email_bounced_at__isnull=False),
    }


def test_there_is_one_of_everything() -> None:
    seed(members=MEMBERS)

    assert [name for name, rows in states().items() if not rows.exists()] == []
    assert Membership.objects.current(TODAY).count() == MEMBERS
    assert gaps() != []


def gaps() -> list[User]:
    """Those who came back after more than a month."""
    rows = list(Membership.objects.order_by("user", "starts_on").select_related("user"))
    return [
        later.user
        for earlier, later in pairwise(rows)
        if earlier.user == later.user and (later.starts_on - earlier.last_day_on).days > 30
    ]


# --- People -------------------------------------------------------------------------------------


def test_those_one_can_be_are_what_their_role_says() -> None:
    seed()

    users = {key: User.objects.get(email=person.email) for key, person in PEOPLE.items()}
    found = standings_of([user.pk for user in users.values()], TODAY)
    standings = {key: (found[user.pk].state, found[user.pk].fee) for key, user in users.items()}
    assert standings == {
        "member": (State.MEMBER, FeeState.PAID),
        "newcomer": (State.MEMBER, FeeState.OPEN),
        "late": (State.MEMBER, FeeState.OVERDUE),
        "student": (State.STUDENT, FeeState.FREE),
        "last-weeks": (State.STUDENT, FeeState.FREE),
        "lapsed": (State.LAPSED, None),
        "guest": (State.NEVER, None),
        **{person.key: (State.NEVER, None) for person in STAFF},
    }
    assert all(not user.has_usable_password() for user in users.values())
    held = Group.objects.filter(user__is_staff=True, user__is_superuser=False)
    assert set(held.values_list("name", flat=True)) == set(roles.ROLES)
    assert User.objects.get(is_superuser=True) == users["administrator"]
    offered = Booking.objects.get(state="offered")
    assert offered.user == users["student"]
    workshop = Event.objects.with_fill(NOW).get(pk=offered.event_id)
    assert workshop.taken_on_site == workshop.capacity


def test_nobody_exists() -> None:
    """Addresses and phone numbers that nobody can have."""
    seed()

    assert not User.objects.exclude(email__endswith=".example").exists()
    assert not Invoice.objects.exclude(customer_email__endswith=".example").exists()
    assert not Booking.objects.exclude(email__endswith=".example").exclude(email="").exists()
    phones = User.objects.exclude(phone="").values_list("phone", flat=True)
    digits = {int(phone.replace("-", "").replace(" ", "")) for phone in phones}
    assert len(digits) > 10
    assert all(701740605 <= number <= 701740699 for number in digits)


# --- Whole --------------------------------------------------------------------------------------


def test_the_books_are_whole_and_nothing_waits_to_be_done() -> None:
    """The ledger, the numbers by date, the night, what should be forgotten, what is to be sent."""
    with transaction.atomic():
        seed()
        assert transaction.get_connection().run_on_commit == []

    assert list(ledger.findings()) == []
    for series in Series.objects.all():
        numbers = Invoice.objects.filter(kind=series.code).order_by("sequence")
        days = list(numbers.values_list("issued_on", flat=True))
        assert days == sorted(days)
    assert what_the_night_finds(TODAY) == []
    forgotten = {str(rule): rule.overdue(NOW) for rule in retention.rules()}
    assert {rule: rows for rule, rows in forgotten.items() if rows} == {}
    assert not Mail.objects.filter(state__in=["queued", "sending"]).exists()
    assert not Mail.objects.filter(Q(sent_at__gt=NOW) | Q(created_at__gt=NOW)).exists()


def what_the_night_finds(today: date) -> list[jobs.Outcome]:
    outcomes = jobs.run_nightly(today=today, dry_run=True)
    return [outcome for outcome in outcomes if outcome.count or outcome.failed]


@pytest.mark.parametrize("today", ["2024-02-29", "2027-01-02"])
def test_it_can_be_told_of_any_day(today: str) -> None:
    day = date.fromisoformat(today)
    with time_machine.travel(f"{today} 11:00"):
        seed(today=day)
        assert what_the_night_finds(day) == []

    assert list(ledger.findings()) == []
    assert Membership.objects.current(day).count() == MEMBERS


# --- Refused ------------------------------------------------------------------------------------


def test_a_database_with_people_is_left_alone() -> None:
    User.objects.create_user("anna@example.org", name="Anna")

    with pytest.raises(CommandError, match="make clean"):
        seed()

    assert User.objects.count() == 1
    assert not Event.objects.exists()


def test_it_is_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("out of ink")

    monkeypatch.setattr("config.demo.seed.letters.Letters.write", fail)

    with pytest.raises(RuntimeError, match="out of ink"):
        seed()

    assert not User.objects.exists()
    assert not Invoice.objects.exists()


def test_too_few_members_for_everything_are_refused() -> None:
    with pytest.raises(CommandError, match="50 members"):
        seed(members=10)


# --- Invented names -----------------------------------------------------------------------------


def test_organisation_numbers_are_valid_and_differ() -> None:
    numbers = [employer.organisation_number for employer in employers.all_employers()]

    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        BillingDetails._meta.get_field("organisation_number").clean(number, None)
        assert number[2:6] in {"2099", "2199", "9999"}


@pytest.mark.parametrize(
    ("name", "part"),
    [("Åsa Öhman Sjö", "asa.ohman.sjo"), ("Märta Almén", "marta.almen"), ("Bo Ek", "bo.ek")],
)
def test_names_become_addresses(name: str, part: str) -> None:
    assert names.mail_part(name) == part
