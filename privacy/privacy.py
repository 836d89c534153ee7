"""What this room stores of people."""

from django.utils.translation import gettext_lazy as _

from privacy.basic_purposes import ACCOUNTABILITY
from privacy.register import Category, Data, declare, keep_row, no_person

declare(
    "privacy.AccessLog",
    person="person",
    purpose=ACCOUNTABILITY,
    kept_from="at",
    on_erasure=keep_row(_("It shows who looked at your data, also after you have left.")),
    fields={"role purpose view at": Data(Category.ACTIVITY, provided=False)},
    actors="actor",
)
no_person(
    "privacy.Processor",
    fields="recipient name country role safeguard contract_on host ended_on",
    reason=_("Companies, not people."),
)
