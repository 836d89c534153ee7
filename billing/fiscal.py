"""The association's financial years, which need not follow the calendar."""

from datetime import date, timedelta


def year_of(day: date, first_month: int) -> tuple[date, date]:
    """First and last day of the financial year that holds `day`."""
    year = day.year if day.month >= first_month else day.year - 1
    return date(year, first_month, 1), date(year + 1, first_month, 1) - timedelta(days=1)
