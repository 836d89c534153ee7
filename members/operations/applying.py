"""From the form to the confirmed address.

Until the address is confirmed there is nothing but the application itself. Whoever sends the form
learns nothing of the address: the same is written and answered, known or not, and only the owner of
the address reads what the mail says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from members import emails
from members.models import (
    Application,
    BillingDetails,
    Consent,
    ConsentText,
    Membership,
    MembershipKind,
    RenewalTerms,
    User,
)
from members.operations.consenting import give_consent
from members.operations.histories import note_actor
from members.operations.ordinary import begin_ordinary, ordinary_kind
from members.operations.refusals import AlreadyInReview, AlreadyMember
from members.operations.starting import locked

State = Application.State


@dataclass(frozen=True)
class Confirmed:
    """`is_new_person`: this confirmation made the account. `membership`: none while in review."""

    application: Application
    user: User
    is_new_person: bool
    membership: Membership | None


@transaction.atomic
def apply(
    *,
    application: Application,
    consents: Iterable[ConsentText] = (),
    by: User | None = None,
    today: date,
) -> Application:
    """Keep an application as it was filled in and mail the link that confirms it.

    The same form sent again is the application that it was the first time. `by`: who is logged in;
    the owner of the address gets no link, having proven it already.
    """
    application.email = application.email.lower()
    application.consents = [text.pk for text in consents]
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:
        return Application.objects.get(form_token=application.form_token)
    if by is not None and by.email == application.email:
        return application
    memberships = Membership.objects.filter(user__email=application.email)
    blocking = _blocking(_kind_to_give(application), memberships, today)
    emails.application_received(application, blocking)
    return application


def _blocking(
    kind: MembershipKind, memberships: QuerySet[Membership], today: date
) -> Membership | None:
    """The membership because of which there is nothing to apply for, if there is one.

    A student may become an ordinary member at any time, and everybody may ask for the year after
    one that is about to run out.
    """
    terms = RenewalTerms.objects.get()
    rows = memberships.select_related("kind", "user").order_by("starts_on")
    running = [row for row in rows if row.last_day_on >= max(today, row.starts_on)]
    if not running:
        return None
    last = running[-1]
    runs_out = (last.last_day_on - today).days <= terms.first_notice_before
    changes_kind = last.kind.is_for_students != kind.is_for_students
    return None if runs_out or changes_kind else last


@transaction.atomic
def confirm_application(
    *, application: Application, with_consents: bool = True, now: datetime, today: date
) -> Confirmed:
    """The address is the applicant's: make or find the person, and begin the year or the review.

    Not `with_consents`: whoever filled in the form ticked what the owner of the address does not
    say yes to.
    Confirming twice changes nothing. Raises AlreadyMember or AlreadyInReview; then nothing has
    happened and the application runs out by itself.
    """
    user, is_new = _person_of(application)
    user = locked(user)
    rows = Application.objects.select_for_update(of=("self",)).select_related("kind")
    application = rows.get(pk=application.pk)
    if application.state != State.UNCONFIRMED:
        return Confirmed(application, user, is_new_person=False, membership=None)
    kind = _kind_to_give(application)
    refuse_a_second_one(user, kind, today)
    _take_over_answers(user, application, kind, today)
    _mark_address_confirmed(user)
    if with_consents:
        _give_consents(user, application, now)
    application.user, application.confirmed_at = user, now
    if kind.needs_review:
        _send_to_review(application)
        return Confirmed(application, user, is_new, membership=None)
    membership = _begin_at_once(application, kind, user=user, now=now, today=today)
    return Confirmed(application, user, is_new, membership)


def _send_to_review(application: Application) -> None:
    application.move_to(State.IN_REVIEW)
    application.save()
    emails.application_in_review(application)


def _begin_at_once(
    application: Application, kind: MembershipKind, *, user: User, now: datetime, today: date
) -> Membership:
    application.kind = kind
    application.move_to(State.APPROVED)
    application.decided_at = now
    application.save()
    membership = begin_ordinary(user=user, kind=kind, by=None, today=today)
    emails.welcome(membership, because_of=f"application:{application.pk}")
    return membership


def _person_of(application: Application) -> tuple[User, bool]:
    """Of any number that confirm the same address at once, one makes the person."""
    return User.objects.get_or_create(
        email=application.email,
        defaults={
            "name": application.name,
            "language": application.language,
            "password": make_password(None),
        },
    )


def _kind_to_give(application: Application) -> MembershipKind:
    """Whoever is employed at a company is an ordinary member, also while studying."""
    if application.kind.is_for_students and application.is_employed:
        return ordinary_kind()
    return application.kind


def refuse_a_second_one(user: User, kind: MembershipKind, today: date) -> None:
    """Raises AlreadyMember or AlreadyInReview."""
    if _blocking(kind, user.memberships.all(), today):
        raise AlreadyMember
    if kind.needs_review and user.applications.to_review().exists():
        raise AlreadyInReview


def _take_over_answers(
    user: User, application: Application, kind: MembershipKind, today: date
) -> None:
    """The owner of the address saw these answers on the page where they were confirmed."""
    user.name, user.language = application.name, application.language
    user.details_confirmed_on = today
    for name in ("phone", "employer", "title"):
        setattr(user, name, getattr(application, name) or getattr(user, name))
    note_actor(user, user, _("From the application that was confirmed"))
    user.save()
    if not kind.needs_review:
        take_over_payer(user, application)


def take_over_payer(user: User, application: Application) -> None:
    """Who pays from now on. Of a student's application only once it is approved: until then the
    employer of somebody who is a member still pays."""
    details = BillingDetails.objects.filter(user=user).first() or BillingDetails(user=user)
    if details.street != application.street:
        details.care_of = ""  # not asked in the form, and of another address
    for name, value in _payer(application).items():
        setattr(details, name, value)
    note_actor(details, user, _("From the application that was confirmed"))
    details.save()


def _payer(application: Application) -> dict[str, str]:
    return {
        "payer": application.payer,
        "name": application.payer_name or application.name,
        "organisation_number": application.organisation_number,
        "street": application.street,
        "postcode": application.postcode,
        "city": application.city,
        "email": application.invoice_email,
        "reference": application.reference,
        "order_number": application.order_number,
        "cost_centre": application.cost_centre,
        "peppol_id": application.peppol_id,
    }


def _mark_address_confirmed(user: User) -> None:
    address, created = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    if not created and not address.verified:
        address.set_verified()


def ticked(application: Application) -> QuerySet[ConsentText]:
    """What the form says yes to."""
    published = ConsentText.objects.filter(published_at__isnull=False)
    return published.filter(pk__in=application.consents).order_by("pk")


def _give_consents(user: User, application: Application, now: datetime) -> None:
    for text in ticked(application):
        give_consent(user=user, text=text, channel=Consent.Channel.APPLICATION, now=now)
