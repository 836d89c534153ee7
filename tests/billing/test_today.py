from datetime import timedelta

import pytest
from django.utils import timezone

from billing import today
from billing.models import StripeEvent
from mail.models import Mail
from members import roles
from tests.factories import members
from tests.factories.billing import bank_transaction, issue_invoice, pay
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db

DAY = timezone.localdate()


def counts(role: str) -> dict[str, int]:
    return {url: count for _title, count, url in today.waiting(members.staff(role), DAY)}


@pytest.fixture
def everything():
    issue_invoice(today=DAY - timedelta(days=61))
    issue_invoice(today=DAY - timedelta(days=60))  # due thirty days ago: not long yet
    pay(issue_invoice(), amount="2000")
    issue_invoice(today=DAY)
    receipt = pay(issue_invoice())
    keys = [f"receipt:{receipt.pk}", f"invoice:{receipt.invoice_id}"]
    Mail.objects.filter(key__in=keys).update(state="failed")
    create_mail(key="welcome:1", state="failed")
    bank_transaction()
    StripeEvent.objects.create(event_id="evt_1", type="x", payload={}, problem="Tvist")


def test_a_treasurer_sees_what_waits(everything):
    assert counts(roles.TREASURER) == {
        "/admin/billing/invoice/?status=long-overdue": 1,
        "/admin/billing/invoice/?status=overpaid": 1,
        "/admin/billing/invoice/?status=undelivered": 1,
        "/admin/billing/banktransaction/?queue=waiting": 1,
        "/admin/billing/stripeevent/?queue=waiting": 1,
    }


def test_each_link_leads_to_as_many_rows_as_it_says(everything, client):
    treasurer = members.staff(roles.TREASURER)
    client.force_login(treasurer)

    for _title, count, url in today.waiting(treasurer, DAY):
        assert client.get(url).context["cl"].result_count == count


def test_who_cannot_work_through_it_is_not_told(everything):
    assert counts(roles.MEMBERSHIP_SECRETARY) == {}
    assert counts(roles.EDITOR) == {}
