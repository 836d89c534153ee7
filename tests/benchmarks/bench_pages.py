"""CPU that a page takes from a real web server, beside a view that does nothing.

Every page of `tests/pages.py`, over the invented association, as production would answer.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import User
from tests import pages
from tests.benchmarks.conftest import MY_PAGES, OFFICE, PUBLIC
from tests.benchmarks.serving import Server, measure_page, serving
from tests.pages import Page, view

# A page that only says no, sends a form that is refused, or is the demo's.
LEFT_OUT = {"two-step-app", "two-step-key"}
TODAY = timezone.localdate()
ALSO = [
    Page("news, page 2", view("news:list", query="?page=2")),
    Page("month", lambda: reverse("events:month", args=[TODAY.year, TODAY.month])),
    Page("trust", view("privacy:trust")),
]
KEPT = ["start", "news", "article", "events", "page-about"]
MEMBERS, ONCE_EACH = 200, 1_000
pytestmark = pytest.mark.django_db


def good(which: list[Page]) -> list[Any]:
    return [
        pytest.param(page, id=page.name)
        for page in which
        if page.status == 200 and not page.press and not page.name.startswith("demo")
        if page.name not in LEFT_OUT
    ]


@pytest.mark.benchmark(group=PUBLIC)
def bench_floor_an_empty_view(association: Server, benchmark: Any) -> None:
    measure_page(association, benchmark, reverse("healthz"), times=ONCE_EACH)


@pytest.mark.benchmark(group=PUBLIC)
@pytest.mark.parametrize("seen", good([*pages.PUBLIC, *ALSO]))
def bench_page(association: Server, benchmark: Any, cookies: dict[str, str], seen: Page) -> None:
    measure_page(association, benchmark, seen.address(), cookies[seen.who])


@pytest.mark.benchmark(group=MY_PAGES)
@pytest.mark.parametrize("seen", good(pages.MEMBERS))
def bench_page_of_ones_own(
    association: Server, benchmark: Any, cookies: dict[str, str], seen: Page
) -> None:
    measure_page(association, benchmark, seen.address(), cookies[seen.who])


@pytest.mark.benchmark(group=OFFICE)
@pytest.mark.parametrize("seen", good(pages.STAFF))
def bench_page_of_the_office(
    association: Server, benchmark: Any, cookies: dict[str, str], seen: Page
) -> None:
    measure_page(association, benchmark, seen.address(), cookies[seen.who])


@pytest.mark.benchmark(group=PUBLIC)
@pytest.mark.parametrize("seen", [page for page in good(pages.PUBLIC) if page.id in KEPT])
def bench_page_when_kept(keeping: Server, benchmark: Any, seen: Page) -> None:
    """As nearly every visitor gets it: made by the first of ten seconds."""
    measure_page(keeping, benchmark, seen.address(), times=ONCE_EACH)


@pytest.fixture(scope="module")
def keeping(association: Server, tmp_path_factory: Any) -> Iterator[Server]:
    """Another server of the same association, with pages kept as in production."""
    with serving(tmp_path_factory.mktemp("keeping"), PAGES_KEPT_S="10") as server:
        yield server


@pytest.fixture(scope="module")
def cookies(association: Server) -> dict[str, str]:
    """Of everybody who looks."""
    return {who: sent(pages.browser_of(who)) for who in {page.who for page in pages.PAGES}}


# --- Who looks ----------------------------------------------------------------------------------


def cookie_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return sent(client)


def sent(client: Client) -> str:
    """What a browser would send. Staff gets the second step that production asks for."""
    number = client.session.get("_auth_user_id") if client.cookies else None
    for user in User.objects.filter(pk=number, is_staff=True):
        Authenticator.objects.get_or_create(user=user, type="totp", data={"secret": "x"})
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
