"""The rows that membership cannot start without. Staff edit them; running this again changes
nothing that is there."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

DECIDED_ON = date(2015, 1, 1)
PUBLISHED_AT = datetime(2021, 1, 1, tzinfo=UTC)


def create(apps: Any) -> None:
    """Called by a migration with its historical models, and by tests with the real ones."""
    apps.get_model("members", "RenewalTerms").objects.get_or_create(pk=1)
    _kinds(apps)
    _consent_texts(apps.get_model("members", "ConsentText"))


def _kinds(apps: Any) -> None:
    product = apps.get_model("billing", "Product").objects.get(code="membership")
    kinds, fees = apps.get_model("members", "MembershipKind"), apps.get_model("members", "Fee")
    for code, fee, columns in _KINDS:
        kind, created = kinds.objects.get_or_create(
            code=code, defaults={"product": product, **columns}
        )
        if created:
            fees.objects.create(kind=kind, amount=fee, valid_from=DECIDED_ON)


def _consent_texts(model: Any) -> None:
    for purpose, version, language, body, is_asked in _CONSENT_TEXTS:
        model.objects.get_or_create(
            purpose=purpose,
            version=version,
            language=language,
            defaults={
                "body": body,
                "sha256": hashlib.sha256(body.encode()).hexdigest(),
                "published_at": PUBLISHED_AT if is_asked else None,
            },
        )


_KINDS = (
    (
        "ordinary",
        Decimal(1645),
        {
            "position": 1,
            "name_sv": "Ordinarie medlemskap",
            "name_en": "Ordinary membership",
            "summary_sv": "För dig som arbetar med eller intresserar dig för dataskydd.",
            "summary_en": "For everyone who works with data protection or takes an interest in it.",
            "terms_sv": (
                "Medlemskapet gäller ett år från den dag du bekräftar din ansökan och förnyas "
                "med ett år i taget. Vi skickar fakturan för nästa år i god tid; vill du inte "
                "fortsätta avslutar du medlemskapet på Mina sidor.\n\n"
                "Medlemmar går gratis på våra seminarier och nätverksträffar och till rabatterat "
                "pris på Nordic Privacy Arena."
            ),
            "terms_en": (
                "The membership runs for a year from the day you confirm your application, and is "
                "renewed a year at a time. You get the invoice for the next year in good time; if "
                "you do not want to go on, you end the membership on My pages.\n\n"
                "Members attend our seminars and network meetings free of charge and Nordic "
                "Privacy Arena at a lower price."
            ),
        },
    ),
    (
        "student",
        Decimal(200),
        {
            "position": 2,
            "is_for_students": True,
            "first_year_free": True,
            "name_sv": "Studentmedlemskap",
            "name_en": "Student membership",
            "summary_sv": "För dig som studerar och inte är anställd på ett företag.",
            "summary_en": "For students who are not employed at a company.",
            "terms_sv": (
                "Första året är gratis, därefter kostar året 200 kr. Är du anställd på ett "
                "företag gäller ordinarie medlemskap.\n\n"
                "Studentmedlemskapet upphör av sig självt efter ett år. Därefter behövs en ny "
                "ansökan, som vi skickar dig ifylld i god tid. Ha ditt Mecenatkortsnummer till "
                "hands."
            ),
            "terms_en": (
                "The first year is free, then a year costs SEK 200. If you are employed at a "
                "company, ordinary membership applies.\n\n"
                "A student membership ends by itself after a year. Then a new application is "
                "needed, which we send you filled in and in good time. Have your Mecenat number "
                "at hand."
            ),
        },
    ),
)

_CONSENT_TEXTS = (
    (
        "news",
        "seed-1",
        "sv",
        (
            "Genom att fylla i formuläret, godkänner jag att Forum för Dataskydd lagrar mina "
            "personuppgifter i sin databas som kommer användas för att förse mig med relevant "
            "information om Forum för Dataskydds tjänster och erbjudanden."
        ),
        True,
    ),
    (
        "news",
        "seed-1",
        "en",
        (
            "By filling in the form I agree that Forum för Dataskydd stores my personal data in "
            "its database, to be used to provide me with relevant information about the services "
            "and offers of Forum för Dataskydd."
        ),
        True,
    ),
    # Better words for the same thing, for the board to publish when it wants to.
    (
        "news",
        "2",
        "sv",
        "Ja tack, mejla mig om föreningens kurser, evenemang och erbjudanden.",
        False,
    ),
    (
        "news",
        "2",
        "en",
        "Yes please, e-mail me about the association's courses, events and offers.",
        False,
    ),
    (
        "participants",
        "1",
        "sv",
        (
            "Visa mitt namn och min arbetsgivare på deltagarlistan när jag kommer till ett "
            "evenemang. Listan ser bara de som deltar."
        ),
        True,
    ),
    (
        "participants",
        "1",
        "en",
        (
            "Show my name and employer on the list of participants when I come to an event. Only "
            "those who take part see the list."
        ),
        True,
    ),
    (
        "directory",
        "1",
        "sv",
        "Visa mitt namn och min arbetsgivare för andra medlemmar i medlemsregistret.",
        False,
    ),
    (
        "directory",
        "1",
        "en",
        "Show my name and employer to other members in the member directory.",
        False,
    ),
)
