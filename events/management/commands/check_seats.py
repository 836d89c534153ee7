from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from events import seat_check


class Command(BaseCommand):
    help = "Prove that the seats are whole. One line a finding; exit code 1 if there is any."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(seat_check.findings(timezone.now()))
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} found")
        self.stdout.write("The seats are whole.")
