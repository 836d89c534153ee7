"""Two nights at the same moment: one reminder, one fee."""

from datetime import date
from functools import partial

import pytest

from billing import late_charges, ledger, operations
from billing.models import Invoice, Reminder, ReminderStep, Seller
from billing.operations import reminding
from tests.billing.at_once import Meeting, at_once
from tests.factories.billing import issue_invoice

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("committing"),
]

WEEK_LATE = date(2026, 4, 8)


@pytest.fixture(autouse=True)
def _charging(committing):
    Seller.objects.update(reminder_fee=60)
    ReminderStep.objects.filter(days__gt=0).update(charges=True)


def fees() -> int:
    return Invoice.objects.filter(source__startswith=late_charges.SOURCE).count()


def night() -> partial:
    return partial(operations.send_reminders, today=WEEK_LATE)


def test_two_nights_at_once_remind_and_charge_once():
    for number in range(1, 11):
        issue_invoice(mail=False)

        assert at_once(night(), night()) == {"int": 2}

        assert (Reminder.objects.count(), fees()) == (number, number)
    assert list(ledger.findings()) == []


def test_without_the_lock_one_of_them_fails(monkeypatch, caplog):
    """The control: the constraints keep the books, but a night ends in an error."""
    meeting, write = Meeting(2), reminding._write

    def write_together(due, **how):
        meeting.wait()
        return write(due, **how)

    monkeypatch.setattr(reminding, "lock_invoices", lambda keys: None)
    monkeypatch.setattr(reminding, "_write", write_together)
    invoice = issue_invoice(mail=False)

    assert at_once(night(), night()) == {"int": 2}
    assert f"{invoice.pk} could not be handled" in caplog.messages
    assert (Reminder.objects.count(), fees()) == (1, 1)
