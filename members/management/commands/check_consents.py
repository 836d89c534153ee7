from typing import Any

from django.core.management.base import BaseCommand, CommandError

from members import consent_chain


class Command(BaseCommand):
    help = "Prove that nobody has changed a consent or its text. One line a finding; exit code 1."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(consent_chain.findings())
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} found")
        self.stdout.write("Every consent is as it was given.")
