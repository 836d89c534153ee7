"""Vouchers for the books: each once, in files that are kept as they were."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from billing import operations, sie
from billing.journal import Entry, Voucher
from billing.models import Seller, SieBatch, SieVoucher
from tests.billing.at_once import at_once
from tests.billing.sie_reader import read
from tests.factories.billing import customer, issue_invoice, pay

pytestmark = pytest.mark.django_db

MARCH = {"since": date(2026, 3, 1), "until": date(2026, 3, 31)}
COMPANY = sie.Company("Exempel", "8029999995", (date(2026, 1, 1), date(2026, 12, 31)))


def export(**changes) -> SieBatch:
    return operations.export_sie(
        **{**MARCH, "now": datetime(2026, 4, 1, 12, tzinfo=UTC), **changes}
    )


def one_voucher(text: str) -> Voucher:
    entries = (Entry("1510", Decimal("1.00")), Entry("3001", Decimal("-1.00")))
    return Voucher("invoice:1", date(2026, 3, 2), text, entries)


def test_the_file_reads_back_as_what_happened():
    pay(issue_invoice(price="1645"))

    file = read(export().content)

    assert file.facts == {
        "#FLAGGA": ["0"],
        "#PROGRAM": ["Forum för Dataskydd", "1.0"],
        "#FORMAT": ["PC8"],
        "#GEN": ["20260401"],
        "#SIETYP": ["4"],
        "#FNAMN": ["Forum för Dataskydd"],
        "#ORGNR": ["802999-9995"],
        "#RAR": ["0", "20260101", "20261231"],
        "#KPTYP": ["EUBAS97"],
    }
    assert file.accounts == {
        "1510": "Kundfordringar",
        "1930": "Företagskonto",
        "3001": "Medlemsavgift",
    }
    owed = Decimal("1645.00")
    assert file.vouchers == [
        ("20260302", "Faktura F10001", [("3001", -owed), ("1510", owed)]),
        ("20260310", "Betalning F10001", [("1930", owed), ("1510", -owed)]),
    ]


def test_nothing_is_exported_twice():
    invoice = issue_invoice()
    export()
    with pytest.raises(operations.ExportRefused):
        export()
    pay(invoice)

    assert [text for _day, text, _rows in read(export().content).vouchers] == ["Betalning F10001"]
    assert SieVoucher.objects.count() == 2


def test_what_is_entered_late_comes_with_the_next():
    issue_invoice(today=date(2026, 3, 2))
    export()
    issue_invoice(today=date(2026, 3, 3))

    assert [row.text for row in export().vouchers.all()] == ["Faktura F10002"]


def test_other_days_are_left_out():
    issue_invoice(today=date(2026, 2, 28))
    issue_invoice(today=date(2026, 4, 1))

    with pytest.raises(operations.ExportRefused):
        export()


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2026, 3, 2), date(2026, 3, 1)), (date(2025, 12, 31), date(2026, 1, 1))],
    ids=["backwards", "two-years"],
)
def test_a_period_that_no_file_can_hold(since, until):
    with pytest.raises(operations.ExportRefused):
        operations.export_sie(since=since, until=until)


def test_a_financial_year_that_is_not_the_calendars():
    Seller.objects.update(fiscal_year_start_month=7)
    issue_invoice(today=date(2026, 1, 2))

    batch = operations.export_sie(since=date(2025, 12, 1), until=date(2026, 1, 31))

    assert read(batch.content).facts["#RAR"] == ["0", "20250701", "20260630"]


def test_names_only_where_the_treasurer_wants_them():
    issue_invoice(customer=customer(name="Åsa Öhrn"))
    without = export().content
    Seller.objects.update(names_in_books=True)
    issue_invoice(customer=customer(name="Åsa Öhrn"))
    with_name = export().content

    assert "Åsa Öhrn".encode("cp437") not in without
    assert read(with_name).vouchers[0][1] == "Faktura F10002, Åsa Öhrn"


def test_a_voucher_that_does_not_add_up_is_refused():
    uneven = Voucher("x", date(2026, 1, 1), "x", (Entry("1510", Decimal("1.00")),))

    with pytest.raises(ValueError, match="not equal"):
        sie.write(COMPANY, {}, [uneven], written_on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Konferens – “dag 1”…", 'Konferens - "dag 1"...'),
        ("Łukasz Škoda 北", "?ukasz Skoda ?"),
        ("rad\r\n#VER", "rad #VER"),
        ("bak\\slag", "bak/slag"),
        ("å" * 60, "å" * 50),
    ],
)
def test_texts_in_the_letters_of_the_format(text, plain):
    content = sie.write(COMPANY, {}, [one_voucher(text)], written_on=date(2026, 1, 1))

    assert read(content).vouchers[0][1] == plain


class TestCommand:
    def test_writes_the_file_and_writes_it_again(self, tmp_path, capsys):
        issue_invoice()
        first, again = tmp_path / "first.si", tmp_path / "again.si"

        call_command("export_sie", "--from=2026-03-01", "--to=2026-03-31", f"--output={first}")
        batch = SieBatch.objects.get()
        call_command("export_sie", f"--again={batch.pk}", f"--output={again}")

        assert first.read_bytes() == again.read_bytes() == bytes(batch.content)
        assert "1 vouchers" in capsys.readouterr().out

    def test_dry_run_writes_nothing(self, capsys):
        issue_invoice()

        call_command("export_sie", "--from=2026-03-01", "--to=2026-03-31", "--dry-run")

        assert "Faktura F10001 1645.00" in capsys.readouterr().out
        assert SieBatch.objects.count() == 0

    @pytest.mark.parametrize(
        "arguments", [[], ["--again=99"], ["--from=2026-03-01", "--to=2026-03-31"]]
    )
    def test_refusals(self, arguments):
        with pytest.raises(CommandError):
            call_command("export_sie", *arguments)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committing")
def test_two_exports_at_once_hold_each_voucher_once():
    issue_invoice(mail=False)

    outcomes = at_once(export, export)

    assert outcomes == {"SieBatch": 1, "ExportRefused": 1}
    assert SieVoucher.objects.count() == 1
