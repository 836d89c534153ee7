"""A simulated association: members, three years, night by night.

Some nights are missed and some run twice; some members pay late, a few never, some leave, students
come and go. What must hold at the end holds whatever happened on the way.
"""

import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Count

from billing.models import Invoice, Payment, Reminder
from billing.operations import register_payment, send_reminders
from members import jobs, operations
from members.models import Membership, User
from members.periods import DAY
from tests.factories import members as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MEMBERS = 50
YEARS = 3
START = date(2024, 1, 15)
END = START + timedelta(365 * YEARS)


@dataclass
class Association:
    """What the members do; what the site does of itself is the jobs' business."""

    dice: random.Random = field(default_factory=lambda: random.Random(1))
    payments_due: dict[date, list[int]] = field(default_factory=dict)
    seen_invoices: int = 0
    counts: Counter = field(default_factory=Counter)
    came_back: set[int] = field(default_factory=set)

    def join_all(self, count: int) -> dict[date, list[User]]:
        """When each of them joins: over the first two years."""
        joining: dict[date, list[User]] = {}
        for number in range(count):
            person = User.objects.create(email=f"member{number}@example.org", name=f"M {number}")
            joining.setdefault(START + timedelta(self.dice.randrange(730)), []).append(person)
        return joining

    def join(self, person: User, today: date) -> None:
        if self.dice.random() < 0.1:
            self.apply_as_student(person, today)
        else:
            if self.dice.random() < 0.03:
                person.fee_exemptions.create(reason="Hedersmedlem", starts_on=today)
            operations.come_back(user=person, by=None, today=today)

    def apply_as_student(self, person: User, today: date) -> None:
        application = make.in_review(person, mecenat_number=f"{10**9 + person.pk}")
        operations.approve(
            application=application, by=self.secretary, now=make.noon(today), today=today
        )

    def decide_when_to_pay(self) -> None:
        """Each new invoice: most in time, some late, a few never, a few far too late."""
        for invoice in Invoice.objects.invoices().filter(pk__gt=self.seen_invoices).order_by("pk"):
            self.seen_invoices = invoice.pk
            habit = self.dice.random()
            days = 20 if habit < 0.75 else 45 if habit < 0.9 else 70 if habit < 0.95 else None
            if days is not None:
                day = invoice.issued_on + timedelta(days + self.dice.randrange(8))
                self.payments_due.setdefault(day, []).append(invoice.pk)

    def pay(self, today: date) -> None:
        for pk in self.payments_due.pop(today, []):
            invoice = Invoice.objects.with_balance().get(pk=pk)
            if invoice.balance > 0:
                register_payment(
                    invoice=invoice,
                    amount=invoice.balance,
                    paid_on=today,
                    method=Payment.Method.BANK,
                    external_id=f"sim:{pk}",
                )

    def night(self, today: date) -> None:
        for _time in range(self.dice.choices([0, 1, 2], [30, 65, 5])[0]):
            self.counts["renewals"] += jobs.issue_renewals(today=today)
            self.counts["notices"] += len(jobs.student_notices(today=today))
            self.counts["ended"] += len(jobs.end_memberships(today=today))
            self.counts["reminders"] += len(send_reminders(today=today))

    def change_minds(self, today: date) -> None:
        """Now and then somebody leaves, and a former member or student comes back."""
        if self.dice.random() < 0.02:
            current = Membership.objects.current(today).filter(ended_on=None)
            member = self.pick(current)
            if member:
                person = member.user
                operations.leave(user=person, by=person, now=make.noon(today), today=today)
                self.counts["left"] += 1
        if self.dice.random() < 0.02:
            gone = User.objects.filter(memberships__isnull=False).exclude(
                memberships__in=Membership.objects.filter(ends_on__gte=today, ended_on=None)
            )
            person = self.pick(gone.exclude(memberships__in=Membership.objects.current(today)))
            if person:
                membership = operations.come_back(user=person, by=None, today=today)
                self.came_back.add(membership.pk)
                self.counts["came back"] += 1

    def pick(self, rows: Any) -> Any:
        keys = list(rows.order_by("pk").values_list("pk", flat=True).distinct())
        return rows.filter(pk=self.dice.choice(keys)).first() if keys else None

    def live(self, count: int) -> None:
        self.secretary = make.staff()
        joining = self.join_all(count)
        today = START
        while today < END:
            for person in joining.get(today, []):
                self.join(person, today)
            self.change_minds(today)
            self.pay(today)
            self.night(today)
            self.decide_when_to_pay()
            today += DAY


def test_three_years_of_an_association(capsys) -> None:
    association = Association()
    association.live(MEMBERS)

    rows = list(Membership.objects.order_by("user_id", "starts_on", "pk").select_related("invoice"))
    with capsys.disabled():
        print(f"\n{len(rows)} years, {Invoice.objects.count()} papers: {dict(association.counts)}")

    assert overlapping(rows) == []
    assert renewals_with_a_gap(rows) == []
    assert invoiced_twice() == []
    assert [row for row in rows if row.invoice and row.exempt_reason] == []
    assert second_free_years(rows) == []
    assert numbers_missing() == []
    assert reminded_though_paid() == []
    assert unpaid_for_too_long() == []
    assert gone_and_not_asked_back(rows) - association.came_back == set()
    assert min(association.counts.values()) > 0


def overlapping(rows: list[Membership]) -> list[Membership]:
    lived = [row for row in rows if row.last_day_on >= row.starts_on]
    return [
        later
        for earlier, later in itertools.pairwise(lived)
        if earlier.user_id == later.user_id and later.starts_on <= earlier.last_day_on
    ]


def renewals_with_a_gap(rows: list[Membership]) -> list[Membership]:
    """An ordinary year that ran out by itself is followed by the next, the day after."""
    starts = {(row.user_id, row.starts_on) for row in rows}
    return [
        row
        for row in rows
        if row.ended_on is None
        and not row.kind.is_for_students
        and row.ends_on < END - timedelta(60)
        and (row.user_id, row.ends_on + DAY) not in starts
    ]


def gone_and_not_asked_back(rows: list[Membership]) -> set[int]:
    """Years that follow one which its person left or did not pay."""
    return {
        later.pk
        for earlier, later in itertools.pairwise(rows)
        if earlier.user_id == later.user_id
        and earlier.ended_why in {"left", "unpaid"}
        and later.starts_on > earlier.last_day_on
        and later.ended_on is None
    }


def invoiced_twice() -> list[dict[str, Any]]:
    """One invoice that stands for each person and first day."""
    standing = Membership.objects.filter(invoice__isnull=False, ended_on=None)
    twice = standing.values("user", "starts_on").annotate(count=Count("invoice"))
    shared = Membership.objects.exclude(invoice=None).values("invoice").annotate(n=Count("pk"))
    return [*twice.filter(count__gt=1), *shared.filter(n__gt=1)]


def second_free_years(rows: list[Membership]) -> list[int]:
    free = Counter(row.user_id for row in rows if row.kind.is_for_students and not row.invoice)
    return [user for user, count in free.items() if count > 1]


def numbers_missing() -> list[str]:
    missing = []
    for kind in ("invoice", "credit"):
        taken = sorted(Invoice.objects.filter(kind=kind).values_list("sequence", flat=True))
        if taken != list(range(taken[0], taken[0] + len(taken))):
            missing.append(kind)
    return missing


def reminded_though_paid() -> list[Reminder]:
    """The money was there before the day of the step had come."""
    paid = dict(Payment.objects.values_list("invoice_id", "paid_on"))
    return [
        reminder
        for reminder in Reminder.objects.select_related("invoice")
        if paid.get(reminder.invoice_id, END) < reminder.invoice.due_on + timedelta(reminder.level)
    ]


def unpaid_for_too_long() -> list[Invoice]:
    return list(Invoice.objects.open().filter(due_on__lt=END - timedelta(60)))
