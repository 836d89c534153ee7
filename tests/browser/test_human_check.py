"""The human check in Chromium under the content policy. Nothing foreign before the press."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.privacy.checked_form import Google, google_stand_in

pytestmark = pytest.mark.django_db(transaction=True)

# What Google's script offers to a page, and no more.
CHECKBOX = """
window.grecaptcha = {
  ready: (then) => then(),
  render: (place, { sitekey, callback }) => {
    const token = document.createElement("textarea");
    token.name = "g-recaptcha-response";
    token.hidden = true;
    const box = document.createElement("button");
    box.type = "button";
    box.textContent = `Robot? ${sitekey}`;
    box.addEventListener("click", () => { token.value = "token"; callback("token"); });
    place.append(token, box);
  },
};
"""
SCORE = """
window.grecaptcha = {
  ready: (then) => then(),
  execute: async (key, { action }) => `${key}:${action}`,
};
"""


@pytest.fixture(autouse=True)
def _form(settings):
    settings.ROOT_URLCONF = "tests.privacy.checked_form"
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0


@pytest.fixture
def google(settings) -> Iterator[Google]:
    settings.RECAPTCHA_OFFERED = True
    settings.RECAPTCHA_PUBLIC_KEY = "public"
    with google_stand_in() as stand_in:
        stand_in.says = {"success": True, "hostname": "localhost"}
        settings.RECAPTCHA_VERIFY_BASE = stand_in.url
        yield stand_in


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The addresses on other machines that the page asked for."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


def foreign(addresses: list[str]) -> list[str]:
    return [url for url in addresses if urlsplit(url).hostname not in {"localhost", "127.0.0.1"}]


def google_serves(page: Page, script: str) -> None:
    page.route(
        "https://www.recaptcha.net/**",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )


def open_form(page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/form/")


def fill_in(page: Page) -> None:
    page.locator("#id_email").fill("a@example.org")
    page.get_by_label("Text").fill("Hej")


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()


def test_our_own_check_runs_by_itself(page, live_server, asked):
    open_form(page, live_server)
    fill_in(page)
    expect(page.locator("[data-status]")).not_to_be_empty()

    send(page)

    expect(page.locator("body")).to_have_text("let through: own")
    assert foreign(asked) == []


def test_it_also_runs_for_those_who_send_at_once(page, live_server):
    open_form(page, live_server)
    page.evaluate(
        """() => {
          const form = document.querySelector("main form");
          form.elements.email.value = "a@example.org";
          form.elements.text.value = "Hej";
          form.requestSubmit(form.querySelector("[type=submit]"));
        }"""
    )

    expect(page.locator("body")).to_have_text("let through: own")


def test_after_a_fault_nothing_is_to_be_done_again(page, live_server):
    open_form(page, live_server)
    page.locator("#id_email").fill("no address")
    page.get_by_label("Text").fill("Hej")
    send(page)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("Hej")

    page.locator("#id_email").fill("a@example.org")
    send(page)

    expect(page.locator("body")).to_have_text("let through: own")


def test_without_script(new_context, live_server):
    page = new_context(java_script_enabled=False).new_page()
    open_form(page, live_server)
    expect(page.locator("noscript")).to_be_visible()
    fill_in(page)

    send(page)

    expect(page.locator("body")).to_have_text("let through: none")


def test_nothing_of_google_before_the_press(page, live_server, google, asked):
    google_serves(page, CHECKBOX)
    open_form(page, live_server)
    fill_in(page)
    page.mouse.wheel(0, 2000)
    page.wait_for_load_state("networkidle")
    assert foreign(asked) == []

    page.locator("[data-show-google]").click()
    page.get_by_role("button", name="Robot? public").click()
    send(page)

    expect(page.locator("body")).to_have_text("let through: google")
    assert foreign(asked) == ["https://www.recaptcha.net/recaptcha/api.js?render=explicit&hl=sv"]
    assert [question["response"] for question in google.asked] == ["token"]


def test_googles_score(page, live_server, google, settings):
    settings.RECAPTCHA_KIND = "score"
    google.says = {**google.says, "action": "contact", "score": 0.9}
    google_serves(page, SCORE)
    open_form(page, live_server)
    fill_in(page)

    page.locator("[data-show-google]").click()
    send(page)

    expect(page.locator("body")).to_have_text("let through: google")
    assert [question["response"] for question in google.asked] == ["public:contact"]


def test_where_google_cannot_be_reached_our_own_check_steps_in(page, live_server, google, offline):
    def unreachable(route: Route) -> None:
        route.abort()

    page.route("https://www.recaptcha.net/**", unreachable)
    open_form(page, live_server)
    fill_in(page)

    page.locator("[data-show-google]").click()
    expect(page.locator("[name=altcha]")).not_to_have_value("")
    send(page)

    expect(page.locator("body")).to_have_text("let through: own")
    [complaint] = offline.complaints
    assert "net::ERR_FAILED" in complaint
    offline.complaints.clear()


def test_those_who_choose_neither_get_ours(page, live_server, google, asked):
    open_form(page, live_server)
    fill_in(page)

    send(page)

    expect(page.locator("body")).to_have_text("let through: own")
    assert foreign(asked) == []


@pytest.mark.parametrize("offered", [False, True])
def test_the_form_is_accessible(page, live_server, google, settings, offered):
    settings.RECAPTCHA_OFFERED = offered
    open_form(page, live_server)

    found = Axe().run(page)

    assert [fault["id"] for fault in found.response["violations"]] == []
