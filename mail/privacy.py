from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mail.models import Mail
from privacy.recipients import HOSTING
from privacy.recipients import MAIL as CARRIER
from privacy.register import (
    Basis,
    Category,
    Data,
    Keep,
    Purpose,
    Sooner,
    Subject,
    declare,
    not_exported,
    technical,
)

LETTERS = Purpose(
    key="letters",
    title=_("Messages that we send you"),
    why=_("To send you what you asked for or must have: confirmations, invoices, reminders."),
    basis=Basis.CONTRACT,
    keep=Keep(months=12, after=_("the message was written")),
    needed=_("Required: without an e-mail address we cannot reach you."),
    recipients=(HOSTING, CARRIER),
)

# A code for logging in is spent in minutes: such letters go at once, the rest after a year.
CODES = Sooner(
    Q(key__startswith="account:"),
    kept_from="created_at",
    keep=Keep(days=1, after=_("a message with a log-in code was written")),
)

# The last letter to somebody who was erased: it goes the night after it left.
FAREWELL = Sooner(
    Q(key__startswith="erasure:"),
    kept_from="created_at",
    keep=Keep(after=_("the receipt of your erasure was sent"), days=1),
)


def copied_to(subject: Subject) -> Q:
    """A copy that went to the person of a letter to somebody else, such as their employer."""
    found = Q(pk__in=[])
    for email in subject.emails:
        found |= Q(cc__iexact=email)
    return found


declare(
    Mail._meta.label,
    person="person",
    person_email="to",
    found_by=copied_to,
    purpose=LETTERS,
    kept_from="created_at",
    fields={
        "to cc": Data(Category.CONTACT),
        "subject text unsubscribe_url": Data(Category.CORRESPONDENCE, provided=False),
        "html": Data(
            Category.CORRESPONDENCE, provided=False, exported=not_exported(_("Repeats the text."))
        ),
        "sent_at created_at state problem": Data(Category.CORRESPONDENCE, provided=False),
        "key language wording attachments guard not_before leased_until attempts": technical(),
    },
    sooner=[CODES, FAREWELL],
)
