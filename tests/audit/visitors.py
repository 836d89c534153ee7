"""Somebody who opens pages and fills in forms, so that a tool can go on from there."""

from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

from lxml import html

from tests.audit.tools import Missed

TOKEN = "csrfmiddlewaretoken"


@dataclass
class Form:
    """As it would be sent: where to, what, and by whom."""

    address: str
    data: str
    cookie: str


class Visitor:
    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    @property
    def cookie(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)

    def open(self, path: str, **data: str) -> Any:
        request = Request(self.site + path, urlencode(data).encode() if data else None)
        request.add_header("Origin", self.site)
        with self.opener.open(request, timeout=30) as answer:
            return html.fromstring(answer.read().decode(), base_url=answer.url)

    def log_in(self, person: str) -> None:
        """By one of the buttons that only the demo has."""
        token = self.open("/demo/").cssselect(f"input[name={TOKEN}]")[0].get("value")
        self.open("/demo/log-in/", **{TOKEN: token, "person": person})

    def put_a_seat_into_the_cart(self) -> None:
        """Of the first event of the programme that sells some."""
        programme = self.open("/evenemang/")
        for link in dict.fromkeys(
            programme.xpath("//main//a/@href[starts-with(., '/evenemang/')]")
        ):
            for form in self.open(link).forms:
                if "/lagg-i-varukorgen/" in (form.get("action") or ""):
                    self.open(form.get("action"), **dict(form.form_values()))
                    return
        raise Missed("no event sells seats")

    def form(self, path: str, having: str) -> Form:
        """The one that has this field, filled in."""
        page = self.open(path)
        for form in page.forms:
            if having in form.fields:
                told = {name: value or stand_in(name) for name, value in form.fields.items()}
                address = urljoin(page.base_url, form.get("action") or page.base_url)
                return Form(address, urlencode(told), self.cookie)
        raise Missed(f"{path} has no form with {having}")


def stand_in(name: str) -> str:
    return "x@example.org" if "email" in name or name == "login" else "x"
