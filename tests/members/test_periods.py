from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.periods import DAY, Period, anniversary, following, next_period, year_number

ANY_DAY = st.dates(date(1970, 1, 1), date(2100, 12, 31))


def run_of(first: date, years: int) -> list[Period]:
    """As many years as that, each asked for in its turn."""
    periods = [year_number(first, 0)]
    while len(periods) < years:
        periods.append(following(periods))
    return periods


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2027, 12, 30)),
        (date(2026, 3, 15), date(2027, 3, 14)),
        (date(2026, 3, 29), date(2027, 3, 28)),  # the night without an hour
        (date(2026, 10, 25), date(2027, 10, 24)),  # the night with one too many
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 28), date(2029, 2, 27)),
        (date(2028, 2, 29), date(2029, 2, 27)),
        (date(2028, 3, 1), date(2029, 2, 28)),
        (date(2099, 3, 1), date(2100, 2, 28)),
        (date(2026, 1, 31), date(2027, 1, 30)),
        (date(2026, 2, 28), date(2027, 2, 27)),
    ],
)
def test_a_year_ends_on_the_eve_of_its_anniversary(first: date, last: date) -> None:
    assert year_number(first, 0) == Period(first, last)


def test_whoever_joined_on_29_february_is_back_there_each_leap_year() -> None:
    firsts = [period.first for period in run_of(date(2024, 2, 29), 9)]
    assert [day for day in firsts if day.day == 29] == [
        date(2024, 2, 29),
        date(2028, 2, 29),
        date(2032, 2, 29),
    ]
    assert {day.day for day in firsts} == {28, 29}


@given(first=ANY_DAY, years=st.integers(1, 50))
def test_years_follow_each_other_day_on_day(first: date, years: int) -> None:
    periods = run_of(first, years)
    assert [period.first - DAY for period in periods[1:]] == [p.last for p in periods[:-1]]
    assert all(p.last - p.first in {timedelta(364), timedelta(365)} for p in periods)


@given(first=ANY_DAY, years=st.integers(1, 50))
def test_every_year_is_counted_from_the_first(first: date, years: int) -> None:
    assert run_of(first, years)[-1] == year_number(first, years - 1)
    assert run_of(first, years)[-1].first == anniversary(first, years - 1)


@given(first=ANY_DAY, years=st.integers(1, 10), days=st.integers(-400, 400))
def test_a_year_asked_for_late_begins_anew_and_never_overlaps(
    first: date, years: int, days: int
) -> None:
    earlier = run_of(first, years)
    last = earlier[-1].last
    today = last + timedelta(days)
    got = next_period(earlier, today)
    assert got.first == (today if today > last + DAY else last + DAY)
    assert got.first > last


def test_the_day_after_the_last_is_no_gap() -> None:
    earlier = [Period(date(2025, 3, 2), date(2026, 3, 1))]
    assert next_period(earlier, date(2026, 3, 2)).first == date(2026, 3, 2)


def test_a_year_that_ended_early_gives_the_run_a_new_beginning() -> None:
    """A student changed to ordinary on 10 May: that is the anniversary from then on."""
    earlier = [
        Period(date(2025, 9, 1), date(2026, 5, 9)),
        Period(date(2026, 5, 10), date(2027, 5, 9)),
    ]
    assert following(earlier) == Period(date(2027, 5, 10), date(2028, 5, 9))


def test_periods_before_a_gap_do_not_count() -> None:
    earlier = [
        Period(date(2020, 2, 29), date(2021, 2, 27)),
        Period(date(2024, 6, 1), date(2025, 5, 31)),
    ]
    assert following(earlier) == Period(date(2025, 6, 1), date(2026, 5, 31))


def test_the_first_year_begins_today() -> None:
    assert next_period([], date(2026, 3, 2)) == Period(date(2026, 3, 2), date(2027, 3, 1))
