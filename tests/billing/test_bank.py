from decimal import Decimal

import pytest

from billing import operations
from billing.models import BankTransaction, Payment, Seller
from tests.billing.bankdata.camt import Camt, Ntry, Ref, Tx
from tests.factories.billing import balance, bank_transaction, issue_invoice, pay

pytestmark = pytest.mark.django_db

Problem = BankTransaction.Problem


def test_right_reference_and_amount_settles():
    invoice = issue_invoice()
    row = bank_transaction(ocr=invoice.ocr)

    operations.match(row=row)

    assert balance(invoice) == 0
    assert row.problem == Problem.NONE
    assert BankTransaction.objects.waiting().count() == 0


def test_matching_twice_enters_once():
    invoice = issue_invoice()
    row = bank_transaction(ocr=invoice.ocr)

    operations.match(row=row)
    operations.match(row=BankTransaction.objects.get(pk=row.pk))

    assert Payment.objects.count() == 1


def test_too_little_is_a_part_payment():
    invoice = issue_invoice()

    operations.match(row=bank_transaction(ocr=invoice.ocr, amount="1000"))

    assert balance(invoice) == Decimal("645.00")
    assert BankTransaction.objects.waiting().count() == 0


def test_too_much_settles_and_the_rest_waits():
    invoice = issue_invoice()
    row = bank_transaction(ocr=invoice.ocr, amount="2000")

    operations.match(row=row)

    assert balance(invoice) == 0
    assert BankTransaction.objects.waiting().get().problem == Problem.TOO_MUCH


@pytest.mark.parametrize("text", ["{ocr}", "Faktura {ocr} medlemsavgift", "avser {spaced} Anna"])
def test_reference_in_free_text(text):
    invoice = issue_invoice()
    spaced = f"{invoice.ocr[:4]} {invoice.ocr[4:]}"

    operations.match(row=bank_transaction(text=text.format(ocr=invoice.ocr, spaced=spaced)))

    assert balance(invoice) == 0


def test_invoice_number_as_reference():
    invoice = issue_invoice()
    reference = [{"kind": "invoice", "value": invoice.number, "amount": None}]

    operations.match(row=bank_transaction(references=reference))

    assert balance(invoice) == 0


def test_a_name_is_never_enough():
    invoice = issue_invoice()
    row = bank_transaction(payer_name="Kanslibyrån i Umeå AB", text="medlemsavgift")

    operations.match(row=row)

    assert balance(invoice) == invoice.total
    assert row.problem == Problem.UNKNOWN


def test_already_paid_waits():
    invoice = issue_invoice()
    pay(invoice)
    row = bank_transaction(ocr=invoice.ocr)

    operations.match(row=row)

    assert row.problem == Problem.SETTLED
    assert Payment.objects.count() == 1


def test_two_invoices_in_one_payment():
    first, second = issue_invoice(), issue_invoice(price="200")
    references = [{"kind": "ocr", "value": i.ocr, "amount": None} for i in (first, second)]

    operations.match(row=bank_transaction(references=references, amount="1845"))

    assert (balance(first), balance(second)) == (0, 0)


def test_two_invoices_with_a_sum_that_does_not_fit_wait():
    first, second = issue_invoice(), issue_invoice(price="200")
    references = [{"kind": "ocr", "value": i.ocr, "amount": None} for i in (first, second)]
    row = bank_transaction(references=references, amount="1700")

    operations.match(row=row)

    assert row.problem == Problem.SEVERAL
    assert Payment.objects.count() == 0


def test_two_invoices_with_given_amounts():
    first, second = issue_invoice(), issue_invoice()
    references = [
        {"kind": "ocr", "value": first.ocr, "amount": "1645.00"},
        {"kind": "ocr", "value": second.ocr, "amount": "55.00"},
    ]

    operations.match(row=bank_transaction(references=references, amount="1700"))

    assert (balance(first), balance(second)) == (0, Decimal("1590.00"))


def test_foreign_currency_and_returns_wait():
    invoice = issue_invoice()
    euros = bank_transaction(ocr=invoice.ocr, currency="EUR")
    returned = bank_transaction(ocr=invoice.ocr, amount="-1645", problem=Problem.RETURNED)

    for row in (euros, returned):
        operations.match(row=row)

    assert (euros.problem, returned.problem) == (Problem.CURRENCY, Problem.RETURNED)
    assert balance(invoice) == invoice.total


def test_set_aside_leaves_the_queue_with_a_note():
    row = bank_transaction()
    operations.match(row=row)

    operations.set_aside(row=row, note="Återbetald", by=None)
    operations.set_aside(row=row, note="En gång till", by=None)

    row.refresh_from_db()
    assert row.closed_note == "Återbetald"
    assert BankTransaction.objects.waiting().count() == 0


def test_money_on_another_bankgiro_is_told():
    Seller.objects.update(bankgiro="50501055")
    data = Camt((Ntry("10.00", (Tx("10.00", bank_reference="B1"),)),)).data()

    result = operations.import_bank_file(data=data, name="x", dry_run=True)

    assert len(result.warnings) == 1
    assert "991-2346" in result.warnings[0]
    assert "5050-1055" in result.warnings[0]


class TestTheSameMoneyInAnotherFormat:
    """A notification by the bankgiro and a statement of the account number it differently."""

    def files(self, invoice, amount="1000.00"):
        notification = Tx(amount, (Ref(ocr=invoice.ocr),), bank_reference="BG1")
        statement = Tx(amount, (Ref(ocr=invoice.ocr),), bank_reference="KONTO1")
        return [
            Camt((Ntry(amount, (notification,)),), kind="camt.054").data(),
            Camt((Ntry(amount, (statement,)),), kind="camt.053").data(),
        ]

    def test_waits_and_is_not_entered_again(self):
        invoice = issue_invoice()

        for number, data in enumerate(self.files(invoice)):
            operations.import_bank_file(data=data, name=f"{number}.xml")

        assert balance(invoice) == Decimal("645.00")
        assert BankTransaction.objects.waiting().get().problem == Problem.TWICE

    def test_the_other_half_on_the_same_day_in_the_same_format_is_entered(self):
        invoice = issue_invoice(price="2000")
        first, second = (
            Tx("1000.00", (Ref(ocr=invoice.ocr),), bank_reference=name) for name in ("A", "B")
        )

        data = Camt((Ntry("2000.00", (first, second)),)).data()
        operations.import_bank_file(data=data, name="day.xml")

        assert balance(invoice) == 0
        assert BankTransaction.objects.waiting().count() == 0

    def test_payments_without_a_word_are_not_taken_for_one(self):
        silent = (Ntry("10.00", (Tx("10.00", bank_reference="A"),)),)

        for kind in ("camt.054", "camt.053"):
            data = Camt(silent, kind=kind, account=f"<IBAN>{kind}</IBAN>").data()
            operations.import_bank_file(data=data, name="silent.xml")

        problems = BankTransaction.objects.values_list("problem", flat=True)
        assert list(problems) == [Problem.UNKNOWN] * 2
