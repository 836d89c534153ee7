"""Every page worth looking at and who sees it, for the screenshots and for the crawl.

The addresses lead to what `seed_demo` wrote. They are asked for in the language that is active.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from billing.models import BankTransaction, Invoice
from config.demo.people import PEOPLE
from events import links
from events.models import Booking, Event
from mail.models import Mail
from members.models import Application, User
from news.models import Article, Newsletter
from news.models import Page as StandingPage

VISITOR = "visitor"
SHOPPER = "visitor with a cart"
MEMBER, NEWCOMER, LATE, STUDENT = "member", "newcomer", "late", "student"
SECRETARY, TREASURER, MANAGER = "secretary", "treasurer", "event-manager"
SEND = "main form [type=submit]"
EDITOR, OFFICER, ADMINISTRATOR = "editor", "privacy-officer", "administrator"


@dataclass(frozen=True)
class Page:
    """`who` is a visitor or one of the demo's people. `press` sends the page's form as it is, which
    is refused: what is worth seeing is the page with its errors.
    """

    name: str
    address: Callable[[], str]
    who: str = VISITOR
    status: int = 200
    press: str = ""


def view(name: str, *arguments: Any, query: str = "") -> Callable[[], str]:
    return lambda: reverse(name, args=arguments) + query


# --- What the addresses lead to -----------------------------------------------------------------


def article(choose: Callable[[], Article]) -> str:
    return choose().edition(get_language() or "sv").url


def with_sources() -> Article:
    return _published().filter(sources__isnull=False).earliest("published_at")


def in_one_language() -> Article:
    return _published().filter(**{f"title_{get_language()}": ""}).latest("published_at")


def withdrawn() -> Article:
    return Article.objects.filter(unpublished_at__isnull=False).latest("published_at")


def _published() -> Any:
    return Article.objects.published(timezone.now())


def standing(code: str) -> str:
    return StandingPage.objects.get(code=code).edition(get_language() or "sv").url


def newsletter() -> Newsletter:
    return Newsletter.objects.earliest("pk")


def event(choose: Callable[[], Event]) -> str:
    return reverse("events:event", args=[choose().slug])


def with_room() -> Event:
    """A seminar on site that is open to book."""
    now = timezone.now()
    seminars = _coming().filter(kind=Event.Kind.SEMINAR, capacity__isnull=False)
    return next(one for one in seminars if one.is_bookable(now) and one.seats_free("on_site"))


def sold_out() -> Event:
    return next(one for one in _coming() if not any(map(one.seats_free, one.modes)))


def conference() -> Event:
    return _coming().filter(kind=Event.Kind.CONFERENCE)[0]


def called_off() -> Event:
    now = timezone.now()
    return Event.objects.published(now).coming(now).filter(cancelled_at__isnull=False)[0]


def _coming() -> Any:
    now = timezone.now()
    return Event.objects.published(now).coming(now).not_called_off().with_fill(now)


def booking(key: str) -> str:
    seats = Booking.objects.of_person(person(key)).filter(state=Booking.State.CONFIRMED)
    return links.booking_path(seats.order_by("-event__starts_at")[0])


def invoice(key: str) -> str:
    return newest_invoice(key).get_absolute_url()


def newest_invoice(key: str) -> Invoice:
    return Invoice.objects.filter(buyer=person(key)).latest("issued_on", "pk")


def credit_note() -> str:
    return Invoice.objects.filter(kind=Invoice.Kind.CREDIT).latest("pk").get_absolute_url()


def waiting_application() -> Application:
    return Application.objects.to_review().earliest("pk")


def waiting_transaction() -> BankTransaction:
    return BankTransaction.objects.waiting().earliest("pk")


def staff_page(name: str, choose: Callable[[], Any]) -> str:
    return reverse(f"admin:{name}_change", args=[choose().pk])


def letter_with_invoice() -> Mail:
    return Mail.objects.filter(key__startswith="invoice:").latest("pk")


def person(key: str) -> User:
    return User.objects.get(email=PEOPLE[key].email)


# --- Who looks ----------------------------------------------------------------------------------


def browser_of(who: str) -> Client:
    """Logged in, and with seats in the cart, as `who` is. Its cookies do for a real browser."""
    client = Client()
    if who == SHOPPER:
        for chosen in (conference(), with_room()):
            client.post(reverse("events:hold", args=[chosen.slug, "on_site"]))
    elif who != VISITOR:
        client.post(reverse("demo:log-in"), {"person": who})
    return client


# --- The pages ----------------------------------------------------------------------------------

PUBLIC = [
    Page("start", view("start")),
    Page("news", view("news:list")),
    Page("news-search", view("news:search", query="?q=ai")),
    Page("news-nothing-found", view("news:search", query="?q=qqqq")),
    Page("article", partial(article, with_sources)),
    Page("article-other-language", partial(article, in_one_language)),
    Page("article-withdrawn", partial(article, withdrawn), status=410),
    Page("events", view("events:list")),
    Page("events-past", view("events:archive")),
    Page("event-free", partial(event, with_room)),
    Page("event-conference", partial(event, conference)),
    Page("event-sold-out", partial(event, sold_out)),
    Page("event-called-off", partial(event, called_off)),
    Page(
        "waiting-list",
        lambda: reverse("events:wait", args=[sold_out().slug, sold_out().modes[0]]),
    ),
    Page("join", view("members:join")),
    Page("join-ordinary", view("members:join", query="?kind=ordinary")),
    Page("join-student", view("members:join", query="?kind=student")),
    Page(
        "join-errors",
        view("members:join", query="?kind=ordinary"),
        press=SEND,
    ),
    Page("join-sent", view("members:join-sent")),
    Page("cart-empty", view("events:cart")),
    Page("cart", view("events:cart"), who=SHOPPER),
    Page("checkout", view("events:checkout"), who=SHOPPER),
    Page("checkout-errors", view("events:checkout"), who=SHOPPER, press=SEND),
    Page("invoice-to-pay", partial(invoice, NEWCOMER)),
    Page("invoice-overdue", partial(invoice, LATE)),
    Page("invoice-paid", partial(invoice, MEMBER)),
    Page("credit-note", credit_note),
    *(
        Page(f"page-{code}", partial(standing, code))
        for code in ("about", "board", "statutes", "terms", "contact", "accessibility")
    ),
    Page("newsletter", view("news:newsletter")),
    Page("newsletter-errors", view("news:newsletter"), press=SEND),
    Page("newsletter-sent", view("news:newsletter", query="?sent")),
    Page("log-in", view("account_login")),
    Page("log-in-errors", view("account_login"), press=SEND),
    Page("log-in-by-code", view("account_request_login_code")),
    Page("reset-password", view("account_reset_password")),
    Page("privacy", view("privacy:notice")),
    Page("cookies", view("privacy:cookies")),
    Page("not-found", lambda: reverse("start") + "no-such-page/", status=404),
    *(
        Page(f"error-{status}", view("demo:error", status), status=status)
        for status in (400, 403, 410, 429, 500, 503)
    ),
    Page("demo", view("demo:look-around")),
    Page("demo-mails", view("demo:mails")),
    Page("demo-mail", lambda: reverse("demo:mail", args=[letter_with_invoice().pk])),
]

MEMBERS = [
    Page("my-pages", view("my-pages"), who=MEMBER),
    Page("my-pages-to-pay", view("my-pages"), who=NEWCOMER),
    Page("my-pages-overdue", view("my-pages"), who=LATE),
    Page("my-pages-student", view("my-pages"), who=STUDENT),
    Page("my-pages-lapsed", view("my-pages"), who="lapsed"),
    Page("my-pages-guest", view("my-pages"), who="guest"),
    Page("event-as-member", partial(event, conference), who=MEMBER),
    Page("booking", partial(booking, "guest")),
    Page("details", view("members:details"), who=MEMBER),
    Page("payer", view("members:payer"), who=MEMBER),
    Page("consents", view("members:consents"), who=MEMBER),
    Page("card", view("members:card"), who=MEMBER),
    Page("leave", view("members:leave"), who=MEMBER),
    Page("convert", view("members:convert"), who=STUDENT),
    Page("my-data", view("privacy:my-data"), who=MEMBER),
    Page("email", view("account_email"), who=MEMBER),
    Page("password", view("account_set_password"), who=MEMBER),
    Page("sessions", view("usersessions_list"), who=MEMBER),
    Page("two-step", view("mfa_index"), who=MEMBER),
    Page("two-step-app", view("mfa_activate_totp"), who=MEMBER),
    Page("two-step-key", view("mfa_add_webauthn"), who=MEMBER),
    Page("log-out", view("account_logout"), who=MEMBER),
]

STAFF = [
    Page("staff-today", view("admin:index"), who=ADMINISTRATOR),
    Page("staff-today-secretary", view("admin:index"), who=SECRETARY),
    Page("staff-today-treasurer", view("admin:index"), who=TREASURER),
    Page("staff-running", view("admin:running"), who=ADMINISTRATOR),
    Page("staff-people", view("admin:members_user_changelist"), who=SECRETARY),
    Page(
        "staff-person",
        partial(staff_page, "members_user", lambda: person(MEMBER)),
        who=SECRETARY,
    ),
    Page(
        "staff-applications",
        view("admin:members_application_changelist", query="?state__exact=in_review"),
        who=SECRETARY,
    ),
    Page(
        "staff-application",
        partial(staff_page, "members_application", waiting_application),
        who=SECRETARY,
    ),
    Page("staff-memberships", view("admin:members_membership_changelist"), who=SECRETARY),
    Page("staff-invoices", view("admin:billing_invoice_changelist"), who=TREASURER),
    Page(
        "staff-invoice",
        partial(staff_page, "billing_invoice", lambda: newest_invoice(LATE)),
        who=TREASURER,
    ),
    Page(
        "staff-bank-waiting",
        view("admin:billing_banktransaction_changelist", query="?queue=waiting"),
        who=TREASURER,
    ),
    Page(
        "staff-bank-transaction",
        partial(
            staff_page, "billing_banktransaction", lambda: BankTransaction.objects.waiting()[0]
        ),
        who=TREASURER,
    ),
    Page("staff-events", view("admin:events_event_changelist"), who=MANAGER),
    Page("staff-event", partial(staff_page, "events_event", conference), who=MANAGER),
    Page("staff-bookings", view("admin:events_booking_changelist"), who=MANAGER),
    Page("staff-articles", view("admin:news_article_changelist"), who=EDITOR),
    Page("staff-article", partial(staff_page, "news_article", with_sources), who=EDITOR),
    Page("staff-pages", view("admin:news_page_changelist"), who=EDITOR),
    Page("staff-newsletter", partial(staff_page, "news_newsletter", newsletter), who=EDITOR),
    Page(
        "staff-newsletter-send",
        lambda: reverse("admin:news_newsletter_send", args=[newsletter().pk]),
        who=EDITOR,
    ),
    Page("staff-mails", view("admin:mail_mail_changelist"), who=ADMINISTRATOR),
]

PAGES = [*PUBLIC, *MEMBERS, *STAFF]
