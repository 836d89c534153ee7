"""An invoice's own page, reached by its link and without an account."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from billing import operations, overview
from billing.models import Invoice, InvoiceOpening, ReminderStep, Seller
from mail.models import Mail
from tests.factories import members
from tests.factories.billing import (
    customer,
    issue_invoice,
    line,
    pay,
    product,
)

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture(autouse=True)
def _without_cards(settings):
    settings.STRIPE_SECRET_KEY = ""


def address(invoice, name: str = "invoice", *more) -> str:
    with translation.override(invoice.language):
        return reverse(f"billing:{name}", args=[invoice.link_token, *more])


def tone(invoice) -> str:
    annotated = Invoice.objects.with_balance().with_written_off().get(pk=invoice.pk)
    found = overview.status(annotated, timezone.localdate())
    with translation.override("en"):
        return str(found.label)


# --- What it shows --------------------------------------------------------------------------


def test_how_to_pay(client):
    invoice = issue_invoice(today=timezone.localdate())

    page = client.get(address(invoice))

    assert page.context["pay"]["amount"] == "1\xa0645,00\xa0kr"
    assert [value for _label, value in page.context["pay"]["facts"]] == [
        "991-2346",
        invoice.ocr,
        "Forum för Dataskydd",
    ]
    assert page.context["outcome"] == ""
    assert f'href="{address(invoice, "invoice-pdf")}"' in page.content.decode()


def test_codes_for_the_banking_app_and_swish(client):
    Seller.objects.update(swish="1234567897")
    invoice = issue_invoice()
    pay(invoice, amount="1000")

    codes = client.get(address(invoice)).context["pay"]["codes"]

    assert len(codes) == 2
    for code in codes:
        assert code.src.startswith("data:image/svg+xml;base64,")
        assert "645,00" in code.alt  # what is left, not what it was


def test_the_language_is_that_of_its_address_and_mails_lead_to_the_invoices_own(client):
    swedish = issue_invoice()
    english = issue_invoice(customer=customer(language="en"))

    assert 'lang="sv"' in client.get(address(swedish)).content.decode()
    assert 'lang="en"' in client.get(address(english)).content.decode()
    for invoice in (swedish, english):
        assert address(invoice) in Mail.objects.get(key=f"invoice:{invoice.pk}").text


def test_lines_vat_and_what_is_settled(client):
    invoice = issue_invoice(
        lines=[line(product=product("conference"), price="4995", quantity="2"), line()]
    )
    pay(invoice, amount="1000")

    page = client.get(address(invoice))

    assert [row["amount"] for row in page.context["lines"]] == [
        "9\xa0990,00\xa0kr",
        "1\xa0645,00\xa0kr",
    ]
    assert [amount for _label, amount in page.context["vat_rows"]] == ["1\xa0998,00\xa0kr"]
    assert [amount for _label, amount in page.context["settled"]] == ["\u22121\xa0000,00\xa0kr"]
    assert page.context["left"] == "10\xa0635,00\xa0kr"


def test_what_a_customer_writes_is_text(client):
    invoice = issue_invoice(customer=customer(name="<script>alert(1)</script>", address="<b>\n&"))

    html = client.get(address(invoice)).content.decode()

    assert "<script>alert" not in html
    assert "<b>" not in html


def test_nothing_inline_for_the_content_policy(client):
    html = client.get(address(issue_invoice())).content.decode()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", html)


# --- Where it stands ------------------------------------------------------------------------


def test_every_status(client):
    today = timezone.localdate()
    made = {
        "To pay": issue_invoice(today=today),
        "Overdue": issue_invoice(today=today - timedelta(days=40)),
        "Partly paid": issue_invoice(today=today),
        "Paid": issue_invoice(),
        "Overpaid": issue_invoice(),
        "Credited": issue_invoice(),
        "Written off": issue_invoice(),
    }
    pay(made["Partly paid"], amount="1000")
    pay(made["Paid"])
    pay(made["Overpaid"], amount="2000")
    made["Credit note"] = operations.credit_invoice(invoice=made["Credited"], reason="Fel", by=None)
    operations.write_off(invoice=made["Written off"], reason="Konkurs", by=None, today=today)

    assert {label: tone(invoice) for label, invoice in made.items()} == {
        label: label for label in made
    }
    for label, invoice in made.items():
        page = client.get(address(invoice))
        assert page.status_code == 200
        asks = label in {"To pay", "Overdue", "Partly paid"}
        assert (page.context["pay"] is not None) == asks
        assert bool(page.context["outcome"]) == (not asks and label != "Credit note")


def test_due_today_is_not_overdue():
    seller = Seller.objects.get()
    due_today = timezone.localdate() - timedelta(days=seller.payment_days)

    assert tone(issue_invoice(today=due_today)) == "To pay"
    assert tone(issue_invoice(today=due_today - timedelta(days=1))) == "Overdue"


def test_a_free_invoice_has_nothing_to_pay(client):
    page = client.get(address(issue_invoice(price="0")))

    assert (page.context["pay"], bool(page.context["outcome"])) == (None, True)


def test_credited_in_part_and_paid(client):
    invoice = issue_invoice(lines=[line(quantity="2")])
    (row,) = invoice.lines.all()
    note = operations.credit_invoice(
        invoice=invoice, reason="En", by=None, lines=[operations.CreditLine(row, D(1))]
    )
    pay(invoice)

    page = client.get(address(invoice))

    assert tone(invoice) == "Paid"
    assert note.get_absolute_url() in page.content.decode()
    assert address(invoice) in client.get(address(note)).content.decode()


def test_ore_leave_nothing_behind():
    """SQLite adds decimals as floats: 0.1 + 0.2 is not 0.3."""
    invoice = issue_invoice(price="0.30")
    pay(invoice, amount="0.10")
    pay(invoice, amount="0.20")

    assert tone(invoice) == "Paid"
    assert Invoice.objects.open().count() == Invoice.objects.overpaid().count() == 0
    assert list(Invoice.objects.settled()) == [invoice]


# --- Papers ---------------------------------------------------------------------------------


def test_the_paper(client):
    answer = client.get(address(issue_invoice(), "invoice-pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="faktura-f10001.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_the_receipt_when_it_is_paid(client):
    invoice = issue_invoice()
    first, second = pay(invoice, amount="1000"), pay(invoice)

    page = client.get(address(invoice))
    answer = client.get(address(invoice, "receipt-pdf", second.pk))

    assert page.context["receipt_of"] == second.pk
    assert [entry.receipt_of for entry in page.context["entries"]] == [first.pk, second.pk]
    assert answer["Content-Disposition"] == 'inline; filename="kvitto-F10001.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_what_was_given_back_or_given_up_has_no_receipt(client):
    invoice, other = issue_invoice(), issue_invoice()
    of_other = pay(other)
    pay(invoice, amount="1000")
    back = pay(invoice, amount="-500")
    given_up = operations.write_off(
        invoice=invoice, reason="Konkurs", by=None, today=timezone.localdate()
    )

    page = client.get(address(invoice))

    assert len([e for e in page.context["entries"] if e.receipt_of]) == 1
    for payment in (back, given_up, of_other):
        assert client.get(address(invoice, "receipt-pdf", payment.pk)).status_code == 404


# --- Who may see it -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["invoice", "invoice-pdf"])
def test_a_guessed_link_is_not_found(client, name):
    issue_invoice()

    for guess in ("x", "1", "F10001", "%00", "a" * 43):
        assert client.get(reverse(f"billing:{name}", args=[guess])).status_code == 404


def test_a_guessed_link_pays_nothing(client):
    assert client.post(reverse("billing:pay-by-card", args=["x"])).status_code == 404
    assert client.get(reverse("billing:pay-by-card", args=["x"])).status_code == 405


def test_no_cache_and_no_search_engine_keeps_it(client):
    page = client.get(address(issue_invoice()))

    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page.content.decode()


def test_a_reader_without_a_form_gets_no_cookie(client):
    paid = issue_invoice()
    pay(paid)

    assert client.get(address(paid)).cookies == {}


def test_the_page_costs_the_same_for_many_lines(client, django_assert_max_num_queries):
    invoice = issue_invoice(lines=[line() for _ in range(30)])

    with django_assert_max_num_queries(9):
        client.get(address(invoice))


# --- On somebody's own pages ----------------------------------------------------------------


def test_my_invoices_take_one_query(django_assert_num_queries):
    person = members.person()
    for _ in range(3):
        pay(issue_invoice(buyer=person), amount="100")
    issue_invoice()

    with django_assert_num_queries(1):
        rows = overview.for_person(person)

    assert [row.number for row in rows] == ["F10003", "F10002", "F10001"]
    assert rows[0].balance == "1\xa0545\xa0kr"


# --- Whether it has arrived -----------------------------------------------------------------


def test_the_first_look_of_the_receiver_is_noted_once_and_tells_nothing_else(client):
    invoice = issue_invoice()

    for _ in range(3):
        assert client.get(address(invoice)).status_code == 200

    noted = InvoiceOpening.objects.get()
    assert noted.invoice == invoice
    columns = {field.name for field in InvoiceOpening._meta.get_fields()}
    assert columns == {"id", "invoice", "opened_at"}


def test_staff_machines_that_ask_for_the_head_and_papers_are_no_receivers(client, treasurer):
    invoice = issue_invoice()

    client.get(address(invoice))
    client.logout()
    client.head(address(invoice))
    client.get(address(invoice, "invoice-pdf"))

    assert InvoiceOpening.objects.count() == 0


def test_two_that_open_it_at_once_are_one_opening():
    invoice = issue_invoice()
    same = Invoice.objects.get(pk=invoice.pk)

    operations.note_opening(invoice=invoice)
    operations.note_opening(invoice=same)

    assert InvoiceOpening.objects.count() == 1


def test_charges_for_paying_late_are_led_to(client):
    Seller.objects.update(reminder_fee=60)
    ReminderStep.objects.update(charges=True)
    invoice = issue_invoice(today=timezone.localdate() - timedelta(days=60))
    operations.send_reminders(today=timezone.localdate())
    (charge,) = operations.open_charges(invoice)

    page = client.get(address(invoice))

    assert page.context["late_charges"] == [(charge, "60,00\xa0kr")]
    assert f'href="{address(charge)}"' in page.text
    assert client.get(address(charge)).context["terms"] == []
