"""People at their browsers while the site is being killed: what fails they try again, as people do,
until the mail that they wait for has come.
"""

import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from tests.drills.whole_site import Site

PATIENCE = 600  # seconds until somebody gives up
MAIL_COMES_WITHIN = 30  # seconds; after that they try again


class NotNow(Exception):
    """No answer, or one that asks to come back."""


class Browser:
    def __init__(self, site: Site, number: int, seen: Counter[str]) -> None:
        self.site, self.seen = site, seen
        self.cookies: dict[str, str] = {}
        self.has_checked_out = False
        # From a network of its own.
        self.address = f"10.{number // 250}.{number % 250}.7"

    def get(self, path: str) -> str:
        return self._ask("GET", path, None)

    def look(self, path: str) -> tuple[int, str]:
        """What stands there, whatever it is."""
        status, _headers, text = self._send("GET", path, None)
        return status, text

    def post(self, path: str, fields: dict[str, str]) -> str:
        """The page that the answer leads to in the end."""
        return self._ask("POST", path, fields)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> str:
        status, headers, text = self._send(method, path, fields)
        for cookie in headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        self.seen[str(status)] += 1
        if status == 503:
            raise NotNow
        if status in {301, 302}:
            return self.get(urlsplit(headers["Location"]).path or "/")
        return text

    def _send(
        self, method: str, path: str, fields: dict[str, str] | None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.site.web, timeout=60)
        headers = {
            "Host": "drill.example",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://drill.example{path}",
        }
        try:
            body = None if fields is None else urlencode(fields)
            line.request(method, path, body=body, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.seen["no answer"] += 1
            raise NotNow from error
        finally:
            line.close()


class Form(HTMLParser):
    """What the one form with that field would send if nothing were typed."""

    def __init__(self, page: str, having: str) -> None:
        super().__init__()
        self.all: list[dict[str, str]] = []
        self.feed(page)
        self.fields = next((form for form in self.all if having in form), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name")
        if tag == "form":
            self.all.append({})
        elif tag == "input" and self.all and name and not is_unticked(told):
            self.all[-1][name] = told.get("value") or ""


def is_unticked(told: dict[str, str | None]) -> bool:
    return told.get("type") in {"checkbox", "radio"} and "checked" not in told


def filled(page: str, having: str) -> dict[str, str]:
    fields = Form(page, having).fields
    if fields is None:
        raise NotNow  # another page than the one expected: an error, an empty cart
    return dict(fields)


# --- What they want -----------------------------------------------------------------------------


def become_a_member(site: Site, browser: Browser, address: str) -> bool:
    """By the form, the mail to confirm, and the button behind its link. True with the welcome."""
    letters = site.post.to(address)
    links = [link for text in letters for link in re.findall(r"https://\S+/bekrafta/\S+", text)]
    if len(letters) > len(links):
        return True
    if not links:
        page = browser.get("/bli-medlem/?kind=ordinary")
        answers = {"name": "Åsa Öberg", "email": address, "payer": "private"}
        browser.post("/bli-medlem/?kind=ordinary", {**filled(page, "form_token"), **answers})
        wait_for(lambda: bool(site.post.to(address)))
        return False
    path = urlsplit(links[-1]).path
    browser.post(path, filled(browser.get(path), "csrfmiddlewaretoken"))
    return wait_for(lambda: len(site.post.to(address)) > len(letters))


def book_a_seat(site: Site, browser: Browser, address: str) -> bool:
    """As a guest, on an invoice. True with the confirmation."""
    if site.post.to(address):
        return True
    page = browser.get("/evenemang/drill/")
    token = {"csrfmiddlewaretoken": filled(page, "csrfmiddlewaretoken")["csrfmiddlewaretoken"]}
    if "/kassa/" not in browser.get("/varukorg/"):
        if browser.has_checked_out:  # the answer was lost on the way, and the cart is empty
            return wait_for(lambda: bool(site.post.to(address)))
        browser.post("/evenemang/drill/lagg-i-varukorgen/on_site/", token)
    fields = filled(browser.get("/kassa/"), "seen")
    browser.has_checked_out = True
    browser.post("/kassa/", {**fields, **who_comes(fields, address)})
    return wait_for(lambda: bool(site.post.to(address)))


def who_comes(fields: dict[str, str], address: str) -> dict[str, str]:
    seats = {
        name: address if name.startswith("email_") else "Gäst Gustavsson"
        for name in fields
        if name.startswith(("name_", "email_"))
    }
    payer = {"payer": "private", "payer_name": "Gäst Gustavsson", "invoice_email": address}
    place = {"street": "Storgatan 1", "postcode": "90321", "city": "Umeå"}
    return {**seats, **payer, **place, "accepts_terms": "on"}


def wait_for(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + MAIL_COMES_WITHIN
    while not true() and time.monotonic() < deadline:
        time.sleep(0.2)
    return true()


WISHES = {"member": become_a_member, "guest": book_a_seat}


class Crowd:
    """People who come one after the other and are there at the same time, each with one wish."""

    def __init__(self, site: Site) -> None:
        self.site, self.seen = site, Counter[str]()
        self.gave_up: list[str] = []
        self.threads: list[threading.Thread] = []
        self.is_over = threading.Event()

    def let_in(self, number: int) -> None:
        """Two more: one who wants to be a member, and one who wants a seat."""
        for kind, wish in WISHES.items():
            person = [number, f"{kind}{number}@drill.example", wish]
            self.threads.append(threading.Thread(target=self._live, args=person))
            self.threads[-1].start()

    def busy(self) -> int:
        return sum(thread.is_alive() for thread in self.threads)

    def wait(self, *, patiently: bool = True) -> None:
        if not patiently:
            self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _live(self, index: int, address: str, wish: Callable[[Site, Browser, str], bool]) -> None:
        browser = Browser(self.site, index, self.seen)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self.is_over.is_set():
            try:
                if wish(self.site, browser, address):
                    return
            except NotNow:
                pass
            time.sleep(0.5)
        self.gave_up.append(address)
