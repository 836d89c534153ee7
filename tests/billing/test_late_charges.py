"""A reminder fee and late interest: off by default, only as announced, once, and never on top."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from billing import late_charges, ledger, operations, papers, ubl
from billing.models import BankTransaction, InterestRate, Invoice, Reminder, ReminderStep, Seller
from mail.models import Mail
from tests.billing.document_factories import text
from tests.factories.billing import (
    balance,
    bank_transaction,
    customer,
    issue_invoice,
    line,
    pay,
    product,
)

pytestmark = pytest.mark.django_db

ISSUED = date(2026, 3, 2)
DUE = date(2026, 4, 1)
RATES = [(date(2026, 1, 1), D("2.00")), (date(2026, 7, 1), D("4.00"))]


@pytest.fixture
def fee():
    """60 kr, with the steps after the due date."""
    Seller.objects.update(reminder_fee=60)
    ReminderStep.objects.filter(days__gt=0).update(charges=True)


@pytest.fixture
def interest():
    for valid_from, percent in RATES:
        InterestRate.objects.create(valid_from=valid_from, percent=percent)
    Seller.objects.update(late_interest=True)
    ReminderStep.objects.filter(days__gt=0).update(charges=True)


def remind(days: int) -> None:
    operations.send_reminders(today=DUE + timedelta(days=days))


def charges() -> list[tuple[str, D]]:
    """What was charged, as product and amount, in order."""
    found = Invoice.objects.filter(source__startswith=late_charges.SOURCE).order_by("pk")
    return list(found.values_list("lines__product_code", "total"))


# --- Counting ---------------------------------------------------------------------------------


def owed(day: date) -> D:
    return D("10000") if day <= date(2026, 4, 11) else D("4000")


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (DUE, "0.00"),
        (date(2026, 4, 2), "2.74"),  # 10,000 × 10 % / 365
        (date(2026, 4, 11), "27.40"),
        (date(2026, 4, 12), "28.49"),  # and one day of 4,000
        (date(2026, 7, 1), "116.38"),  # and one of 4,000 at 12 %
    ],
)
def test_interest_runs_by_the_day_on_what_was_left(until, expected):
    assert late_charges.interest(owed=owed, rates=RATES, after=DUE, until=until) == D(expected)


def test_no_rate_no_interest():
    assert late_charges.interest(owed=owed, rates=[], after=DUE, until=date(2027, 4, 1)) == 0
    later = [(date(2026, 7, 1), D(4))]
    assert late_charges.interest(owed=owed, rates=later, after=DUE, until=date(2026, 6, 30)) == 0


# --- The fee ----------------------------------------------------------------------------------


def test_off_by_default():
    issue_invoice(today=ISSUED)

    for days in (-7, 7, 21):
        remind(days)

    assert Reminder.objects.count() == 3
    assert charges() == []


def test_a_reminder_charges_the_fee_once(fee):
    invoice = issue_invoice(today=ISSUED)

    for days in (-7, 7, 7, 21):
        remind(days)

    assert charges() == [("reminder-fee", D("60.00"))]
    assert balance(invoice) == D("1645.00")
    asked = Reminder.objects.order_by("level").values_list("level", "late_charges")
    assert list(asked) == [(-7, D("0.00")), (7, D("60.00")), (21, D("60.00"))]
    assert list(ledger.findings()) == []


def test_the_mail_brings_reminder_invoice_and_charge_and_says_the_whole(fee):
    invoice = issue_invoice(today=ISSUED)

    remind(7)

    mail = Mail.objects.get(key=f"reminder:{invoice.pk}:7")
    (charge,) = operations.open_charges(invoice)
    reminder = Reminder.objects.get()
    assert mail.attachments == [
        ["reminder", {"reminder_id": reminder.pk}],
        ["invoice", {"invoice_id": invoice.pk}],
        ["invoice", {"invoice_id": charge.pk}],
    ]
    assert "1 705" in mail.text.replace("\u00a0", " ")
    paper = text(papers.reminder_paper(reminder))
    assert "Påminnelseavgift och dröjsmålsränta 60,00" in paper
    assert "Att betala 1 705,00 kr" in paper
    assert papers.reminder_pdf(reminder) == papers.reminder_pdf(Reminder.objects.get())


def test_what_was_not_announced_is_not_charged(fee):
    Seller.objects.update(reminder_fee=0)
    invoice = issue_invoice(today=ISSUED)
    Seller.objects.update(reminder_fee=60)

    remind(7)

    assert charges() == []
    assert "påminnelse" not in text(papers.invoice_paper(invoice))


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("sv", "En påminnelse om en obetald faktura kostar 60 kr."),
        ("en", "A reminder of an unpaid invoice costs SEK 60."),
    ],
)
def test_paper_e_invoice_and_page_announce_it(fee, client, language, says):
    payer = customer(language=language, peppol_id="0007:2120009994", reference="777")
    invoice = issue_invoice(customer=payer)

    assert says in text(papers.invoice_paper(invoice)).replace("\u00a0", " ")
    assert says in ubl.document(invoice).decode().replace("\u00a0", " ")
    assert says in client.get(invoice.public_url()).text.replace("\u00a0", " ")


def test_nothing_is_charged_for_a_charge(fee):
    invoice = issue_invoice(today=ISSUED)
    remind(7)
    (charge,) = operations.open_charges(invoice)
    pay(invoice)

    for days in (21, 60, 200):
        remind(days)
    operations.remind_now(invoice=charge, by=None, today=date(2026, 9, 1))

    assert charges() == [("reminder-fee", D("60.00"))]
    assert list(Reminder.objects.filter(invoice=charge).values_list("late_charges")) == [(D(0),)]


def test_the_paid_are_not_charged(fee):
    pay(issue_invoice(today=ISSUED))

    remind(21)

    assert charges() == []


def test_a_wholly_credited_invoice_takes_its_open_charges_along(fee):
    invoice = issue_invoice(today=ISSUED, lines=[line(quantity="2")])
    row = invoice.lines.get()
    remind(7)
    (charge,) = operations.open_charges(invoice)

    half = [operations.CreditLine(row, D(1))]
    operations.credit_invoice(invoice=invoice, reason="En", by=None, lines=half)
    assert balance(charge) == D("60.00")

    operations.credit_invoice(invoice=invoice, reason="Resten", by=None)
    assert balance(charge) == 0
    assert Invoice.objects.get(credits=charge).reason == "Resten"


def test_a_charge_that_is_paid_stays(fee):
    invoice = issue_invoice(today=ISSUED)
    remind(7)
    (charge,) = operations.open_charges(invoice)
    pay(charge)

    operations.credit_invoice(invoice=invoice, reason="Avbokad", by=None)

    assert balance(charge) == 0
    assert charge.credit_notes.count() == 0


@pytest.mark.parametrize("fee", [61, 1000])
def test_more_than_the_law_allows_is_refused(fee):
    seller = Seller.objects.get()
    seller.reminder_fee = fee

    with pytest.raises(ValidationError) as refusal:
        seller.full_clean()
    with pytest.raises(IntegrityError):
        Seller.objects.update(reminder_fee=fee)

    assert list(refusal.value.error_dict) == ["reminder_fee"]


# --- Interest ---------------------------------------------------------------------------------


def test_each_reminder_charges_the_interest_since_the_last(interest):
    invoice = issue_invoice(today=ISSUED, price="10000")
    remind(7)
    pay(invoice, amount="6000", paid_on=DUE + timedelta(days=10))
    remind(21)

    # 7 days of 10,000; 3 more, and 11 of 4,000; all at 10 %.
    assert charges() == [("late-interest", D("19.18")), ("late-interest", D("20.27"))]
    details = Invoice.objects.filter(source__startswith=late_charges.SOURCE).order_by("pk")
    assert list(details.values_list("lines__detail", flat=True)) == [
        f"Faktura {invoice.number}, efter 2026-04-01 till och med 2026-04-08",
        f"Faktura {invoice.number}, efter 2026-04-08 till och med 2026-04-22",
    ]


def test_interest_and_fee_come_as_one_charge(interest, fee):
    invoice = issue_invoice(today=ISSUED, price="10000")

    remind(7)

    (charge,) = operations.open_charges(invoice)
    assert charge.total == D("79.18")
    assert list(charge.lines.values_list("account", "vat_code")) == [("3540", "O"), ("8313", "O")]


def test_what_was_credited_bore_no_interest(interest):
    invoice = issue_invoice(today=ISSUED, lines=[line(price="10000"), line(price="5000")])
    row = invoice.lines.order_by("position").last()
    operations.credit_invoice(
        invoice=invoice,
        reason="",
        by=None,
        lines=[operations.CreditLine(row)],
        today=date(2026, 4, 7),
    )

    remind(7)

    assert charges() == [("late-interest", D("19.18"))]


def test_interest_is_not_switched_on_without_a_rate():
    seller = Seller.objects.get()
    seller.late_interest = True

    with pytest.raises(ValidationError) as refusal:
        seller.full_clean()

    assert list(refusal.value.error_dict) == ["late_interest"]


# --- Paying -----------------------------------------------------------------------------------


def test_the_sum_of_a_reminder_settles_both_by_the_number_of_the_invoice(fee):
    invoice = issue_invoice(today=ISSUED)
    remind(7)
    (charge,) = operations.open_charges(invoice)

    operations.match(row=bank_transaction(ocr=invoice.ocr, amount="1705"))

    assert (balance(invoice), balance(charge)) == (0, 0)
    assert BankTransaction.objects.waiting().count() == 0


def test_the_charge_alone_may_come_by_the_number_of_the_invoice(fee):
    invoice = issue_invoice(today=ISSUED)
    remind(7)
    (charge,) = operations.open_charges(invoice)
    pay(invoice)

    operations.match(row=bank_transaction(ocr=invoice.ocr, amount="60"))

    assert (balance(invoice), balance(charge)) == (0, 0)


def test_another_sum_is_too_much_as_ever(fee):
    invoice = issue_invoice(today=ISSUED)
    remind(7)

    operations.match(row=bank_transaction(ocr=invoice.ocr, amount="1700"))

    assert balance(invoice) == 0
    waiting = BankTransaction.objects.waiting().get()
    assert waiting.problem == BankTransaction.Problem.TOO_MUCH


def test_the_e_invoice_of_a_charge_beside_a_vat_number(fee):
    """Outside VAT is what a seller with a VAT number calls exempt there."""
    payer = customer(peppol_id="0007:2120009994", reference="777")
    invoice = issue_invoice(today=ISSUED, customer=payer, lines=[line(product=product("seminar"))])
    remind(7)
    (charge,) = operations.open_charges(invoice)

    assert b">E<" in ubl.document(charge)
    assert b">O<" not in ubl.document(charge)
