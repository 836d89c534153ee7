"""No list of the office asks the database more because it has grown; read off the admin's registry.

A list that is new is in here by being registered. It needs a row in `tests.security.association`.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import BulkAct, BulkRow, Seller, StripeCheckout
from events.models import Document, Session, Speaker
from members.models import FeeExemption, FreeYear, RenewalTerms
from news.models import Newsletter, Source
from privacy.models import Processor
from tests.copying import copies
from tests.factories import billing, privacy
from tests.security.association import SUPERUSER, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Their list leads to their only row.
OF_ONE_ROW = {Seller, RenewalTerms}
LISTED = [model for model in admin.site._registry if model not in OF_ONE_ROW]
# No list costs more; one without people in it costs six.
MOST = 14
ODD_DAYS = (
    "__year=99999999999999999999",
    "__year=0",
    "__gte=0001-01-01 00:00:00%2B02:00",
    "__gte=nonsense",
)
# What no page shows, and the invoices of an action, in which none is twice.
NOT_SHOWN = {"survey_answers", "logentry", "usersession", "emailaddress", "authenticator", "rows"}
# What a copy must be to hang there.
CHANGED: dict[str, dict[str, Any]] = {
    "members.User bookings": {"state": "lapsed", "seat": None, "attended_at": None},
    "billing.Invoice credit_notes": {
        "kind": "credit",
        "ocr": None,
        "due_on": None,
        **dict.fromkeys(["net", "vat", "rounding", "total"], 0),
    },
}


def test_a_day_that_no_calendar_has_leads_to_the_whole_list(db: None) -> None:
    client, answers = office(), {}
    for model in LISTED:
        days = [f for f in model._meta.concrete_fields if isinstance(f, models.DateField)]
        page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for odd in (f"{day.name}{end}" for day in days for end in ODD_DAYS):
            answers[f"{page}?{odd}"] = client.get(f"{page}?{odd}").status_code
    assert len(answers) > 100
    assert 302 in answers.values()
    assert {page: status for page, status in answers.items() if status not in {200, 302}} == {}


def office() -> Client:
    """A row at least of everything that is listed, and a superuser to look at it."""
    site, now, today = build(), timezone.now(), timezone.localdate()
    later = now + timedelta(hours=1)
    Newsletter.objects.update(sent_at=now, written_at=now)  # a draft would count no letters
    FeeExemption.objects.create(user=site.member, reason="Styrelsen", starts_on=today)
    FreeYear.objects.create(fingerprint="x", given_on=today)
    act = BulkAct.objects.create(name="remind", on=today, asked_by=site.people[SUPERUSER])
    BulkRow.objects.create(act=act, invoice=site.invoice)
    StripeCheckout.objects.create(invoice=site.invoice, attempt=1, amount=1, expires_at=now)
    Speaker.objects.create(event=site.event, name="Eva Ek")
    Session.objects.create(event=site.event, title_sv="Nyheter", starts_at=now, ends_at=later)
    Document.objects.create(event=site.event, title_sv="Bilder", url="https://bilder.example")
    Source.objects.create(article=site.article, label_sv="IMY")
    billing.payout(movements=[("charge", "ch_1", "100", "3")])
    Processor.objects.create(name="Brevbäraren", country="SE", contract_on=today)
    privacy.protection(site.member)
    client = site.client(SUPERUSER)
    client.get(reverse("admin:members_user_changelist"))  # looked at, which is listed too
    return client


def test_a_list_asks_the_same_of_one_row_of_ten_and_of_two_hundred() -> None:
    client = office()
    asked = {}
    for model in LISTED:
        row = model._base_manager.order_by("pk").last()
        assert row, f"there is no {model._meta.label} to be listed"
        asked[model._meta.label] = [counted(client, list_of(model)) for _ in grown(row, 10, 200)]
    assert {label: counts for label, counts in asked.items() if len(set(counts)) > 1} == {}
    assert max(counts[0] for counts in asked.values()) <= MOST


def test_the_page_of_a_row_asks_the_same_however_much_hangs_on_it() -> None:
    client = office()
    asked = {link: hung(client, link) for link in hanging()}
    assert {str(link): counts for link, counts in asked.items() if counts[1] != counts[2]} == {}


def hung(client: Client, link: Any) -> list[int]:
    """What the page of the first row asks with one, ten and fifty more of them; taken off again."""
    row = link.model._base_manager.order_by("pk").first()
    one = link.related_model._base_manager.order_by("pk").first()
    assert one, f"there is no {link.related_model._meta.label} to be shown"
    changes = CHANGED.get(f"{link.model._meta.label} {link.name}", {})
    with transaction.atomic():
        rows = grown(one, 9, 40, **{link.field.name: row, **changes})
        counts = [counted(client, page_of(row)) for _ in rows]
        transaction.set_rollback(True)
    return counts


def hanging() -> Iterator[Any]:
    for model in LISTED:
        links = model._meta.related_objects
        yield from (link for link in links if link.one_to_many and link.name not in NOT_SHOWN)


def grown(row: Any, *by: int, **changes: Any) -> Iterator[None]:
    """As it is, and after each so many copies more."""
    yield
    start = 1
    for number in by:
        copies(row, number, start=start, **changes)
        start += number
        yield


def list_of(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row: Any) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
