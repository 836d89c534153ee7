"""Google's check against a stand-in over real HTTP: what lets through, what not, and outages."""

import logging
from html import unescape

import pytest
from django.test import RequestFactory
from django.utils import translation
from django_recaptcha.constants import TEST_PRIVATE_KEY, TEST_PUBLIC_KEY

from privacy import google_check
from privacy.human_check import Proof
from tests.privacy.checked_form import ContactForm, Google, answers, google_stand_in, ticket

pytestmark = pytest.mark.django_db

REFUSED = "Google's check did not let the form through. Try it again, or use our own check."


@pytest.fixture
def google(settings):
    settings.RECAPTCHA_OFFERED = True
    settings.RECAPTCHA_PUBLIC_KEY = "public"
    settings.RECAPTCHA_PRIVATE_KEY = "private"
    with google_stand_in() as stand_in, translation.override("en"):
        settings.RECAPTCHA_VERIFY_BASE = stand_in.url
        yield stand_in


@pytest.fixture
def by_score(google: Google, settings) -> Google:
    settings.RECAPTCHA_KIND = "score"
    google.says = {"success": True, "hostname": "testserver", "action": "contact", "score": 0.9}
    return google


def sent(**changes) -> ContactForm:
    request = RequestFactory().post("/form/")
    token = {"g-recaptcha-response": "token"}
    return ContactForm(answers(**token, **changes), request=request, action="contact")


def refusals(form: ContactForm) -> list[str]:
    form.is_valid()
    return list(form.non_field_errors())


def test_google_is_asked_with_our_secret_and_no_network_address(google):
    form = sent()

    assert form.is_valid()
    assert form.human.proof is Proof.GOOGLE
    assert google.asked == [{"secret": "private", "response": "token"}]


def test_a_remembered_proof_is_not_asked_for_again(google):
    first = sent(email="not an address")
    assert not first.is_valid()

    second = ContactForm(
        answers(human_ticket=str(first.human.ticket)),
        request=RequestFactory().post("/form/"),
        action="contact",
    )

    assert second.is_valid()
    assert second.human.proof is Proof.GOOGLE
    assert len(google.asked) == 1


def test_not_solved(google):
    google.says = {"success": False, "error-codes": ["invalid-input-response"]}

    assert refusals(sent()) == [REFUSED]


def test_a_token_used_before(google):
    google.says = {"success": False, "error-codes": ["timeout-or-duplicate"]}

    assert refusals(sent()) == [REFUSED]


@pytest.mark.parametrize("host", ["evil.example", "", None])
def test_a_token_of_another_site(google, host):
    google.says = {"success": True, "hostname": host}

    assert refusals(sent()) == [REFUSED]


def test_a_good_score_for_this_form(by_score):
    form = sent()

    assert form.is_valid()
    assert form.human.proof is Proof.GOOGLE


@pytest.mark.parametrize(
    "wrong",
    [
        {"score": 0.4},
        {"score": None},
        {"score": "0.9"},
        {"action": "join"},
        {"action": None},
        {"hostname": "evil.example"},
        {"success": False},
        {"success": "true"},
    ],
)
def test_low_score_wrong_action_wrong_host(by_score, wrong):
    by_score.says = {**by_score.says, **wrong}

    assert refusals(sent()) == [REFUSED]


def test_googles_public_test_keys(google, settings):
    settings.RECAPTCHA_PUBLIC_KEY = TEST_PUBLIC_KEY
    settings.RECAPTCHA_PRIVATE_KEY = TEST_PRIVATE_KEY
    google.says = {"success": True, "hostname": "testkey.google.com"}

    assert sent().is_valid()
    assert google.asked == [{"secret": TEST_PRIVATE_KEY, "response": "token"}]


def test_googles_public_test_keys_are_no_way_in_in_production(google, settings):
    settings.RECAPTCHA_PRIVATE_KEY = TEST_PRIVATE_KEY
    settings.PRODUCTION = True
    google.says = {"success": True, "hostname": "testkey.google.com"}

    assert refusals(sent()) == [REFUSED]


# --- An outage stops nobody ------------------------------------------------------------------


def stopped_nobody(caplog) -> bool:
    with caplog.at_level(logging.WARNING, logger="privacy"):
        form = sent()
        passed = form.is_valid() and form.human.proof is Proof.GOOGLE_DOWN
    return passed and "Google's check is unavailable" in caplog.text


@pytest.mark.parametrize("status", [500, 503, 429, 404])
def test_google_answers_with_an_error(google, caplog, status):
    google.status = status

    assert stopped_nobody(caplog)


@pytest.mark.parametrize("said", [b"", b"<html>", b"[]", b"null", b'{"hostname": "x"}', b"\xff"])
def test_google_answers_nonsense(google, caplog, said):
    google.says = said

    assert stopped_nobody(caplog)


def test_google_does_not_answer_in_time(google, caplog, monkeypatch):
    monkeypatch.setattr(google_check, "TIMEOUT_S", 0.1)
    google.delay_s = 0.5

    assert stopped_nobody(caplog)


def test_nobody_listens(google, settings, caplog):
    settings.RECAPTCHA_VERIFY_BASE = "http://127.0.0.1:9"

    assert stopped_nobody(caplog)


def test_our_keys_are_wrong(google, caplog):
    google.says = {"success": False, "error-codes": ["invalid-input-secret"]}

    assert stopped_nobody(caplog)
    assert "Google refuses our keys: invalid-input-secret" in caplog.text


# --- What the page shows ---------------------------------------------------------------------


def test_both_checks_stand_side_by_side_and_nothing_of_google_is_loaded(google, client, settings):
    settings.ROOT_URLCONF = "tests.privacy.checked_form"

    page = unescape(client.get("/form/", headers={"accept-language": "en"}).text)

    assert "data-own-check" in page
    assert "data-show-google" in page
    assert "Nothing is sent before you press." in page
    assert 'src="https' not in page
    assert 'href="https' not in page


def test_the_content_policy_opens_for_google_on_this_page_only(google, client, settings):
    settings.ROOT_URLCONF = "tests.privacy.checked_form"

    policy = client.get("/form/").headers["Content-Security-Policy"]

    opened = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert opened["frame-src"] == ["https://www.recaptcha.net/recaptcha/"]
    assert "https://www.recaptcha.net/recaptcha/" in opened["script-src"]
    assert "https://www.gstatic.com/recaptcha/" in opened["script-src"]
    assert opened["style-src"] == ["'self'"]
    assert "'unsafe-inline'" not in policy


def test_the_token_is_not_read_where_google_is_not_offered(google, settings):
    settings.RECAPTCHA_OFFERED = False

    form = sent(human_ticket=ticket())

    assert form.is_valid()
    assert form.human.proof is Proof.NONE
    assert google.asked == []
