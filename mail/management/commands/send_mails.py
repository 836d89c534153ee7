from typing import Any

from django.core.management.base import BaseCommand

from mail import operations


class Command(BaseCommand):
    help = "Send the mails that wait. What Celery's sweep does every minute, without Celery."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{operations.sweep()} sent")
