"""What people do rather than read: a whole visit with its forms, as a browser sends them.

Each by somebody else. What the browser does itself, such as its proof of work, costs the server
nothing; what stands before the visit (an open form, a log-in) is there when it begins.
"""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from billing.models import Invoice
from events.models import Booking, Event
from members.models import Application, User
from news.models import Subscriber
from privacy.operations import make_copy
from tests.benchmarks.bench_pages import cookie_of
from tests.benchmarks.conftest import VISITS
from tests.benchmarks.serving import WARM, Answer, Browser, Server, measure
from tests.events.test_cart_pages import PAYER
from tests.factories import events, members
from tests.members.pages import join_url
from tests.pages import MEMBER, person
from tests.privacy.checked_form import solution

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group=VISITS)]

MEMBERS, PEOPLE = 50, 40
HASHER = "argon2"  # as in production; the tests' own is quick

Visit = Callable[[Browser], Any]
Cookies = list[dict[str, str]]


@pytest.fixture(scope="module")
def crowd(association: Server) -> list[User]:
    """Members, with one password: its hash is slow on purpose."""
    year = {"starts_on": timezone.localdate() - timedelta(days=30)}
    for number in range(PEOPLE):
        members.membership(members.person(email=f"crowd{number}@example.org"), **year)
    crowd = User.objects.filter(email__startswith="crowd").order_by("pk")
    crowd.update(password=make_password(members.PASSWORD, hasher=HASHER))
    return list(crowd)


@pytest.fixture(scope="module")
def cookies(crowd: list[User]) -> Cookies:
    return [jar(user) for user in crowd]


def jar(user: User) -> dict[str, str]:
    name, _, value = cookie_of(user).partition("=")
    return {name: value}


@pytest.fixture(scope="module")
def conference(association: Server) -> Event:
    return soon(events.conference)


@pytest.fixture(scope="module")
def seminar(association: Server) -> Event:
    return soon(events.event)


def soon(make: Callable[..., Event]) -> Event:
    now = timezone.now()
    begins = {"starts_at": now + timedelta(days=30), "published_at": now - timedelta(days=1)}
    return make(capacity=10 * PEOPLE, **begins)


@pytest.fixture
def visited(association: Server, benchmark: Any) -> Callable[..., None]:
    def run(visit: Visit, browsers: list[Browser]) -> None:
        for browser in browsers[:WARM]:  # both workers have read the templates
            visit(browser)
        measure(association, benchmark, visit, browsers[WARM:])

    return run


def strangers(server: Server) -> list[Browser]:
    return [server.browser(number=number) for number in range(PEOPLE)]


def logged_in(server: Server, cookies: Cookies) -> list[Browser]:
    return [server.browser(cookie, number) for number, cookie in enumerate(cookies)]


def proven(page: Answer) -> dict[str, str]:
    """The page's checked form, with the number that the browser has found."""
    challenge = re.search(r'data-challenge="([^"]+)"', page.content.decode())
    assert challenge is not None
    return {**page.fields("human_ticket"), "altcha": solution(html.unescape(challenge[1]))}


def send(browser: Browser, path: str, fields: dict[str, str]) -> Answer:
    answer = browser.post(path, fields)
    assert answer.status == 302, (path, answer.status)
    return answer


# --- Becoming a member, logging in --------------------------------------------------------------


def bench_sign_up(association: Server, visited: Callable[..., None]) -> None:
    """The form of the ordinary membership, and sending it."""

    def join(browser: Browser) -> None:
        fields = proven(browser.get(join_url()))
        typed = {"name": "Åsa Öberg", "email": address(browser), "payer": "private"}
        send(browser, join_url(), {**fields, **typed})

    visited(join, strangers(association))
    assert Application.objects.filter(email__startswith="new").count() == PEOPLE


def bench_newsletter_asked_for(association: Server, visited: Callable[..., None]) -> None:
    path = reverse("news:newsletter")

    def ask(browser: Browser) -> None:
        typed = {"email": address(browser), "consent": "on"}
        send(browser, path, {**proven(browser.get(path)), **typed})

    visited(ask, strangers(association))
    assert Subscriber.objects.filter(email__startswith="new").count() == PEOPLE


def address(browser: Browser) -> str:
    return f"new{browser.number}@example.org"


def bench_log_in(association: Server, crowd: list[User], visited: Callable[..., None]) -> None:
    """Sending the form; nearly all of it is the hash of the password."""
    path, browsers = reverse("account_login"), strangers(association)
    forms = {browser: browser.get(path).fields("login") for browser in browsers}

    def log_in(browser: Browser) -> None:
        typed = {"login": crowd[browser.number].email, "password": members.PASSWORD}
        send(browser, path, {**forms[browser], **typed})

    visited(log_in, browsers)


# --- Booking ------------------------------------------------------------------------------------


def bench_check_out_of_a_guest(
    association: Server, conference: Event, visited: Callable[..., None]
) -> None:
    """A seat into the cart, the page of the check-out, and sending it: an invoice."""
    browsers = strangers(association)
    buttons = {browser: opened(browser, conference) for browser in browsers}
    visited(lambda browser: check_out(browser, buttons[browser], proven), browsers)
    assert booked(conference).filter(user=None).count() == PEOPLE


def bench_check_out_of_a_member(
    association: Server, cookies: Cookies, conference: Event, visited: Callable[..., None]
) -> None:
    browsers = logged_in(association, cookies)
    buttons = {browser: opened(browser, conference) for browser in browsers}
    visited(
        lambda browser: check_out(browser, buttons[browser], lambda page: page.fields("seen")),
        browsers,
    )
    assert booked(conference).exclude(user=None).count() == PEOPLE


def bench_free_seat_by_one_click(
    association: Server, cookies: Cookies, seminar: Event, visited: Callable[..., None]
) -> None:
    browsers = logged_in(association, cookies)
    path = reverse("events:book", args=[seminar.slug, "on_site"])
    page = reverse("events:event", args=[seminar.slug])
    tokens = {browser: browser.get(page).token() for browser in browsers}
    visited(lambda browser: send(browser, path, tokens[browser]), browsers)
    assert booked(seminar).count() == PEOPLE


def opened(browser: Browser, event: Event) -> tuple[str, dict[str, str]]:
    """The button that puts a seat into the cart."""
    page = browser.get(reverse("events:event", args=[event.slug]))
    return reverse("events:hold", args=[event.slug, "on_site"]), page.fields("cart")


def check_out(
    browser: Browser,
    button: tuple[str, dict[str, str]],
    filled: Callable[[Answer], dict[str, str]],
) -> None:
    send(browser, *button)
    path = reverse("events:checkout")
    fields = filled(browser.get(path))
    who = {name: "Gäst Gustavsson" for name in fields if name.startswith("name_")}
    where = {name: address(browser) for name in fields if name.startswith("email_")}
    payer = {**PAYER, "invoice_email": address(browser)}
    send(browser, path, {**fields, **who, **where, **payer})


def booked(event: Event) -> Any:
    return Booking.objects.filter(event=event, state="confirmed")


# --- Papers and one's own data ------------------------------------------------------------------


def bench_invoice_as_pdf_downloaded(association: Server, visited: Callable[..., None]) -> None:
    """Another invoice each time, made anew each time."""
    browsers = strangers(association)
    invoices = Invoice.objects.order_by("pk")[:PEOPLE]
    paths = [reverse("billing:invoice-pdf", args=[invoice.link_token]) for invoice in invoices]

    def fetch(browser: Browser) -> None:
        assert browser.get(paths[browser.number]).content.startswith(b"%PDF")

    visited(fetch, browsers)


@pytest.fixture(scope="module")
def owner(association: Server) -> tuple[list[str], Cookies]:
    """Links to copies, each good for one time, and the log-in of whose data it is."""
    user = person(MEMBER)
    made = [make_copy(by=user, now=timezone.now(), person=user) for _ in range(PEOPLE)]
    return [reverse("privacy:copy", args=[token]) for _copy, token in made], [jar(user)] * PEOPLE


def bench_own_data_fetched(
    association: Server, owner: tuple[list[str], Cookies], visited: Callable[..., None]
) -> None:
    """The page of the link, and everything stored of a member as an archive."""
    paths, cookies = owner

    def fetch(browser: Browser) -> None:
        path = paths[browser.number]
        answer = browser.post(path, browser.get(path).token())
        assert answer.content.startswith(b"PK")

    visited(fetch, logged_in(association, cookies))
