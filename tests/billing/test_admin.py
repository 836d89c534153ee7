"""Invoices found and read in the office, and who may do what there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import operations
from billing.models import Invoice, Payment, Reminder
from mail.models import Mail
from tests.billing.pages import LIST, page_of
from tests.factories import members
from tests.factories.billing import (
    balance,
    bank_transaction,
    copies,
    customer,
    issue_invoice,
    pay,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LATELY = timezone.localdate()


def shown(page) -> list[Invoice]:
    return list(page.context["cl"].result_list)


# --- Finding -----------------------------------------------------------------------------------


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


def test_what_was_credited_is_not_left_to_pay_and_not_taken_off_twice(client, treasurer):
    operations.credit_invoice(invoice=issue_invoice(price="285"), reason="Fel", by=treasurer)
    issue_invoice(price="200")

    page = client.get(LIST)

    assert [amount for _label, amount in page.context["cl"].sums][1] == "200,00\xa0kr"


def test_a_new_one_like_this_finds_the_thousandth_invoice(client, treasurer):
    copies(issue_invoice(), 1000)
    last = Invoice.objects.latest("pk")

    page = client.get(page_of(last)).content.decode()

    assert f"?like={last.pk}" in page


def test_the_list_asks_no_more_for_a_thousand(client, treasurer, django_assert_max_num_queries):
    """The same for one row, ten and a thousand."""
    client.get(LIST)  # what is remembered from the first time

    def queries() -> int:
        with django_assert_max_num_queries(12) as asked:
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


# --- Reading -----------------------------------------------------------------------------------


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
    for part in (note.number, "Fel pris", "645,00", "+7", invoice.customer_email):
        assert part in said
    assert reverse("admin:billing_invoice_change", args=[note.pk]) in page.content.decode()


def test_the_story_costs_the_same_however_long(client, treasurer, django_assert_max_num_queries):
    invoice = issue_invoice()
    for _ in range(20):
        pay(invoice, amount="1")

    with django_assert_max_num_queries(33):
        client.get(page_of(invoice))


def test_a_credit_note_has_a_page_too(client, treasurer):
    invoice = issue_invoice()
    note = operations.credit_invoice(invoice=invoice, reason="Fel", by=treasurer)

    page = client.get(page_of(note))

    assert reverse("admin:billing_invoice_change", args=[invoice.pk]) in page.content.decode()
    assert [url for _label, url in page.context["buttons"]] == [page_of(note, "send-again")]


def test_buttons_are_for_what_can_be_done(client, treasurer):
    unpaid, settled, new = issue_invoice(), issue_invoice(), issue_invoice(today=LATELY)
    pay(settled)

    def buttons(invoice) -> set[str]:
        page = client.get(page_of(invoice))
        return {url.rstrip("/").rpartition("/")[2] for _label, url in page.context["buttons"]}

    assert buttons(unpaid) == {"credit", "remind", "payment", "write-off", "send-again"}
    assert buttons(settled) == {"credit", "payment", "send-again"}
    assert buttons(new) == {"credit", "payment", "write-off", "send-again"}


def test_no_invoice_is_no_page(client, treasurer):
    assert client.get(f"{LIST}4711/change/").status_code == 302
    assert client.get(f"{LIST}4711/credit/").status_code == 404


# --- Who may what ------------------------------------------------------------------------------


def test_who_may_only_look_sees_no_buttons(client, onlooker):
    invoice = issue_invoice()

    page = client.get(page_of(invoice))

    assert page.context["buttons"] == []
    choices = client.get(LIST).context["action_form"].fields["action"].choices
    assert [name for name, _label in choices] == ["", "download", "download_peppol"]


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


# --- More than anybody pages through --------------------------------------------------------------


def test_where_there_are_very_many_the_first_are_listed_and_nothing_is_added_up(
    client, treasurer, monkeypatch
):
    monkeypatch.setattr("billing.admin.invoices.MOST_LISTED", 3)
    monkeypatch.setattr("billing.admin.invoices.InvoiceAdmin.list_per_page", 2)
    newest = [issue_invoice(today=date(2026, 3, day)) for day in (5, 4, 3, 2)]

    page = client.get(LIST)

    listed = [*page.context["cl"].result_list, *client.get(f"{LIST}?p=2").context["cl"].result_list]
    assert listed == newest[:3]
    assert (page.context["cl"].sums, page.context["cl"].date_hierarchy) == ([], None)
    assert "Bara de 3 första visas" in page.content.decode()
    assert client.get(f"{LIST}?p=9").status_code == 302  # there is no such page


def test_a_year_is_chosen_where_there_are_too_many(client, treasurer, monkeypatch):
    monkeypatch.setattr("billing.admin.invoices.MOST_LISTED", 2)
    monkeypatch.setattr("billing.admin.invoices.InvoiceAdmin.list_per_page", 1)
    last_year, this = timezone.localdate().year - 1, timezone.localdate()
    chosen = issue_invoice(today=date(last_year, 3, 2))
    [issue_invoice(today=this) for _ in range(2)]

    addresses = dict(client.get(LIST).context["cl"].years())
    assert list(addresses) == list(range(this.year, this.year - 8, -1))
    found = client.get(LIST + addresses[last_year]).context["cl"]
    assert (list(found.result_list), found.is_cut_off, found.date_hierarchy) == (
        [chosen],
        False,
        "issued_on",
    )


def test_the_balance_in_one_pass_is_the_balance():
    unpaid, part, paid, over, credited = (issue_invoice() for _ in range(5))
    pay(part, amount="45.10")
    pay(paid)
    pay(over, amount="2000")
    operations.credit_invoice(invoice=credited, reason="Fel", by=None)

    in_one_pass = Invoice.objects.balance_in_one_pass
    assert set(in_one_pass("> 0")) == set(Invoice.objects.open()) == {unpaid, part}
    assert set(in_one_pass("<= 0")) == set(Invoice.objects.settled()) == {paid, over, credited}
    assert set(in_one_pass("< 0")) == set(Invoice.objects.overpaid()) == {over}
    assert set(Invoice.objects.credited()) == {credited}
