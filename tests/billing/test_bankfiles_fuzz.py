"""What is written is read again, and no damage does anything but refuse the file."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billing.bankfiles import BankFileRefused, EntryKind, ReferenceKind, parse
from tests.billing.bankdata.bgmax import BgMax, Extra, Pay, Section
from tests.billing.bankdata.camt import Camt, Ntry, Ref, Tx

pytestmark = pytest.mark.slow

words = st.text("abcxyzÅÄÖåäöéü0123456789-&", min_size=1, max_size=25)
references = st.from_regex(r"[1-9][0-9]{1,24}", fullmatch=True)
ore = st.integers(min_value=0, max_value=10**12 - 1)

payments = st.builds(
    Pay,
    amount=ore,
    reference=references,
    serial=st.integers(0, 10**12 - 1),
    payer=st.one_of(st.just(""), st.from_regex(r"[1-9][0-9]{6,7}", fullmatch=True)),
    channel=st.sampled_from("1234"),
    name=words,
    lines=st.lists(words.map(lambda word: word[:50]), max_size=3).map(tuple),
    extras=st.lists(st.builds(Extra, references), max_size=3).map(tuple),
    deduction=st.booleans(),
)


def _never_negative(pays: tuple[Pay, ...]) -> bool:
    return sum(-pay.amount if pay.deduction else pay.amount for pay in pays) >= 0


sections = st.builds(
    Section,
    payments=st.lists(payments, min_size=1, max_size=4)
    .map(tuple)
    .filter(_never_negative)
    .filter(lambda pays: sum(pay.amount for pay in pays) < 10**12),
    payee=st.sampled_from(["9912346", "50501055"]),
    day=st.dates().filter(lambda day: 1990 <= day.year < 2100).map("{:%Y%m%d}".format),
    currency=st.sampled_from(["SEK", "EUR"]),
)
bgmax_files = st.builds(BgMax, st.lists(sections, max_size=3).map(tuple))


@st.composite
def camt_entries(draw: st.DrawFn) -> Ntry:
    """A sum with its payments, which all go the same way."""
    found = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
    txs = tuple(
        Tx(
            str(Decimal(value).scaleb(-2)),
            tuple(Ref(ocr=number) for number in draw(st.lists(references, max_size=2))),
            name=draw(words),
            bank_reference=draw(st.sampled_from(["", "A", "B"])),
        )
        for value in found
    )
    return Ntry(
        str(Decimal(sum(found)).scaleb(-2)),
        txs,
        direction=draw(st.sampled_from(["CRDT", "DBIT"])),
        reversal=draw(st.booleans()),
    )


camt_files = st.builds(
    Camt,
    st.lists(camt_entries(), max_size=4).map(tuple),
    kind=st.sampled_from(["camt.052", "camt.053", "camt.054"]),
    version=st.sampled_from(["02", "08"]),
)


@settings(max_examples=100, deadline=None)
@given(bgmax_files, st.sampled_from(["iso-8859-1", "utf-8"]))
def test_bgmax_that_is_written_is_read(file, encoding):
    statement = parse(file.data(encoding))

    pays = [(section, pay) for section in file.sections for pay in section.payments]
    assert len({entry.external_id for entry in statement.entries}) == len(pays)
    for entry, (section, pay) in zip(statement.entries, pays, strict=True):
        assert entry.amount * 100 == (-pay.amount if pay.deduction else pay.amount)
        assert (entry.bankgiro, entry.currency) == (section.payee, section.currency)
        assert f"{entry.booked_on:%Y%m%d}" == section.day
        assert entry.payer_name == pay.name
        assert [reference.value for reference in entry.references] == [
            pay.reference,
            *(extra.reference for extra in pay.extras),
        ]
        assert entry.text == " ".join(pay.lines)


@settings(max_examples=100, deadline=None)
@given(camt_files)
def test_camt_that_is_written_is_read(file):
    statement = parse(file.data())

    txs = [(entry, tx) for entry in file.entries for tx in entry.txs]
    assert len({entry.external_id for entry in statement.entries}) == len(txs)
    for entry, (ntry, tx) in zip(statement.entries, txs, strict=True):
        sign = 1 if ntry.direction == "CRDT" else -1
        assert entry.amount == sign * Decimal(tx.amount)
        assert (entry.kind == EntryKind.RETURN) == ntry.reversal
        assert [(ref.kind, ref.value) for ref in entry.references] == [
            (ReferenceKind.OCR, ref.ocr) for ref in tx.refs
        ]
        assert entry.payer_name == (tx.name if ntry.direction == "CRDT" or ntry.reversal else "")


BGMAX = BgMax(
    (
        Section(
            (
                Pay(164500, "1000173", serial=1, payer="50501055", name="Åsa", lines=("Hej",)),
                Pay(300000, "1, 2", "3", 2, extras=(Extra("1000272"), Extra("1000371"))),
                Pay(500, "9", serial=3, deduction=True),
            )
        ),
        Section((Pay(100, "1000470", serial=4),), currency="EUR"),
    )
).data()
CAMT = Camt(
    (
        Ntry("300.00", (Tx("100", (Ref(ocr="1000173"),)), Tx("200", (Ref(invoice="7"),)))),
        Ntry("5.00", (Tx("5", name="Åsa"),), "DBIT", reversal=True),
    ),
    "camt.053",
    "02",
).data()
SOUND = {b"01": BGMAX, b"<?": CAMT}


def money(data: bytes) -> dict[str, Decimal]:
    return parse(data).totals()


@pytest.mark.parametrize("data", SOUND.values(), ids=["bgmax", "camt"])
@settings(max_examples=400, deadline=None)
@given(edits=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=3))
@example(edits=[(0, 0)])
def test_flipped_bytes_are_read_or_refused(data, edits):
    """And what is still read has the file's own sums; a flip may change a name, never the money."""
    damaged = bytearray(data)
    for position, byte in edits:
        damaged[position % len(damaged)] = byte
    try:
        totals = money(bytes(damaged))
    except BankFileRefused as refused:
        assert str(refused)
        return
    if len(edits) == 1 and data is BGMAX:
        assert totals == money(data)


@pytest.mark.parametrize("data", SOUND.values(), ids=["bgmax", "camt"])
@settings(max_examples=100, deadline=None)
@given(cut=st.tuples(st.integers(0, 5000), st.integers(1, 400)))
def test_missing_pieces_are_read_or_refused(data, cut):
    start, length = cut[0] % len(data), cut[1]
    try:
        money(data[:start] + data[start + length :])
    except BankFileRefused as refused:
        assert str(refused)


@pytest.mark.parametrize("data", SOUND.values(), ids=["bgmax", "camt"])
def test_a_file_cut_off_at_any_byte_is_refused(data):
    whole = len(data.rstrip())

    for end in range(whole):
        # BgMax pads its last line with blanks; without those it is still whole.
        if data[:end].rstrip() != data.rstrip():
            with pytest.raises(BankFileRefused):
                parse(data[:end])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"01BGMAX", b"<", b"<?xml", b"\xff\xfe<"]))
def test_noise_is_refused(noise, start):
    with pytest.raises(BankFileRefused):
        parse(start + noise)
