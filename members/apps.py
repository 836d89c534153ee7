from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        # Registers what queued mails may ask for; importing is the whole effect.
        from members import accounts, consent_guard, emails, other_sessions  # noqa: F401, PLC0415
