from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from billing import operations


class Command(BaseCommand):
    help = (
        "Remind of unpaid invoices. Every step is sent once, whenever and however often this runs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="as if today were YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="say who would get what")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        today = options["date"] or timezone.localdate()
        count = operations.send_reminders(today=today, dry_run=dry_run, told=self.tell)
        self.stdout.write(f"{count} {'would be sent' if dry_run else 'sent'}")

    def tell(self, reminders: Sequence[operations.DueReminder]) -> None:
        """As they are done: a long run shows how far it is."""
        for reminder in reminders:
            invoice = reminder.invoice
            self.stdout.write(
                f"{invoice.number} {invoice.customer_email} step {reminder.step} "
                f"due {invoice.due_on}"
            )
