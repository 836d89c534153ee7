import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from privacy.operations.clearing import clear_expired


class Command(BaseCommand):
    help = (
        "Removes what has outlived its period, rule by rule. A rule that finds unusually much "
        "(more than RETENTION_CAP rows that are most of a table, or should have gone a week ago) "
        "stops: look with --dry-run, then run with a higher --cap."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date", type=dt.date.fromisoformat, help="as if tonight were YYYY-MM-DD"
        )
        parser.add_argument("--cap", type=int, help="instead of RETENTION_CAP")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["date"] or timezone.localdate()
        runs = clear_expired(today=today, dry_run=options["dry_run"], cap=options["cap"])
        for run in runs:
            stopped = "  STOPPED" if run.stopped else ""
            self.stdout.write(
                f"{run.rule}: {run.found} past their time, {run.removed} removed, "
                f"{run.held} held{stopped}"
            )
        if any(run.stopped for run in runs) and not options["dry_run"]:
            raise CommandError("Rules that found too much were stopped.")
