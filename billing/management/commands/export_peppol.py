from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing import ubl
from billing.models import Invoice


class Command(BaseCommand):
    help = "Write an invoice or credit note as a Peppol e-invoice (UBL, BIS Billing 3.0)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the number of the invoice, such as F10001")
        parser.add_argument("--output", type=Path, help="where to write (here, unless told)")

    def handle(self, *args: Any, number: str, **options: Any) -> None:
        invoice = Invoice.objects.select_related("credits").filter(number__iexact=number).first()
        if invoice is None:
            raise CommandError(f"There is no invoice {number}.")
        path = options["output"] or Path(ubl.filename(invoice))
        try:
            path.write_bytes(ubl.document(invoice))
        except ubl.PeppolRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(f"{path}")
