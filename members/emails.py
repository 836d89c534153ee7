"""Mails about applications and memberships. Each key is written once, whatever runs how often."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from billing.money import ZERO, format_price
from mail import makers
from mail.makers import Wording
from mail.models import Mail
from mail.operations import Receiver, queue, queue_all
from members import links
from members.models import Application, Membership, User

ENDED_UNPAID = "members/email/ended_unpaid"
RENEWAL = "members/email/renewal"
STUDENT_NOTICE = "members/email/student_notice"


def application_received(application: Application, current: Membership | None) -> Mail:
    """The link that confirms, or, to somebody who needs none, that they are a member already."""
    person_id = current.user_id if current else None
    receiver = Receiver(application.email, application.language, person_id)
    with translation.override(application.language):
        context = {
            "application": application,
            "current": current,
            "confirm_url": links.CONFIRM.url(application.public_id),
            "days": links.CONFIRM.days,
            "my_pages_url": _url("my-pages"),
        }
    return _queue(
        "application_received", f"application:{application.pk}:received", receiver, context
    )


def application_in_review(application: Application) -> Mail:
    return _about_application("application_in_review", application)


def application_rejected(application: Application) -> Mail:
    return _about_application("application_rejected", application)


def application_question(application: Application) -> Mail:
    assert application.asked_at is not None  # noqa: S101
    return _about_application(
        "application_question", application, number=int(application.asked_at.timestamp())
    )


def invitation(user: User, *, until: date | None) -> Mail:
    """To somebody taken over from the old register: the link shows what we have of them."""
    with translation.override(user.language):
        context = {
            "person": user,
            "until": until,
            "claim_url": links.INVITATION.url(user.public_id),
            "days": links.INVITATION.days,
        }
    receiver = Receiver(user.email, user.language, user.pk)
    return _queue("invitation", f"user:{user.pk}:invitation", receiver, context)


def welcome(membership: Membership, *, because_of: str) -> Mail:
    """A first or new year has begun. `because_of` is what led to it, as part of the key."""
    return _about_membership("welcome", membership, key=because_of)


def renewal(membership: Membership) -> Mail:
    return queue(**_renewal(membership))


def renewals(memberships: Iterable[Membership]) -> None:
    queue_all(map(_renewal, memberships))


def _renewal(membership: Membership) -> dict[str, Any]:
    user: User = membership.user
    return {
        "key": f"membership:{membership.pk}:renewal",
        "template": RENEWAL,
        "receiver": Receiver(user.email, user.language, user.pk),
        "wording": ("renewal-text", {"membership_id": membership.pk}),
        "context": {},
    }


@makers.wording("renewal-text")
def _renewal_wording(membership_id: int) -> Wording:
    rows = Membership.objects.select_related("user", "kind", "invoice", "invoice_line")
    return Wording(RENEWAL, _membership_context(rows.get(pk=membership_id)))


def ended_unpaid(membership: Membership) -> Mail:
    return queue(**_ended_unpaid(membership))


def ended_unpaid_all(memberships: Iterable[Membership]) -> None:
    queue_all(map(_ended_unpaid, memberships))


def _ended_unpaid(membership: Membership) -> dict[str, Any]:
    user: User = membership.user
    return {
        "key": f"membership:{membership.pk}:ended_unpaid",
        "template": ENDED_UNPAID,
        "receiver": Receiver(user.email, user.language, user.pk),
        "wording": ("ended-unpaid-text", {"membership_id": membership.pk}),
        "context": {},
    }


@makers.wording("ended-unpaid-text")
def _ended_unpaid_wording(membership_id: int) -> Wording:
    """With the way back in one click; a student's leads through a new application."""
    rows = Membership.objects.select_related("user", "kind", "invoice", "invoice_line")
    membership = rows.get(pk=membership_id)
    link = links.APPLY_AGAIN if membership.kind.is_for_students else links.COME_BACK
    back = (link, membership.user.public_id)
    return Wording(ENDED_UNPAID, _membership_context(membership, come_back=back))


def student_notice(membership: Membership, *, step: int) -> Mail:
    return queue(**_student_notice(membership, step))


def student_notices(notices: Iterable[tuple[Membership, int]]) -> None:
    """`step`: how many days before the end each stands for."""
    queue_all(_student_notice(membership, step) for membership, step in notices)


def student_notice_key(membership: Membership, step: int) -> str:
    return f"membership:{membership.pk}:notice:{step}"


def _student_notice(membership: Membership, step: int) -> dict[str, Any]:
    user: User = membership.user
    return {
        "key": student_notice_key(membership, step),
        "template": STUDENT_NOTICE,
        "receiver": Receiver(user.email, user.language, user.pk),
        "wording": ("student-notice-text", {"membership_id": membership.pk}),
        "context": {"membership": membership},
    }


@makers.wording("student-notice-text")
def _student_notice_wording(membership_id: int) -> Wording:
    rows = Membership.objects.select_related("user", "kind", "invoice", "invoice_line")
    membership = rows.get(pk=membership_id)
    again = (links.APPLY_AGAIN, membership.user.public_id)
    return Wording(STUDENT_NOTICE, _membership_context(membership, again=again))


def leaving(membership: Membership, *, last_day: date, at: Any) -> Mail:
    return _about_membership(
        "leaving", membership, key=f"leaving:{at.timestamp():.0f}", last_day=last_day
    )


def _about_application(template: str, application: Application, number: int = 0) -> Mail:
    user = application.user
    assert user is not None  # noqa: S101  confirmed applications have one
    receiver = Receiver(user.email, application.language, user.pk)
    name = template.removeprefix("application_")
    key = f"application:{application.pk}:{name}" + (f":{number}" if number else "")
    return _queue(template, key, receiver, {"application": application})


def _about_membership(
    template: str, membership: Membership, *, key: str = "", **context: Any
) -> Mail:
    user: User = membership.user
    return _queue(
        template,
        f"membership:{membership.pk}:{key or template}",
        Receiver(user.email, user.language, user.pk),
        _membership_context(membership, **context),
    )


def _membership_context(membership: Membership, **context: Any) -> dict[str, Any]:
    """Pairs of a link and its value in the context become addresses in the member's language."""
    user: User = membership.user
    invoice = membership.invoice
    with translation.override(user.language):
        addresses = {
            f"{name}_url": value[0].url(value[1])
            for name, value in context.items()
            if isinstance(value, tuple)
        }
        return {
            "person": user,
            "membership": membership,
            "fee": format_price(_fee_of(membership)) if invoice else "",
            "invoice": invoice,
            "my_pages_url": _url("my-pages"),
            "login_url": _url("account_request_login_code"),
            **context,
            **addresses,
        }


def _fee_of(membership: Membership) -> Decimal:
    """This member's own part of an invoice shared with colleagues."""
    if membership.invoice_line:
        return membership.invoice_line.gross
    return membership.invoice.total if membership.invoice else ZERO


def _queue(template: str, key: str, receiver: Receiver, context: dict[str, Any]) -> Mail:
    return queue(key=key, template=f"members/email/{template}", receiver=receiver, context=context)


def _url(name: str) -> str:
    return f"{settings.SITE_URL}{reverse(name)}"
