from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from billing.bankfiles import (
    BankEntry,
    BankFileRefused,
    BankReference,
    Channel,
    EntryKind,
    ReferenceKind,
    parse,
)
from tests.billing.bankdata.bgmax import BgMax, Extra, Pay, Section, Stated

ONE = BgMax((Section((Pay(164500, "1000173", serial=42, payer="50501055", name="Åsa Öberg"),)),))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def one_entry(**pay):
    statement = parse(BgMax((Section((Pay(**{"amount": 164500, **pay}),)),)).data())
    return statement.entries[0]


def refusal(data: bytes) -> str:
    with pytest.raises(BankFileRefused) as refused:
        parse(data)
    return str(refused.value)


# --- What is read ---------------------------------------------------------------------------


def test_one_payment_is_read_whole():
    statement = parse(ONE.data())

    assert statement.format == "bgmax"
    assert statement.file_id == "20260403060512000123"
    assert statement.created_at == datetime(2026, 4, 3, 4, 5, 12, tzinfo=UTC)
    assert statement.accounts == ("9912346", "5000-1234567")
    assert statement.warnings == ()
    assert statement.totals() == {"SEK": Decimal("1645.00")}
    assert statement.entries == (
        BankEntry(
            external_id="bgmax:9912346:20260402:000000000042:1645.00SEK",
            account="5000-1234567",
            bankgiro="9912346",
            booked_on=date(2026, 4, 2),
            amount=Decimal("1645.00"),
            currency="SEK",
            references=(BankReference(ReferenceKind.OCR, "1000173"),),
            text="",
            payer_name="Åsa Öberg",
            payer_account="",
            payer_bankgiro="50501055",
            kind=EntryKind.CREDIT,
            channel=Channel.BANK,
            place="Line 3",
        ),
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [("2", "ocr"), ("3", "free"), ("4", "invoice"), ("5", "free"), ("7", "free")],
)
def test_the_bank_says_how_good_a_reference_is(code, kind):
    assert one_entry(reference="1000173", code=code).references == (
        BankReference(ReferenceKind(kind), "1000173"),
    )


@pytest.mark.parametrize("code", ["0", "1"])
def test_a_blank_reference_is_no_reference(code):
    assert one_entry(code=code).references == ()


@pytest.mark.parametrize(
    ("channel", "meaning"),
    [("1", "bank"), ("2", "supplier"), ("3", "paper"), ("4", "autogiro"), ("9", "")],
)
def test_channels(channel, meaning):
    assert one_entry(channel=channel).channel == Channel(meaning)


def test_a_deduction_is_negative():
    statement = parse(
        BgMax((Section((Pay(200000, "1000173"), Pay(50000, "1000272", deduction=True))),)).data()
    )

    assert [(entry.amount, entry.kind) for entry in statement.entries] == [
        (Decimal("2000.00"), EntryKind.CREDIT),
        (Decimal("-500.00"), EntryKind.DEBIT),
    ]
    assert statement.totals() == {"SEK": Decimal("1500.00")}


def test_several_references_without_amounts():
    entry = one_entry(
        reference="1000173, 1000272", code="3", extras=(Extra("1000173"), Extra("1000272"))
    )

    assert entry.references == (
        BankReference(ReferenceKind.FREE, "1000173, 1000272"),
        BankReference(ReferenceKind.OCR, "1000173"),
        BankReference(ReferenceKind.OCR, "1000272"),
    )


def test_several_references_with_amounts():
    entry = one_entry(
        code="0",
        extras=(Extra("1000173", 200000), Extra("A-7", 14500, "5"), Extra("9", 50000, minus=True)),
    )

    assert entry.references == (
        BankReference(ReferenceKind.OCR, "1000173", Decimal("2000.00")),
        BankReference(ReferenceKind.FREE, "A-7", Decimal("145.00")),
        BankReference(ReferenceKind.OCR, "9", Decimal("-500.00")),
    )


def test_part_amounts_that_do_not_add_up_are_left_out_with_a_warning():
    statement = parse(
        BgMax((Section((Pay(164500, code="0", extras=(Extra("1000173", 100000),)),)),)).data()
    )

    assert statement.entries[0].references == (BankReference(ReferenceKind.OCR, "1000173"),)
    assert statement.warnings == (
        "Line 3: the part amounts do not add up to the payment and were left out.",
    )


def test_words_of_the_payer_run_on_where_a_line_is_full():
    full = "Medlemsavgift för tre personer på vårt kontor i Sk"
    assert len(full) == 50

    entry = one_entry(lines=(full, "ellefteå", "Tack"))

    assert entry.text == "Medlemsavgift för tre personer på vårt kontor i Skellefteå Tack"


def test_a_reference_too_long_for_its_columns_runs_on_in_the_information():
    reference = "Fakturor 1000173, 1000272"
    assert len(reference) == 25

    entry = one_entry(reference=reference, code="3", lines=("99 och 7",))

    assert entry.text == "Fakturor 1000173, 100027299 och 7"
    assert entry.references == (BankReference(ReferenceKind.FREE, reference),)


def test_sections_have_their_own_payee_day_and_currency():
    statement = parse(
        BgMax(
            (
                Section((Pay(10000, "1000173"),)),
                Section((Pay(5000, "1000173"),), payee="50501055", day="20260403", currency="EUR"),
            )
        ).data()
    )

    assert [(e.bankgiro, e.booked_on, e.currency, e.amount) for e in statement.entries] == [
        ("9912346", date(2026, 4, 2), "SEK", Decimal("100.00")),
        ("50501055", date(2026, 4, 3), "EUR", Decimal("50.00")),
    ]
    assert statement.totals() == {"SEK": Decimal("100.00"), "EUR": Decimal("50.00")}


def test_a_file_without_payments_is_sound():
    assert parse(BgMax().data()).entries == ()


# --- Identity -------------------------------------------------------------------------------


def test_the_same_payment_has_the_same_id_in_another_file():
    again = BgMax(
        (Section((Pay(100, "7", serial=41),)), *ONE.sections), stamp="20260404060512000124"
    )

    first, later = parse(ONE.data()), parse(again.data())

    assert first.entries[0].external_id == later.entries[1].external_id
    assert len({entry.external_id for entry in later.entries}) == 2


def test_payments_that_share_a_serial_number_are_all_kept():
    pay = Pay(10000, "1000173", serial=16)

    statement = parse(BgMax((Section((pay, pay, Pay(500, "1000272", serial=16))),)).data())

    assert [entry.external_id for entry in statement.entries] == [
        "bgmax:9912346:20260402:000000000016:100.00SEK",
        "bgmax:9912346:20260402:000000000016:100.00SEK#2",
        "bgmax:9912346:20260402:000000000016:5.00SEK",
    ]
    assert statement.totals() == {"SEK": Decimal("205.00")}


# --- Read kindly ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.encode("utf-8"),
        lambda text: b"\xef\xbb\xbf" + text.encode("utf-8"),
        lambda text: text.replace("Åsa", "A\u030asa").encode("utf-8"),
        lambda text: text.replace("\r\n", "\n").encode("latin-1"),
        lambda text: text.replace("\r\n", "\r").encode("latin-1"),
        lambda text: text.replace("\r\n", "\r\n\r\n").encode("latin-1"),
        lambda text: text.rstrip().encode("latin-1"),
        lambda text: (text + "\x1a").encode("latin-1"),
        lambda text: "\r\n".join(map(str.rstrip, text.split("\r\n"))).encode("latin-1"),
    ],
    ids=[
        "utf-8", "utf-8 with mark", "decomposed", "unix", "old mac", "double-spaced",
        "no last newline", "dos end of file", "short lines",
    ],
)  # fmt: skip
def test_a_file_that_was_saved_again_reads_the_same(change):
    entries = parse(change(ONE.text())).entries

    assert [(e.external_id, e.amount, e.payer_name, e.references) for e in entries] == [
        (e.external_id, e.amount, e.payer_name, e.references) for e in parse(ONE.data()).entries
    ]


def test_a_reference_with_letters_does_not_move_the_amount_in_utf_8():
    file = BgMax((Section((Pay(164500, "Årsavgift för Åsa Öberg", code="3"),)),))

    assert parse(file.data("utf-8")).entries == parse(file.data()).entries


def test_one_line_in_another_encoding_than_the_rest():
    lines = [line.encode("latin-1") for line in ONE.lines()]
    lines[3] = ONE.lines()[3].encode("utf-8")

    assert parse(b"\r\n".join(lines)).entries == parse(ONE.data()).entries


def test_tabs_stand_for_eight_columns():
    data = ONE.data()
    tabbed = data.replace(b"200050501055" + b" " * 18, b"200050501055\t\t" + b" " * 6)
    assert tabbed != data

    assert parse(tabbed) == parse(data)


def test_unknown_records_are_left_out_with_a_warning():
    lines = ONE.lines()
    lines.insert(4, "42 something new".ljust(80))

    statement = parse("\r\n".join(lines).encode("latin-1"))

    assert statement.entries == parse(ONE.data()).entries
    assert statement.warnings == ("Line 5: records of the unknown kind 42 were left out.",)


def test_a_wrong_count_of_extra_references_is_only_warned_of():
    statement = parse(BgMax(ONE.sections, stated=Stated(extras=10)).data())

    assert statement.entries == parse(ONE.data()).entries
    assert statement.warnings == ("Line 9: the file says 10 extra references but holds 0.",)


# --- Refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        (
            Stated(total=164501),
            "Line 8: the deposit says 1645.01 but its payments add up to 1645.00.",
        ),
        (Stated(deposit_count=2), "Line 8: the deposit says 2 payments but there are 1."),
        (Stated(payments=2), "Line 9: the file says 2 payments but holds 1."),
        (Stated(deductions=1), "Line 9: the file says 1 deductions but holds 0."),
        (Stated(deposits=3), "Line 9: the file says 3 deposits but holds 1."),
    ],
)
def test_wrong_totals_are_refused(stated, problem):
    assert refusal(BgMax(ONE.sections, stated=stated).data()) == problem


def edited(number, edit):
    """The file with one line changed or taken away. Lines are numbered from 1."""
    lines = ONE.lines()
    changed = edit(lines[number - 1])
    lines[number - 1 : number] = [] if changed is None else [changed]
    return "\r\n".join(lines).encode("latin-1")


@pytest.mark.parametrize(
    ("number", "edit", "problem"),
    [
        (
            1,
            lambda line: line.replace("BGMAX   ", "BGMAX 2 "),
            "Line 1: this is not version 01 of BgMax.",
        ),
        (1, lambda line: line[:24] + "20261303" + line[32:], "Line 1: “20261303” is not a date."),
        (
            1,
            lambda line: line[:32] + "250000" + line[38:],
            "Line 1: “250000” is not a time of day.",
        ),
        (2, lambda line: None, "Line 2: the record stands outside of any section (05-15)."),
        (2, lambda line: line[:22] + "kr.", "Line 2: “kr.” is not a currency."),
        (3, lambda line: None, "Line 3: the record belongs to no payment."),
        (
            3,
            lambda line: line[:40],
            "Line 3: columns 38-55 should be digits but are “000               ”.",
        ),
        (3, lambda line: "2O" + line[2:], "Line 3: columns 1-2 should be digits but are “2O”."),
        (
            3,
            lambda line: line[:37] + "9" * 18 + line[55:],
            "Line 3: the amount 9999999999999999.99 cannot be right.",
        ),
        (
            3,
            lambda line: line[:12] + " " + line[12:] + ".",
            "Line 3: the line is 82 columns long; at most 80 are allowed.",
        ),
        (
            3,
            lambda line: line.replace("1000173", "100\x07173"),
            "Line 3: the line holds signs that are not text; the file is damaged.",
        ),
        (
            8,
            lambda line: None,
            "Line 2: the section that begins here has no deposit record (15).",
        ),
        (8, lambda line: line[:37] + "20260230" + line[45:], "Line 8: “20260230” is not a date."),
        (8, lambda line: line[:37] + "00010101" + line[45:], "Line 8: “00010101” is not a date."),
        (
            8,
            lambda line: line.replace("SEK", "EUR"),
            "Line 8: the deposit is in another currency than its section.",
        ),
        (
            9,
            lambda line: None,
            "Line 8: the file ends without its closing record (70): it is not complete.",
        ),
    ],
)
def test_damaged_files_are_refused(number, edit, problem):
    assert refusal(edited(number, edit)) == problem


def test_an_extra_reference_of_another_payment_is_refused():
    lines = BgMax((Section((Pay(100, "7", "3", extras=(Extra("1000173"),)),)),)).lines()
    assert lines[3].startswith("22")
    lines[3] = lines[3][:57] + f"{2:012}" + lines[3][69:]

    assert refusal("\n".join(lines).encode()) == (
        "Line 4: the extra reference belongs to another payment."
    )


def test_two_files_pasted_together_are_refused():
    assert refusal(ONE.data() * 2) == (
        "Line 10: a second BgMax file begins here; import one file at a time."
    )


def test_records_after_the_end_are_refused():
    lines = ONE.lines()

    problem = refusal("\n".join([*lines[:-1], lines[-1], lines[1], lines[-1]]).encode("latin-1"))

    assert problem == "Line 9: there are records after the closing record (70)."


def test_a_test_file_of_the_bank_is_refused():
    assert refusal(BgMax(ONE.sections, mode="T").data()) == (
        "Line 1: the bank has marked this as a test file, without real payments."
    )


def test_utf_16_is_refused():
    assert refusal(ONE.text().encode("utf-16-le")).startswith("This is not a bank file")
    assert refusal(ONE.data().replace(b"Storgatan", b"Storgata\x00")) == (
        "The file is not in the bank's encoding (ISO-8859-1): fetch it from the bank again."
    )


@pytest.mark.parametrize("data", [b"", b"\r\n \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data):
    assert refusal(data) == "The file is empty."


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"Datum;Belopp\n", b"PK\x03\x04", b"01BGM"])
def test_other_files_are_refused(data):
    assert refusal(data) == (
        "This is not a bank file that can be read here: use camt.053, camt.054 or BgMax."
    )


def test_a_huge_file_is_refused(monkeypatch):
    monkeypatch.setattr("billing.bankfiles.MAX_BYTES", 1024 * 1024)

    assert refusal(ONE.data() + b"\n" * 1024 * 1024) == (
        "The file is larger than 1 MB, which no bank file is."
    )
