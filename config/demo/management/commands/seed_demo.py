from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext

from config.demo.seed.association import AlreadyInhabited, seed_association


class Command(BaseCommand):
    help = "Fill an empty database with an invented association, as of today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, default=820, help="how many there are today")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same people")
        parser.add_argument("--today", type=date.fromisoformat, help="as if today were YYYY-MM-DD")

    def handle(self, *args: Any, members: int, seed: int, **options: Any) -> None:
        if members < LEAST:
            raise CommandError(f"An association that shows everything has {LEAST} members or more.")
        refuse_without_swedish()
        today = options["today"] or timezone.localdate()
        try:
            seed_association(members=members, seed=seed, today=today)
        except AlreadyInhabited:
            raise CommandError(
                "There are people in this database already, and nothing was written. "
                "To start over with an empty one: make clean"
            ) from None


def refuse_without_swedish() -> None:
    """Mails and invoices are written now, in the receiver's language, and most cannot change."""
    with translation.override("sv"):
        if gettext("Log in") == "Log in":
            raise CommandError("The texts are not compiled. First run: compile_translations")


LEAST = 50
