"""Rows that tell of somebody although they hang on another, as the invoice of a colleague does."""

import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from privacy.collection import addresses_in, guest, guest_addresses, subject_of
from privacy.export import archive
from privacy.fingerprints import fingerprint
from privacy.models import AccessLog
from privacy.operations import erase
from privacy.register import register
from tests.factories import billing, events, members
from tests.factories import privacy as factory
from tests.factories.privacy import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")


def seat_on_the_invoice_of(payer, **who):
    """Booked and paid by somebody else, whose invoice names who comes."""
    line = billing.line(detail=f"12 mars 2027, {who['name']}")
    invoice = billing.issue_invoice(buyer=payer, lines=[line])
    return events.confirmed(events.event(), invoice_line=invoice.lines.get(), **who)


def tables_of(subject) -> dict[str, list[dict]]:
    with zipfile.ZipFile(io.BytesIO(archive(subject, now=NOW))) as folder:
        data = json.loads(folder.read("data.json"))
    return {table["table"]: [row["values"] for row in table["rows"]] for table in data["tables"]}


def test_a_colleague_finds_their_line_in_the_copy_and_not_the_invoice_of_the_other():
    payer, colleague = members.person(), members.person(name="Kim Kollega")
    seat_on_the_invoice_of(payer, user=colleague, name="Kim Kollega", email=colleague.email)

    held = tables_of(subject_of(colleague.pk))

    assert [line["detail"] for line in held["billing.InvoiceLine"]] == ["12 mars 2027, Kim Kollega"]
    assert "billing.Invoice" not in held


def test_so_does_a_guest():
    seat_on_the_invoice_of(members.person(), name="Gun Gäst", email="gun@example.org")

    held = tables_of(guest("Gun@example.org"))

    assert [line["detail"] for line in held["billing.InvoiceLine"]] == ["12 mars 2027, Gun Gäst"]


def test_members_on_one_invoice_to_their_employer_each_find_their_line():
    invoice = billing.issue_invoice(lines=[billing.line(detail="Ada"), billing.line(detail="Bo")])
    ada, bo = members.person(), members.person()
    for person, line in zip((ada, bo), invoice.lines.order_by("position"), strict=True):
        year = members.membership(person, paid=False)
        type(year).objects.filter(pk=year.pk).update(invoice=invoice, invoice_line=line)

    details = [row["detail"] for row in tables_of(subject_of(bo.pk))["billing.InvoiceLine"]]

    assert ("Bo" in details, "Ada" in details) == (True, False)


def test_the_receipt_tells_that_the_name_stays_in_the_books_of_another():
    payer, colleague = members.person(), members.person(name="Kim Kollega")
    seat_on_the_invoice_of(payer, user=colleague, name="Kim Kollega", email=colleague.email)

    done = factory.erased(colleague)

    [line] = [entry for entry in done.receipt if entry["table"] == "billing.InvoiceLine"]
    assert (line["did"], line["rows"]) == ("kept", 1)
    assert payer.invoices.get().lines.get().detail == "12 mars 2027, Kim Kollega"


def test_whoever_looks_at_the_invoice_looks_at_both(client: Client):
    payer, colleague = members.person(), members.person(name="Kim Kollega")
    seat = seat_on_the_invoice_of(payer, user=colleague, name="Kim", email=colleague.email)
    client.force_login(members.staff(members.roles.TREASURER))

    invoice = seat.invoice_line.invoice
    assert "Kim" in client.get(reverse("admin:billing_invoice_change", args=[invoice.pk])).text

    seen = set(AccessLog.objects.values_list("person", flat=True))
    assert seen == {payer.pk, colleague.pk}


def test_a_guest_on_the_invoice_is_noted_by_fingerprint(client: Client):
    seat = seat_on_the_invoice_of(members.person(), name="Gun", email="gun@example.org")
    client.force_login(members.staff(members.roles.TREASURER))

    client.get(reverse("admin:billing_invoice_change", args=[seat.invoice_line.invoice.pk]))

    marks = set(AccessLog.objects.exclude(guest="").values_list("guest", flat=True))
    assert marks == {fingerprint("gun@example.org")}


def test_a_guest_finds_certificate_and_payment_in_the_copy():
    seat = events.confirmed(events.event(), name="Gun Gäst", email="gun@example.org")
    seat.certificates.create(name="Gun Gäst", code="c", hours=2)
    customer = billing.customer(email="gun@example.org")
    row = billing.bank_transaction(payer_name="GUN GÄST")
    billing.pay(billing.issue_invoice(customer=customer), bank_transaction=row)

    held = tables_of(guest("gun@example.org"))

    assert [row["name"] for row in held["events.Certificate"]] == ["Gun Gäst"]
    assert [row["payer_name"] for row in held["billing.BankTransaction"]] == ["GUN GÄST"]


def test_no_address_is_nobody():
    """Rows in which none was given are not all of one person."""
    seat = events.hold(events.event())

    assert seat.email == ""
    assert tables_of(guest(" ")) == {}
    erase(subject=guest(""), by=factory.officer(), now=NOW)

    assert type(seat).objects.get() == seat


def test_addresses_are_those_of_rows_that_hang_on_no_account():
    person = members.person()
    events.confirmed(events.event(), user=person, name=person.name, email=person.email)
    seat = events.confirmed(events.event(), name="Gun", email="Gun@example.org")

    declared = register.of(type(seat))
    assert addresses_in(type(seat), register.ways(declared)) == {"gun@example.org"}
    assert "gun@example.org" in guest_addresses()
