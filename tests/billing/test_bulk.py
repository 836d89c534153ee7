"""Many invoices at once: worked off in the background, with a page that shows how far."""

import pytest
from django.db import transaction
from django.urls import reverse

from billing import operations, tasks
from billing.invoice_acts import REFUSALS
from billing.models import BulkAct, BulkRow, Invoice, Reminder
from members import roles
from tests.billing.at_once import at_once
from tests.billing.pages import LIST
from tests.factories import members
from tests.factories.billing import balance, issue_invoice, pay

pytestmark = pytest.mark.django_db

MANY = 21


@pytest.fixture
def invoices() -> list[Invoice]:
    return [issue_invoice(mail=False) for _ in range(MANY)]


def choose(client, action: str, invoices, **answers):
    chosen = {"action": action, "_selected_action": [invoice.pk for invoice in invoices]}
    return client.post(LIST, {**chosen, **answers, "confirmed": "1"}, follow=True)


def ask(invoices, name: str = "write-off", reason: str = "Konkurs") -> BulkAct:
    return operations.ask_in_bulk(
        name=name,
        invoices=invoices,
        reason=reason,
        by=members.staff(roles.TREASURER),
        today=invoices[0].issued_on,
    )


def states(act) -> list[str]:
    return list(act.rows.order_by("pk").values_list("state", flat=True))


def test_many_are_worked_off_in_the_background(
    client, treasurer, invoices, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = choose(client, "write_off", invoices, reason="Konkurs")

    act = BulkAct.objects.get()
    assert page.redirect_chain == [(reverse("admin:billing_bulkact_change", args=[act.pk]), 302)]
    assert states(act) == ["done"] * MANY
    assert {balance(invoice) for invoice in invoices} == {0}
    assert {row.registered_by for row in invoices[0].payments.all()} == {treasurer}


def test_the_page_loads_itself_until_all_is_done(client, treasurer, invoices):
    act = ask(invoices)
    url = reverse("admin:billing_bulkact_change", args=[act.pk])

    assert client.get(url)["Refresh"] == "2"
    tasks.work_off(act.pk)
    page = client.get(url)

    assert "Refresh" not in page
    assert (page.context["act"].done, page.context["act"].total) == (MANY, MANY)


def test_a_refusal_is_told_and_stops_nothing(client, treasurer, invoices):
    pay(invoices[0])
    act = ask(invoices[:3], name="remind", reason="")
    BulkAct.objects.update(on=invoices[0].due_on)

    tasks.work_off(act.pk)

    assert states(act) == ["refused", "done", "done"]
    assert act.rows.get(state="refused").told
    page = client.get(reverse("admin:billing_bulkact_change", args=[act.pk]))
    assert [row.invoice for row in page.context["refused"]] == [invoices[0]]


def test_a_killed_worker_is_taken_over_by_the_sweep(invoices, monkeypatch):
    act = ask(invoices[:4])
    operations.write_off(invoice=invoices[0], reason="x", by=None, today=act.on)

    class Killed(BaseException):
        pass

    def dies(invoice) -> None:
        if invoice == invoices[2]:
            raise Killed
        operations.write_off(invoice=invoice, reason="x", by=None, today=act.on)

    with pytest.raises(Killed), transaction.atomic():
        operations.work_off(act=act, do=dies, refusals=REFUSALS)
    tasks.sweep_bulk_acts()

    assert states(act) == ["done"] * 4
    assert [invoice.payments.count() for invoice in invoices[:4]] == [1] * 4


def test_reminders_by_hand_keep_who_asked(invoices, treasurer, client):
    act = ask(invoices[:2], name="remind", reason="")
    BulkAct.objects.update(on=invoices[0].due_on + (invoices[0].due_on - invoices[0].issued_on))

    tasks.work_off(act.pk)
    tasks.work_off(act.pk)

    assert Reminder.objects.count() == 2
    page = client.get(f"{LIST}{invoices[0].pk}/change/")
    assert act.asked_by in [entry.who for entry in page.context["story"]]


def test_others_do_not_see_it(client, onlooker, invoices):
    url = reverse("admin:billing_bulkact_change", args=[ask(invoices).pk])

    assert client.get(url).status_code == 403


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committing")
def test_two_workers_share_the_rows():
    invoices = [issue_invoice(mail=False) for _ in range(10)]
    act = ask(invoices)

    at_once(lambda: tasks.work_off(act.pk), lambda: tasks.work_off(act.pk))

    assert BulkRow.objects.filter(state="done").count() == 10
    assert [invoice.payments.count() for invoice in invoices] == [1] * 10
