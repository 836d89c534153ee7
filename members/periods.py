"""When a year of membership begins and ends. Whole days in Sweden, first and last included.

Every year is counted from the day the unbroken run began, never from the year before: whoever
joined on 29 February is back on 29 February each leap year.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


def anniversary(anchor: date, years: int) -> date:
    """The same day so many years on; 28 February where there is no 29th."""
    year = anchor.year + years
    if (anchor.month, anchor.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28)
    return anchor.replace(year=year)


def year_number(anchor: date, number: int) -> Period:
    """The year with that number (0 is the first) of a run that began on `anchor`."""
    return Period(anniversary(anchor, number), anniversary(anchor, number + 1) - DAY)


def following(earlier: Sequence[Period]) -> Period:
    """The year after the last of the periods, whichever day it is asked for and paid."""
    run = unbroken(earlier)
    first = run[-1].last + DAY
    for position, period in enumerate(run):
        years = len(run) - position
        if anniversary(period.first, years) == first:
            return year_number(period.first, years)
    return year_number(first, 0)


def next_period(earlier: Sequence[Period], today: date) -> Period:
    """The year that somebody gets who asks for one today: on from the last, or anew after a gap."""
    if not earlier or max(period.last for period in earlier) < today - DAY:
        return year_number(today, 0)
    return following(earlier)


def unbroken(periods: Sequence[Period]) -> list[Period]:
    """The last periods that follow each other day on day, oldest first."""
    newest_first = sorted(periods, reverse=True)
    run = newest_first[:1]
    for period in newest_first[1:]:
        if period.last + DAY != run[-1].first:
            break
        run.append(period)
    return run[::-1]
