"""What an application says, in full, for the owner of the address to see before confirming it.

Anybody may have filled in the form: an invoice address or a reference that is not shown could be a
stranger's.
"""

from datetime import date

from django.contrib.admin.utils import label_for_field
from django.utils import formats
from django.utils.text import capfirst

from billing import giro
from members.models import Application

_PERSON = ("name", "email", "phone", "employer", "title")
_STUDIES = ("school", "mecenat_number", "studies_end_on")
_PAYER = (
    *("payer", "payer_name", "organisation_number", "street", "postcode", "city"),
    *("invoice_email", "reference", "order_number", "cost_centre", "peppol_id"),
)


def of_application(application: Application) -> list[tuple[str, str]]:
    """Label and answer; what was left empty is left out."""
    names = (*_PERSON, *(_STUDIES if application.kind.is_for_students else _PAYER))
    return [
        (capfirst(str(label_for_field(name, Application))), words)
        for name in names
        if (words := _in_words(application, name))
    ]


def _in_words(application: Application, name: str) -> str:
    value = getattr(application, name)
    if name == "payer":
        return str(application.get_payer_display())
    if name == "organisation_number" and value:
        return giro.format_organisation_number(value)
    return formats.date_format(value) if isinstance(value, date) else str(value or "")
