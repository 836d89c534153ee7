from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Django's own compilemessages needs msgfmt, which a fresh machine does not have."""

    help = "Compile locale/*/LC_MESSAGES/*.po into var/locale, where they have changed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="compile unchanged ones as well")

    def handle(self, *args: Any, **options: Any) -> None:
        compiled = compile_changed(
            settings.BASE_DIR / "locale", settings.VAR_DIR / "locale", force=options["force"]
        )
        if options["verbosity"]:
            self.stdout.write(f"{len(compiled)} compiled.")


def compile_changed(source: Path, target: Path, *, force: bool = False) -> list[Path]:
    """Compile the .po files that are newer than their .mo. Returns the .mo files written."""
    written = []
    for po in sorted(source.glob("*/LC_MESSAGES/*.po")):
        mo = target / po.relative_to(source).with_suffix(".mo")
        if force or not mo.exists() or mo.stat().st_mtime <= po.stat().st_mtime:
            compile_file(po, mo)
            written.append(mo)
    return written


def compile_file(po: Path, mo: Path) -> None:
    """Fuzzy messages stay out: a guess is worse than the original."""
    with po.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    mo.parent.mkdir(parents=True, exist_ok=True)
    unfinished = mo.with_suffix(".unfinished")  # a web process may be reading the old one
    with unfinished.open("wb") as file:
        write_mo(file, catalog, use_fuzzy=False)
    unfinished.replace(mo)
