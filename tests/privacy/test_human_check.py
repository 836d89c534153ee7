"""Each way through the human check, and each way that does not lead through."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import translation

from privacy import human_check, rate_limits
from privacy.human_check import LONGEST_S, Proof
from tests.privacy.checked_form import ContactForm, answers, solution, ticket

pytestmark = pytest.mark.django_db

TRAP = "A field that must stay empty was filled in. Please send the form again."
OLD = "The form was open for too long. All you wrote is still here: send it again."
FAST = "That was very fast. Please wait a few seconds and send the form again."
USED = "This form was sent already. If you want to send it once more, send it again."
RAN_OUT = "The check that you are no machine ran out. Please send the form again."
REPLAY = "The check that you are no machine was used before. Please send again."
MANY = "Too many forms were sent from here. Please try again in 10 minutes."
MANY_MAILS = "Too many forms were sent from here. Please try again in 60 minutes."


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def sent(*, ip: str = "192.0.2.1", **changes) -> ContactForm:
    request = RequestFactory().post("/form/", REMOTE_ADDR=ip)
    return ContactForm(answers(**changes), request=request, action="contact")


def refusals(form: ContactForm) -> list[str]:
    form.is_valid()
    return list(form.non_field_errors())


# --- Ways through ----------------------------------------------------------------------------


def test_our_own_check():
    form = sent(altcha=solution())

    assert form.is_valid()
    assert form.human.proof is Proof.OWN


def test_without_script_by_patience():
    form = sent()

    assert form.is_valid()
    assert form.human.proof is Proof.NONE


def test_an_unsent_form_is_not_judged():
    request = RequestFactory().get("/form/")

    form = ContactForm(request=request, action="contact")

    assert form.errors == {}
    assert 'name="human_ticket"' in str(form.human)


# --- Ways that do not lead through -----------------------------------------------------------


def test_a_filled_trap():
    assert refusals(sent(altcha=solution(), homepage="https://spam.example")) == [TRAP]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        ticket(action="join"),
        ticket(age_s=LONGEST_S + 60),
        ticket()[:-1] + "x",
        signing.dumps({"action": "contact"}, salt="privacy.human_check"),
        signing.dumps({"action": "contact"}, salt="another form"),
    ],
    ids=["empty", "nonsense", "other form", "too old", "changed", "no time", "other salt"],
)
def test_a_ticket_that_is_not_ours_or_too_old(text):
    assert refusals(sent(altcha=solution(), human_ticket=text)) == [OLD]


def test_too_fast_with_a_proof():
    assert refusals(sent(altcha=solution(), human_ticket=ticket(age_s=2.9))) == [FAST]
    assert refusals(sent(altcha=solution(), human_ticket=ticket(age_s=3.1))) == []


def test_without_a_proof_it_takes_longer():
    assert refusals(sent(human_ticket=ticket(age_s=9.9))) == [FAST]
    assert refusals(sent(human_ticket=ticket(age_s=10.1))) == []


def test_a_made_up_solution():
    wrong = json.dumps({"algorithm": "SHA-256", "challenge": "0" * 64, "number": 1})

    for text in ("x", wrong, "e30=", "W10="):
        [refusal] = refusals(sent(altcha=text))
        assert refusal.startswith("The check that you are no machine")


def test_a_solution_that_ran_out(time_machine):
    time_machine.move_to("2026-11-23 12:00 +00:00", tick=False)
    solved = solution()
    time_machine.shift(LONGEST_S + 1)

    assert refusals(sent(altcha=solved)) == [RAN_OUT]


def test_a_solution_is_good_once():
    solved = solution()

    assert refusals(sent(altcha=solved)) == []
    assert refusals(sent(altcha=solved)) == [REPLAY]


def test_of_simultaneous_copies_of_a_solution_one_is_let_through():
    solved = solution()

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda _: sent(altcha=solved).is_valid(), range(8)))

    assert sorted(passed) == [False] * 7 + [True]


def test_a_ticket_is_good_once():
    same = ticket()

    assert refusals(sent(altcha=solution(), human_ticket=same)) == []
    assert refusals(sent(altcha=solution(), human_ticket=same)) == [USED]


def test_after_that_the_form_shown_can_be_sent_without_waiting():
    same = ticket()
    sent(human_ticket=same).is_valid()
    again = sent(human_ticket=same)
    again.is_valid()

    assert refusals(sent(human_ticket=str(again.human.ticket))) == []


# --- Nothing is lost -------------------------------------------------------------------------


def test_with_another_fault_the_proof_is_remembered():
    first = sent(altcha=solution(), email="not an address")
    assert not first.is_valid()
    assert first.non_field_errors() == []

    second = sent(human_ticket=str(first.human.ticket))

    assert second.is_valid()
    assert second.human.proof is Proof.OWN


def test_what_was_typed_and_the_ticket_stay(client, settings):
    settings.ROOT_URLCONF = "tests.privacy.checked_form"
    young = ticket(age_s=1)

    page = client.post(
        "/form/", answers(text="Long text", human_ticket=young), headers={"accept-language": "en"}
    ).text

    assert 'value="Long text"' in page
    assert FAST in unescape(page)
    # The clock goes on from when the form was first shown.
    assert signing.loads(hidden(page, "human_ticket"), salt="privacy.human_check") == (
        signing.loads(young, salt="privacy.human_check")
    )


def hidden(page: str, name: str) -> str:
    [value] = re.findall(f'name="{name}" value="([^"]*)"', page)
    return unescape(value)


def test_a_whole_visit(client: Client, settings, time_machine):
    settings.ROOT_URLCONF = "tests.privacy.checked_form"
    time_machine.move_to("2026-11-23 12:00 +00:00", tick=False)
    page = client.get("/form/").text
    [challenge] = re.findall('data-challenge="([^"]*)"', page)
    time_machine.shift(5)

    answer = client.post(
        "/form/",
        answers(human_ticket=hidden(page, "human_ticket"), altcha=solution(unescape(challenge))),
    )

    assert answer.text == "let through: own"


def test_without_keys_nothing_of_google_is_offered_or_allowed(client, settings):
    settings.ROOT_URLCONF = "tests.privacy.checked_form"

    answer = client.get("/form/")

    assert "oogle" not in answer.text
    assert "recaptcha" not in answer.headers["Content-Security-Policy"]


# --- Limits ----------------------------------------------------------------------------------


@pytest.fixture
def narrow(monkeypatch):
    """Limits that a test reaches."""

    def make(name: str, most: int) -> None:
        limit = getattr(human_check, name)
        monkeypatch.setattr(human_check, name, rate_limits.Limit(limit.name, most, limit.seconds))

    return make


def proven(**changes) -> list[str]:
    """What is said to somebody whose ticket remembers a proof."""
    return refusals(sent(human_ticket=ticket(proof="own"), **changes))


def patient(**changes) -> list[str]:
    return refusals(sent(human_ticket=ticket(), **changes))


@pytest.mark.parametrize("name", ["FROM_ADDRESS", "FROM_PREFIX"])
def test_limit_by_network(narrow, name):
    narrow(name, 2)

    assert [proven(email=f"{n}@example.org") for n in range(3)] == [[], [], [MANY]]


def test_neighbours_share_the_wider_limit_only(narrow):
    narrow("FROM_ADDRESS", 1)
    narrow("FROM_PREFIX", 2)

    assert proven(ip="192.0.2.1") == []
    assert proven(ip="192.0.2.2") == []
    assert proven(ip="192.0.2.3") == [MANY]
    assert proven(ip="198.51.100.1") == []


def test_a_household_has_one_network_of_ipv6(narrow):
    narrow("FROM_ADDRESS", 1)

    assert proven(ip="2001:db8:1:1::1") == []
    assert proven(ip="2001:db8:1:1::2") == [MANY]
    assert proven(ip="2001:db8:1:2::1") == []


def test_the_stricter_limit_is_for_those_without_a_proof(narrow):
    narrow("UNPROVEN_FROM_ADDRESS", 1)

    assert patient() == []
    assert patient() == [MANY]
    assert proven() == []


def test_limit_by_address_of_the_mail(narrow):
    narrow("TO_EMAIL", 1)

    assert proven(email="a@example.org", ip="192.0.2.1") == []
    assert proven(email="A@Example.org", ip="198.51.100.1") == [MANY_MAILS]
    assert proven(email="b@example.org") == []


def test_a_limit_ends(narrow, time_machine):
    narrow("FROM_ADDRESS", 1)
    time_machine.move_to("2026-11-23 12:00 +00:00", tick=False)
    assert [proven(), proven()] == [[], [MANY]]

    time_machine.shift(600)

    assert proven() == []


def test_a_whole_room_behind_one_address_gets_through():
    assert [proven(email=f"{n}@example.org") for n in range(100)] == [[]] * 100


def test_the_cache_holds_no_address():
    proven(ip="192.0.2.77", email="anna@example.org")

    kept = str(cache._cache)
    assert "form-email" in kept
    assert "192.0.2" not in kept
    assert "anna" not in kept
