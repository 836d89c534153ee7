from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing import operations
from billing.models import SieBatch


class Command(BaseCommand):
    help = (
        "Export vouchers as SIE 4I, each once. With --again the file of an earlier export is "
        "written once more, byte for byte."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="since", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="until", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--again", type=int, metavar="NUMBER", help="number of an export")
        parser.add_argument("--output", type=Path, help="where to write (here, unless told)")
        parser.add_argument("--dry-run", action="store_true", help="say what would be exported")

    def handle(self, *args: Any, **options: Any) -> None:
        since, until, again = options["since"], options["until"], options["again"]
        if not again and not (since and until):
            raise CommandError("Give --from and --to, or --again.")
        try:
            if options["dry_run"] and not again:
                self._tell(since, until)
                return
            batch = (
                self._earlier(again) if again else operations.export_sie(since=since, until=until)
            )
        except operations.ExportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        path = options["output"] or Path(batch.filename)
        try:
            path.write_bytes(bytes(batch.content))
        except OSError as error:
            raise CommandError(
                f"{path}: {error.strerror}. The export is stored: --again {batch.pk}"
            ) from error
        self.stdout.write(f"{path}: export {batch.pk}, {batch.vouchers.count()} vouchers")

    def _earlier(self, number: int) -> SieBatch:
        batch = SieBatch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"There is no export {number}.")
        return batch

    def _tell(self, since: date, until: date) -> None:
        vouchers = operations.pending(since=since, until=until)
        for voucher in vouchers:
            self.stdout.write(f"{voucher.booked_on} {voucher.text} {voucher.amount}")
        self.stdout.write(f"{len(vouchers)} would be exported, nothing written")
