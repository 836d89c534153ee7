"""A simulated association, night by night.

Some nights are missed and some run twice; some members pay late, a few never, some leave, students
come and go. What must hold at the end holds whatever happened on the way.
"""

import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import time_machine
from django.db.models import Count
from django.utils import timezone

from billing.models import Invoice, Payment, Reminder
from billing.operations import register_payment, send_reminders
from mail.models import Mail
from members import jobs, operations
from members.models import Membership, User
from members.periods import DAY
from tests.factories import members as make

START = date(2024, 1, 15)
NIGHT = time(3, 15, tzinfo=make.STOCKHOLM)


@dataclass
class Association:
    """What the members do; what the site does of itself is the jobs' business."""

    members: int
    years: int
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    payments_due: dict[date, list[int]] = field(default_factory=dict)
    seen_invoices: int = 0
    counts: Counter = field(default_factory=Counter)
    came_back: set[int] = field(default_factory=set)

    @property
    def end(self) -> date:
        return START + timedelta(365 * self.years)

    def join_all(self) -> dict[date, list[User]]:
        """When each of them joins: over the first two years."""
        joining: dict[date, list[User]] = {}
        for number in range(self.members):
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
            self.counts["notices"] += jobs.student_notices(today=today)
            self.counts["ended"] += jobs.end_memberships(today=today)
            self.counts["reminders"] += send_reminders(today=today)

    def change_minds(self, today: date) -> None:
        """Now and then somebody leaves, and a former member or student comes back."""
        often = 0.0004 * self.members
        if self.dice.random() < often:
            current = Membership.objects.current(today).filter(ended_on=None)
            member = self.pick(current)
            if member:
                person = member.user
                operations.leave(user=person, by=person, now=make.noon(today), today=today)
                self.counts["left"] += 1
        if self.dice.random() < often:
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

    def live(self) -> None:
        self.secretary = make.staff()
        joining = self.join_all()
        today = START
        while today < self.end:
            with time_machine.travel(datetime.combine(today, NIGHT), tick=False):
                self.pay(today)
                self.night(today)
            with time_machine.travel(make.noon(today), tick=False):
                for person in joining.get(today, []):
                    self.join(person, today)
                self.change_minds(today)
                self.decide_when_to_pay()
            today += DAY

    def told(self) -> str:
        rows, papers = Membership.objects.count(), Invoice.objects.count()
        sums = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        return (
            f"{self.members} members, {self.years} years: {rows} periods, {papers} papers, "
            f"{Payment.objects.count()} payments, {sums}"
        )

    def faults(self) -> dict[str, Any]:
        """By what must not be; empty when all is well."""
        rows = list(
            Membership.objects.order_by("user_id", "starts_on", "pk").select_related("invoice")
        )
        found = {
            "overlapping periods": overlapping(rows),
            "gaps at a renewal": renewals_with_a_gap(rows, self.end),
            "periods invoiced twice": invoiced_twice(),
            "invoices of the exempted": [row for row in rows if row.invoice and row.exempt_reason],
            "second free years": second_free_years(rows),
            "numbers missing": numbers_missing(),
            "reminders to the paid": reminded_though_paid(),
            "doubled mails": doubled_mails(),
            "unpaid for too long": unpaid_for_too_long(self.end),
            "renewed after leaving": gone_and_not_asked_back(rows) - self.came_back,
        }
        return {what: those for what, those in found.items() if those}


def overlapping(rows: list[Membership]) -> list[Membership]:
    lived = [row for row in rows if row.last_day_on >= row.starts_on]
    return [
        later
        for earlier, later in itertools.pairwise(lived)
        if earlier.user_id == later.user_id and later.starts_on <= earlier.last_day_on
    ]


def renewals_with_a_gap(rows: list[Membership], end: date) -> list[Membership]:
    """An ordinary year that ran out by itself is followed by the next, the day after."""
    starts = {(row.user_id, row.starts_on) for row in rows}
    return [
        row
        for row in rows
        if row.ended_on is None
        and not row.kind.is_for_students
        and row.ends_on < end - timedelta(60)
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
    """The money was there when the reminder was written."""
    paid = dict(Payment.objects.values_list("invoice_id", "paid_on"))
    return [
        reminder
        for reminder in Reminder.objects.all()
        if reminder.invoice_id in paid
        and paid[reminder.invoice_id] <= timezone.localdate(reminder.sent_at)
    ]


def doubled_mails() -> list[dict[str, Any]]:
    return list(Mail.objects.values("key").annotate(count=Count("pk")).filter(count__gt=1))


def unpaid_for_too_long(end: date) -> list[Invoice]:
    return list(Invoice.objects.open().filter(due_on__lt=end - timedelta(60)))
