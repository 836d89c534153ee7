"""What this room stores of people, why, and for how long."""

from django.db.models import Case, DateField, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils.translation import gettext_lazy as _

from members.consent_chain import forget
from members.fingerprints import all_fingerprints
from members.models import Consent
from members.operations.erasing import close_account
from privacy.recipients import AUDITOR, HOSTING, MAIL, ORGANISER
from privacy.register import (
    BLANK,
    MASK,
    Basis,
    Category,
    Data,
    Keep,
    Purpose,
    Sooner,
    Subject,
    also_holds,
    before_erasure,
    by_function,
    declare,
    keep_field,
    keep_row,
    no_person,
    not_exported,
    technical,
)

MEMBERSHIP = Purpose(
    key="membership",
    title=_("Your membership"),
    why=_("To know who our members are, reach them and give them what members are entitled to."),
    basis=Basis.CONTRACT,
    keep=Keep(months=12, after=_("your membership ended, or you last logged in")),
    needed=_(
        "Name and e-mail are required: without them you cannot be a member. The rest is up to you."
    ),
    whom=_("Members and former members."),
    source=_(
        "You, or, for those who were members before this site began, the association's earlier "
        "register of members."
    ),
    recipients=(HOSTING, MAIL),
)
APPLICATION = Purpose(
    key="application",
    title=_("Your application"),
    why=_("To decide on your application, and to fill in the next one for you."),
    basis=Basis.CONTRACT,
    keep=Keep(months=14, after=_("your application was decided")),
    needed=_("Required fields are marked. Without them we cannot decide on your application."),
    whom=_("Those who apply for membership."),
    recipients=(HOSTING, MAIL),
)
STUDIES = Purpose(
    key="studies",
    title=_("Proof of studies"),
    why=_("To give students the lower fee."),
    basis=Basis.CONTRACT,
    keep=Keep(months=14, after=_("your application was decided")),
    needed=_("Required for a student membership only."),
    whom=_("Those who apply for a student membership."),
    recipients=(HOSTING,),
)
PAYER = Purpose(
    key="payer",
    title=_("Who pays"),
    why=_("To send the invoice of your fee to the right place with the right reference."),
    basis=Basis.CONTRACT,
    keep=Keep(months=12, after=_("your membership ended")),
    needed=_(
        "An employer that pays must be named with organisation number and address, because the "
        "law demands them on an invoice. If you pay yourself nothing more is asked."
    ),
    whom=_("Members, and the contact persons of employers who pay."),
    recipients=(HOSTING, MAIL, AUDITOR),
)
MEMBERSHIP_YEARS = Purpose(
    key="membership-years",
    title=_("The years of your membership"),
    why=_("To show which year an invoice was for."),
    basis=Basis.LEGAL_OBLIGATION,
    because=_("The Swedish Bookkeeping Act (1999:1078), chapter 7, section 2."),
    keep=Keep(years=7, end_of_year=True, after=_("the year of membership ended")),
    needed=_("It follows from your membership and need not be given by you."),
    whom=_("Members and former members."),
    source=_("It arises when you join and renew."),
    recipients=(HOSTING, AUDITOR),
)
CONSENT_PROOF = Purpose(
    key="consent-proof",
    title=_("Your consents"),
    why=_("To do what you said yes to and nothing else, and to be able to show it."),
    basis=Basis.LEGAL_OBLIGATION,
    because=_("GDPR, Article 7.1: we must be able to show that you consented."),
    keep=Keep(months=24, after=_("you withdrew the consent or your data were erased")),
    needed=_("Voluntary. Your membership is the same without any consent."),
    whom=_("Members and others who said yes to something."),
    recipients=(HOSTING, ORGANISER),
)
FREE_YEAR = Purpose(
    key="free-year",
    title=_("The free first year of students"),
    why=_("To give the free first year once to each person."),
    basis=Basis.LEGITIMATE_INTEREST,
    because=_(
        "Our members' interest that everybody pays their share. All we keep is a fingerprint that "
        "nobody can turn back into an address or a card number."
    ),
    keep=Keep(years=10, after=_("you got the free year")),
    needed=_("It follows from the free year and need not be given by you."),
    whom=_("Those who have had a free year as students."),
    recipients=(HOSTING,),
)


def known_fingerprints(subject: Subject) -> Q:
    prints = [print_ for email in subject.emails for print_ in all_fingerprints(email)]
    return Q(fingerprint__in=prints)


# Staff goes when somebody takes their role away, not when a membership ran out.
LAST_SEEN_AS_MEMBER = Case(
    When(is_staff=True, then=Value(None, output_field=DateField())),
    default=Greatest(
        Coalesce(Max("memberships__ends_on"), TruncDate("created_at")),
        Coalesce(TruncDate("last_login"), TruncDate("created_at")),
        output_field=DateField(),
    ),
    output_field=DateField(),
)
CONSENT_OVER = Coalesce(
    F("user__erased_at"),
    Subquery(
        Consent.objects.filter(
            user=OuterRef("user"),
            text__purpose=OuterRef("text__purpose"),
            action=Consent.Action.WITHDRAWN,
            at__gte=OuterRef("at"),
        )
        .order_by("at")
        .values("at")[:1]
    ),
)

before_erasure(close_account)

declare(
    "members.User",
    person="self",
    purpose=MEMBERSHIP,
    kept_from=LAST_SEEN_AS_MEMBER,
    on_erasure=BLANK,
    fields={
        "email": Data(Category.CONTACT, on_erasure=MASK),
        "name phone": Data(Category.CONTACT),
        "employer title": Data(Category.WORK),
        "language": Data(Category.CHOICES),
        "last_login": Data(Category.SECURITY, provided=False),
        "password": Data(
            Category.SECURITY,
            on_erasure=keep_field(_("Replaced by one that nobody can know.")),
            exported=not_exported(_("Only a fingerprint of it is stored.")),
        ),
        "groups user_permissions": Data(Category.ACTIVITY, provided=False),
        "email_bounced_at": Data(Category.CONTACT, provided=False),
        "imported_on": Data(Category.MEMBERSHIP, provided=False),
        "public_id is_staff is_superuser is_active created_at details_confirmed_on erased_at": (
            technical()
        ),
    },
)
declare(
    "members.BillingDetails",
    person="user",
    purpose=PAYER,
    kept_with="user",
    fields={
        "payer name organisation_number street care_of postcode city country": Data(
            Category.PAYMENT
        ),
        "email reference order_number cost_centre peppol_id": Data(Category.PAYMENT),
        "is_collective": Data(Category.CHOICES),
    },
)
declare(
    "members.Application",
    person="user",
    person_email="email",
    purpose=APPLICATION,
    kept_from=Coalesce("decided_at", "created_at"),
    fields={
        "email name phone": Data(Category.CONTACT),
        "employer title": Data(Category.WORK),
        "language": Data(Category.CHOICES),
        "kind state created_at confirmed_at decided_at": Data(Category.MEMBERSHIP, provided=False),
        "decision_reason question asked_at": Data(Category.CORRESPONDENCE, provided=False),
        "payer payer_name organisation_number street postcode city invoice_email": Data(
            Category.PAYMENT
        ),
        "reference order_number cost_centre peppol_id": Data(Category.PAYMENT),
        "mecenat_number": Data(
            Category.STUDIES, purpose=STUDIES, kept_from="decided_at", sensitive=True
        ),
        "school studies_end_on is_employed": Data(
            Category.STUDIES, purpose=STUDIES, kept_from="decided_at"
        ),
        "consents": Data(Category.CHOICES),
        "public_id form_token": technical(),
    },
    actors="decided_by",
    sooner=[
        Sooner(
            Q(state="unconfirmed"),
            kept_from="created_at",
            keep=Keep(days=7, after=_("you applied without confirming the address")),
        ),
        Sooner(
            Q(state="rejected"),
            kept_from="decided_at",
            keep=Keep(months=6, after=_("your application was turned down")),
        ),
    ],
)
declare(
    "members.Membership",
    person="user",
    purpose=MEMBERSHIP_YEARS,
    kept_from="ends_on",
    on_erasure=keep_row(_("The books refer to it: it shows which year an invoice was for.")),
    fields={
        "kind starts_on ends_on ended_on ended_why created_at is_carried_over": Data(
            Category.MEMBERSHIP, provided=False
        ),
        "invoice invoice_line exempt_reason": Data(Category.PAYMENT, provided=False),
    },
)
# On one invoice to an employer each member has a line.
also_holds("billing.InvoiceLine", person="membership__user")
declare(
    "members.DistinctPeople",
    person=("one", "other"),
    purpose=MEMBERSHIP,
    kept_with="one",
    fields={"decided_at": Data(Category.MEMBERSHIP, provided=False)},
    actors="decided_by",
)
declare(
    "members.FeeExemption",
    person="user",
    purpose=MEMBERSHIP,
    kept_with="user",
    fields={"reason starts_on ends_on": Data(Category.MEMBERSHIP, provided=False)},
    actors="decided_by",
)
declare(
    "members.FreeYear",
    found_by=known_fingerprints,
    purpose=FREE_YEAR,
    kept_from="given_on",
    on_erasure=keep_row(_("The free year is given once, also to those who come back later.")),
    fields={
        "fingerprint": Data(
            Category.STUDIES,
            provided=False,
            exported=not_exported(_("It says nothing but to our own system.")),
        ),
        "given_on": Data(Category.MEMBERSHIP, provided=False),
    },
)
declare(
    "members.Consent",
    person="user",
    purpose=CONSENT_PROOF,
    kept_from=CONSENT_OVER,
    on_erasure=keep_row(_("It is the proof of what you said yes and no to.")),
    at_end=by_function(forget, reason=_("The proof goes, and leaves a mark without a name.")),
    fields={"text action at channel": Data(Category.CHOICES)},
)
no_person(
    "members.ConsentMark",
    fields="consent_number content before mark cleared_at",
    reason=_("Numbers that show that no consent was changed; they name nobody."),
)
no_person(
    "members.ConsentText",
    fields="purpose version language body sha256 published_at withdrawn_at",
    reason=_("Texts that people are asked to say yes to."),
)
no_person(
    "members.MembershipKind",
    fields=(
        "code name_sv name_en summary_sv summary_en terms_sv terms_en product is_for_students "
        "first_year_free position"
    ),
    reason=_("Kinds of membership and their terms."),
)
no_person("members.Fee", fields="kind amount valid_from", reason=_("Fees."))
no_person(
    "members.RenewalTerms",
    fields="invoice_before first_notice_before second_notice_before unpaid_ends_after",
    reason=_("Numbers of days."),
)
