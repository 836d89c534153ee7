from django.utils.translation import gettext_lazy as _

from privacy.register import no_person

no_person(
    "news.Article",
    fields=(
        "title_sv title_en slug_sv slug_en lead_sv lead_en body_sv body_en topics "
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
