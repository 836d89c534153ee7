"""Proof that nothing is kept longer than was promised (`manage.py check_ledger`)."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from privacy.operations.clearing import without_holds
from privacy.retention import rules

# Rows go in the night after their time is over; a second night may have been missed.
CLEARED_WITHIN = dt.timedelta(hours=48)


def findings(now: dt.datetime | None = None) -> Iterator[str]:
    """One line for each rule with rows that outlived it; rows on legal hold are kept rightly."""
    then = (now or timezone.now()) - CLEARED_WITHIN
    for rule in rules():
        if late := without_holds(rule, rule.overdue(then)):
            yield f"{rule.key}: {len(late)} rows should have been cleared"
