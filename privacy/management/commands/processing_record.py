import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils import translation

from privacy.record import record


class Command(BaseCommand):
    help = "Writes the record of processing activities (GDPR, Art. 30) from the register."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["md", "json", "html"], default="md")
        parser.add_argument(
            "--lang", choices=[code for code, _name in settings.LANGUAGES], default="sv"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["lang"]):
            self.stdout.write(written(options["format"]), ending="")


def written(form: str) -> str:
    """The record as text, ending with a line break."""
    content = record()
    if form == "json":
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return render_to_string(f"privacy/record.{form}", content).strip() + "\n"
