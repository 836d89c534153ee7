from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from privacy import erasure_ledger
from privacy.replay import replay


class Command(BaseCommand):
    help = (
        "After a backup was restored: erases again everybody who was erased since it was made, "
        "from the ledger that lies outside the database. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{len(erasure_ledger.unknown_here())} to look for")
        done = replay(now=timezone.now())
        self.stdout.write(f"{len(done)} erased again")
        if foreign := len(erasure_ledger.not_to_be_recognised()):
            raise CommandError(
                f"{foreign} were erased under another SECRET_KEY, and nobody can be recognised by "
                "what is written of them. Put that key into SECRET_KEY_FALLBACKS and do this again."
            )
