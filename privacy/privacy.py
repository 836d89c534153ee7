"""What this room stores of people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.basic_purposes import ACCOUNTABILITY
from privacy.fingerprints import all_fingerprints
from privacy.models.copies import LIVES
from privacy.purposes import Basis, Purpose
from privacy.recipients import HOSTING, MAIL
from privacy.register import (
    Category,
    Data,
    Keep,
    Subject,
    declare,
    keep_row,
    no_person,
    not_exported,
    technical,
)

REQUESTS = Purpose(
    key="requests",
    title=_("What you ask of us about your data"),
    why=_("To answer in time when you want to see, correct, move, restrict or erase your data."),
    basis=Basis.LEGAL_OBLIGATION,
    because=_("GDPR, Articles 12 to 22: we must answer, and be able to show that we did."),
    keep=Keep(months=24, after=_("you were answered")),
    needed=_("We must know who you are, or somebody else could ask in your name."),
    whom=_("Those who ask something of us about their data."),
    recipients=(HOSTING, MAIL),
)
PROTECTION = Purpose(
    key="protection",
    title=_("Special care with your data"),
    why=_("To keep a protected identity off every list, and to stop or keep data on request."),
    basis=Basis.LEGAL_OBLIGATION,
    because=_("GDPR, Articles 17.3.e, 18, 24 and 32."),
    keep=Keep(months=6, after=_("the protection ended")),
    needed=_("Voluntary: tell us if your identity is protected, and we shall handle it so."),
    whom=_("People with a protected identity, and those whose data are subject to a claim."),
    source=_("You or an authority told us."),
    recipients=(HOSTING,),
)


def looks_at_guest(subject: Subject) -> Q:
    """Looks at bookings without an account are kept by the fingerprint of the address."""
    return Q(guest__in=[mark for email in subject.emails for mark in all_fingerprints(email)])


def erasures_of(subject: Subject) -> Q:
    return Q(who__in=subject.marks())


declare(
    "privacy.AccessLog",
    person="person",
    found_by=looks_at_guest,
    purpose=ACCOUNTABILITY,
    kept_from="at",
    on_erasure=keep_row(_("It shows who looked at your data, also after you have left.")),
    fields={
        "role purpose at": Data(Category.ACTIVITY, provided=False),
        "guest what view": technical(),
    },
    actors="actor",
)
declare(
    "privacy.Request",
    person="person",
    person_email="email",
    purpose=REQUESTS,
    kept_from="answered_at",
    fields={
        "name email": Data(Category.CONTACT),
        "kind message": Data(Category.CORRESPONDENCE),
        "language": Data(Category.CHOICES),
        "state received_at due_on extended_because identity answered_at answer": Data(
            Category.CORRESPONDENCE, provided=False
        ),
        "public_id": technical(),
    },
    actors="answered_by",
)
declare(
    "privacy.Protection",
    person="person",
    person_email="email",
    purpose=PROTECTION,
    kept_from="ended_at",
    fields={
        "email": Data(Category.CONTACT, provided=False),
        "kind reason began_at ended_at": Data(Category.ACTIVITY, provided=False),
    },
    actors="decided_by",
)
declare(
    "privacy.Copy",
    person="person",
    person_email="email",
    purpose=REQUESTS,
    keep=Keep(days=LIVES.days, after=_("the link to your copy was made")),
    kept_from="made_at",
    fields={
        "email": Data(Category.CONTACT, provided=False),
        "made_at expires_at fetched_at": Data(Category.CORRESPONDENCE, provided=False),
        "token_hash": Data(
            Category.SECURITY,
            provided=False,
            exported=not_exported(_("It says nothing but to our own system.")),
        ),
    },
    actors="made_by",
)
declare(
    "privacy.Erasure",
    found_by=erasures_of,
    purpose=ACCOUNTABILITY,
    kept_from="at",
    on_erasure=keep_row(_("It shows that you were erased, and erases you again from a backup.")),
    fields={
        "who": Data(
            Category.IDENTITY,
            provided=False,
            exported=not_exported(_("It says nothing but to our own system.")),
        ),
        "at receipt": Data(Category.ACTIVITY, provided=False),
        "id": technical(),
    },
    actors="by",
)
no_person(
    "privacy.Processor",
    fields="recipient name country role safeguard contract_on host ended_on",
    reason=_("Companies, not people."),
)
no_person(
    "privacy.RetentionRun",
    fields="night rule found removed held stopped ran_at",
    reason=_("Numbers of rows."),
    actors="released_by",
)
no_person(
    "privacy.Incident",
    fields=(
        "title kind discovered_at began_at ended_at tables happened consequences measures risk "
        "late_because notified_at told_at closed_at"
    ),
    reason=_("Breaches in words without names; those affected are worked out, not stored."),
    actors="actor",
)
