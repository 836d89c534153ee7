"""Electronic addresses in the Peppol network: scheme and number, as `0007:8029999995`."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_peppol_id = RegexValidator(
    r"^[0-9]{4}:[0-9A-Za-z.+\-]{1,50}$", _("Enter a Peppol id, such as 0007:8029999995.")
)
