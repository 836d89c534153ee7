import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.documents import glyphs, render
from tests.billing.document_factories import CUSTOMER, invoice, says


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("Ελένη Щербаков Nguyễn", "Ελένη Щербаков Nguyễn"),
        ("שלום العربية", "שלום العربية"),
        ("A\u030asa", "Åsa"),
        ("Data 🚀 AB", "Data AB"),
        ("🇸🇪 Sverige", "Sverige"),
        ("王小明", "□□□"),
        ("ＡＢ 𝐁𝐨𝐥𝐝", "AB Bold"),
        ("två\nrader\tmed\x00skräp", "två rader med skräp"),
        ("\u202eomvänd\ufeff\u200b", "omvänd"),
        ("\ud800", ""),
        ("1\u00a0645,00\u00a0kr", "1\u00a0645,00\u00a0kr"),
    ],
)
def test_printable(typed: str, drawn: str) -> None:
    assert glyphs.printable(typed) == drawn


def test_every_character_we_call_printable_is_drawn() -> None:
    spans = (range(first, last + 1) for first, last in glyphs._SPANS)
    characters = [chr(point) for span in spans for point in span]
    assigned = [c for c in characters if not unicodedata.category(c).startswith("C")]
    note = "\n".join(" ".join(assigned[i : i + 60]) for i in range(0, len(assigned), 60))
    assert render(invoice(note=note)).startswith(b"%PDF-")


def test_text_is_never_taken_for_markup() -> None:
    name = '#panic("x") *b* _i_ $x$ `c` = H <l> @r \\u{41} #sys.inputs'
    says(invoice(customer=replace(CUSTOMER, name=name)), name)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80), st.text(max_size=200))
def test_no_name_stops_a_document(name: str, note: str) -> None:
    document = invoice(customer=replace(CUSTOMER, name=name, address=(name,)), note=note)
    assert render(document).startswith(b"%PDF-")
