"""An invoice by hand: typed, looked over, issued once."""

from decimal import Decimal

import pytest

from billing.models import Invoice
from mail.models import Mail
from tests.billing.pages import LIST, errors
from tests.factories import members
from tests.factories.billing import issue_invoice, line, product

pytestmark = pytest.mark.django_db

D = Decimal
TOKEN = "0a1b2c3d-0000-4000-8000-000000000001"


def typed(**changes) -> dict:
    return {
        "token": TOKEN,
        "name": "Älvhamra kommun",
        "address": "Box 1\r\n111 11 Älvhamra",
        "email": "faktura@alvhamra.example",
        "language": "sv",
        "organisation_number": "802999-9995",
        "reference": "Avd 7",
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
        "form-0-product": product("conference").pk,
        "form-0-text": "",
        "form-0-detail": "Utställare",
        "form-0-quantity": "2",
        "form-0-unit_price": "4 995,00",
        "form-1-product": "",
        "form-1-quantity": "1",
        "form-2-product": product().pk,
        "form-2-text": "Stödmedlem",
        "form-2-quantity": "1",
        "form-2-unit_price": "1645",
        **changes,
    }


def test_an_invoice_by_hand_is_looked_over_and_issued(client, treasurer):
    assert client.get(f"{LIST}add/").status_code == 200

    preview = client.post(f"{LIST}add/", typed(preview="x"))
    assert [amount for _label, amount in preview.context["sums"]] == [
        "11\xa0635,00\xa0kr",
        "1\xa0998,00\xa0kr",
    ]
    assert Invoice.objects.count() == 0

    client.post(f"{LIST}add/", typed(issue="x"))

    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.issued_by) == (D("11635.00"), treasurer)
    assert invoice.customer_address == "Box 1\n111 11 Älvhamra"
    assert invoice.customer_organisation_number == "8029999995"
    assert list(invoice.lines.order_by("position").values_list("text", "detail", "quantity")) == [
        ("Konferens", "Utställare", D("2.00")),
        ("Stödmedlem", "", D("1.00")),
    ]
    assert Mail.objects.get().to == "faktura@alvhamra.example"


def test_issuing_twice_is_one_invoice(client, treasurer):
    for _ in range(2):
        client.post(f"{LIST}add/", typed(issue="x"))

    assert Invoice.objects.count() == 1


def test_an_invoice_by_hand_for_somebodys_own_pages(client, treasurer):
    person = members.person(email="anna@example.org")

    client.post(f"{LIST}add/", typed(issue="x", account="Anna@Example.org", language="en"))

    invoice = Invoice.objects.get()
    assert (invoice.buyer, invoice.lines.first().text) == (person, "Conference")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "faktura"}, "email"),
        ({"organisation_number": "802999-9999"}, "organisation_number"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"account": "nobody@example.org"}, "account"),
    ],
)
def test_a_customer_that_cannot_be_invoiced(client, treasurer, changes, field):
    page = client.post(f"{LIST}add/", typed(issue="x", **changes))

    assert list(errors(page)) == [field]
    assert page.context["form"]["reference"].value() == "Avd 7"
    assert Invoice.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"form-0-unit_price": "-5"},
        {"form-0-unit_price": ""},
        {"form-0-quantity": "0"},
        {"form-0-product": ""},
        {"form-TOTAL_FORMS": "0"},
        {"form-TOTAL_FORMS": "många"},
    ],
)
def test_lines_that_cannot_be_invoiced(client, treasurer, changes):
    page = client.post(f"{LIST}add/", typed(issue="x", **changes))

    assert page.status_code == 200
    assert page.context["lines"].is_valid() is False
    assert Invoice.objects.count() == 0


def test_more_lines_lose_nothing_typed(client, treasurer):
    page = client.post(f"{LIST}add/", typed(more="x", email="faktura"))

    lines = page.context["lines"]
    assert page.context["form"]["email"].value() == "faktura"
    assert [row["unit_price"].value() for row in lines][:3] == ["4 995,00", "1645", None]
    assert len(lines) == 5


def test_going_back_from_the_preview_loses_nothing_typed(client, treasurer):
    page = client.post(f"{LIST}add/", typed(back="x"))

    assert page.templates[0].name == "admin/billing/invoice/new.html"
    assert page.context["form"]["name"].value() == "Älvhamra kommun"


def test_a_new_invoice_like_an_old_one(client, treasurer):
    old = issue_invoice(lines=[line(price="4995", quantity="2", detail="Anna")])

    page = client.get(f"{LIST}add/", {"like": old.pk})

    assert page.context["form"]["name"].value() == old.customer_name
    assert page.context["lines"][0]["unit_price"].value() == "4\xa0995,00"
    assert client.get(f"{LIST}add/", {"like": "x"}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"form-0-quantity": "99999999", "form-0-unit_price": "9999999999"},
        {"form-0-quantity": "1000000", "form-0-unit_price": "9999999999"},
        {"form-0-unit_price": "5000001"},
        {"due_on": "9999-12-31"},
        {"due_on": "0001-01-01"},
    ],
)
def test_a_slip_of_the_finger_is_told_and_nothing_typed_is_lost(client, treasurer, wrong):
    for button in ("preview", "issue"):
        page = client.post(f"{LIST}add/", typed(**wrong, **{button: "x"}))

        assert page.status_code == 200
        assert "errorlist" in page.text
        assert "Älvhamra kommun" in page.text
    assert Invoice.objects.count() == 0
