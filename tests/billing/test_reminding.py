from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing import operations
from billing.models import Reminder, ReminderStep
from mail import makers
from mail.models import Mail
from tests.factories.billing import balance, customer, issue_invoice, pay

pytestmark = pytest.mark.django_db

ISSUED = date(2026, 3, 2)
DUE = date(2026, 4, 1)


def levels(**conditions):
    return list(Reminder.objects.filter(**conditions).values_list("level", flat=True))


@pytest.mark.parametrize(
    ("days", "expected"), [(-8, []), (-7, [-7]), (0, [-7]), (7, [7]), (20, [7]), (21, [21])]
)
def test_reminders_follow_the_steps(days, expected):
    issue_invoice(today=ISSUED)

    operations.send_reminders(today=DUE + timedelta(days=days))

    assert levels() == expected


def test_reminders_every_night_are_one_a_step():
    issue_invoice(today=ISSUED)

    for day in range(60):
        operations.send_reminders(today=ISSUED + timedelta(days=day))
        operations.send_reminders(today=ISSUED + timedelta(days=day))

    assert sorted(levels()) == [-7, 7, 21]
    assert Mail.objects.filter(key__startswith="reminder").count() == 3


def test_a_job_that_was_away_sends_one_reminder_and_not_three():
    issue_invoice(today=ISSUED)

    assert operations.send_reminders(today=DUE + timedelta(days=40)) == 1
    assert levels() == [21]


def test_the_paid_are_not_reminded():
    pay(issue_invoice(today=ISSUED))
    half = issue_invoice(today=ISSUED)
    pay(half, amount="1000")

    operations.send_reminders(today=DUE + timedelta(days=7))

    assert levels(invoice=half) == [7]
    assert Reminder.objects.get().balance == Decimal("645.00")


def test_a_reminder_written_before_the_payment_does_not_leave_after_it():
    invoice = issue_invoice(today=ISSUED)
    operations.send_reminders(today=DUE + timedelta(days=7))
    mail = Mail.objects.get(key=f"reminder:{invoice.pk}:7")
    assert makers.still_wanted(mail.guard)

    pay(invoice)

    assert not makers.still_wanted(mail.guard)


def test_the_credited_are_not_reminded():
    operations.credit_invoice(invoice=issue_invoice(today=ISSUED), reason="Fel", by=None)

    assert operations.send_reminders(today=DUE + timedelta(days=7)) == 0


def test_a_step_before_the_invoice_was_issued_is_not_for_it():
    issue_invoice(today=ISSUED, due_on=ISSUED + timedelta(days=5))

    assert operations.send_reminders(today=ISSUED) == 0


def test_dry_run_says_who_and_writes_nothing():
    invoice = issue_invoice(today=ISSUED)

    due: list[operations.DueReminder] = []
    week_late = DUE + timedelta(days=7)

    assert operations.send_reminders(today=week_late, dry_run=True, told=due.extend) == 1

    assert [(reminder.invoice, reminder.step.days) for reminder in due] == [(invoice, 7)]
    assert levels() == []
    assert balance(invoice) == Decimal("1645.00")


def test_no_steps_no_reminders():
    ReminderStep.objects.all().delete()
    issue_invoice(today=ISSUED)

    assert operations.send_reminders(today=DUE + timedelta(days=90)) == 0


@pytest.mark.parametrize("count", [1, 10, 100])
def test_looking_for_reminders_takes_the_same_queries(count, django_assert_num_queries):
    for _ in range(count):
        issue_invoice(today=ISSUED)

    with django_assert_num_queries(3):
        assert len(operations.due_reminders(DUE + timedelta(days=7))) == count


class TestByHand:
    """Due on 1 April 2026; the steps are at -7, 7 and 21 days."""

    def remind(self, invoice, day):
        return operations.remind_now(invoice=invoice, by=None, today=day)

    def test_remind_now_sends_the_step_reached(self, time_machine):
        invoice = issue_invoice()
        time_machine.move_to(datetime(2026, 4, 10, 12, tzinfo=UTC))

        reminder = self.remind(invoice, date(2026, 4, 10))

        assert (reminder.level, reminder.balance) == (7, invoice.total)
        assert operations.due_reminders(date(2026, 4, 10)) == []

    def test_remind_now_after_the_step_is_a_plain_reminder(self, time_machine):
        invoice = issue_invoice()
        operations.send_reminders(today=date(2026, 4, 8))
        Reminder.objects.update(sent_at=datetime(2026, 4, 8, 3, tzinfo=UTC))
        time_machine.move_to(datetime(2026, 4, 11, 12, tzinfo=UTC))

        for _ in range(2):
            reminder = self.remind(invoice, date(2026, 4, 11))

        assert reminder.level == 10
        assert Reminder.objects.count() == 2
        mail = Mail.objects.get(key=f"reminder:{invoice.pk}:10")
        assert mail.guard == [["invoice-open", {"invoice_id": invoice.pk}]]

    def test_remind_now_does_not_stand_in_the_way_of_later_steps(self, time_machine):
        invoice = issue_invoice()
        time_machine.move_to(datetime(2026, 4, 11, 12, tzinfo=UTC))
        self.remind(invoice, date(2026, 4, 11))

        (due,) = operations.due_reminders(date(2026, 4, 22))

        assert (due.invoice, due.step.days) == (invoice, 21)

    def test_a_plain_reminder_speaks_the_customers_language(self, time_machine):
        ReminderStep.objects.all().delete()
        invoice = issue_invoice(customer=customer(language="en"))
        time_machine.move_to(datetime(2026, 4, 2, 12, tzinfo=UTC))

        assert self.remind(invoice, date(2026, 4, 2)).level == 1
        assert "Reminder" in Mail.objects.get(key=f"reminder:{invoice.pk}:1").subject

    @pytest.mark.parametrize("day", [date(2026, 3, 5), date(2026, 4, 1)])
    def test_nobody_is_reminded_by_hand_before_it_is_overdue(self, day):
        invoice = issue_invoice()
        Reminder.objects.create(
            invoice=invoice, level=-7, sent_at=datetime(2026, 3, 1, tzinfo=UTC), balance=1
        )

        with pytest.raises(operations.ReminderRefused):
            self.remind(invoice, day)

    def test_remind_now_refuses_what_is_settled(self):
        paid = issue_invoice()
        pay(paid)
        note = operations.credit_invoice(invoice=issue_invoice(), reason="Fel", by=None)

        for invoice in (paid, note):
            with pytest.raises(operations.ReminderRefused):
                self.remind(invoice, date(2026, 4, 10))

        assert Reminder.objects.count() == 0
