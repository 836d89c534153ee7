"""The watch over every browser test sees what it is there to see."""

import pytest
from playwright.sync_api import Page

from tests.chromium import Watch

STRICT = {"Content-Security-Policy": "default-src 'none'", "Content-Type": "text/html"}


def show(page: Page, body: str, headers: dict[str, str] | None = None, status: int = 200) -> None:
    page.route(
        "http://localhost/page",
        lambda route: route.fulfill(body=body, headers=headers, status=status),
    )
    page.goto("http://localhost/page")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_another_host_is_refused_and_noted(page: Page, offline: Watch, scheme: str) -> None:
    show(page, f'<img src="{scheme}://tracker.example/pixel.gif">', {"Content-Type": "text/html"})
    page.wait_for_load_state()

    assert offline.outside == [f"{scheme}://tracker.example/pixel.gif"]
    offline.outside.clear()
    offline.complaints.clear()


def test_a_breach_of_the_content_policy_is_noted(page: Page, offline: Watch) -> None:
    show(page, "<script>document.title = 'ran'</script>", STRICT)

    page.wait_for_timeout(100)
    assert page.title() == ""
    assert len(offline.complaints) == 1
    assert "Content Security Policy" in offline.complaints[0]
    offline.complaints.clear()


def test_an_error_in_a_script_is_noted(page: Page, offline: Watch) -> None:
    show(page, "<script>nobody.home()</script>", {"Content-Type": "text/html"})

    page.wait_for_timeout(100)
    assert offline.complaints == ["http://localhost/page: nobody is not defined"]
    offline.complaints.clear()


def test_a_page_may_answer_that_it_is_not_there(page: Page) -> None:
    show(page, "<p>Not here.", {"Content-Type": "text/html"}, status=404)


def test_a_second_person_is_watched_as_well(new_context, offline: Watch) -> None:
    other = new_context().new_page()
    show(other, "<script>console.error('oh no')</script>", {"Content-Type": "text/html"})

    other.wait_for_timeout(100)
    assert offline.complaints == ["http://localhost/page: oh no"]
    offline.complaints.clear()
