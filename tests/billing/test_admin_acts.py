"""What a treasurer does to issued invoices: looked at first, confirmed, done once."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from billing import operations
from billing.models import Invoice, InvoiceLine, Payment, Reminder
from mail.models import Mail
from tests.billing.pages import LIST, errors, page_of, told
from tests.factories import members
from tests.factories.billing import balance, copies, issue_invoice, line, pay, product

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

D = Decimal
TOKEN = "0a1b2c3d-0000-4000-8000-000000000001"


def act(client, name: str, *invoices, **answers):
    """Chosen in the list, looked at, confirmed."""
    chosen = {"action": name, "_selected_action": [invoice.pk for invoice in invoices]}
    page = client.post(LIST, chosen)
    assert page.status_code == 200
    return client.post(LIST, {**chosen, "confirmed": "x", **answers}, follow=True)


def do(client, name: str, invoice, **answers):
    """By the button on the invoice's own page."""
    assert client.get(page_of(invoice, name)).status_code == 200
    return client.post(page_of(invoice, name), {"confirmed": "x", **answers}, follow=True)


# --- Crediting ---------------------------------------------------------------------------------


def test_credit_the_whole(client, treasurer):
    invoice = issue_invoice()
    (row,) = invoice.lines.all()

    page = do(client, "credit", invoice, reason="Fel mottagare", nth=1, **{f"line_{row.pk}": "1"})

    note = invoice.credit_notes.get()
    assert (note.total, note.reason, note.issued_by) == (-invoice.total, "Fel mottagare", treasurer)
    assert page.redirect_chain[-1][0] == page_of(invoice)
    assert Mail.objects.filter(key=f"credit-note:{note.pk}").count() == 1


def test_credit_a_part_of_chosen_lines(client, treasurer):
    rows = [line(product=product("conference"), price="4995", quantity="3"), line()]
    invoice = issue_invoice(lines=rows)
    seats, fee = invoice.lines.order_by("position")

    do(
        client,
        "credit",
        invoice,
        reason="En avbokad",
        nth=1,
        **{f"line_{seats.pk}": "1", f"line_{fee.pk}": "0"},
    )

    assert balance(invoice) == D("11635.00")
    (credited,) = InvoiceLine.objects.filter(invoice__kind="credit")
    assert (credited.credits, credited.quantity) == (seats, D("-1.00"))


def test_confirming_twice_is_one_credit_note(client, treasurer):
    invoice = issue_invoice(lines=[line(quantity="3")])
    (row,) = invoice.lines.all()
    answers = {"confirmed": "x", "reason": "Fel", "nth": 1, f"line_{row.pk}": "1"}

    for _ in range(2):
        client.post(page_of(invoice, "credit"), answers)

    assert invoice.credit_notes.count() == 1


@pytest.mark.parametrize("quantity", ["2", "-1", "", "många", "0"])
def test_credit_no_more_than_there_is(client, treasurer, quantity):
    invoice = issue_invoice()
    (row,) = invoice.lines.all()

    page = client.post(
        page_of(invoice, "credit"),
        {"confirmed": "x", "reason": "Fel", "nth": 1, f"line_{row.pk}": quantity},
    )

    assert errors(page)
    assert page.context["form"]["reason"].value() == "Fel"  # nothing typed is lost
    assert invoice.credit_notes.count() == 0


def test_crediting_needs_a_reason(client, treasurer):
    invoice = issue_invoice()
    (row,) = invoice.lines.all()

    page = client.post(page_of(invoice, "credit"), {"confirmed": "x", f"line_{row.pk}": "1"})

    assert list(errors(page)) == ["reason"]
    assert invoice.credit_notes.count() == 0


def test_credit_many_and_leave_out_what_is_credited(client, treasurer):
    first, second, credited = (issue_invoice() for _ in range(3))
    note = operations.credit_invoice(invoice=credited, reason="Förut", by=None)

    page = act(client, "credit", first, second, credited, note, reason="Dubbelt utskick")

    assert [balance(invoice) for invoice in (first, second, credited)] == [0, 0, 0]
    assert Invoice.objects.filter(reason="Dubbelt utskick").count() == 2
    assert len(told(page)) == 1


# --- Reminding ---------------------------------------------------------------------------------


def test_remind_now_sends_the_step_reached(client, treasurer):
    invoice = issue_invoice(today=timezone.localdate() - timedelta(days=40))

    do(client, "remind", invoice)

    assert invoice.reminders.get().level == 7
    assert Mail.objects.filter(key=f"reminder:{invoice.pk}:7").count() == 1
    (logged,) = LogEntry.objects.all()
    assert (logged.user, logged.object_id) == (treasurer, str(invoice.pk))


def test_reminding_twice_a_day_sends_once(client, treasurer):
    invoice = issue_invoice(today=timezone.localdate() - timedelta(days=40))

    do(client, "remind", invoice)
    page = client.post(page_of(invoice, "remind"), {"confirmed": "x"})

    assert page.context["form"] is None
    assert Reminder.objects.count() == 1


def test_remind_many_and_leave_out_the_paid(client, treasurer):
    late = [issue_invoice(today=timezone.localdate() - timedelta(days=40)) for _ in range(3)]
    pay(late[2])

    act(client, "remind", *late)

    assert set(Reminder.objects.values_list("invoice", flat=True)) == {late[0].pk, late[1].pk}


def test_the_preview_of_reminders_costs_the_same_for_many(
    client, treasurer, django_assert_max_num_queries
):
    late = [issue_invoice(today=timezone.localdate() - timedelta(days=40)) for _ in range(20)]
    chosen = {"action": "remind", "_selected_action": [invoice.pk for invoice in late]}

    with django_assert_max_num_queries(16):
        assert len(client.post(LIST, chosen).context["plans"]) == 20


# --- Payments by hand --------------------------------------------------------------------------


def enter(client, invoice, **changes):
    answers = {
        "confirmed": "x",
        "amount": "1 645,00",
        "paid_on": "2026-03-10",
        "note": "Kontant på mötet",
        "token": TOKEN,
        **changes,
    }
    return client.post(page_of(invoice, "payment"), answers)


def test_register_a_payment(client, treasurer):
    invoice = issue_invoice()

    enter(client, invoice)

    payment = Payment.objects.get()
    assert (payment.amount, payment.paid_on, payment.method, payment.note) == (
        D("1645.00"),
        date(2026, 3, 10),
        "other",
        "Kontant på mötet",
    )
    assert payment.registered_by == treasurer
    assert Mail.objects.filter(key=f"receipt:{payment.pk}").count() == 1


def test_confirming_a_payment_twice_enters_it_once(client, treasurer):
    invoice = issue_invoice()

    for _ in range(2):
        enter(client, invoice, amount="500")

    assert balance(invoice) == D("1145.00")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1.645,00"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"paid_on": "2999-01-01"}, "paid_on"),
        ({"paid_on": "03/10/2026"}, "paid_on"),
        ({"note": ""}, "note"),
        ({"token": "x"}, "token"),
        ({"amount": "2000"}, "exceeds"),
    ],
)
def test_a_payment_that_cannot_be_entered(client, treasurer, changes, field):
    invoice = issue_invoice()

    page = enter(client, invoice, **changes)

    assert list(errors(page)) == [field]
    assert Payment.objects.count() == 0


def test_more_than_is_left_is_entered_when_it_really_came(client, treasurer):
    invoice = issue_invoice()

    enter(client, invoice, amount="2000", exceeds="on")

    assert balance(invoice) == D("-355.00")


def test_money_given_back_is_negative(client, treasurer):
    invoice = issue_invoice()
    pay(invoice, amount="2000")

    enter(client, invoice, amount="-355")

    assert balance(invoice) == 0


# --- Writing off, sending again, papers --------------------------------------------------------


def test_write_off(client, treasurer):
    invoice = issue_invoice()
    pay(invoice, amount="1000")

    do(client, "write-off", invoice, reason="Konkurs")

    given_up = invoice.payments.get(method="write_off")
    assert (given_up.amount, given_up.note, given_up.registered_by) == (
        D("645.00"),
        "Konkurs",
        treasurer,
    )
    assert not Mail.objects.filter(key__startswith="receipt:").exists()


def test_send_again_to_the_customer(client, treasurer):
    invoice = issue_invoice()
    mail = Mail.objects.get()
    Mail.objects.update(state="failed", problem="550 no such user")

    do(client, "send-again", invoice)

    mail.refresh_from_db()
    assert (mail.state, mail.problem, Mail.objects.count()) == ("queued", "", 1)


def test_send_again_to_another_address(client, treasurer):
    invoice = issue_invoice(buyer=members.person())

    for _ in range(2):
        do(client, "send-again", invoice, to="reskontra@kansli.example")

    first, other = Mail.objects.order_by("pk")
    assert (first.to, other.to, other.cc) == (
        invoice.customer_email,
        "reskontra@kansli.example",
        "",
    )


def test_send_again_many(client, treasurer):
    invoices = [issue_invoice() for _ in range(2)]
    Mail.objects.update(state="failed")

    act(client, "send_again", *invoices)

    assert set(Mail.objects.values_list("state", flat=True)) == {"queued"}


def test_one_paper(client, treasurer):
    answer = client.get(page_of(issue_invoice(), "pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert "faktura-f10001.pdf" in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")


def test_many_papers_in_a_zip(client, treasurer):
    invoices = [issue_invoice() for _ in range(3)]
    chosen = {"action": "download", "_selected_action": [invoice.pk for invoice in invoices]}

    answer = client.post(LIST, chosen)

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == [f"faktura-f1000{n}.pdf" for n in (1, 2, 3)]
        assert archive.read("faktura-f10002.pdf").startswith(b"%PDF-")


def test_too_many_at_once_are_refused(client, treasurer):
    copies(issue_invoice(), 510)
    everything = list(Invoice.objects.values_list("pk", flat=True))

    for action in ("credit", "download"):
        page = client.post(
            LIST,
            {"action": action, "_selected_action": everything[:50], "select_across": "1"},
            follow=True,
        )
        assert len(told(page)) == 1
    assert Invoice.objects.filter(kind="credit").count() == 0
