from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing import ledger


class Command(BaseCommand):
    help = "Prove that the ledger is whole. One line a finding; exit code 1 if there is any."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(ledger.findings())
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} found")
        self.stdout.write("The ledger is whole.")
