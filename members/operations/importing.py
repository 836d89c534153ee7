"""People from the register that was kept before: taken over once, invited, and asked nothing of
what they did not say yes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from members import emails, free_years
from members.models import (
    BillingDetails,
    Consent,
    ConsentText,
    Membership,
    MembershipKind,
    User,
)
from members.old_register.rows import OldMember
from members.operations.consenting import give_consent
from members.operations.histories import note_actor
from members.operations.rights import demand
from members.operations.starting import locked

_FILLED_IN = ("phone", "employer", "title")


@dataclass(frozen=True)
class Imported:
    """What a row led to. Nothing of it: everything was here already."""

    user: User
    is_new: bool
    membership: Membership | None
    is_filled_in: bool
    notes: tuple[str, ...]

    @property
    def has_changed(self) -> bool:
        return self.is_new or self.is_filled_in or self.membership is not None


@transaction.atomic
def import_member(
    *, member: OldMember, by: User, now: datetime, today: date, send_invitation: bool
) -> Imported:
    """Take over one person. Twice changes nothing, and what people have told us here stays.

    The period comes without an invoice: its fee was paid, or not, in the old register's time.
    """
    demand(by, "members.add_user", "members.add_membership")
    user, is_new = _person(member, by=by, today=today)
    user = locked(user)
    is_filled_in = not is_new and _fill_in(user, member, by=by)
    is_filled_in |= _note_payer(user, member, by=by) and not is_new
    membership, notes = _carry_over(user, member, by=by)
    _note_old_consent(user, member, now=now)
    if send_invitation:
        invite(user=user, by=by)
    return Imported(user, is_new, membership, is_filled_in, (*member.notes, *notes))


def _person(member: OldMember, *, by: User, today: date) -> tuple[User, bool]:
    known = User.objects.filter(email=member.email).first()
    if known:
        return known, False
    user = User(
        email=member.email,
        name=member.name,
        language=member.language,
        password=make_password(None),
        imported_on=today,
        **{name: getattr(member, name) for name in _FILLED_IN},
    )
    note_actor(user, by, _("Taken over from the old register"))
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user, True


def _fill_in(user: User, member: OldMember, *, by: User) -> bool:
    """Only what is empty."""
    missing = [name for name in _FILLED_IN if getattr(member, name) and not getattr(user, name)]
    for name in missing:
        setattr(user, name, getattr(member, name))
    if missing:
        note_actor(user, by, _("Filled in from the old register"))
        user.save(update_fields=missing)
    return bool(missing)


def _note_payer(user: User, member: OldMember, *, by: User) -> bool:
    if not member.payer or BillingDetails.objects.filter(user=user).exists():
        return False
    details = BillingDetails(user=user, **member.payer)
    note_actor(details, by, _("Taken over from the old register"))
    details.save()
    return True


def _carry_over(
    user: User, member: OldMember, *, by: User
) -> tuple[Membership | None, tuple[str, ...]]:
    period = member.period
    if period is None:
        return None, ()
    same_days = [
        row
        for row in user.memberships.filter(starts_on__lte=period.last, ends_on__gte=period.first)
        if row.last_day_on >= period.first
    ]
    if same_days:
        known = [row for row in same_days if row.is_carried_over]
        note = _("Is a member during this time already, %(first)s – %(last)s: not added.")
        words = {"first": same_days[0].starts_on, "last": same_days[0].last_day_on}
        return None, () if known else (note % words,)
    kind = MembershipKind.objects.get(code=member.kind_code)
    membership = Membership(
        user=user, kind=kind, starts_on=period.first, ends_on=period.last, is_carried_over=True
    )
    note_actor(membership, by, _("Taken over from the old register"))
    membership.save()
    if kind.first_year_free:
        free_years.remember([user.email], today=period.first)
    return membership, ()


def _note_old_consent(user: User, member: OldMember, *, now: datetime) -> None:
    """That somebody ticked something once is kept, and never relied upon: it sends no mail."""
    texts = ConsentText.objects.filter(purpose=ConsentText.Purpose.NEWS, version="seed-1")
    text = texts.filter(language=user.language).first()
    said_something = user.consents.filter(text__purpose=ConsentText.Purpose.NEWS).exists()
    if member.had_consented and text and not said_something:
        Consent.objects.create(
            user=user,
            text=text,
            action=Consent.Action.IMPORTED,
            at=now,
            channel=Consent.Channel.IMPORT,
        )


# --- The invitation -----------------------------------------------------------------------------


def invite(*, user: User, by: User) -> bool:
    """Mail the link by which somebody taken over makes the account theirs. Once; never a password.

    False for those who have been here already.
    """
    demand(by, "members.add_user")
    if user.imported_on is None or user.last_login is not None or user.erased_at is not None:
        return False
    last = user.memberships.order_by("-ends_on").first()
    emails.invitation(user, until=last.last_day_on if last else None)
    return True


@transaction.atomic
def claim(*, user: User, texts: Iterable[ConsentText], now: datetime) -> User:
    """The link was opened by whoever reads mail to the address. Consents are those ticked now."""
    user = locked(user)
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True, primary=True)
    for text in texts:
        give_consent(user=user, text=text, channel=Consent.Channel.INVITATION, now=now)
    return user
