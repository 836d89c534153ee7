"""What this room does when an account is erased, before the register's rules run over it."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from members.models import Consent, Membership, User
from members.operations.consenting import withdraw_consent
from members.operations.ending import end_period
from members.operations.starting import locked
from privacy.register import Subject


def close_account(subject: Subject, *, by: User | None, now: datetime) -> None:
    """End what runs, take back every yes, and let nobody in any more. Done twice, once."""
    user = locked(User.objects.get(pk=subject.pk))
    today = timezone.localdate(now)
    for membership in _running(user, today):
        end_period(
            membership=membership,
            last_day=today,
            why=Membership.Ended.ERASED,
            by=by,
            today=today,
        )
    for purpose in _consented(user):
        withdraw_consent(user=user, purpose=purpose, channel=Consent.Channel.ERASURE, now=now)
    User.objects.filter(pk=user.pk, erased_at__isnull=True).update(erased_at=now)
    User.objects.filter(pk=user.pk).update(
        is_active=False, is_staff=False, is_superuser=False, password=make_password(None)
    )


def _running(user: User, today: object) -> list[Membership]:
    rows = Membership.objects.not_ended().filter(user=user, ends_on__gte=today)
    return list(rows.select_related("user", "kind", "invoice").order_by("-starts_on"))


def _consented(user: User) -> list[str]:
    return list(Consent.objects.live().filter(user=user).values_list("text__purpose", flat=True))
