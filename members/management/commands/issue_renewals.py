from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from billing.money import format_price
from members import operations


class Command(BaseCommand):
    help = "Write and invoice the next year of members whose year is about to run out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="as if today were YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="say who would get what")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        today = options["date"] or timezone.localdate()
        count = operations.issue_renewals(today=today, dry_run=dry_run, told=self.tell)
        self.stdout.write(f"{count} {'would be renewed' if dry_run else 'renewed'}")

    def tell(self, renewals: Sequence[operations.Renewal]) -> None:
        """As they are done: a long run shows how far it is."""
        for renewal in renewals:
            user, year = renewal.earlier.user, renewal.year
            fee = f"exempt: {year.exempt_reason}" if year.exempt_reason else format_price(year.fee)
            self.stdout.write(f"{user.email} {year.period} {fee}")
