"""The nightly look at the ledger."""

import logging
from datetime import date

from django.core.cache import cache

from billing import ledger

log = logging.getLogger(__name__)

# How many things were wrong last night, for the front page of staff. Proving it takes too long
# to be done each time that page is opened.
FINDINGS = "billing-ledger-findings"
TWO_DAYS = 2 * 24 * 3600


def check_ledger(*, today: date, dry_run: bool = False) -> list[str]:
    """What is wrong with the ledger, a line each; written to the log."""
    del today  # it is the whole ledger, whatever the day
    findings = list(ledger.findings())
    if not dry_run:
        cache.set(FINDINGS, len(findings), TWO_DAYS)
        for finding in findings:
            log.error("ledger: %s", finding)
    return findings


def wrong_last_night() -> int:
    return int(cache.get(FINDINGS, 0))
