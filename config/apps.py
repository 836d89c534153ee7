from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        # Registers the system checks; importing is the whole effect.
        from config import checks, newsletter  # noqa: F401, PLC0415

        newsletter.register()


class StaffConfig(AdminConfig):
    """Django's admin with our own index and log-in."""

    default_site = "config.staff.StaffSite"

    def ready(self) -> None:
        """What the log-in library would show here belongs to each person's own pages."""
        super().ready()
        from allauth.account.models import EmailAddress  # noqa: PLC0415  not before all are loaded
        from allauth.mfa.models import Authenticator  # noqa: PLC0415
        from allauth.usersessions.models import UserSession  # noqa: PLC0415
        from django.contrib.admin import site  # noqa: PLC0415

        site.unregister([EmailAddress, Authenticator, UserSession])
