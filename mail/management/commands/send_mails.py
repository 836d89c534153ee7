from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from mail import operations


class Command(BaseCommand):
    help = (
        "Send the mails that wait, until none does: what Celery's sweep does every minute, without "
        "Celery or beside it. In several windows they share the letters between them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sent = operations.sweep(lasting=timedelta(days=1))
        self.stdout.write(f"{sent} sent")
