"""Every address of the site, read off the URLconf, with somebody's rows in the parameters.

A view with a parameter needs a line in `SAMPLES`. One of the admin that is neither a list nor a
form declares its rights by `privacy.access.staff`, or needs a line in `ACTS`. Without it
`test_permissions` is red.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from events.links import token_of_booking, token_of_cart
from members import links
from members.models import User
from news import emails, previews
from news.audiences import Reader
from tests.security.association import OTHER, Association

# Not installed where real people are (config.E001).
LEFT_OUT = ("demo:",)

# The log-in library's pages for whoever is not logged in yet; its others are behind the log-in.
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_reset_password",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_request_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "django_altcha:challenge",
    # A link that leads a member, but not a guest, to the log-in.
    "privacy:copy",
}

Arguments = Callable[[Association], dict[str, Any]]


def slug(site: Association) -> dict[str, Any]:
    return {"slug": site.event.slug}


def place(site: Association) -> dict[str, Any]:
    return {"slug": site.event.slug, "mode": "on_site"}


def seat(site: Association) -> dict[str, Any]:
    return {"token": token_of_booking(site.booking)}


def proof(site: Association) -> dict[str, Any]:
    """The booking of somebody who was there, and has a certificate."""
    return {"token": token_of_booking(site.attended)}


def door(site: Association) -> dict[str, Any]:
    return {**slug(site), "number": site.booking.public_id.hex}


def message(site: Association) -> dict[str, Any]:
    return {**slug(site), "pk": site.message.pk}


def held(site: Association) -> dict[str, Any]:
    return {"public_id": site.held.public_id}


def invoice(site: Association) -> dict[str, Any]:
    return {"token": site.invoice.link_token}


def edition(site: Association) -> dict[str, Any]:
    return {"year": site.article.published_at.year, "slug": site.article.slug_sv}


def signed(link: links.Link, value: Callable[[Association], object]) -> Arguments:
    """A link of ours in a mail to the member."""
    return lambda site: {"token": link.url(value(site)).rstrip("/").rpartition("/")[2]}


def person(site: Association) -> object:
    return site.member.public_id


def last_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def confirm_link(site: Association) -> str:
    text = emails.confirm_subscription(site.subscriber, at=site.subscriber.asked_at).text
    return next(word for word in text.split() if "://" in word)


def stop_link(site: Association) -> str:
    subscriber = site.subscriber
    return Reader(f"subscriber:{subscriber.pk}", subscriber.email, "sv").stop_url


def nobodys(site: Association) -> dict[str, Any]:
    """A security key that does not exist."""
    return {"pk": 999_999}


SAMPLES: dict[str, Arguments] = {
    "news:topic": lambda site: {"slug": site.topic.slug_sv},
    "news:preview": lambda site: {
        "token": previews.link(site.article, language="sv").rstrip("/").rpartition("/")[2]
    },
    "news:archive": lambda site: {"year": site.article.published_at.year},
    "news:article": edition,
    "events:event": slug,
    "events:calendar": slug,
    "events:book": place,
    "events:hold": place,
    "events:colleagues": place,
    "events:wait": place,
    "events:seats": place,
    "events:take-out": held,
    "events:hold-again": held,
    "events:assign": held,
    "events:done": lambda site: {"token": token_of_cart(site.held.cart)},
    "events:booking": seat,
    "events:cancel": seat,
    "events:booking-calendar": seat,
    "events:accept": seat,
    "events:decline": seat,
    "events:swap": seat,
    "events:move": seat,
    "events:pay-difference": seat,
    "events:needs": seat,
    "events:badge": seat,
    "events:certificate-file": proof,
    "events:show-name": proof,
    "events:survey": proof,
    "events:certificate": lambda site: {"code": site.attended.certificates.get().code},
    "events:transcript": lambda site: {"year": site.attended.event.starts_at.year},
    "events:month": lambda site: {"year": 2026, "month": 3},
    "events:own-feed": lambda site: {"key": site.feed.key},
    "events:room": slug,
    "events:attendees": slug,
    "events:export": slug,
    "events:badges": slug,
    "events:register": slug,
    "events:series": slug,
    "events:note-attendance": slug,
    "events:message-new": slug,
    "events:message": message,
    "events:message-test": message,
    "events:message-send": message,
    "events:door": slug,
    "events:door-sync": slug,
    "events:walk-in": slug,
    "events:check": door,
    "members:confirm": signed(links.CONFIRM, lambda site: site.application.public_id),
    "members:apply-again": signed(links.APPLY_AGAIN, person),
    "members:come-back": signed(links.COME_BACK, person),
    "members:keep-address": signed(
        links.KEEP_ADDRESS, lambda site: site.member.history.latest().pk
    ),
    "members:unsubscribe": signed(links.UNSUBSCRIBE, lambda site: f"{site.member.public_id}:news"),
    "members:check-card": signed(links.CARD, person),
    "billing:invoice": invoice,
    "billing:invoice-pdf": invoice,
    "billing:receipt-pdf": lambda site: {**invoice(site), "pk": site.payment.pk},
    "billing:pay-by-card": invoice,
    "members:claim": signed(links.INVITATION, person),
    "news:confirm-newsletter": lambda site: {"token": last_of(confirm_link(site))},
    "news:no-newsletter": lambda site: {"token": last_of(stop_link(site))},
    "picture": lambda site: {"name": "none.webp"},
    "event-picture": lambda site: {"name": "none.webp"},
    "page": lambda site: {"slug": site.page.slug_sv},
    "privacy:receipt": lambda site: {"number": site.erasure.pk},
    "privacy:copy": lambda site: {"token": site.copy_token},
    "mfa_remove_webauthn": nobodys,
    "mfa_edit_webauthn": nobodys,
}

# Pages of the admin that are neither list nor form and declare nothing: the right that each asks
# for. "" is any staff.
ACTS = {
    "index": "",
    "running": "",
    "app_list": "members.view_user",
    "autocomplete": "",
    "jsi18n": "",
    "password_change": "",
    "password_change_done": "",
    "view_on_site": "",
    "members_application_reveal": "members.view_application",
    "news_newsletter_preview": "news.view_newsletter",
    "news_newsletter_send": "news.change_newsletter",
}
# The log-in page is for anybody, and the log-out is no page.
OPEN_IN_ADMIN = frozenset({"login", "logout"})
FORMS = {
    "changelist": "view",
    "add": "add",
    "change": "view",
    "delete": "delete",
    "history": "view",
    "simple_history": "view",
}
WITHOUT_ROW = ("changelist", "add")


@dataclass(frozen=True)
class Address:
    name: str
    view: Any
    parameters: frozenset[str]

    @property
    def who(self) -> str:
        """What the view declares; the libraries' pages have no declaration."""
        access = getattr(self.view, "access", None)
        return access.who if access else ""

    @property
    def rights(self) -> tuple[str, ...]:
        """What a page of the admin asks for, by its declaration or by the table."""
        access = getattr(self.view, "access", None)
        return access.permissions if access else (ACTS[self.name],)

    def path(self, site: Association) -> str:
        return reverse(self.name, kwargs=SAMPLES[self.name](site) if self.parameters else {})


def every() -> list[tuple[str, Any, frozenset[str]]]:
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns: Any, prefix: str = "", outer: frozenset[str] = frozenset()) -> Iterator[Any]:
    for pattern in patterns:
        parameters = outer | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern.url_patterns, namespace, parameters)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or ''}", pattern.callback, parameters


def ours() -> list[Address]:
    """All but the admin's, with those of the log-in library."""
    return [
        Address(*found)
        for found in every()
        if not found[0].startswith(("admin:", *LEFT_OUT)) and found[0]
    ]


def described() -> list[Address]:
    """Those that can be opened: without parameters, or with a line in `SAMPLES`."""
    return [one for one in ours() if not one.parameters or one.name in SAMPLES]


def is_open(address: Address) -> bool:
    return address.who in {"public", "link", "machine"} or address.name in OPEN


def undescribed() -> list[str]:
    named = [one.name for one in ours() if one.parameters and one.name not in SAMPLES]
    known = {*ACTS, *OPEN_IN_ADMIN}
    return named + [f"admin:{one.name}" for one in acts() if not one.who and one.name not in known]


# --- The admin --------------------------------------------------------------------------------


def _is_form(name: str) -> bool:
    models = {f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry}
    return any(name == f"{model}_{what}" for model in models for what in FORMS)


def acts() -> list[Address]:
    found = [
        Address(name.removeprefix("admin:"), view, parameters)
        for name, view, parameters in every()
        if name.startswith("admin:")
    ]
    return [one for one in found if one.name and not _is_form(one.name)]


@dataclass(frozen=True)
class OfficePage:
    name: str
    path: str
    rights: tuple[str, ...]


def office(site: Association) -> Iterator[OfficePage]:
    """Every page of the admin with the right that opens it."""
    for model in admin.site._registry:
        options = model._meta
        for what, action in FORMS.items():
            name = f"{options.app_label}_{options.model_name}_{what}"
            arguments = _of_form(model, what)
            if arguments is not None:
                path = reverse(f"admin:{name}", args=arguments)
                right = f"{options.app_label}.{action}_{options.model_name}"
                yield OfficePage(name, path, (right,))
    for act in acts():
        if act.name not in OPEN_IN_ADMIN:
            path = reverse(f"admin:{act.name}", kwargs=_of_act(act, site))
            yield OfficePage(act.name, path, act.rights)


def _of_form(model: Any, what: str) -> list[Any] | None:
    """None when there is no such page, or no row to show on it."""
    row = model._base_manager.order_by("pk").first()
    if what in WITHOUT_ROW:
        return []
    if row is None or (what == "simple_history" and not hasattr(model, "history")):
        return None
    if what != "simple_history":
        return [row.pk]
    version = model.history.first()
    return [version.id, version.pk] if version else None


def _of_act(act: Address, site: Association) -> dict[str, Any]:
    if act.name == "app_list":
        return {"app_label": "members"}
    article = site.article
    if act.name == "view_on_site":
        return {"content_type_id": site.content_type_of(article), "object_id": article.pk}
    if not act.parameters:
        return {}
    app_label, model, _ = act.name.split("_", 2)
    row = site.row(app_label, model).pk
    known = {
        "pk": row,
        "object_id": row,
        "language": "sv",
        "gone_pk": site.people[OTHER].pk,
        "reminder": site.reminder.pk,
    }
    return {name: known[name] for name in act.parameters}


def has_right(user: User, *rights: str) -> bool:
    """All of them. To change something includes to see it, as in Django's admin."""
    return all(_has(user, right) for right in rights if right)


def _has(user: User, right: str) -> bool:
    label, _, codename = right.partition(".")
    action, _, model = codename.partition("_")
    wanted = [right] if action != "view" else [right, f"{label}.change_{model}"]
    return any(user.has_perm(one) for one in wanted)
