from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.recipients import HOSTING, MAIL
from privacy.register import Basis, Category, Data, Keep, Purpose, Sooner, declare, no_person

NEWSLETTER = Purpose(
    key="newsletter",
    title=_("Our newsletter"),
    why=_(
        "To mail the newsletter to those who asked for it, and to be able to show that they did."
    ),
    basis=Basis.CONSENT,
    keep=Keep(months=24, after=_("you ended the newsletter")),
    needed=_("Voluntary. One press in any newsletter ends it."),
    withdraw=_("Press “End the newsletter” in any letter, or write to us."),
    whom=_("Those who ask for the newsletter without being members."),
    recipients=(HOSTING, MAIL),
)

no_person(
    "news.Article",
    fields=(
        "title_sv title_en slug_sv slug_en lead_sv lead_en body_sv body_en topics event_keys "
        "picture picture_width picture_height picture_alt_sv picture_alt_en "
        "published_at unpublished_at created_at updated_at imported_from imported_hash"
    ),
    reason=_("Published texts of the association, with the name of whoever signed them."),
    actors="author",
)
no_person(
    "news.Source",
    fields="article label_sv label_en url order",
    reason=_("Links to what has been published elsewhere."),
)
no_person(
    "news.Topic",
    fields="name_sv name_en slug_sv slug_en",
    reason=_("Subjects that articles are sorted under."),
)
no_person(
    "news.Page",
    fields=(
        "code title_sv title_en slug_sv slug_en lead_sv lead_en body_sv body_en "
        "is_shown place position updated_at"
    ),
    reason=_("Published texts of the association about itself."),
)
no_person(
    "news.Newsletter",
    fields=(
        "subject_sv subject_en intro_sv intro_en articles event_keys created_at sent_at written_at"
    ),
    reason=_("Letters that were sent to everybody alike."),
    actors="sent_by",
)
declare(
    "news.Subscriber",
    person_email="email",
    purpose=NEWSLETTER,
    kept_from="ended_at",
    fields={
        "email": Data(Category.CONTACT),
        "language consent asked_at confirmed_at ended_at": Data(Category.CHOICES),
    },
    sooner=[
        Sooner(
            Q(confirmed_at=None),
            kept_from="asked_at",
            keep=Keep(days=7, after=_("you asked without confirming")),
        )
    ],
)
