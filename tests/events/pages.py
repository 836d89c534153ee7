"""Reading our own pages as a browser would: the forms in them, and what they would send."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append({"action": attributes.get("action") or "", "fields": {}})
        elif tag == "input" and self.forms and attributes.get("name"):
            is_box = attributes.get("type") in {"checkbox", "radio"}
            if not is_box or "checked" in attributes:
                self.forms[-1]["fields"][attributes["name"]] = attributes.get("value") or ""


def forms(response: HttpResponse) -> list[dict[str, Any]]:
    parser = _Forms()
    parser.feed(response.content.decode())
    return parser.forms


def fields(response: HttpResponse, having: str) -> dict[str, str]:
    """What the form with that field would send if nothing were typed."""
    (found,) = [form["fields"] for form in forms(response) if having in form["fields"]]
    return dict(found)


def press(client: Client, response: HttpResponse, action: str, **typed: Any) -> HttpResponse:
    """Send the one form of the page whose address contains `action`."""
    (form,) = [form for form in forms(response) if action in form["action"]]
    return client.post(form["action"], {**form["fields"], **typed})


def text(response: HttpResponse) -> str:
    """The words of the page, without the tags."""
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[method-assign]
    parser.feed(response.content.decode())
    return " ".join(" ".join(words).split())
