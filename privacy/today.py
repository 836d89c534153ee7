"""What waits for the privacy officer, for the front page of the admin."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.models import Incident, Request, RetentionRun

Waiting = tuple[str | Promise, int, str]


def waiting(user: Any, today: date) -> Iterator[Waiting]:
    """Title, count and address of each list that `user` may see. A query for each."""
    if user.has_perm("privacy.view_request"):
        requests = reverse("admin:privacy_request_changelist")
        open_ones = f"{requests}?state__exact=open"
        yield _("Requests about personal data"), Request.objects.open().count(), open_ones
        yield (
            _("Requests to be answered within a week"),
            Request.objects.due_soon(today).count(),
            open_ones,
        )
    if user.has_perm("privacy.view_incident"):
        yield (
            _("Breaches not yet closed"),
            Incident.objects.filter(closed_at__isnull=True).count(),
            f"{reverse('admin:privacy_incident_changelist')}?closed_at__isempty=1",
        )
    if user.has_perm("privacy.view_retentionrun"):
        yield (
            _("Rules of clearing that were stopped last night"),
            RetentionRun.objects.last_night().filter(stopped=True).count(),
            f"{reverse('admin:privacy_retentionrun_changelist')}?stopped__exact=1",
        )
