"""Which companies outside handle personal data for us."""

from babel import Locale
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from privacy import recipients


class Processor(models.Model):
    """One company behind a kind of recipient. The notice and the record name those in use."""

    class Role(models.TextChoices):
        PROCESSOR = "processor", pgettext_lazy("recipient", "on our instructions")
        CONTROLLER = "controller", pgettext_lazy("recipient", "in its own right")

    class Safeguard(models.TextChoices):
        INSIDE = "inside", _("The data stay in the EU/EEA.")
        ADEQUACY = "adequacy", _("Decision of the EU Commission on adequate protection (Art. 45).")
        CLAUSES = "clauses", _("Standard contractual clauses of the EU Commission (Art. 46.2.c).")

    recipient = models.CharField(_("kind of recipient"), max_length=20, choices=recipients.choices)
    name = models.CharField(_("company"), max_length=200)
    country = models.CharField(
        _("country"), max_length=2, help_text=_("Two letters, for example SE, IE or US.")
    )
    role = models.CharField(_("handles the data"), max_length=10, choices=Role.choices)
    safeguard = models.CharField(
        _("transfer outside the EU/EEA"), max_length=10, choices=Safeguard.choices
    )
    contract_on = models.DateField(
        _("contract signed"),
        null=True,
        blank=True,
        help_text=_("The data processing agreement (Art. 28). Not needed in its own right."),
    )
    host = models.CharField(
        _("server we call"),
        max_length=200,
        blank=True,
        help_text=_("The name of the server our site sends data to, if it does."),
    )
    ended_on = models.DateField(_("no longer used since"), null=True, blank=True)

    class Meta:
        verbose_name = _("company that receives data")
        verbose_name_plural = _("companies that receive data")
        ordering = ["recipient", "name"]
        constraints = [
            models.CheckConstraint(
                name="processor_has_contract",
                condition=Q(role="controller") | Q(contract_on__isnull=False),
                violation_error_message=_(
                    "Who handles data on our instructions needs a signed contract (Art. 28)."
                ),
            ),
            models.CheckConstraint(
                name="processor_country_is_code", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.country = self.country.upper()
        if self.country not in Locale("sv").territories:
            raise ValidationError({"country": _("There is no country with these two letters.")})

    @property
    def country_name(self) -> str:
        return Locale((get_language() or "sv")[:2]).territories.get(self.country, self.country)
