"""What this room stores of people: nothing."""

from django.utils.translation import gettext_lazy as _

from privacy.register import no_person

no_person(
    "config.JobRun",
    fields="name day started_at finished_at count failed",
    reason=_("When the night's jobs ran and how many rows they wrote."),
)
