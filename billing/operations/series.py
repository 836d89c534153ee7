"""Setting up a number series: where it begins, and what stands before its numbers."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing import ocr
from billing.models import Invoice, Series


class SeriesRefused(Exception):
    """The series cannot be set so. The message is for the person at the screen."""


@transaction.atomic
def set_up_series(*, series: Series, prefix: str, first: int, by: Any) -> Series:
    """The prefix may change at any time; the first number only while none has been taken."""
    del by  # the admin's log keeps who
    locked = Series.locked(series.code)
    demand_possible(locked, prefix=prefix, first=first)
    if first != locked.first:
        locked.first = locked.next = first
    locked.prefix = prefix
    locked.save()
    return locked


def demand_possible(series: Series, *, prefix: str, first: int) -> None:
    """Raises SeriesRefused. Only on a locked series."""
    if series.first not in (first, series.next):
        raise SeriesRefused(
            _("Numbers have been taken already, so the series cannot begin elsewhere.")
        )
    if first > ocr.HIGHEST_NUMBER // 2:
        raise SeriesRefused(_("The number is too high for the OCR numbers that are made of it."))
    # Or else a number could be that of an invoice and of a credit note.
    others = Series.objects.exclude(pk=series.pk).filter(prefix=prefix)
    papers = Invoice.objects.exclude(kind=series.code)
    if others.exists() or papers.filter(number__regex=rf"^{prefix}[0-9]+$").exists():
        raise SeriesRefused(_("The other series has this prefix, or has had it."))
