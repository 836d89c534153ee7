from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from members import operations
from members.models import Membership


class Command(BaseCommand):
    help = "End the memberships whose fee has been unpaid for too long, and credit their invoices."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="as if today were YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="say whose would end")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        today = options["date"] or timezone.localdate()
        count = operations.end_memberships(today=today, dry_run=dry_run, told=self.tell)
        self.stdout.write(f"{count} {'would end' if dry_run else 'ended'}")

    def tell(self, memberships: Sequence[Membership]) -> None:
        """As they are done: a long run shows how far it is."""
        for membership in memberships:
            invoice = membership.invoice
            assert invoice is not None  # noqa: S101  unpaid means that there is one
            self.stdout.write(
                f"{membership.user.email} {invoice.number} unpaid since {invoice.due_on}"
            )
