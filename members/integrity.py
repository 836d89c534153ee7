"""Proof that nobody is a member twice at once (`manage.py check_ledger`)."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import Coalesce, Lower

from members.models import Membership, User


def findings() -> Iterator[str]:
    for check in (_overlapping, _doubled_invoices, _doubled_addresses):
        yield from check()


LAST_DAY = Coalesce("ended_on", "ends_on")


def _overlapping() -> Iterator[str]:
    """A year that was ended on its eve counts no day and stands in nobody's way."""
    years = Membership.objects.annotate(last=LAST_DAY).filter(last__gte=F("starts_on"))
    others = years.filter(
        user=OuterRef("user"), starts_on__lte=OuterRef("last"), last__gte=OuterRef("last")
    ).exclude(pk=OuterRef("pk"))
    overlapping = years.filter(Exists(others)).order_by("pk")
    for number in overlapping.values_list("pk", flat=True):
        yield f"membership {number}: overlaps another one of the same person"


def _doubled_invoices() -> Iterator[str]:
    """One that colleagues share has a line for each."""
    doubled = (
        Membership.objects.filter(invoice__isnull=False, invoice_line=None)
        .values("invoice__number")
        .annotate(years=Count("pk"))
        .filter(years__gt=1)
    )
    for row in doubled.order_by("invoice__number"):
        yield f"invoice {row['invoice__number']}: pays {row['years']} years"


def _doubled_addresses() -> Iterator[str]:
    addresses = User.objects.exclude(email="").annotate(lower=Lower("email"))
    doubled = addresses.values("lower").annotate(people=Count("pk")).filter(people__gt=1)
    if doubled:
        yield f"{len(doubled)} addresses belong to several accounts"
