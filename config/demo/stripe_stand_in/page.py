"""The payment page: plain HTML that works without script, in Swedish and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from config.demo.stripe_stand_in.account import GOOD_CARD, Account, Declined
from config.demo.stripe_stand_in.errors import StripeRefusal
from config.demo.stripe_stand_in.objects import Object
from config.demo.stripe_stand_in.wording import WORDS

HERE = Path(__file__).parent
PAGE, FORM = (Template((HERE / name).read_text()) for name in ("checkout.html", "form.html"))
STYLE = (HERE / "stand-in.css").read_bytes()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
NBSP = "\u00a0"


@dataclass(frozen=True)
class Reply:
    """A page, or a redirect when `location` is set."""

    status: int
    html: str = ""
    location: str = ""
    form_action: str = "'self'"


class PaymentPage:
    def __init__(self, account: Account, *, merchant: str) -> None:
        self.account = account
        self.merchant = merchant

    def show(self, identifier: str, *, accepted_languages: str) -> Reply:
        session = self._session(identifier)
        return Reply(404) if session is None else self._page(session, accepted_languages)

    def pay(self, identifier: str, sent: Mapping[str, str], *, accepted_languages: str) -> Reply:
        """Takes the form. Whoever has paid goes back to the shop; whoever was declined sees why."""
        session = self._session(identifier)
        if session is None:
            return Reply(404)
        if session["status"] != "open":
            return self._page(session, accepted_languages)
        method = sent.get("method", "card")
        if method not in session["payment_method_types"]:
            return Reply(400)
        number = "".join(character for character in sent.get("number", "") if character.isdigit())
        try:
            self.account.pay(
                identifier, method=method, number=number, email=sent.get("email") or None
            )
        except Declined as declined:
            session = self.account.session(identifier)
            return self._page(session, accepted_languages, sent=sent, problem=declined.code)
        except StripeRefusal:
            return self._page(self.account.session(identifier), accepted_languages)
        return Reply(303, location=_filled_in(session["success_url"], identifier))

    def _session(self, identifier: str) -> Object | None:
        try:
            return self.account.session(identifier)
        except StripeRefusal:
            return None

    def _page(
        self,
        session: Object,
        accepted_languages: str,
        *,
        sent: Mapping[str, str] | None = None,
        problem: str = "",
    ) -> Reply:
        language = _language(session["locale"], accepted_languages)
        words = {key: escape(text) for key, text in WORDS[language].items()}
        if session["status"] == "open":
            form = self._form(session, words, language, sent or {}, problem)
        else:
            form = _closing_words(session, words)
        html = PAGE.substitute(
            words,
            lang=language,
            merchant=escape(self.merchant),
            total=_money(session["amount_total"], language),
            lines="\n".join(_line(line, language) for line in session["_lines"]),
            valid_until=_valid_until(session, words),
            form=form,
        )
        back = urlsplit(session["success_url"])
        return Reply(200, html, form_action=f"'self' {back.scheme}://{back.netloc}")

    def _form(
        self,
        session: Object,
        words: Mapping[str, str],
        language: str,
        sent: Mapping[str, str],
        problem: str,
    ) -> str:
        message = words.get(problem, words["card_declined"])
        return FORM.substitute(
            words,
            action=f"/c/pay/{session['id']}",
            pay=f"{words['pay']} {_money(session['amount_total'], language)}",
            error=f'<p class="error" role="alert" id="problem">{message}</p>' if problem else "",
            email=_email(session, words, sent),
            methods=_methods(session, words, sent.get("method", "card")),
            number=escape(sent.get("number", _grouped(GOOD_CARD))),
            number_error=' aria-invalid="true" aria-describedby="problem"' if problem else "",
            cancel=_link(session["cancel_url"], words["cancel"]),
        )


def _filled_in(url: str, identifier: str) -> str:
    return url.replace("{CHECKOUT_SESSION_ID}", identifier)


def _language(locale: str | None, accepted: str) -> str:
    """Of the shop's choice; by the browser's where the shop leaves it open."""
    if locale in (None, "auto"):
        locale = accepted.strip()[:2].lower()
    return "en" if locale and locale.startswith("en") else "sv"


def _valid_until(session: Object, words: Mapping[str, str]) -> str:
    if session["status"] != "open":
        return ""
    ends = datetime.fromtimestamp(session["expires_at"], STOCKHOLM)
    return words["valid_until"].format(ends=f"{ends:%Y-%m-%d %H:%M}")


def _money(ore: int, language: str) -> str:
    figure = f"{ore / 100:,.2f}"
    if language == "en":
        return f"SEK{NBSP}{figure}"
    return figure.replace(",", NBSP).replace(".", ",") + f"{NBSP}kr"


def _grouped(number: str) -> str:
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def _line(line: Object, language: str) -> str:
    quantity = f"{line['quantity']} × " if line["quantity"] > 1 else ""
    name = escape(f"{quantity}{line['description']}")
    return f'<tr><th scope="row">{name}</th><td>{_money(line["amount_total"], language)}</td></tr>'


def _email(session: Object, words: Mapping[str, str], sent: Mapping[str, str]) -> str:
    if session["customer_email"]:
        return f"<p>{words['email']}: {escape(session['customer_email'])}</p>"
    field = f'type="email" value="{escape(sent.get("email", ""))}" autocomplete="email" required'
    return f'<label for="email">{words["email"]}</label><input id="email" name="email" {field}>'


def _methods(session: Object, words: Mapping[str, str], chosen: str) -> str:
    """The style sheet hides the card's fields while another method is chosen."""
    rows = []
    for method in session["payment_method_types"]:
        other = "" if method == "card" else ' class="other"'
        checked = " checked" if method == chosen else ""
        radio = f'<input type="radio" name="method" value="{method}"{other}{checked}>'
        rows.append(f"<label>{radio}{words[method]}</label>")
    return "\n".join(rows)


def _closing_words(session: Object, words: Mapping[str, str]) -> str:
    """Instead of the form where there is nothing to pay any more."""
    if session["status"] == "complete":
        url = _filled_in(session["success_url"], session["id"])
        return f"<section><h2>{words['done']}</h2>{_link(url, words['back'])}</section>"
    link = _link(session["cancel_url"], words["back"])
    return f"<section><h2>{words['over']}</h2><p>{words['over_help']}</p>{link}</section>"


def _link(url: str | None, text: str) -> str:
    return f'<p class="cancel"><a href="{escape(url)}">{text}</a></p>' if url else ""
