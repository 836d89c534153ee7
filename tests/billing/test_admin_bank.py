"""Bank files through the office: looked at, imported, and the queue of what did not match."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from billing import bankfiles, operations
from billing.forms import ImportForm
from billing.models import BankFile, BankTransaction, Payment
from mail.models import Mail
from tests.billing.bankdata import bgmax, camt
from tests.billing.pages import errors, told
from tests.factories.billing import balance, bank_transaction, customer, issue_invoice, pay

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

D = Decimal
IMPORT = "/admin/billing/bankfile/add/"
QUEUE = "/admin/billing/banktransaction/"
Problem = BankTransaction.Problem


def upload(client, data: bytes, name: str = "bank.xml"):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data)})


def import_previewed(client, preview):
    signed = preview.context["form"]["signed"].value()
    return client.post(IMPORT, {"import": "x", "signed": signed}, follow=True)


def page_of(row, act: str = "change") -> str:
    return f"{QUEUE}{row.pk}/{act}/"


def statement(*payments: camt.Tx, total: str) -> bytes:
    entry = camt.Ntry(total, txs=payments, bank_reference="REF-1")
    return camt.Camt(entries=(entry,)).data()


def paid(amount: str, *, ocr: str = "", number: int = 1, **changes) -> camt.Tx:
    return camt.Tx(
        amount=amount,
        refs=(camt.Ref(ocr=ocr),) if ocr else (),
        bank_reference=f"TX-{number}",
        **changes,
    )


# --- Importing ------------------------------------------------------------------------------


def test_a_file_is_looked_at_and_imported(client, treasurer):
    settled, part = issue_invoice(), issue_invoice(price="200")
    data = statement(
        paid("1645.00", ocr=settled.ocr, number=1, name="Älvhamra kommun"),
        paid("50.00", ocr=part.ocr, number=2),
        paid("300.00", number=3, text=("medlemsavgift",), name="Anna Åström"),
        total="1995.00",
    )

    preview = upload(client, data)
    assert preview.context_data["total"] == "1\xa0995,00\xa0kr"
    first, second, third = preview.context["rows"]
    assert first["payments"] == [f"F10001 {settled.customer_name}, 1\xa0645,00\xa0kr"]
    assert second["payments"] == [f"F10002 {part.customer_name}, 50,00\xa0kr"]
    assert (third["payments"], bool(third["problem"])) == ([], True)
    # Nothing is stored yet.
    assert (BankFile.objects.count(), BankTransaction.objects.count()) == (0, 0)
    assert (Payment.objects.count(), Mail.objects.filter(key__startswith="receipt").count()) == (
        0,
        0,
    )

    page = import_previewed(client, preview)

    assert page.redirect_chain[-1][0] == f"{QUEUE}?queue=waiting"
    assert (balance(settled), balance(part)) == (0, D("150.00"))
    file = BankFile.objects.get()
    assert (file.name, file.imported_by) == ("bank.xml", treasurer)
    assert Mail.objects.filter(key__startswith="receipt").count() == 1
    assert BankTransaction.objects.waiting().get().amount == D("300.00")
    assert set(Payment.objects.values_list("registered_by", flat=True)) == {treasurer.pk}


def test_the_same_file_again_enters_nothing(client, treasurer):
    data = statement(paid("1645.00", ocr=issue_invoice().ocr), total="1645.00")
    preview = upload(client, data)
    import_previewed(client, preview)

    import_previewed(client, preview)
    again = upload(client, data)

    assert (again.context["rows"], again.context["result"].known) == ([], 1)
    assert (BankFile.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_bgmax_file(client, treasurer):
    invoice = issue_invoice()
    payment = bgmax.Pay(amount=164500, reference=invoice.ocr, name="Älvhamra kommun")
    data = bgmax.BgMax(sections=(bgmax.Section(payments=(payment,)),)).data()

    import_previewed(client, upload(client, data, "BGMAX.txt"))

    assert balance(invoice) == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a bank file",
        b"\x00\x01\x02" * 1000,
        b"<?xml version='1.0'?><Document>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><Document>&b;</Document>",
        statement(paid("10.00"), total="11.00"),
        b"01BGMAX",
    ],
)
def test_a_file_that_is_not_sound_is_refused_whole(client, treasurer, data):
    page = upload(client, data)

    assert page.status_code == 200
    assert list(errors(page)) == ["file"]
    assert BankFile.objects.count() == 0


def test_no_file_and_too_large_a_file(client, treasurer, monkeypatch):
    monkeypatch.setattr(bankfiles, "MAX_BYTES", 1000)

    assert list(errors(client.post(IMPORT))) == ["file"]
    assert list(errors(upload(client, b"x" * 1001))) == ["file"]


def test_what_is_imported_is_what_was_looked_at(client, treasurer, time_machine):
    data = statement(paid("1645.00", ocr=issue_invoice().ocr), total="1645.00")
    signed = ImportForm.carrying(name="bank.xml", data=data)["signed"].value()

    for wrong in ("", "x", signed[:-1], signed.swapcase()):
        page = client.post(IMPORT, {"import": "x", "signed": wrong})
        assert (page.status_code, len(told(page))) == (200, 1)
    time_machine.move_to(timezone.now() + timedelta(seconds=3601))
    client.post(IMPORT, {"import": "x", "signed": signed})

    assert BankFile.objects.count() == 0


def test_of_very_many_the_first_are_shown_and_all_are_imported(client, treasurer, monkeypatch):
    monkeypatch.setattr("billing.admin.bank_import.MOST_SHOWN", 2)
    invoices = [issue_invoice() for _ in range(3)]
    named = [paid("10.00", ocr=one.ocr, number=n) for n, one in enumerate(invoices, start=1)]
    data = statement(*named, paid("20.00", number=4, text=("?",)), total="50.00")

    preview = upload(client, data)

    shown = [(row["row"].amount, bool(row["problem"])) for row in preview.context["rows"]]
    assert shown == [(D("20.00"), True), (D("10.00"), False)]
    assert "2 till visas inte här" in preview.content.decode()
    import_previewed(client, preview)
    assert (BankTransaction.objects.count(), Payment.objects.count()) == (4, 3)


@pytest.mark.slow
def test_the_largest_file_fits_through_the_preview(client, treasurer):
    """Ten thousand payments: what is carried from page to page stays below what a form may hold."""
    payments = [paid("1.00", number=n, text=(f"medlem {n}",), name=f"P {n}") for n in range(10_000)]
    data = statement(*payments, total="10000.00")

    carried = ImportForm.carrying(name="bank.xml", data=data)["signed"].value()

    assert len(data) > 3_000_000
    assert len(carried) < 2_000_000


def test_who_may_only_look_imports_nothing(client, onlooker):
    data = statement(paid("1645.00", ocr=issue_invoice().ocr), total="1645.00")

    assert client.get(IMPORT).status_code == 403
    assert upload(client, data).status_code == 403


def test_files_are_listed_with_their_sums(client, treasurer):
    row = bank_transaction(amount="1645")
    BankTransaction.objects.create(
        file=row.file, external_id="b", booked_on=row.booked_on, amount=D("-100.00")
    )

    page = client.get("/admin/billing/bankfile/")
    (file,) = page.context["cl"].result_list
    assert (file.count, file.total) == (2, D("1545.00"))
    assert client.get(f"/admin/billing/bankfile/{file.pk}/change/").status_code == 200
    assert client.get(f"{QUEUE}?file__id__exact={file.pk}").status_code == 200


# --- The queue ------------------------------------------------------------------------------


def queued(**changes) -> BankTransaction:
    row = bank_transaction(**changes)
    operations.match(row=row)
    row.refresh_from_db()
    return row


def test_the_queue_comes_first(client, treasurer):
    matched = queued(ocr=issue_invoice().ocr, booked_on=date(2026, 3, 30))
    aside = queued(booked_on=date(2026, 3, 29))
    operations.set_aside(row=aside, note="Återbetald", by=treasurer)
    waiting = queued(booked_on=date(2026, 3, 1))

    def shown(query: str = "") -> list:
        return list(client.get(f"{QUEUE}{query}").context["cl"].result_list)

    assert shown() == [waiting, matched, aside]
    assert shown("?queue=waiting") == [waiting]
    assert shown("?queue=matched") == [matched]
    assert shown("?queue=set-aside") == [aside]
    assert shown(f"?q={matched.payments.get().invoice.number}") == [matched]


def test_asked_of_all_together_the_same_rows_wait() -> None:
    invoice = issue_invoice(price="300.30")
    for amount, payments in (("300.30", ["100.10", "200.20"]), ("300.30", ["100.10"]), ("5", [])):
        row = bank_transaction(amount=amount)
        for paid_in in payments:
            pay(invoice, amount=paid_in, bank_transaction=row)
    closed = {"closed_at": timezone.now(), "closed_note": "Återbetald"}
    bank_transaction(**closed)
    rows = BankTransaction.objects.order_by("pk")
    one_by_one = [row.waits for row in rows.with_waits()]
    assert one_by_one == [False, True, True, False]
    assert [row.waits for row in rows.with_waits_in_one_pass()] == one_by_one


def test_one_click_says_that_it_was_sent_back(client, treasurer):
    row = queued(payer_name="Okänd", payer_account="SE45")
    taken_back = queued(amount="-100")

    page = client.get(page_of(row))
    note = re.search(r'name="note" value="([^"]+)"', page.text)[1]
    client.post(page_of(row, "set-aside"), {"note": note})

    row.refresh_from_db()
    assert (row.closed_note, row.closed_by) == ("Återbetald till betalaren", treasurer)
    assert BankTransaction.objects.waiting().get() == taken_back
    assert client.get(page_of(taken_back)).context["can_send_back"] is False


def test_the_queue_asks_no_more_for_many(client, treasurer, django_assert_max_num_queries):
    client.get(QUEUE)
    for _ in range(20):
        queued(payer_name="Anna Åström")

    with django_assert_max_num_queries(9):
        assert len(client.get(QUEUE).context["cl"].result_list) == 20


def test_one_click_matches_a_suggestion(client, treasurer):
    wanted = issue_invoice(customer=customer(name="Anna Åström"))
    issue_invoice(customer=customer(name="Bo Ek"), price="200")
    row = queued(payer_name="ANNA ÅSTRÖM", text="medlemsavgift")

    page = client.get(page_of(row))
    assert [found["invoice"] for found in page.context["suggestions"]] == [wanted]
    rest = page.context["rest_form"]["rest"].value()
    client.post(page_of(row, "match"), {"rest": rest, "invoice": wanted.pk})

    payment = wanted.payments.get()
    assert (payment.bank_transaction, payment.registered_by) == (row, treasurer)
    assert balance(wanted) == 0
    assert BankTransaction.objects.waiting().count() == 0
    row.refresh_from_db()
    assert row.problem == Problem.NONE


def test_clicking_twice_matches_once(client, treasurer):
    wanted = issue_invoice(price="1000")
    row = queued(amount="1645", payer_name=wanted.customer_name)

    for _ in range(2):
        client.post(page_of(row, "match"), {"rest": "1645.00", "invoice": wanted.pk})

    assert wanted.payments.get().amount == D("1000.00")


def test_what_is_no_suggestion_is_not_matched_by_a_click(client, treasurer):
    other = issue_invoice(price="77", customer=customer(name="Bo Ek"))
    row = queued(payer_name="Anna Åström")

    for invoice in (other.pk, "4711", "", "x"):
        page = client.post(
            page_of(row, "match"), {"rest": "1645.00", "invoice": invoice}, follow=True
        )
        assert len(told(page)) == 1

    assert Payment.objects.count() == 0


def split(client, row, *shares: tuple[str, str], rest: str = ""):
    data = {
        "rest": rest or str(row.rest()),
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
    }
    for number, (invoice, amount) in enumerate(shares):
        data |= {f"form-{number}-invoice": invoice, f"form-{number}-amount": amount}
    return client.post(page_of(row, "split"), data, follow=True)


def test_a_transaction_is_split_over_invoices(client, treasurer):
    first, second = issue_invoice(), issue_invoice(price="200")
    row = queued(amount="1845")

    split(client, row, (first.number.lower(), "1645"), (second.ocr, "200,00"))

    assert (balance(first), balance(second)) == (0, 0)
    assert BankTransaction.objects.waiting().count() == 0


def test_a_part_is_entered_and_the_rest_waits(client, treasurer):
    invoice = issue_invoice()
    row = queued(amount="2000")

    page = split(client, row, (invoice.number, "1645"))

    assert page.context["rest"] == "355,00\xa0kr"
    assert BankTransaction.objects.waiting().count() == 1


@pytest.mark.parametrize(
    "shares",
    [
        [("F99999", "100")],
        [("F10001", "x")],
        [("F10001", "")],
        [("", "100")],
        [("F10001", "5000")],
        [("F10001", "-100")],
        [("F10001", "1000"), ("F10001", "1000")],
        [],
    ],
)
def test_a_split_that_cannot_be(client, treasurer, shares):
    issue_invoice()
    row = queued(amount="1645", payer_name="Anna Åström")

    page = split(client, row, *shares)

    assert page.status_code == 200
    assert told(page) or page.context["shares"].total_error_count()
    assert Payment.objects.count() == 0


def test_set_aside_and_taken_up_again(client, treasurer):
    row = queued()

    page = client.post(page_of(row, "set-aside"), {"note": ""})
    assert list(page.context["note_form"].errors) == ["note"]
    client.post(page_of(row, "set-aside"), {"note": "Återbetald"})
    row.refresh_from_db()
    assert (row.closed_note, row.closed_by) == ("Återbetald", treasurer)

    assert client.get(page_of(row)).status_code == 200
    client.post(page_of(row, "take-up-again"))

    assert list(BankTransaction.objects.waiting()) == [row]
    assert LogEntry.objects.get().user == treasurer


def test_money_that_the_bank_took_back_opens_the_invoice_again(client, treasurer):
    invoice = issue_invoice()
    pay(invoice)
    row = queued(amount="-1645", payer_name=invoice.customer_name, problem=Problem.RETURNED)

    (found,) = client.get(page_of(row)).context["suggestions"]
    client.post(page_of(row, "match"), {"rest": "-1645.00", "invoice": found["invoice"].pk})

    assert balance(invoice) == invoice.total
    assert BankTransaction.objects.waiting().count() == 0


@pytest.mark.parametrize("name", ["match", "split", "set-aside", "take-up-again"])
def test_nothing_is_done_by_looking_nor_without_the_right(client, treasurer, name):
    row = queued()
    assert client.get(page_of(row, name)).status_code == 405

    treasurer.groups.clear()

    assert client.post(page_of(row, name), {"note": "x"}).status_code == 403
    assert client.get(page_of(row)).status_code == 403


@pytest.mark.parametrize("number", ["4711", "x", "0"])
def test_no_transaction_is_no_page(client, treasurer, number):
    assert client.get(f"{QUEUE}{number}/change/").status_code == 404


def test_euros_are_set_aside_only(client, treasurer):
    invoice = issue_invoice()
    row = queued(amount="1645", currency="EUR")

    assert client.get(page_of(row)).context["suggestions"] == []
    page = split(client, row, (invoice.number, "1645"))

    assert len(told(page)) == 1
    assert Payment.objects.count() == 0
