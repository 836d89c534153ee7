from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from privacy.retention import rules


class Command(BaseCommand):
    help = "Counts, rule by rule, the rows that should be gone by now. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--overdue", action="store_true", help="only rules that have overdue rows"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for rule in rules():
            number = len(rule.overdue(now))
            if number or not options["overdue"]:
                self.stdout.write(f"{number:6d}  {rule}")
