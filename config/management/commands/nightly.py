from datetime import date
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import jobs


class Command(BaseCommand):
    help = "Run everything that happens at night. Late, twice or half-way: the same result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="as if today were YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="say who would get what")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        outcomes = jobs.run_nightly(today=options["date"], dry_run=dry_run)
        for outcome in outcomes:
            self.stdout.write(f"{outcome.name}: {outcome.failed or outcome.count}")
            if dry_run and outcome.count and outcome.name in get_commands():
                # A job with a command of its own says more than how many.
                call_command(outcome.name, date=options["date"], dry_run=True, stdout=self.stdout)
        failed = [outcome.name for outcome in outcomes if outcome.failed]
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}")
