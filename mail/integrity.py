"""Proof that every mail leaves or says why not (`manage.py check_ledger`)."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from mail import makers
from mail.models import Mail

# Longer than any lease and any sweep: a mail that is "being sent" since then belongs to nobody.
LOST = timedelta(hours=1)


def findings() -> Iterator[str]:
    now = timezone.now()
    for mail in Mail.objects.filter(state=Mail.State.SENDING, leased_until__lt=now - LOST):
        yield f"mail {mail.pk}: is being sent since {mail.leased_until:%Y-%m-%d %H:%M}"
    waiting = Mail.objects.filter(state__in=[Mail.State.QUEUED, Mail.State.SENDING])
    columns = ("pk", "wording", "attachments", "guard")
    for number, wording, attachments, guard in waiting.values_list(*columns).iterator():
        asked = [*([wording] if wording else []), *attachments, *guard]
        unknown = [name for name, _ in asked if not makers.known(name)]
        if unknown:
            yield f"mail {number}: asks for {', '.join(unknown)}, which nobody makes"
