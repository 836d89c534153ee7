"""Every address, for every role, by every method: read off the URLconf, nothing kept by hand.

What opens a page is declared once: by the decorator of a view of ours, by `OPEN` and `ACTS` for the
libraries' pages, by `members/roles.py` for the admin's lists and forms. A page that declares
nothing is red here or in tests/config/test_access.py.
"""

from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpResponseForbidden
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from config import today, urls
from tests.security.addresses import (
    ACTS,
    OPEN,
    SAMPLES,
    Address,
    acts,
    described,
    every,
    has_right,
    is_open,
    office,
    ours,
    undescribed,
)
from tests.security.association import (
    CANARY,
    LAPSED,
    MEMBER,
    OTHER,
    ROLES,
    STAFF,
    SUPERUSER,
    VISITOR,
    Association,
)

# Without the second mark nothing makes a database where one test is run alone.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# Posted to by machines, which hold no token of ours; they prove themselves otherwise.
WITHOUT_CSRF_TOKEN = {"stripe-webhook", "members:unsubscribe", "news:no-newsletter"}
FINE = {200, 302, 303, 304, 404, 405, 410}


def asks_to_log_in(response: Any) -> bool:
    return response.status_code == 302 and response["Location"].split("?")[0].endswith(
        (reverse("account_login"), reverse("admin:login"))
    )


def test_every_address_is_described():
    assert undescribed() == [], "name their parameters and rights in tests/security/addresses.py"


def test_nothing_is_described_that_does_not_exist():
    assert set(SAMPLES) <= {address.name for address in ours()}
    assert set(ACTS) <= {act.name for act in acts() if not act.who}
    assert OPEN - {"django_altcha:challenge"} <= {address.name for address in ours()}


def test_every_list_of_the_office_has_a_permission(readers_site: Association):
    """A model that no role may see is for superusers, on purpose or by mistake: here is which."""
    opened = {
        right
        for page in office(readers_site)
        for right in page.rights
        for role in STAFF
        if has_right(readers_site.people[role], right)
    }
    nobodys = {
        f"{model._meta.app_label}.{model._meta.model_name}"
        for model in admin.site._registry
        if f"{model._meta.app_label}.view_{model._meta.model_name}" not in opened
    }
    assert nobodys <= {"auth.group", "events.bookingterms"}


@pytest.mark.parametrize("role", ROLES)
def test_pages_outside_the_office(readers_site: Association, role: str):
    client = readers_site.client(role)
    wrong = []
    for address in described():
        response = client.get(address.path(readers_site))
        closed = not is_open(address) and role == VISITOR
        # The later steps of the log-in lead back to its first; they are OPEN and ask as well.
        if asks_to_log_in(response) != closed and address.name not in OPEN:
            wrong.append((address.name, response.status_code))
        is_refused = address.name == "account_signup" or is_closed_to(address, readers_site, role)
        if response.status_code not in (FINE | {403} if is_refused else FINE):
            wrong.append((address.name, response.status_code))
        # Logging out is a page with a button; nobody may have been logged out on the way.
        assert role == VISITOR or client.session.get("_auth_user_id"), address.name
    assert wrong == []


def is_closed_to(address: Address, site: Association, role: str) -> bool:
    """A page for staff outside the admin, and somebody without its rights."""
    person = site.people.get(role)
    return address.who == "staff" and not (person and has_right(person, *address.rights))


@pytest.fixture(scope="module")
def chiefs(readers_site: Association) -> dict[str, int]:
    """What a superuser is answered: some pages open to nobody, a payment cannot be deleted."""
    chief = readers_site.client(SUPERUSER)
    return {page.name: chief.get(page.path).status_code for page in office(readers_site)}


@pytest.fixture
def _refused_without_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that says no is always the same: a thousand of it are half of the time."""
    monkeypatch.setattr(urls, "handler403", lambda *_, **__: HttpResponseForbidden())


@pytest.mark.usefixtures("_refused_without_a_page")
@pytest.mark.parametrize("role", [role for role in ROLES if role != SUPERUSER])
def test_the_office(readers_site: Association, chiefs: dict[str, int], role: str):
    """A page opens to a role exactly if the role's table says so, and the page opens to anybody."""
    client, person = readers_site.client(role), readers_site.people.get(role)
    wrong = []
    for page in office(readers_site):
        response = client.get(page.path)
        if role in {VISITOR, MEMBER, OTHER, LAPSED}:
            is_right = response.status_code == 403 or asks_to_log_in(response)
        elif has_right(person, *page.rights):
            is_right = response.status_code == chiefs[page.name]
        else:
            is_right = is_refused(client, response)
        if not is_right:
            wrong.append((page.name, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", STAFF)
def test_what_waits_for_a_role_opens_to_it(readers_site: Association, role: str):
    client, person = readers_site.client(role), readers_site.people[role]
    day = timezone.localdate()
    led_to = [url for room in today.ROOMS for _title, _count, url in room(person, day)]
    opened = {url: client.get(url, follow=True).status_code for url in led_to}
    assert opened == dict.fromkeys(led_to, 200)


def is_refused(client: Any, response: Any) -> bool:
    """A list of one row leads to that row, which is refused then."""
    if response.status_code == 302:
        response = client.get(response["Location"])
    # The front page of a room in which there is nothing to see does not exist.
    return response.status_code in {403, 404}


def test_most_of_the_office_opens_to_a_superuser(chiefs: dict[str, int]):
    """The test above would pass on an office that answers nobody."""
    statuses = list(chiefs.values())
    assert statuses.count(200) > len(statuses) / 2
    assert set(statuses) <= {200, 302, 403, 404, 405}


@pytest.mark.parametrize("role", [OTHER, LAPSED, "editor"])
def test_nothing_of_another_member_is_shown(readers_site: Association, role: str):
    """A link of the member's own is a key; without one no page tells of somebody else."""
    client = readers_site.client(role)
    told = []
    for address in described():
        if address.who != "link":
            response = client.get(address.path(readers_site))
            body = b"".join(response.streaming_content) if response.streaming else response.content
            if CANARY.encode() in body or b"kanarie@" in body:
                told.append(address.name)
    assert told == []


def test_the_member_is_shown_what_is_theirs(readers_site: Association):
    """The test above would pass if nothing were shown to anybody."""
    client = readers_site.client(MEMBER)
    telling = [
        address.name
        for address in described()
        if address.who == "signed-in"
        and CANARY.encode() in client.get(address.path(readers_site)).content
    ]
    assert {"my-pages", "members:details", "members:card", "privacy:my-data"} <= set(telling)


@pytest.mark.parametrize(
    "name", [name for name in SAMPLES if "pk" in name or name in {"events:assign"}]
)
def test_what_belongs_to_another_is_not_found(readers_site: Association, name: str):
    (address,) = [one for one in ours() if one.name == name]
    for role in (OTHER, LAPSED, "editor"):
        assert readers_site.client(role).get(address.path(readers_site)).status_code in {404, 405}
        assert readers_site.client(role).post(address.path(readers_site)).status_code == 404


def test_a_token_that_was_guessed_or_changed_opens_nothing(readers_site: Association):
    client = readers_site.client(VISITOR)
    opened = []
    for address in described():
        if address.who != "link":
            continue
        sample = SAMPLES[address.name](readers_site)
        if "token" not in sample:
            continue  # a random number, which is not signed
        for token in ("x" * len(sample["token"]), sample["token"][:-1], sample["token"] + "x"):
            path = reverse(address.name, kwargs={**sample, "token": token})
            # A page that says that the link is not ours is as good as none.
            answers = (client.get(path), client.post(path))
            if any(answer.status_code not in {404, 405, 410} for answer in answers):
                opened.append((address.name, [answer.status_code for answer in answers]))
    assert opened == []


# --- Methods ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND"])
def test_other_methods_reach_no_view(readers_site: Association, method: str):
    client = readers_site.client(SUPERUSER)
    paths = [address.path(readers_site) for address in described()]
    paths += [page.path for page in office(readers_site)]
    assert {client.generic(method, path).status_code for path in paths} == {405}


def test_a_form_without_its_token_is_refused(readers_site: Association):
    """Whatever takes a POST takes it from our own pages only."""
    client = readers_site.client(SUPERUSER, enforce_csrf_checks=True)
    pages = [(one.name, one.path(readers_site)) for one in described()]
    pages += [(page.name, page.path) for page in office(readers_site)]
    # 405 is answered before any token is looked at, and changes nothing.
    taken = {name for name, path in pages if client.post(path).status_code not in {403, 405}}
    assert taken == WITHOUT_CSRF_TOKEN


def test_who_needs_no_token_is_known():
    exempt = {name for name, view, _ in every() if getattr(view, "csrf_exempt", False)}
    assert exempt == WITHOUT_CSRF_TOKEN
    assert csrf_exempt(lambda request: None).csrf_exempt
