from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.celery import app
from config.schedule import BEAT_SCHEDULE


class Command(BaseCommand):
    help = "Run something of the schedule here and now: by hand, or from cron without Celery."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "names", nargs="+", choices=BEAT_SCHEDULE, metavar="NAME", help=", ".join(BEAT_SCHEDULE)
        )

    def handle(self, *args: Any, names: list[str], **options: Any) -> None:
        app.loader.import_default_modules()
        for name in names:
            app.tasks[BEAT_SCHEDULE[name]["task"]]()
