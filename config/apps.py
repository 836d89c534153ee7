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
