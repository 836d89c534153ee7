import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from privacy.purposes import Basis, Keep, Purpose

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=STOCKHOLM)


UNTIL = [
    # A day counts to its end.
    (Keep(after="x", days=7), dt.date(2026, 3, 1), at(2026, 3, 9)),
    (Keep(after="x", months=6), dt.date(2026, 3, 31), at(2026, 10, 1)),
    # A moment counts from itself, by the clock on the wall also over the change to summer time.
    (Keep(after="x", days=7), at(2026, 3, 25, 12, 30), at(2026, 4, 1, 12, 30)),
    (Keep(after="x", months=1), at(2027, 1, 31, 8), at(2027, 2, 28, 8)),
    (Keep(after="x", months=1), at(2028, 1, 31, 8), at(2028, 2, 29, 8)),
    (Keep(after="x", months=24), at(2028, 2, 29), at(2030, 2, 28)),
    (Keep(after="x"), at(2026, 5, 1, 9), at(2026, 5, 1, 9)),
    # Bookkeeping: seven years after the end of the calendar year.
    (Keep(after="x", years=7, end_of_year=True), dt.date(2026, 1, 1), at(2034, 1, 1)),
    (Keep(after="x", years=7, end_of_year=True), dt.date(2026, 12, 31), at(2034, 1, 1)),
    (Keep(after="x", years=7, end_of_year=True), at(2026, 12, 31, 23, 59, 59), at(2034, 1, 1)),
    # Half past eleven in the evening in London is the next year in Stockholm.
    (
        Keep(after="x", years=7, end_of_year=True),
        dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC),
        at(2035, 1, 1),
    ),
]


@pytest.mark.parametrize(("keep", "start", "end"), UNTIL)
def test_until(keep, start, end):
    assert keep.until(start) == end


WORDS = [
    (Keep(after="you left", months=6), "6 months after you left"),
    (Keep(after="you left", years=1, days=1), "1 year, 1 day after you left"),
    (Keep(after="you leave"), "Until you leave"),
    (
        Keep(after="it was issued", years=7, end_of_year=True),
        "7 years after the end of the calendar year when it was issued",
    ),
]


@pytest.mark.parametrize(("keep", "words"), WORDS)
def test_in_words(keep, words):
    with translation.override("en"):
        assert str(keep) == words


@pytest.mark.parametrize("basis", [Basis.LEGAL_OBLIGATION, Basis.LEGITIMATE_INTEREST])
def test_a_law_or_an_interest_is_named(basis):
    with pytest.raises(ValueError, match="name the law or the interest"):
        Purpose("x", "X", "why", basis, Keep(after="x"), "needed")


@pytest.mark.parametrize("basis", [Basis.CONSENT, Basis.EXPLICIT_CONSENT])
def test_a_consent_says_how_it_is_taken_back(basis):
    with pytest.raises(ValueError, match="how consent is taken back"):
        Purpose("x", "X", "why", basis, Keep(after="x"), "needed")
