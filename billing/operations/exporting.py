"""Handing vouchers over to the books, each once, in files that can be fetched again."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import fiscal, journal, sie
from billing.journal import Voucher
from billing.models import Seller, SieBatch, SieVoucher


class ExportRefused(Exception):
    """This cannot be exported so. The message is for the person at the screen."""


def pending(*, since: date, until: date) -> list[Voucher]:
    """What an export of these days would hold: all that no earlier one held."""
    _demand_one_year(Seller.objects.get(), since, until)
    exported = set(
        SieVoucher.objects.filter(booked_on__range=(since, until)).values_list("key", flat=True)
    )
    return [voucher for voucher in journal.vouchers(since, until) if voucher.key not in exported]


def left_behind(*, since: date) -> list[Voucher]:
    """Of earlier days of the financial year: entered late, after their days were exported."""
    first, _last = fiscal.year_of(since, Seller.objects.get().fiscal_year_start_month)
    return pending(since=first, until=since - timedelta(days=1)) if first < since else []


def _demand_one_year(seller: Seller, since: date, until: date) -> None:
    if since > until:
        raise ExportRefused(_("The period ends before it begins."))
    first, last = fiscal.year_of(since, seller.fiscal_year_start_month)
    if until > last:
        raise ExportRefused(
            _("A file holds one financial year: %(first)s to %(last)s.")
            % {"first": first, "last": last}
        )


@transaction.atomic
def export_sie(
    *, since: date, until: date, by: Any = None, now: datetime | None = None
) -> SieBatch:
    """Write what has not been exported of these days to a file that is kept, byte for byte.

    Two at once take turns, so no voucher is in two files. Raises ExportRefused when there is
    nothing new.
    """
    seller = Seller.objects.select_for_update().get()
    vouchers = pending(since=since, until=until)
    if not vouchers:
        raise ExportRefused(_("Everything of these days has been exported already."))
    company = sie.Company(
        seller.name,
        seller.organisation_number,
        fiscal.year_of(since, seller.fiscal_year_start_month),
    )
    now = now or timezone.now()
    content = sie.write(
        company, journal.account_names(), vouchers, written_on=timezone.localdate(now)
    )
    batch = SieBatch.objects.create(
        since=since,
        until=until,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=now,
        created_by=by,
    )
    SieVoucher.objects.bulk_create(
        SieVoucher(
            batch=batch,
            key=voucher.key,
            booked_on=voucher.booked_on,
            text=sie.plain(voucher.text),
            amount=voucher.amount,
        )
        for voucher in vouchers
    )
    return batch
