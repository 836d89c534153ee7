"""Without a mouse: every step by Tab, Space and Enter, and one always sees where one is."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from events.models import Booking
from members.models import User
from tests.factories import events, members
from tests.journeys.conftest import LogIn, Mailbox, Visit, address, in_language

EMAIL = "tangent@example.org"
FAR = 120
# What the browser draws around the focused element; nothing at all would be invisible.
SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
        || style.boxShadow !== "none";
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    expect(wanted).to_have_count(1)
    for _step in range(FAR):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("() => document.activeElement.outerHTML")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached in {FAR} steps")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, field: Locator, words: str) -> None:
    tab_to(page, field)
    page.keyboard.type(words)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_somebody_joins(visit: Visit, mailbox: Mailbox, language):
    say = in_language(language)
    page = visit()
    page.goto(address("start", language=language))

    # The first stop leads past the menu.
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")

    page.goto(address("members:join", language=language) + "?kind=ordinary")
    write(page, page.get_by_label(say("Name"), exact=True), "Tove Tangent")
    write(page, page.get_by_label(say("E-mail"), exact=True), EMAIL)
    tab_to(page, page.get_by_label(say("I pay myself", "payer")))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name=say("Apply for membership")))
    page.wait_for_url("**" + address("members:join-sent", language=language))

    confirm = "/bekrafta/" if language == "sv" else "/confirm/"
    page.goto(mailbox.link(EMAIL, containing=confirm))
    press(page, page.get_by_role("button", name=say("Confirm"), exact=True))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert User.objects.get(email=EMAIL).name == "Tove Tangent"


def test_a_member_books_and_cancels(log_in: LogIn):
    say = in_language("sv")
    member = members.membership().user
    now = timezone.now()
    seminar = events.event(starts_at=now + timedelta(days=30), published_at=now - timedelta(days=1))
    page = log_in(member)

    page.goto(address("events:event", seminar.slug))
    press(
        page,
        page.locator("form[action*=platser] button.btn-primary, form button.btn-primary").first,
    )
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert Booking.objects.get(event=seminar).state == "confirmed"

    press(page, page.get_by_role("link", name=say("Cancel the booking")).first)
    press(page, page.get_by_role("button", name=say("Cancel the booking")))
    expect(page.locator(".alert").first).to_be_visible()
    assert Booking.objects.get(event=seminar).state == "cancelled"
