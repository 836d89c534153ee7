import datetime as dt
import itertools
import re
from html import unescape

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from privacy import stores
from privacy.controller import Controller
from privacy.register import register
from tests.factories import mail, members
from tests.privacy.people import NOW, browser_of, company, look_at, person

pytestmark = pytest.mark.django_db


def address(name: str, language: str) -> str:
    with translation.override(language):
        return reverse(name)


def ids(page: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', page)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_notice_has_an_anchor_for_each_purpose(client: Client, language):
    company()

    page = client.get(address("privacy:notice", language)).text

    keys = [purpose.key for purpose in register.purposes()]
    assert [key for key in ids(page) if key in keys] == keys
    assert len(ids(page)) == len(set(ids(page)))
    with translation.override(language):
        titles = [str(purpose.title) for purpose in register.purposes()]
    assert [title for title in titles if title not in unescape(page)] == []


def test_the_notice_names_controller_authority_and_company(client: Client, settings):
    settings.PRIVACY_CONTROLLER = "tests.privacy.test_views.association"
    company(name="Värd AB")

    page = unescape(client.get(address("privacy:notice", "en")).text)

    for said in (
        "Föreningen",
        "802000-0000",
        "kontakt@example.org",
        "IMY",
        "imy@imy.se",
        "Värd AB",
    ):
        assert said in page


def association() -> Controller:
    return Controller("Föreningen", "kontakt@example.org", "802000-0000", "Gatan 1, 111 22 Stad")


def test_the_number_of_queries_of_the_notice(client: Client, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get(address("privacy:notice", "sv"))


def test_the_cookie_page_is_the_declared_list(client: Client):
    page = client.get(address("privacy:cookies", "sv")).text

    assert re.findall(r"<code>([^<]+)</code>", page) == [c.name for c in stores.cookies()]
    assert client.cookies == {}


def flags(morsel) -> str:
    """As the cookie page writes them."""
    words = [
        "Secure" if morsel["secure"] else "",
        "HttpOnly" if morsel["httponly"] else "",
        f"SameSite={morsel['samesite']}",
    ]
    return ", ".join(word for word in words if word)


def test_the_cookies_of_a_log_in_are_those_declared_and_go_with_the_browser(client: Client):
    anna = members.person()
    client.get(reverse("account_login"))

    client.post(reverse("account_login"), {"login": anna.email, "password": members.PASSWORD})

    declared = {cookie.name: cookie.flags for cookie in stores.cookies()}
    set_now = {name: flags(morsel) for name, morsel in client.cookies.items() if morsel.value}
    assert set_now.keys() == {"sessionid", "csrftoken"}
    assert set_now == {name: declared[name] for name in set_now}
    assert {morsel["max-age"] for morsel in client.cookies.values() if morsel.value} == {""}


def test_my_data_wants_an_account(client: Client):
    answer = client.get(address("privacy:my-data", "sv"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def my_data(client: Client, user) -> str:
    client.force_login(user)
    return unescape(client.get(address("privacy:my-data", "en")).text)


def test_my_data_shows_mine_and_nobody_elses(client: Client):
    anna, bo = person(phone="070-111"), person("bo@example.org", name="Bo Alm", phone="070-222")
    browser_of(anna, key="annas")
    browser_of(bo, key="bos")
    look_at(anna, purpose="Annas invoice")
    look_at(bo, purpose="Bos invoice")

    page = my_data(client, anna)

    for mine in ("anna@example.org", "Browser annas", "Annas invoice"):
        assert mine in page
    for others in ("bo@example.org", "Bo Alm", "070-222", "Browser bos", "Bos invoice"):
        assert others not in page


def test_my_data_tells_until_when_and_the_rule_where_it_has_not_begun(client: Client):
    # The membership of staff does not run out by itself.
    anna = person(is_staff=True)
    browser_of(anna, key="annas")

    page = my_data(client, anna)

    # Last used on 23 November, kept for 14 days.
    assert re.search(r'<time datetime="2026-12-07[^"]*">7 December 2026</time>', page)
    assert "Until your account is closed" in page


def test_a_secret_is_named_with_the_reason_and_not_shown(client: Client):
    anna = person()
    UserSession.objects.create(user=anna, session_key="secretsessionkey", ip="192.0.2.7")

    page = my_data(client, anna)

    assert "secretsessionkey" not in page
    assert "A secret of the log-in: a copy of it would weaken your account." in page


def test_many_looks_are_one_table_with_the_newest_first(client: Client):
    anna = person()
    for day in range(1, 6):
        look_at(anna, at=NOW - dt.timedelta(days=10 - day), purpose=f"Reason {day}")
    client.force_login(anna)

    text = unescape(client.get(reverse("privacy:my-data")).text)

    places = [text.index(f"<td>Reason {day}</td>") for day in (5, 4, 3, 2, 1)]
    assert places == sorted(places)


def test_the_name_of_whoever_looked_is_not_shown(client: Client):
    anna, staff = person(), person("kassor@example.org", name="Karin Kassör")
    look_at(anna, actor=staff, role="Treasurer")

    page = my_data(client, anna)

    assert "Treasurer" in page
    assert "Karin" not in page


def test_the_number_of_queries_of_my_data_is_the_same_for_many_rows(client: Client):
    anna = person()
    client.force_login(anna)
    year = itertools.count(2015)
    counts = []
    for more in (1, 2, 7):
        for number in itertools.islice(year, more):
            a_year_of(anna, number)
        with CaptureQueriesContext(connection) as queries:
            client.get(address("privacy:my-data", "sv"))
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


def a_year_of(user, year: int) -> None:
    members.membership(user, starts_on=dt.date(year, 3, 2))
    members.in_review(user, state="approved", decided_at=members.noon(dt.date(year, 3, 1)))
    members.consent(user, at=members.noon(dt.date(year, 3, 1)))
    mail.create_mail(key=f"test:{year}", person=user)
    browser_of(user, key=f"browser:{year}")
    look_at(user)
