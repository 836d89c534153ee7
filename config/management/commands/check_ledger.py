from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import integrity


class Command(BaseCommand):
    help = (
        "Prove that ledger, seats, years, mails, consents, files and periods are whole, or exit 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = integrity.found()
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} found")
        self.stdout.write("The ledger is whole.")
