from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from members import operations


class Command(BaseCommand):
    help = "End the memberships whose fee has been unpaid for too long, and credit their invoices."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="as if today were YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="say whose would end")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        today = options["date"] or timezone.localdate()
        ended = operations.end_memberships(today=today, dry_run=dry_run)
        for membership in ended:
            invoice = membership.invoice
            assert invoice is not None  # noqa: S101  unpaid means that there is one
            self.stdout.write(
                f"{membership.user.email} {invoice.number} unpaid since {invoice.due_on}"
            )
        self.stdout.write(f"{len(ended)} {'would end' if dry_run else 'ended'}")
