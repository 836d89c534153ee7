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
from tests.billing.bankdata.camt import IBAN, Camt, Ntry, Ref, Tx, balance, element

D = Decimal
OCR = Ref(ocr="1000173")
ONE = Ntry("1645.00", (Tx("1645.00", (OCR,), bank_reference="BG-77"),))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def entries(*found: Ntry, **camt):
    return parse(Camt(found, **camt).data()).entries


def refusal(data: bytes) -> str:
    with pytest.raises(BankFileRefused) as refused:
        parse(data)
    return str(refused.value)


# --- What is read ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["camt.052", "camt.053", "camt.054"])
@pytest.mark.parametrize("version", ["02", "04", "08", "14"])
def test_one_payment_is_read_whole_in_every_version(kind, version):
    tx = Tx("1645.00", (OCR,), ("Tack!",), "Åsa & Co", "BG5050-1055", bank_reference="BG-77")

    statement = parse(Camt((Ntry("1645.00", (tx,)),), kind=kind, version=version).data())

    assert statement.format == f"{kind}.001.{version}"
    assert statement.file_id == "MSG-1"
    assert statement.created_at == datetime(2026, 4, 3, 4, 5, 12, tzinfo=UTC)
    assert statement.accounts == (IBAN, "9912346")
    assert statement.warnings == ()
    assert statement.totals() == {"SEK": D("1645.00")}
    assert [(e.external_id, e.amount, e.payer_name) for e in statement.entries] == [
        (f"camt:{IBAN}:20260402:BG-77:1645.00SEK", D("1645.00"), "Åsa & Co")
    ]
    entry = statement.entries[0]
    assert entry == BankEntry(
        external_id=f"camt:{IBAN}:20260402:BG-77:1645.00SEK",
        account=IBAN,
        bankgiro="9912346",
        booked_on=date(2026, 4, 2),
        amount=D("1645.00"),
        currency="SEK",
        references=(BankReference(ReferenceKind.OCR, "1000173"),),
        text="Tack!",
        payer_name="Åsa & Co",
        payer_account="",
        payer_bankgiro="50501055",
        kind=EntryKind.CREDIT,
        channel=Channel.UNKNOWN,
        place="Entry 1 (line 5)",
    )


def test_names_count_and_not_their_namespace():
    text = Camt((ONE,)).text()

    for other in ("urn:a:bank:of:its:own", ""):
        changed = text.replace("urn:iso:std:iso:20022:tech:xsd:camt.054.001.08", other)
        statement = parse(changed.replace(' xmlns=""', "").encode())
        assert (statement.format, len(statement.entries)) == ("camt.054", 1)


def test_a_message_in_an_envelope():
    inner = Camt((ONE,)).text().split("\n", 1)[1]

    assert parse(f"<Envelope><Header/>{inner}</Envelope>".encode()).entries == (
        parse(Camt((ONE,)).data().split(b"\n", 1)[1]).entries
    )


def test_a_day_sum_is_read_payment_by_payment():
    found = entries(
        Ntry(
            "300.00",
            (
                Tx("100.00", (OCR,), name="Ett", bank_reference="A"),
                Tx("200.00", (Ref(ocr="1000272"),), name="Två", bank_reference="B"),
            ),
            batch='<NbOfTxs>2</NbOfTxs><TtlAmt Ccy="SEK">300.00</TtlAmt>',
        )
    )

    assert [(e.amount, e.payer_name, e.references[0].value) for e in found] == [
        (D("100.00"), "Ett", "1000173"),
        (D("200.00"), "Två", "1000272"),
    ]


@pytest.mark.parametrize("version", ["02", "08"])
def test_several_references_with_amounts(version):
    refs = (
        Ref(invoice="20261", amount="2000.00"),
        Ref(credit_note="20262", amount="500.00"),
        Ref(ocr="1000173", amount="145.00"),
    )

    found = entries(Ntry("1645.00", (Tx("1645.00", refs),)), version=version)

    assert found[0].references == (
        BankReference(ReferenceKind.INVOICE, "20261", D("2000.00")),
        BankReference(ReferenceKind.INVOICE, "20262", D("-500.00")),
        BankReference(ReferenceKind.OCR, "1000173", D("145.00")),
    )


def test_part_amounts_that_do_not_add_up_are_left_out_with_a_warning():
    refs = (Ref(ocr="1000173", amount="100.00"), Ref(ocr="1000272", amount="100.00"))

    statement = parse(Camt((Ntry("300.00", (Tx("300.00", refs),)),)).data())

    assert [reference.amount for reference in statement.entries[0].references] == [None, None]
    assert statement.warnings == (
        "Entry 1 (line 5): the part amounts do not add up to the payment and were left out.",
    )


def test_an_invoice_number_beside_an_ocr_reference_is_in_the_text():
    entry = entries(Ntry("5", (Tx("5", (Ref(ocr="1000173", invoice="20261"),)),)))[0]

    assert (entry.references, entry.text) == (
        (BankReference(ReferenceKind.OCR, "1000173"),),
        "20261",
    )


def test_one_amount_for_two_invoices_is_not_divided():
    entry = entries(
        Ntry("5", (Tx("5", (Ref(invoice="20261", credit_note="20262", amount="5"),)),))
    )[0]

    assert entry.references == (
        BankReference(ReferenceKind.INVOICE, "20261"),
        BankReference(ReferenceKind.INVOICE, "20262"),
    )


def test_a_reference_of_another_kind_is_free():
    assert entries(Ntry("5", (Tx("5", (Ref(ocr="ISR 7", kind="RADM"),)),)))[0].references == (
        BankReference(ReferenceKind.FREE, "ISR 7"),
    )


def test_digits_as_end_to_end_id_are_the_last_resort():
    digits = Tx("5", end_to_end="1000173")
    words = Tx("5", end_to_end="INV-1000173")
    beside = Tx("5", (Ref(ocr="1000272"),), end_to_end="1000173")

    found = entries(*(Ntry("5", (tx,)) for tx in (digits, words, beside)))

    assert [e.references for e in found] == [
        (BankReference(ReferenceKind.FREE, "1000173"),),
        (),
        (BankReference(ReferenceKind.OCR, "1000272"),),
    ]


def test_free_text_keeps_its_words_apart_and_runs_on_where_a_line_is_full():
    lines = ("OCR 1000173", "x" * 139 + "1", "000272")

    assert entries(Ntry("5", (Tx("5", text=lines),)))[0].text == (
        "OCR 1000173 " + "x" * 139 + "1000272"
    )


def test_without_a_message_the_banks_own_words_are_shown():
    assert entries(Ntry("5", info="Insättning"))[0].text == "Insättning"


def test_swish():
    tx = Tx("15.00", text=("ORDER-123",), name="Sven", payer="+46700000000", payee="")

    entry = entries(Ntry("15.00", (tx,), code="MOB"))[0]

    assert (entry.channel, entry.payer_account, entry.bankgiro) == (
        Channel.SWISH,
        "+46700000000",
        "",
    )


def test_money_out_and_back():
    found = entries(
        Ntry("10", (Tx("10"),), "DBIT"),
        Ntry("20", (Tx("20", (OCR,)),), "DBIT", reversal=True),
        Ntry("30", (Tx("30", return_reason="AC04"),)),
    )

    assert [(e.amount, e.kind, e.text) for e in found] == [
        (D("-10.00"), EntryKind.DEBIT, ""),
        (D("-20.00"), EntryKind.RETURN, ""),
        (D("30.00"), EntryKind.RETURN, "AC04"),
    ]


def test_a_deduction_within_a_sum():
    sum_of_two = Ntry("70.00", (Tx("100.00"), Tx("30.00", direction="DBIT")))

    assert [(e.amount, e.kind) for e in entries(sum_of_two)] == [
        (D("100.00"), EntryKind.CREDIT),
        (D("-30.00"), EntryKind.DEBIT),
    ]


def test_what_is_not_booked_is_left_out():
    for version in ("02", "08"):
        camt = Camt((Ntry("5", status="PDNG"), ONE, Ntry("6", status="INFO")), version=version)
        statement = parse(camt.data())
        assert [entry.amount for entry in statement.entries] == [D("1645.00")]
        assert statement.warnings == ("2 entries are not booked yet and were left out.",)


def test_foreign_money_keeps_its_currency():
    found = entries(Ntry("50.00", (Tx("50.00", (OCR,), currency="EUR"),), currency="EUR"))

    assert (found[0].amount, found[0].currency) == (D("50.00"), "EUR")


def test_a_foreign_payment_that_was_booked_in_kronor():
    assert entries(Ntry("567.89", (Tx("50.00", currency="EUR"),)))[0].amount == D("567.89")


@pytest.mark.parametrize("version", ["02", "08"])
def test_charges_explain_what_is_missing(version):
    found = entries(Ntry("1595.00", (Tx("1645.00", charge="50.00"),)), version=version)

    assert found[0].amount == D("1595.00")


def test_a_sum_that_the_bank_does_not_divide_is_one_entry():
    camt = Camt((Ntry("300", (Tx("", (OCR,), name="Ett"), Tx("", (Ref(ocr="1000272"),)))),))

    statement = parse(camt.data())

    entry = statement.entries[0]
    assert (entry.amount, entry.payer_name) == (D("300.00"), "")
    assert [reference.value for reference in entry.references] == ["1000173", "1000272"]
    assert statement.warnings == (
        "Entry 1 (line 5): the bank does not say how the sum is divided.",
    )


def test_a_sum_without_its_payments_says_so():
    statement = parse(Camt((Ntry("300", batch="<NbOfTxs>57</NbOfTxs>"),)).data())

    assert [entry.amount for entry in statement.entries] == [D("300.00")]
    assert statement.warnings == (
        "Entry 1 (line 5): the sum of 57 payments, which the file does not show.",
    )


@pytest.mark.parametrize(
    ("booked", "day"),
    [
        ("<Dt>2026-04-02</Dt>", date(2026, 4, 2)),
        ("<Dt>2026-04-02+02:00</Dt>", date(2026, 4, 2)),
        ("<DtTm>2025-12-31T23:30:00Z</DtTm>", date(2026, 1, 1)),
        ("<DtTm>2025-12-31T23:30:00</DtTm>", date(2025, 12, 31)),
        ("", date(2026, 4, 3)),
    ],
)
def test_days_are_swedish_days(booked, day):
    assert entries(Ntry("5", booked=booked))[0].booked_on == day


def test_a_bankgiro_that_is_the_account_itself():
    account = "<Othr><Id>991-2346</Id><SchmeNm><Prtry>BGNR</Prtry></SchmeNm></Othr>"

    entry = entries(Ntry("5"), account=account)[0]

    assert (entry.bankgiro, entry.account) == ("9912346", "")


# --- Identity -------------------------------------------------------------------------------


def test_the_same_payment_has_the_same_id_in_another_report():
    notification = parse(Camt((ONE,), version="02", message_id="A", report_id="A").data())
    statement = parse(Camt((Ntry("1"), ONE), "camt.053", message_id="B", report_id="B").data())

    assert notification.entries[0].external_id == statement.entries[1].external_id


@pytest.mark.parametrize("reference", ["", "NONREF", "NOTPROVIDED"])
def test_payments_without_a_reference_of_their_own_are_told_apart(reference):
    txs = (Tx("5", bank_reference=reference), Tx("5", bank_reference=reference))

    found = entries(Ntry("10", txs, bank_reference="SUM-1"), Ntry("10", txs))

    assert [entry.external_id for entry in found] == [
        f"camt:{IBAN}:20260402:SUM-1/1:5.00SEK",
        f"camt:{IBAN}:20260402:SUM-1/2:5.00SEK",
        f"camt:{IBAN}:20260402:REPORT-1/2/1:5.00SEK",
        f"camt:{IBAN}:20260402:REPORT-1/2/2:5.00SEK",
    ]


def test_a_reference_that_the_bank_repeats_is_numbered():
    same = Tx("5", bank_reference="SAME")

    assert [entry.external_id for entry in entries(Ntry("10", (same, same)))] == [
        f"camt:{IBAN}:20260402:SAME:5.00SEK",
        f"camt:{IBAN}:20260402:SAME:5.00SEK#2",
    ]


def test_ids_always_fit_and_stay_apart():
    long = [Tx("5", bank_reference="x" * 300 + end) for end in "ab"]

    ids = [entry.external_id for entry in entries(Ntry("10", tuple(long)))]

    assert len(set(ids)) == 2
    assert all(len(external_id) <= 150 for external_id in ids)


# --- Totals ---------------------------------------------------------------------------------


def summary(name: str, count: str, total: str) -> str:
    return element("TxsSummry", element(name, element("NbOfNtries", count) + element("Sum", total)))


@pytest.mark.parametrize(
    "extra",
    [
        balance("OPBD", "100.00") + balance("CLBD", "1735.00"),
        balance("PRCD", "5.00", direction="DBIT") + balance("CLBD", "1630.00"),
        balance("OPBD", "1.00", "EUR") + balance("CLBD", "7.00"),
        balance("CLBD", "7.00"),
        "<StmtPgntn><PgNb>2</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>"
        + balance("OPBD", "1.00")
        + balance("CLBD", "7.00"),
        summary("TtlNtries", "2", "1655.00"),
        summary("TtlNtries", "2", "1635.00"),
        summary("TtlCdtNtries", "1", "1645.00"),
        summary("TtlDbtNtries", "1", "10.00"),
    ],
)
def test_totals_that_agree(extra):
    found = entries(ONE, Ntry("10.00", direction="DBIT"), kind="camt.053", extra=extra)

    assert sum(entry.amount for entry in found) == D("1635.00")


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        (
            balance("OPBD", "100.00") + balance("CLBD", "1735.01"),
            "the closing balance is 1735.01 but the entries lead to 1735.00.",
        ),
        (summary("TtlNtries", "3", ""), "the report says 3 entries but holds 2."),
        (
            summary("TtlNtries", "", "1655.01"),
            "the report says 1655.01 but its entries add up to 1635.00.",
        ),
        (
            summary("TtlCdtNtries", "1", "1635.00"),
            "the report says 1635.00 but its entries add up to 1645.00.",
        ),
        (summary("TtlDbtNtries", "2", "10.00"), "the report says 2 entries but holds 1."),
        (summary("TtlNtries", "", "x"), "the report says x but its entries add up to 1635.00."),
    ],
)
def test_totals_that_disagree(extra, problem):
    camt = Camt((ONE, Ntry("10.00", direction="DBIT")), "camt.053", extra=extra)

    assert refusal(camt.data()) == f"Report REPORT-1: {problem}"


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (
            Ntry("300", (Tx("100"), Tx("199.99"))),
            "the entry says 300.00 but its payments add up to 299.99.",
        ),
        (Ntry("300", (Tx("299"),)), "the entry says 300.00 but its payments add up to 299.00."),
        (
            Ntry("300", (Tx("310", charge="9"),)),
            "the entry says 300.00 but its payments add up to 310.00.",
        ),
        (
            Ntry("300", (Tx("100"), Tx("200")), batch="<NbOfTxs>3</NbOfTxs>"),
            "the batch says 3 payments but holds 2.",
        ),
        (
            Ntry("300", (Tx("300"),), batch='<TtlAmt Ccy="SEK">301</TtlAmt>'),
            "the batch says 301.00 but its payments add up to 300.00.",
        ),
        (Ntry("-5"), "“-5” is not an amount."),
        (Ntry("1e3"), "“1e3” is not an amount."),
        (Ntry("1,50"), "“1,50” is not an amount."),
        (Ntry("1.005"), "the amount 1.005 cannot be right."),
        (Ntry("10000000000"), "the amount 10000000000 cannot be right."),
        (Ntry("5", currency="kr"), "“kr” is not a currency."),
        (Ntry("5", direction="IN"), "neither credit nor debit is stated (CdtDbtInd)."),
        (Ntry("5", status=""), "it is not stated whether the entry is booked (Sts)."),
        (Ntry("5", booked="<Dt>2026-02-30</Dt>"), "“2026-02-30” is not a date."),
        (Ntry("5", booked="<Dt>0001-01-01</Dt>"), "“0001-01-01” is not a date."),
        (Ntry("5", booked="<DtTm>0001-01-01T00:00:00+14:00</DtTm>"),
         "“0001-01-01T00:00:00+14:00” is not a time."),
    ],
)  # fmt: skip
def test_an_entry_that_contradicts_itself_is_refused(entry, problem):
    assert refusal(Camt((entry,)).data()) == f"Entry 1 (line 5): {problem}"


def test_nothing_is_read_when_the_last_entry_is_wrong():
    assert refusal(Camt((ONE, Ntry("300", (Tx("299"),)))).data()) == (
        "Entry 2 (line 6): the entry says 300.00 but its payments add up to 299.00."
    )


def test_a_time_that_is_none_is_refused():
    assert refusal(Camt((ONE,), created="yesterday").data()) == (
        "Message header: “yesterday” is not a time."
    )


# --- Files that are not what they should be -------------------------------------------------

BOMB = """<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
READER = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("prolog", [BOMB, READER, '<!DOCTYPE x SYSTEM "http://example.org/x">'])
def test_document_types_are_refused(prolog, encoding):
    body = Camt((Ntry("5", info="MARK"),)).text().split("\n", 1)[1].replace("MARK", "&a;")

    assert refusal((prolog + body).encode(encoding)) == (
        "The file declares a document type (DOCTYPE), which bank files never do."
    )


def test_a_document_type_in_disguise_is_refused():
    """UTF-7 writes <! without those signs; the parser sees through it."""
    disguised = '+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY a "b"+AD4AXQA+-<x>&a;</x>'

    assert refusal(f'<?xml version="1.0" encoding="UTF-7"?>{disguised}'.encode()) == (
        "The file declares a document type (DOCTYPE), which bank files never do."
    )


def test_utf_16_is_read_as_declared():
    text = Camt((ONE,)).text().replace("UTF-8", "UTF-16")

    assert parse(text.encode("utf-16")).entries == parse(Camt((ONE,)).data()).entries


def test_latin_1_is_read_as_declared_and_refused_undeclared():
    text = Camt((Ntry("5", info="Insättning"),)).text()

    declared = text.replace("UTF-8", "ISO-8859-1").encode("latin-1")

    assert parse(declared).entries[0].text == "Insättning"
    assert refusal(text.encode("latin-1")).startswith(
        "Line 5: the XML breaks off or is damaged here ("
    )


def test_a_file_cut_off_anywhere_is_refused():
    data = Camt((ONE, ONE)).data().rstrip()

    for end in range(1, len(data)):
        assert refusal(data[:end])


def test_other_xml_is_refused_by_name():
    payment = '<Document xmlns="urn:pain.001.001.03"><CstmrCdtTrfInitn/></Document>'

    assert refusal(payment.encode()) == (
        "This XML is a “CstmrCdtTrfInitn”; camt.052, camt.053 and camt.054 can be read here."
    )
    assert refusal(b"<html/>").startswith("This XML is a “html”;")


def test_a_message_without_reports_is_refused():
    text = Camt().text()
    start, end = text.index("<Ntfctn>"), text.index("</Ntfctn>") + len("</Ntfctn>")

    assert refusal((text[:start] + text[end:]).encode()) == (
        "The file holds no report of any account."
    )


def test_two_messages_are_refused():
    inner = Camt((ONE,)).text().split("\n", 1)[1]

    assert refusal(f"<Both>{inner}{inner}</Both>".encode()) == (
        "The file holds several messages; import one at a time."
    )


def test_deep_nesting_is_refused():
    deep = "<a>" * 5000 + "</a>" * 5000

    assert refusal(deep.encode()).startswith("Line 1: the XML breaks off or is damaged here")
