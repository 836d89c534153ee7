import sys
from typing import Any

from django.core.management.base import BaseCommand

from mail import bounces, operations


class Command(BaseCommand):
    help = (
        "Read one report of a mail server on standard input and note which letter came back. "
        "For a pipe in the mail server, or a filter of the post box."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        mail = operations.note_bounce(bounce=bounces.read(sys.stdin.buffer.read()))
        self.stdout.write(f"Letter {mail.pk} came back." if mail else "Nothing to note.")
