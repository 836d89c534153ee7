from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing import operations
from billing.bankfiles import BankFileRefused


class Command(BaseCommand):
    help = "Import payments from a bank file (camt.053, camt.054 or BgMax) and match them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            data = file.read_bytes()
            result = operations.import_bank_file(data=data, name=file.name, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except BankFileRefused as error:
            raise CommandError(f"{file}: {error}") from error
        for warning in result.warnings:
            self.stderr.write(warning)
        for row in result.waiting:
            self.stdout.write(f"waits: {row} – {row.get_problem_display()}")
        self.stdout.write(
            f"{result.format}: {len(result.new)} new ({result.total} SEK), {result.known} known "
            f"already, {len(result.matched)} matched, {len(result.waiting)} waiting"
            + (" – dry run, nothing written" if dry_run else "")
        )
