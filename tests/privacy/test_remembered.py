"""Standing facts are read once in some seconds, and a footer is nobody else's."""

import itertools

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import translation
from lxml import html

from members.models import Fee
from privacy import remembered
from privacy.remembered import Remembered
from tests.factories import events, members

DAYS = itertools.count(1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A day of its own for each test, so that what another one read is old."""
    now = [next(DAYS) * 24 * 3600.0]
    monkeypatch.setattr(remembered.time, "monotonic", lambda: now[0])
    return now


def test_it_is_read_again_when_it_is_old(settings, clock: list[float]) -> None:
    settings.REMEMBERED_S = 10
    fact = Remembered(itertools.count(1).__next__)
    told = []
    for seconds in (0, 9.9, 0.1, 5):
        clock[0] += seconds
        told.append(fact())
    assert told == [1, 1, 2, 2]


def test_zero_seconds_is_never(settings, clock: list[float]) -> None:
    settings.REMEMBERED_S = 0
    fact = Remembered(itertools.count(1).__next__)
    assert (fact(), fact()) == (1, 2)


def test_what_was_read_at_a_later_time_is_not_believed(settings, clock: list[float]) -> None:
    settings.REMEMBERED_S = 10
    fact = Remembered(itertools.count(1).__next__)
    assert fact() == 1
    clock[0] -= 1
    assert fact() == 2


def test_each_thing_asked_for_has_an_answer_of_its_own(settings, clock: list[float]) -> None:
    settings.REMEMBERED_S = 10
    times = itertools.count(1)
    greeting = Remembered(lambda language, *, name="": f"{language} {name} {next(times)}")
    asked = [greeting("sv"), greeting("en"), greeting("sv", name="Bo"), greeting("sv")]
    assert asked == ["sv  1", "en  2", "sv Bo 3", "sv  1"]


def test_nothing_is_something_to_remember(settings, clock: list[float]) -> None:
    settings.REMEMBERED_S = 10
    answers = iter([None, "later"])
    fact = Remembered(lambda: next(answers))
    assert (fact(), fact()) == (None, None)


# --- On the pages -------------------------------------------------------------------------------


@pytest.fixture
def _remembering(db: None, settings, clock: list[float]):
    events.first_rows()
    settings.REMEMBERED_S = 60
    yield
    caches["template_fragments"].clear()


def footer(client: Client, language: str) -> str:
    with translation.override(language):
        page = client.get(reverse("events:list"))
    (found,) = html.fromstring(page.content.decode()).cssselect("footer")
    return found.text_content()


def test_each_has_the_footer_of_their_own_language(_remembering: None) -> None:
    member = Client()
    member.force_login(members.person())
    told = {
        (who, language): footer(client, language)
        for _again in range(2)
        for who, client in (("visitor", Client()), ("member", member))
        for language in ("sv", "en")
    }
    assert {key: "Logga in" in words for key, words in told.items()} == {
        ("visitor", "sv"): True,
        ("visitor", "en"): False,
        ("member", "sv"): False,
        ("member", "en"): False,
    }
    assert {key: "My pages" in words for key, words in told.items()} == {
        ("visitor", "sv"): False,
        ("visitor", "en"): False,
        ("member", "sv"): False,
        ("member", "en"): True,
    }


def test_a_new_fee_is_told_at_once_where_it_is_charged(_remembering: None, client: Client) -> None:
    """The start page may say the old one for some seconds; the form to join never does."""
    join = f"{reverse('members:join')}?kind=ordinary"
    assert "1\xa0645\xa0kr" in client.get(reverse("start")).content.decode()
    Fee.objects.filter(kind__code="ordinary").update(amount=1700)
    assert "1\xa0645\xa0kr" in client.get(reverse("start")).content.decode()
    assert "1\xa0700\xa0kr" in client.get(join).content.decode()
