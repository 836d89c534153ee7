"""A second before midnight in Stockholm and a second after it: the day on paper, the year of
membership and the numbers, at New Year and on the nights on which the clocks change.
"""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from billing.models import Invoice
from mail.models import Mail
from members.models import Membership
from tests.factories import members
from tests.members.pages import join_data, join_url

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _patience(settings):
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


def join(email: str) -> None:
    """By the form, the mail and the button behind its link."""
    client = Client()
    assert client.post(join_url(), join_data(client, email=email)).status_code == 302
    letter = Mail.objects.get(to=email)
    (path,) = re.findall(r"https?://[^/\s]+(/\S*(?:bekrafta|confirm)\S+)", letter.text)
    assert client.post(path).status_code == 302


@pytest.mark.parametrize(
    ("moment", "starts_on", "ends_on"),
    [
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), date(2026, 12, 31), date(2027, 12, 30)),
        (datetime(2026, 12, 31, 23, 0, 1, tzinfo=UTC), date(2027, 1, 1), date(2027, 12, 31)),
        (datetime(2027, 3, 27, 22, 59, 59, tzinfo=UTC), date(2027, 3, 27), date(2028, 3, 26)),
        (datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC), date(2027, 3, 28), date(2028, 3, 27)),
        (datetime(2027, 3, 28, 22, 0, 1, tzinfo=UTC), date(2027, 3, 29), date(2028, 3, 28)),
        (datetime(2026, 10, 24, 22, 0, 1, tzinfo=UTC), date(2026, 10, 25), date(2027, 10, 24)),
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), date(2026, 10, 25), date(2027, 10, 24)),
        (datetime(2026, 10, 25, 23, 0, 1, tzinfo=UTC), date(2026, 10, 26), date(2027, 10, 25)),
        (datetime(2028, 2, 28, 23, 0, 1, tzinfo=UTC), date(2028, 2, 29), date(2029, 2, 27)),
    ],
)
def test_the_year_and_its_invoice_begin_on_the_day_of_stockholm(moment, starts_on, ends_on):
    members.first_rows()
    with time_machine.travel(moment, tick=False):
        join("asa@example.org")

    year, invoice = Membership.objects.get(), Invoice.objects.get()
    assert (year.starts_on, year.ends_on) == (starts_on, ends_on)
    assert (invoice.issued_on, year.invoice_id) == (starts_on, invoice.pk)


def test_the_numbers_go_on_over_new_year():
    """One series without a gap; the year is in the date."""
    members.first_rows()
    for number, moment in enumerate(
        [
            datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
            datetime(2026, 12, 31, 23, 0, 1, tzinfo=UTC),
        ]
    ):
        with time_machine.travel(moment, tick=False):
            join(f"asa{number}@example.org")

    issued = Invoice.objects.order_by("sequence").values_list("sequence", "issued_on")
    (first, first_on), (second, second_on) = issued
    assert second == first + 1
    assert (first_on, second_on) == (date(2026, 12, 31), date(2027, 1, 1))
