import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn

from billing import ocr

numbers = st.integers(min_value=0, max_value=89_999_999)
references = numbers.map(ocr.reference)
lengths = st.integers(min_value=ocr.SHORTEST, max_value=ocr.LONGEST)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "1000000008"), (1, "1000000107"), (10003, "1001000304"), (89_999_999, "9999999908")],
)
def test_reference(number: int, expected: str) -> None:
    assert ocr.reference(number) == expected
    assert luhn.is_valid(expected)


def test_length_and_check_digit_follow_bankgirots_own_example() -> None:
    assert ocr.is_valid("1000173")


@given(lengths, st.data())
def test_every_reference_has_the_agreed_length_and_is_valid(
    length: int, data: st.DataObject
) -> None:
    number = data.draw(st.integers(min_value=0, max_value=9 * 10 ** (length - 3) - 1))
    text = ocr.reference(number, length=length)
    assert len(text) == length
    assert text[0] != "0"
    assert ocr.is_valid(text)


@given(numbers, numbers)
def test_two_numbers_never_share_a_reference(one: int, other: int) -> None:
    assert (ocr.reference(one) == ocr.reference(other)) == (one == other)


@pytest.mark.parametrize(
    ("number", "length"), [(-1, 10), (90_000_000, 10), (900, 5), (1, 4), (1, 26)]
)
def test_a_number_that_does_not_fit_is_refused(number: int, length: int) -> None:
    with pytest.raises(ValueError, match="reference"):
        ocr.reference(number, length=length)


@given(references, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(text: str, position: int, shift: int) -> None:
    wrong = str((int(text[position]) + shift) % 10)
    assert not ocr.is_valid(text[:position] + wrong + text[position + 1 :])


@given(references, st.integers(0, 8))
@example("9000000001", 0)
@example("1090000009", 1)
def test_swapped_neighbours_are_caught_except_the_pair_luhn_cannot_see(
    text: str, position: int
) -> None:
    one, other = text[position : position + 2]
    swapped = text[:position] + other + one + text[position + 2 :]
    unseen = one == other or {one, other} == {"0", "9"}
    length_tells = swapped[-2] != text[-2] or swapped[0] == "0"
    assert ocr.is_valid(swapped) == (unseen and not length_tells)


@given(references, st.integers(0, 7))
def test_a_lost_or_doubled_digit_is_caught_by_the_length_digit(text: str, position: int) -> None:
    assert not ocr.is_valid(text[:position] + text[position + 1 :])
    assert not ocr.is_valid(text[:position] + text[position] + text[position:])


@given(references, st.integers(0, 15), st.sampled_from(["", " ", "\u00a0"]))
def test_zeros_and_spaces_added_by_a_bank_change_nothing(text: str, zeros: int, gap: str) -> None:
    padded = gap + "0" * zeros + text[:4] + gap + text[4:] + gap
    assert ocr.normalise(padded) == text
    assert ocr.is_valid(padded)


@pytest.mark.parametrize(
    "text",
    ["", "0", "26", "0000", "1000174", "1000-173", "OCR 1000173", "\u0661" * 7, "1000173 kr"],
)
def test_not_a_reference(text: str) -> None:
    assert not ocr.is_valid(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna medlemsavgift", []),
        ("OCR 1001000304 tack", ["1001000304"]),
        ("ocr:1001000304", ["1001000304"]),
        ("1001 0003 04", ["1001000304"]),
        ("10 01 00 03 04", ["1001000304"]),
        ("faktura 10003 ref 1001000304", ["1001000304"]),
        ("10003 1001000304", ["1001000304"]),
        ("1001000304 1000000107", ["1001000304", "1000000107"]),
        ("1001000304, 1001000304", ["1001000304"]),
        ("00000000000000001001000304", ["1001000304"]),
        ("1001000305", []),
        ("26 mars 2026", []),
        ("9" * 40, []),
    ],
)
def test_candidates_in_free_text(text: str, expected: list[str]) -> None:
    assert ocr.candidates(text) == expected


@given(st.text(), references, st.text())
def test_a_reference_is_found_in_any_text_without_digits(
    before: str, reference: str, after: str
) -> None:
    words = ["".join(c for c in text if not c.isnumeric()) for text in (before, after)]
    assert ocr.candidates(reference.join(words)) == [reference]


@given(st.text(alphabet="0123456789 x"))
def test_every_candidate_is_valid(text: str) -> None:
    found = ocr.candidates(text, length=6)
    assert all(ocr.is_valid(reference) and len(reference) == 6 for reference in found)


def test_references_of_another_agreed_length() -> None:
    assert ocr.candidates("1000173 1001000304", length=7) == ["1000173"]
