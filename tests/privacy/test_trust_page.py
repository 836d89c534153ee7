import datetime as dt
import json
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from privacy import stores
from privacy.models import RetentionRun
from privacy.retention import rules
from privacy.trust import last_drill
from tests.privacy.people import company

pytestmark = pytest.mark.django_db

NIGHT = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def drill(settings, tmp_path):
    settings.RESTORE_DRILL = str(tmp_path / "drill.json")
    return tmp_path / "drill.json"


def page(client: Client) -> str:
    return unescape(client.get(reverse("privacy:trust")).text)


def test_it_is_made_of_the_same_sources_that_the_system_obeys(client: Client):
    company(name="Värd AB")
    company(name="Forna AB", ended_on=NIGHT)
    RetentionRun.objects.create(
        night=NIGHT, rule="mail.Mail", found=41, removed=41, ran_at=timezone.now()
    )

    text = page(client)

    assert [c.name for c in stores.cookies() if c.name not in text] == []
    assert text.count("<tr>") == len(list(rules())) + 1 + 2
    assert ("Värd AB" in text, "Forna AB" in text) == (True, False)
    assert "41" in text
    assert client.cookies == {}


def test_the_last_drill_is_told_and_a_broken_file_harms_nobody(client: Client, drill):
    assert last_drill() is None
    for broken in ("", "[]", "{}", '{"at": "x"}', '{"at": "2026-11-01", "seconds": 1}'):
        drill.write_text(broken)
        assert last_drill() is None
    drill.write_text(
        json.dumps({"at": "2026-11-01T10:00:00+00:00", "seconds": 97, "is_whole": True})
    )

    assert "97" in page(client)


def test_the_number_of_queries_does_not_grow(client: Client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page(client)
