"""What waits for the membership secretary, for the front page of the admin."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members import duplicates
from members.models import Application, Membership, User

Waiting = tuple[str | Promise, int, str]


def waiting(user: User, today: date) -> Iterator[Waiting]:
    """Title, count and address of each list that `user` may see. A query for each."""
    if user.has_perm("members.view_application"):
        yield (
            _("Applications to review"),
            Application.objects.to_review().count(),
            f"{reverse('admin:members_application_changelist')}?state__exact=in_review",
        )
    if user.has_perm("members.view_membership"):
        memberships = reverse("admin:members_membership_changelist")
        yield (
            _("Members whose fee is overdue"),
            Membership.objects.current(today).fee_overdue(today).count(),
            f"{memberships}?fee=overdue",
        )
        yield (
            _("Members whose fee was credited and not replaced"),
            Membership.objects.current(today).fee_credited_away().count(),
            f"{memberships}?fee=credited",
        )
    if user.has_perm("members.view_user"):
        people = reverse("admin:members_user_changelist")
        if user.has_perms(duplicates.MERGING):
            yield (
                _("People who may be in the register twice"),
                duplicates.count(),
                reverse("admin:members_user_duplicates"),
            )
        members = Membership.objects.current(today).values("user")
        yield (
            _("Members without payer"),
            User.objects.filter(pk__in=members, billing_details__isnull=True).count(),
            f"{people}?standing=no-payer",
        )
        yield (
            _("Addresses that bounce"),
            User.objects.filter(email_bounced_at__isnull=False).count(),
            f"{people}?standing=bounced",
        )
