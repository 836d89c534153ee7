"""When renewals, notices and endings happen: one row that staff edit, with its history."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

_WITHIN_A_YEAR = [MinValueValidator(1), MaxValueValidator(180)]


class RenewalTerms(models.Model):
    """Numbers of days, the same for all kinds of membership."""

    invoice_before = models.PositiveSmallIntegerField(
        _("next year is invoiced, days before the end"), default=30, validators=_WITHIN_A_YEAR
    )
    first_notice_before = models.PositiveSmallIntegerField(
        _("first notice to students, days before the end"), default=30, validators=_WITHIN_A_YEAR
    )
    second_notice_before = models.PositiveSmallIntegerField(
        _("second notice to students, days before the end"), default=7, validators=_WITHIN_A_YEAR
    )
    unpaid_ends_after = models.PositiveSmallIntegerField(
        _("unpaid membership ends, days after the due date"), default=45, validators=_WITHIN_A_YEAR
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("terms of renewal")
        verbose_name_plural = _("terms of renewal")
        constraints = [
            models.CheckConstraint(name="renewal_terms_are_one_row", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="second_notice_after_first",
                condition=models.Q(second_notice_before__lt=models.F("first_notice_before")),
                violation_error_message=_("The second notice comes after the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def notices_before(self) -> tuple[int, int]:
        """Days before the end, the last notice first."""
        return self.second_notice_before, self.first_notice_before
