from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from members import operations


class Command(BaseCommand):
    help = "Tell students that their year ends, with a new application already filled in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="as if today were YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="say who would be told")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        today = options["date"] or timezone.localdate()
        count = operations.send_student_notices(today=today, dry_run=dry_run, told=self.tell)
        self.stdout.write(f"{count} {'would be told' if dry_run else 'told'}")

    def tell(self, notices: Sequence[operations.Notice]) -> None:
        """As they are done: a long run shows how far it is."""
        for notice in notices:
            membership = notice.membership
            self.stdout.write(
                f"{membership.user.email} ends {membership.ends_on}, {notice.step} days before"
            )
