"""The treasurer's pages about invoices: found, read, and what is done to them."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from billing import operations
from billing.models import Invoice, InvoiceLine, Payment, Product, Reminder, Seller
from mail.models import Mail
from members import roles
from tests.factories import members
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

D = Decimal
LIST = "/admin/billing/invoice/"


@pytest.fixture
def treasurer(client):
    person = members.staff(roles.TREASURER, name="Torsten Kassör")
    client.force_login(person)
    return person


@pytest.fixture
def onlooker(client):
    """May see invoices and change none."""
    person = members.staff(roles.MEMBERSHIP_SECRETARY)
    client.force_login(person)
    return person


def page_of(invoice, act: str = "change") -> str:
    return f"{LIST}{invoice.pk}/{act}/"


def shown(page) -> list[Invoice]:
    return list(page.context["cl"].result_list)


def told(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def errors(page) -> dict:
    return page.context["form"].errors


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


# --- Finding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "F10001",
        "f10001",
        "1001000106",
        "1001 0001 06",
        "umeå",
        "ekonomi@kansli.example",
        "802999-9995",
        "8029999995",
        "Avd 7",
        "PO-2026-114",
        "2026-114",
    ],
)
def test_an_invoice_is_found_by_what_people_read_out(client, treasurer, words):
    wanted = issue_invoice(
        customer=customer(
            organisation_number="8029999995", reference="Avd 7", order_number="PO-2026-114"
        )
    )
    issue_invoice(customer=customer(name="Någon Annan", email="annan@example.org"))

    assert shown(client.get(LIST, {"q": words})) == [wanted]


def invoices_of_every_kind() -> dict[str, Invoice]:
    today = timezone.localdate()
    made = {
        "new": issue_invoice(today=today),
        "late": issue_invoice(today=today - timedelta(days=40)),
        "very late": issue_invoice(today=today - timedelta(days=90)),
        "paid": issue_invoice(),
        "overpaid": issue_invoice(),
        "credited": issue_invoice(),
        "undelivered": issue_invoice(today=today),
    }
    pay(made["paid"])
    pay(made["overpaid"], amount="2000")
    made["note"] = operations.credit_invoice(invoice=made["credited"], reason="Fel", by=None)
    Mail.objects.filter(key=f"invoice:{made['undelivered'].pk}").update(state="failed")
    return made


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=open", "new late, very late, undelivered"),
        ("status=overdue", "late, very late"),
        ("status=long-overdue", "very late"),
        ("status=settled", "paid, overpaid, credited"),
        ("status=overpaid", "overpaid"),
        ("status=credited", "credited"),
        ("status=undelivered", "undelivered"),
        ("kind__exact=credit", "note"),
        ("status=nonsense", "all"),
    ],
)
def test_invoices_are_filtered_by_where_they_stand(client, treasurer, query, names):
    made = invoices_of_every_kind()
    names = names.replace("new late", "new, late").split(", ")
    wanted = set(made.values()) if names == ["all"] else {made[name] for name in names}

    assert set(shown(client.get(f"{LIST}?{query}"))) == wanted


def test_invoices_are_filtered_by_who_pays(client, treasurer):
    firm = issue_invoice(customer=customer(organisation_number="8029999995"))
    person = issue_invoice(customer=customer(name="Anna Åström"))

    assert shown(client.get(f"{LIST}?payer=organisation")) == [firm]
    assert shown(client.get(f"{LIST}?payer=person")) == [person]


def test_the_list_adds_up_what_is_filtered(client, treasurer):
    pay(issue_invoice(), amount="645.50")
    issue_invoice(price="200")
    pay(issue_invoice())

    page = client.get(f"{LIST}?status=open")

    assert [amount for _label, amount in page.context["cl"].sums] == [
        "1\xa0845,00\xa0kr",
        "1\xa0199,50\xa0kr",
    ]


def test_the_list_asks_no_more_for_a_thousand(client, treasurer, django_assert_num_queries):
    """The same for one row, ten and a thousand."""
    client.get(LIST)  # what is remembered from the first time

    def queries() -> int:
        with django_assert_num_queries(9, exact=False) as asked:
            assert client.get(LIST).status_code == 200
        return len(asked)

    issue_invoice()
    one = queries()
    pay(issue_invoice())
    for _ in range(8):
        issue_invoice()
    ten = queries()
    copies(issue_invoice(), 990)
    thousand = queries()

    assert (ten, thousand) == (one, one)


def copies(invoice: Invoice, number: int) -> None:
    """Rows enough to fill pages; nothing but the list ever sees them."""
    names = [f.attname for f in Invoice._meta.concrete_fields if f.attname != "id"]
    values = {name: getattr(invoice, name) for name in names}
    Invoice.objects.bulk_create(
        Invoice(
            **{
                **values,
                "number": f"X{index}",
                "sequence": 50_000 + index,
                "ocr": f"9{index:09}",
                "link_token": f"copy{index}",
                "source": f"copy:{index}",
            }
        )
        for index in range(number)
    )


# --- Reading --------------------------------------------------------------------------------


def test_the_page_of_an_invoice_tells_its_story(client, treasurer):
    invoice = issue_invoice(by=treasurer)
    operations.send_reminders(today=date(2026, 4, 20))
    operations.match(row=bank_transaction(ocr=invoice.ocr, amount="645"), by=treasurer)
    note = operations.credit_invoice(invoice=invoice, reason="Fel pris", by=treasurer)

    page = client.get(page_of(invoice))

    story = page.context["story"]
    assert [entry.at for entry in story] == sorted(entry.at for entry in story)
    assert {str(entry.who) for entry in story} == {"None", str(treasurer)}
    said = " ".join(f"{entry.what} {entry.detail}" for entry in story)
    for part in (note.number, "Fel pris", "645,00", "+21", invoice.customer_email):
        assert part in said
    assert reverse("admin:billing_invoice_change", args=[note.pk]) in page.content.decode()


def test_the_story_costs_the_same_however_long(client, treasurer, django_assert_max_num_queries):
    invoice = issue_invoice()
    for _ in range(20):
        pay(invoice, amount="1")

    with django_assert_max_num_queries(30):
        client.get(page_of(invoice))


def test_a_credit_note_has_a_page_too(client, treasurer):
    invoice = issue_invoice()
    note = operations.credit_invoice(invoice=invoice, reason="Fel", by=treasurer)

    page = client.get(page_of(note))

    assert reverse("admin:billing_invoice_change", args=[invoice.pk]) in page.content.decode()
    assert [url for _label, url in page.context["buttons"]] == [page_of(note, "send-again")]


def test_buttons_are_for_what_can_be_done(client, treasurer):
    unpaid, settled = issue_invoice(), issue_invoice()
    pay(settled)

    def buttons(invoice) -> set[str]:
        page = client.get(page_of(invoice))
        return {url.rstrip("/").rpartition("/")[2] for _label, url in page.context["buttons"]}

    assert buttons(unpaid) == {"credit", "remind", "payment", "write-off", "send-again"}
    assert buttons(settled) == {"credit", "payment", "send-again"}


def test_no_invoice_is_no_page(client, treasurer):
    assert client.get(f"{LIST}4711/change/").status_code == 302
    assert client.get(f"{LIST}4711/credit/").status_code == 404


# --- Who may what ---------------------------------------------------------------------------


def test_who_may_only_look_sees_no_buttons(client, onlooker):
    invoice = issue_invoice()

    page = client.get(page_of(invoice))

    assert page.context["buttons"] == []
    choices = client.get(LIST).context["action_form"].fields["action"].choices
    assert [name for name, _label in choices] == ["", "download"]


@pytest.mark.parametrize("name", ["credit", "remind", "payment", "write-off", "send-again"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_only_look_is_refused(client, onlooker, name, method):
    invoice = issue_invoice()

    answer = getattr(client, method)(page_of(invoice, name), {"confirmed": "x", "reason": "x"})

    assert answer.status_code == 403
    assert (invoice.credit_notes.count(), Payment.objects.count()) == (0, 0)


def test_who_may_only_look_issues_nothing(client, onlooker):
    assert client.get(f"{LIST}add/").status_code == 403
    chosen = {"action": "credit", "_selected_action": [issue_invoice().pk], "confirmed": "x"}
    client.post(LIST, {**chosen, "reason": "x"})
    assert Invoice.objects.filter(kind="credit").count() == 0


def test_members_are_not_let_in(client):
    client.force_login(members.person())
    invoice = issue_invoice()

    for url in (LIST, page_of(invoice), page_of(invoice, "pdf"), page_of(invoice, "credit")):
        assert client.get(url).status_code == 302


def test_looking_at_a_page_changes_nothing(client, treasurer):
    invoice = issue_invoice()

    for name in ("credit", "remind", "payment", "write-off", "send-again"):
        assert client.get(page_of(invoice, name), {"confirmed": "x"}).status_code == 200

    assert balance(invoice) == invoice.total
    assert (Reminder.objects.count(), Mail.objects.count()) == (0, 1)


# --- Crediting ------------------------------------------------------------------------------


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


# --- Reminding ------------------------------------------------------------------------------


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

    with django_assert_max_num_queries(14):
        assert len(client.post(LIST, chosen).context["plans"]) == 20


# --- Payments by hand -----------------------------------------------------------------------

TOKEN = "0a1b2c3d-0000-4000-8000-000000000001"


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


# --- Writing off, sending again, papers -----------------------------------------------------


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


# --- An invoice by hand ---------------------------------------------------------------------


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


# --- What the treasurer sets ----------------------------------------------------------------


def test_the_seller_is_one_row(client, treasurer):
    seller = Seller.objects.get()
    url = reverse("admin:billing_seller_change", args=[seller.pk])

    assert client.get("/admin/billing/seller/", follow=True).redirect_chain == [(url, 302)]
    assert client.get("/admin/billing/seller/add/").status_code == 403
    assert client.post(f"/admin/billing/seller/{seller.pk}/delete/").status_code == 403


def test_a_wrong_bankgiro_is_told(client, treasurer):
    seller = Seller.objects.get()
    fields = ["name", "address", "email", "website", "organisation_number", "registered_office", "vat_number", "payment_days", "fiscal_year_start_month"]  # fmt: skip
    data = {name: getattr(seller, name) for name in fields}

    url = reverse("admin:billing_seller_change", args=[seller.pk])
    page = client.post(url, {**data, "bankgiro": "991-2345"})
    client.post(url, {**data, "bankgiro": "991-2346", "payment_days": "20"})

    assert "bankgiro" in page.context["adminform"].form.errors
    seller.refresh_from_db()
    assert (seller.bankgiro, seller.payment_days) == ("9912346", 20)
    assert seller.history.count() == 1


def test_products_and_reminder_steps_are_edited_and_series_read(client, treasurer):
    step = {"days": "35", "name_sv": "Sista", "name_en": "Last", "text_sv": "T", "text_en": "T"}
    assert client.post("/admin/billing/reminderstep/add/", step).status_code == 302

    conference = Product.objects.get(code="conference")
    page = client.get(f"/admin/billing/product/{conference.pk}/change/")
    assert "code" not in page.context["adminform"].form.fields
    assert client.post(f"/admin/billing/product/{conference.pk}/delete/").status_code == 403

    assert client.get("/admin/billing/series/").status_code == 200
    assert client.get("/admin/billing/series/add/").status_code == 403
